"""Every word of the appendix, English and Chinese."""

from __future__ import annotations

from bayestrace.messages import Both, speaker

WORDS: dict[str, Both] = {
    "title": Both("Appendix for transparent inquiry", "研究透明性附录"),
    "overview": Both("Data overview", "数据概述"),
    "question": Both("The question", "研究问题"),
    "about": Both("The thesis studied is that of:", "所考察的论点出自："),
    "explanations": Both("Cases and explanations", "案例与各种解释"),
    "generation": Both("How the data were generated", "数据的来源与收集"),
    "coding": Both("How the data were coded and analysed", "数据的编码与分析"),
    "logic": Both("The logic of annotation", "注释的思路"),
    "limits": Both("Limits", "局限"),
    "answer": Both("Tables of the analysis", "分析结果表"),
    "priors": Both("Priors", "先验"),
    "posteriors": Both("Posteriors", "后验"),
    "flips": Both("Flip points", "临界点"),
    "clues": Both("Clues", "线索"),
    "annotations": Both("Annotations", "注释"),
    "weights": Both("Stated weights", "所述权重"),
    "sources": Both("Sources", "来源"),
    "gap": Both("[Authors: {text}]", "【请作者撰写：{text}】"),
    "gap-words": Both(
        "passages in brackets like this one are to be written, or deleted. About 1,000 words are asked for in "
        "all; what the study itself tells below has {words}, its tables included.",
        "凡方括号标出之处均须由作者撰写或删去。全文要求约一千词；以下由研究文件填入的内容（含表格）共{words}字。",
    ),
    "gap-question": Both(
        "say in a few sentences what the article argues, and where it rests on the sources annotated here.",
        "请用几句话说明文章的论点，以及文章在何处依据此处所注释的资料。",
    ),
    "gap-generation": Both(
        "say how sources were looked for and chosen: archives, databases, search terms, interviews, languages, "
        "the time of the work; what was sought and not found; what could not be consulted.",
        "请说明资料如何查找与取舍：档案、数据库、检索词、访谈、语言、工作时间；查而未得者；未能查阅者。",
    ),
    "gap-coding": Both(
        "say who the coders are, how they were instructed, whether each worked alone, and what was done about "
        "disagreement.",
        "请说明编码者为何人、如何培训、是否各自独立编码、分歧如何处理。",
    ),
    "gap-logic": Both(
        "say why these passages are annotated and others are not. Where the words of a source may be quoted, put "
        "them in the place of the study's own wording under “Excerpt”.",
        "请说明为何注释这些段落而不注释其他段落。凡可引用资料原文之处，请在“摘录”中以原文替换研究自身的表述。",
    ),
    "gap-limits": Both(
        "say what may not be shared and why, what consent and protection of persons require, and what a reader "
        "cannot check.",
        "请说明哪些内容不能公开及其原因、知情同意与对当事人的保护有何要求、读者无法核查哪些内容。",
    ),
    "data": Both(
        "{observations} observations in {cases} cases, from {sources} sources⟦; dated ones lie between {first} "
        "and {last}⟧. {weigh} of them weigh in the analysis.",
        "{cases}个案例共{observations}条观察，取自{sources}条来源⟦；有日期者在{first}至{last}之间⟧。其中{weigh}条"
        "计入权重。",
    ),
    "data-context": Both(
        "{count} only sum up others: shown, and not weighed.",
        "{count}条只是对其他观察的概括，列出但不计权重。",
    ),
    "data-set-aside": Both("{count} are set aside as probably not so.", "{count}条很可能不实，未计入。"),
    "data-not-weighed": Both("{count} were weighed by nobody.", "{count}条无编码者赋权。"),
    "data-private": Both(
        "{observations} observations, {cited} sources and {notes} notes are private: they count, and are not shown.",
        "观察{observations}条、来源{cited}条、说明{notes}条不公开：照常计入，但不列出。",
    ),
    "data-clusters": Both(
        "{clusters} groups of two or more observations tell of one event or dispute; how far they repeat one "
        "another was stated by the coders and is taken off.",
        "有{clusters}个证据簇，簇内观察各出自同一事件或争端；其冗余度由编码者给出，并已扣除。",
    ),
    "data-types": Both("Observations by type of source: {list}.", "观察按资料类型：{list}。"),
    "data-languages": Both("Sources by language: {list}.", "来源按语言：{list}。"),
    "data-searches": Both(
        "{clues} clues were sought in the cases: {found} found, {missed} sought in vain, {open} not sought.",
        "在各案例中查找{clues}条线索：找到{found}次，查而未得{missed}次，未查找{open}次。",
    ),
    "coding-weights": Both(
        "{coders} coders stated how much each observation favours the explanation “{focal}” over each rival, "
        "as a weight of evidence in decibels: ten times the decimal logarithm of the likelihood ratio, so that "
        "10 dB is a ratio of 10. Words for weights: {words}.",
        "{coders}位编码者就每条观察陈述其在多大程度上支持“{focal}”而非各竞争解释，以分贝计：似然比取常用对数乘"
        "以10，10分贝即似然比为10。权重的文字表述：{words}。",
    ),
    "coding-model": Both(
        "Stated weights are taken as data of a hierarchical model: coders see the weight of evidence through "
        "noise, leaning and a scale of their own; observations of one event are redundant; a report may not be "
        "so; cases may share their explanation. Explanations: {set}. Prior profile: {profile}. Engine: "
        "bayestrace {version}, {chains} chains of {draws} draws, seed {seed}.",
        "所述权重被当作层次模型的数据：编码者各有噪声、倾向与尺度；同一事件的观察彼此冗余；所报未必属实；各案例可"
        "共有解释。假设集：{set}。先验设定：{profile}。软件：bayestrace {version}，{chains}条链，每条{draws}次抽"
        "样，种子{seed}。",
    ),
    "coding-face-value": Both(
        "The stated weights are added up as they are, without a model. Explanations: {set}. Prior profile: "
        "{profile}. Engine: bayestrace {version}.",
        "所述权重直接相加，未用模型。假设集：{set}。先验设定：{profile}。软件：bayestrace {version}。",
    ),
    "coding-clues": Both(
        "The answer follows from the clues alone: what was found and not found, and how probable each "
        "explanation makes finding it. Explanations: {set}. Prior profile: {profile}. Engine: bayestrace "
        "{version}.",
        "结论只由线索得出：找到与未找到者，以及各种解释之下找到的概率。假设集：{set}。先验设定：{profile}。软件："
        "bayestrace {version}。",
    ),
    "coding-digest": Both(
        "The study, as its report hands it out, has the SHA-256 digest {digest}.",
        "报告所提供的研究文件，其SHA-256摘要为{digest}。",
    ),
    "logic-facts": Both(
        "Every observation of the study is annotated, case by case, in the order of the study. An annotation has "
        "an analytic note (what the observation bears on, what it weighs and why, in the words of the coders), "
        "an excerpt (what is said to have been observed, in the study's words), a translation where the study "
        "has one, and the source. Ids such as {id} are those of the study's files and of the tables.",
        "研究中的每条观察均有注释，按案例、依研究中的次序排列。每条注释包括：分析说明（该观察与何相关、权重几何及"
        "编码者所述理由）、摘录（以研究自身的表述说明所观察到者）、译文（如有）和来源。{id}之类的代号即研究文件与"
        "各表所用的代号。",
    ),
    "limits-findings": Both("The program warns:", "程序给出如下提示："),
    "limits-notes": Both("{count} further notes stand in the report.", "另有{count}条说明，见报告。"),
    "note": Both("Analytic note", "分析说明"),
    "excerpt": Both("Excerpt", "摘录"),
    "translation": Both("Translation", "译文"),
    "source": Both("Source", "来源"),
    "bears": Both(
        "Bears on the step “{step}”⟦ ({domain})⟧; reported direction: {direction}⟦; dated {date}⟧⟦; actors: {actors}⟧.",
        "涉及步骤“{step}”⟦（{domain}）⟧；所报方向：{direction}⟦；日期：{date}⟧⟦；行为体：{actors}⟧。",
    ),
    "no-direction": Both("none", "无"),
    "weighs": Both(
        "The coders' mean weight of “{focal}” over {list}.",
        "编码者所述平均权重，“{focal}”相对于{list}。",
    ),
    "weight": Both("“{rival}”: {db} dB ({word}, {side})", "“{rival}”：{db}分贝（{word}，{side}）"),
    "for": Both("for it", "有利"),
    "against": Both("against it", "不利"),
    "neither": Both("neither way", "无偏向"),
    "not-weighed": Both("Nobody weighed it within these explanations.", "在所比较的解释之内无人赋权。"),
    "context": Both(
        "It only sums up others, and counts for nothing in the analysis.",
        "只是对其他观察的概括，分析中不计权重。",
    ),
    "set-aside": Both("It is probably not so, and is set aside in the analysis.", "很可能不实，分析中搁置不计。"),
    "left-out": Both(
        "After noise, redundancy and reliability are allowed for, its cluster would lose without it: {list}.",
        "计入噪声、冗余度与可靠性之后，若剔除此条，所属证据簇减少：{list}。",
    ),
    "left": Both("over “{rival}” {db} dB", "相对于“{rival}”{db}分贝"),
    "test": Both(
        "Kind of test, by the stated probabilities of finding it: {test} ({focal} under “{name}”, {rival} "
        "under its closest rival).",
        "检验类型（按所述找到它的概率）：{test}（“{name}”之下{focal}，最接近的竞争解释之下{rival}）。",
    ),
    "reliable": Both(
        "Type of source: {type}; held to be as reported with a probability of {reliability}.",
        "资料类型：{type}；所报属实的概率取{reliability}。",
    ),
    "follows": Both("Said to follow from: {list}.", "据称起因于：{list}。"),
    "rationale": Both("{coder}: {text}", "{coder}：{text}"),
    "not-public": Both("What it says is not made public.", "其内容不公开。"),
    "t-cases": Both("Cases", "案例"),
    "t-explanations": Both("Explanations compared; the focal one is marked *", "所比较的解释（*为焦点解释）"),
    "t-coders": Both("Coders", "编码者"),
    "t-priors": Both("Prior probabilities: {name}", "先验概率：{name}"),
    "t-posteriors": Both("Probability of each explanation, case by case", "各案例中各种解释的概率"),
    "t-weights": Both(
        "Stated weights, {case}: “{focal}” over each rival, in decibels",
        "所述权重（{case}）：“{focal}”相对于各竞争解释，分贝",
    ),
    "t-clues": Both("What each search for a clue came to", "各次线索查找的结果"),
    "n-posteriors": Both(
        "Face value: stated weights added up. Unpooled: the model, each case by itself. Pooled: cases may share "
        "their explanation; with its 94 % interval over the draws. Weight: of the case's evidence for the "
        "explanation against its closest rival.",
        "面值：所述权重直接相加。未合并：用模型，逐案分别估计。合并：各案例可共有解释，附94%区间。权重：本案例证"
        "据对该解释相对于最接近的竞争解释的权重。",
    ),
    "n-face": Both("Stated weights added up, case by case.", "所述权重逐案相加。"),
    "n-weights": Both(
        "Best guess, with the stated 90 % range in brackets. Where a coder stated probabilities, or compared "
        "other pairs, the weight follows from these, without a range. – not stated.",
        "最佳估计，方括号内为所述90%区间。编码者陈述概率或比较其他解释对时，权重由之推出，不附区间。–：未陈述。",
    ),
    "n-clues": Both(
        "Probability of finding: that the search would have found the clue had it been there.",
        "查得概率：若线索存在，此次查找能找到它的概率。",
    ),
    "c-case": Both("Case", "案例"),
    "c-id": Both("Id", "代号"),
    "c-name": Both("Name", "名称"),
    "c-dates": Both("Dates", "时段"),
    "c-groups": Both("Groups", "所属组"),
    "c-count": Both("Observations", "观察数"),
    "c-explanation": Both("Explanation", "解释"),
    "c-claim": Both("What it says", "主张"),
    "c-coder": Both("Coder", "编码者"),
    "c-standpoint": Both("Standpoint", "立场"),
    "c-prior": Both("Prior", "先验"),
    "c-face": Both("Face value", "面值"),
    "c-unpooled": Both("Unpooled", "未合并"),
    "c-pooled": Both("Pooled", "合并"),
    "c-interval": Both("94 % interval", "94%区间"),
    "c-weight": Both("Weight (dB)", "权重（分贝）"),
    "c-rival": Both("Closest rival", "最接近的竞争解释"),
    "c-observation": Both("Observation", "观察"),
    "c-clue": Both("Clue", "线索"),
    "c-outcome": Both("Outcome", "结果"),
    "c-search": Both("Probability of finding", "查得概率"),
    "c-note": Both("Note and source", "说明与来源"),
    "found": Both("found", "找到"),
    "not-found": Both("sought, not found", "查而未得"),
    "not-sought": Both("not sought", "未查找"),
    "excluded": Both("excluded", "已排除"),
    "profile": Both(
        "Pooling: concentration κ {kappa}. Leaning common to all coders: sd {leaning} dB. Selection: contrary "
        "clusters left out with a probability of {selectivity}.",
        "合并：集中度κ {kappa}。编码者共同倾向：标准差{leaning}分贝。取舍：不利证据簇被略去的概率为{selectivity}。",
    ),
    "flips-none": Both(
        "What would change the answer was not worked out for this result; `bayestrace sensitivity` does.",
        "本结果尚未计算什么会改变结论；可运行 bayestrace sensitivity。",
    ),
    "flips-change": Both("Another explanation would lead", "居首的解释会改变"),
    "flips-stay": Both("The leader stays", "居首的解释不变"),
    "comma": Both(", ", "、"),
    "semicolon": Both("; ", "；"),
    "colon": Both(": ", "："),
    "table": Both("Table {number}. ", "表{number}  "),
    "page-of": Both("Page", "页"),
    "count-of": Both("{name} {count}", "{name}{count}"),
    "from-db": Both("{word} from {db} dB", "{word}（{db}分贝起）"),
    "unknown-language": Both("not stated", "未注明"),
    "en": Both("English", "英文"),
    "zh": Both("Chinese", "中文"),
    "ja": Both("Japanese", "日文"),
    "ko": Both("Korean", "韩文"),
}

say = speaker(WORDS)
