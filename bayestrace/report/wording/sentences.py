"""Sentences of the page, with `{name}` where a name or a number goes."""

from bayestrace.messages.wording import Both
from bayestrace.report.wording.clues import CLUES
from bayestrace.report.wording.live import LIVE
from bayestrace.report.wording.many import MANY
from bayestrace.report.wording.observations import OBSERVATIONS
from bayestrace.report.wording.replicates import REPLICATES
from bayestrace.report.wording.sensitivity import SENSITIVITY

ANSWER: dict[str, Both] = {
    "leaders": Both("The most probable explanation is {parts}.", "各案例最可能的解释：{parts}。"),
    "leader-part": Both("“{name}” in {cases}", "{cases}为“{name}”"),
    "tied": Both(
        "In {cases} no explanation leads: several are equally probable.",
        "在{cases}中没有解释居首：有几种解释同样可能。",
    ),
    "case-at": Both("{case} ({probability})", "{case}（{probability}）"),
    "focal-nowhere": Both(
        "The focal explanation, “{focal}”, leads in no case; it comes nearest in {case}, at {probability}.",
        "焦点解释“{focal}”在所有案例中均不居首；概率最高的是{case}，为{probability}。",
    ),
    "focal-everywhere": Both(
        "The focal explanation, “{focal}”, leads in every case.", "焦点解释“{focal}”在每个案例中都居首。"
    ),
    "focal-somewhere": Both(
        "The focal explanation, “{focal}”, leads in {cases} and in no other case.",
        "焦点解释“{focal}”只在{cases}中居首。",
    ),
    "focal-of-many": Both("The focal explanation, “{focal}”, leads in {cases}.", "焦点解释“{focal}”在{cases}中居首。"),
    "so-many": Both("{number} of the {all} cases", "{all}个案例中的{number}个"),
    "the-others": Both("the others", "其余案例"),
    "inconclusive-all": Both(
        "In no case do the case's own observations settle between the leader and its closest rival: the 94 % interval "
        "of that weight of evidence brackets 0 dB everywhere.",
        "没有一个案例仅凭自身的观察就能在居首的解释与其最接近的竞争解释之间作出定论：这一证据权重的94%区间均包含0分贝。",
    ),
    "inconclusive-none": Both(
        "In every case the 94 % interval of the leader's weight of evidence over its closest rival lies clear of 0 dB.",
        "在每个案例中，居首的解释对其最接近的竞争解释的证据权重，其94%区间都不含0分贝。",
    ),
    "inconclusive-some": Both(
        "The case's own observations do not settle between the leader and its closest rival in {cases}, where the 94 % "
        "interval of that weight of evidence brackets 0 dB; they do in {others}.",
        "在{cases}中，仅凭案例自身的观察不足以在居首的解释与其最接近的竞争解释之间作出定论，"
        "这一证据权重的94%区间包含0分贝；在{others}中则足以定论。",
    ),
    "face-only": Both(
        "These are face values: the coders' stated weights, averaged and added up as if they were exact and the "
        "observations independent. Nothing was learned about the coders' noise, and no interval can be given; the "
        "probabilities are surer than the evidence allows.",
        "以上为面值：把编码者给出的权重取平均后直接相加，视之为精确无误，并视各观察彼此独立。"
        "对编码者的噪声一无所知，因而给不出区间；这些概率的确定程度，超出了证据所能支持的限度。",
    ),
    "clues-exact": Both(
        "These probabilities are worked out exactly from the clues: nothing was sampled, and there is no interval.",
        "以上概率由线索精确算出：未作抽样，故不附区间。",
    ),
    "figure-model": Both(
        "Probability of each explanation in each case. Each case has one explanation that did most of the work, so "
        "the probabilities of a case add up to one.",
        "各案例中各种解释的概率。每个案例只有一种解释起主要作用，故同一案例的概率之和为一。",
    ),
    "figure-desc": Both("{case}: {items}.", "{case}：{items}。"),
    "reference-line": Both("prior probability", "先验概率"),
    "about": Both("The thesis studied: {source}", "所研究的论点：{source}"),
}

CASES: dict[str, Both] = {
    "tied": Both(
        "No explanation leads: {names} are equally probable, {probability} each.",
        "没有解释居首：{names}同样可能，概率均为{probability}。",
    ),
    "leads": Both(
        "“{leader}” leads with a probability of {probability}; its closest rival is “{rival}”. The evidence of this "
        "case "
        "weighs {weight} dB ({word}) for the leader over that rival, with a 94 % interval from {low} to {high} dB.",
        "“{leader}”居首，概率为{probability}；最接近的竞争解释是“{rival}”。本案例的证据对前者相对于后者的权重为{weight}分贝"
        "（{word}），94%区间为{low}至{high}分贝。",
    ),
    "leads-face": Both(
        "At face value “{leader}” leads with a probability of {probability}; its closest rival is “{rival}”. The "
        "evidence of this case weighs {weight} dB ({word}) for the leader over that rival.",
        "按面值，“{leader}”居首，概率为{probability}；最接近的竞争解释是“{rival}”。本案例的证据对前者相对于后者的权重为{weight}"
        "分贝（{word}）。",
    ),
    "leads-exact": Both(
        "“{leader}” leads with a probability of {probability}; its closest rival is “{rival}”. What was found of clues "
        "in this case weighs {weight} dB ({word}) for the leader over that rival.",
        "“{leader}”居首，概率为{probability}；最接近的竞争解释是“{rival}”。本案例中线索的查找结果对前者相对于后者的权重为"
        "{weight}分贝（{word}）。",
    ),
    "leads-alone": Both(
        "“{leader}” is the only explanation that what was found in this case does not rule out.",
        "在本案例中，“{leader}”是唯一未被查找结果排除的解释。",
    ),
    "inconclusive": Both(
        "The interval brackets 0 dB: this case by itself is inconclusive between the two.",
        "区间包含0分贝：单凭本案例，尚不足以在二者之间定论。",
    ),
    "posterior-caption": Both("{case}: posterior probabilities and weights of evidence", "{case}：后验概率与证据权重"),
    "theories-caption": Both(
        "{case}: theories that may hold together. These probabilities do not add up to 100 %.",
        "{case}：可以并存的各理论。以下概率之和不为100%，不可相加。",
    ),
    "theories-note": Both(
        "The explanations above are the combinations of these theories and exclude each other; a theory is as probable "
        "as all the combinations in which it holds.",
        "上表各解释是这些理论的各种组合，彼此排斥；一种理论的概率，是它在其中成立的全部组合的概率之和。",
    ),
    "rule-stated": Both(
        "Nothing was made up for combinations that no coder weighed.", "编码者未权衡的组合，未作任何推算。"
    ),
    "rule-strongest": Both(
        "A combination that coders left out expects the evidence as much as the theory in it that expects it most.",
        "编码者未权衡的组合，按其中最预期该证据出现的那种理论推算。",
    ),
    "rule-noisy-or": Both(
        "In a combination that coders left out, each theory may bring the evidence about by itself (noisy-or).",
        "编码者未权衡的组合，按其中各理论各自独立地促成证据推算（noisy-or）。",
    ),
    "at-least-one": Both("at least one of them", "至少一种成立"),
    "at-least": Both("at least {number} of them", "至少{number}种成立"),
    "both": Both("both together", "两种均成立"),
    "all-of": Both("all {number} together", "{number}种全部成立"),
    "waterfall": Both("{case}: “{leader}” over “{rival}”, by cluster", "{case}：“{leader}”相对于“{rival}”，按证据簇"),
    "waterfall-face": Both(
        "{case}: “{leader}” over “{rival}”, by observation", "{case}：“{leader}”相对于“{rival}”，按观察"
    ),
    "waterfall-note": Both(
        "Weight of evidence after all corrections, largest first; each bar starts where the one before it ended. Bars "
        "to the right favour the leader, hatched bars to the left its closest rival.",
        "经全部修正后的证据权重，由大到小排列；每一条从前一条的终点起算。向右支持居首的解释，带斜纹的向左支持其最接近的竞争解释。",
    ),
    "waterfall-note-face": Both(
        "Face-value weight of each observation, largest first; each bar starts where the one before it ended. Bars to "
        "the right favour the leader, hatched bars to the left its closest rival.",
        "各观察的面值权重，由大到小排列；每一条从前一条的终点起算。向右支持居首的解释，带斜纹的向左支持其最接近的竞争解释。",
    ),
    "favours": Both("favours {name} →", "支持{name} →"),
    "favours-left": Both("← favours {name}", "← 支持{name}"),
    "loses": Both("lost by the cluster if left out", "剔除后该簇减少"),
}

MECHANISM: dict[str, Both] = {
    "intro": Both(
        "The mechanism is the one that the focal explanation claims. Each box is a step: the direction predicted of "
        "it, the directions that observations report (▲ up, ▼ down, ○ none), and what the step's evidence by itself "
        "says of the focal explanation against its closest rival there. Bars to the right favour the focal "
        "explanation, hatched bars to the left the rival. An arrow is as thick as the evidence of the step that it "
        "leads to, dashed where that favours the rival, dotted where there is none. A step without evidence that "
        "weighs says nothing, which is not 0 dB.",
        "此处的因果机制是焦点解释所主张的机制。每个方框是一个步骤：预期的方向、各观察所报告的方向（▲上升，▼下降，○无方向），"
        "以及仅凭该步骤的证据，焦点解释相对于其在该步骤最接近的竞争解释的权重。向右支持焦点解释，带斜纹的向左支持竞争解释。"
        "箭头的粗细表示其所指步骤的证据权重，该处证据支持竞争解释者为虚线，没有证据者为点线。"
        "没有可计权重之证据的步骤不提供任何信息，这并不等于0分贝。",
    ),
    "figure": Both("{case}: the mechanism", "{case}：因果机制"),
    "prediction": Both("{name}: {statement}", "{name}：{statement}"),
    "predicted": Both("predicted {direction}", "预期{direction}"),
    "observed": Both("observed", "观察到"),
    "node": Both("{step}: {predicted}; {weight}", "{step}：{predicted}；{weight}"),
    "node-weight": Both("{weight} dB for “{focal}” over “{rival}”", "“{focal}”相对于“{rival}”为{weight}分贝"),
    "weakest": Both(
        "Weakest link: {step}, where the evidence tells least for the focal explanation ({weight} dB over “{rival}”).",
        "最薄弱环节：{step}，该处证据对焦点解释最为不利（相对于“{rival}”为{weight}分贝）。",
    ),
    "silent-steps": Both("No evidence that weighs: {steps}.", "没有可计权重之证据：{steps}。"),
    "caption": Both("{case}: steps of the mechanism", "{case}：机制的各步骤"),
    "indicators-caption": Both(
        "Number of observations that report each direction, by step and domain; below it what they weigh for the focal "
        "explanation over its closest rival there, stated weights added up",
        "报告各方向的观察数，按步骤和领域；其下为该处各观察对焦点解释相对于最接近的竞争解释的权重，系所述权重之和",
    ),
}

TIMELINE: dict[str, Both] = {
    "intro": Both(
        "A cause comes before its effect. Each bar is an observation, as long as its date is vague, in the lane of its "
        "step; outlined bars are shown only. An arrow leads from an observation to another that is explained by it. An "
        "exclamation mark stands where an observation is dated before what should have caused it.",
        "因在前，果在后。每个条形代表一条观察，置于其所属步骤一行，日期越不精确则越长；空心者只作展示。"
        "箭头由一条观察引向用它来解释的另一条。凡观察的日期早于其应有之因者，以叹号标出。",
    ),
    "caption": Both("{case}: observations by step and date", "{case}：各步骤的观察及其日期"),
    "desc": Both(
        "{count} dated observations, {links} links from cause to effect; {early} observations are dated before what "
        "should have caused them.",
        "有日期的观察{count}条，因果联系{links}条；早于其应有之因的观察{early}条。",
    ),
    "early-link": Both(
        "{effect} is dated before what is said to have caused it: {causes}.", "{effect}早于据称导致它的观察：{causes}。"
    ),
    "early-step": Both(
        "Of the step “{after}”, dated before all dated observations of “{before}”, which should lead to it: {effects}.",
        "步骤“{after}”的下列观察，早于其前一步“{before}”的全部有日期的观察：{effects}。",
    ),
    "none-early": Both(
        "Nothing here is dated before what should have caused it.", "本案例中，没有观察早于其应有之因。"
    ),
    "undated": Both("Observations without a date", "没有日期的观察"),
}

INCREMENTS: dict[str, Both] = {
    "intro": Both(
        "{factor}, {one} against {other}: cases that this alone tells apart, set side by side. For each step of the "
        "mechanism the marks show how one-sidedly its observations point, from −1, all report a fall, to +1, all "
        "report a rise. This says which way, not how far: a larger increment means that the reports turned more "
        "completely.",
        "{factor}，{one}与{other}：仅在此一点上不同的案例两两对照。图中标记表示机制各步骤的观察在方向上的一致程度，"
        "−1为全部报告下降，+1为全部报告上升。它只说明方向，不说明幅度：增量较大，仅指所报告的方向转变得更为彻底。",
    ),
    "figure": Both("{one} and {other}", "{one}与{other}"),
    "desc": Both("{step}: {before}, then {after}.", "{step}：{before}，{after}。"),
    "balance": Both("as many report a rise as a fall", "报告上升与下降者相当"),
    "table": Both("Increments, {one} to {other}", "增量：由{one}至{other}"),
    "increment": Both("Increment", "增量"),
    "larger": Both("Larger increment", "增量较大者"),
    "equal": Both("equal", "相等"),
    "probability": Both("Probability of “{name}”", "“{name}”的概率"),
}

POOLING: dict[str, Both] = {
    "intro": Both(
        "Cases may take their explanation from a pool common to all, from a pool of their group, or from one of their "
        "own. How far they share is stated beforehand as a prior and learned from the evidence.",
        "案例的解释可以取自所有案例共有的解释池、所属组的解释池，或案例自有的解释池。共有到什么程度，事先以先验陈明，再由证据更新。",
    ),
    "none": Both(
        "At face value nothing is learned about what the cases share: pooling by the profile's prior moves the "
        "probabilities (second column of each case's table), and that is all.",
        "按面值无从得知各案例有何共性：依先验设定合并只会使概率有所变动（见各案例表格第二列），仅此而已。",
    ),
    "same-some": Both(
        "Drawn are the ten pairs that the evidence moved most; the table has all.",
        "图中为证据使之变动最大的十对，全部见表格。",
    ),
    "same-caption": Both("Probability that two cases have the same explanation", "两个案例具有同一种解释的概率"),
    "levels-caption": Both("Expected share of each pooling level", "各合并层次的期望份额"),
    "counts-caption": Both("Probability that exactly so many cases are explained by it", "恰好说明若干个案例的概率"),
    "joint-caption": Both("Joint explanations of all cases, most probable first", "全部案例的联合解释，由最可能者起"),
    "unseen-caption": Both(
        "Probability of each explanation in a case not yet seen, by its groups",
        "尚未考察的案例中各种解释的概率，按其所属组",
    ),
    "pair": Both("{one} – {other}", "{one}—{other}"),
    "shift-desc": Both(
        "{name}: {prior} before, {posterior} after the evidence.", "{name}：先验{prior}，后验{posterior}。"
    ),
    "by-level": Both("By {factor}", "按{factor}"),
}

EVIDENCE: dict[str, Both] = {
    "intro": Both(
        "Every observation, grouped by case and cluster, from its line in the study's folder to its decibels. Weights "
        "are of the focal explanation, “{focal}”, over each rival: a plus sign favours the focal explanation, a minus "
        "sign the rival. A correction that changes nothing in a cluster is left out of its ledger.",
        "全部观察，按案例和证据簇排列，从研究文件夹中的行号直到分贝数。权重均为焦点解释“{focal}”相对于各竞争解释：正号支持焦点解释，"
        "负号支持竞争解释。对某簇毫无影响的修正，不列入其账目。",
    ),
    "ledger-caption": Both("{cluster}: ledger (dB)", "{cluster}：权重账目（分贝）"),
    "weights-caption": Both("Weights (dB)", "权重（分贝）"),
    "over-rival": Both("over {rival}", "相对于{rival}"),
    "members": Both("{title} and {more}", "{title}等"),
    "split": Both(
        "Where a cluster spans cases it is split by case.",
        "跨案例的证据簇按案例拆分。",
    ),
    "no-left-out": Both(
        "What a cluster loses without an observation is known only from the model.",
        "剔除某条观察后证据簇减少多少，只有模型才能给出。",
    ),
}

CODERS: dict[str, Both] = {
    "intro": Both(
        "A leaning moves every weight that a coder states towards an explanation, whatever is observed; the scale says "
        "whether the coder's numbers run larger or smaller than the others', noise how far one stated weight scatters.",
        "倾向会使编码者给出的每一个权重都偏向某种解释，与观察到什么无关；尺度表明该编码者的数字比他人偏大还是偏小，噪声表明单个所述权重的离散程度。",
    ),
    "face": Both(
        "At face value coders are averaged. Nothing was learned about their leanings, scales or noise.",
        "按面值只对编码者取平均，对其倾向、尺度和噪声一无所知。",
    ),
    "caption": Both(
        "What was stated and what was learned, by coder; the difference from the mean of the others is a root mean "
        "square over observations and pairs of explanations",
        "各编码者所述与由此得知的情况；与其余编码者均值之差，为对各观察、各对解释所取的均方根",
    ),
    "leaning-caption": Both("Leaning of each coder towards each explanation", "各编码者对各种解释的倾向"),
    "leaning-zero": Both("no leaning", "无倾向"),
    "disputed-caption": Both(
        "Observations on which the coders differ most, with the weights they stated (dB); in each cell, from left to "
        "right: {coders}",
        "编码者分歧最大的观察及其所述权重（分贝）；每格自左至右为：{coders}",
    ),
    "disputed-stated": Both("Weights stated for the focal explanation", "对焦点解释所述的权重"),
}

HEALTH: dict[str, Both] = {
    "no-findings": Both("Nothing to report.", "没有需要提示之处。"),
    "diverged-none": Both("No transition of the sampler diverged.", "抽样未出现发散转移。"),
    "diverged-some": Both(
        "Some transitions of the sampler diverged: parts of the posterior may have been missed.",
        "抽样出现了发散转移：后验分布的某些部分可能未被探及。",
    ),
    "mixing": Both(
        "The chains agree: the highest R-hat is {r_hat} (1.01 or less is wanted), and the smallest effective sample "
        "size is {bulk} in the bulk and {tail} in the tails (400 or more is wanted).",
        "各链一致：R-hat最高为{r_hat}（宜不超过1.01），有效样本量最小为主体{bulk}、尾部{tail}（宜不少于400）。",
    ),
    "mixing-bad": Both(
        "The chains do not agree well enough: the highest R-hat is {r_hat} (1.01 or less is wanted), and the smallest "
        "effective sample size is {bulk} in the bulk and {tail} in the tails (400 or more is wanted). Sample longer "
        "before relying on the numbers of this report.",
        "各链的一致性不足：R-hat最高为{r_hat}（宜不超过1.01），有效样本量最小为主体{bulk}、尾部{tail}（宜不少于400）。"
        "在增加抽样之前，不宜依赖本报告中的数字。",
    ),
    "no-sampling": Both("Nothing was sampled: face value is exact.", "未作抽样：面值是精确计算的。"),
    "no-sampling-clues": Both(
        "Nothing was sampled: every way in which the cases may be explained was gone through.",
        "未作抽样：已逐一算遍各案例解释的所有可能组合。",
    ),
    "diagnostics-caption": Both("Every sampled quantity, worst R-hat first", "全部抽样量，R-hat最差者在前"),
}

REPRODUCTION: dict[str, Both] = {
    "intro": Both(
        "The file posterior.nc beside this page holds the study, the result and everything shown here. The same study, "
        "profile, set, seed and versions give the same result.",
        "与本页同一文件夹中的posterior.nc含有研究本身、结果以及此处展示的全部内容。研究、先验设定、假设集、种子和版本相同，结果便相同。",
    ),
    "digest": Both("Digest of the study (SHA-256)", "研究摘要值（SHA-256）"),
    "kind": Both("Kind of result", "结果类型"),
    "profile": Both("Profile of priors", "先验设定"),
    "why": Both("Its reason", "其理由"),
    "prior": Both("Prior", "先验"),
    "kappa": Both("Concentration of the pools (κ)", "解释池的集中度（κ）"),
    "leaning": Both("Leaning common to all coders (dB per contrast)", "编码者共有的倾向（分贝，每一对比）"),
    "selectivity": Both("Selectivity", "取舍程度"),
    "favours": Both("Selection would favour", "若有取舍，所偏向的解释"),
    "set": Both("Set of explanations", "假设集"),
    "version": Both("bayestrace", "bayestrace"),
    "format": Both("Format of the result", "结果格式"),
    "settings": Both("Settings", "设置"),
    "versions": Both("Versions", "版本"),
    "draws": Both("draws per chain", "每链抽样数"),
    "chains": Both("chains", "链数"),
    "tune": Both("tuning steps", "预热步数"),
    "target_accept": Both("target acceptance", "目标接受率"),
    "seed": Both("seed", "种子"),
    "sampler": Both("sampler", "抽样方式"),
    "about_mode": Both("about the mode", "围绕众数抽样"),
    "coders": Both("coders", "编码者"),
    "thinned": Both("draws kept", "保留的抽样数"),
}

#: Each of these is said in the language that it speaks of.
LANGUAGE: dict[str, Both] = {
    "name": Both("English", "中文"),
    "needs": Both(
        "This report is here in English too, for browsers that run its script; or write it with "
        "`bayestrace report --lang en`.",
        "本报告另有中文版，就在本文件之内，须由浏览器运行其脚本方可切换；亦可用`bayestrace report --lang zh`单独生成。",
    ),
}

SENTENCES: dict[str, Both] = {}
for _prefix, _sentences in (
    ("answer", ANSWER),
    ("case", CASES),
    ("mech", MECHANISM),
    ("time", TIMELINE),
    ("clue", CLUES),
    ("inc", INCREMENTS),
    ("pool", POOLING),
    ("evid", EVIDENCE),
    ("obs", OBSERVATIONS),
    ("coder", CODERS),
    ("health", HEALTH),
    ("repl", REPLICATES),
    ("sens", SENSITIVITY),
    ("live", LIVE),
    ("many", MANY),
    ("repro", REPRODUCTION),
    ("language", LANGUAGE),
):
    SENTENCES |= {f"{_prefix}-{key}": both for key, both in _sentences.items()}
