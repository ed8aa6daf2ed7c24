"""Hold what is said of agreement, in English and Chinese."""

from __future__ import annotations

from bayestrace.messages import Both, speaker

WORDS: dict[str, Both] = {
    "head": Both(
        "{compared} observations that at least two of {count} coders weighed ({coders}); round {round} of coding.",
        "{count} 位编码者（{coders}）中至少两位作过判断的观察共 {compared} 条；第 {round} 轮编码。",
    ),
    "coefficients": Both(
        "How far they agree on the weight of {focal} over each rival:",
        "对“{focal}”相对于各竞争解释的权重，编码者一致到什么程度：",
    ),
    "against": Both("against", "竞争解释"),
    "every-pair": Both("all pairs", "全部解释两两之间"),
    "alpha": Both("alpha", "alpha"),
    "interval": Both("95 %", "95% 区间"),
    "icc-a1": Both("ICC(A,1)", "ICC(A,1)"),
    "icc-c1": Both("ICC(C,1)", "ICC(C,1)"),
    "icc-ak": Both("ICC(A,{k})", "ICC(A,{k})"),
    "spread": Both("spread dB", "离散 dB"),
    "read-alpha": Both(
        "Krippendorff's alpha over all pairs of explanations is {alpha}: squared, coders differ over one observation "
        "{share} as much as statements of any two observations do.",
        "就全部解释两两之间而言，Krippendorff alpha 为 {alpha}：编码者对同一条观察的分歧（以平方计），"
        "是任意两条陈述之间差异的 {share}。",
    ),
    "read-none": Both(
        "Krippendorff's alpha is not defined here: nothing that two coders stated differs, or no two stated the same.",
        "此处 Krippendorff alpha 没有定义：两位编码者的陈述毫无差异，或没有两人对同一项作出陈述。",
    ),
    "read-limits": Both(
        "Krippendorff asks for .800 and would draw tentative conclusions from .667 on. Do not lean on these limits: "
        "they are customs of content analysis, alpha falls where observations are alike even if coders are close, "
        "and what the model does with disagreement is to trust the coders less, without a limit.",
        "Krippendorff 要求达到 .800，在 .667 以上则可作初步结论。不宜倚重这些界限：它们是内容分析的惯例；"
        "若各条观察本身相近，即使编码者意见接近，alpha 也会偏低；而模型对分歧的处理是相应降低对编码者的信任，"
        "并无门槛。",
    ),
    "read-icc": Both(
        "ICC: the share of the variance that is the observation's. A,1 of one coder, levels counted; C,1 levels left "
        "out; A,{k} of the mean of {k}. Intervals take {complete} observations that all weighed.",
        "ICC：方差中属于观察本身的份额。A,1 为单一编码者、计入各人高低水平；C,1 不计水平；A,{k} 为 {k} 人均值。"
        "区间取自所有人都作过判断的 {complete} 条观察。",
    ),
    "read-mixed": Both(
        "Some left observations out; the variances estimated from all give: {each}.",
        "有人略过了部分观察；用全部陈述估计方差，得：{each}。",
    ),
    "mixed": Both(
        "{against} ICC(A,1) {absolute}, ICC(C,1) {consistent}", "{against} ICC(A,1) {absolute}、ICC(C,1) {consistent}"
    ),
    "signs": Both(
        "Signs: of {pairs} pairs of weights that both pass {band} dB, {share} favour the same side; {undecided} "
        "pairs have one that does not. Alpha of for, against, neither: {alpha} ({low} – {high}).",
        "方向：两人的权重都超过 {band} dB 的有 {pairs} 对，其中 {share} 偏向同一方；另有 {undecided} 对至少一方未超过。"
        "支持、反对、两可三类的 alpha 为 {alpha}（{low} – {high}）。",
    ),
    "signs-none": Both(
        "Signs: no two coders have a weight beyond {band} dB for the same observation and rival.",
        "方向：没有两位编码者对同一观察、同一竞争解释的权重都超过 {band} dB。",
    ),
    "groups": Both(
        "By step, case and type of source (spread: standard deviation between coders, dB; same: pairs beyond 1 dB that "
        "favour one side):",
        "按步骤、案例与资料类型（离散：编码者之间的标准差，dB；同向：双方都超过 1 dB 且偏向同一方的份额）：",
    ),
    "group": Both("", ""),
    "count": Both("obs.", "观察"),
    "whole": Both("all", "全部"),
    "same": Both("same", "同向"),
    "leanings": Both(
        "Who leans where: mean of a coder's weights of {focal} over each rival less the mean of the others', dB, "
        "with 95 % interval (* where it leaves out 0; of a hundred such five would by chance; observations are taken "
        "as independent, so intervals are rather narrow):",
        "谁偏向哪边：某编码者对“{focal}”相对于各竞争解释的权重减去其他人的均值，dB，附 95% 区间（* 表示区间不含 0；"
        "一百个中偶然会有五个；此处视各条观察为独立，故区间偏窄）：",
    ),
    "mean-interval": Both("{mean} ({low} – {high}){star}", "{mean}（{low} – {high}）{star}"),
    "coder": Both("coder", "编码者"),
    "step": Both("step", "步骤"),
    "pairs": Both("Two by two (apart: root mean square difference, dB):", "两两相比（相距：差的均方根，dB）："),
    "apart": Both("apart", "相距"),
    "opinions": Both(
        "What follows from each coder alone at face value, from pooling these opinions, and from the model:",
        "各编码者单独按面值得出的概率、意见合并的结果，以及模型的结果：",
    ),
    "case": Both("case", "案例"),
    "hypothesis": Both("explanation", "解释"),
    "linear": Both("linear", "线性"),
    "logarithmic": Both("log", "对数"),
    "face": Both("face", "面值"),
    "model": Both("model", "模型"),
    "read-pools": Both(
        "linear: mean of the probabilities (Stone 1961). log: their geometric mean (Genest and Zidek 1986), which "
        "with equal weights is the face value where all weighed everything. Neither doubts the coders or counts one "
        "event once.",
        "线性：各概率的均值（Stone 1961）。对数：其几何均值（Genest 与 Zidek 1986），等权且人人都作全部判断时即为面值。"
        "二者都不质疑编码者，也不会把同一事件只计一次。",
    ),
    "pool-weights": Both("Weights in the pools: {each}.", "合并所用权重：{each}。"),
    "without": Both(
        "Without each coder ({source}): probability of the explanation that leads with all.",
        "去掉各编码者之后（{source}）：全体编码者之下居首解释的概率。",
    ),
    "from-result": Both("from the result's sensitivity analysis", "取自结果中的敏感性分析"),
    "from-fits": Both("the model fitted to the others", "用其余编码者重新拟合模型"),
    "from-face-value": Both("at face value, cases pooled", "按面值，合并各案例"),
    "no-without": Both(
        "The answer without each coder is left out: it takes fits of the model. Run without --no-refits.",
        "未给出去掉各编码者之后的结果：这需要拟合模型。请去掉 --no-refits 再运行。",
    ),
    "leader": Both("leader", "居首解释"),
    "all-coders": Both("all", "全体"),
    "then": Both("{probability} → {leader}", "{probability} → {leader}"),
    "worklist": Both(
        "What to discuss first (stake: how far the leader's probability in its case depends on whose statement "
        "holds, {basis}; weights in dB of the leader over the rival on which coders differ most):",
        "先讨论什么（利害：该案例居首解释的概率因采用谁的陈述而相差多少，{basis}；"
        "权重为居首解释相对于分歧最大的竞争解释，dB）：",
    ),
    "basis-model": Both("in the model", "按模型"),
    "basis-face-value": Both("at face value, case by case", "按面值，逐一案例"),
    "number": Both("#", "#"),
    "evidence": Both("observation", "观察"),
    "over": Both("{leader} over {rival}", "{leader} 对 {rival}"),
    "stake": Both("stake", "利害"),
    "overturns": Both(
        "! one coder's statement in the place of all would let another explanation lead the case.",
        "! 若都采用其中一位编码者的陈述，该案例将由另一种解释居首。",
    ),
    "no-single": Both("no single one", "无居首者"),
    "one-of-equals": Both("={name}", "={name}"),
    "equals": Both(
        "= one of several that are equally probable; no single one leads.",
        "= 几种解释同样可能，无居首者；此为其中之一。",
    ),
    "rough": Both(
        "~ the draws had to be weighed unevenly; take the number as rough.", "~ 抽样权重很不均匀，该数只可作粗略参考。"
    ),
    "more": Both(
        "{count} more; --json and --csv list all, --html prints them with the coders' reasons.",
        "另有 {count} 条；--json 与 --csv 列出全部，--html 连同各人理由一并打印。",
    ),
    "nothing-to-discuss": Both(
        "Nothing to discuss: no observation that weighs was weighed by two coders.",
        "没有可讨论的内容：计入的观察都不足两人作过判断。",
    ),
    "rounds": Both("From round {before} to round {after} of coding:", "从第 {before} 轮到第 {after} 轮编码："),
    "rounds-alpha": Both(
        "Alpha over all pairs of explanations {old} ({old_low} – {old_high}) → {new} ({new_low} – {new_high}); spread "
        "{old_db} dB → {new_db} dB.",
        "全部解释两两之间的 alpha：{old}（{old_low} – {old_high}）→ {new}（{new_low} – {new_high}）；"
        "离散 {old_db} dB → {new_db} dB。",
    ),
    "stated-anew": Both("stated anew", "重新陈述"),
    "changed": Both("changed", "已改动"),
    "moved": Both("moved dB", "移动 dB"),
    "towards": Both("to {coder}", "向{coder}"),
    "read-towards": Both(
        "to NAME: share of the way to where that coder stood before that was gone; 1 is all of it, below 0 is away.",
        "向某人：向该编码者先前所在位置走了全程的多少；1 为走完，负数为背离。",
    ),
    "stay-apart": Both("Still furthest apart (spread dB):", "仍然相距最远（离散 dB）："),
    "still": Both("{before} → {after}  {evidence}", "{before} → {after}  {evidence}"),
    "not-independent": Both(
        "Agreement after discussion is not independence: coders who have heard one another no longer err apart, and "
        "more agreement makes the model surer without more evidence. The first round is the measure of how far "
        "coders agree; results of a later round name it.",
        "讨论之后的一致并不等于独立：编码者听过彼此的意见，其误差便不再各自独立；一致程度提高会让模型更确信，"
        "证据却并未增加。衡量编码者一致程度应以第一轮为准；采用后续轮次的结果会注明轮次。",
    ),
    "comma": Both(", ", "、"),
    "written": Both("Written: {files}", "已写入：{files}"),
    "sheet-title": Both("What the coders should discuss", "编码者讨论清单"),
    "sheet-lead": Both(
        "{shown} of {count} observations, those first on which whose statement holds matters most to the answer "
        "({basis}).",
        "{count} 条观察中的 {shown} 条，采用谁的陈述对结论影响最大者在前（{basis}）。",
    ),
    "sheet-how": Both(
        "Talk about what the evidence would look like under either explanation, not about who is right. Afterwards "
        "each coder states a weight anew, alone, on a sheet of the next round; agreement is not required. The first "
        "round stays as it is.",
        "请讨论在两种解释之下证据各会是什么样子，而不是谁对谁错。讨论之后，各编码者独自在下一轮编码表上重新给出权重，"
        "不要求一致。第一轮编码保持原样。",
    ),
    "sheet-stake": Both(
        "P({leader}) is {now}; {low} to {high} by whose statement holds.",
        "“{leader}”的概率为 {now}；视采用谁的陈述，为 {low} 至 {high}。",
    ),
    "sheet-stake-tied": Both(
        "No explanation leads the case: several are equally probable. P({leader}) is {now}; {low} to {high} by whose "
        "statement holds.",
        "该案例无居首者（几种解释同样可能）。“{leader}”的概率为 {now}；视采用谁的陈述，为 {low} 至 {high}。",
    ),
    "sheet-case": Both("{case} · {step} · {source}", "{case} · {step} · {source}"),
    "weight": Both("weight", "权重"),
    "reason": Both("reason", "理由"),
    "if-all": Both("P if all said so", "若都如此则概率"),
    "no-reason": Both("no reason given", "未写理由"),
    "sheet-notes": Both("What was said:", "讨论记录："),
    "sheet-blind": Both(
        "Coders are called by letters in an order drawn at random; their reasons may still give them away.",
        "编码者以随机次序的字母代称；其理由仍可能透露身份。",
    ),
    "scale": Both("{db} dB, {word}", "{db} dB，{word}"),
}

say = speaker(WORDS)
