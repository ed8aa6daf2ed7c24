"""What is said of all cases where they are too many to be shown one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bayestrace.report.content.values import Number, Phrase

if TYPE_CHECKING:
    from bayestrace.excerpt import Overall
    from bayestrace.report.content.tree import Tree  # it needs the parts, and they need what is here

#: Rows that a table of all cases has at most: some 250 kB of a page in one language.
ROWS = 2000
#: Bars of the distribution of the leading probability, and quantiles of it.
BINS = 20
QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@dataclass(frozen=True)
class Covered:
    """How many cases an explanation leads in, their share, and the share that it is expected to cover.

    `ends` are those of its 94 % interval; None where nothing was drawn.
    """

    leads: int
    led: Number
    share: Number
    ends: tuple[Number, Number] | None


@dataclass(frozen=True)
class Line:
    """One case in a row: who leads, and by how much over its closest rival, None where that is ruled out.

    `id` is empty unless the case is shown in full.
    """

    name: Phrase
    id: str
    leader: int
    tied: bool
    probability: Number
    rival: int
    weight: Number | None


@dataclass(frozen=True)
class Partly:
    """A case that is shown with so many of its observations."""

    name: Phrase
    shown: int
    observations: int


@dataclass(frozen=True)
class Many:
    """All cases summed up, and how much of the study is shown in full.

    `covered` has an entry per hypothesis; `counted` is the number of cases that these are shares of, where a case may
    stand for several. `bins` are numbers of cases by the probability of the leader, from 0 to 1 in steps of one width.
    `quantiles` are of that probability and of the leader's weight over its closest rival. `lines` is empty beyond
    `ROWS` cases. `findings` is the number of findings that are not shown.
    """

    cases: int
    observations: int
    shown: int
    shown_observations: int
    partly: tuple[Partly, ...]
    covered: tuple[Covered, ...]
    counted: int
    tied: int
    open: int
    bins: tuple[int, ...]
    quantiles: tuple[tuple[float, Number, Number], ...]
    lines: tuple[Line, ...]
    findings: int


def read_many(tree: Tree, overall: Overall, findings: int) -> Many:
    """Put what is said of all cases into words of the study.

    Parameters
    ----------
    tree
        The result, cut to what is shown in full.
    overall
        What is said of all cases.
    findings
        Number of findings that are shown.
    """
    sizes = dict(zip(overall.cases, overall.observations.tolist(), strict=True))
    own = [item.case for item in tree.study.evidence]
    partly = [(case, own.count(case), sizes[case]) for case in tree.cases]
    alone = overall.leader[~overall.tied]
    edges = np.minimum((overall.probability * BINS).astype(np.int64), BINS - 1)
    levels = np.array(QUANTILES)
    probability, weight = np.quantile(overall.probability, levels), np.nanquantile(overall.weight, levels)
    return Many(
        cases=len(overall.cases),
        observations=sum(sizes.values()),
        shown=len(tree.cases),
        shown_observations=len(own),
        partly=tuple(
            Partly(tree.phrase(tree.study.cases[case].name), shown, whole)
            for case, shown, whole in partly
            if shown < whole
        ),
        covered=tuple(
            Covered(
                leads=int((alone == place).sum()),
                led=Number(float(overall.led[place])),
                share=Number(float(share)),
                ends=None
                if overall.ends is None
                else (Number(float(overall.ends[0][place])), Number(float(overall.ends[1][place]))),
            )
            for place, share in enumerate(overall.share)
        ),
        counted=overall.counted,
        tied=int(overall.tied.sum()),
        open=int(overall.open.sum()),
        bins=tuple(np.bincount(edges, minlength=BINS).tolist()),
        quantiles=tuple(
            (level, Number(float(one)), Number(float(other)))
            for level, one, other in zip(QUANTILES, probability, weight, strict=True)
        ),
        lines=_lines(tree, overall) if len(overall.cases) <= ROWS else (),
        findings=overall.findings - findings,
    )


def _lines(tree: Tree, overall: Overall) -> tuple[Line, ...]:
    shown = set(tree.cases)
    return tuple(
        Line(
            name=tree.phrase(tree.study.cases[case].name),
            id=case if case in shown else "",
            leader=int(overall.leader[place]),
            tied=bool(overall.tied[place]),
            probability=Number(float(overall.probability[place])),
            rival=int(overall.closest[place]),
            weight=None if np.isnan(overall.weight[place]) else Number(float(overall.weight[place])),
        )
        for place, case in enumerate(overall.cases)
    )
