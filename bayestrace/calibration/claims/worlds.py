"""The worlds in which the claim is put to the test, and how one study of a world is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.calibration.simulate import INSIDE, World, draw_study
from bayestrace.calibration.truth import Truth, draw_truth

Integers = NDArray[np.int64]

#: What a world is to the model: its own, its own with some hyperparameters far out, or one it does not describe.
Kind = Literal["inside", "given", "outside"]


@dataclass(frozen=True)
class Setting:
    """One world: what is held of the truth, what is declared of the evidence, what departs from the model.

    Parameters
    ----------
    name
        Names its files and rows.
    kind
        Calibration is promised "inside", where all is drawn from the priors. It is not promised for hyperparameters
        that are "given", since a posterior is calibrated on average over its prior, nor "outside".
    en, zh
        What it is, in a few words.
    world
        Departures from the model, which the model is not told of.
    averaged
        Whether what is stated has the very density of the model, in which redundancy is averaged; otherwise the
        redundancy of each cluster is drawn, as one would tell it.
    times
        So many times as many studies as other worlds.
    noise
        Scatter of each coder, nats per contrast, one number for all or one each; None: drawn.
    leaning_sd
        Standard deviation of the coders' own leanings, nats per contrast; None: drawn.
    common_error
        Scatter of the error that all coders share and no range announces, nats per contrast; None: drawn.
    log_v
        Mean log informativeness; None: drawn.
    redundancy, reliability, selectivity
        True of every cluster or observation and declared so; None: as the design declares.
    independent
        Whether the explanations of the cases are drawn from the prior one by one, with nothing pooled.
    """

    name: str
    kind: Kind
    en: str
    zh: str
    world: World = INSIDE
    averaged: bool = False
    times: int = 1
    noise: float | tuple[float, ...] | None = None
    leaning_sd: float | None = None
    common_error: float | None = None
    log_v: float | None = None
    redundancy: float | None = None
    reliability: float | None = None
    selectivity: float | None = None
    independent: bool = False


# Leanings, common errors and informativeness that are given lie where their priors have about 5 % of their mass beyond.
SETTINGS = (
    Setting("inside", "inside", "the model's own world", "模型自身的世界", averaged=True, times=2),
    Setting(
        "careful",
        "given",
        "careful coders: noise 0.1, leanings 0.05, common error 0.1",
        "编码者谨慎",
        noise=0.1,
        leaning_sd=0.05,
        common_error=0.1,
    ),
    Setting("noisy", "given", "noisy coders: noise 1 (4.3 dB)", "编码者误差大", noise=1.0),
    Setting("one-careless", "given", "one careless coder: noise 0.1, 0.1, 2", "一位编码者粗心", noise=(0.1, 0.1, 2.0)),
    Setting("leaning", "given", "strong leanings: sd 0.6 (2.6 dB)", "编码者偏向强", leaning_sd=0.6),
    Setting("no-common-error", "given", "no common error", "无共同误差", common_error=0.0),
    Setting("common-error", "given", "common error 1.5 (6.5 dB)", "共同误差大", common_error=1.5),
    Setting("weak", "given", "weak evidence: v 0.1", "证据弱", log_v=float(np.log(0.1))),
    Setting("strong", "given", "strong evidence: v 2.5", "证据强", log_v=float(np.log(2.5))),
    Setting("redundant", "given", "redundancy .85, declared", "冗余.85，已申报", redundancy=0.85),
    Setting("unreliable", "given", "reliability .6, declared", "可靠性.6，已申报", reliability=0.6),
    Setting("selective", "given", "selective author .8, declared", "作者选择性.8，已申报", selectivity=0.8),
    Setting("redundancy-drawn", "outside", "redundancy drawn, not averaged", "冗余逐簇抽取"),
    Setting("independent", "outside", "cases share nothing", "案例之间互不相关", independent=True),
    Setting("heavy-tails", "outside", "noise Student t, 3 df", "误差厚尾（t，自由度3）", World(noise_df=3.0)),
    Setting("copying-3", "outside", "coders copy one another, .3", "编码者互相抄录.3", World(copying=0.3)),
    Setting("copying-7", "outside", "coders copy one another, .7", "编码者互相抄录.7", World(copying=0.7)),
    Setting("rounding", "outside", "weights rounded to 0, 3, 10, 20 dB", "权重取整", World(rounding=1.0)),
    Setting(
        "cases-differ", "outside", "informativeness differs by case, sd 0.8", "信息量因案例而异", World(case_spread=0.8)
    ),
    Setting("wide-ranges", "outside", "ranges twice too wide", "区间过宽一倍", World(range_excess=2.0)),
    Setting("narrow-ranges", "outside", "ranges half as wide as errors", "区间过窄一半", World(range_excess=0.5)),
    Setting("scale-half", "outside", "all scales half", "共同尺度减半", World(scale_excess=0.5)),
    Setting("scale-double", "outside", "all scales double", "共同尺度加倍", World(scale_excess=2.0)),
    Setting(
        "common-leaning-half",
        "outside",
        "common leaning 0.5 dB an observation",
        "共同偏向0.5分贝",
        World(leaning_db=0.5),
    ),
    Setting("common-leaning", "outside", "common leaning 1 dB an observation", "共同偏向1分贝", World(leaning_db=1.0)),
    Setting(
        "hidden-selection-5", "outside", "hidden selective author, .5", "作者选择性.5，未申报", World(selectivity=0.5)
    ),
    Setting(
        "hidden-selection-9", "outside", "hidden selective author, .9", "作者选择性.9，未申报", World(selectivity=0.9)
    ),
    Setting(
        "false-reports",
        "outside",
        "a fifth of what should be so is not",
        "申报属实者五分之一不实",
        World(unreliability=0.2),
    ),
    Setting(
        "hidden-redundancy",
        "outside",
        "redundancy half-way to 1 beyond declared",
        "冗余高于申报",
        World(redundancy_excess=0.5),
    ),
    Setting(
        "several",
        "outside",
        "several of these at once, moderately",
        "多项偏离并存",
        World(
            noise_df=3.0,
            copying=0.3,
            rounding=0.5,
            leaning_db=0.5,
            selectivity=0.5,
            unreliability=0.1,
            redundancy_excess=0.3,
        ),
    ),
)


class Trial(NamedTuple):
    """A simulated study and the explanation of each of its cases, shape (C,)."""

    problem: xr.Dataset
    z: Integers


def declared(design: xr.Dataset, setting: Setting) -> xr.Dataset:
    """Write into a design what a world declares of its evidence: redundancy, reliability, selectivity."""
    changes = {}
    points = {"redundancy_mean": setting.redundancy, "reliability": setting.reliability}
    if setting.redundancy is not None:
        points["redundancy_sd"] = 0.0
    for name, value in points.items():
        if value is not None:
            changes[name] = xr.full_like(design[name], value)
    attributes = {} if setting.selectivity is None else {"selectivity": setting.selectivity}
    return design.assign(changes).assign_attrs(attributes)


def draw_trial(design: xr.Dataset, setting: Setting, seed: int, number: int) -> Trial:
    """Draw study `number` of a world.

    Parameters
    ----------
    design
        A Problem with the world's declarations, from `declared`.
    setting
        The world.
    seed, number
        The same pair gives the same study whoever draws it. Studies of one number have one truth in all worlds, but for
        what a world holds of it, so that differences between worlds are not differences of luck.

    Returns
    -------
    Trial
    """
    truth = _held(design, draw_truth(design, _generator(seed, number, 0)), setting, _generator(seed, number, 1))
    way: Literal["drawn", "averaged"] = "averaged" if setting.averaged else "drawn"
    problem = draw_study(design, truth, _generator(seed, number, 2), setting.world, redundancy=way)
    return Trial(problem, truth.z)


def fit_seed(seed: int, number: int) -> int:
    """Give the sampler's seed for study `number`."""
    return int(_generator(seed, number, 3).integers(2**31))


def _generator(seed: int, number: int, purpose: int) -> np.random.Generator:
    return np.random.default_rng([seed, number, purpose])


def _held(design: xr.Dataset, truth: Truth, setting: Setting, rng: np.random.Generator) -> Truth:
    theta = truth.theta
    if setting.noise is not None:
        theta = theta._replace(noise=np.broadcast_to(np.asarray(setting.noise), theta.noise.shape).copy())
    if setting.leaning_sd is not None:
        common = rng.normal(0.0, design.attrs["leaning_sd"], theta.bias.shape[1])
        theta = theta._replace(bias=common + rng.normal(0.0, setting.leaning_sd, theta.bias.shape))
        truth = replace(truth, leaning_sd=setting.leaning_sd)
    if setting.common_error is not None:
        theta = theta._replace(common_error=np.float64(setting.common_error))
    if setting.log_v is not None:
        theta = theta._replace(log_v=np.float64(setting.log_v))
    if setting.independent:
        prior = design["prior"].values
        truth = replace(truth, z=rng.choice(prior.size, p=prior, size=truth.z.size))
    return replace(truth, theta=theta)
