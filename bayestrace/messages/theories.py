"""Word the faults of theories that may hold together: their cells, priors and joint likelihoods."""

from bayestrace.messages.wording import Both, Wording

_ALL_CELLS = Both(
    "state a probability for every cell, joint ones too, or write `joint_likelihood: strongest` in study.yaml",
    "请为每个组合（含并存组合）给出概率，或在 study.yaml 中写 `joint_likelihood: strongest`",
)

THEORIES: dict[str, Wording] = {
    "theories-missing": Wording(
        Both("`{key}` without any `theories:`", "写有 `{key}`，却没有 `theories:`"),
        Both("expected theories that may hold together", "应有可以并存的若干理论"),
        Both(
            "declare them under `theories:` in the place of `hypotheses:`, or delete this key",
            "请以 `theories:` 代替 `hypotheses:` 加以声明，或删除该键",
        ),
    ),
    "theories-and-hypotheses": Wording(
        Both("both `theories:` and `hypotheses:`", "`theories:` 与 `hypotheses:` 同时出现"),
        Both(
            "expected one of them: hypotheses exclude each other, theories may hold together and make the hypotheses",
            "只应写其一：假设彼此排斥，理论可以并存，并由其组合生成假设",
        ),
        Both("delete the one that you do not mean", "请删除其中一个"),
    ),
    "theories-count": Wording(
        Both("found {count} theories", "共有 {count} 种理论"),
        Both(
            "expected {least} to {most}: each further one doubles the cells that coders have to weigh",
            "应为 {least} 至 {most} 种：每增加一种，编码者须权衡的组合便增加一倍",
        ),
        Both(
            "merge theories or leave some out; explanations that exclude each other go under `hypotheses:`",
            "请合并或略去若干理论；彼此排斥的解释应写在 `hypotheses:` 之下",
        ),
    ),
    "theory-name-reserved": Wording(
        Both("a theory named {found}", "理论取名为 {found}"),
        Both(
            "expected another name: `none` is the cell in which no theory holds",
            "应取别的名称：`none` 指各理论皆不成立",
        ),
        Both("rename the theory", "请给该理论改名"),
    ),
    "nested-circle": Wording(
        Both("the nesting goes round in a circle: {found}", "包含关系形成循环：{found}"),
        Both("expected narrow theories that imply broader ones", "应由较窄的理论蕴含较宽的理论"),
        Both(
            "take out one of these pairs; theories that imply each other are one",
            "请去掉其中一对；互相蕴含的理论其实是同一种",
        ),
    ),
    "prior-of-theories": Wording(
        Both("a prior that names theories only: {found}", "先验只写了各理论：{found}"),
        Both(
            "expected a weight for each cell, of which one only can hold: {known}; theories overlap, so their shares "
            "must not be added up (60 % and 60 % would make 120 %)",
            "应给各组合以权重，其中只有一个成立：{known}；理论互有重叠，所占份额不可相加（60% 加 60% 会成为 120%）",
        ),
        Both(
            "share each theory out among its cells: where two hold with 60 % each and 50 % is both, write both: 5, "
            "each alone: 1, none: 3; write 0 for a cell that cannot be",
            "请把各理论的份额分到其各个组合：若两种理论各为 60%，其中并存占 50%，则并存写 5，单独成立各写 1，"
            "皆不成立写 3；不可能的组合请写 0",
        ),
    ),
    "noisy-or-weights": Wording(
        Both(
            "weights for {found}, while `joint_likelihood` is `noisy-or`",
            "{found} 给的是权重，而 `joint_likelihood` 为 `noisy-or`",
        ),
        Both(
            "expected probabilities: a noisy-or multiplies the chances that evidence stays away, which no ratio tells",
            "应为概率：noisy-or 由证据不出现的概率相乘而得，比值不含这一信息",
        ),
        Both(
            "weigh the joint cells too, give probabilities, or write `joint_likelihood: strongest` in study.yaml",
            "请为并存组合也给出权重，或改给概率，或在 study.yaml 中写 `joint_likelihood: strongest`",
        ),
    ),
    "noisy-or-none": Wording(
        Both("no probability of {found} under `none`", "{found} 缺少 `none` 之下的概率"),
        Both(
            "expected one: a noisy-or needs how probable the evidence is where no theory holds",
            "应予给出：noisy-or 须知各理论皆不成立时证据有多大可能出现",
        ),
        _ALL_CELLS,
    ),
    "noisy-or-lower": Wording(
        Both("{found} makes the evidence less probable than `none` does", "{found} 之下证据出现的概率低于 `none`"),
        Both(
            "expected at least that probability: a noisy-or joins what brings evidence about, nothing that prevents it",
            "应不低于该概率：noisy-or 所合并的是促成证据的原因，而不是阻止它的原因",
        ),
        _ALL_CELLS,
    ),
}
