"""Find the files of a study folder, and refuse those whose names are near misses."""

import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bayestrace.errors import Fault, InputOutputFault
from bayestrace.reading.codings import LAYOUTS
from bayestrace.reading.text import guess, listed, shown

STUDY = "study.yaml"
SOURCES = "evidence/sources.json"
BIBTEX = "evidence/sources.bib"
CODINGS = "evidence/codings"
#: In the folder of codings: what was to be added to it, while not all of it is in its place.
BEGUN = ".collecting"
CLUES = "evidence/clues.csv"
#: Tables of what study.yaml and the files of evidence may say as well, by the sheet of a workbook that says the same.
OBSERVATIONS, CASES, CLUSTERS = "Observations", "Cases", "Clusters"
TABLES = {name: f"evidence/{name.casefold()}.csv" for name in (OBSERVATIONS, CASES, CLUSTERS)}
CANDIDATES = "candidates.yaml"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_TABLE = re.compile(rf"(?P<coder>.+)-(?P<kind>{'|'.join(LAYOUTS)})\.csv")
#: Endings of workbooks, and how files of theirs begin whatever they are called.
_BOOKS = (".xlsx", ".xlsm", ".xltx", ".xlsb", ".xls", ".ods")
_STARTS = (b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1"))
_ROUND = re.compile(r"round-([2-9]|[1-9][0-9])")
_WORKBOOKS = (".xlsx", ".xls", ".ods", ".tsv", ".numbers")

#: Endings of files that people save in the place of one that is read, and the ending itself.
_READ_AS = {".csv": (".csv", ".txt", *_WORKBOOKS), ".yaml": (".yaml", ".yml", ".txt")}


class Files(NamedTuple):
    """The files to read, relative to the study folder, and the faults of the names of the others.

    `tables` goes by coder, then by kind of table; `rounds` has the tables of the later rounds by their number.
    """

    evidence: tuple[str, ...]
    profiles: tuple[str, ...]
    tables: dict[str, dict[str, str]]
    rounds: dict[int, dict[str, dict[str, str]]]
    has_sources: bool
    has_bibtex: bool
    has_clues: bool
    has_candidates: bool
    #: Those of `TABLES` that there are.
    sheets: dict[str, str]
    faults: tuple[Fault, ...]


def find_files(folder: Path) -> Files:
    """List the files of a study.

    Parameters
    ----------
    folder
        The study folder.

    Raises
    ------
    InputOutputFault
        Where it is no folder, may not be listed, or holds no study.yaml.
    """
    names = _check_study(folder)
    faults = [*_near_misses(folder, names)]
    evidence = _yaml_files(folder, "evidence", faults)
    profiles = _yaml_files(folder, "priors", faults)
    tables = _tables(folder, CODINGS, faults)
    rounds = {number: _tables(folder, path, faults) for number, path in _rounds(folder, faults)}
    if (folder / CODINGS / BEGUN).exists():
        faults.append(Fault(f"{CODINGS}/{BEGUN}", 0, 0, "", "collect-begun"))
    for path in profiles:
        stem = path.removeprefix("priors/").removesuffix(".yaml")
        if not is_name(stem):
            faults.append(Fault(path, 0, 0, "", "file-name-form", {"found": shown(stem)}))
    return Files(
        evidence=tuple(evidence),
        profiles=tuple(profiles),
        tables=tables,
        rounds={number: found for number, found in rounds.items() if found},
        has_sources=(folder / SOURCES).exists(),
        has_bibtex=(folder / BIBTEX).exists(),
        has_clues=(folder / CLUES).exists(),
        has_candidates=(folder / CANDIDATES).exists(),
        sheets={sheet: path for sheet, path in TABLES.items() if (folder / path).exists()},
        faults=tuple(faults),
    )


def is_book(file: Path) -> bool:
    """Tell whether a file is a workbook, or was most likely meant as one."""
    if file.suffix.lower() in _BOOKS:
        return True
    try:
        with file.open("rb") as handle:
            return handle.read(8).startswith(_STARTS)
    except OSError as error:
        raise InputOutputFault("no-file", path=file, reason=error.strerror or error) from error


def _tables(folder: Path, inside: str, faults: list[Fault]) -> dict[str, dict[str, str]]:
    """Sort the tables of a folder by coder and kind."""
    tables: dict[str, dict[str, str]] = {}
    for path in _listed(folder, inside):
        name = path.rpartition("/")[2]
        table = _TABLE.fullmatch(name)
        if table and is_name(table["coder"]):
            tables.setdefault(table["coder"], {})[table["kind"]] = path
        elif table:
            faults.append(Fault(path, 0, 0, "", "file-name-form", {"found": shown(table["coder"])}))
        else:
            faults += _misnamed_table(path, name)
    return tables


def _rounds(folder: Path, faults: list[Fault]) -> Iterator[tuple[int, str]]:
    """Yield the folders of later rounds with their numbers, and refuse those whose names are near misses."""
    directory = folder / CODINGS
    try:
        inside = sorted(entry.name for entry in directory.iterdir() if entry.is_dir()) if directory.is_dir() else []
    except OSError as error:
        raise InputOutputFault("no-list", path=directory, reason=error.strerror or error) from error
    for name in inside:
        path = f"{CODINGS}/{name}"
        if number := _ROUND.fullmatch(name):
            yield int(number[1]), path
        elif name.casefold().startswith("round") or difflib.get_close_matches(name.casefold(), ["round-2"], cutoff=0.7):
            faults.append(Fault(path, 0, 0, "", "round-folder", {"found": shown(name)}))


def is_name(text: str) -> bool:
    """Tell whether a text may be a name: the same rule as `bayestrace.study.Name`."""
    return _NAME.fullmatch(text) is not None


def _check_study(folder: Path) -> list[str]:
    """Return the names of what the folder holds, study.yaml among them."""
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise InputOutputFault("no-folder", path=folder, reason=error.strerror or error) from error
    if STUDY in names:
        return names
    near = [name for name in names if re.fullmatch(r"(?i)study\.(ya?ml)(\.txt)?", name)]
    near = near or difflib.get_close_matches(STUDY, names, n=1, cutoff=0.8)
    raise InputOutputFault("no-study", path=folder, guess=near[0] if near else "")


def _near_misses(folder: Path, names: Iterable[str]) -> Iterator[Fault]:
    """Refuse files that are most likely meant as a table of evidence/ or as candidates.yaml, and would not be read."""
    evidence = [*_listed(folder, "evidence")]
    read = {CANDIDATES, CLUES, *TABLES.values()}
    for right, paths in ((CANDIDATES, names), *((path, evidence) for path in (CLUES, *TABLES.values()))):
        name = right.rpartition("/")[2]
        stem = name.partition(".")[0]
        for path in paths:
            found = path.rpartition("/")[2]
            if path in read or Path(found).suffix.lower() not in _READ_AS[Path(right).suffix]:
                continue
            near = difflib.get_close_matches(found.partition(".")[0].casefold(), [stem], cutoff=0.8)
            if not near or not (folder / path).is_file():
                continue
            if found.partition(".")[0] == stem:
                details = {"ending": shown(found.removeprefix(stem)), "guess": shown(name)}
                yield Fault(path, 0, 0, "", "file-ending", details)
            else:
                yield Fault(path, 0, 0, "", "file-name-unknown", {"known": shown(name), "guess": shown(name)})


def _listed(folder: Path, inside: str) -> Iterator[str]:
    """Yield the files of a folder in order of name; none where there is no such folder."""
    directory = folder / inside
    try:
        entries = sorted(directory.iterdir(), key=lambda entry: entry.name) if directory.is_dir() else []
        files = [entry.name for entry in entries if entry.is_file()]
    except OSError as error:
        raise InputOutputFault("no-list", path=directory, reason=error.strerror or error) from error
    # `.` and `~$` begin the names of what editors and Excel leave beside a file that is open.
    yield from (f"{inside}/{name}" for name in files if not name.startswith((".", "~")))


def _yaml_files(folder: Path, inside: str, faults: list[Fault]) -> list[str]:
    found: list[str] = []
    for path in _listed(folder, inside):
        stem, _, ending = path.rpartition(".")
        if path.endswith(".yaml"):
            found.append(path)
        elif ending.lower() in {"yml", "yaml"} or path.endswith(".yaml.txt"):
            right = stem.rpartition("/")[2].removesuffix(".yaml") + ".yaml"
            faults.append(Fault(path, 0, 0, "", "file-ending", {"ending": shown(f".{ending}"), "guess": shown(right)}))
    return found


def _misnamed_table(path: str, name: str) -> Iterator[Fault]:
    stem, _, ending = name.rpartition(".")
    if f".{ending.lower()}" in _WORKBOOKS:
        details = {"ending": shown(f".{ending}"), "guess": shown(f"{stem}.csv")}
        yield Fault(path, 0, 0, "", "file-ending", details)
    elif ending.lower() == "csv":
        coder, dash, kind = stem.rpartition("-")
        patterns = [f"<coder>-{each}.csv" for each in LAYOUTS]
        near = guess(kind if dash else "", LAYOUTS).strip("`")
        meant = shown(f"{coder}-{near}.csv") if near and coder else ""
        yield Fault(path, 0, 0, "", "file-name-unknown", {"known": listed(patterns), "guess": meant})
