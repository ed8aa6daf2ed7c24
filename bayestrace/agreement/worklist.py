"""What coders should discuss first: the observations on which whose statement holds matters most to the answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.agreement import stated
from bayestrace.agreement.leverage import Settled, stakes
from bayestrace.agreement.measured import Statements
from bayestrace.results import leader_of
from bayestrace.study import Study
from bayestrace.study.private import without_private

Floats = NDArray[np.float64]
Row = dict[str, Any]

# Decibels: what comes of nats and back is cut off, so that what was stated is shown.
_DIGITS = 9


def worklist(study: Study, settled: Settled, problem: xr.Dataset) -> list[Row]:
    """List observations, the one at which most is at stake first.

    Parameters
    ----------
    study
        With the coders' reasons.
    settled
        What would follow if all stated what one of them does.
    problem
        Of which `settled` is.

    Returns
    -------
    list of dict
        The rows of `worklist` in docs/agreement.md. The rival is the explanation against which the coders' weights of
        the present leader differ most; where several share the first place, of the one most at stake.
    """
    stake, foremost = stakes(settled, problem)
    names = [str(name) for name in problem["hypothesis"].values]
    # The list is printed and handed round.
    shown = without_private(study)
    said = {(coding.coder, item.evidence): item for coding in shown.codings for item in coding.judgements}
    by_id = {item.id: item for item in shown.evidence}
    spread = dict(zip((statements := Statements(study, problem)).names, statements.spread(), strict=True))
    rows = []
    for place, (evidence, first) in enumerate(zip(settled.evidence, foremost, strict=True)):
        item = by_id[str(problem["evidence"].values[evidence])]
        rival, weights = _widest(problem, int(evidence), int(first))
        now = settled.now[problem["case_of_evidence"].values[evidence]]
        leader = leader_of(now, names)
        coders = []
        for row, coder in enumerate(statements.coders):
            told = settled.probability[row, place]
            if not problem["stated"].values[row, evidence]:
                continue
            judgement = said[coder, item.id]
            coders.append(
                {
                    "coder": coder,
                    "weight_db": round(float(weights[row]), _DIGITS) + 0.0,
                    "probability": float(told[first]),
                    "leader": leader_of(told, names),
                    "rough": bool(settled.rough[row, place]),
                    "rationale": judgement.rationale,
                    "place": study.places.get(f"weights:{coder}:{item.id}", ""),
                }
            )
        rows.append(
            {
                "evidence": item.id,
                "case": item.case,
                "step": item.step,
                "source": item.source,
                "leader": leader,
                "explanation": names[int(first)],
                "against": names[rival],
                "probability": float(now[first]),
                "stake": float(stake[place]),
                "overturns": any(one["leader"] not in {None, leader} for one in coders),
                "spread_db": float(spread[item.id]),
                "range_db": float(np.nanmax(weights) - np.nanmin(weights)) if np.isfinite(weights).any() else np.nan,
                "coders": coders,
            }
        )
    return sorted(rows, key=lambda row: (-row["stake"], -row["spread_db"]))


def _widest(problem: xr.Dataset, evidence: int, leader: int) -> tuple[int, Floats]:
    """Find the rival against which the weights of the leader differ most, and give them, decibels, shape (coder,)."""
    names = problem["hypothesis"].values
    led = problem.isel(evidence=[evidence]).assign_attrs(focal=str(names[leader]))
    rivals, weights = stated.over_rivals(led)
    known = np.isfinite(weights[:, 0])
    held = np.where(known, weights[:, 0], np.nan)
    ranges = [float(np.ptp(column[np.isfinite(column)])) if np.isfinite(column).any() else -1.0 for column in held.T]
    widest = int(np.argmax(ranges))
    return [str(name) for name in names].index(rivals[widest]), held[:, widest]
