"""Numbers at the edges (docs/edges.md): through every layer, at face value and in the few fits that the model needs."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from edges.edge_studies import STUDIES, plain

from bayestrace import api
from bayestrace.appendix import appendix_of
from bayestrace.cli import show
from bayestrace.folder import write_result
from bayestrace.messages import Lang

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
    probability = tree["face_value"]["probability"].values
    assert probability.min() >= 0.0
    np.testing.assert_allclose(probability.sum(axis=-1), 1.0, rtol=0, atol=1e-12)
    write_result(tree, tmp_path / "zh", {}, "zh", "en")
    files = write_result(tree, tmp_path / "en", {}, "en", None)
    assert len(files) > 2
    for folder in ("zh", "en"):
        assert said_wrongly((tmp_path / folder / "report.html").read_text(encoding="utf-8")) == []
    summary = json.loads((tmp_path / "en" / "summary.json").read_text(encoding="utf-8"))
    for lang in LANGS:
        printed = show.table(summary, study, lang) + show.sentence(summary, study, lang)
        assert said_wrongly(printed) == []
        assert said_wrongly(str(appendix_of(tree, lang).blocks)) == []


def test_weights_of_3000_db_add_up_exactly() -> None:
    tree = api.update(STUDIES["3,000 dB everywhere"](), api.Options(face_value=True))
    weights = tree["face_value"]["case_db"].sel(doubtful="counted").values
    # Four observations a case: +3,000 dB of h0 over h1, -3,000 dB of h0 over h2.
    np.testing.assert_allclose(weights[:, 0] - weights[:, 1], 12_000.0, rtol=1e-13)
    np.testing.assert_allclose(weights[:, 2] - weights[:, 0], 12_000.0, rtol=1e-13)
    odds = tree["face_value"]["log_odds_db"].sel(doubtful="counted").values
    np.testing.assert_allclose(odds[:, 2], 12_000.0, rtol=1e-13)


def test_ten_thousand_observations_of_one_case_add_up() -> None:
    study = plain(cases=1, clusters=(), singles=10_000, coders=1)
    tree = api.update(study, api.Options(face_value=True))
    (coding,) = study.codings
    exact = [math.fsum(one.weights[rival].best for one in coding.judgements) for rival in (0, 1)]
    weights = tree["face_value"]["case_db"].sel(doubtful="counted").values[0]
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
        ("a coder with one number for all", set()),
        ("3,000 dB once", set()),
    ],
)
def test_what_a_reader_must_know_of_it_is_a_finding(name: str, slugs: set[str]) -> None:
    found = api.findings_of(api.update(STUDIES[name](), api.Options(face_value=True)))
    assert {"no-evidence", "set-aside", "coder-repeated"} & {finding.slug for finding in found} == slugs


def test_one_coder_without_ranges_falls_back_to_face_value_and_says_so() -> None:
    tree = api.update(STUDIES["one coder without ranges"](), api.Options())
    assert tree.attrs["kind"] == "face-value"
    assert api.findings_of(tree)[0].slug == "nothing-learned"
    silent = api.update(STUDIES["all weights zero, without ranges"](), api.Options())
    assert silent.attrs["kind"] == "face-value", "two coders who say the same without ranges are one coder without"
