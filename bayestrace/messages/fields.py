"""Word the faults of single values: keys, texts, numbers, dates."""

from bayestrace.messages.wording import Both, Wording

_SEE_FORMAT = Both("see docs/study-format.md for an example", "写法请见 docs/study-format.md")
_RENAME = Both("choose another name, and use it wherever this one stands", "请换一个名称，并在所有用到之处一并更改")

FIELDS: dict[str, Wording] = {
    "key-unknown": Wording(
        Both("the key {found} is not known here", "此处没有 {found} 这个键"),
        Both("expected one of: {known}", "应为其中之一：{known}"),
        Both("⟦did you mean {guess}? ⟧correct or delete it", "⟦是否想写 {guess}？⟧请改正或删除"),
    ),
    "key-missing": Wording(
        Both("the key {key} is missing", "缺少键 {key}"),
        Both("expected `{key}: ...` in this mapping", "此处应有 `{key}: ...`"),
        Both("add it", "请补上"),
    ),
    "value-empty": Wording(
        Both("nothing stands after the key", "键后面没有内容"),
        Both("expected a value", "应有一个值"),
        Both("fill it in, or delete the key if it may be left out", "请填写；若该键可以省略，也可将其删除"),
    ),
    "text-expected": Wording(
        Both("found {found}", "写的是 {found}"),
        Both("expected a text", "应为文字"),
        Both("put it between quotation marks if it is meant as a text", "若确为文字，请加英文引号"),
    ),
    "words-expected": Wording(
        Both("found {found}", "写的是 {found}"),
        Both("expected a text, or {{en: ..., zh: ...}}", "应为文字，或 {{en: ..., zh: ...}}"),
        Both("put it between quotation marks if it is meant as a text", "若确为文字，请加英文引号"),
    ),
    "text-empty": Wording(
        Both("an empty text", "文字为空"),
        Both("expected a text of at least one character", "至少应有一个字符"),
        Both("write the text, or delete the key if it may be left out", "请填写；若该键可以省略，也可将其删除"),
    ),
    "text-without-english": Wording(
        Both("a text without its English, {{zh: ...}}", "只有中文 {{zh: ...}}，没有英文"),
        Both(
            "expected {{en: ..., zh: ...}}, or a plain text that stands for every language",
            "应为 {{en: ..., zh: ...}}，或不分语言的普通文字",
        ),
        Both("add `en: ...`, or write the text without braces", "请补上 `en: ...`，或去掉花括号直接写文字"),
    ),
    "number-expected": Wording(
        Both("found {found}", "写的是 {found}"),
        Both("expected a number such as 0.25", "应为数字，例如 0.25"),
        Both(
            "write a number, with a point for decimals and without quotation marks", "请写数字，小数点用 `.`，不加引号"
        ),
    ),
    "whole-number-expected": Wording(
        Both("found {found}", "写的是 {found}"),
        Both("expected a whole number such as 4", "应为整数，例如 4"),
        Both("write a whole number, without a point and without quotation marks", "请写整数，不带小数点，不加引号"),
    ),
    "truth-expected": Wording(
        Both("found {found}", "写的是 {found}"),
        Both("expected true or false", "应为 true 或 false"),
        Both("write true or false, without quotation marks", "请写 true 或 false，不加引号"),
    ),
    "list-expected": Wording(
        Both("found {found}", "写的是 {found}"),
        Both("expected a list: `[a, b]`, or a line `- a` for each", "应为列表：`[a, b]`，或每行写一个 `- a`"),
        Both("put it between square brackets", "请用方括号括起来"),
    ),
    "mapping-expected": Wording(
        Both("found {found}", "写的是 {found}"),
        Both("expected `key: value` lines", "应为“键: 值”的各行"),
        _SEE_FORMAT,
    ),
    "pair-expected": Wording(
        Both("found {found}", "写的是 {found}"),
        Both(
            "expected two names between square brackets, from and to: `[a, b]`",
            "应为方括号中的两个名称，从前者到后者：`[a, b]`",
        ),
        Both("write one pair for each", "请各写一对"),
    ),
    "name-form": Wording(
        Both("the name {found}", "名称写作 {found}"),
        Both(
            "expected letters A-Z, digits, `.`, `_` and `-`, beginning with a letter or a digit",
            "名称应由英文字母、数字、`.`、`_`、`-` 组成，以字母或数字开头",
        ),
        _RENAME,
    ),
    "name-too-long": Wording(
        Both("the name {found} is too long", "名称 {found} 过长"),
        Both("expected at most {limit} characters", "最多 {limit} 个字符"),
        _RENAME,
    ),
    "choice-unknown": Wording(
        Both("found {found}", "写的是 {found}"),
        Both("expected one of: {known}", "应为其中之一：{known}"),
        Both("⟦did you mean {guess}? ⟧write one of these", "⟦是否想写 {guess}？⟧请从中选择"),
    ),
    "number-out-of-range": Wording(
        Both("the number {found}", "数值为 {found}"),
        Both("expected a number {bound}", "应为 {bound} 的数"),
        Both("correct the number", "请改正"),
    ),
    "too-few": Wording(
        Both("found {count}", "只有 {count} 项"),
        Both("expected at least {least}", "至少应有 {least} 项"),
        Both("add what is missing", "请补足"),
    ),
    "format-version": Wording(
        Both("the format version {found}", "格式版本写作 {found}"),
        Both("expected `bayestrace: {known}`", "应为 `bayestrace: {known}`"),
        Both(
            "write that, or use a version of bayestrace that knows this format",
            "请照此书写，或使用支持该格式的 bayestrace 版本",
        ),
    ),
    "prior-form": Wording(
        Both("found {found}", "写的是 {found}"),
        Both(
            "expected `equal`, or a weight for every hypothesis: {{a: 2, b: 1}}",
            "应为 `equal`，或各假设的权重：{{a: 2, b: 1}}",
        ),
        Both("write one of the two", "请选择其中一种写法"),
    ),
    "levels-form": Wording(
        Both("found {found}", "写的是 {found}"),
        Both(
            "expected one number above 0, or a number for every level: {{common: 1, own: 2}}",
            "应为一个大于 0 的数，或各层次的数：{{common: 1, own: 2}}",
        ),
        Both("write one of the two", "请选择其中一种写法"),
    ),
    "kappa-form": Wording(
        Both("found {found}", "写的是 {found}"),
        Both(
            "expected one number from 0, or the two ends of a range: [0.05, 1]",
            "应为一个不小于 0 的数，或一个区间的两端：[0.05, 1]",
        ),
        Both("write one of the two", "请选择其中一种写法"),
    ),
    "value-refused": Wording(
        Both("{found} cannot be used here", "{found} 不能用在此处"),
        Both("expected what docs/study-format.md names for this key", "应为 docs/study-format.md 为该键规定的内容"),
        Both("compare it with the example there", "请对照其中的例子"),
    ),
    "date-form": Wording(
        Both("found {found}", "写的是 {found}"),
        Both(
            "expected a date such as 2017, 2017-11, 2017-11-06, or two of them: 2017-01-20/2021-01-20",
            "应为日期，例如 2017、2017-11、2017-11-06，或起止两个日期：2017-01-20/2021-01-20",
        ),
        Both("write year-month-day with digits", "请用数字写成“年-月-日”"),
    ),
    "date-unreal": Wording(
        Both("the date {found} does not exist", "日期 {found} 不存在"),
        Both("expected a day of the calendar", "应为历法中实有的日期"),
        Both("check the month and the day", "请核对月和日"),
    ),
    "date-order": Wording(
        Both("{found} ends before it begins", "{found} 的终点早于起点"),
        Both("expected the earlier date before the `/`", "`/` 之前应为较早的日期"),
        Both("swap the two dates", "请把两个日期对调"),
    ),
    "anchor-first": Wording(
        Both("the first word of the scale holds from {found} dB on", "量表的第一个词从 {found} dB 起"),
        Both("expected a first word that holds from 0 dB on", "第一个词应从 0 dB 起"),
        Both("write `db: 0` for the weakest word", "请为最弱的词写 `db: 0`"),
    ),
    "anchor-order": Wording(
        Both("{found} dB after {before} dB", "{found} dB 排在 {before} dB 之后"),
        Both("expected words in order, the weakest first, each at its own weight", "各词应由弱到强排列，数值互不相同"),
        Both("sort the words by their decibels", "请按分贝数排序"),
    ),
    "anchor-word-twice": Wording(
        Both(
            "the word {found} stands here again; it stood on line {line} already",
            "词语 {found} 重复，第 {line} 行已经写过",
        ),
        Both("expected every word once", "每个词只能出现一次"),
        Both("choose another word", "请换一个词"),
    ),
    "prior-empty": Wording(
        Both(
            "the prior gives no weight to any hypothesis of the set {found}",
            "先验没有给假设集 {found} 中的任何假设以权重",
        ),
        Both("expected a weight above 0 for at least one of: {known}", "其中至少一个假设的权重应大于 0：{known}"),
        Both("add a weight", "请补上权重"),
    ),
    "levels-empty": Wording(
        Both("no level has a weight above 0", "没有任何层次的权重大于 0"),
        Both("expected at least one level with a weight above 0", "至少一个层次的权重应大于 0"),
        Both("give a level a weight", "请给某一层次以权重"),
    ),
    "ends-order": Wording(
        Both("the range {found}", "区间写作 {found}"),
        Both("expected the smaller number first", "较小的数应在前"),
        Both("swap the two; write one number if they are equal", "请对调；若两者相等，请只写一个数"),
    ),
    "kappa-zero": Wording(
        Both("the range {found} does not stay above 0", "区间 {found} 没有保持在 0 以上"),
        Both("expected two numbers above 0; 0 may only stand alone", "两端都应大于 0；0 只能单独写"),
        Both("write `kappa: 0`, or a small number such as 0.01", "请写 `kappa: 0`，或较小的数如 0.01"),
    ),
}
