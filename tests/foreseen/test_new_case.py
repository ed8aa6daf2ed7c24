"""A case not yet seen, against enumeration: every way in which the cases and it may come by their explanations."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray
from study_factory import make_profile, make_study
from two_results import face_value, model
from urns import paths

from bayestrace.errors import UsageFault
from bayestrace.foreseen import Opened, asked, foresee
from bayestrace.foreseen.borrowing import lent
from bayestrace.inference import answer, facevalue
from bayestrace.sensitivity import leftout
from bayestrace.sensitivity.draws import stored
from bayestrace.sensitivity.reweight import reweigh
from bayestrace.study import PriorProfile, Study

Floats = NDArray[np.float64]
F = Fraction
PRIOR = {"h0": 2.0, "h1": 1.0, "h2": 1.0}
SHARES = [F(1, 2), F(1, 4), F(1, 4)]
LEVELS = {"common": 0.5, "f0": 0.25, "own": 1.0}


def at_face_value(study: Study, profile: PriorProfile) -> Opened:
    return Opened(Path("a"), face_value(study, profile).tree)


def of_model(study: Study, profile: PriorProfile, draws: int) -> Opened:
    return Opened(Path("a"), model(study, profile, draws).tree)


def some_study(seed: int = 3, cases: int = 3, factors: int = 1) -> Study:
    return make_study(cases=cases, factors=factors, seed=seed, strength_db=4.0, clusters=(), singles=2)


class Ways(NamedTuple):
    """Every way in which the cases and, last, the new one may come by levels and explanations."""

    levels: NDArray[np.int64]  # (W, C + 1)
    z: NDArray[np.int64]  # (W, C + 1)
    probability: Floats  # (W,)

    def given(self, loglik: Floats) -> Floats:
        """Weigh each way by the evidence of the cases, (C, K); the last one has none. Unnormalised, shape (W,)."""
        cases = range(loglik.shape[0])
        return np.asarray(self.probability * np.exp(sum(loglik[c, self.z[:, c]] for c in cases)))


def enumerated(opened: Opened, pools: list[str], kappa: Fraction) -> Ways:
    every = [*opened.problem["pool"].values.tolist(), [*pools[:-1], "own:the new one"]]
    weight = [F(value).limit_denominator(100) for value in opened.problem["level_weight"].values.tolist()]
    levels, z, probability = zip(*paths(every, weight, SHARES, kappa), strict=True)
    return Ways(np.array(levels), np.array(z), np.array([float(p) for p in probability]))


def share(weight: Floats, held: NDArray[np.bool_]) -> float:
    return float(weight[held].sum() / weight.sum())


def explained(ways: Ways, weight: Floats) -> list[float]:
    return [share(weight, ways.z[:, -1] == k) for k in range(3)]


@pytest.mark.parametrize(
    ("seed", "text", "kappa"),
    [(1, "f0=g0", F(2, 5)), (2, "f0=g1", F(0)), (3, "f0=new:g7", F(0)), (4, "", F(3)), (5, "f0=g0", F(1, 20))],
)
def test_all_that_is_said_is_what_enumeration_gives(seed: int, text: str, kappa: Fraction) -> None:
    profile = make_profile(prior=PRIOR, levels=LEVELS, kappa=float(kappa))
    opened = at_face_value(some_study(seed), profile)
    one = asked(opened, text)
    found = foresee(opened, [one]).isel(asked=0)
    loglik = facevalue.case_loglik(opened.problem, with_doubtful=True)
    ways = enumerated(opened, one.pools, kappa)
    before, after = ways.given(np.zeros_like(loglik)), ways.given(loglik)
    np.testing.assert_allclose(found["probability"], explained(ways, after), rtol=1e-9)
    for level in range(3):
        here = ways.levels[:, -1] == level
        through = [share(after, here & (ways.z[:, -1] == k)) for k in range(3)]
        np.testing.assert_allclose(found["through"][level], through, rtol=1e-9)
        for name, weight in (("weight_before", before), ("weight", after)):
            assert float(found[name][level]) == pytest.approx(share(weight, here), rel=1e-9)
    for case in range(3):
        alike = ways.z[:, -1] == ways.z[:, case]
        for name, weight in (("same_before", before), ("same", after)):
            assert float(found[name][case]) == pytest.approx(share(weight, alike), rel=1e-9)
        silent = loglik.copy()
        silent[case] = 0.0
        expected = explained(ways, ways.given(silent))
        np.testing.assert_allclose(found["without"][case], expected, rtol=1e-9)
        # Where nothing is learned of coders, a case that is silent and one that is apart tell the same of the others.
        np.testing.assert_allclose(found["apart"][case], expected, rtol=1e-9)
        now = found["probability"].values
        nats = float((now * np.log(now / np.array(expected))).sum())
        assert float(found["without_information"][case]) == pytest.approx(nats, rel=1e-6, abs=1e-12)
    assert np.isnan(found["low_94"]).all()


def test_draws_are_weighed_by_what_the_case_left_out_said_of_them() -> None:
    kappa = F(2, 5)
    opened = at_face_value(some_study(cases=2), make_profile(prior=PRIOR, levels=LEVELS, kappa=float(kappa)))
    rng = np.random.default_rng(5)
    loglik = rng.normal(0.0, 0.7, (60, 2, 3))
    draws = answer.TableDraws(opened.problem, loglik[None])
    one = asked(opened, "f0=g0")
    ways = enumerated(opened, one.pools, kappa)
    np.testing.assert_allclose(draws.through(one.pools).sum(axis=(1, 2)), 1.0, rtol=1e-9)
    np.testing.assert_allclose(draws.through(one.pools).sum(axis=1).mean(axis=0), draws.predict(one.pools), rtol=1e-9)
    found = lent(opened, draws, [one.pools])
    for case in range(2):
        silent = loglik.copy()
        silent[:, case] = 0.0
        without = [ways.given(each) for each in silent]
        ratio = np.log([left.sum() for left in without]) - np.log([ways.given(each).sum() for each in loglik])
        own = np.log(np.exp(loglik[:, case]) @ np.array([0.5, 0.25, 0.25]))
        foreseen = [explained(ways, left) for left in without]
        for values, k, weights in (
            (found.without, found.pareto_k[0], reweigh(ratio)),
            (found.apart, found.pareto_k[1], reweigh(ratio + own)),
        ):
            np.testing.assert_allclose(values[0, case], weights.weight @ np.array(foreseen), rtol=1e-7)
            assert k[case] == pytest.approx(float(weights.pareto_k), abs=1e-6)


def test_without_its_evidence_a_case_is_one_not_yet_seen() -> None:
    """A second route: what the sensitivity analysis says of a case whose evidence it leaves out.

    Both move the draws, of which 60 are too few to be weighed where they stand.
    """
    study, profile = some_study(cases=3), make_profile(prior=PRIOR)
    opened = of_model(study, profile, draws=60)
    rng = np.random.default_rng(0)
    spread = {name: (("chain", "draw"), rng.uniform(0.5, 1.5, (1, 60))) for name in ("noise_sd", "leaning_sd")}
    opened.tree["posterior"] = xr.DataTree(opened.tree["posterior"].to_dataset().assign(spread))
    posterior = opened.posterior
    assert posterior is not None
    at_rest = foresee(of_model(study, profile, draws=60), [asked(opened, "f0=g0")]).isel(asked=0)
    left = leftout.analyse(stored(opened.problem, posterior), study, profile)["case"]
    for case, group in (("c0", "g0"), ("c1", "g1")):
        found = foresee(opened, [asked(opened, f"f0={group}")]).isel(asked=0)
        expected = left["probability"].sel(item=case, case=case)
        np.testing.assert_allclose(found["without"].sel(case=case), expected, rtol=1e-7)
        assert float(found["without_ess"].sel(case=case)) == pytest.approx(float(left["ess"].sel(item=case)), rel=1e-6)
        if case == "c0":  # where moving helps
            assert float(found["without_ess"].sel(case=case)) > float(at_rest["without_ess"].sel(case=case)) + 1e-4


def test_the_result_repeats_what_its_group_of_predictions_says() -> None:
    opened = of_model(some_study(cases=4, factors=2), make_profile(prior=PRIOR), draws=40)
    kept = answer.prediction(opened.draws())
    found = foresee(opened, [asked(opened, text) for text in ("f0=g0,f1=g1", "f1=g0", "f1=new,f0=new:x")])
    expected = kept["probability"].sel(scenario=["g0/g1", "new/g0", "new/new"])
    np.testing.assert_allclose(found["probability"], expected, rtol=1e-9)
    assert (found["low_94"] < found["low_50"]).all()
    assert (found["low_50"] < found["high_50"]).all()
    assert (found["high_50"] < found["high_94"]).all()
    assert found["asked"].values.tolist() == ["f0=g0,f1=g1", "f0=new,f1=g0", "f0=new:x,f1=new"]


@pytest.mark.parametrize("text", ["f0=g0", ""])
def test_with_its_own_pool_alone_a_case_has_the_prior(text: str) -> None:
    profile = make_profile(prior=PRIOR, levels={"own": 1.0})
    found = foresee(opened := at_face_value(some_study(), profile), [asked(opened, text)]).isel(asked=0)
    np.testing.assert_allclose(found["probability"], [0.5, 0.25, 0.25], rtol=1e-12)
    np.testing.assert_allclose(found["without"], np.tile([0.5, 0.25, 0.25], (3, 1)), rtol=1e-12)
    np.testing.assert_allclose(found["information"], 0.0, atol=1e-12)
    np.testing.assert_allclose(found["same_before"], 0.375, rtol=1e-12)


def test_where_all_share_one_explanation_the_new_case_has_the_posterior_of_the_joint() -> None:
    profile = make_profile(prior=PRIOR, levels={"common": 1.0}, kappa=0.0)
    found = foresee(opened := at_face_value(some_study(), profile), [asked(opened, "")]).isel(asked=0)
    loglik = facevalue.case_loglik(opened.problem, with_doubtful=True)
    expected = np.array([0.5, 0.25, 0.25]) * np.exp(loglik.sum(axis=0))
    np.testing.assert_allclose(found["probability"], expected / expected.sum(), rtol=1e-9)
    np.testing.assert_allclose(found["same"], 1.0, rtol=1e-9)


def test_the_only_case_with_evidence_leaves_the_prior_and_no_doubt_behind() -> None:
    opened = of_model(some_study(cases=1), make_profile(prior=PRIOR), draws=30)
    found = foresee(opened, [asked(opened, "f0=g0")]).isel(asked=0)
    np.testing.assert_allclose(found["without"][0], [0.5, 0.25, 0.25], rtol=1e-12)
    assert np.isnan(found["without_k"]).all()
    assert not found["without_doubtful"].any()


@pytest.mark.parametrize("text", ["f0=g0,f1=new:late", " f1 = new:late , f0 = g0 ", "f0＝g0，f1＝new：late"])
def test_what_is_asked_for_is_read(text: str) -> None:
    opened = at_face_value(some_study(factors=2), make_profile())
    one = asked(opened, text)
    assert one.pools == ["common", "f0:g0", "f1:", "own:"]
    assert [(group.group, group.seen) for group in one.groups] == [("g0", True), ("late", False)]


def test_a_group_without_cases_is_known_but_nobodys() -> None:
    study = some_study(cases=1)
    opened = at_face_value(study, make_profile())
    (group,) = asked(opened, "f0=g1").groups  # declared in the study, but its one case is in g0
    assert (group.group, group.seen, group.pool) == ("g1", False, "f0:")


@pytest.mark.parametrize(
    ("text", "slug", "said"),
    [
        ("f9=g0", "unknown-factor", "f0"),
        ("f0=g00", "unknown-case-group", "did you mean f0=g0?"),
        ("f0=late", "unknown-case-group", "f0=new:late"),
        ("f0=new:g1", "case-group-known", "f0=g1"),
        ("f0=g0,f0=g1", "case-factor-twice", "f0=g0,f0=g1"),
        ("f0", "case-form", "FACTOR=GROUP"),
        ("f0=", "case-form", "FACTOR=GROUP"),
        ("f0=new:", "case-form", "FACTOR=GROUP"),
        ("f0=g0,", "case-form", "FACTOR=GROUP"),
    ],
)
def test_what_cannot_be_meant_is_said(text: str, slug: str, said: str) -> None:
    opened = at_face_value(some_study(), make_profile())
    with pytest.raises(UsageFault) as caught:
        asked(opened, text)
    assert caught.value.slug == slug
    assert said in caught.value.text("en")
    assert caught.value.text("zh") != caught.value.text("en")


def test_at_face_value_too_many_joint_explanations_are_refused() -> None:
    study = make_study(cases=8, hypotheses=4, factors=1, coders=1, clusters=(), singles=1)
    opened = at_face_value(study, make_profile())
    with pytest.raises(UsageFault, match="too many to enumerate"):
        foresee(opened, [asked(opened, "")])
