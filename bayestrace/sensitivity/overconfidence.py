"""How much more dependence, error, selection, bias or overstatement it would take to change the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.sensitivity.abreast import abreast
from bayestrace.sensitivity.allowances import Allowances, clusters_under, joined
from bayestrace.sensitivity.draws import Stored
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.flips import Flips, first_flips, leaders, named
from bayestrace.sensitivity.matching import MOVES, Path

Floats = NDArray[np.float64]

#: Points of a sweep, and of each side of a map of two allowances.
POINTS, MAP_POINTS = 11, 9
#: Draws on which maps are drawn, and how often these are moved: of many points, most far from what was fitted.
MAP_DRAWS, MAP_MOVES = 400, 1
#: Ends of the sweeps: selectivity, decibels per observation, and the factor of overstatement either way.
SELECTIVITY, LEANING, SCALE = 0.95, 10.0, 2.0
#: Pairs of allowances that are mapped.
PAIRS = (("leaning", "scale"), ("redundancy", "reliability"))
#: In what each allowance is told.
UNITS = {
    "redundancy": "mean redundancy of the clusters of more than one observation",
    "reliability": "mean probability that an observation is as reported",
    "selectivity": "probability that a contrary cluster was left out",
    "selectivity-leader": "probability that a contrary cluster was left out",
    "leaning": "dB per observation",
    "scale": "factor",
    "joined": "redundancy",
}
Tell = Callable[[int, int], None]
# Decimals beyond which probabilities on a map are equal.
_DIGITS = 9


@dataclass(frozen=True)
class Sweep:
    """One allowance, from none of it to more than anyone would make.

    Parameters
    ----------
    x
        Points in its unit, in order of how far they go.
    setting
        Turns a point into what `Allowances` takes.
    start
        Index of what was fitted, or of what is nearest to it.
    fitted
        Whether the answer there is the fitted one.
    log
        Whether it is swept in orders of magnitude.
    """

    x: Floats
    setting: Callable[[float], dict[str, Any]]
    start: int = 0
    fitted: bool = True
    log: bool = False


def sweeps(stored: Stored, leader: NDArray[np.int64], points: int = POINTS) -> dict[str, Sweep]:
    """Lay out the sweep of each allowance that can be made of a study.

    Parameters
    ----------
    stored
        Draws.
    leader
        Index of the leading explanation of each case, shape (C,).
    points
        How many points a sweep has, at least 3; one more where it goes both ways from its middle.

    Returns
    -------
    dict
        By names of `UNITS`.
    """
    share = np.linspace(0.0, 1.0, points)
    alike, so = _mean_redundancy(stored), _mean_reliability(stored)
    # Closer together where it is small: bias adds up over observations.
    laid = {
        "redundancy": Sweep(alike + share * (1.0 - alike), lambda x: {"redundancy": _share(x - alike, 1.0 - alike)}),
        "leaning": Sweep(LEANING * share**2, lambda x: {"leaning": x, "towards": leader}),
        "scale": Sweep(
            np.geomspace(1.0 / SCALE, SCALE, points | 1), lambda x: {"scale": x}, start=(points | 1) // 2, log=True
        ),
    }
    if stored.theta is None:
        return laid
    told = float(stored.problem.attrs["selectivity"])
    selectivity = SELECTIVITY * share
    start = int(np.abs(selectivity - told).argmin())
    selectivity[start] = told
    laid |= {
        "reliability": Sweep(so * (1.0 - share), lambda x: {"reliability": _share(x, so)}),
        "selectivity": Sweep(selectivity, lambda x: {"selectivity": x}, start=start),
        "selectivity-leader": Sweep(
            SELECTIVITY * share, lambda x: {"selectivity": x, "favours": leader}, fitted=told == 0.0
        ),
    }
    return {name: laid[name] for name in UNITS if name in laid}


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0


def _mean_redundancy(stored: Stored) -> float:
    """Average the redundancy of the clusters in which it matters; at face value observations count in full."""
    together = stored.design.size > 1
    if stored.theta is None or not together.any():
        return 0.0
    return float((stored.design.redundancy_weight * stored.design.redundancy)[together].sum(axis=1).mean())


def _mean_reliability(stored: Stored) -> float:
    return float(stored.problem["reliability"].values[stored.problem["weighs"].values].mean())


def analyse(
    stored: Stored,
    step_of: NDArray[np.str_] | None = None,
    *,
    pairs: Sequence[tuple[str, str]] = PAIRS,
    points: int = POINTS,
    tell: Tell | None = None,
) -> xr.Dataset:
    """Make each allowance by itself, further and further, and say where another explanation takes the lead.

    Parameters
    ----------
    stored
        Draws. At face value reliability and selectivity are left out: nothing there depends on them.
    step_of
        Step of every observation, shape (E,); if given, also what follows if all observations of a case that belong to
        one step are one cluster of a redundancy from 0 to 1.
    pairs
        Allowances to make together, by names of `UNITS`; those that cannot be made are left out.
    points
        Points of a sweep.
    tell
        Told after each evaluation, with the number done and the number in all, flip points apart.

    Returns
    -------
    Dataset
        `x`, `pareto_k`, `ess` (allowance, setting) and `probability` (allowance, setting, case, hypothesis) along the
        sweeps; `fitted` (allowance), the point that was fitted, NaN where none was, and `unit`; `flip_at`, `flip_to`,
        `flip_k` (allowance, case), where another explanation first leads, going from what was fitted to more doubt,
        which one, and Pareto k there; `back_at`, `back_to` the same the other way,
        where a sweep goes that way. `leader` (case). Maps of pairs as `two_way` gives them.
    """
    base = answer(stored).probability
    leader = leaders(base)
    laid = sweeps(stored, leader, points)
    paths = {name: Path(stored, _evidence_of(sweep)) for name, sweep in laid.items()}
    if step_of is not None:
        laid["joined"] = Sweep(np.linspace(0.0, 1.0, points), lambda _: {}, fitted=False)
        paths["joined"] = Path(stored, lambda draws, x: joined(draws, step_of, x))
    wanted = [pair for pair in pairs if {*pair} <= {*laid} - {"joined"}]
    counter = _Counter(tell, sum(sweep.x.size for sweep in laid.values()) + len(wanted) * MAP_POINTS**2)
    hypotheses = stored.problem["hypothesis"].values
    parts = abreast(lambda name: _swept(laid[name], paths[name], leader, hypotheses, counter), list(laid))
    whole = xr.concat(parts, "allowance", join="outer").assign_coords(
        allowance=list(laid), case=stored.problem["case"].values, hypothesis=hypotheses
    )
    whole["unit"] = "allowance", [UNITS[name] for name in laid]
    whole["leader"] = "case", named(leader, hypotheses)
    if wanted:
        maps = abreast(lambda pair: two_way(stored, *pair, tell=counter), wanted)
        whole = whole.merge(xr.concat(maps, "pair"))
    return whole.assign_attrs(pooling="pooled" if stored.pooled else "unpooled")


class _Counter:
    """Counts evaluations over several sweeps."""

    def __init__(self, tell: Tell | None, total: int) -> None:
        self._tell, self._total, self._done = tell, total, 0
        self._turn = Lock()

    def __call__(self, *_: int) -> None:
        with self._turn:
            self._done += 1
            if self._tell is not None:
                self._tell(self._done, self._total)


def _evidence_of(sweep: Sweep) -> Callable[[Stored, float], Floats]:
    return lambda draws, x: clusters_under(draws, Allowances(**sweep.setting(x)))


def _swept(
    sweep: Sweep,
    path: Path,
    leader: NDArray[np.int64],
    hypotheses: NDArray[np.str_],
    counter: _Counter,
) -> xr.Dataset:
    # Outwards from what was fitted, so that draws never have far to go.
    for side in (sweep.x[sweep.start :], sweep.x[: sweep.start][::-1]):
        led = True
        for x in side:
            # Where every case has another leader already, nothing is looked for any more.
            found = path.at(float(x), MOVES if led else 0)
            led = bool((leaders(found.probability) == leader).any())
            counter()
    rows = [path.at(float(x)) for x in sweep.x]
    probability, pareto_k, ess = (
        np.stack([getattr(row, name) for row in rows]) for name in ("probability", "pareto_k", "ess")
    )

    def at(x: float) -> Floats:
        return path.at(x).probability

    ahead, back = (
        first_flips(sweep.x, probability, leader, at, start=sweep.start, step=step, log=sweep.log) for step in (1, -1)
    )
    if sweep.start == 0:
        back = Flips(np.full_like(ahead.at, np.nan), np.full_like(ahead.to, -1))
    return xr.Dataset(
        {
            "x": ("setting", sweep.x),
            "probability": (("setting", "case", "hypothesis"), probability),
            "pareto_k": ("setting", pareto_k),
            "ess": ("setting", ess),
            "fitted": sweep.x[sweep.start] if sweep.fitted else np.nan,
            "flip_at": ("case", ahead.at),
            "flip_to": ("case", named(ahead.to, hypotheses)),
            "flip_k": ("case", path.k_near(ahead.at)),
            "back_at": ("case", back.at),
            "back_to": ("case", named(back.to, hypotheses)),
        },
        coords={"setting": np.arange(sweep.x.size)},
    )


def _evidence_of_both(first: Sweep, x: float, second: Sweep) -> Callable[[Stored, float], Floats]:
    return lambda draws, y: clusters_under(draws, Allowances(**first.setting(x), **second.setting(y)))


def two_way(
    stored: Stored, one: str, other: str, points: int = MAP_POINTS, tell: Callable[[int, int], None] | None = None
) -> xr.Dataset:
    """Make two allowances together and say who leads.

    Parameters
    ----------
    stored
        Draws, of which `MAP_DRAWS` are used.
    one, other
        Names of `UNITS`, which `sweeps` gives for this study.
    points
        Points of each sweep; one more where it goes both ways from its middle.
    tell
        Told after each evaluation.

    Returns
    -------
    Dataset
        `map_x` (along), `map_y` (across), `map_pareto_k` and `map_ess` (along, across); `map_leader` (along, across,
        case), a name, and `map_probability` of the explanation that leads as fitted; `map_one`, `map_other`, the
        allowances.
    """
    leader = leaders(answer(stored).probability)
    few = stored.thinned(MAP_DRAWS)
    first, second = (sweeps(stored, leader, points)[name] for name in (one, other))
    shape = (first.x.size, second.x.size)
    probability = np.empty((*shape, *stored.loglik.shape[1:]))
    pareto_k, ess = np.empty((2, *shape))
    done = 0
    for row, x in enumerate(first.x):
        path = Path(few, _evidence_of_both(first, float(x), second))
        # To and from the middle of each row, along which draws are led from one point to the next.
        for column in sorted(range(shape[1]), key=lambda column: abs(column - second.start)):
            found = path.at(float(second.x[column]), MAP_MOVES)
            probability[row, column] = found.probability
            pareto_k[row, column], ess[row, column] = found.pareto_k, found.ess
            done += 1
            if tell is not None:
                tell(done, shape[0] * shape[1])
    return xr.Dataset(
        {
            "map_x": ("along", first.x),
            "map_y": ("across", second.x),
            "map_pareto_k": (("along", "across"), pareto_k),
            "map_ess": (("along", "across"), ess),
            "map_leader": (
                ("along", "across", "case"),
                # Of explanations that are equals but for rounding the first, so that no map hangs on the order of sums.
                named(leaders(probability.round(_DIGITS)), stored.problem["hypothesis"].values),
            ),
            "map_probability": (("along", "across", "case"), probability[..., np.arange(leader.size), leader]),
            "map_one": one,
            "map_other": other,
        },
        coords={"case": stored.problem["case"].values},
    )
