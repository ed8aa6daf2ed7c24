"""Very many cases: a few are asked what would change the answer, each by itself; terminal and page say so."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner, Result
from drawn import prior_draws
from study_factory import make_profile, make_study

from bayestrace import api, excerpt
from bayestrace.cli import main
from bayestrace.encoding import encode
from bayestrace.errors import UsageFault
from bayestrace.folder import write_report
from bayestrace.sensitivity.draws import stored
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.run import Wanted, analyse
from bayestrace.study import Study
from bayestrace.writing import files

CASES = excerpt.CASES + 2
ANALYSES = ("focal_prior", "left_out")


def many(cases: int = CASES) -> Study:
    study = make_study(cases=cases, clusters=(2,), singles=2, seed=4)
    return study.model_copy(update={"profiles": {"reference": make_profile()}})


@functools.cache
def face_value() -> xr.DataTree:
    return api.update(many(), api.Options("reference", None, face_value=True))


@functools.cache
def asked() -> xr.DataTree:
    return analyse(face_value(), Wanted(ANALYSES))


def test_up_to_a_number_of_cases_each_is_asked() -> None:
    study = many(excerpt.CASES)
    tree = api.update(study, api.Options("reference", None, face_value=True))
    assert excerpt.asked(tree) is None
    found = analyse(tree, Wanted(("focal_prior",)))
    assert found["sensitivity/base"].sizes["case"] == excerpt.CASES


def test_those_asked_are_those_that_a_page_shows_and_answers_are_those_of_the_whole() -> None:
    base = asked()["sensitivity/base"].to_dataset()
    part = excerpt.excerpt(face_value())
    assert part is not None
    shown = part.tree["problem"].to_dataset()["case"].values
    assert list(base["case"].values) == list(shown)
    assert 0 < shown.size < CASES
    whole = face_value()["face_value"].to_dataset().sel(doubtful="counted", pooled="case-by-case", case=shown)
    np.testing.assert_allclose(base["probability"], whole["probability"].transpose("case", "hypothesis"), atol=1e-12)
    assert base.attrs["pooling"] == "unpooled"


def test_an_answer_from_another_prior_is_bayes_rule_in_that_case_alone() -> None:
    """The second route: prior times likelihood, with the likelihood of the whole study's table."""
    data = asked()["sensitivity/focal_prior"].to_dataset()
    face = face_value()["face_value"].to_dataset().sel(doubtful="counted", case=data["case"].values)
    likelihood = 10.0 ** (face["case_db"].transpose("case", "hypothesis").values / 10.0)
    prior = face_value()["problem"].to_dataset()["prior"].values
    tried = 0
    for raised in range(prior.size):
        swept = data.isel(hypothesis_raised=raised)
        for place, value in enumerate(swept["x"].values):
            if np.isfinite(value):
                moved = prior * (1.0 - value) / (1.0 - prior[raised])
                moved[raised] = value
                right = moved * likelihood
                right /= right.sum(axis=1, keepdims=True)
                found = swept["probability"].isel(setting=place).transpose("case", "hypothesis")
                np.testing.assert_allclose(found, right, atol=1e-9)
                tried += 1
    assert tried > prior.size


def test_every_observation_of_a_case_asked_is_left_out_once() -> None:
    case = asked()["sensitivity/base"].to_dataset()["case"].values
    evidence = {item.id for item in many().evidence if item.case in set(case)}
    left = asked()["sensitivity/left_out/observation"].to_dataset()
    assert set(map(str, left["item"].values)) == evidence


def test_what_was_not_asked_stays_as_it_was() -> None:
    before, after = face_value(), asked()
    assert {*after.children} == {*before.children, "sensitivity"}
    for name, node in before.children.items():
        xr.testing.assert_identical(node.to_dataset(), after[name].to_dataset())


def test_draws_of_the_whole_answer_alike_in_a_part() -> None:
    """What coders are like was learned from all cases; a case's own answer does not hang on which others are asked."""
    study = make_study(cases=4, hypotheses=2, clusters=(2,), singles=2, seed=4)
    problem = encode(study, make_profile())
    posterior = prior_draws(problem, 60)
    together = stored(problem, posterior)
    assert together.pooled
    alone = stored(problem, posterior, alone=True)
    assert not alone.pooled
    np.testing.assert_allclose(answer(alone).unpooled, answer(together).unpooled, atol=1e-12)
    np.testing.assert_allclose(answer(alone).probability, answer(alone).unpooled, atol=0)
    # Draws are weighed anew by the evidence of cases each by itself, under another prior too.
    prior = np.array([0.8, 0.2])
    evidence = np.prod(np.exp(alone.loglik) @ problem["prior"].values, axis=1)
    weight = np.prod(np.exp(alone.loglik) @ prior, axis=1) / evidence
    each = prior * np.exp(alone.loglik)
    each /= each.sum(axis=-1, keepdims=True)
    right = (weight[:, None, None] * each).sum(axis=0) / weight.sum()
    np.testing.assert_allclose(answer(alone, prior=prior).probability, right, atol=1e-10)


def test_what_would_fit_the_whole_anew_is_refused_or_left_out() -> None:
    with pytest.raises(UsageFault, match=f"With {CASES} cases every combination"):
        analyse(face_value(), Wanted(("multiverse",), multiverse=True))
    found = analyse(face_value(), Wanted(("focal_prior",), multiverse=True))
    assert "bayestrace update --profile" in json.loads(found["sensitivity"].attrs["skipped"])["multiverse"]["en"]


def test_nothing_is_fitted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fit would be one of the whole study, for each coder and whatever draws cannot be weighed anew for."""

    def fitted(*_: object, **__: object) -> None:
        pytest.fail("something was fitted")

    monkeypatch.setattr("bayestrace.sensitivity.leftout.Fits", fitted)
    draws = prior_draws(encode(many(), make_profile()), 60)
    tree = face_value().copy(deep=True)
    tree["posterior"] = xr.DataTree(draws)
    tree.attrs["kind"] = "model"
    found = analyse(tree, Wanted(("left_out",)))
    assert found["sensitivity/left_out/observation"].sizes["item"] > 0
    assert "left_out" not in json.loads(found["sensitivity"].attrs["skipped"])


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("many") / "study"
    for name, text in files(many()).items():
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return target


def test_the_terminal_prints_a_few_cases_and_counts_them_all(folder: Path) -> None:
    said = run("update", folder, "--face-value").stdout
    summary = json.loads((folder / "reports/all-reference/summary.json").read_text(encoding="utf-8"))
    assert len(summary["cases"]) == CASES
    printed = [block["case"] for block in summary["cases"] if f"\n{many().cases[block['case']].name('en')} " in said]
    assert len(printed) == excerpt.FULL_CASES
    assert f"All {CASES} cases; {excerpt.FULL_CASES} of them stand above" in said
    rows = [block["hypotheses"] for block in summary["cases"]]
    for place, row in enumerate(rows[0]):
        name = many().hypotheses[row["hypothesis"]].name("en")
        leads = sum(max(each, key=lambda one: one["face_value"]) is each[place] for each in rows)
        expected = sum(each[place]["face_value"] for each in rows)
        assert f"{name} {leads} {expected:.1f}" in " ".join(said.split())
        assert not leads or f"{name} in {leads} cases" in said
    assert f"leads in {sum(max(each, key=lambda one: one['face_value']) is each[0] for each in rows)} of the" in said
    chinese = run("update", folder, "--face-value", "--lang", "zh").stdout
    assert f"全部 {CASES} 个案例（上表按把握由小到大等距选取 {excerpt.FULL_CASES} 个" in chinese
    assert "居首案例数" in chinese


def test_a_terminal_and_a_page_say_which_cases_were_asked(folder: Path, tmp_path: Path) -> None:
    result = run("sensitivity", folder, "--face-value", "--only", "focal_prior")
    assert result.exit_code == 0, result.output
    assert f"Of the {CASES} cases, {excerpt.FULL_CASES} are asked about" in result.stdout
    names = [one.name("en") for one in many().cases.values()]
    assert sum(f"\n{name}\n" in result.stdout for name in names) == excerpt.FULL_CASES
    page = (folder / "reports/all-reference/report.html").read_text(encoding="utf-8")
    assert f"was asked of the {excerpt.FULL_CASES} cases that are shown in full" in page
    write_report(face_value(), tmp_path / "report.html", "en")
    before = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "is asked of few of so many cases" in before
    data = json.loads(run("sensitivity", folder, "--face-value", "--only", "focal_prior", "--json").stdout)
    assert {one["case"] for one in data["sentences"]} <= set(many().cases)
    assert len({one["case"] for one in data["sentences"]}) == excerpt.FULL_CASES
