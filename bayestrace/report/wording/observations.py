"""What the table of all observations says, and the list of their sources."""

from bayestrace.messages.wording import Both

#: Words that stand in the page.
OBSERVATIONS: dict[str, Both] = {
    "caption": Both("All observations", "全部观察"),
    "weight-model": Both(
        "Weight: what the leader of the case loses over its closest rival once the observation is left out.",
        "权重：剔除该观察后，案例中居首的解释相对于最接近的竞争解释所减少的权重。",
    ),
    "weight-face": Both(
        "Weight: of the leader of the case over its closest rival, as stated.",
        "权重：案例中居首的解释相对于最接近的竞争解释的所述权重。",
    ),
    "spread": Both("Spread (dB)", "离散度（分贝）"),
    "hoop": Both("hoop", "环箍"),
    "smoking-gun": Both("smoking gun", "冒烟枪"),
    "doubly-decisive": Both("doubly decisive", "双重决定性"),
    "straw-in-the-wind": Both("straw", "风中稻草"),
    "weighs": Both("weighs", "计入"),
    "context": Both("context", "背景"),
    "set-aside": Both("set aside", "不实，不计"),
    "not-weighed": Both("not weighed", "未赋权"),
    "sources": Both("All sources, in APA style and in that of GB/T 7714", "全部来源，APA与GB/T 7714两种格式"),
}

#: Words that the script says, fields in braces.
SPOKEN: dict[str, Both] = {
    "table-tools": Both("Find observations", "查找观察"),
    "table-search": Both("Words in titles and claims", "标题与主张中的词语"),
    "table-any": Both("all", "全部"),
    "table-least": Both("Spread at least (dB)", "离散度不低于（分贝）"),
    "table-clear": Both("Clear", "清除"),
    "table-count": Both("{n} of {total} observations", "共{total}条观察，显示{n}条"),
    "table-counts": Both("Counts", "计入"),
    "table-counted": Both("Counts: {title}", "计入：{title}"),
}
