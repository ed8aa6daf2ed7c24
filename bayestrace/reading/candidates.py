"""Read evidence that might be sought next, candidates.yaml of a study or a file like it anywhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bayestrace.errors import Fault, StudyFaults
from bayestrace.reading.chances import with_chances
from bayestrace.reading.clues import check_hypotheses
from bayestrace.reading.document import Node
from bayestrace.reading.known import Known, check_name, check_names, names_of
from bayestrace.reading.marks import read_yaml
from bayestrace.reading.models import check
from bayestrace.reading.text import decode
from bayestrace.study import Study
from bayestrace.study.basis import Frozen, Name
from bayestrace.study.sought import Candidate


class _File(Frozen):
    """What a file of candidates holds."""

    candidates: Annotated[dict[Name, Candidate], Field(min_length=1)]


def candidates_in(file: Node, known: Known) -> tuple[dict[str, Candidate], dict[str, str], list[Fault]]:
    """Build the candidates of one file.

    Parameters
    ----------
    file
        The file as it was read.
    known
        The names of the study.

    Returns
    -------
    candidates : dict
        By name; empty where there are faults.
    places : dict
        Where each stands, as in `Study.places`.
    faults : list of Fault
        Every fault of the file.
    """
    stated = (chance for _, each in file.get("candidates").entries() for _, chance in each.get("found_if").entries())
    file, faults = with_chances(file, stated)
    made, more = check(_File, file)
    faults += [*more, *_faults(file, known)]
    places = {f"candidate:{name}": each.spot(at_key=True) for name, each in file.get("candidates").entries()}
    return (made.candidates if made and not faults else {}), places, faults


def _faults(file: Node, known: Known) -> Iterator[Fault]:
    for _, each in file.get("candidates").entries():
        yield from check_names(each.get("cases").items(), "case", known.cases)
        yield from check_name(each.get("step"), "step", known.steps)
        yield from check_name(each.get("domain"), "domain", known.domains)
        yield from check_hypotheses(each.get("found_if"), known, known.default)


def read_candidates(study: Study, path: Path) -> dict[str, Candidate]:
    """Read candidates for a study from a file outside its folder, as strictly as from candidates.yaml in it.

    Parameters
    ----------
    study
        The study whose hypotheses, cases and steps the file is about.
    path
        A file written like candidates.yaml.

    Returns
    -------
    dict
        Candidates by name, in the order of the file.

    Raises
    ------
    StudyFaults
        With every fault of the file.
    InputOutputFault
        Where the file cannot be opened.
    """
    name = path.as_posix()
    text = decode(Path(), name, ("utf-8-sig",))
    if isinstance(text, Fault):
        raise StudyFaults([text])
    document, faults = read_yaml(name, text)
    candidates, _, more = candidates_in(document.root(), names_of(study))
    if faults or more:
        raise StudyFaults([*faults, *more])
    return candidates
