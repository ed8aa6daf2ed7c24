"""Every combination of choices is answered once, as a direct calculation would, and nothing is fitted twice."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from drawn import prior_draws
from study_factory import make_profile, make_study

from bayestrace import results
from bayestrace.encoding import encode
from bayestrace.errors import UsageFault
from bayestrace.inference import ledger, pooling, sampling
from bayestrace.inference.signal import Design, Hyperparameters, design_of
from bayestrace.panels import Settings
from bayestrace.sensitivity import multiverse, reweight
from bayestrace.study import PriorProfile, Study

SETTINGS = Settings(draws=10, chains=2, seed=5)


def profile(name: str, **more: Any) -> PriorProfile:
    return make_profile(**more).model_copy(update={"id": name})


def with_profiles(study: Study, *profiles: PriorProfile) -> Study:
    return study.model_copy(update={"profiles": {one.id: one for one in profiles}})


def whole(**more: Any) -> Study:
    """A study in which every choice makes a difference: two sets, three coders, doubt, clusters, four profiles."""
    study = make_study(**{"cases": 2, "hypotheses": 3, "coders": 3, "doubtful": 1, "clusters": (3,), **more})
    data = json.loads(study.canonical())
    data["sets"] = {"all": {"hypotheses": ["h0", "h1", "h2"]}, "few": {"hypotheses": ["h0", "h1"]}}
    return with_profiles(
        Study.model_validate_json(json.dumps(data)),
        profile("base"),
        profile("bold", prior={"h0": 5.0, "h1": 1.0, "h2": 1.0}),
        profile("alone", levels={"own": 1.0}),
        profile("author", selectivity=0.2),
    )


def fake_sampler(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[str, ...]]]:
    """Answer at once from the priors where a fit is asked for; return the list of what was asked."""
    asked: list[tuple[str, tuple[str, ...]]] = []

    def sample(problem: xr.Dataset, **options: Any) -> xr.DataTree:
        asked.append((problem.attrs["set"], tuple(map(str, problem["coder"].values))))
        draws = prior_draws(problem, 2 * options["draws"], seed=options["seed"])
        stats = xr.Dataset({"diverging": (("chain", "draw"), np.eye(2, options["draws"], dtype=np.int8))})
        return xr.DataTree.from_dict({"posterior": draws, "sample_stats": stats})

    monkeypatch.setattr(sampling, "is_compiled", lambda _: True)
    monkeypatch.setattr(sampling, "sample", sample)
    return asked


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[str, ...]]]:
    return fake_sampler(monkeypatch)


@pytest.fixture(scope="module")
def found() -> xr.Dataset:
    """The multiverse of the whole study."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        fits = fake_sampler(monkeypatch)
        # Twenty draws are few enough to be weighed in loops, and too few to be believed.
        monkeypatch.setattr(reweight, "FEWEST", 0.0)
        dataset = multiverse.analyse(whole(), "base", settings=SETTINGS)
    assert len(fits) == 14
    return dataset


def test_choices_are_counted_once(fits: list[tuple[str, tuple[str, ...]]]) -> None:
    choices = multiverse.choices_of(whole(), "base")
    assert choices.options() == {
        "set": ("all", "few"),
        "panel": (
            "all",
            "without:coder0",
            "without:coder1",
            "without:coder2",
            "only:coder0",
            "only:coder1",
            "only:coder2",
        ),
        # The others have the prior of the first; one of them differs by its pooling, one by what it leaves out.
        "prior": ("base", "bold"),
        "pooling": ("as-fitted", "no-pooling", "one-explanation"),
        "selectivity": (0.0, 0.5, 0.9),
        "reliability": (True, False),
        "redundancy": (True, False),
    }
    specifications = choices.specifications()
    assert len(specifications) == len(set(specifications)) == 2 * 7 * 2 * 3 * 3 * 2 * 2
    assert multiverse.choices_of(whole(), "author").selectivity == (0.0, 0.2, 0.5, 0.9)
    assert fits == []


def test_a_choice_that_makes_no_difference_has_one_option() -> None:
    study = with_profiles(
        make_study(cases=1, hypotheses=2, coders=1, clusters=(), reliability=1.0, factors=0), profile("base")
    )
    choices = multiverse.choices_of(study, "base")
    counts = {name: len(each) for name, each in choices.options().items()}
    assert counts == {
        "set": 1,
        "panel": 1,
        "prior": 1,
        "pooling": 1,
        "selectivity": 3,
        "reliability": 1,
        "redundancy": 1,
    }
    same_news = with_profiles(make_study(redundancy=(None, 0.0, None)), profile("base"))
    assert multiverse.choices_of(same_news, "base").redundancy == (True,)
    two = with_profiles(make_study(coders=2), profile("base"))
    # To leave out one of two is to keep the other alone.
    assert tuple(multiverse.choices_of(two, "base").panels) == ("all", "without:coder0", "without:coder1")
    quiet = with_profiles(make_study(coders=3, ranges=False), profile("base"))
    # One coder without ranges tells nothing of noise.
    assert len(multiverse.choices_of(quiet, "base").panels) == 4


def test_one_explanation_as_a_profile_is_the_pooling_of_that_name() -> None:
    study = with_profiles(
        make_study(cases=2),
        profile("base"),
        profile("one", levels={"common": 3.0}, kappa=0.0),
        profile("apart", levels={"own": 2.0}, kappa=5.0),
        profile("tight", kappa=0.2),
    )
    assert tuple(multiverse.choices_of(study, "base").poolings) == (
        "as-fitted",
        "no-pooling",
        "one-explanation",
        "tight",
    )
    assert tuple(multiverse.choices_of(study, "apart").poolings) == ("as-fitted", "one-explanation", "base", "tight")


def test_selection_for_an_explanation_that_a_set_lacks_is_no_choice() -> None:
    study = whole()
    author = profile("author", favours="h2")
    assert multiverse.choices_of(with_profiles(study, author), "author").selectivity == (0.0,)


def test_a_study_from_which_nothing_can_be_learned_is_refused() -> None:
    quiet = with_profiles(make_study(coders=1, ranges=False), profile("base"))
    with pytest.raises(UsageFault) as fault:
        multiverse.choices_of(quiet, "base")
    assert fault.value.slug == "multiverse-nothing"
    with pytest.raises(UsageFault, match="did you mean 'base'"):
        multiverse.choices_of(quiet, "bse")


def likelihood(problem: xr.Dataset, design: Design, theta: Hyperparameters) -> np.ndarray:
    """Case log-likelihoods (D, C, K) of a design, added up with a loop."""
    clusters = ledger.evaluate(design, theta)
    total = np.zeros((clusters.shape[0], problem.sizes["case"], problem.sizes["hypothesis"]))
    label = np.unique(problem["cluster_of_evidence"].values[problem["weighs"].values])
    for column, name in enumerate(label):
        total[:, int(problem["case_of_cluster"][name])] += clusters[:, column]
    return total


def directly(study: Study, name: str, coders: tuple[str, ...], standpoint: PriorProfile, **allow: Any) -> np.ndarray:
    """P(Z_c = k) of one specification: Bayes' rule over joint explanations for the draws of the fit, in loops."""
    problem = encode(study, study.profiles["base"], name, coders)
    theta = ledger.hyperparameters(prior_draws(problem, 20, seed=5))
    base = likelihood(problem, design_of(problem)[0], theta)
    table = pooling.table_of(problem)
    if not allow["reliability"]:
        items = tuple(item.model_copy(update={"reliability": 1.0}) for item in study.evidence)
        problem = encode(study.model_copy(update={"evidence": items}), study.profiles["base"], name, coders)
    design = design_of(problem)[0]
    if not allow["redundancy"]:
        design = dataclasses.replace(design, redundancy=np.zeros_like(design.redundancy))
    now = likelihood(problem, dataclasses.replace(design, selectivity=allow["selectivity"]), theta)
    wanted = pooling.table_of(encode(study, standpoint, name, coders))
    total = np.zeros(now.shape[1:])
    for draw in range(now.shape[0]):
        fitted = sum(
            np.exp(p + sum(base[draw, c, k] for c, k in enumerate(z)))
            for z, p in zip(table.z, table.log_p, strict=True)
        )
        for z, p in zip(wanted.z, wanted.log_p, strict=True):
            for c, k in enumerate(z):
                total[c, k] += np.exp(p + sum(now[draw, d, h] for d, h in enumerate(z))) / fitted
    return total / total.sum(axis=1, keepdims=True)


def test_a_row_is_what_a_direct_calculation_gives(found: xr.Dataset) -> None:
    study = whole()
    poolings: dict[str, dict[str, Any]] = {
        "as-fitted": {},
        "no-pooling": {"levels": {"own": 1.0}},
        "one-explanation": {"levels": {"common": 1.0}},
    }
    priors: dict[str, Any] = {"base": "equal", "bold": {"h0": 5.0, "h1": 1.0, "h2": 1.0}}
    coders = {"all": ("coder0", "coder1", "coder2"), "without:coder1": ("coder0", "coder2"), "only:coder2": ("coder2",)}
    rows = [
        ("all", "all", "base", "as-fitted", 0.0, 1, 1),
        ("all", "all", "bold", "no-pooling", 0.5, 1, 1),
        ("few", "without:coder1", "bold", "one-explanation", 0.0, 0, 1),
        ("all", "only:coder2", "base", "one-explanation", 0.9, 0, 0),
        ("few", "all", "base", "as-fitted", 0.5, 1, 0),
    ]
    columns = ("set", "panel", "prior", "pooling", "selectivity", "reliability", "redundancy")
    for row in rows:
        match = np.all([found[name].values == value for name, value in zip(columns, row, strict=True)], axis=0)
        (place,) = np.flatnonzero(match)
        kappa: dict[str, Any] = {"kappa": 0.0} if row[3] == "one-explanation" else {}
        standpoint = make_profile(prior=priors[row[2]], **poolings[row[3]], **kappa)
        allow = dict(zip(columns[4:], row[4:], strict=True))
        expected = directly(study, row[0], coders[row[1]], standpoint, **allow)
        told = found["probability"].values[place]
        assert told[:, : expected.shape[1]] == pytest.approx(expected, rel=1e-8), row
        assert np.isnan(told[:, expected.shape[1] :]).all()


def test_the_summary_says_what_the_rows_say(found: xr.Dataset) -> None:
    probability = found["probability"].values
    total, names = probability.shape[0], found["hypothesis"].values
    assert total == 2 * 7 * 2 * 3 * 3 * 2 * 2
    counts = [
        [sum(names[np.nanargmax(row[c])] == name for row in probability) / total for name in names] for c in range(2)
    ]
    assert found["leader_share"].values == pytest.approx(np.array(counts))
    assert found["leader_share_believed"].values == pytest.approx(np.array(counts))
    assert found["compared"].values.all()
    own = (found["selectivity"].values == 0.0) & (found["reliability"].values == 1) & (found["redundancy"].values == 1)
    assert (found["how"].values == np.where(own, "fitted", "reweighted")).all()
    assert found["leader"].values[7, 1] == names[np.nanargmax(probability[7, 1])]
    for case in range(2):
        curve = probability[found["order"].values[:, case], case, 0]
        assert (np.diff(curve) >= 0.0).all()
    options = {str(name): found["indicator"].values[:, place] for place, name in enumerate(found["option"].values)}
    assert (options["panel=only:coder1"] == (found["panel"].values == "only:coder1")).all()
    assert (options["selectivity=0.9"] == (found["selectivity"].values == 0.9)).all()
    assert (options["reliability=False"] == (found["reliability"].values == 0)).all()
    assert found["indicator"].values.sum() == 7 * total
    assert (found.attrs["fits"], found.attrs["divergences"]) == (14, 2 * 14)
    assert (found.attrs["pooling"], found.attrs["focal"], found.attrs["unreliable"]) == ("pooled", "h0", 0.0)


def test_the_shares_of_the_choices_are_those_of_a_regression(found: xr.Dataset) -> None:
    """Main effects of a balanced design, by least squares on dummies, one choice at a time."""
    focal = found["probability"].values[:, 1, 0]
    for place, choice in enumerate(found["choice"].values):
        dummies = found["indicator"].values[:, found["choice_of"].values == choice].astype(float)
        fitted = dummies @ np.linalg.lstsq(dummies, focal, rcond=None)[0]
        expected = ((fitted - focal.mean()) ** 2).sum() / ((focal - focal.mean()) ** 2).sum()
        assert found["effect_share"].values[place, 1, 0] == pytest.approx(expected, abs=1e-10)
    shares = found["effect_share"].values[:, 1, 0]
    assert shares.sum() + found["together_share"].values[1, 0] == pytest.approx(1.0)
    assert str(found["matters_most"].values[1]) == found["choice"].values[shares.argmax()]
    # The third explanation is not in every set.
    assert np.isnan(found["effect_share"].values[:, :, 2]).all()


def test_what_was_fitted_is_found_again_after_a_stop(
    fits: list[tuple[str, tuple[str, ...]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = sampling.sample

    def stops(problem: xr.Dataset, **options: Any) -> xr.DataTree:
        if len(fits) == 3:
            raise KeyboardInterrupt
        return quick(problem, **options)

    told: list[tuple[int, int]] = []

    def run() -> xr.Dataset:
        return multiverse.analyse(
            whole(coders=2), "base", settings=SETTINGS, cache=tmp_path, tell=lambda *done: told.append(done)
        )

    monkeypatch.setattr(sampling, "sample", stops)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert told == [(0, 6), (1, 6), (2, 6), (3, 6)]
    monkeypatch.setattr(sampling, "sample", quick)
    first = run()
    assert len(fits) == len(set(fits)) == 6
    assert told[-1] == (6, 6)
    xr.testing.assert_identical(first, run())
    assert len(fits) == 6
    assert multiverse.fits_needed(multiverse.choices_of(whole(coders=2), "base")) == fits


def test_it_can_be_kept(found: xr.Dataset, tmp_path: Path) -> None:
    results.save(
        xr.DataTree.from_dict(
            {"/": xr.Dataset(attrs={"bayestrace": "x", "format": results.FORMAT}), "multiverse": found}
        ),
        tmp_path / "x.nc",
    )
    xr.testing.assert_identical(results.load(tmp_path / "x.nc")["multiverse"].to_dataset(), found)


def test_what_cannot_be_reweighted_is_fitted_anew_where_that_is_asked_for(
    fits: list[tuple[str, tuple[str, ...]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = reweight.reweigh

    def distrusted(log_ratio: np.ndarray, *, smooth: bool = True, diagnose: bool = True) -> reweight.Weighed:
        weighed = plain(log_ratio, smooth=smooth, diagnose=diagnose)
        return weighed._replace(pareto_k=np.full_like(weighed.pareto_k, 0.9)) if smooth else weighed

    monkeypatch.setattr("bayestrace.sensitivity.evaluate.reweigh", distrusted)
    monkeypatch.setattr(reweight, "FEWEST", 0.0)
    study = with_profiles(make_study(cases=1, hypotheses=2, coders=1, clusters=(), reliability=0.9), profile("base"))
    assert multiverse.choices_of(study, "base").reliability == (True, False)
    as_it_is = multiverse.analyse(study, "base", settings=SETTINGS)
    assert (len(fits), as_it_is.attrs["fits"]) == (1, 1)
    assert as_it_is.attrs["unreliable"] == pytest.approx(5.0 / 6.0)
    fits.clear()
    found = multiverse.analyse(study, "base", settings=SETTINGS, refit=True)
    assert (len(fits), found.attrs["fits"], found.attrs["unreliable"]) == (6, 6, 0.0)
    assert set(found["how"].values) == {"fitted"}
    (place,) = np.flatnonzero((found["selectivity"].values == 0.5) & (found["reliability"].values == 0))
    items = tuple(item.model_copy(update={"reliability": 1.0}) for item in study.evidence)
    problem = encode(study.model_copy(update={"evidence": items}), profile("base", selectivity=0.5))
    # The sampler that answers at once draws from the priors, whatever the evidence: plain means over its draws.
    loglik = likelihood(problem, design_of(problem)[0], ledger.hyperparameters(prior_draws(problem, 20, seed=5)))
    each = np.exp(loglik) / np.exp(loglik).sum(axis=-1, keepdims=True)
    assert found["probability"].values[place] == pytest.approx(each.mean(axis=0), rel=1e-9)


def test_many_cases_are_answered_one_by_one(fits: list[tuple[str, tuple[str, ...]]]) -> None:
    study = with_profiles(
        make_study(cases=12, hypotheses=3, coders=1, clusters=(), singles=1, factors=1), profile("base")
    )
    assert tuple(multiverse.choices_of(study, "base").poolings) == ("as-fitted",)
    found = multiverse.analyse(study, "base", settings=SETTINGS)
    assert found.attrs["pooling"] == "unpooled"
    assert found["probability"].sum("hypothesis").values == pytest.approx(1.0)
    assert len(fits) == 1
