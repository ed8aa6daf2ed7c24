"""Hold every word of the page of calibration, English and Chinese."""

from __future__ import annotations

from bayestrace.messages.wording import Both

WORDS: dict[str, Both] = {
    "kicker": Both("Calibration", "校准检验"),
    "lede": Both(
        "How often is the answer right? Studies of this design were simulated, so that the truth is known, and "
        "analysed "
        "as if they were real.",
        "答案有多少次是对的？按本研究的设计模拟出真相已知的研究，再当作真实研究加以分析。",
    ),
    "answer-model": Both(
        "Of {studies} simulated studies, {cases} cases in all: the model gave its leading explanation {said} on "
        "average, and was right in {right} of the cases.",
        "在 {studies} 项模拟研究共 {cases} 个案例中：模型对居首的解释平均给出{said}的概率，实际正确的占{right}。",
    ),
    "answer-face": Both(
        "Stated weights simply added up, at face value, gave theirs {said} and were right in {right}.",
        "把所述权重简单相加的面值法平均给出{said}，实际正确的占{right}。",
    ),
    "sound": Both(
        "Nothing departs further than chance allows, at the 1 % level: {parameters} hyperparameters, {drift} average "
        "posteriors, and how sure the model is of its leading explanation.",
        "在1%的水平上，{parameters} 个超参数、{drift} 个平均后验以及模型对居首解释的把握，均未超出偶然所能解释的范围。",
    ),
    "outside": Both(
        "Further off than chance allows, at the 1 % level: {list}.", "在1%的水平上超出偶然范围的有：{list}。"
    ),
    "hyperparameter-outside": Both("{name} (adjusted p {p})", "{name}（校正后 p {p}）"),
    "drift-outside": Both("average posterior of {name} (adjusted p {p})", "{name}的平均后验（校正后 p {p}）"),
    "overconfidence-outside": Both(
        "how sure the model is of its leading explanation (p {p})", "模型对居首解释的把握（p {p}）"
    ),
    "few": Both(
        "So few studies show coarse faults only; 200 or more are advised.",
        "研究数如此之少，只能看出明显的偏差；建议至少模拟 200 项。",
    ),
    "inside-only": Both(
        "This is how the engine does where its own model holds. How it does where the model is wrong is another "
        "question, "
        "and is not asked here.",
        "这里检验的是引擎在自身模型成立时的表现；模型不成立时如何是另一个问题，此处未涉及。",
    ),
    "redundancy-drawn": Both(
        "Redundancy was drawn from what the coders state of it. The engine averages it without updating it, so that "
        "small "
        "departures are expected here.",
        "冗余度按编码者所述抽取，而引擎只对其取平均、不予更新，故此处可能有小的偏离。",
    ),
    "h-reliability": Both("What was said, and what was so", "所给概率与实际结果"),
    "h-scores": Both("Scores", "评分"),
    "h-parameters": Both("Hyperparameters", "超参数"),
    "h-drift": Both("Average posterior against the prior", "平均后验与先验"),
    "h-made": Both("How it was made", "如何得出"),
    "reading": Both(
        "On the diagonal, what is said is so. Below it is overconfidence, above it undue caution. Each mark is an "
        "equal "
        "part of the forecasts, in the order of what was said; bars are 95 % intervals, for as many trials as there "
        "are studies in the mark.",
        "落在对角线上，说明所给概率名副其实；在其下方为过度自信，在其上方为过于谨慎。预测按所给概率排序后等分，"
        "每个标记为其中一份；竖线为95%区间，以其中的研究数为试验次数。",
    ),
    "fig-leader": Both("The leading explanation of each case", "各案例中居首的解释"),
    "fig-every": Both("Every explanation of each case", "各案例中的每一种解释"),
    "axis-said": Both("probability said", "所给概率"),
    "axis-right": Both("share that was so", "实际成立的比例"),
    "overconfident": Both("overconfident", "过度自信"),
    "cautious": Both("too cautious", "过于谨慎"),
    "model-short": Both("model, pooled", "模型，合并估计"),
    "face-short": Both("face value", "面值"),
    "mark-desc": Both("{way}: said {said}, so in {seen}", "{way}：所给{said}，实际{seen}"),
    "way-pooled": Both("Model, pooled", "模型，合并估计"),
    "way-unpooled": Both("Model, case by case", "模型，不合并"),
    "way-face": Both("Face value, case by case", "面值，不合并"),
    "way-face_pooled": Both("Face value, pooled", "面值，合并估计"),
    "c-way": Both("Way", "方法"),
    "c-said": Both("Said", "所给概率"),
    "c-right": Both("Right", "实际正确"),
    "c-seen": Both("So", "实际成立"),
    "c-over": Both("Said too much", "过度自信"),
    "c-error": Both("Calibration error", "校准误差"),
    "c-brier": Both("Brier score", "Brier评分"),
    "c-log": Both("Log score", "对数评分"),
    "c-cllr": Both("Cost of ratios", "似然比代价"),
    "c-interval": Both("95 % interval", "95%区间"),
    "c-forecasts": Both("Forecasts", "预测数"),
    "c-studies": Both("Studies", "研究数"),
    "c-parameter": Both("Hyperparameter", "超参数"),
    "c-whose": Both("Whose", "所属"),
    "c-place": Both("Mean place", "平均位次"),
    "c-in50": Both("In 50 %", "50%区间内"),
    "c-in90": Both("In 90 %", "90%区间内"),
    "c-p": Both("p", "p"),
    "c-holm": Both("Adjusted p", "校正后 p"),
    "c-case": Both("Case", "案例"),
    "c-explanation": Both("Explanation", "解释"),
    "c-prior": Both("Prior", "先验"),
    "c-difference": Both("Difference", "差"),
    "c-se": Both("Standard error", "标准误"),
    "scores-caption": Both(
        "Said, right and said too much (the one less the other) are of the leading explanation. So is the calibration "
        "error: the root mean square, over tenths of the forecasts, of what was said less what was so, freed of the "
        "share that chance has in it, which may leave less than nothing. Both in percentage points, with 95 % "
        "intervals "
        "from resampled studies. Scores are of all explanations, with standard errors (±); less is better; log score "
        "in "
        "nats. The cost of ratios (Cllr, Brümmer and du Preez 2006) takes posterior odds over prior odds, of each "
        "explanation against all others, for a likelihood ratio: what acting on it costs at even prior odds, in bits, "
        "on average over explanations. 0 is perfect, 1 as good as saying nothing, more than that worse; pooled, what "
        "other cases say is part of it.",
        "所给概率、实际正确与过度自信（前两者之差）均就居首的解释而言。校准误差亦然：把预测十等分，"
        "取所给概率与实际结果之差的均方根，"
        "并扣除偶然所致的部分，故可为负。后两项以百分点计，95%区间由对研究重抽样得出。评分就所有解释而言，"
        "±后为标准误，"
        "越小越好；对数评分以奈特计。似然比代价（Cllr，Brümmer 与 du Preez 2006）以每种解释相对于其余全部解释的"
        "后验赔率与先验赔率之比为似然比，"
        "计算先验赔率相等时据此行事的代价，以比特计，并对各解释取平均：0 为完美，1 等于什么也没说，大于 1 则不如不说；"
        "合并估计时，其他案例的信息也计入其中。",
    ),
    "bins": Both("The marks of the figures as a table", "图中各标记的数值"),
    "bins-leader": Both("{way}: the leading explanation", "{way}：居首的解释"),
    "bins-every": Both("{way}: every explanation", "{way}：每一种解释"),
    "parameters-intro": Both(
        "Where the true value of a hyperparameter stands among its posterior draws is uniform if the engine is "
        "sound. Each "
        "curve is the distribution of these places less the uniform one, and with probability 95 % all of it is within "
        "the band. Above zero truths are lower than was thought, below zero higher. Of {parameters} curves one in "
        "twenty "
        "may leave its band by chance, so p-values are adjusted (Holm).",
        "引擎若无误，超参数真值在其后验抽样中的位次服从均匀分布。每条曲线为位次的经验分布减去均匀分布，"
        "整条曲线以95%的概率落在阴影带内。"
        "曲线在零线以上，说明真值低于所估；在零线以下，则高于所估。{parameters} 条曲线中，"
        "每二十条会有一条纯因偶然越出，"
        "故 p 值按 Holm 法校正。",
    ),
    "ecdf-desc": Both(
        "{name}: greatest difference {greatest}, adjusted p {p}.", "{name}：最大差 {greatest}，校正后 p {p}。"
    ),
    "axis-place": Both("place among the draws", "在抽样中的位次"),
    "parameters-caption": Both(
        "Mean place of the true value, .50 in a sound engine; share of central intervals that held it, with 95 % "
        "intervals; p-value of uniform places, and adjusted for all rows.",
        "真值的平均位次，引擎无误时为 .50；中心区间包含真值的比例，附95%区间；位次均匀与否的 p 值，"
        "以及就全部各行校正后的 p 值。",
    ),
    "parameters-table": Both("Coverage and p-values", "覆盖率与 p 值"),
    "drift-intro": Both(
        "Averaged over studies whose explanations are drawn from the prior, the pooled posterior of each explanation "
        "must "
        "come back to its prior. Differences are in percentage points.",
        "研究中的解释由先验抽取，故每种解释的合并后验对研究取平均后，必须回到其先验。差以百分点计。",
    ),
    "diverged": Both(
        "Of {draws} draws {diverging} diverged, in {studies} of the studies.",
        "{draws} 次抽样中有 {diverging} 次发散，出现在 {studies} 项研究中。",
    ),
    "made-intro": Both(
        "Of each study hyperparameters and explanations were drawn from the priors of the profile, then what the "
        "coders "
        "state: of the cases, observations, clusters and coders of this study, with their stated ranges, reliability "
        "and "
        "redundancy. The weights that the study holds were not looked at. Each was fitted by one chain of NUTS. The "
        "same "
        "command on the same versions gives the same studies.",
        "每项模拟研究先从先验设定中抽取超参数与各案例的解释，再抽取编码者所述：案例、观察、证据簇、"
        "编码者以及所述区间、可靠性、"
        "冗余度均与本研究相同，而研究中原有的权重未被使用。每项研究以一条 NUTS 链拟合。版本相同，"
        "同一命令便得到同样的模拟研究。",
    ),
    "d-command": Both("Command", "命令"),
    "d-set": Both("Set of hypotheses", "假设集"),
    "d-profile": Both("Profile of priors", "先验设定"),
    "d-coders": Both("Coders", "编码者"),
    "d-redundancy": Both("Redundancy", "冗余度"),
    "averaged": Both("averaged, as the engine takes it", "取平均，与引擎一致"),
    "drawn": Both("drawn from what is stated of it", "按所述抽取"),
    "d-seed": Both("Seed", "种子"),
    "d-settings": Both("Sampler", "抽样设置"),
    "settings": Both(
        "{tune} draws of warm-up, {draws} kept, ranks among every {thin}th; target acceptance {target_accept}",
        "预热 {tune} 次，保留 {draws} 次，位次取每第 {thin} 次；目标接受率 {target_accept}",
    ),
    "d-study": Both("Digest of the study", "研究摘要值"),
    "d-design": Both("Digest of the design and the settings", "设计与设置的摘要值"),
    "d-versions": Both("Versions", "版本"),
    "f-scale": Both("Relative scale of a coder", "编码者的相对尺度"),
    "f-noise": Both("Noise of a coder", "编码者的噪声"),
    "f-bias": Both("Leaning of a coder, per contrast", "编码者的倾向（各对照）"),
    "f-noise_sd": Both("How noisy coders are", "编码者噪声的一般水平"),
    "f-leaning_sd": Both("How far coders lean", "编码者倾向的一般幅度"),
    "f-range_factor": Both("Factor on stated ranges", "所述区间的倍数"),
    "f-shared": Both("Shared part of stated doubt", "所述不确定性中的共有部分"),
    "f-common_error": Both("Shared error that no range announces", "区间未表明的共同误差"),
    "f-r_eta": Both("Correlation of shared errors within clusters", "共同误差在证据簇内的相关"),
    "f-log_v": Both("Informativeness (log)", "证据信息量（对数）"),
    "f-sd_log_v": Both("Spread of informativeness", "证据信息量的离散程度"),
    "whose-contrast": Both("{coder}, contrast {contrast}", "{coder}，对照 {contrast}"),
    "comma": Both("; ", "；"),
    "skip": Both("Skip to the answer", "跳到结论"),
}
