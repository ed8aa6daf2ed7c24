"""What is claimed of the model is drawn, kept, judged and scored as it is said to be."""

from __future__ import annotations

import csv
import dataclasses
import io
import math
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import xarray as xr
from designs import Floats, problem_of

from bayestrace.calibration.claims import methods, publish, scoring, trials
from bayestrace.calibration.claims.worlds import SETTINGS, Setting, declared, draw_trial
from bayestrace.calibration.simulate import World
from bayestrace.inference import fingerprint, priors

DECIBEL = math.log(10.0) / 10.0
OWN = Setting("own", "inside", "own world", "自身", averaged=True, times=2)
TAILS = Setting("tails", "outside", "heavy tails", "厚尾", World(noise_df=3.0))


def stating(problem: xr.Dataset, likelihood: Floats) -> xr.Dataset:
    """The problem with given likelihoods stated, shape (J, E, K)."""
    return problem.assign(weight=(problem["weight"].dims, np.log(likelihood) @ problem["helmert"].values.T))


def bayes(likelihoods: list[list[int]]) -> list[Fraction]:
    """Multiply likelihoods, from an even prior."""
    product = [math.prod(Fraction(row[k]) for row in likelihoods) for k in range(len(likelihoods[0]))]
    return [Fraction(value) / sum(product) for value in product]


# Two coders, one case, three observations, three explanations.
STATED = [[[4, 1, 2], [1, 3, 1], [1000, 1, 10]], [[1, 9, 3], [2, 1, 1], [1, 1, 10]]]


@pytest.fixture(name="judged", scope="module")
def _judged() -> dict[str, Floats]:
    problem = problem_of(cases=1, coders=2, clusters=(), singles=3, factors=0)
    return methods.simple(stating(problem, np.array(STATED, dtype=float)))


def test_a_capped_observation_keeps_its_proportions_and_no_more_than_the_cap() -> None:
    loglik = np.array([[0.0, 20.0, 5.0], [3.0, -4.0, 1.0], [0.0, 0.0, 0.0], [7.0, -3.0, 0.0]]) * DECIBEL
    found = methods.capped(loglik) / DECIBEL
    np.testing.assert_allclose(
        found, [[0.0, 10.0, 2.5], [3.0, -4.0, 1.0], [0.0, 0.0, 0.0], [7.0, -3.0, 0.0]], atol=1e-12
    )
    np.testing.assert_allclose(methods.capped(loglik, 5.0)[0] / DECIBEL, [0.0, 5.0, 1.25], atol=1e-12)


def test_observations_are_capped_one_by_one_after_coders_are_averaged(judged: dict[str, Floats]) -> None:
    # The coders' geometric means: ratios of 2 : 3 : sqrt 6, sqrt 2 : sqrt 3 : 1 and sqrt 1000 : 1 : 10.
    means = [[2.0, 3.0, math.sqrt(6)], [math.sqrt(2), math.sqrt(3), 1.0], [math.sqrt(1000), 1.0, 10.0]]
    # The third favours the first over the second by 15 dB: to the power 2/3 that is 10.
    means[2] = [10.0, 1.0, 10.0 ** (2.0 / 3.0)]
    product = np.prod(means, axis=0)
    np.testing.assert_allclose(judged["capped"][0], product / product.sum(), rtol=1e-12)


def test_each_coder_judges_alone_before_posteriors_are_averaged(judged: dict[str, Floats]) -> None:
    each = [bayes(coder) for coder in STATED]
    mean = [float((one + other) / 2) for one, other in zip(*each, strict=True)]
    np.testing.assert_allclose(judged["coders"][0], mean, rtol=1e-12)
    assert abs(judged["face"][0] - mean).max() > 0.1


def test_every_method_but_the_model_is_judged_simply(judged: dict[str, Floats]) -> None:
    assert [*judged, "model", "model-pooled"] == list(methods.METHODS)
    for values in judged.values():
        np.testing.assert_allclose(values.sum(axis=1), 1.0)


def test_a_study_is_the_same_whoever_draws_it_and_has_one_truth_in_all_worlds() -> None:
    design = problem_of(cases=4, coders=3)
    one, again = (draw_trial(design, TAILS, 5, 3) for _ in range(2))
    xr.testing.assert_identical(one.problem, again.problem)
    assert not one.problem["weight"].equals(draw_trial(design, TAILS, 5, 4).problem["weight"])
    assert not one.problem["weight"].equals(draw_trial(design, TAILS, 6, 3).problem["weight"])
    plain = dataclasses.replace(TAILS, world=World())
    assert not one.problem["weight"].equals(draw_trial(design, plain, 5, 3).problem["weight"])
    for number in range(8):
        kept = [draw_trial(design, setting, 5, number).z for setting in (OWN, TAILS, plain)]
        np.testing.assert_array_equal(kept[0], kept[1])
        np.testing.assert_array_equal(kept[0], kept[2])
    assert len({tuple(draw_trial(design, OWN, 5, number).z) for number in range(8)}) > 2


def test_what_is_held_of_the_truth_shows_in_what_is_stated() -> None:
    design = problem_of(cases=1, coders=3, clusters=(), singles=600, factors=0, ranges=False, reliability=1.0)
    quiet = Setting("quiet", "given", "", "", noise=(0.0, 0.5, 3.0), leaning_sd=0.0, common_error=0.0, log_v=-40.0)
    spread = draw_trial(design, quiet, 1, 0).problem["weight"].values.std(axis=1).mean(axis=1)
    np.testing.assert_allclose(spread, [0.0, 0.5, 3.0], rtol=0.1, atol=1e-6)
    scatter = [draw_trial(design, quiet, 1, number).problem["weight"].values[2, :, 0] for number in range(2)]
    assert abs(np.corrcoef(scatter)[0, 1]) < 0.2  # each study has scatter of its own
    leaning = dataclasses.replace(quiet, noise=0.0, leaning_sd=0.7)
    means = np.stack([draw_trial(design, leaning, 1, n).problem["weight"].values[:, 0] for n in range(200)])
    assert abs((means[:, 0] - means[:, 1]).std() / math.sqrt(2.0) - 0.7) < 0.07
    alike = dataclasses.replace(quiet, noise=0.0, common_error=0.6)
    same = draw_trial(design, alike, 1, 0)
    # All coders miss by the same, but for their scales.
    assert np.corrcoef(same.problem["weight"].values[..., 0])[0, 1:] == pytest.approx(1.0)
    spread = same.problem["weight"].values.std(axis=1).mean(axis=1)
    assert abs(float(np.exp(np.log(spread).mean())) - 0.6) < 0.05
    strong = dataclasses.replace(quiet, noise=0.0, log_v=1.0)
    # At least the variance of the middle informativeness, v/2.
    assert draw_trial(design, strong, 1, 0).problem["weight"].values[0].var(axis=0).mean() > 0.9 * math.e / 2.0


def test_independent_cases_share_an_explanation_as_often_as_chance_has_it() -> None:
    design = problem_of(cases=4, coders=1, singles=1)
    alone = dataclasses.replace(TAILS, independent=True)

    def alike(setting: Setting) -> float:
        z = np.stack([draw_trial(design, setting, 2, number).z for number in range(400)])
        return float((z[:, 0] == z[:, 1]).mean())

    assert abs(alike(alone) - 1.0 / 3.0) < 0.08
    assert alike(TAILS) > 0.42


def test_a_world_declares_what_is_so_of_its_evidence() -> None:
    design = problem_of(clusters=(3,))
    setting = Setting("told", "given", "", "", redundancy=0.85, reliability=0.6, selectivity=0.8)
    told = declared(design, setting)
    assert (told["redundancy_mean"].values == 0.85).all()
    assert (told["redundancy_sd"].values == 0.0).all()
    assert (told["reliability"].values == 0.6).all()
    assert told.attrs["selectivity"] == 0.8
    xr.testing.assert_identical(declared(design, TAILS), design)


def test_the_worlds_have_names_of_their_own_and_the_models_comes_first() -> None:
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
    assert [setting.name for setting in SETTINGS if setting.kind == "inside"] == [SETTINGS[0].name]
    design = problem_of(cases=2, coders=3)
    for setting in SETTINGS:
        assert np.isfinite(draw_trial(declared(design, setting), setting, 1, 0).problem["weight"].values).all()


class Pretended:
    """Fits that believe half of what is stated, and count how many they were."""

    def __init__(self) -> None:
        self.seeds: list[int] = []

    def fit(self, problem: xr.Dataset, *, draws: int, tune: int, seed: int) -> xr.DataTree:
        assert (draws, tune) == (trials.DRAWS, trials.TUNE)
        self.seeds.append(seed)
        case = problem["case_of_evidence"].values
        loglik = np.zeros((problem.sizes["case"], problem.sizes["hypothesis"]))
        np.add.at(loglik, case, 0.5 * problem["weight"].values.mean(axis=0) @ problem["helmert"].values)
        dims = ("chain", "draw", "case", "hypothesis")
        posterior = xr.Dataset({"case_loglik": (dims, np.stack([loglik, loglik])[None])})
        stats = xr.Dataset({"diverging": (("chain", "draw"), np.array([[0, 1]]))})
        return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats})


class OneThread(ThreadPoolExecutor):
    """A pool in this process."""

    def __init__(self, max_workers: int, mp_context: object) -> None:
        assert mp_context
        super().__init__(max_workers=min(max_workers, 1))


@pytest.fixture(name="pretended")
def _pretended(monkeypatch: pytest.MonkeyPatch) -> Pretended:
    from bayestrace.inference import repeated  # noqa: PLC0415 - PyMC takes seconds to import

    fits = Pretended()

    def keep(plan: trials.Plan, root: Path, first: int, setting: Setting) -> None:
        trials.keep_shard(plan, root, first, setting, fits)

    monkeypatch.setattr(trials, "ProcessPoolExecutor", OneThread)
    monkeypatch.setattr(trials, "_compile_and_keep", keep)
    monkeypatch.setattr(trials, "SHARD", 4)
    monkeypatch.setattr(repeated, "is_compiled", lambda _problem: True)
    return fits


def told_by(plan: trials.Plan, root: Path) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    trials.run(plan, root, jobs=2, progress=lambda done, number: told.append((done, number)))
    return told


def test_a_run_goes_on_where_it_was(tmp_path: Path, pretended: Pretended) -> None:
    plan = trials.Plan(problem_of(cases=2, coders=2), (OWN, TAILS), seed=3, studies=6)
    assert told_by(plan, tmp_path) == [(done, 5) for done in range(6)]
    assert len(pretended.seeds) == 20
    before = {setting.name: trials.load(plan, tmp_path, setting) for setting in plan.settings}
    assert before["own"]["study"].tolist() == list(range(12))
    assert before["tails"]["study"].tolist() == list(range(6))
    assert before["own"]["diverging"].tolist() == [1] * 12
    assert told_by(plan, tmp_path) == [(5, 5)]
    (plan.folder(tmp_path, TAILS) / "shard-000004.npz").unlink()
    (plan.folder(tmp_path, TAILS) / "shard-000004.1.part").write_bytes(b"cut short")
    assert trials.load(plan, tmp_path, TAILS)["study"].tolist() == [0, 1, 2, 3]
    assert told_by(plan, tmp_path) == [(4, 5), (5, 5)]
    assert len(pretended.seeds) == 24
    after = trials.load(plan, tmp_path, TAILS)
    for name, values in before["tails"].items():
        np.testing.assert_array_equal(after[name], values)
    assert len(set(pretended.seeds)) == 12  # study i is fitted from one seed in every world
    longer = dataclasses.replace(plan, studies=8)
    assert told_by(longer, tmp_path) == [(5, 6), (6, 6)]
    assert trials.load(longer, tmp_path, TAILS)["study"].tolist() == list(range(8))


def test_what_is_kept_is_what_each_way_says(tmp_path: Path, pretended: Pretended) -> None:
    plan = trials.Plan(problem_of(cases=2, coders=2), (TAILS,), seed=3, studies=4)
    told_by(plan, tmp_path)
    record = trials.load(plan, tmp_path, TAILS)
    trial = draw_trial(plan.design, TAILS, 3, 2)
    np.testing.assert_array_equal(record["z"][2], trial.z)
    for name, values in methods.simple(trial.problem).items():
        np.testing.assert_array_equal(record[name][2], values)
    # The pretended fits believe half of what face value believes.
    half = np.sqrt(record["face"])
    np.testing.assert_allclose(record["model"], half / half.sum(axis=-1, keepdims=True), rtol=1e-9)
    assert abs(record["model-pooled"] - record["model"]).max() > 0.01
    assert len(pretended.seeds) == 4


def test_studies_are_kept_apart_by_all_that_they_follow_from(monkeypatch: pytest.MonkeyPatch) -> None:
    design = problem_of()
    plan = trials.Plan(design, (OWN,), 1, 4)
    other: list[tuple[trials.Plan, Setting]] = [
        (dataclasses.replace(plan, seed=2), OWN),
        (dataclasses.replace(plan, design=design.assign(reliability=0.5 * design["reliability"])), OWN),
        (dataclasses.replace(plan, design=design.assign_attrs(leaning_sd=1.0)), OWN),
        (plan, dataclasses.replace(OWN, noise=1.0)),
        (plan, dataclasses.replace(OWN, world=World(copying=0.1))),
    ]
    named = {one.folder(Path("r"), setting) for one, setting in [(plan, OWN), *other]}
    assert len(named) == 6
    words = dataclasses.replace(OWN, en="said otherwise", times=1)
    assert plan.folder(Path("r"), words) == plan.folder(Path("r"), OWN)
    longer = dataclasses.replace(plan, studies=8, design=design.assign(weight=2.0 * design["weight"]))
    assert longer.folder(Path("r"), OWN) == plan.folder(Path("r"), OWN)
    monkeypatch.setattr(priors, "LEANING_SD", 0.4)
    assert plan.folder(Path("r"), OWN) not in named


def test_all_that_is_published_follows_from_what_is_kept(tmp_path: Path, pretended: Pretended) -> None:
    plan = trials.Plan(problem_of(cases=2, coders=2), (OWN, TAILS), seed=3, studies=4)
    made = {"seed": "3", "bayestrace": "0"}
    assert publish.files(plan, tmp_path, made) == {}
    told_by(plan, tmp_path)
    assert pretended.seeds
    found = publish.files(plan, tmp_path, made)
    assert found == publish.files(plan, tmp_path, made)
    rows = list(csv.DictReader(io.StringIO(found["claims.csv"])))
    assert [(row["world"], row["method"]) for row in rows] == [
        (w, m) for w in ("own", "tails") for m in methods.METHODS
    ]
    record = trials.load(plan, tmp_path, OWN)
    score = scoring.score_all(record, 3)["model"]
    row = next(row for row in rows if (row["world"], row["method"]) == ("own", "model"))
    assert row["log_score"] == f"{score.log.value:.4f}"
    assert row["studies"] == "8"
    page = found["claims.md"]
    assert 'ARGS="--studies 4 --seed 3"`; seed 3, bayestrace 0' in page
    assert fingerprint.fingerprint() in page
    assert (row["coverage"], row["excludes_none"]) == (f"{score.sets.held.value:.4f}", f"{score.sets.whole:.4f}")
    assert f"{score.log.value:.2f}" in page
    assert page.index("does badly") < page.index("## The model's own world")
    for setting in plan.settings:
        assert setting.en in page
        assert setting.zh in page
    for name in ("reliability.svg", "worlds.svg"):
        root = ET.fromstring(found[name])  # noqa: S314 - our own figure
        assert "seed 3" in "".join(root.itertext())
        assert f"({name})" in page


def command(plan: trials.Plan, root: Path) -> str:
    return publish.files(plan, root, {"Python": "3"})["claims.md"].split("Written by ")[1].split("; Python")[0]


@pytest.mark.usefixtures("pretended")
def test_the_page_names_the_command_that_simulates_what_it_tells_of(tmp_path: Path) -> None:
    plan = trials.Plan(problem_of(cases=2, coders=2), (OWN, TAILS), seed=publish.SEED, studies=4)
    told_by(plan, tmp_path)
    assert command(plan, tmp_path) == '`make validation ARGS="--studies 4"`'
    # More was asked for than is kept; then of one world more is kept than of the other, or none at all.
    longer = dataclasses.replace(plan, studies=8)
    assert command(longer, tmp_path) == '`make validation ARGS="--studies 4"`'
    told_by(longer, tmp_path)
    (plan.folder(tmp_path, TAILS) / "shard-000004.npz").unlink()
    assert command(longer, tmp_path) == '`make validation ARGS="--studies 8"`, stopped before it was done'
    (plan.folder(tmp_path, TAILS) / "shard-000000.npz").unlink()
    assert command(plan, tmp_path).endswith("stopped before it was done")
    assert "--studies 3" in command(dataclasses.replace(plan, settings=(OWN,), studies=3), tmp_path)


@pytest.mark.long
def test_one_shard_of_real_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "SHARD", 3)
    from bayestrace.inference.repeated import Refits  # noqa: PLC0415 - PyMC takes seconds to import

    plan = trials.Plan(problem_of(cases=2, coders=3), (OWN,), seed=3, studies=3)
    trials.keep_shard(plan, tmp_path, 0, OWN, Refits(plan.design))
    record = trials.load(dataclasses.replace(plan, studies=2), tmp_path, OWN)
    assert record["study"].tolist() == [0, 1, 2]
    np.testing.assert_allclose(record["model-pooled"].sum(axis=-1), 1.0)
    # A world that declares otherwise may be fitted by what was compiled for the design.
    told = dataclasses.replace(OWN, averaged=False, redundancy=0.9, reliability=0.6, selectivity=0.8)
    design = declared(plan.design, told)
    one, other = (
        trials.one_study(design, told, 3, 0, fitter)["model"] for fitter in (Refits(plan.design), Refits(design))
    )
    np.testing.assert_allclose(one, other, atol=1e-6)
