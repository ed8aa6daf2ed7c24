"""What each key of the YAML files means, as editors show it."""

from __future__ import annotations

from collections.abc import Mapping

from bayestrace.messages import Both, Lang

_NAME = Both("Its name, as people read it.", "供人阅读的名称。")
_WHY = Both("The reason, or where the numbers come from.", "理由，或数值的来历。")
_ASKS = Both("The question that it answers.", "它所回答的问题。")
_FOUND_IF = Both(
    "P(found | explanation) of every explanation: a number, a 90 % range [low, high], {mean, sd} or {alpha, beta}.",
    "每种解释之下找到它的概率：一个数、90% 区间 [下限, 上限]、{mean, sd} 或 {alpha, beta}。",
)
_STEP = Both("A step of the mechanism, by its name.", "机制的某一步骤（填名称）。")
_DOMAIN = Both("A domain that study.yaml lists.", "study.yaml 所列的领域。")
_DIRECTION = Both("How the step's variable moved: up, down or none.", "该步骤变量的走向：up、down 或 none。")
_SEARCH = Both("Probability that the search finds it, if it is there; 1.", "若存在，查找能找到它的概率；默认 1。")

_WORDED: Mapping[str, Both] = {
    "Declaration.bayestrace": Both("Version of this format: 1.", "文件格式版本：1。"),
    "Declaration.id": Both("Short name of the study: letters, digits, . _ -", "研究的简短代号：字母、数字、. _ -"),
    "Declaration.title": Both("Title of the report.", "报告的标题。"),
    "Declaration.question": Both("The question that the study answers.", "研究所要回答的问题。"),
    "Declaration.notice": Both("Shown wherever the codings speak.", "凡引用编码之处均予显示的说明。"),
    "Declaration.about": Both("The source whose thesis is studied, by its id.", "所检验论点出自的文献（填文献 id）。"),
    "Declaration.focal": Both(
        "The explanation the study is about; for wording only, no number depends on it.",
        "焦点解释，即研究所关注的解释；只影响行文，不影响任何数值。",
    ),
    "Declaration.theories": Both(
        "Explanations that may hold together, two to five, in the place of hypotheses.",
        "可以并存的理论，二至五种，用以代替 hypotheses。",
    ),
    "Declaration.nested": Both(
        "Pairs [narrow, broad]: where the first theory holds, the second does.",
        "成对的 [窄, 宽]：前一理论成立则后一理论必成立。",
    ),
    "Declaration.joint_likelihood": Both(
        "What holds of theories together where a coder leaves that out.", "编码者未说明时，多种理论并存之下如何取值。"
    ),
    "Declaration.hypotheses": Both(
        "Explanations of one case that exclude each other.", "对一个案例互相排斥的各种解释。"
    ),
    "Declaration.sets": Both("Choices of hypotheses to compare.", "供比较的假设集。"),
    "Declaration.default_set": Both("The set that is taken if none is named.", "未指明时采用的假设集。"),
    "Declaration.factors": Both("Ways in which cases are grouped.", "案例分组的依据。"),
    "Declaration.cases": Both(
        "The cases; others may stand in evidence/cases.csv.", "各案例；也可写在 evidence/cases.csv 中。"
    ),
    "Declaration.mechanism": Both("Steps from cause to outcome, and what is predicted.", "由因到果的步骤及其预测。"),
    "Declaration.clusters": Both(
        "Groups of observations that are not independent news; others may stand in evidence/clusters.csv.",
        "证据簇：并非互相独立的观察所成的组；也可写在 evidence/clusters.csv 中。",
    ),
    "Declaration.actors": Both("Who acts.", "行为体。"),
    "Declaration.reliability": Both(
        "Probability that what a source of each type reports is so.", "各类来源所述属实的概率。"
    ),
    "Declaration.scale": Both("Words for weights of evidence.", "描述证据权重的用词。"),
    "Declaration.coders": Both("Who weighs the evidence.", "评估证据的编码者。"),
    "Declaration.round": Both(
        "The round of coding that counts: 2 where coders stated anew after a discussion; 1.",
        "采用第几轮编码：讨论后重新赋权者为 2；默认 1。",
    ),
    "Declaration.attributes": Both("What is known of every case beforehand.", "事先已知的案例特征。"),
    "Declaration.clues": Both("Questions put to many cases.", "对多个案例提出的同一问题（线索）。"),
    "Declaration.clue_reading": Both(
        "together: clues and observations make one answer; beside: clues are read apart.",
        "together：线索与观察合为一个结果；beside：线索另作一读。",
    ),
    "Declaration.dependence": Both("Pairs of clues that go together.", "彼此相关的线索对。"),
    "Declaration.chosen": Both(
        "That cases were chosen because of how one clue came out.", "案例因某一线索的结果而入选。"
    ),
    "Declaration.estimands": Both("Sums over shares of explanations.", "各解释所占份额的加权和。"),
    "Anchor.word": Both("The word.", "用词。"),
    "Anchor.db": Both("Decibels from which it holds; the first from 0.", "自多少分贝起适用；首词自 0 起。"),
    "Attribute.name": _NAME,
    "Attribute.values": Both("The values that it may have.", "可取的各值。"),
    "Case.name": _NAME,
    "Case.groups": Both("Its group of every factor.", "该案例在每个因素上所属的组。"),
    "Case.dates": Both("The time it spans: first/last.", "时间跨度：起/止。"),
    "Case.attributes": Both("Its value of each attribute.", "该案例在各特征上的值。"),
    "Case.count": Both("How many cases alike it stands for; 1.", "代表多少个相同的案例；默认 1。"),
    "Chosen.because_of": Both("The clue.", "线索。"),
    "Chosen.why": _WHY,
    "Clue.asks": Both("The question that finding it answers.", "找到它即回答的问题。"),
    "Clue.found_if": _FOUND_IF,
    "Clue.given": Both("An attribute or clue that the probabilities depend on.", "概率所依赖的特征或线索。"),
    "Clue.found_if_given": Both("The same, under every value of that.", "同上，在其每个取值之下。"),
    "Clue.step": _STEP,
    "Clue.domain": _DOMAIN,
    "Clue.direction": _DIRECTION,
    "Clue.why": _WHY,
    "Coder.name": _NAME,
    "Coder.standpoint": Both("Where the coder stands, in a sentence.", "编码者的立场，一句话。"),
    "Coder.language": Both("Language of the coder's notes.", "编码者备注所用的语言。"),
    "Dependence.clues": Both("The two clues.", "两条线索。"),
    "Dependence.correlation": Both(
        "Their correlation: of all explanations, or of each.", "两者的相关系数：总体或逐解释。"
    ),
    "Estimand.name": _NAME,
    "Estimand.shares": Both("The factor of each explanation's share.", "各解释份额的系数。"),
    "Factor.name": _NAME,
    "Factor.groups": Both("The groups, by name.", "各组（名称与说明）。"),
    "Hypothesis.name": _NAME,
    "Hypothesis.claim": Both("What it says, in a sentence or two.", "其主张，一两句话。"),
    "HypothesisSet.name": _NAME,
    "HypothesisSet.hypotheses": Both("Two hypotheses or more, by name.", "两个或更多假设（填名称）。"),
    "Mechanism.steps": Both("The steps, in order.", "依次各步骤。"),
    "Mechanism.arrows": Both("Pairs [step, next step].", "成对的 [步骤, 下一步骤]。"),
    "Mechanism.domains": Both("Fields to which observations belong.", "观察所属的领域。"),
    "Mechanism.predictions": Both("Directions that a theory predicts.", "理论预测的走向。"),
    "Prediction.name": _NAME,
    "Prediction.statement": Both("The prediction in words.", "预测的文字表述。"),
    "Prediction.cases": Both("The cases that it is about.", "所涉案例。"),
    "Prediction.directions": Both("The direction of each step: up, down or none.", "各步骤的走向：up、down 或 none。"),
    "Step.name": _NAME,
    "Step.asks": _ASKS,
    "Text.en": Both("In English.", "英文。"),
    "Text.zh": Both("In Chinese; may be left out.", "中文，可省略。"),
    "VerbalScale.name": _NAME,
    "VerbalScale.anchors": Both("The words, weakest first.", "各用词，由弱到强。"),
    "Evidence.id": Both("Its name, by which coders refer to it.", "观察的代号，编码者以此引用。"),
    "Evidence.step": _STEP,
    "Evidence.domain": _DOMAIN,
    "Evidence.direction": _DIRECTION,
    "Evidence.date": Both("Year, month, day, or first/last.", "年、月、日，或 起/止。"),
    "Evidence.title": Both("A few words.", "简短标题。"),
    "Evidence.claim": Both("What was observed, in a sentence.", "观察到的事实，一句话。"),
    "Evidence.actors": Both("Who acts, by name.", "行为体（填名称）。"),
    "Evidence.source": Both("The source, by its id in sources.json.", "来源（sources.json 中的 id）。"),
    "Evidence.source_type": Both("Its type, as reliability lists them.", "来源类型（reliability 所列）。"),
    "Evidence.cluster": Both("The group whose members are not independent news.", "所属的非独立观察组。"),
    "Evidence.reliability": Both(
        "Probability that it is so; else that of its type.", "属实的概率；默认取其来源类型之值。"
    ),
    "Evidence.reliability_note": Both("Why that probability.", "取该概率的理由。"),
    "Evidence.note_private": Both(
        "true: its notes weigh nothing and are in no file that is handed out.", "true：其说明不出现在任何对外文件中。"
    ),
    "Evidence.private": Both(
        "true: it weighs like any other, and its text is in no file that is handed out.",
        "true：照常计入权重，但其文字不出现在任何对外文件中。",
    ),
    "Evidence.note": Both("Anything a reader should know.", "读者应知的说明。"),
    "Evidence.context": Both("true: shown, weighs nothing.", "true：只作背景，不计权重。"),
    "Evidence.effect_of": Both("Observations that are said to have caused it.", "据称引起它的其他观察。"),
    "PriorProfile.name": _NAME,
    "PriorProfile.why": Both("Why someone would start from here.", "为何可以从此立场出发。"),
    "PriorProfile.prior": Both(
        "equal, or a weight for each hypothesis; weights are made to add up to 1.",
        "equal，或每个假设的权重；权重会归一。",
    ),
    "PriorProfile.pooling": Both("How far cases may share their explanation.", "各案例在多大程度上共享解释。"),
    "PriorProfile.leaning_db": Both(
        "Standard deviation of a leaning common to all coders, in decibels.", "全体编码者共同倾向的标准差，分贝。"
    ),
    "PriorProfile.selectivity": Both("Probability that contrary evidence was left out.", "不利证据被略去的概率。"),
    "PriorProfile.selection_favours": Both("The explanation selected for.", "因取舍而受益的解释。"),
    "Pooling.levels": Both(
        "Weight of every level at which cases may share, or of each: common, factors, own.",
        "各共享层次的权重，或逐层填写：common、各因素、own。",
    ),
    "Pooling.kappa": Both(
        "How near cases of one pool are to each other: a number, or the ends of a range.",
        "同一解释池内案例相近的程度：一个数，或区间两端。",
    ),
    "Candidate.title": Both("A few words.", "简短标题。"),
    "Candidate.asks": _ASKS,
    "Candidate.cases": Both("Where it would be sought; every case if left out.", "在哪些案例中查找；省略则为全部。"),
    "Candidate.step": _STEP,
    "Candidate.domain": _DOMAIN,
    "Candidate.found_if": _FOUND_IF,
    "Candidate.search": _SEARCH,
    "Candidate.cost": Both("In any unit, the same for all; 1.", "成本，单位不限，各项一致；默认 1。"),
    "Candidate.why": _WHY,
    "evidence.case": Both("The case that these observations are of.", "这些观察所属的案例。"),
    "evidence.observations": Both("The observations, in any order.", "各项观察，次序不限。"),
    "candidates.candidates": Both("Evidence that might be sought next, by name.", "接下来可寻找的证据（以名称为键）。"),
}

#: What a key means, by model and field.
DESCRIBED: Mapping[str, Mapping[Lang, str]] = {key: {"en": both.en, "zh": both.zh} for key, both in _WORDED.items()}

#: What each kind of file is.
TITLES: Mapping[str, Mapping[Lang, str]] = {
    "study": {"en": "study.yaml of a bayestrace study", "zh": "bayestrace 研究的 study.yaml"},
    "evidence": {
        "en": "The observations of one case, evidence/<case>.yaml",
        "zh": "一个案例的观察，evidence/<案例>.yaml",
    },
    "priors": {
        "en": "A standpoint before the evidence, priors/<name>.yaml",
        "zh": "考察证据之前的立场，priors/<名称>.yaml",
    },
    "candidates": {
        "en": "Evidence that might be sought next, candidates.yaml",
        "zh": "接下来可寻找的证据，candidates.yaml",
    },
}
