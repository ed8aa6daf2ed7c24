"""Hold what the comparison of two results says, in English and Chinese."""

from __future__ import annotations

from bayestrace.messages import Both, speaker

WORDS: dict[str, Both] = {
    "result": Both(
        "{letter}: {place} ({kind}; prior profile {profile}; hypothesis set {set}⟦; coders {coders}⟧)",
        "{letter}：{place}（{kind}；先验设定：{profile}；假设集：{set}⟦；编码者：{coders}⟧）",
    ),
    "model": Both("model", "模型"),
    "face-value": Both("face value", "面值"),
    "clues": Both("clues", "线索"),
    "comma": Both(", ", "、"),
    "semicolon": Both("; ", "；"),
    "named": Both("{kind}: {what}", "{kind}：{what}"),
    "differs": Both("What differs from A to B:", "从 A 到 B，输入的不同："),
    "nothing-differs": Both("The inputs are the same.", "两者输入相同。"),
    "more": Both("{count} more", "另有 {count} 项"),
    "changed": Both("{name} {a} → {b}", "{name} {a} → {b}"),
    "changed-only": Both("{a} → {b}", "{a} → {b}"),
    "added": Both("{name} added", "新增 {name}"),
    "removed": Both("{name} removed", "去除 {name}"),
    "by-coder": Both("{coder}: {count} observation(s) ({names})", "{coder}：{count} 条观察（{names}）"),
    "by-coder-clusters": Both("{coder}: {count} cluster(s) ({names})", "{coder}：{count} 个证据簇（{names}）"),
    "kind-kind": Both("how it was worked out", "计算方式"),
    "kind-profile": Both("prior profile", "先验设定"),
    "kind-prior": Both("prior probability", "先验概率"),
    "kind-levels": Both("weight of pooling levels", "合并层次的权重"),
    "kind-kappa": Both("kappa of the pools", "合并的 kappa"),
    "kind-leaning": Both("sd of the common leaning, dB", "共同倾向的标准差（分贝）"),
    "kind-selectivity": Both("selectivity", "不利证据被略去的概率（取舍）"),
    "kind-favours": Both("explanation selected for", "取舍所偏向的解释"),
    "kind-set": Both("hypothesis set", "假设集"),
    "kind-hypothesis": Both("explanations", "解释"),
    "kind-coder": Both("coders", "编码者"),
    "kind-case": Both("cases", "案例"),
    "kind-groups": Both("groups of cases", "案例分组"),
    "kind-observation": Both("observations", "观察"),
    "kind-round": Both("round of coding", "编码轮次"),
    "kind-weight": Both("weights stated otherwise", "权重有改动"),
    "kind-redundancy": Both("redundancy stated otherwise", "冗余度有改动"),
    "kind-clue": Both("clues stated otherwise", "线索有改动"),
    "kind-search": Both("searches", "查找结果"),
    "kind-chosen": Both("the clue for which cases were chosen", "据以选取案例的线索"),
    "kind-setting": Both("settings", "设置"),
    "kind-version": Both("versions", "版本"),
    "kind-wording": Both("texts, sources or mechanism, which enter no probability", "文字、来源或机制（不影响概率）"),
    "field-case": Both("{name}, case: {a} → {b}", "{name}的案例：{a} → {b}"),
    "field-cluster": Both("{name}, cluster: {a} → {b}", "{name}的证据簇：{a} → {b}"),
    "field-reliability": Both("{name}, reliability: {a} → {b}", "{name}的可靠性：{a} → {b}"),
    "field-context": Both("{name}, context only: {a} → {b}", "{name}仅作背景：{a} → {b}"),
    "none": Both("none", "无"),
    "case": Both("case", "案例"),
    "hypothesis": Both("explanation", "解释"),
    "change": Both("change", "变化"),
    "leaders-change": Both(
        "Who leads changes in {count} of {all} cases: {cases}.",
        "{all} 个案例中有 {count} 个的居首解释改变：{cases}。",
    ),
    "leader-changes": Both("{case} ({a} → {b})", "{case}（{a} → {b}）"),
    "leaders-stay": Both(
        "The same explanation leads in each of the {all} cases; the greatest change of a probability is {shift}.",
        "{all} 个案例的居首解释均未改变；概率的最大变化为 {shift}。",
    ),
    "leaders-stay-tied": Both(
        "Who leads changes in none of the {all} cases (no single one in {cases}, where several are equally probable); "
        "the greatest change of a probability is {shift}.",
        "{all} 个案例的居首解释均未改变（其中{cases}无居首者：几种解释同样可能）；概率的最大变化为 {shift}。",
    ),
    "no-single": Both("no single one", "无居首者"),
    "did-it": Both("What did it, one step after another:", "变化从何而来（逐步替换）："),
    "case-pair": Both("{case}: {first} against {second}", "{case}：{first}与{second}相比"),
    "alone": Both(
        "The results have fewer than two explanations in common, so that no weight of evidence can be followed.",
        "两个结果共有的解释不足两个，无从比较证据权重。",
    ),
    "step-start": Both("A", "A"),
    "step-kind": Both("model or face value", "模型或面值"),
    "step-standpoint": Both("prior and pooling", "先验与合并"),
    "step-selectivity": Both("selectivity", "取舍"),
    "step-evidence": Both("observations and weights", "观察与权重"),
    "step-coders": Both("coders", "编码者"),
    "step-hypotheses": Both("hypotheses", "假设集"),
    "step-rest": Both("the rest, to B", "其余，至 B"),
    "basis-exact": Both("exact", "精确"),
    "basis-draws": Both("on the draws of A", "用 A 的抽样"),
    "basis-reweighted": Both("approximate, draws of A reweighted, k {k}", "近似：A 的抽样重新加权，k {k}"),
    "basis-published": Both("as published", "已有结果"),
    "weight-change": Both(
        "Weight of evidence for {first} over {second} at face value: {db} dB⟦; prior odds: {prior} dB⟧.",
        "按面值，支持{first}而非{second}的证据权重变化 {db} 分贝⟦，先验几率变化 {prior} 分贝⟧。",
    ),
    "of-observations": Both("observations, at face value; the sum of all is exact", "观察（面值，各条之和精确）"),
    "of-coders": Both("coders, each changed alone, at face value", "编码者（逐一单独替换，面值）"),
    "of-clusters": Both("clusters, in the model", "证据簇（模型）"),
    "none-moved": Both(": none by 0.05 dB or more", "：均不足 0.05 分贝"),
    "moved": Both("{db} dB  {name}⟦ ({reasons})⟧", "{db} 分贝  {name}⟦（{reasons}）⟧"),
    "reason-added": Both("added", "新增"),
    "reason-removed": Both("removed", "去除"),
    "reason-context": Both("context or not", "是否仅作背景"),
    "reason-panel": Both("other panel of coders", "编码者组成不同"),
    "reason-weights": Both("weights stated otherwise", "权重有改动"),
    "compare-other-study": Both(
        "These are results of two studies; only the cases, explanations, observations and coders of the same name are "
        "compared.",
        "两个结果属于不同的研究；只比较名称相同的案例、解释、观察与编码者。",
    ),
    "compare-no-common-prior": Both(
        "The prior of B gives no probability to the explanations of A, so the steps cannot be told apart.",
        "B 的先验没有给 A 的解释任何概率，因此无法逐步区分。",
    ),
    "compare-older-draws": Both(
        "The draws of A are of another version of the model; they cannot be used for steps in between. Run "
        "`bayestrace update` again for A to have them.",
        "A 的抽样出自另一版本的模型，无法用来计算中间各步；对 A 重新运行 `bayestrace update` 即可。",
    ),
    "compare-clues": Both(
        "What clues say is not taken apart step by step; the change is shown as a whole.",
        "线索所示不作逐步分解，只给出总的变化。",
    ),
    "compare-pools-sampled": Both(
        "The joint explanations of these cases are too many to list, so there are no steps in between.",
        "这些案例的联合解释过多，无法逐一列出，故没有中间各步。",
    ),
    "compare-other-cases": Both(
        "A and B have different cases; what the evidence changed is part of the rest.",
        "A 与 B 的案例不同；证据带来的变化归入其余。",
    ),
    "compare-no-table": Both(
        "The pooling of B cannot be evaluated on the draws of A; it is part of the rest.",
        "B 的合并方式无法用 A 的抽样计算，归入其余。",
    ),
    "compare-k-too-great": Both(
        "The evidence of B moves the draws of A too far for reweighting (Pareto k above 0.7, or less than 50 effective "
        "draws); what it changed is part of the rest.",
        "B 的证据使 A 的抽样偏移过大，不宜重新加权（Pareto k 大于 0.7，或有效抽样不足 50 次）；其变化归入其余。",
    ),
    "rest-means": Both(
        "The rest is what only the fit of B knows: other coders or hypotheses, and what was learned anew of the "
        "coders.",
        "其余是只有 B 的拟合才知道的部分：编码者或假设集的不同，以及对编码者重新了解到的情况。",
    ),
    "order-matters": Both(
        "What two changes do together is counted with the later step.", "两处改动共同造成的变化，计入靠后的一步。"
    ),
}

say = speaker(WORDS)
