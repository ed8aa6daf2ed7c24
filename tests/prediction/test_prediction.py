"""Scores against plain loops, and intervals against coders drawn from the model."""

from __future__ import annotations

import csv
import io
import itertools
import math

import numpy as np
import pytest
import xarray as xr
from brute import some_draws
from scipy.stats import multivariate_normal
from study_factory import make_profile, make_study

from bayestrace import panels, prediction
from bayestrace.encoding import encode
from bayestrace.errors import UsageFault
from bayestrace.inference import ledger, predictive, replicates
from bayestrace.inference.signal import design_of
from bayestrace.panels import Panel, Settings
from bayestrace.study import Study
from bayestrace.weights import NATS_PER_DB

DRAWS = 20


def panel_of(study: Study, coders: list[str]) -> Panel:
    problem = encode(study, make_profile(), coders=coders)
    shape = (1, DRAWS, problem.sizes["case"], problem.sizes["hypothesis"])
    loglik = np.random.default_rng(0).normal(size=shape)
    posterior = some_draws(problem, DRAWS).assign(case_loglik=(("chain", "draw", "case", "hypothesis"), loglik))
    stats = xr.Dataset({"diverging": (("chain", "draw"), np.zeros((1, DRAWS), dtype=np.int8))})
    return Panel(tuple(coders), problem, posterior, stats)


@pytest.fixture(scope="module")
def study() -> Study:
    """Three coders, the second of whom is far from the others here and there."""
    made = make_study(cases=2, coders=3, clusters=(2,), singles=4, missing=0.45, seed=5)
    far = [
        judgement.model_copy(
            update={"weights": tuple(w.model_copy(update={"best": w.best + shift}) for w in judgement.weights)}
        )
        for judgement, shift in zip(made.codings[1].judgements, itertools.cycle((0.0, 6.0, -6.0, 30.0)))
    ]
    moved = made.codings[1].model_copy(update={"judgements": tuple(far)})
    return made.model_copy(update={"codings": (made.codings[0], moved, made.codings[2])})


@pytest.fixture(scope="module")
def found(study: Study) -> prediction.Forecast:
    return prediction.forecast(encode(study, make_profile()), "coder1", panel_of(study, ["coder0", "coder2"]), 3)


def best(study: Study, coder: int) -> dict[str, dict[str, float]]:
    """Weights of the focal explanation over each rival, as they stand in the study."""
    return {
        judgement.evidence: {weight.against: weight.best for weight in judgement.weights}
        for judgement in study.codings[coder].judgements
    }


def test_every_weight_stands_beside_its_prediction(study: Study, found: prediction.Forecast) -> None:
    mine, others = best(study, 1), [best(study, 0), best(study, 2)]
    assert list(found.table["evidence"].values) == [item.id for item in study.evidence if item.id in mine]
    assert str(found.table["hypothesis"].values) == "h0"
    for evidence in found.table["evidence"].values:
        row = found.table.sel(evidence=evidence)
        heard = [one[evidence] for one in others if evidence in one]
        for rival in ("h1", "h2"):
            assert row["stated_db"].sel(against=rival) == pytest.approx(mine[evidence][rival])
            mean = np.mean([one[rival] for one in heard]) if heard else np.nan
            assert row["mean_db"].sel(against=rival).item() == pytest.approx(mean, nan_ok=True)
            ends = row["interval_db"].sel(against=rival).values
            assert (np.diff(ends) > 0.0).all()
            assert ends[0] < row["predicted_db"].sel(against=rival) < ends[3]


def test_scores_count_what_others_weighed_too(study: Study, found: prediction.Forecast) -> None:
    mine, others = best(study, 1), {*best(study, 0), *best(study, 2)}
    assert not {*mine} <= others, "the study should have an observation that only this coder weighed"
    where: set[int] = set()
    inside: dict[str, list[bool]] = {"50": [], "90": []}
    errors: dict[str, list[float]] = {"model": [], "mean": []}
    for evidence in [name for name in mine if name in others]:
        row = found.table.sel(evidence=evidence)
        for rival in ("h1", "h2"):
            said, cell = mine[evidence][rival], row.sel(against=rival)
            low90, low50, high50, high90 = cell["interval_db"].values
            where.add(int(np.searchsorted(cell["interval_db"].values, said)))
            inside["50"].append(low50 <= said <= high50)
            inside["90"].append(low90 <= said <= high90)
            errors["model"].append(float(cell["predicted_db"]) - said)
            errors["mean"].append(float(cell["mean_db"]) - said)
    assert where >= {1, 2, 3, 4}, "the study should have weights on both sides of the 50 % interval, and outside"
    score = found.score
    assert (score.weights, score.observations) == (len(inside["50"]), len(inside["50"]) // 2)
    assert score.coverage_50 == pytest.approx(np.mean(inside["50"]))
    assert score.coverage_90 == pytest.approx(np.mean(inside["90"]))
    assert score.rmse_db == pytest.approx(math.sqrt(np.mean(np.square(errors["model"]))))
    assert score.mean_rmse_db == pytest.approx(math.sqrt(np.mean(np.square(errors["mean"]))))


def test_the_plain_mean_has_the_spread_of_the_others_around_their_rest(
    study: Study, found: prediction.Forecast
) -> None:
    contrast = encode(study, make_profile())["helmert"].values

    def vector(said: dict[str, float]) -> np.ndarray:
        return np.asarray(contrast @ np.array([0.0, -said["h1"], -said["h2"]]) * NATS_PER_DB)

    mine, one, other = best(study, 1), best(study, 0), best(study, 2)
    both = [name for name in one if name in other]
    # Each of two coders is the rest of the other, so that both residuals are their difference.
    variance = np.mean([np.square(vector(one[name]) - vector(other[name])) for name in both])
    densities = []
    for name, said in mine.items():
        heard = [vector(each[name]) for each in (one, other) if name in each]
        if heard:
            densities.append(multivariate_normal.logpdf(vector(said), np.mean(heard, axis=0), variance * np.eye(2)))
    assert found.score.mean_log_density == pytest.approx(np.mean(densities))


def test_one_other_gives_the_plain_mean_no_spread() -> None:
    study = make_study(coders=2)
    score = prediction.forecast(encode(study, make_profile()), "coder0", panel_of(study, ["coder1"]), 1).score
    assert score.mean_log_density is None
    assert np.isfinite([score.log_density, score.mean_rmse_db]).all()


def test_partial_comparisons_are_scored_where_they_reach() -> None:
    study = make_study(coders=3, hypotheses=4, partial=0.4, singles=6, seed=8)
    made = prediction.forecast(encode(study, make_profile()), "coder2", panel_of(study, ["coder0", "coder1"]), 1)
    stated = sum(len(weights) for weights in best(study, 2).values())
    assert made.score.weights == stated
    assert int(np.isfinite(made.table["stated_db"].values).sum()) == stated
    rows = list(csv.DictReader(io.StringIO(prediction.as_csv([made]))))
    assert len(rows) == made.table["stated_db"].size
    assert sum(row["stated_db"] != "" for row in rows) == stated


def test_the_csv_repeats_the_table(found: prediction.Forecast) -> None:
    rows = list(csv.DictReader(io.StringIO(prediction.as_csv([found]))))
    assert list(rows[0])[:6] == ["coder", "evidence", "hypothesis", "against", "stated_db", "predicted_db"]
    for row in rows:
        cell = found.table.sel(evidence=row["evidence"], against=row["against"])
        assert (row["coder"], row["hypothesis"]) == ("coder1", "h0")
        assert float(row["stated_db"]) == pytest.approx(float(cell["stated_db"]), abs=1e-4)
        ends = [float(row[name]) for name in ("low_90_db", "low_50_db", "high_50_db", "high_90_db")]
        assert ends == pytest.approx(cell["interval_db"].values, abs=1e-4)
        assert (row["mean_of_others_db"] == "") == bool(np.isnan(cell["mean_db"]))


def test_plain_data_has_no_number_that_json_cannot_say(found: prediction.Forecast) -> None:
    (data,) = prediction.as_data([found])
    assert data["coder"] == "coder1"
    assert data["others"] == ["coder0", "coder2"]
    assert data["coverage_90"] == found.score.coverage_90
    assert all(value is None or math.isfinite(value) for value in data.values() if isinstance(value, float))


def test_who_is_in_the_study_is_no_newcomer(study: Study) -> None:
    settings = Settings(10, 1, 1)
    with pytest.raises(UsageFault, match="has a coder 'coder1' already"):
        prediction.newcomers(study, make_profile(), None, [study.codings[1]], settings=settings)
    alone = study.model_copy(update={"codings": study.codings[:1]})
    with pytest.raises(UsageFault, match="one coder"):
        prediction.left_out(alone, make_profile(), None, None, settings=settings)
    mute = study.codings[1].model_copy(update={"judgements": ()})
    muted = study.model_copy(update={"codings": (study.codings[0], mute, study.codings[2])})
    with pytest.raises(UsageFault, match="'coder1' weighed no observation"):
        prediction.forecast(encode(muted, make_profile()), "coder1", panel_of(study, ["coder0", "coder2"]), 1)


def test_a_newcomer_is_predicted_like_one_who_was_left_out(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same coding, once in the study and left out, once from outside."""

    def fit(problem: xr.Dataset, *_: object) -> Panel:
        return panel_of(study, [str(name) for name in problem["coder"].values])

    monkeypatch.setattr(panels, "fit", fit)
    settings = Settings(10, 1, 5)
    (inside,) = prediction.left_out(study, make_profile(), None, ["coder2"], settings=settings)
    fewer = study.model_copy(update={"codings": study.codings[:2]})
    coding = study.codings[2].model_copy(update={"coder": "wang"})
    (outside,) = prediction.newcomers(fewer, make_profile(), None, [coding], settings=settings)
    assert (inside.coder, outside.coder) == ("coder2", "wang")
    assert inside.score == outside.score
    xr.testing.assert_identical(inside.table, outside.table)


def test_intervals_hold_coders_drawn_from_the_model() -> None:
    """The whole prediction by Monte Carlo: coders drawn from the population fall inside as often as is said."""
    study = make_study(cases=2, coders=3, clusters=(2,), singles=3)
    problem, profile = encode(study, make_profile()), make_profile()
    panel = encode(study, profile, coders=["coder0", "coder1"])
    inside, rng = [], np.random.default_rng(11)
    for seed in range(60):
        draws = some_draws(panel, 1, seed=seed)
        shape = (1, 1, problem.sizes["case"], problem.sizes["hypothesis"])
        draws = draws.assign(case_loglik=(("chain", "draw", "case", "hypothesis"), np.zeros(shape)))
        new = predictive.newcomer(panel, draws, rng)
        bias = new.leaning + np.sqrt(new.leaning_variance)[:, None] * rng.standard_normal(new.leaning.shape)
        theta = predictive.with_newcomer(ledger.hyperparameters(draws), 2, new, bias)
        design, evidence, cluster = design_of(problem)
        case_of = problem["case_of_cluster"].values[cluster]
        spoken = replicates.explanations(problem, draws, rng)[:, case_of]
        drawn = problem.copy(deep=True)
        drawn["weight"].values[:, evidence] = replicates.simulate(design, theta, spoken, rng)[0]
        known = draws.isel(draw=np.zeros(40, dtype=np.int64))
        seen = predictive.predict(drawn, "coder2", drawn.isel(coder=[0, 1]), known, seed=seed, draws=40)
        direction = design.helmert[:, 0] - design.helmert[:, 1]
        said = drawn["weight"].values[2, seen.evidence] @ direction
        ends = seen.quantiles(direction, prediction.QUANTILES)
        inside.append([((ends[0] <= said) & (said <= ends[3])).mean(), ((ends[1] <= said) & (said <= ends[2])).mean()])
    coverage, error = np.mean(inside, axis=0), np.std(inside, axis=0) / np.sqrt(len(inside))
    np.testing.assert_allclose((coverage - [0.9, 0.5]) / error, 0.0, atol=3.0)
    assert (error < 0.05).all()
