"""What the page of a large study says of itself: a summary, of how much, chosen how, and where the rest is."""

from bayestrace.messages.wording import Both

#: Words that stand in the page; what is between backticks is a command.
MANY: dict[str, Both] = {
    "cut": Both(
        "This page is a summary: the study has {cases} cases and {observations} observations, too many for a page. "
        "What is said of all cases together rests on all of them. Shown in full are {shown} of the {cases} cases, "
        "with {shown_observations} of the {observations} observations: cases evenly spaced from the one whose "
        "leading explanation is least probable to the one whose leading explanation is most probable, whichever it "
        "is. The rest is in posterior.nc; summary.json has the answer of every case, and "
        "`bayestrace appendix --csv DIR` writes all cases and observations as tables.",
        "本页是摘要：本研究有{cases}个案例、{observations}条观察，一个网页无法全部展示。关于全部案例的结论均以全部案"
        "例为据。完整展示的是{cases}个案例中的{shown}个，以及{observations}条观察中的{shown_observations}条：将案例按"
        "居首解释的概率由低到高排列，等距选取，而不论居首的是哪一种解释。其余内容见posterior.nc；summary.json载有每个"
        "案例的结果，`bayestrace appendix --csv DIR`可将全部案例与观察写成表格。",
    ),
    "cut-clues": Both(
        "This page is a summary: the study has {cases} cases, too many for a page. What is said of all cases "
        "together rests on all of them. Shown in full are {shown} of the {cases} cases, evenly spaced from the one "
        "whose leading explanation is least probable to the one whose leading explanation is most probable, "
        "whichever it is. The rest is in posterior.nc; summary.json has the answer of every case, and "
        "`bayestrace appendix --csv DIR` writes all cases as tables.",
        "本页是摘要：本研究有{cases}个案例，一个网页无法全部展示。关于全部案例的结论均以全部案例为据。完整展示的是其"
        "中{shown}个：将案例按居首解释的概率由低到高排列，等距选取，而不论居首的是哪一种解释。其余内容见posterior.nc"
        "；summary.json载有每个案例的结果，`bayestrace appendix --csv DIR`可将全部案例写成表格。",
    ),
    "try": Both(
        "A page does not carry the draws of a study of this size, so nothing can be changed here. A command answers "
        "instead: `bayestrace update --profile NAME` with another prior or other pooling, which the file "
        "priors/NAME.yaml states; `bayestrace update --coders A,B` with some of the coders; `bayestrace sensitivity` "
        "says what would change the answer.",
        "这样规模的研究，网页不附带其抽样，因而此处无法改动设定，请改用命令：`bayestrace update --profile NAME`采用另"
        "一先验或合并方式（由priors/NAME.yaml给出）；`bayestrace update --coders A,B`只计入部分编码者；"
        "`bayestrace sensitivity`说明什么会改变结论。",
    ),
    "cases": Both(
        "Shown here are {shown} of the {cases} cases, evenly spaced from the least to the most certain by the "
        "probability of the explanation that leads. The answer of every case is in summary.json, all else in "
        "posterior.nc.",
        "此处展示{cases}个案例中的{shown}个，按居首解释的概率由低到高等距选取。每个案例的结果见summary.json，其余内容"
        "见posterior.nc。",
    ),
    "mechanism": Both(
        "Steps, domains and timelines are those of {shown} of the {cases} cases, evenly spaced from the least to the "
        "most certain. Those of the others are in posterior.nc (group mechanism); `bayestrace appendix --csv DIR` "
        "writes all observations as tables.",
        "步骤、领域与时间线均取自{cases}个案例中的{shown}个，按居首解释的概率由低到高等距选取。其余案例见posterior.nc"
        "（mechanism组）；`bayestrace appendix --csv DIR`可将全部观察写成表格。",
    ),
    "clues": Both(
        "What came of each search is shown for {shown} of the {cases} cases, evenly spaced from the least to the "
        "most certain; what the clues are worth rests on all. The other searches are in posterior.nc (group clues).",
        "各次查找的结果只展示{cases}个案例中的{shown}个，按居首解释的概率由低到高等距选取；线索的效力以全部案例为据。"
        "其余查找结果见posterior.nc（clues组）。",
    ),
    "pooling": Both(
        "Levels, numbers of cases and the case not yet seen rest on all {cases} cases. Pairs of cases are those "
        "among the {shown} that are shown in full, evenly spaced from the least to the most certain; all pairs are "
        "in posterior.nc (group joint).",
        "层次、案例数目与尚未考察的案例，均以全部{cases}个案例为据。两两对照仅限完整展示的{shown}个案例，按居首解释的"
        "概率由低到高等距选取；全部配对见posterior.nc（joint组）。",
    ),
    "evidence": Both(
        "Shown here are {shown_observations} of the {observations} observations: those of the {shown} cases that are "
        "shown in full, evenly spaced from the least to the most certain. The others are in posterior.nc; "
        "`bayestrace appendix --csv DIR` writes all of them as tables.",
        "此处展示{observations}条观察中的{shown_observations}条，即完整展示的{shown}个案例的观察，案例按居首解释的概"
        "率由低到高等距选取。其余观察见posterior.nc；`bayestrace appendix --csv DIR`可将其全部写成表格。",
    ),
    "evidence-intro": Both(
        "The observations shown, grouped by case and cluster, from their lines in the study's folder to their "
        "decibels. Weights are of the focal explanation, “{focal}”, over each rival: a plus sign favours the focal "
        "explanation, a minus sign the rival. A correction that changes nothing in a cluster is left out of its "
        "ledger.",
        "所展示的观察，按案例和证据簇排列，从研究文件夹中的行号直到分贝数。权重均为焦点解释“{focal}”相对于各竞争解"
        "释：正号支持焦点解释，负号支持竞争解释。对某簇毫无影响的修正，不列入其账目。",
    ),
    "observed": Both("The observations shown", "所展示的观察"),
    "sources": Both(
        "Sources of what is shown, in APA style and in that of GB/T 7714", "所展示内容的来源，APA与GB/T 7714两种格式"
    ),
    "coders": Both(
        "What was learned of the coders rests on all {observations} observations. The most disputed observations are "
        "those among the {shown_observations} that are shown; the spread of every one is in posterior.nc (group "
        "coders).",
        "关于编码者的结论以全部{observations}条观察为据。“分歧最大的观察”只从所展示的{shown_observations}条中选出；"
        "每条观察的离散度见posterior.nc（coders组）。",
    ),
    "sensitivity": Both(
        "What would change the answer is asked of few of so many cases, by `bayestrace sensitivity`, which prints it "
        "too; posterior.nc keeps it (group sensitivity). It is left out here where it has not been asked, or where the "
        "cases shown have more observations than there is room for.",
        "案例如此之多，敏感性分析只对其中少数案例进行，由`bayestrace sensitivity`计算并显示，存入posterior.nc"
        "（sensitivity组）。尚未计算，或所展示案例的观察过多时，本页不予展示。",
    ),
    "sensitivity-shown": Both(
        "What would change the answer was asked of the {shown} cases that are shown in full, each by itself; what all "
        "{cases} cases have taught of coders and signal is kept.",
        "敏感性分析只针对完整展示的{shown}个案例，逐案进行；从全部{cases}个案例中估得的编码者特征与信号强度保持不变。",
    ),
    "health": Both(
        "Of the findings of one kind the first {listed} are shown, and of the names in one finding the first "
        "{listed}; findings left out: {findings}. summary.json has all.",
        "同一种提示只列前{listed}条，一条提示中的名称只列前{listed}个；未列出的提示：{findings}条。全部提示见"
        "summary.json。",
    ),
    "reproduction": Both(
        "The study itself is not in this page; posterior.nc holds it. What can be downloaded here is of the {shown} "
        "cases and {shown_observations} observations that are shown in full; `bayestrace appendix --csv DIR` writes "
        "all.",
        "本页不含研究全文，研究全文见posterior.nc。此处可下载的仅为完整展示的{shown}个案例和{shown_observations}条观"
        "察；`bayestrace appendix --csv DIR`可写出全部内容。",
    ),
    "reproduction-clues": Both(
        "The study itself is not in this page; posterior.nc holds it. What can be downloaded here is of the {shown} "
        "cases that are shown in full; `bayestrace appendix --csv DIR` writes all.",
        "本页不含研究全文，研究全文见posterior.nc。此处可下载的仅为完整展示的{shown}个案例；"
        "`bayestrace appendix --csv DIR`可写出全部内容。",
    ),
    "partly": Both(
        "Of {case} {shown} of {observations} observations are shown: whole clusters, those first that weigh most "
        "between the leader and its closest rival, whichever of the two they favour. The bars of its waterfall are "
        "these; the last bar is all of its evidence.",
        "{case}共有{observations}条观察，展示其中{shown}条：以证据簇为单位，优先选取在居首解释与其最接近的竞争解释之"
        "间权重最大者，而不论有利于哪一方。瀑布图中的横条即为这些证据，最后一条为其全部证据。",
    ),
    "focal-nowhere": Both(
        "The focal explanation, “{focal}”, leads in no case; it is expected to cover {share} of the cases.",
        "焦点解释“{focal}”在所有案例中均不居首；预计它能说明{share}的案例。",
    ),
    "shares": Both(
        "Share of the cases that each explanation is expected to cover, and in which it leads",
        "每种解释预计能说明的案例所占比例，以及它居首的案例所占比例",
    ),
    "shares-of": Both("These are shares of {counted} cases.", "以上比例以{counted}个案例计。"),
    "expected": Both("expected share, with its 94 % interval", "预计比例，附94%区间"),
    "expected-exact": Both("expected share", "预计比例"),
    "led": Both("share of the cases in which it leads", "居首案例所占比例"),
    "c-leads": Both("Cases in which it leads", "居首的案例数"),
    "c-share": Both("Expected share", "预计比例"),
    "distribution": Both(
        "How sure the cases are: number of cases by the probability of the explanation that leads in them",
        "各案例的确定程度：按居首解释的概率划分的案例数",
    ),
    "across": Both("probability of the leading explanation", "居首解释的概率"),
    "up": Both("cases", "案例数"),
    "bin": Both("{low} to {high}", "{low}至{high}"),
    "quantiles": Both(
        "Quantiles over all cases: probability of the explanation that leads, and its weight over its closest rival",
        "全部案例的分位数：居首解释的概率，及其对最接近的竞争解释的权重",
    ),
    "c-quantile": Both("Cases at or below", "不高于此值的案例"),
    "lowest": Both("lowest", "最低"),
    "highest": Both("highest", "最高"),
    "c-number": Both("Number of cases", "案例数"),
    "all": Both("All {cases} cases, in the order of the study", "全部{cases}个案例，按研究中的顺序"),
    "all-elsewhere": Both(
        "A table of all {cases} cases would be too long for a page. summary.json has the answer of each.",
        "全部{cases}个案例列成表格过长，本页不予展示。每个案例的结果见summary.json。",
    ),
    "overview": Both("The {shown} cases that are shown in full", "完整展示的{shown}个案例"),
    "more": Both("and {number} more", "等，另有{number}个"),
}

#: In the place of words that the script says of downloads (`bayestrace.report.wording.live`).
SPOKEN: dict[str, Both] = {
    "take-probabilities": Both("Probabilities of the cases shown (CSV)", "所展示案例的概率（CSV）"),
    "take-evidence": Both("Evidence shown, and weights (CSV)", "所展示的证据与权重（CSV）"),
    "take-study": Both(
        "The study itself is not in this page: posterior.nc holds it.", "本页不含研究全文，研究全文见posterior.nc。"
    ),
}
