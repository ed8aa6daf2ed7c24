"""What the sheet `Read me` of a workbook says."""

from __future__ import annotations

from collections.abc import Mapping

from bayestrace.messages import Lang

HEADINGS: Mapping[Lang, tuple[str, str]] = {"en": ("Sheet", "What it holds"), "zh": ("工作表", "内容")}

TEXTS: Mapping[Lang, tuple[str, ...]] = {
    "en": (
        (
            "This workbook is a whole study. `bayestrace check FILE.xlsx` lists what is wrong with it, cell by cell; "
            "`bayestrace update FILE.xlsx` works out the answer and writes a report into the folder reports beside it."
        ),
        (
            "One row is one thing. The first row of a sheet holds the headings: leave them as they are. "
            "Columns that are not needed may be left empty or deleted; sheets of your own may bear any other name."
        ),
        (
            "Texts for people have a second column for Chinese, which ends in _zh and may stay empty. Several names in "
            "one cell have a semicolon between them: case-1; case-2."
        ),
        (
            "Names that other sheets point to (cases, steps, hypotheses, coders) are letters A–Z, digits, '.', '_' and "
            "'-'. Where names are asked for, cells offer those that there are."
        ),
        (
            "Weights of evidence are decibels: 10 dB is 10 to 1, 3 dB is 2 to 1, 0 dB favours neither, a minus sign "
            "favours the hypothesis under 'against'. low and high bound a range that is right 9 times in 10; "
            "both may stay empty."
        ),
        (
            "Do not merge cells. Formulas are read as the values that they came to when the workbook was saved. "
            "Rows that a filter hides are read like all others."
        ),
    ),
    "zh": (
        (
            "本工作簿即一项完整的研究。`bayestrace check FILE.xlsx` 逐格列出其中的错误；"
            "`bayestrace update FILE.xlsx` 计算结果，并把报告写入同处的 reports 文件夹。"
        ),
        "一行记一项。各表首行为列名，请勿改动。用不到的列可以留空或删除；也可另加名称不同的工作表。",
        "给人阅读的文字另有一列中文，列名以 _zh 结尾，可留空。同一单元格中的多个名称以分号隔开：case-1; case-2。",
        (
            "供其他表引用的名称（案例、步骤、假设、编码者）由英文字母、数字、'.'、'_'、'-' 组成。"
            "需填名称之处，单元格提供下拉选项。"
        ),
        (
            "证据权重以分贝表示：10 dB 即 10 比 1，3 dB 约为 2 比 1，0 dB 对两者不偏不倚，"
            "负号表示支持 against 一列的假设。low 与 high 是十次中有九次正确的区间，两者可同时留空。"
        ),
        "请勿合并单元格。公式按保存时的计算结果读取。被筛选隐藏的行与其他行一样读取。",
    ),
}

PURPOSES: Mapping[str, Mapping[Lang, str]] = {
    "Study": {
        "en": "Title, question, and every key that has no sheet of its own.",
        "zh": "标题、问题，以及没有单独工作表的各项。",
    },
    "Hypotheses": {"en": "Explanations that exclude each other.", "zh": "互相排斥的各种解释。"},
    "Theories": {
        "en": "Explanations that may hold together; the program makes the hypotheses of them.",
        "zh": "可以并存的各种理论；程序据此生成假设。",
    },
    "Sets": {"en": "Choices of hypotheses that are compared.", "zh": "供比较的假设集。"},
    "Factors": {
        "en": "Ways in which cases are grouped. A row with an empty group names the factor itself.",
        "zh": "案例分组的依据。group 留空的一行给出该因素本身的名称。",
    },
    "Attributes": {
        "en": "What is known of every case beforehand. A row with an empty value names the attribute itself.",
        "zh": "事先已知的案例特征。value 留空的一行给出该特征本身的名称。",
    },
    "Cases": {
        "en": "The cases, with a column for each factor and attribute.",
        "zh": "各案例；每个因素和特征各占一列。",
    },
    "Steps": {"en": "The steps of the mechanism.", "zh": "机制的各步骤。"},
    "Arrows": {"en": "Which step leads to which.", "zh": "步骤之间的先后联系。"},
    "Predictions": {"en": "Directions that a theory predicts, step by step.", "zh": "理论对各步骤方向的预测。"},
    "Domains": {"en": "Fields to which observations belong.", "zh": "观察所属的领域。"},
    "Clusters": {"en": "Observations that are not independent news.", "zh": "并非互相独立的观察。"},
    "Actors": {"en": "Who acts.", "zh": "行为体。"},
    "Coders": {"en": "Who weighs the evidence, and from which standpoint.", "zh": "由谁、从何种立场评估证据。"},
    "Reliability": {
        "en": "How probably what a source of each type reports is so, from 0 to 1.",
        "zh": "各类来源所述属实的概率，0 到 1。",
    },
    "Scale": {
        "en": "Words for weights: each holds from its decibels on, the first from 0.",
        "zh": "描述权重的用词：各词自所列分贝起适用，首词自 0 起。",
    },
    "Observations": {"en": "The evidence, a row an observation.", "zh": "证据，每行一项观察。"},
    "Sources": {
        "en": "What observations cite, in the keys of CSL-JSON. Authors: Family, Given; Family, Given.",
        "zh": "观察所引的文献，列名即 CSL-JSON 的键。作者写作：姓, 名; 姓, 名。",
    },
    "Weights": {
        "en": "What each coder weighs each observation at: a hypothesis against another, in decibels.",
        "zh": "各编码者对各观察所给的权重：一假设对另一假设，单位为分贝。",
    },
    "Probabilities": {
        "en": "Or how probable the observation is under each hypothesis, above 0 and up to 1.",
        "zh": "或各假设之下出现该观察的概率，大于 0、不超过 1。",
    },
    "Notes": {"en": "Why, in a coder's own words.", "zh": "编码者自述的理由。"},
    "Redundancy": {
        "en": "How far the observations of a cluster say one thing: 0 separate news, 1 the same.",
        "zh": "同一证据簇内观察的冗余度：0 为各自独立，1 为同一信息。",
    },
    "Clues": {
        "en": "Questions put to many cases, and how probable finding the clue is under each hypothesis.",
        "zh": "对多个案例提出的同一问题，以及各假设之下找到该线索的概率。",
    },
    "Searches": {"en": "What each search for a clue came to.", "zh": "每次查找线索的结果。"},
    "Candidates": {"en": "Evidence that might be sought next.", "zh": "接下来可寻找的证据。"},
    "Profiles": {"en": "Standpoints before the evidence.", "zh": "考察证据之前的各种立场。"},
}
