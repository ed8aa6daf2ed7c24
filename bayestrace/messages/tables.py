"""Word the faults of the coders' tables: columns, cells, weights, probabilities."""

from bayestrace.messages.wording import Both, Wording

_ONE_CELL = Both("correct or delete one of the two rows", "请改正或删除其中一行")
_NO_CERTAINTY = Both(
    "nothing is impossible: state a small number such as 0.01, and in the notes why it is so small",
    "没有绝对不可能的事：请写一个小的数，例如 0.01，并在备注表中说明理由",
)
_PROBABILITY = Both("expected a probability above 0 and up to 1", "应为大于 0、不超过 1 的概率")
_TWO_NUMBERS = Both("expected two numbers above 0, such as 5:1 or 1:20", "应为两个大于 0 的数，例如 5:1 或 1:20")

TABLES: dict[str, Wording] = {
    "table-too-large": Wording(
        Both("the table has more than ⟦{columns} columns⟧⟦{cells} cells⟧", "表格超过 ⟦{columns} 列⟧⟦{cells} 个单元格⟧"),
        Both("expected no more than that", "不应超过此数"),
        Both("check that this is the right file", "请确认文件无误"),
    ),
    "more-faults": Wording(
        Both("{count} faults were found before this place", "此处之前已有 {count} 处错误"),
        Both("expected fewer; what follows was not looked at", "错误不应如此之多；其后未再检查"),
        Both(
            "correct those first; the same mistake may well have made them all",
            "请先改正这些错误；它们往往出于同一原因",
        ),
    ),
    "csv-quote-open": Wording(
        Both("a quotation mark is opened and not closed", "引号只有开头，没有结尾"),
        Both('expected a cell such as "one, two"', '单元格应写作 "one, two"'),
        Both('close it; a " inside the cell is written twice', '请补上引号；单元格内的 " 要写两次'),
    ),
    "csv-quote-text": Wording(
        Both("text follows a closing quotation mark", "结束引号之后还有文字"),
        Both("expected a comma or the end of the line", "其后应为逗号或行尾"),
        Both('write a " inside a cell twice', '单元格内的 " 请写两次'),
    ),
    "csv-separator": Wording(
        Both("cells parted by {found}", "单元格以 {found} 分隔"),
        Both("expected cells parted by commas", "应以英文逗号分隔"),
        Both('save as "CSV UTF-8 (comma delimited)"', "请另存为“CSV UTF-8（逗号分隔）”"),
    ),
    "column-unknown": Wording(
        Both("the column {found} is not known in this table", "此表没有 {found} 这一列"),
        Both("expected the columns {known}", "应有的各列：{known}"),
        Both("⟦did you mean {guess}? ⟧rename or delete the column", "⟦是否想写 {guess}？⟧请给该列改名或将其删除"),
    ),
    "column-missing": Wording(
        Both("the column {found} is missing", "缺少 {found} 这一列"),
        Both("expected the columns {known}", "应有的各列：{known}"),
        Both("add it to the first line, and a cell for it to every row", "请在首行补上该列，并在每行补上单元格"),
    ),
    "column-twice": Wording(
        Both("the column {found} stands twice", "{found} 一列出现两次"),
        Both("expected every column once", "每列只能出现一次"),
        Both("delete one", "请删除一列"),
    ),
    "cell-count": Wording(
        Both("a row of {count} cells", "该行有 {count} 个单元格"),
        Both("expected {wanted} cells, as in the first line", "应与首行一样有 {wanted} 个单元格"),
        Both(
            "add or take out a comma; put a cell that holds a comma between quotation marks",
            "请补上或去掉逗号；含逗号的单元格请加英文引号",
        ),
    ),
    "cell-empty": Wording(
        Both("the cell {column} is empty", "{column} 单元格是空的"),
        Both("expected a value in every row", "每行都应填写"),
        Both("fill it in, or delete the row", "请填写，或删除该行"),
    ),
    "cell-number": Wording(
        Both("found {found}", "写的是 {found}"),
        Both("expected a plain number, such as -3.5", "应为单纯的数字，例如 -3.5"),
        Both(
            "⟦write {point} if that is meant; ⟧write the number alone, with a point for decimals and without a unit",
            "⟦若指小数，请写作 {point}；⟧请只写数字，小数点用 `.`，不写单位",
        ),
    ),
    "unit-missing": Wording(
        Both("the number {found} without its unit", "数字 {found} 没有单位"),
        Both(
            "expected decibels or a ratio: `{found} dB` or `{found}:1`", "应为分贝或比值：`{found} dB` 或 `{found}:1`"
        ),
        Both("write the one that you mean; they differ", "两者含义不同，请写明是哪一种"),
    ),
    "weight-form": Wording(
        Both("found {found}", "写的是 {found}"),
        Both(
            "expected decibels (7 dB), a ratio (5:1, 1:20) or a word of the scale⟦: {known}⟧",
            "应为分贝（7 dB）、比值（5:1、1:20）或量表中的词⟦：{known}⟧",
        ),
        Both(
            "⟦write {point} if that is meant; ⟧⟦did you mean {guess}? ⟧write it in one of these ways",
            "⟦若指小数，请写作 {point}；⟧⟦是否想写 {guess}？⟧请用其中一种写法",
        ),
    ),
    "weight-not-finite": Wording(
        Both("the weight {found} is no finite number", "权重 {found} 不是有限的数"),
        Both("expected a number of decibels that can be written out", "应为可以写出的分贝数"),
        Both(
            "state a large number such as 30 dB, and in the notes why",
            "请写一个大的数，例如 30 dB，并在备注表中说明理由",
        ),
    ),
    "ratio-zero": Wording(
        Both("the ratio {found} has a zero", "比值 {found} 中有零"),
        _TWO_NUMBERS,
        Both(
            "nothing is impossible: state a lopsided ratio such as 1:1000, and in the notes why",
            "没有绝对不可能的事：请写一个悬殊的比值，例如 1:1000，并在备注表中说明理由",
        ),
    ),
    "ratio-negative": Wording(
        Both("the ratio {found} has a negative number", "比值 {found} 中有负数"),
        _TWO_NUMBERS,
        Both("write evidence against as 1:5, not as -5:1", "不利的证据请写作 1:5，不要写作 -5:1"),
    ),
    "weight-too-large": Wording(
        Both("the weight {found} is beyond {limit} dB", "权重 {found} 超出 {limit} 分贝"),
        Both(
            "expected from -{limit} to {limit} dB, which no evidence comes near",
            "应在 -{limit} 至 {limit} 分贝之间，任何证据都远不及此",
        ),
        Both(
            "look for a slip of the pen; a very strong observation weighs some 30 dB",
            "请检查是否笔误；极强的观察约为 30 分贝",
        ),
    ),
    "ratio-not-finite": Wording(
        Both("the ratio {found} is not finite", "比值 {found} 不是有限的数"),
        _TWO_NUMBERS,
        Both(
            "state a large ratio such as 1000:1, and in the notes why",
            "请写一个大的比值，例如 1000:1，并在备注表中说明理由",
        ),
    ),
    "likelihood-zero": Wording(
        Both("a probability of zero, {found}", "概率为零：{found}"),
        _PROBABILITY,
        _NO_CERTAINTY,
    ),
    "likelihood-negative": Wording(
        Both("a negative probability, {found}", "概率为负：{found}"),
        _PROBABILITY,
        Both("correct the number", "请改正"),
    ),
    "likelihood-above-one": Wording(
        Both("a probability above one, {found}", "概率大于一：{found}"),
        _PROBABILITY,
        Both("write 70 % as 0.7", "70% 请写作 0.7"),
    ),
    "likelihood-not-finite": Wording(
        Both("{found} is no finite number", "{found} 不是有限的数"),
        _PROBABILITY,
        Both("state the probability that you mean", "请写出具体的概率"),
    ),
    "redundancy-range": Wording(
        Both("the redundancy {found}", "冗余度写作 {found}"),
        Both(
            "expected a number from 0 (each observation is separate news) to 1 (all say the same)",
            "应为 0（各观察互为独立信息）到 1（全是同一信息）之间的数",
        ),
        Both("correct the number", "请改正"),
    ),
    "range-half": Wording(
        Both("{filled} is filled in and {column} is empty", "{filled} 已填写，而 {column} 为空"),
        Both("expected both ends of the 90 % range, or neither", "90% 区间的两端应同时填写，或同时留空"),
        Both("fill in {column}, or empty {filled}", "请填写 {column}，或清空 {filled}"),
    ),
    "range-order": Wording(
        Both("the numbers stand as {found}", "三个数依次为 {found}"),
        Both("expected low up to best, best up to high", "应为：下限不大于最佳值，最佳值不大于上限"),
        Both("sort the three; for weights below zero, -8 is lower than -3", "请按大小排列；负的权重中，-8 小于 -3"),
    ),
    "self-comparison": Wording(
        Both("{found} is compared with itself", "{found} 与自身相比较"),
        Both("expected two hypotheses", "应为两个不同的假设"),
        Both("correct one of the two", "请改正其中一个"),
    ),
    "pair-twice": Wording(
        Both(
            "{first} and {second} are compared again for {evidence}; line {line} did so already",
            "{evidence} 中 {first} 与 {second} 重复比较，第 {line} 行已经比较过",
        ),
        Both("expected every pair once, whichever comes first", "每一对假设只能比较一次，先后不论"),
        _ONE_CELL,
    ),
    "comparison-circle": Wording(
        Both("the comparisons for {evidence} go round in a circle: {found}", "{evidence} 的各项比较形成循环：{found}"),
        Both(
            "expected comparisons that branch without a circle, such as one hypothesis against each other one",
            "比较应不成环，例如以一个假设与其余各假设相比",
        ),
        Both("delete one of these comparisons: it follows from the others", "请删除其中一项比较：它可由其余各项推出"),
    ),
    "row-twice": Wording(
        Both("{found} stands here again; it stood on line {line} already", "{found} 重复，第 {line} 行已经写过"),
        Both("expected one row for each", "每项只能有一行"),
        _ONE_CELL,
    ),
    "declared-twice": Wording(
        Both("{found} is declared here again; it stands at {place} already", "{found} 重复声明，{place} 已经声明过"),
        Both(
            "expected each to be declared once, in study.yaml or in a table",
            "每项只应声明一次，写在 study.yaml 或表格之一中",
        ),
        Both("delete one of the two, or give it another name", "请删除其中一处，或另取名称"),
    ),
    "weights-and-probabilities": Wording(
        Both(
            "probabilities for {found}, which has weights at {place} already",
            "{found} 在 {place} 已有权重，此处又给出概率",
        ),
        Both("expected weights or probabilities of one observation, not both", "同一观察只能给权重或概率之一"),
        Both("delete one of the two", "请删除其中一种"),
    ),
}
