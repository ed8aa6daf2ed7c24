"""Read codings that do not stand in a study's folder, as strictly as those that do."""

from collections.abc import Iterable
from pathlib import Path

from bayestrace.errors import Fault, StudyFaults
from bayestrace.reading.codings import LAYOUTS, read_coding
from bayestrace.reading.files import is_name
from bayestrace.reading.known import names_of
from bayestrace.reading.origin import CSV
from bayestrace.reading.private import PRIVATE
from bayestrace.reading.tables import Table, read_table
from bayestrace.reading.text import LARGEST_TABLE, decode, guess, listed, shown
from bayestrace.study import Coding, Study

_KINDS = ("weights", "probabilities")


def read_further(study: Study, paths: Iterable[Path]) -> tuple[Coding, ...]:
    """Read codings of a study's observations from files outside it.

    Parameters
    ----------
    study
        The study whose observations and hypotheses the files are about.
    paths
        Files named ``<coder>-weights.csv`` or ``<coder>-probabilities.csv``; two of one coder make one coding.

    Returns
    -------
    tuple of Coding
        One of each coder, in the order of the files.

    Raises
    ------
    StudyFaults
        With every fault of every file.
    InputOutputFault
        Where a file cannot be opened.
    """
    known = names_of(study)
    faults: list[Fault] = []
    tables: dict[str, dict[str, Table]] = {}
    for path in paths:
        shown_path = path.as_posix()
        coder, _, kind = path.name.removesuffix(".csv").rpartition("-")
        text = decode(Path(), shown_path, CSV, LARGEST_TABLE)
        if path.suffix != ".csv" or kind not in _KINDS or not is_name(coder):
            near = guess(kind, _KINDS).strip("`") if is_name(coder) else ""
            details = {
                "known": listed(f"<coder>-{each}.csv" for each in _KINDS),
                "guess": shown(f"{coder}-{near}.csv") if near and near != kind else "",
            }
            faults.append(Fault(shown_path, 0, 0, "", "file-name-unknown", details))
        elif isinstance(text, Fault):
            faults.append(text)
        else:
            tables.setdefault(coder, {})[kind] = read_table(shown_path, text, LAYOUTS[kind], frozenset({PRIVATE}))
    codings = []
    for coder, mine in tables.items():
        coding, _, found = read_coding(coder, mine, known)
        faults += found
        codings.append(coding)
    if faults:
        raise StudyFaults(faults)
    return tuple(codings)
