"""How `update` begins, of one study or of several: they are read and posed, and drawn here or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from bayestrace.cli import options

if TYPE_CHECKING:
    from bayestrace.api import Drawn, Options, Posed
    from bayestrace.farm import Farm
    from bayestrace.inference.sampling import Progress
    from bayestrace.study import Study


class Begun(NamedTuple):
    """A study that was read and posed, the files that it was read from, and where its result goes."""

    study: Study
    inputs: dict[str, bytes]
    posed: Posed
    target: Path


def options_of(given: dict[str, Any]) -> Options:
    """Collect the options; what was not given keeps the default that the API declares."""
    from bayestrace.api import Options  # noqa: PLC0415

    coders = cast("str | None", given["coders"])
    named = {key: given[key] for key in ("draws", "chains", "seed") if given[key] is not None}
    return Options(
        profile=given["profile"],
        hypotheses=given["hypotheses"],
        face_value=given["face_value"],
        coders=tuple(name.strip() for name in coders.split(",") if name.strip()) if coders is not None else None,
        sampler=given["sampler"],
        **named,
    )


def begin(path: Path, given: dict[str, Any], out: Path | None) -> Begun:
    """Read a study and put it to the engine; `out` names the folder of its result, where it is not the usual one."""
    from bayestrace import api  # noqa: PLC0415

    wanted = options_of(given)
    study = options.study_at(path, given["number"])
    inputs = api.input_files(path)
    target = out or api.results_of(path) / api.result_name(study, wanted)
    return Begun(study, inputs, api.pose(study, wanted), target)


def draws(
    posed: Iterable[Posed], workers: Farm | None, progress: Progress, on_compile: Callable[[], None]
) -> Iterator[tuple[int, Drawn | Exception]]:
    """Draw what studies pose, one after another here or all by workers.

    Yields
    ------
    int, Drawn or Exception
        The place of a study, and its draws or why there are none, which keeps no other study from being drawn.
    """
    from bayestrace import api  # noqa: PLC0415

    if workers is not None:
        yield from api.draw_elsewhere(posed, workers)
        return
    for place, one in enumerate(posed):
        found: Drawn | Exception
        try:
            found = api.draw(one, progress, on_compile)
        except Exception as fault:  # noqa: BLE001 - whoever asked says what becomes of it
            found = fault
        yield place, found
