"""Hold what is said of what to look for next, in English and Chinese."""

from __future__ import annotations

from bayestrace.messages import Both, speaker

WORDS: dict[str, Both] = {
    "searches": Both("Searches, those that tell most for their cost first:", "各项查找，按单位成本所获信息排序："),
    "number": Both("#", "#"),
    "candidate": Both("candidate", "候选证据"),
    "case": Both("case", "案例"),
    "cost": Both("cost", "成本"),
    "found": Both("found", "找到"),
    "nats": Both("nats", "奈特"),
    "per-cost": Both("/cost", "/成本"),
    "moves": Both("moves", "变动"),
    "overturn": Both("overturn", "推翻"),
    "db-found": Both("+dB", "+dB"),
    "db-not-found": Both("−dB", "−dB"),
    "legend": Both(
        "found: its probability. nats: expected information about the explanation of the case; /cost: the same for\n"
        "one unit. moves: by how much the leading explanation's probability is expected to move. overturn: how likely\n"
        "another then leads. +dB, −dB: weight of found, of not found, for the leader against its closest rival.",
        "找到：找到的概率。奈特：对该案例解释的预期信息量；/成本：每单位成本。变动：目前居首解释的概率预期变动多少。\n"
        "推翻：另一种解释转而居首的概率。+dB、−dB：找到与未找到对居首解释（相对于最接近的竞争解释）的权重。",
    ),
    "together": Both(
        "Each candidate sought in all its cases (together: all outcomes; one by one: the sum of the searches):",
        "每项候选证据在其全部案例中查找（合计：全部结果；逐一：各次查找之和）：",
    ),
    "cases": Both("cases", "案例数"),
    "nats-together": Both("together", "合计"),
    "nats-apart": Both("one by one", "逐一"),
    "found-somewhere": Both("found somewhere", "至少找到一次"),
    "overturn-any": Both("overturn any", "推翻任一案例"),
    "pairs": Both("The next two searches, best for their cost first:", "接下来的两项查找，按单位成本排序："),
    "sum": Both("sum", "之和"),
    "first": Both("first", "其一"),
    "second": Both("second", "其二"),
    "how": Both("", ""),
    "redundant": Both("{share} redundant", "重复 {share}"),
    "complementary": Both("{share} complementary", "互补 {share}"),
    "separate": Both("separate", "互不重叠"),
    "more-searches": Both(
        "{count} more searches; --json or --csv lists them all.", "另有 {count} 项查找；--json 或 --csv 列出全部。"
    ),
    "best": Both(
        "Of what is listed, {candidate} in {case} tells most: {nats} nats expected; with probability {overturn} it "
        "would overturn {leader}, which leads there with {now}. Found (probability {p}) it makes that {found}, not "
        "found {not_found}.",
        "在所列证据中，在{case}查找“{candidate}”所获信息最多：预期 {nats} 奈特；它以 {overturn} 的概率推翻“{leader}”，"
        "后者目前以 {now} 居首。若找到（概率 {p}），该概率变为 {found}；若未找到，变为 {not_found}。",
    ),
    "best-stays": Both(
        "Of what is listed, {candidate} in {case} tells most: {nats} nats expected; {leader}, which leads there "
        "with {now}, stays ahead whatever comes of it. Found (probability {p}) it makes that {found}, not "
        "found {not_found}.",
        "在所列证据中，在{case}查找“{candidate}”所获信息最多：预期 {nats} 奈特；目前以 {now} 居首的“{leader}”"
        "无论结果如何都仍居首。若找到（概率 {p}），该概率变为 {found}；若未找到，变为 {not_found}。",
    ),
    "best-tied": Both(
        "Of what is listed, {candidate} in {case} tells most: {nats} nats expected. No explanation leads there: "
        "several are equally probable, {now} each. Found (probability {p}) it makes {leader}, one of them, {found}, "
        "not found {not_found}.",
        "在所列证据中，在{case}查找“{candidate}”所获信息最多：预期 {nats} 奈特。该处没有解释居首：几种解释同样可能，"
        "概率均为 {now}。若找到（概率 {p}），其中的“{leader}”变为 {found}；若未找到，变为 {not_found}。",
    ),
    "best-per-cost": Both(
        "For its cost, {candidate} in {case} tells most: {nats} nats for one unit of cost.",
        "就成本而言，在{case}查找“{candidate}”最合算：每单位成本 {nats} 奈特。",
    ),
    "likeliest-overturn": Both(
        "Most likely to overturn a leader is {candidate} in {case}: with probability {overturn} another explanation "
        "than {leader} then leads.",
        "最可能推翻居首解释的是在{case}查找“{candidate}”：以 {overturn} 的概率，居首的不再是“{leader}”。",
    ),
    "none-overturns": Both(
        "No single search listed would overturn the leader of its case, whatever came of it.",
        "所列的任何单项查找，无论结果如何，都不会推翻其案例中居首的解释。",
    ),
    "elsewhere": Both(
        "Through pooling {candidate} in {case} also tells of {other}: {nats} nats.",
        "经由案例合并，在{case}查找“{candidate}”也对{other}有所说明：{nats} 奈特。",
    ),
    "best-pair": Both(
        "The best two for their cost are {first} and {second}: {nats} nats together, {apart} one by one.",
        "就成本而言，最佳的两项是{first}与{second}：合计 {nats} 奈特，逐一相加 {apart} 奈特。",
    ),
    "repeat": Both(
        "Of the searches that tell much, {first} and {second} repeat each other most: together {share} less than the "
        "sum of both.",
        "在信息较多的查找中，{first}与{second}最为重复：合计比两者之和少 {share}。",
    ),
    "complete": Both(
        "Of the searches that tell much, {first} and {second} complement each other most: together {share} more than "
        "the sum of both.",
        "在信息较多的查找中，{first}与{second}最能互补：合计比两者之和多 {share}。",
    ),
    "named": Both("{candidate} in {case}", "在{case}查找“{candidate}”"),
    "strength": Both(
        "How strong a clue would be once found is a poor guide to which to seek: what counts is how often each outcome "
        "is expected, and how much it would then move.",
        "证据找到之后有多强，并不能说明该先找哪一项：要看各种结果预期有多常见，以及出现后会改变多少。",
    ),
    "face-value": Both(
        "At face value cases are updated one by one: a search tells nothing of the other cases.",
        "按面值计算时，案例逐一更新：一项查找对其他案例没有说明。",
    ),
    "left-hypotheses": Both(
        "{name} is left out: it does not say P(found) for every explanation of this hypothesis set.",
        "“{name}”未计算：它没有写明该假设集中每种解释之下找到的概率。",
    ),
    "left-parent": Both(
        "{name} is left out in {cases}: it depends on a clue that is not sought there yet.",
        "“{name}”在{cases}中未计算：它取决于另一条尚未查找的线索。",
    ),
    "left-count": Both(
        "{name} is left out in {cases}, which stands for several cases alike; a search is of one.",
        "“{name}”在{cases}中未计算：该条目代表多个相同的案例，而查找只针对一个案例。",
    ),
    "left-cases": Both(
        "{name} is left out: none of its cases is among those asked for.", "“{name}”未计算：它的案例不在所选范围之内。"
    ),
    "not-all-cases": Both(
        "* in the {count} cases where it tells most by itself; the outcomes of more are not enumerated.",
        "* 只计入单独看信息最多的 {count} 个案例；更多案例的结果不再逐一列举。",
    ),
    "not-all-pairs": Both(
        "Pairs are formed of the {count} searches that tell most for their cost.",
        "只在单位成本信息最多的 {count} 项查找之间两两配对。",
    ),
    "stale": Both(
        "The study has changed since this result; update it for an answer to the study as it is.",
        "研究在得出此结果之后已有改动；请先更新，以得到与现有研究相符的答案。",
    ),
    "written": Both("Written: {files}", "已写入：{files}"),
    "impossible": Both("impossible", "不可能"),
    "comma": Both(", ", "、"),
}

say = speaker(WORDS)
