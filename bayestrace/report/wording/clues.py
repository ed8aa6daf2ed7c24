"""What the page says of clues."""

from bayestrace.messages.wording import Both

CLUES: dict[str, Both] = {
    "intro": Both(
        "A clue is evidence that is sought in one case after another; each explanation makes finding it more or less "
        "probable. Found weighs by those probabilities, and so does sought and not found. Not sought says nothing at "
        "all, which is not 0 dB.",
        "线索是在一个又一个案例中查找的证据，各种解释使找到它的概率有高有低。找到，按这些概率计权重；查找而未找到，同样计权重。"
        "未查找则不提供任何信息，这并不等于0分贝。",
    ),
    "alone": Both(
        "This study has no other evidence: the answer above rests on the clues.",
        "本研究没有其他证据：上文的结论全部以线索为据。",
    ),
    "beside": Both(
        "A second, coarser reading of the same evidence, set beside the main result. It is not added to it: what was "
        "found here are the same observations that were weighed one by one above.",
        "这是对同一批证据的第二种、较粗略的解读，列在主要结果旁边，并不与之相加：此处所找到的，正是上文逐条权衡过的那些观察。",
    ),
    "together": Both(
        "The clues count among the evidence: with the observations they make the one posterior above.",
        "线索属于证据的一部分：它们与各条观察一起得出上文的同一后验概率。",
    ),
    "chosen": Both(
        "The cases were chosen because of how one clue came out: {clue}. That is taken into account.",
        "案例是因某一线索的结果而选取的：{clue}。计算中已计入这一点。",
    ),
    "dependent": Both(
        "Not independent of one another, given the explanation, are the clues {pairs}.",
        "在给定解释之下彼此并不独立的线索：{pairs}。",
    ),
    "matrix": Both("What came of each search", "每次查找的结果"),
    "matrix-note": Both(
        "✓ found, ✗ sought and not found, – not sought. Below it what the outcome weighs for “{focal}” over the rival "
        "that the head of the column names, in decibels.",
        "✓ 找到；✗ 查找而未找到；– 未查找。其下为该结果对“{focal}”相对于栏首所列竞争解释的权重，单位为分贝。",
    ),
    "over": Both("over “{rival}”", "相对于“{rival}”"),
    "found": Both("found", "找到"),
    "not-found": Both("not found", "未找到"),
    "not-sought": Both("not sought", "未查找"),
    "sign-found": Both("✓", "✓"),
    "sign-not-found": Both("✗", "✗"),
    "sign-not-sought": Both("–", "–"),
    "rules-out": Both("rules out “{names}”", "排除“{names}”"),
    "names-apart": Both("”, “", "”“"),
    "no-step": Both("Of no step", "不属于任何步骤"),
    "finding-says": Both("Finding it says", "找到意味着"),
    "clue": Both("Clue", "线索"),
    "stands-for": Both("stands for {count} cases alike", "代表{count}个相同的案例"),
    "chances": Both("How probable each explanation makes finding it", "各种解释之下找到线索的概率"),
    "chances-note": Both(
        "First as stated, with its 90 % range or standard deviation (±); below it after the evidence, with standard "
        "deviation. A probability that is stated as known has one line.",
        "上为所述概率，附90%区间或标准差（±）；下为考察证据之后的概率，附标准差。所述为已知的概率只有一行。",
    ),
    "given-value": Both("{given} {value}", "{given}{value}"),
    "where": Both("Depends on: {given}", "取决于：{given}"),
    "why": Both("Reason for the probabilities: {why}", "概率的理由：{why}"),
    "search": Both("the search would have found it with probability {p}", "若存在，查找能找到它的概率为{p}"),
    "details": Both("Each clue: reasons, searches, sources", "逐条线索：理由、查找与来源"),
    "reached": Both("What came of the clues", "线索得出的结果"),
    "reached-beside": Both("From the clues, beside the main result", "由线索所得，与主要结果对照"),
    "from-clues": Both("From the clues", "由线索所得"),
    "main": Both("Main result", "主要结果"),
    "excluded": Both("excluded", "已排除"),
    "rival-excluded": Both("every rival is excluded", "竞争解释均已排除"),
    "same-leader": Both(
        "Both readings have the same explanation in front in {same} of {all} cases.",
        "两种解读在{all}个案例中的{same}个里居首的解释相同。",
    ),
    "left-out": Both("With each clue left out", "逐一剔除线索"),
    "left-out-caption": Both(
        "Probability of “{focal}” by case, without one clue", "剔除一条线索后，各案例中“{focal}”的概率"
    ),
    "with-all": Both("With all clues", "计入全部线索"),
    "shares": Both("Among all cases like these", "所有此类案例之中"),
    "shares-caption": Both(
        "Share of each explanation, and sums of shares: mean and standard deviation",
        "各种解释的份额及其组合：均值与标准差",
    ),
    "share": Both("Share", "份额"),
    "mean": Both("Mean", "均值"),
    "sd": Both("Standard deviation", "标准差"),
    "value": Both("{name}: {mean} (standard deviation {sd}).", "{name}：{mean}（标准差{sd}）。"),
    "value-without": Both("Without a clue: {values}.", "剔除某条线索：{values}。"),
    "value-one": Both("{clue} {mean}", "{clue} {mean}"),
    "pattern": Both("Does the mechanism's full pattern hold?", "机制的完整模式是否成立？"),
    "pattern-note": Both(
        "A link stands as predicted where a clue of the predicted direction was found and none of another. The full "
        "pattern holds where every link that has a clue stands so.",
        "若找到了预期方向的线索，且未找到其他方向的线索，则该环节与预期相符。凡有线索的环节全都如此，完整模式方告成立。",
    ),
    "pattern-caption": Both("Each link of the mechanism by case", "各案例中机制的各个环节"),
    "link": Both("Link", "环节"),
    "holds": Both("Full pattern", "完整模式"),
    "holds-1": Both("holds", "成立"),
    "holds-0": Both("does not hold", "不成立"),
    "holds--1": Both("cannot be told", "无法判断"),
    "holds-none": Both("nothing to compare", "无可比较"),
    "as-predicted": Both("as predicted", "与预期相符"),
    "mixed": Both("mixed", "有正有反"),
    "against": Both("against the prediction", "与预期相反"),
    "standing-not-found": Both("not found", "未找到"),
    "standing-not-sought": Both("not sought", "未查找"),
    "no-clue": Both("no clue", "没有线索"),
    "no-prediction": Both("nothing predicted", "无预期"),
    "by-domain": Both("{domain}: {standing}", "{domain}：{standing}"),
    "said-holds": Both(
        "{case}: the full pattern holds. Every link that has a clue stands as predicted: {good}.",
        "{case}：完整模式成立。凡有线索的环节均与预期相符：{good}。",
    ),
    "said-fails": Both("{case}: the full pattern does not hold. {bad}.", "{case}：完整模式不成立。{bad}。"),
    "said-open": Both(
        "{case}: whether the full pattern holds cannot be told. Not sought: {open}. As predicted: {good}.",
        "{case}：完整模式是否成立无法判断。未查找：{open}。与预期相符：{good}。",
    ),
    "said-unsought": Both(
        "{case}: whether the full pattern holds cannot be told, since nothing was sought that would show it.",
        "{case}：完整模式是否成立无法判断，因为凡能表明这一点的线索均未查找。",
    ),
    "said-none": Both("{case}: nothing is predicted of a link that has a clue.", "{case}：有线索的环节均无预期。"),
    "said-bad": Both("{step}: {standing}", "{step}：{standing}"),
    "without-a-clue": Both(
        "Of these links nothing was to be sought, and nothing is claimed: {steps}.",
        "以下环节没有可查找的线索，对其不作论断：{steps}。",
    ),
    "searches": Both("Searches, with what they rest on", "各次查找及其依据"),
}
