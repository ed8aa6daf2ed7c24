"""What the section on replicates says."""

from bayestrace.messages.wording import Both

REPLICATES: dict[str, Both] = {
    "intro": Both(
        "If the model were true, what would these coders state of other observations of the same cases? The dot is "
        "what each stated, the bar holds nine replicates of ten. A dot far outside its bar shows something that the "
        "model does not describe; p is the share of replicates at least as large as what was stated. With so many "
        "comparisons a few p-values near 0.05 or 0.95 are to be expected.",
        "倘若模型为真，这些编码者对同一批案例的其他观察会给出怎样的权重？圆点为各人实际所述，横条包含十次复制中的九次。"
        "圆点远在横条之外，说明存在模型未能描述之处；p为不小于实际值的复制所占比例。"
        "比较既多，出现几个接近0.05或0.95的p值属意料之中。",
    ),
    "spread": Both(
        "Spread: standard deviation of a weight between two explanations (dB)",
        "离散度：两种解释之间权重的标准差（分贝）",
    ),
    "drift": Both(
        "Drift: correlation of the leader's weight with the place in the case's list",
        "漂移：居首解释的权重与该观察在案例中次序的相关系数",
    ),
    "contrary": Both(
        "Contrary: share of observations that weigh against the case's leader", "相反：不利于案例居首解释的观察所占比例"
    ),
    "far": Both(
        "Far out: share of observations with a weight of 20 dB or more", "极端：权重达20分贝或以上的观察所占比例"
    ),
    "by-step": Both("By step", "分步骤"),
    "few": Both(
        "A step has few observations: its replicates lie far apart, and only a gross departure would show. There are "
        "many p-values, too, so a step brings a finding only where its p is below 0.01 divided by their number, or as "
        "near to 1.",
        "每个步骤的观察不多：各次复制相差较大，只有明显的偏离才看得出来。p值又多，"
        "故某一步骤的p值须小于0.01除以p值总数，或同样接近1，才列入提示。",
    ),
    "step-table": Both("What was stated by step, and its p", "各步骤的实际所述及其p值"),
    "no-drift": Both("no drift", "无漂移"),
    "figure-desc": Both(
        "{coder}: {observed} stated, {low} to {high} replicated.", "{coder}：所述为{observed}，复制为{low}至{high}。"
    ),
    "table": Both("What was stated and what the model replicates", "实际所述与模型复制"),
    "legend": Both("stated", "实际所述"),
    "legend-bar": Both("nine replicates of ten", "十次复制中的九次"),
}
