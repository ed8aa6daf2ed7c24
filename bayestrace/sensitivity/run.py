"""All that one would have to believe for the conclusion to be different: the analyses of one result, gathered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from bayestrace.encoding import ordered
from bayestrace.errors import UsageFault, unknown
from bayestrace.excerpt import asked
from bayestrace.messages import Lang
from bayestrace.study import PriorProfile, Study

if TYPE_CHECKING:
    from bayestrace.farm import Farm
    from bayestrace.panels import Panel, Settings
    from bayestrace.panels import Telling as PanelTelling
    from bayestrace.sensitivity.draws import Stored

#: Name of the group in the result tree.
GROUP = "sensitivity"
#: The result itself, on the draws that everything is worked out on.
BASE = "base"
_LANGS: tuple[Lang, ...] = ("en", "zh")


@dataclass(frozen=True)
class Wanted:
    """Which analyses to make.

    Parameters
    ----------
    only
        Names out of `ANALYSES`; all but the multiverse if empty.
    refits
        Whether the model may be fitted again where draws cannot tell, as without a coder.
    multiverse
        Whether to try every combination of choices too, which fits the model once for each panel and set.
    """

    only: tuple[str, ...] = ()
    refits: bool = True
    multiverse: bool = False


@dataclass(frozen=True)
class Telling:
    """Whom to tell how the work gets on.

    Parameters
    ----------
    begun
        Called before each analysis with its name.
    progress
        Called within an analysis with the number done and the number in all.
    panels
        Told of fits.
    """

    begun: Callable[[str], None] | None = None
    progress: Callable[[int, int], None] | None = None
    panels: PanelTelling | None = None


@dataclass(frozen=True)
class Task:
    """A result, opened for questions."""

    stored: Stored
    posterior: xr.Dataset | None
    study: Study
    profile: PriorProfile
    hypothesis_set: str
    settings: Mapping[str, Any]
    cache: Path | None
    sampled: bool
    refits: bool
    telling: Telling
    farm: Farm | None = None

    @property
    def step_of(self) -> np.ndarray:
        """Step of every observation, shape (E,)."""
        return np.array([item.step for item in self.study.evidence], dtype=np.str_)

    @property
    def sampler(self) -> Settings:
        """Settings with which other panels are fitted: those of this result."""
        from bayestrace.panels import Settings  # noqa: PLC0415 - only where something is fitted

        return Settings(*(int(self.settings[name]) for name in ("draws", "chains", "seed")))


Groups = Mapping[str, xr.Dataset]


def _profiles(task: Task) -> Groups:
    from bayestrace.sensitivity.priors import profiles  # noqa: PLC0415 - loaded where asked for

    return {"": profiles.analyse(task.stored, task.study)}


def _simplex(task: Task) -> Groups:
    from bayestrace.sensitivity.priors import simplex  # noqa: PLC0415 - as above

    return {"": simplex.analyse(task.stored)}


def _focal_prior(task: Task) -> Groups:
    from bayestrace.sensitivity.priors import raising  # noqa: PLC0415 - as above

    return {"": raising.analyse(task.stored)}


def _kappa(task: Task) -> Groups:
    from bayestrace.sensitivity.priors import pools  # noqa: PLC0415 - as above

    return {"": pools.kappa(task.stored)}


def _levels(task: Task) -> Groups:
    from bayestrace.sensitivity.priors import pools  # noqa: PLC0415 - as above

    return {"": pools.levels(task.stored)}


def _limits(task: Task) -> Groups:
    from bayestrace.sensitivity.priors import pools  # noqa: PLC0415 - as above

    return {"": pools.limits(task.stored)}


def _rival(task: Task) -> Groups:
    from bayestrace.sensitivity import rival  # noqa: PLC0415 - as above

    return {"": rival.analyse(task.stored, rival.other_sets(task.study, task.profile, task.stored))}


def _multiverse(task: Task) -> Groups:
    from bayestrace.sensitivity.multiverse import universe  # noqa: PLC0415 - as above

    if not task.sampled:
        raise UsageFault("multiverse-face-value")
    return {
        "": universe.analyse(
            task.study,
            task.profile.id,
            settings=task.sampler,
            cache=task.cache,
            telling=task.telling.panels,
            tell=task.telling.progress,
            refit=task.refits,
            farm=task.farm,
        )
    }


def _power(task: Task) -> Groups:
    from bayestrace.sensitivity import powers  # noqa: PLC0415 - as above

    return {"": powers.analyse(task.stored, task.posterior)}


def _left_out(task: Task) -> Groups:
    from bayestrace.sensitivity import leftout  # noqa: PLC0415 - as above

    fits = leftout.Fits(task.sampler, task.cache, task.telling.panels, task.farm) if task.refits else None
    return leftout.analyse(task.stored, task.study, task.profile, fits=fits, tell=task.telling.progress)


def _smallest(task: Task) -> Groups:
    from bayestrace.sensitivity import smallest  # noqa: PLC0415 - as above

    return {"": smallest.analyse(task.stored, tell=task.telling.progress)}


def _bounds(task: Task) -> Groups:
    from bayestrace.sensitivity import bounds  # noqa: PLC0415 - as above

    return {"": bounds.analyse(task.stored, tell=task.telling.progress)}


def _overconfidence(task: Task) -> Groups:
    from bayestrace.sensitivity import overconfidence  # noqa: PLC0415 - as above

    return {"": overconfidence.analyse(task.stored, task.step_of, tell=task.telling.progress)}


_MAKERS: dict[str, Callable[[Task], Groups]] = {
    "profiles": _profiles,
    "simplex": _simplex,
    "focal_prior": _focal_prior,
    "kappa": _kappa,
    "levels": _levels,
    "limits": _limits,
    "power": _power,
    "left_out": _left_out,
    "smallest": _smallest,
    "bounds": _bounds,
    "overconfidence": _overconfidence,
    "rival": _rival,
    "multiverse": _multiverse,
}

#: Every analysis by the name of its group, in the order in which they are made.
ANALYSES = tuple(_MAKERS)
#: Made only where asked for.
_LONG = frozenset({"multiverse"})


def chosen(wanted: Wanted) -> tuple[str, ...]:
    """Name the analyses that are wanted, in their order.

    Raises
    ------
    UsageFault
        One that there is not.
    """
    for name in wanted.only:
        if name not in ANALYSES:
            raise unknown("analysis", name, ANALYSES)
    named = set(wanted.only) or set(ANALYSES) - _LONG
    if wanted.multiverse:
        named |= _LONG & set(ANALYSES)
    return tuple(name for name in ANALYSES if name in named)


def analyse(
    tree: xr.DataTree,
    wanted: Wanted,
    cache: Path | None = None,
    telling: Telling | None = None,
    farm: Farm | None = None,
) -> xr.DataTree:
    """Work out what would change a result.

    Parameters
    ----------
    tree
        A result (docs/results.md).
    wanted
        Which analyses.
    cache
        Folder in which fits of other panels are kept; None: nowhere.
    telling
        Whom to tell.
    farm
        Workers that make the fits which do not wait for one another; needs a cache.

    Returns
    -------
    DataTree
        The result with the group `sensitivity`: those analyses that were wanted, and of those that were there before
        the ones that were not made again. Its attribute `skipped` (JSON) says what this study does not allow, and why.
        With the group `panels` besides, what a page needs of the fits of other panels made on the way, if any was.

    Notes
    -----
    Where there are very many cases, a few are asked about (`bayestrace.excerpt.asked`), each by itself, with what the
    whole study has taught of coders and signal; what is believed of the other cases stays as it was fitted.

    Raises
    ------
    UsageFault
        An unknown analysis, or one named in `only` that this study does not allow.
    """
    from bayestrace.sensitivity import sought  # noqa: PLC0415 - numba is slow to import

    whole, part = tree, asked(tree)
    names = chosen(wanted)
    telling = telling or Telling()
    if part is not None:
        # Other panels would have to be fitted to the whole study.
        tree, wanted = part, replace(wanted, refits=False)
    task, panels = _keeping(replace(_task(tree, wanted, cache, telling, alone=part is not None), farm=farm))
    groups = {BASE: sought.published(tree) if sought.unlisted(tree, task.stored) else _base(task.stored)}
    skipped: dict[str, dict[str, str]] = {}
    for name in names:
        if telling.begun is not None:
            telling.begun(name)
        try:
            sought.allow(whole, task.stored, name)
            made = _MAKERS[name](task)
        except UsageFault as fault:
            if name in wanted.only:
                raise
            skipped[name] = {lang: fault.text(lang) for lang in _LANGS}
            continue
        groups |= {f"{name}/{part}".rstrip("/"): data for part, data in made.items()}
    return _joined(whole, groups, names, skipped, panels)


def _task(tree: xr.DataTree, wanted: Wanted, cache: Path | None, telling: Telling, *, alone: bool) -> Task:
    from bayestrace.sensitivity.draws import stored, stored_clues, stored_face_value  # noqa: PLC0415 - numba is slow to import

    problem = tree["problem"].to_dataset()
    sampled = tree.attrs["kind"] == "model"
    posterior = tree["posterior"].to_dataset() if sampled else None
    held = stored_clues(problem) if tree.attrs["kind"] == "clues" else None
    if held is None and posterior is not None:
        held = stored(problem, posterior, alone=alone)
    return Task(
        stored=held or stored_face_value(problem, alone=alone),
        posterior=posterior,
        study=ordered(Study.model_validate_json(tree.attrs["study"]), problem),
        profile=PriorProfile.model_validate_json(tree.attrs["profile"]),
        hypothesis_set=str(tree.attrs["set"]),
        settings=json.loads(tree.attrs["settings"]),
        cache=cache,
        sampled=sampled,
        refits=wanted.refits and sampled,
        telling=telling,
    )


def _keeping(task: Task) -> tuple[Task, Groups]:
    """Keep of every fit of other coders made from now on what a page needs, by path in the result."""
    from bayestrace.panels import Telling as PanelTelling  # noqa: PLC0415 - as in _task
    from bayestrace.sensitivity import kept  # noqa: PLC0415 - as in _task

    found: dict[str, xr.Dataset] = {}

    def made(panel: Panel) -> None:
        found.update(kept.of(panel, task.stored.problem, task.study, task.profile))

    telling = replace(task.telling, panels=replace(task.telling.panels or PanelTelling(), made=made))
    return replace(task, telling=telling), found


def _base(stored: Stored) -> xr.Dataset:
    from bayestrace.sensitivity.evaluate import answer  # noqa: PLC0415 - as in _task

    found = answer(stored)
    over = ("case", "hypothesis")
    return xr.Dataset(
        {"probability": (over, found.probability), "unpooled": (over, found.unpooled)},
        coords={name: stored.problem[name].values for name in over},
        attrs={"pooling": "pooled" if stored.pooled else "unpooled", "draws": int(stored.log_evidence.size)},
    )


def _joined(
    tree: xr.DataTree, made: Groups, names: tuple[str, ...], skipped: Mapping[str, Mapping[str, str]], panels: Groups
) -> xr.DataTree:
    """Put the analyses and panels into the result, in the place of those of the same names."""
    kept: dict[str, xr.Dataset] = {}
    before: dict[str, Mapping[str, str]] = {}
    for node in tree.subtree:
        path = node.path.strip("/")
        first, _, rest = path.partition("/")
        if first != GROUP:
            kept[path or "/"] = node.to_dataset()
        elif not rest:
            before = json.loads(node.attrs.get("skipped", "{}"))
        elif rest.partition("/")[0] not in {*names, BASE}:
            kept[path] = node.to_dataset()
    told = {name: text for name, text in {**before, **skipped}.items() if name in skipped or name not in names}
    kept[GROUP] = xr.Dataset(attrs={"skipped": json.dumps(told, ensure_ascii=False, sort_keys=True)})
    whole = xr.DataTree.from_dict(kept | {f"{GROUP}/{name}": data for name, data in made.items()} | dict(panels))
    whole.attrs = dict(tree.attrs)
    return whole
