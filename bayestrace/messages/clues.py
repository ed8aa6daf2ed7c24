"""Word the faults of clues: their probabilities, what they are given, searches, dependences."""

from bayestrace.messages.wording import Both, Wording

_FORMS = Both(
    "expected a number from 0 to 1, a 90 % range [low, high], {{mean, sd}} or {{alpha, beta}}",
    "应为 0 到 1 之间的数、90% 区间 [下限, 上限]、{{mean, sd}} 或 {{alpha, beta}}",
)

CLUES: dict[str, Wording] = {
    "chance-form": Wording(
        Both("found {found}", "写的是 {found}"),
        _FORMS,
        Both(
            "write exactly one of these, such as 0.4, [0.3, 0.5], {{mean: 0.4, sd: 0.1}} or {{alpha: 2, beta: 3}}",
            "请只用其中一种写法，例如 0.4、[0.3, 0.5]、{{mean: 0.4, sd: 0.1}} 或 {{alpha: 2, beta: 3}}",
        ),
    ),
    "chance-outside": Wording(
        Both("the probability {found}", "概率写作 {found}"),
        _FORMS,
        Both("correct the number; write 70 % as 0.7", "请改正；70% 请写作 0.7"),
    ),
    "chance-end": Wording(
        Both("a range that ends at {found}", "区间的一端为 {found}"),
        Both("expected both ends of a 90 % range above 0 and below 1", "90% 区间的两端都应大于 0、小于 1"),
        Both(
            "write an end such as 0.01 or 0.99; a probability that is 0 or 1 for sure stands alone, without brackets",
            "请写 0.01 或 0.99 之类的端点；确知为 0 或 1 的概率应单独书写，不加方括号",
        ),
    ),
    "chance-sd": Wording(
        Both("an sd of {found} around a mean of {mean}", "均值为 {mean}，而 sd 为 {found}"),
        Both(
            "expected an sd below {most}, the root of mean × (1 − mean): no Beta distribution is wider",
            "sd 应小于 {most}（即均值 ×（1 − 均值）的平方根），Beta 分布不可能更宽",
        ),
        Both("write a smaller sd", "请写较小的 sd"),
    ),
    "chance-narrow": Wording(
        Both("{found} has an sd of {sd}", "{found} 的标准差为 {sd}"),
        Both("expected an sd above {least}, or a number that is known", "标准差应大于 {least}，或应为确知的数"),
        Both("write `{mean}` if it is known so well", "若确知如此精确，请写 `{mean}`"),
    ),
    "chance-missing": Wording(
        Both("no probability under {found}", "缺少 {found} 之下的概率"),
        Both("expected one under each of: {known}", "以下各项都应给出：{known}"),
        Both("add `{first}: ...` and so on", "请补上 `{first}: ...` 等"),
    ),
    "clues-missing": Wording(
        Both("`{key}` without any `clues:`", "写有 `{key}`，却没有 `clues:`"),
        Both("expected clues, which this key is about", "该键是就线索而言的，应有线索"),
        Both("declare them under `clues:`, or delete this key", "请在 `clues:` 下声明线索，或删除该键"),
    ),
    "clue-attribute": Wording(
        Both("a clue named {found}, as an attribute is", "线索与某一特征同名：{found}"),
        Both("expected names of their own, so that `given` is clear", "名称应各不相同，`given` 才不致含混"),
        Both("rename one of the two", "请给其中之一改名"),
    ),
    "given-missing": Wording(
        Both("`found_if_given` without `given`", "写有 `found_if_given`，却没有 `given`"),
        Both(
            "expected the attribute or the clue that the probabilities depend on",
            "应写明这些概率以哪一特征或线索为条件",
        ),
        Both(
            "add `given: ...`, or write the probabilities under `found_if`",
            "请补上 `given: ...`，或把概率写在 `found_if` 之下",
        ),
    ),
    "found-if-given": Wording(
        Both("`found_if` beside `given`", "`found_if` 与 `given` 同时出现"),
        Both(
            "expected `found_if_given`, with the probabilities under every value of what is given",
            "应为 `found_if_given`，并在条件的每个取值之下给出概率",
        ),
        Both(
            "write `found_if_given: {{value: {{hypothesis: 0.5}}}}`, or delete `given`",
            "请写作 `found_if_given: {{取值: {{假设: 0.5}}}}`，或删除 `given`",
        ),
    ),
    "given-value-missing": Wording(
        Both("{found} may be {missing} too", "{found} 还可能取 {missing}"),
        Both("expected probabilities under every value of it", "每个取值之下都应给出概率"),
        Both("add what is missing", "请补足"),
    ),
    "given-circle": Wording(
        Both("what clues are given goes round in a circle: {found}", "线索之间的条件关系形成循环：{found}"),
        Both("expected clues that lead back to one that is given no clue", "应能追溯到不以其他线索为条件的线索"),
        Both("take out `given` of one of these", "请去掉其中一条的 `given`"),
    ),
    "given-not-sought": Wording(
        Both(
            "{found} is given {given}, which is not sought in {case}",
            "{found} 以 {given} 为条件，而 {case} 中未查找后者",
        ),
        Both(
            "expected a clue to be sought only where the clue that it is given is found or not found",
            "只有作为条件的线索已有结果（found 或 not-found）时，才应查找该线索",
        ),
        Both("add the row of {given}, or write `not-sought` here", "请补上 {given} 一行，或在此处写 `not-sought`"),
    ),
    "attribute-missing": Wording(
        Both(
            "the case has no attribute {found}, which the clue {clue} is given",
            "该案例缺少特征 {found}，而线索 {clue} 以它为条件",
        ),
        Both("⟦expected one of: {known}⟧", "⟦应为其中之一：{known}⟧"),
        Both("add it under the case's `attributes:`", "请在该案例的 `attributes:` 下补上"),
    ),
    "count-observations": Wording(
        Both(
            "a case that stands for {count} has observations, {found} among them",
            "代表 {count} 个案例的条目带有观察，例如 {found}",
        ),
        Both("expected observations of single cases only", "只有单个案例才能有观察"),
        Both(
            "declare the case that they are of by itself, or leave the observations out",
            "请把观察所属的案例单独列出，或去掉这些观察",
        ),
    ),
    "clue-pair": Wording(
        Both("found {found}", "写的是 {found}"),
        Both("expected two clues between square brackets: `[a, b]`", "应为方括号中的两条线索：`[a, b]`"),
        Both("write one entry for each pair", "每对线索请各写一项"),
    ),
    "correlation-form": Wording(
        Both("found {found}", "写的是 {found}"),
        Both(
            "expected one number from -1 to 1, or one for each hypothesis that has any: {{a: 0.3}}",
            "应为 -1 到 1 之间的一个数，或各假设之下的数：{{a: 0.3}}",
        ),
        Both("write one of the two", "请选择其中一种写法"),
    ),
    "correlation-impossible": Wording(
        Both("a correlation of {found} under {hypothesis}", "{hypothesis} 之下的相关系数为 {found}"),
        Both(
            "expected {least} to {most}: two clues that are found with probabilities {one} and {two} allow no other",
            "应在 {least} 至 {most} 之间：两条线索找到的概率为 {one} 和 {two}，不容许其他数值",
        ),
        Both("correct it, or the probabilities", "请改正该数，或改正概率"),
    ),
    "dependence-twice": Wording(
        Both("{found} stands in {place} already", "{found} 已见于 {place}"),
        Both("expected a clue in one dependence at most", "每条线索至多列入一项相关"),
        Both("keep the stronger of the two dependences", "请保留其中较强的一项"),
    ),
    "dependence-given": Wording(
        Both("{found} is given {given} already", "{found} 已写明以 {given} 为条件"),
        Both(
            "expected two clues of which neither is given the other: that says how they depend on each other",
            "两条线索中不应有一条以另一条为条件：条件关系已说明二者如何相关",
        ),
        Both("delete this dependence, or `given`", "请删除该项相关，或删除 `given`"),
    ),
    "search-range": Wording(
        Both(
            "the probability {found} that the search would have found it",
            "线索若存在、此次查找能找到它的概率写作 {found}",
        ),
        Both("expected a number above 0 and up to 1", "应为大于 0、不超过 1 的数"),
        Both(
            "correct it; where the search could not have found anything, write the state `not-sought`",
            "请改正；若查找根本不可能找到，状态请写 `not-sought`",
        ),
    ),
    "note-without-english": Wording(
        Both("`note_zh` is filled in and `note` is empty", "`note_zh` 已填写，而 `note` 为空"),
        Both("expected a note in `note`, and its Chinese beside it", "备注应写在 `note`，其中文写在旁边的 `note_zh`"),
        Both("fill in `note`, or move the text there", "请填写 `note`，或把文字移到该列"),
    ),
}
