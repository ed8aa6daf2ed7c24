"""Word the faults of names that refer to something: unknown, repeated, going in a circle."""

from bayestrace.messages.wording import Both, Wording


def _unknown(kind: Both, cure: Both, sheet: str = "") -> Wording:
    """Word a name that nothing in the study bears; `sheet` is where a workbook has such names."""
    return Wording(
        Both(f"there is no {kind.en} {{found}}", f"没有名为 {{found}} 的{kind.zh}"),
        Both("⟦expected one of: {known}⟧", "⟦应为其中之一：{known}⟧"),
        Both(f"⟦did you mean {{guess}}? ⟧{cure.en}", f"⟦是否想写 {{guess}}？⟧{cure.zh}"),
        Both(f" (a workbook has the sheet `{sheet}` for it)", f"（工作簿中见 `{sheet}` 表）")
        if sheet
        else Both("", ""),
    )


def _undeclared(kind: Both, section: str) -> Wording:
    """Word a name that study.yaml would declare in a section, and a workbook on the sheet of this name."""
    cure = Both(
        f"correct the name, or declare it under `{section}:` in study.yaml",
        f"请改正名称，或在 study.yaml 的 `{section}:` 下声明",
    )
    return _unknown(kind, cure, section.rpartition(" ")[2].capitalize())


_BREAK = Both("take out one of these arrows", "请去掉其中一个箭头")

NAMES: dict[str, Wording] = {
    "unknown-hypothesis": _undeclared(Both("hypothesis", "假设"), "hypotheses"),
    "unknown-theory": _undeclared(Both("theory", "理论"), "theories"),
    "unknown-set": _undeclared(Both("set of hypotheses", "假设集"), "sets"),
    "unknown-factor": _undeclared(Both("factor", "因素"), "factors"),
    "unknown-group": _undeclared(Both("group of this factor", "属于该因素的组"), "factors"),
    "unknown-case": _undeclared(Both("case", "案例"), "cases"),
    "unknown-step": _undeclared(Both("step of the mechanism", "机制步骤"), "mechanism: steps"),
    "unknown-domain": _undeclared(Both("domain", "领域"), "mechanism: domains"),
    "unknown-cluster": _undeclared(Both("cluster", "证据簇"), "clusters"),
    "unknown-actor": _undeclared(Both("actor", "行为体"), "actors"),
    "unknown-source-type": _undeclared(Both("type of source", "资料类型"), "reliability"),
    "unknown-source": _unknown(
        Both("source", "文献"),
        Both(
            "correct the id, or add the source to evidence/sources.json",
            "请改正 id，或在 evidence/sources.json 中补上该文献",
        ),
        "Sources",
    ),
    "unknown-evidence": _unknown(
        Both("observation", "观察"),
        Both(
            "correct the id, or add the observation to its case's file in evidence/",
            "请改正 id，或在 evidence/ 的案例文件中补上该观察",
        ),
        "Observations",
    ),
    "unknown-clue": _undeclared(Both("clue", "线索"), "clues"),
    "unknown-attribute": _undeclared(Both("attribute", "特征"), "attributes"),
    "unknown-value": _unknown(
        Both("value", "取值"),
        Both(
            "correct it; an attribute has the values that its `values:` declare",
            "请改正；特征的取值以其 `values:` 下所声明者为准",
        ),
    ),
    "unknown-given": _unknown(
        Both("attribute or clue", "特征或线索"),
        Both(
            "correct the name, or declare it under `attributes:` or `clues:` in study.yaml",
            "请改正名称，或在 study.yaml 的 `attributes:` 或 `clues:` 下声明",
        ),
    ),
    "unknown-level": _unknown(
        Both("level", "层次"),
        Both("write `common`, `own` or the name of a factor", "请写 `common`、`own` 或某个因素的名称"),
    ),
    "unknown-round": Wording(
        Both("round {found}, of which nothing was handed in", "第 {found} 轮，而该轮没有任何编码"),
        Both(
            "expected a round from 1 to {known}; those after the first stand in evidence/codings/round-2/ and so on",
            "应为第 1 至第 {known} 轮；第一轮之后的编码放在 evidence/codings/round-2/ 等文件夹中",
        ),
        Both("correct the number, or add the codings", "请改正数字，或补上该轮编码"),
    ),
    "unknown-coder": Wording(
        Both(
            "the coder {found} has no weights, no probabilities, and no place in study.yaml",
            "编码者 {found} 既无权重或概率文件，也未在 study.yaml 中声明",
        ),
        Both("⟦expected one of: {known}⟧", "⟦应为其中之一：{known}⟧"),
        Both(
            "⟦did you mean {guess}? ⟧rename the file, or declare the coder under `coders:`",
            "⟦是否想写 {guess}？⟧请给文件改名，或在 `coders:` 下声明该编码者",
        ),
    ),
    "listed-twice": Wording(
        Both("{found} stands in this list twice", "{found} 在此列表中出现两次"),
        Both("expected every name once", "每个名称只能出现一次"),
        Both("delete one", "请删除一个"),
    ),
    "evidence-twice": Wording(
        Both(
            "the observation {found} stands here again; it stood at {place} already",
            "观察 {found} 重复，{place} 已经写过",
        ),
        Both("expected an id of its own for every observation of the study", "全研究中每条观察应有各自的 id"),
        Both("give one of them another id", "请更改其中一个的 id"),
    ),
    "group-missing": Wording(
        Both("the case has no group for the factor {factor}", "该案例没有因素 {factor} 的组"),
        Both("⟦expected one of: {known}⟧", "⟦应为其中之一：{known}⟧"),
        Both("add it under the case's `groups:`", "请在该案例的 `groups:` 下补上"),
    ),
    "factor-name-reserved": Wording(
        Both("a factor named {found}", "因素取名为 {found}"),
        Both(
            "expected another name: `common` stands for all cases together, `own` for each by itself",
            "应取别的名称：`common` 指全部案例，`own` 指各案例自身",
        ),
        Both("rename the factor", "请给该因素改名"),
    ),
    "arrow-self": Wording(
        Both("an arrow from {found} to itself", "箭头从 {found} 指向自身"),
        Both("expected an arrow from one step to another", "箭头应从一个步骤指向另一个步骤"),
        Both("correct one end, or delete the arrow", "请改正一端，或删除该箭头"),
    ),
    "arrow-circle": Wording(
        Both("the arrows go round in a circle: {found}", "箭头形成循环：{found}"),
        Both("expected a mechanism that leads from first steps to last ones", "机制应从起始步骤走向最终步骤"),
        _BREAK,
    ),
    "effect-self": Wording(
        Both("{found} is said to be an effect of itself", "{found} 被写成自身的结果"),
        Both("expected other observations of the same case", "应为同一案例的其他观察"),
        Both("correct or delete the id", "请改正或删除该 id"),
    ),
    "effect-other-case": Wording(
        Both("{found} belongs to another case, {case}", "{found} 属于另一案例 {case}"),
        Both("expected observations of the same case", "应为同一案例的观察"),
        Both("correct or delete the id", "请改正或删除该 id"),
    ),
    "effect-circle": Wording(
        Both("causes go round in a circle: {found}", "因果形成循环：{found}"),
        Both("expected causes that come before their effects", "原因应先于结果"),
        Both("delete one of these from `effect_of`", "请从 `effect_of` 中删除其中一个"),
    ),
}
