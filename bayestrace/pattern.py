"""Whether the mechanism's full pattern is found in a case: every link that has a clue, in the predicted direction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
import xarray as xr

from bayestrace.clues import FOUND, NOT_SOUGHT
from bayestrace.study import Study

#: How the clues of a link stand to what is predicted of it.
Standing = Literal["", "as-predicted", "mixed", "against", "not-found", "not-sought"]
#: Whether all links of a case stand as predicted: not, and it cannot be told since some were not sought.
HOLDS, FAILS, OPEN = 1, 0, -1

#: The domain of clues that name none.
NO_DOMAIN = "-"


def pattern(study: Study) -> xr.Dataset:
    """Compare what was found of the clues with the directions that the study predicts.

    Parameters
    ----------
    study
        With clues.

    Returns
    -------
    Dataset
        `standing` (case, step): of all clues of the step with a direction together, and `standing_by_domain` (case,
        step, domain): `as-predicted` where the predicted direction was found and no other, `against` where only another
        was, `mixed` where both were, `not-found` where it was sought and none was found, `not-sought`, or empty where
        the step has no such clue or nothing is predicted of it. `holds` (case): 1 where every step with a clue and a
        prediction is as predicted; 0 where one is not; -1 where none is not, and some were not sought.
    """
    steps = list(study.mechanism.steps)
    domains = [*study.mechanism.domains, NO_DOMAIN]
    predicted = {
        (case, step): direction
        for prediction in study.mechanism.predictions
        for case in prediction.cases
        for step, direction in prediction.directions.items()
    }
    states = {(search.case, search.clue): search.state for search in study.searches}
    whole = np.full((len(study.cases), len(steps)), "", dtype="U12")
    parts = np.full((*whole.shape, len(domains)), "", dtype="U12")
    for row, case in enumerate(study.cases):
        for column, step in enumerate(steps):
            if (case, step) not in predicted:
                continue
            seen = {domain: list[tuple[str, str]]() for domain in domains}
            for name, clue in study.clues.items():
                if clue.step == step and clue.direction != "none":
                    seen[clue.domain or NO_DOMAIN].append((clue.direction, states.get((case, name), NOT_SOUGHT)))
            whole[row, column] = _standing([each for some in seen.values() for each in some], predicted[case, step])
            parts[row, column] = [_standing(some, predicted[case, step]) for some in seen.values()]
    return xr.Dataset(
        {
            "standing": (("case", "step"), whole),
            "standing_by_domain": (("case", "step", "domain"), parts),
            "holds": ("case", np.array([_holds(row) for row in whole], dtype=np.int8)),
        },
        coords={"case": list(study.cases), "step": steps, "domain": domains},
    )


def _standing(seen: Iterable[tuple[str, str]], predicted: str) -> Standing:
    seen = list(seen)
    sought = [each for each in seen if each[1] != NOT_SOUGHT]
    if not seen:
        return ""
    if not sought:
        return "not-sought"
    found = {direction for direction, state in sought if state == FOUND}
    if not found:
        return "not-found"
    if predicted not in found:
        return "against"
    return "as-predicted" if found == {predicted} else "mixed"


def _holds(standings: Iterable[str]) -> int:
    found = {standing for standing in standings if standing}
    if found - {"as-predicted", "not-sought"} or not found:
        return FAILS
    return OPEN if "not-sought" in found else HOLDS
