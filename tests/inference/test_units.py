"""The units in which the sampler begins, against simulated weights: where they are centred, and how wide they are."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from numeric import Floats
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference.units import Units, units_of
from bayestrace.weights import helmert

STUDIES = 80


def design_of_coders(coders: int, observations: int = 80) -> xr.Dataset:
    study = make_study(cases=2, coders=coders, clusters=(), singles=observations // 2, factors=0, reliability=1.0)
    return encode(study, make_profile())


def stating(design: xr.Dataset, weight: Floats, doubt: Floats) -> Units:
    return units_of(
        design.assign(weight=(design["weight"].dims, weight), stated_variance=(design["stated_variance"].dims, doubt))
    )


def errors(coders: int, noise: float, level: float) -> dict[str, tuple[Floats, Floats]]:
    """By parameter, how far centres lay from what was simulated, and the widths; a row for each study.

    `noise` and `level` are each coder's own scatter and the multiple of the stated deviations, true weights have sd 1.
    """
    design = design_of_coders(coders)
    found: dict[str, list[tuple[Floats, Floats]]] = {"log_scale": [], "leaning": [], "log_range": []}
    contrasts = helmert(coders)
    for seed in range(STUDIES):
        rng = np.random.default_rng([coders, seed])
        shape = design["weight"].shape
        doubt = 0.3 * rng.lognormal(0.0, 0.8, shape[:2])
        log_scale, leaning = rng.normal(0.0, 0.1, coders), rng.normal(0.0, 0.2, (coders, shape[2]))
        log_scale -= log_scale.mean()
        error = np.sqrt(noise**2 + level**2 * doubt)[..., None] * rng.normal(size=shape)
        weight = np.exp(log_scale)[:, None, None] * rng.normal(size=shape[1:]) + leaning[:, None, :] + error
        units = stating(design, weight, doubt)
        true = {"log_scale": contrasts @ log_scale, "leaning": contrasts @ leaning, "log_range": np.log(level)}
        for name, value in true.items():
            unit = getattr(units, name)
            found[name].append((unit.centre - value, unit.width))
    return {name: (np.array([e for e, _ in rows]), np.array([w for _, w in rows])) for name, rows in found.items()}


@pytest.mark.parametrize("noise", [0.0, 0.3, 0.6, 1.0])
def test_centres_lie_about_the_truth_and_widths_say_how_near(noise: float) -> None:
    for name, (error, width) in errors(4, noise, 0.6).items():
        spread, typical = error.std(axis=0), np.median(width, axis=0)
        assert (np.abs(np.median(error, axis=0)) < 0.5 * typical).all(), name
        # Noise is estimated beside the range, which makes that less certain than the width has it.
        assert (spread < 2.5 * typical).all(), name
        assert (spread > 0.7 * typical).all(), name


def test_the_more_noise_drowns_the_ranges_the_wider_is_their_unit() -> None:
    medians = [float(np.median(errors(4, noise, 0.6)["log_range"][1])) for noise in (0.0, 0.6, 2.0)]
    assert medians[0] * 2.0 < medians[1]
    assert medians[1] * 2.0 < medians[2]


def test_the_width_of_the_range_is_the_curvature_of_the_likelihood_of_the_differences() -> None:
    noise, level, coders, step = 0.6, 0.6, 4, 1e-3
    doubt = 0.3 * np.random.default_rng(3).lognormal(0.0, 0.8, 100_000)

    def expected(log_level: float) -> float:
        """Mean log-density of an error of the true variance, were the range at this level."""
        variance = noise**2 + np.exp(2.0 * log_level) * doubt
        return float(-0.5 * np.mean(np.log(variance) + (noise**2 + level**2 * doubt) / variance))

    sides = [expected(np.log(level) + away) for away in (-step, 0.0, step)]
    each = (2.0 * sides[1] - sides[0] - sides[2]) / step**2
    free = 2.0 * 80.0 * (coders - 1.0)
    width = np.median(errors(coders, noise, level)["log_range"][1])
    assert width == pytest.approx(1.0 / np.sqrt(free * each), rel=0.15)


def test_where_few_stated_much_of_the_same_the_range_is_unknown() -> None:
    design, rng = design_of_coders(2), np.random.default_rng(1)
    doubt = 0.3 * rng.lognormal(0.0, 0.8, design["stated_variance"].shape)
    weight = np.sqrt(doubt)[..., None] * rng.normal(size=design["weight"].shape)
    said = np.arange(80) % 2 == np.arange(2)[:, None]
    apart = design.assign(stated=(design["stated"].dims, said), projector=design["projector"] * said[..., None, None])
    for other, unit in ((apart, stating(apart, weight, doubt)), (design, stating(design, weight, 0.0 * doubt))):
        assert other.sizes["coder"] == 2
        assert (float(unit.log_range.centre), float(unit.log_range.width)) == (0.0, 1.0)
    assert float(stating(design, weight, doubt).log_range.width) < 0.5


def test_a_coder_beside_nobody_may_be_all_noise() -> None:
    design, rng = design_of_coders(1), np.random.default_rng(1)
    weight = 1.7 * rng.normal(size=design["weight"].shape)
    alone = stating(design, weight, np.full(design["stated_variance"].shape, 0.3))
    assert alone.log_scale.centre.size == alone.leaning.centre.size == 0
    np.testing.assert_array_equal(alone.noise.centre, 0.0)
    np.testing.assert_allclose(alone.noise.width, 1.7, rtol=0.15)
    # Beside another one it is known much better: what both say is no noise.
    pair = np.concatenate([weight, weight]) + 0.2 * rng.normal(size=(2, *weight.shape[1:]))
    two = stating(design_of_coders(2), pair, np.zeros(pair.shape[:2]))
    # In n deviates of a coder a variance is known to the share sqrt(2/n): here .04 to .0045, a noise to .067.
    np.testing.assert_allclose(two.noise.width, 0.067, rtol=0.15)


def test_a_slope_that_cannot_be_a_coder_s_scale_is_believed_up_to_a_factor_of_three() -> None:
    design = design_of_coders(3)
    common = np.random.default_rng(2).normal(size=design["weight"].shape[1:])
    # Their mean is -2 times what two of them say: slopes -1/2, -1/2 and 4.
    weight = np.array([1.0, 1.0, -8.0])[:, None, None] * (common - common.mean(axis=0))
    units = stating(design, weight, np.full(design["stated_variance"].shape, 0.3))
    np.testing.assert_allclose(units.log_scale.centre, helmert(3) @ np.log([0.3, 0.3, 3.0]), atol=1e-9)
