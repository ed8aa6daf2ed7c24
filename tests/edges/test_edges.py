"""Numbers at the edges (docs/edges.md): through every layer, at face value and in the few fits that the model needs."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from edge_studies import STUDIES, plain, reweighed

from bayestrace import api
from bayestrace.agreement import stated
from bayestrace.agreement.run import Wanted, analyse
from bayestrace.appendix import appendix_of
from bayestrace.cli import show
from bayestrace.encoding import encode
from bayestrace.folder import write_result
from bayestrace.messages import Lang
from bayestrace.sensitivity import run
from bayestrace.study import StatedWeight, Study

LANGS: tuple[Lang, ...] = ("en", "zh")
#: What means "there is none" by NaN, or "without bound" by infinity; docs/results.md says so of each.
MAY_BE_MISSING = {
    "/face_value/log_odds_db",  # of a hypothesis without prior probability, or with all
    "/mechanism/indicator_face_db",
    "/mechanism/net",
    "/mechanism/step_face_db",
    "/coders/mean_range_db",
    "/coders/spread_db",
    "/coders/apart_db",
}


def unexpected(tree: xr.DataTree) -> list[str]:
    """List the variables with numbers that are none, or infinite, where the layout has no place for them."""
    return [
        f"{node.path}/{name}"
        for node in tree.subtree
        for name, variable in node.to_dataset(inherit=False).variables.items()
        if variable.dtype.kind == "f"
        and not np.isfinite(variable.values).all()
        and f"{node.path}/{name}" not in MAY_BE_MISSING
    ]


def said_wrongly(page: str) -> list[str]:
    """List the places of a page's text that show what is no number, or a certainty."""
    text = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    return [
        text[max(0, found.start() - 60) : found.end() + 20]
        for found in re.finditer(r"(?i)(?<![a-z])(nan|inf|infinity)(?![a-z])|\b1\.000\b|(?<!\d)-0\.0\b", text)
    ]


@pytest.mark.parametrize("name", STUDIES)
def test_at_face_value_every_number_is_one_and_the_page_shows_it(name: str, tmp_path: Path) -> None:
    study = STUDIES[name]()
    tree = api.update(study, api.Options(face_value=True))
    assert unexpected(tree) == []
    probability = tree["face_value"].to_dataset()["probability"].values
    assert probability.min() >= 0.0
    np.testing.assert_allclose(probability.sum(axis=-1), 1.0, rtol=0, atol=1e-12)
    write_result(tree, tmp_path, {}, "en", "zh")
    assert said_wrongly((tmp_path / "report.html").read_text(encoding="utf-8")) == []
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    for lang in LANGS:
        printed = show.table(summary, study, lang) + show.sentence(summary, study, lang)
        assert said_wrongly(printed) == []
        assert said_wrongly(str(appendix_of(tree, lang).blocks)) == []


def test_weights_of_3000_db_add_up_exactly() -> None:
    tree = api.update(STUDIES["3,000 dB everywhere"](), api.Options(face_value=True))
    weights = tree["face_value"].to_dataset()["case_db"].sel(doubtful="counted").values
    # Four observations a case: +3,000 dB of h0 over h1, -3,000 dB of h0 over h2.
    np.testing.assert_allclose(weights[:, 0] - weights[:, 1], 12_000.0, rtol=1e-13)
    np.testing.assert_allclose(weights[:, 2] - weights[:, 0], 12_000.0, rtol=1e-13)
    odds = tree["face_value"].to_dataset()["log_odds_db"].sel(doubtful="counted").values
    np.testing.assert_allclose(odds[:, 2], 12_000.0, rtol=1e-13)


def test_ten_thousand_observations_of_one_case_add_up() -> None:
    study = plain(cases=1, clusters=(), singles=10_000, coders=1)
    tree = api.update(study, api.Options(face_value=True))
    (coding,) = study.codings
    exact = [math.fsum(one.weights[rival].best for one in coding.judgements) for rival in (0, 1)]
    weights = tree["face_value"].to_dataset()["case_db"].sel(doubtful="counted").values[0]
    np.testing.assert_allclose(weights[0] - weights[1:], exact, rtol=0, atol=1e-7)
    assert unexpected(tree) == []


def test_where_all_are_alike_no_explanation_is_said_to_lead() -> None:
    study = STUDIES["all weights zero, with ranges"]()
    summary = api.summary_of(api.update(study, api.Options(face_value=True)))
    said = show.sentence(summary, study, "en")
    assert "no single one in c0" in said
    assert "leads in none of the 2 cases" in said


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("a case without evidence", {"no-evidence"}),
        ("reliability 0", {"no-evidence", "set-aside"}),
        ("one coder heard twice", {"coder-repeated"}),
        ("3,000 dB everywhere", {"coder-repeated"}),
        ("3,000 dB against 3,000 dB", set()),
        ("a coder with one number for all", set()),
        ("3,000 dB once", set()),
    ],
)
def test_what_a_reader_must_know_of_it_is_a_finding(name: str, slugs: set[str]) -> None:
    found = api.findings_of(api.update(STUDIES[name](), api.Options(face_value=True)))
    assert {"no-evidence", "set-aside", "coder-repeated"} & {finding.slug for finding in found} == slugs


def test_coders_who_are_one_shifted_or_stretched_are_found() -> None:
    study = plain()
    kept, *_ = study.codings

    def moved(scale: float, shift: float) -> Study:
        def rule(_coder: int, _evidence: str, _rival: int, weight: StatedWeight) -> tuple[None, float, None]:
            return None, scale * weight.best + shift, None

        twice = reweighed(study.model_copy(update={"codings": (kept,)}), rule).codings[0]
        return study.model_copy(update={"codings": (kept, twice.model_copy(update={"coder": "coder1"}))})

    pair = [("coder0", "coder1")]
    for scale, shift, expected in ((1.0, 3.0, pair), (0.5, -2.0, pair), (-1.0, 0.0, []), (1.0, 0.0, [])):
        problem = encode(moved(scale, shift), study.profiles["reference"])
        assert stated.aligned(problem) == expected
        assert stated.repeated(problem) == ({"coder1": "coder0"} if (scale, shift) == (1.0, 0.0) else {})
    assert stated.aligned(encode(study, study.profiles["reference"])) == []


def test_two_coders_may_well_say_the_same_of_one_observation() -> None:
    study = plain(cases=1, clusters=(), singles=1, seed=3)
    alike = reweighed(study, lambda *_: (1.0, 3.0, 5.0))
    assert stated.repeated(encode(alike, study.profiles["reference"])) == {}


@pytest.mark.parametrize("name", ["3,000 dB everywhere", "3,000 dB against 3,000 dB", "one coder heard twice"])
def test_agreement_is_told_in_numbers_or_as_none(name: str) -> None:
    study = STUDIES[name]()
    found = analyse(study, Wanted(study.profiles["reference"]))
    json.dumps(found, allow_nan=False)
    for block in found["opinions"]:
        assert sum(row["logarithmic"] for row in block["hypotheses"]) == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["3,000 dB everywhere", "one hypothesis left"])
def test_every_prior_has_an_answer_where_the_evidence_leaves_one_explanation(name: str) -> None:
    tree = api.update(STUDIES[name](), api.Options(face_value=True))
    found = run.analyse(tree, run.Wanted(("simplex",), refits=False, multiverse=False), None)
    simplex = found["sensitivity/simplex"].to_dataset()
    np.testing.assert_allclose(simplex["probability"].sum("hypothesis"), 1.0, rtol=0, atol=1e-12)
    assert np.isfinite(simplex["flip_at"].values).all(), "a prior without the leader gives the lead to another"


def test_one_coder_without_ranges_falls_back_to_face_value_and_says_so() -> None:
    tree = api.update(STUDIES["one coder without ranges"](), api.Options())
    assert tree.attrs["kind"] == "face-value"
    assert api.findings_of(tree)[0].slug == "nothing-learned"
    silent = api.update(STUDIES["all weights zero, without ranges"](), api.Options())
    assert silent.attrs["kind"] == "face-value", "two coders who say the same without ranges are one coder without"


#: Of the model too: a statistic of what is too little or all alike, and a step without evidence.
MAY_BE_MISSING_OF_A_FIT = (
    MAY_BE_MISSING
    | {f"/replicates/{prefix}{name}" for prefix in ("", "step_") for name in ("observed", "replicated", "p_value")}
    | {"/steps/alone_db", "/steps/probability_alone", "/clusters/exact_reliability_db", "/observations/left_out_db"}
)


@pytest.mark.long
@pytest.mark.parametrize(
    "name",
    [
        "3,000 dB once",
        "a coder with one number for all",
        "a case without evidence",
        "all weights zero, with ranges",
        "kappa 1e300",
        "one hypothesis left",
        "selectivity near 1",
        "reliability 1",
        "redundancy 1",
    ],
)
def test_the_model_answers_with_numbers_and_the_page_shows_them(name: str, tmp_path: Path) -> None:
    tree = api.update(STUDIES[name](), api.Options(draws=50, chains=2))
    assert tree.attrs["kind"] == "model"
    assert set(unexpected(tree)) <= MAY_BE_MISSING_OF_A_FIT
    probability = tree["cases"].to_dataset()["probability"].sel(stat="mean")
    np.testing.assert_allclose(probability.sum("hypothesis"), 1.0, rtol=0, atol=1e-9)
    write_result(tree, tmp_path, {}, "en", "zh")
    assert said_wrongly((tmp_path / "report.html").read_text(encoding="utf-8")) == []
