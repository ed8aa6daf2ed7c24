"""The verbs of a notebook: read, update, open again."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from bayestrace import api, reading
from bayestrace.kept import opened
from bayestrace.library.result import Progress, Result
from bayestrace.study import Study
from bayestrace.study.sought import Candidate

if TYPE_CHECKING:
    from bayestrace.inference.sampling import Choice


def read_study(path: str | PathLike[str] = ".") -> Study:
    """Read a study.

    Parameters
    ----------
    path
        Its folder, or the one file that holds it (docs/study-format.md); the present folder if not given.

    Raises
    ------
    StudyFaults
        With every fault of every file, each with its place.
    InputOutputFault
        There is no study, or it cannot be opened.
    """
    return reading.read_study(Path(path))


def read_candidates(study: Study, file: str | PathLike[str]) -> dict[str, Candidate]:
    """Read a list of evidence that might be sought, as candidates.yaml has it, for `Result.seek`.

    Raises
    ------
    StudyFaults
        With every fault of the file.
    InputOutputFault
        It cannot be opened.
    """
    return reading.read_candidates(study, Path(file))


def open_result(path: str | PathLike[str]) -> Result:
    """Open a result that was written.

    Parameters
    ----------
    path
        A folder that `bayestrace update` wrote, the file posterior.nc in it, or a study's folder with one result.

    Raises
    ------
    InputOutputFault
        There is none, or it is of another program or layout.
    """
    return opened(Path(path), lambda _, tree: Result(tree), "study", "profile", "probability")


def update(  # noqa: PLR0913 - the choices of the command, each by its name
    study: Study | str | PathLike[str],
    *,
    profile: str = "reference",
    hypotheses: str | None = None,
    coders: Sequence[str] | None = None,
    face_value: bool = False,
    draws: int = api.DRAWS,
    chains: int = api.CHAINS,
    seed: int = api.SEED,
    sampler: Choice = "auto",
    progress: Progress | None = None,
) -> Result:
    """Update a study's explanations on its evidence.

    Parameters
    ----------
    study
        A study, or the folder or file that it is read from.
    profile
        Prior profile by name.
    hypotheses
        Set of hypotheses by name; the study's default set if None.
    coders
        Whom to include; all if None.
    face_value
        Only add the stated weights up: no model, no sampling.
    draws, chains, seed
        Draws kept of each chain, chains, seed.
    sampler
        `nuts` goes through the whole posterior; `mode` draws about its mode, faster where there are very many
        observations; `auto`: `mode` from 30,000 stated weights on, else `nuts`.
    progress
        Told now and then how many draws are made, and how many there will be.

    Raises
    ------
    StudyFaults
        The study has faults; the message lists all of them with their places.
    UsageFault
        An unknown profile, set or coder; clues that exclude every explanation; draws about the mode where they are
        not possible.
    InputOutputFault
        The study cannot be read.
    """
    read = study if isinstance(study, Study) else read_study(study)
    inputs = {} if isinstance(study, Study) else api.input_files(Path(study))
    chosen = None if coders is None else tuple(coders)
    options = api.Options(profile, hypotheses, face_value, chosen, draws, chains, seed, sampler)
    return Result(api.update(read, options, progress), inputs)
