"""What the section on sensitivity says: what one would have to believe for the conclusion to be different."""

from bayestrace.messages.wording import Both
from bayestrace.report.wording.flips import FLIPS

_KINDS: dict[str, Both] = {
    "kind-observation": Both("observation", "一条观察"),
    "kind-cluster": Both("cluster", "一簇证据"),
    "kind-source": Both("source", "一种来源"),
    "kind-source_type": Both("type of source", "一类资料"),
    "kind-step": Both("step of the mechanism", "机制的一个步骤"),
    "kind-domain": Both("domain", "一个领域"),
    "kind-coder": Both("coder", "一位编码者"),
    "kind-case": Both("case's evidence", "一个案例的证据"),
    "name-kappa": Both("Concentration of the pools (κ)", "解释池的集中度（κ）"),
    "name-redundancy": Both("Redundancy within clusters", "簇内冗余度"),
    "name-reliability": Both("Reliability of the sources", "资料的可靠性"),
    "name-selectivity": Both("Selection by the author", "作者的取舍"),
    "name-selectivity-leader": Both("Selection for the leader", "偏向居首解释的取舍"),
    "name-leaning": Both("Common leaning of the coders", "编码者的共同倾向"),
    "name-scale": Both("Common scale of the coders", "编码者的共同尺度"),
    "name-joined": Both("Each step as one cluster", "把每个步骤视为一簇"),
    "name-bounds": Both("Ends of the stated ranges", "所述区间的端点"),
    "axis-prior": Both("prior probability (%)", "先验概率（%）"),
    "axis-kappa": Both("κ, from one explanation a pool to no pooling", "κ，自每池一种解释至不合并"),
    "axis-level": Both("expected share of the level (%)", "该层次的期望份额（%）"),
    "axis-redundancy": Both("mean redundancy (%)", "平均冗余度（%）"),
    "axis-reliability": Both("mean reliability (%)", "平均可靠性（%）"),
    "axis-selectivity": Both("contrary evidence left out (%)", "略去不利证据的概率（%）"),
    "axis-selectivity-leader": Both("contrary evidence left out (%)", "略去不利证据的概率（%）"),
    "axis-leaning": Both("leaning towards the leader (dB per observation)", "偏向居首解释（分贝，每条观察）"),
    "axis-scale": Both("factor by which weights are overstated", "权重被夸大的倍数"),
    "axis-joined": Both("redundancy within a step (%)", "步骤内的冗余度（%）"),
    "axis-bounds": Both("share of the way to the worst ends (%)", "移向最不利端点的比例（%）"),
    "axis-probability": Both("probability (%)", "概率（%）"),
    "axis-lead": Both("lead over the closest rival (dB)", "对最接近竞争解释的领先（分贝）"),
    "limit-as-fitted": Both("As fitted", "按拟合结果"),
    "limit-no-pooling": Both("No pooling: each case by itself", "不合并：各案例独立"),
    "limit-one-explanation": Both("One explanation for all cases", "所有案例同一种解释"),
    "diagnosis-": Both("neither", "均不敏感"),
    "diagnosis-prior-evidence conflict": Both("prior and evidence conflict", "先验与证据相冲突"),
    "diagnosis-weak evidence": Both("the evidence says little beside the prior", "证据不足，结论多取决于先验"),
    "choice-hypothesis_set": Both("Explanations", "解释的范围"),
    "choice-set": Both("Explanations", "解释的范围"),
    "choice-prior": Both("Prior", "先验"),
    "choice-panel": Both("Coders", "编码者"),
    "choice-reliability": Both("Reliability", "可靠性"),
    "choice-redundancy": Both("Redundancy", "冗余度"),
    "choice-selectivity": Both("Selectivity", "取舍程度"),
    "choice-pooling": Both("Pooling", "合并"),
    "option-all": Both("all", "全部"),
    "option-true": Both("counted", "计入"),
    "option-false": Both("not counted", "不计"),
    "option-as-fitted": Both("as fitted", "按拟合结果"),
    "option-no-pooling": Both("none", "不合并"),
    "option-one-explanation": Both("one explanation", "同一种解释"),
    "option-without": Both("without {name}", "去掉{name}"),
    "option-only": Both("only {name}", "仅{name}"),
}

_TEXTS: dict[str, Both] = {
    "missing": Both(
        "What would change the answer has not been worked out for this result. This adds it: {command}",
        "本结果尚未计算何种变动会改变结论。可用以下命令加入：{command}",
    ),
    "intro": Both(
        "What would one have to believe for the conclusion to be different? Each sentence gives the point at which the "
        "leader of a case changes, all else staying as it is. All of it is worked out on the draws of this result: "
        "exactly where only priors over explanations or pooling change, by weighting the draws where the evidence is "
        "read in another way. Where such weights are not to be relied upon, with a Pareto k above 0.7 or worth less "
        "than 50 draws, it is said.",
        "须持何种看法，结论才会不同？以下各句给出某一案例居首解释发生改变的临界点，其余各项保持不变。"
        "全部计算均基于本结果的抽样：凡只变动解释的先验或合并方式者，计算是精确的；"
        "凡以另一种方式读取证据者，则对抽样加权。若帕累托k大于0.7，或有效抽样不足50次，此类加权不可靠，会予以注明。",
    ),
    "unpooled": Both(
        "Joint explanations of all cases are too many to list here: everything in this section is case by case, "
        "without pooling.",
        "全部案例的联合解释过多，无法一一列出：本节各项均为逐案计算，不作合并。",
    ),
    "face": Both(
        "Weights are taken at face value here, and the cases pooled as the prior profile has it.",
        "此处按面值取权重，并依先验设定合并各案例。",
    ),
    "legend": Both(
        "Letters stand for explanations, in figures as in tables; numbers for cases.",
        "图表中以字母代表解释，以数字代表案例。",
    ),
    "h-priors": Both("Other priors", "改变先验"),
    "h-pooling": Both("Other pooling", "改变合并方式"),
    "h-out": Both("Less evidence", "减少证据"),
    "h-bounds": Both("The stated ranges", "所述区间"),
    "h-allowances": Both("Were the coders or sources overconfident?", "编码者或资料是否过于自信？"),
    "h-rival": Both("An explanation that nobody listed", "未列入的解释"),
    "h-power": Both("Prior and evidence", "先验与证据"),
    "h-skipped": Both("What this study does not allow", "本研究无法作的分析"),
    "h-multiverse": Both("Every combination of choices", "各项选择的全部组合"),
    "priors-note": Both(
        "Posterior probabilities of all explanations in each case as the prior probability of “{name}” is moved, the "
        "others keeping their proportions. The dashed line is the prior as it is, a ring marks where the leader "
        "changes.",
        "“{name}”的先验概率变动、其余解释保持原有比例时，各案例中各种解释的后验概率。虚线为现有先验，圆环为居首解释改变之处。",
    ),
    "priors-caption": Both(
        "{case}: probability of each explanation by the prior probability of “{name}”",
        "{case}：各种解释的概率随“{name}”先验概率的变化",
    ),
    "raise-caption": Both(
        "Prior probability at which each explanation would take or lose the lead (– : at none)",
        "各种解释取得或失去居首地位的先验概率（–：无）",
    ),
    "ternary-note": Both(
        "Who leads under every way of sharing prior probability among three explanations: each corner gives all of it "
        "to one. The cross is the prior as it is.",
        "先验概率在三种解释之间任意分配时，由谁居首：每个角表示全部归于一种解释。十字为现有先验。",
    ),
    "ternary-held": Both("{name} stays at {share}.", "“{name}”保持为{share}。"),
    "ternary-rest": Both("All others, in equal shares", "其余各种解释，份额相等"),
    "ternary-desc": Both("{name} leads at {count} of {all} points.", "“{name}”在{all}点中的{count}点居首。"),
    "profiles-caption": Both(
        "Who leads under each prior profile of the study, and under two limits of pooling",
        "在本研究的各先验设定下，以及在合并的两种极限下，由谁居首",
    ),
    "refit": Both(
        "the profile moves more than the weights of draws can follow; fit it anew", "该方案变动过大，须重新拟合"
    ),
    "lead-note": Both(
        "The lead of each case's leader over its closest rival, in decibels of posterior odds; below the dashed line "
        "at 0 another explanation leads, and a ring marks where. The vertical line is the result as it is.",
        "各案例居首解释对最接近竞争解释的领先，以后验几率的分贝数表示；虚线（0）以下由另一种解释居首，圆环为临界点。竖线为现有结果。",
    ),
    "lead-caption": Both("{what}: lead of each case's leader (dB)", "{what}：各案例居首解释的领先（分贝）"),
    "lead-desc-flip": Both("{case}: {to} leads from {at} on.", "{case}：自{at}起{to}居首。"),
    "lead-desc-none": Both("{case}: {leader} leads throughout.", "{case}：{leader}始终居首。"),
    "flip-table": Both(
        "Flip points by case (– : the leader stays; = : none leads)", "各案例的临界点（–：居首者不变；=：无居首者）"
    ),
    "sweep-table": Both(
        "{what}: lead over the closest rival in dB, and below it the probability, of each case's leader",
        "{what}：各案例居首解释对最接近竞争解释的领先（分贝），其下为该解释的概率",
    ),
    "sweep-lead": Both("{case}: lead (dB)", "{case}：领先（分贝）"),
    "sweep-probability": Both("{case}: probability of {name}", "{case}：{name}的概率"),
    "sweep-flip": Both("who takes the lead here", "在此取得领先者"),
    "map-note": Both(
        "Who leads when two of these are allowed for at once; the outlined cell is the result as it is.",
        "同时容许其中两项时，由谁居首；加框的格子为现有结果。",
    ),
    "map-rough": Both(
        "A small letter marks a cell that the draws of this result hardly reach: take it as rough.",
        "小写字母表示本结果的抽样难以及此，只可作粗略参考。",
    ),
    "map-caption": Both("{case}: {one} and {other} together", "{case}：{one}与{other}并用"),
    "map-desc": Both("{name} leads in {count} of {all} cells.", "“{name}”在{all}格中的{count}格居首。"),
    "out-note": Both(
        "What leaving out one {kind} does to the lead of each case's leader over its closest rival, the largest first. "
        "Hatched bars to the left shrink the lead; in bold, another explanation then leads. A dashed line, where it "
        "lies in reach, is where the lead is gone.",
        "去掉{kind}对各案例居首解释领先幅度的影响，由大到小。带斜纹的向左缩小领先；加粗者使另一种解释居首。虚线（如在范围之内）表示领先消失之处。",
    ),
    "out-caption": Both("{case}: leaving out one {kind}", "{case}：去掉{kind}"),
    "out-less": Both("← less of a lead", "← 领先缩小"),
    "out-more": Both("more of a lead →", "领先扩大 →"),
    "out-gone": Both("lead gone", "领先消失"),
    "out-table": Both(
        "The one thing of each kind whose absence moves the lead most (dB; ≈ where the draws hardly reach)",
        "各类中去掉后对领先影响最大的一项（分贝；≈ 表示抽样难以及此）",
    ),
    "rival-caption": Both(
        "What an unlisted explanation must weigh against the leader to lead (dB), by its prior probability",
        "未列入的解释须在多大权重上胜过居首解释方可居首（分贝），按其先验概率",
    ),
    "power-note": Both(
        "How far a probability moves when the prior, or the evidence, is raised to a power a little off 1 (Kallioinen "
        "and others 2024); above 0.05 it is called sensitive to it.",
        "把先验或证据取略偏离1的幂时，概率变动多少（Kallioinen等 2024）；大于0.05即称对其敏感。",
    ),
    "power-caption": Both("Sensitivity to the power of prior and evidence", "对先验与证据之幂的敏感度"),
    "multiverse-note": Both(
        "The probability of “{name}” under every combination of the choices below, in rising order; heavy where it "
        "leads. Ticks show what was chosen.",
        "在以下各项选择的全部组合之下，“{name}”的概率，由低到高；粗线处为其居首。短线表示所作的选择。",
    ),
    "multiverse-caption": Both("{case}: “{name}” under all choices", "{case}：全部选择组合下的“{name}”"),
    "multiverse-table": Both("Share of the combinations in which each explanation leads", "各种解释居首的组合所占比例"),
    "multiverse-desc": Both(
        "From {low} to {high}; it leads in {count} of {all} combinations.",
        "由{low}至{high}；在{all}种组合中的{count}种居首。",
    ),
    "multiverse-unreliable": Both(
        "In {share} of the combinations the draws do not reach (Pareto k above 0.7, or less than 50 effective draws): "
        "take those as rough.",
        "有{share}的组合为抽样所不及（帕累托k大于0.7，或有效抽样不足50次），只可作粗略参考。",
    ),
    "doubtful": Both(
        "The draws of this result hardly reach there (Pareto k {k}, {ess} effective draws): take it as rough.",
        "本结果的抽样难以及此（帕累托k为{k}，有效抽样{ess}次），只可作粗略参考。",
    ),
    "as-it-is": Both("as it is", "现状"),
    "leads-here": Both("it leads", "居首"),
    "infinite": Both("∞", "∞"),
    "c-moved": Both("What is moved", "变动的项目"),
    "c-kind": Both("Kind", "种类"),
    "c-power-prior": Both("To the prior", "对先验"),
    "c-power-evidence": Both("To the evidence", "对证据"),
    "c-diagnosis": Both("Diagnosis", "诊断"),
    "c-each": Both("Per observation", "每条观察"),
    "c-all": Both("In all", "合计"),
    "c-pooled": Both("In all, pooled", "合计，合并估计"),
    "c-everywhere": Both("Per observation in every case at once, pooled", "每条观察，各案例同时，合并估计"),
    "rival-beside": Both(
        "What explanations of other sets of this study weigh against the leader, all observations of a case together "
        "(dB)",
        "本研究其他假设集中的解释，就某案例全部观察合计，相对于居首解释的权重（分贝）",
    ),
    "c-standpoint": Both("Standpoint", "立场"),
}

SENSITIVITY: dict[str, Both] = _KINDS | FLIPS | _TEXTS
