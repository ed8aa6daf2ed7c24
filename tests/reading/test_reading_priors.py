"""Prior profiles against the study: one fault each, where it is."""

from pathlib import Path

import pytest
from small_study import Spoilt, check_spoilt

REFERENCE = "priors/reference.yaml"
SCEPTICAL = "priors/sceptical.yaml"

SPOILT = [
    Spoilt(
        SCEPTICAL,
        "selection_favours: stakes",
        "selection_favours: ‸stake",
        "unknown-hypothesis",
        ("`stake`", "one of:", "did you mean `stakes`?"),
        "selection_favours",
    ),
    Spoilt(
        SCEPTICAL,
        "threat: 1}",
        "threat: 1, ‸thread: 1}",
        "unknown-hypothesis",
        ("`thread`", "one of:", "did you mean `threat`?"),
        "prior.thread",
    ),
    Spoilt(
        SCEPTICAL,
        "prior: {stakes: 1, bargaining: 2, threat: 1}",
        "‸prior: {threat: 1, stakes: 0}",
        "prior-empty",
        ("the set `article`", "one of: `stakes`, `bargaining`", "add a weight"),
        "prior",
    ),
    Spoilt(
        SCEPTICAL,
        "alliance: 1,",
        "‸aliance: 1,",
        "unknown-level",
        ("no level `aliance`", "one of: `common`, `own`, `alliance`", "did you mean `alliance`?"),
        "pooling.levels.aliance",
    ),
    Spoilt(
        SCEPTICAL,
        "levels: {common: 1, alliance: 1, own: 2}",
        "‸levels: {common: 0, own: 0}",
        "levels-empty",
        ("no level has a weight", "at least one", "give a level"),
        "pooling.levels",
    ),
    Spoilt(
        REFERENCE,
        "kappa: [0.05, 1]",
        "kappa: ‸[1, 0.05]",
        "ends-order",
        ("[1, 0.05]", "smaller number first", "swap"),
        "pooling.kappa",
    ),
    Spoilt(
        REFERENCE,
        "kappa: [0.05, 1]",
        "kappa: ‸[1, 1]",
        "ends-order",
        ("[1, 1]", "smaller number first", "write one number"),
    ),
    Spoilt(REFERENCE, "kappa: [0.05, 1]", "kappa: ‸[0, 1]", "kappa-zero", ("[0, 1]", "above 0", "`kappa: 0`")),
]


@pytest.mark.parametrize("spoilt", SPOILT, ids=str)
def test_a_spoilt_profile_has_one_fault_at_its_place(tmp_path: Path, spoilt: Spoilt) -> None:
    check_spoilt(tmp_path, spoilt)
