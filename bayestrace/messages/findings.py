"""Hold the wording of findings: what a reader should know before quoting a result."""

from __future__ import annotations

from bayestrace.messages.wording import Both

FINDINGS: dict[str, Both] = {
    "r-hat": Both(
        "The chains disagree: R-hat of {quantity} is {value}, where at most {limit} is wanted. Run again with "
        "more --draws.",
        "各条链未收敛到一处：{quantity} 的 R-hat 为 {value}，应不超过 {limit}。请增大 --draws 后重跑。",
    ),
    "ess": Both(
        "Too few effective draws: {quantity} has {value}, where at least {limit} are wanted. Run again with more "
        "--draws.",
        "有效样本过少：{quantity} 只有 {value} 个，至少应有 {limit} 个。请增大 --draws 后重跑。",
    ),
    "divergences": Both(
        "{count} transitions diverged, so part of the posterior may not have been reached. Run again with another "
        "--seed; if it stays, look for weights that no coder can have meant.",
        "有 {count} 次转移发散，后验分布可能有一部分未被探到。请换一个 --seed 重跑；"
        "若仍如此，请检查是否有录入错误的权重。",
    ),
    "about-mode": Both(
        "Draws were taken about the mode of the posterior, as is done where there are very many observations: "
        "{accepted} % of what was proposed was taken, with a Pareto k of {k}, where at most {limit} is wanted.",
        "本结果围绕后验众数抽样（观察数量极大时的做法），而不用 NUTS：提议的接受率为 {accepted}%，"
        "Pareto k 为 {k}（应不超过 {limit}）。",
    ),
    "about-mode-doubtful": Both(
        "Draws were taken about the mode of the posterior, but it is far from normal there: Pareto k is {k}, where at "
        "most {limit} is wanted; {accepted} % of what was proposed was taken. Do not rely on this result.⟦ Draw by "
        "NUTS instead, which takes longer: in the study's folder, `{command}`.⟧ It may help to leave out coders who "
        "add only noise.",
        "本结果围绕后验众数抽样，但后验在众数附近远非正态：Pareto k 为 {k}（应不超过 {limit}），"
        "提议的接受率为 {accepted}%。请勿采信此结果。⟦请改用 NUTS 抽样（耗时更长），在研究文件夹中运行：`{command}`。⟧"
        "去掉只增添噪声的编码者也可能有帮助。",
    ),
    "pools-drawn": Both(
        "{cases} cases under {hypotheses} explanations have too many joint explanations to list: what cases share was "
        "drawn together with all else, and is not summed up exactly.",
        "{cases} 个案例、{hypotheses} 种解释的联合组合过多，无法逐一列举：案例之间共享的部分与其余参数一同抽样，"
        "而非精确求和。",
    ),
    "dominating": Both(
        "In {case} one cluster carries the answer: without {cluster} the lead of {leader} over {rival} shrinks from "
        "{whole} dB to {rest} dB.",
        "{case}：结论主要靠一簇证据支撑。去掉“{cluster}”后，{leader}对{rival}的优势由 {whole} dB 降到 {rest} dB。",
    ),
    "idle": Both(
        "{count} observations weigh next to nothing: leaving any one of them out moves no weight by {limit} dB. {list}",
        "有 {count} 条观察几乎不起作用：逐一去掉，任何权重的变动都不到 {limit} dB。{list}",
    ),
    "round-used": Both(
        "The codings are those of round {round}. Coders who have discussed what they state agree more, and know no "
        "more: their statements are no longer independent, and the model, which takes them to be, is surer than it "
        "should be. Hold it against the first round.",
        "所用编码为第 {round} 轮。编码者讨论之后更趋一致，所知却并未增多：其判断不再相互独立，"
        "而模型视之为独立，因而会过于确信。请与第一轮的结果对照。",
    ),
    "set-aside": Both(
        "{count} observations are probably not so as reported (reliability below 0.5) and are set aside: {list}",
        "有 {count} 条观察很可能不实（可靠性低于 0.5），已搁置不计：{list}",
    ),
    "context": Both(
        "{count} observations only sum up others; they are shown and weigh nothing: {list}",
        "有 {count} 条观察只是对其他观察的概括，仅供参考，不计权重：{list}",
    ),
    "not-weighed": Both(
        "{count} observations were weighed by no coder within these hypotheses: {list}",
        "有 {count} 条观察在所选解释内无人编码：{list}",
    ),
    "coder-repeated": Both(
        "{coder} weighs every observation exactly as {other} does, so that nothing tells how exact they are; they are "
        "heard once, as {other}. Is the file of one a copy?",
        "{coder}对每条观察给出的权重都与{other}完全相同，无从得知二者有多精确；二者只按{other}计一次。"
        "请检查其中一份编码是否为复制件。",
    ),
    "coders-aligned": Both(
        "The weights of {coder} are those of {other}, all shifted or stretched alike, so that nothing bounds how exact "
        "the two are taken to be, and the model has no answer. Leave one of them out with --coders.",
        "{coder}的权重只是{other}的权重整体平移或放缩的结果，二者被当作多精确没有限度，模型因而没有答案。"
        "请用 --coders 去掉其中一位。",
    ),
    "no-evidence": Both(
        "In {count} cases no observation counts and no clue was sought, so that what the model says of them is the "
        "prior, and what other cases lend where cases are pooled: {list}",
        "有 {count} 个案例没有计入的观察，也未查找线索；模型对它们的回答只是先验，"
        "以及合并估计时由其他案例借来的信息：{list}",
    ),
    "private": Both(
        "Private, and left out of what is shown here: {observations} observations, {sources} sources, {notes} notes. "
        "They weigh like all others.",
        "不公开、未在此列出的内容：观察 {observations} 条，来源 {sources} 条，说明 {notes} 条。它们照常计入权重。",
    ),
    "effect-first": Both(
        "Sequence: {effect} is dated before what is said to have caused it: {list}.",
        "时序：{effect}早于据称导致它的观察：{list}。",
    ),
    "step-first": Both(
        "Sequence, {case}: observations of the step '{after}' dated before every dated observation of '{before}', the "
        "step said to lead to it: {list}.",
        "时序（{case}）：步骤“{after}”的下列观察早于其前一步“{before}”的全部有日期的观察：{list}。",
    ),
    "outside-period": Both(
        "{evidence}⟦ ({date})⟧ lies outside the period of {case} ({period}).",
        "{evidence}⟦（{date}）⟧不在{case}的时段（{period}）之内。",
    ),
    "beyond-period": Both(
        "{evidence}⟦ ({date})⟧ reaches beyond the period of {case} ({period}).",
        "{evidence}⟦（{date}）⟧超出了{case}的时段（{period}）。",
    ),
    "split-clusters": Both(
        "{count} clusters span several cases and are split by case; dependence across cases is ignored: {list}",
        "有 {count} 个证据簇跨越多个案例，已按案例拆开；案例之间的相依性未予考虑：{list}",
    ),
    "redundancy-assumed": Both(
        "No coder stated the redundancy of {list}; 0.5 (sd 0.2) is assumed.",
        "无编码者给出下列证据簇的冗余度，按 0.5（标准差 0.2）处理：{list}",
    ),
    "one-coder": Both(
        "There is one coder: how far coders differ could not be learned; the noise rests on the stated ranges.",
        "只有一位编码者：无从得知编码者之间的差异，噪声只能依据所述区间。",
    ),
    "nothing-learned": Both(
        "There is one coder and no stated range: nothing can be learned about noise, so the answer is at face value.",
        "只有一位编码者且未给出区间：无从了解噪声，故结果只按面值计算。",
    ),
    "face-value": Both(
        "At face value: the stated weights are taken as the truth and added up. Such sums are overconfident.",
        "按面值计算：把所述权重当作真值直接相加。这样的结果往往过于自信。",
    ),
    "reliability-mean": Both(
        "Taking the mean reliability of a cluster instead of the exact sum over which of its observations are so "
        "changes no cluster's weight by more than {value} dB ({cluster}).",
        "以簇内平均可靠性代替对“哪些观察属实”的精确求和，各簇权重的变动至多 {value} dB（{cluster}）。",
    ),
    "replicates-spread": Both(
        "The weights of {coder} spread by {observed} dB, where on new observations like these they would spread by "
        "{low} to {high} dB nine times of ten (p {p}): the model does not describe this coder's weights well.",
        "{coder}的权重离散度为 {observed} dB，而对同类新观察，十次有九次应在 {low} 至 {high} dB 之间（p {p}）："
        "模型对这位编码者的权重描述得不好。",
    ),
    "replicates-drift": Both(
        "The weights of {coder} drift along the list of observations: their correlation with the place in the list is "
        "{observed}, where nine replicates of ten lie between {low} and {high} (p {p}). The order may have moved the "
        "coder, or the list its evidence.",
        "{coder}的权重随观察的排列次序漂移：与次序的相关系数为 {observed}，而十次复制有九次在 {low} 至 {high} 之间"
        "（p {p}）。可能是次序影响了编码者，也可能是证据本身按次序排列。",
    ),
    "replicates-contrary": Both(
        "{coder} weighs a share of {observed} of the observations against the explanation that leads in their case, "
        "where nine replicates of ten lie between {low} and {high} (p {p}).",
        "{coder}所加权重中，不利于该案例居首解释的观察所占比例为 {observed}，而十次复制有九次在 {low} 至 {high} 之间"
        "（p {p}）。",
    ),
    "replicates-far": Both(
        "{coder} gives a share of {observed} of the observations a weight of 20 dB or more, where nine replicates of "
        "ten lie between {low} and {high} (p {p}): the tails of the model are not this coder's.",
        "{coder}加了 20 dB 或以上权重的观察所占比例为 {observed}，而十次复制有九次在 {low} 至 {high} 之间（p {p}）："
        "模型的尾部与这位编码者不符。",
    ),
    "replicates-step-spread": Both(
        "On the step '{step}' the weights of {coder} spread by {observed} dB, where on new observations like these "
        "they would spread by {low} to {high} dB nine times of ten (p {p}, one of {count} by step).",
        "在步骤“{step}”上，{coder}的权重离散度为 {observed} dB，而对同类新观察，十次有九次应在 {low} 至 {high} dB 之间"
        "（p {p}，为各步骤共 {count} 个 p 值之一）。",
    ),
    "replicates-step-drift": Both(
        "On the step '{step}' the weights of {coder} drift along the list of observations: their correlation with the "
        "place in the list is {observed}, where nine replicates of ten lie between {low} and {high} (p {p}, one of "
        "{count} by step).",
        "在步骤“{step}”上，{coder}的权重随观察的排列次序漂移：与次序的相关系数为 {observed}，而十次复制有九次"
        "在 {low} 至 {high} 之间（p {p}，为各步骤共 {count} 个 p 值之一）。",
    ),
    "replicates-step-contrary": Both(
        "On the step '{step}' {coder} weighs a share of {observed} of the observations against the explanation that "
        "leads in their case, where nine replicates of ten lie between {low} and {high} (p {p}, one of {count} by "
        "step).",
        "在步骤“{step}”上，{coder}所加权重中，不利于该案例居首解释的观察所占比例为 {observed}，而十次复制有九次"
        "在 {low} 至 {high} 之间（p {p}，为各步骤共 {count} 个 p 值之一）。",
    ),
    "reports-not-counted": Both(
        "Selection is modelled by what was reported; how many clusters were reported is not used.",
        "取舍只依据已报告的内容建模，未使用所报告证据簇的数目。",
    ),
}
