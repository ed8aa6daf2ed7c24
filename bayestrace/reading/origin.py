"""Say what a study is read from, and read it from a folder; `bayestrace.reading.workbook` reads it from a workbook."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from bayestrace.errors import Fault
from bayestrace.reading.codings import LAYOUTS
from bayestrace.reading.document import Document, Node
from bayestrace.reading.files import (
    BIBTEX,
    CANDIDATES,
    CASES,
    CLUES,
    CLUSTERS,
    OBSERVATIONS,
    SOURCES,
    STUDY,
    find_files,
)
from bayestrace.reading.marks import read_yaml
from bayestrace.reading.private import PRIVATE
from bayestrace.reading.searches import LAYOUT, OPTIONAL
from bayestrace.reading.sources import Sources, read_sources
from bayestrace.reading.tables import Table, read_table
from bayestrace.reading.text import LARGEST, LARGEST_TABLE, decode, shown

_YAML = ("utf-8-sig",)

#: Excel in China saves CSV as GB18030.
CSV = ("utf-8-sig", "gb18030")

#: Keys whose plain numbers are texts: `date: 2017`.
_DATES = frozenset({"date", "dates"})


class Origin(Protocol):
    """What a study is read from. Each method reads one part of it, once; what is wrong with its form goes to `faults`.

    The names of what it holds are not checked here: `bayestrace.reading.folder` does that for every origin alike.
    """

    #: Grows as parts are read.
    faults: list[Fault]
    #: Where sources should stand.
    sources_path: str

    def study(self) -> Node:
        """Return what study.yaml says."""

    def cases(self) -> list[Node]:
        """Return the observations, a document a case."""

    def sources(self) -> Sources | None:
        """Return the sources; None where the study has none."""

    def clues(self) -> Table | None:
        """Return what came of searches; None where nothing is said of that."""

    def profiles(self) -> dict[str, Node]:
        """Return the profiles by name."""

    def codings(self) -> dict[int, dict[str, dict[str, Table]]]:
        """Return the tables of each round, by coder and kind (a key of `bayestrace.reading.codings.LAYOUTS`).

        There is always a first round; of later ones, those in which anything is stated.
        """

    def candidates(self) -> Node | None:
        """Return what might be sought next; None where nothing is said of that."""


class Folder:
    """A study folder as docs/study-format.md describes it.

    Raises
    ------
    InputOutputFault
        Where the folder or a file cannot be opened, or there is no study.yaml.
    """

    sources_path = SOURCES

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = find_files(folder)
        self.faults = list(self.files.faults)

    def study(self) -> Node:
        """Read study.yaml, and the tables of cases and clusters that say more of the same."""
        root = self._document(STUDY)
        if not {CASES, CLUSTERS} & {*self.files.sheets} or not isinstance(root.value, dict):
            return root
        from bayestrace.reading.sections import with_tables  # noqa: PLC0415 - few studies have tables

        texts = {
            name: (path, self._text(path, CSV)) for name, path in self.files.sheets.items() if name in {CASES, CLUSTERS}
        }
        return with_tables(root.document, texts, self.faults)

    def cases(self) -> list[Node]:
        """Read the YAML files of evidence/, and the table of observations."""
        found = [self._document(path) for path in self.files.evidence]
        path = self.files.sheets.get(OBSERVATIONS)
        if path is None:
            return found
        from bayestrace.reading.sections import observations_in  # noqa: PLC0415 - as above

        return [*found, *observations_in(path, self._text(path, CSV), self.faults)]

    def sources(self) -> Sources | None:
        """Read evidence/sources.json and evidence/sources.bib; they share no id."""
        if not self.files.has_bibtex:
            return self._listed(SOURCES, read_sources) if self.files.has_sources else None
        from bayestrace.reading.bibtex import read_bibtex  # noqa: PLC0415 - few studies have BibTeX

        more = self._listed(BIBTEX, read_bibtex)
        if not self.files.has_sources:
            return more
        listed = self._listed(SOURCES, read_sources)
        details = {"other": SOURCES}
        twice = [
            Fault(BIBTEX, 0, 0, f"sources[{name}]", "source-in-both", {"found": shown(name), **details})
            for name in more.by_id
            if name in listed.by_id
        ]
        faults = [*listed.faults, *more.faults, *twice]
        return Sources(listed.by_id | more.by_id, complete=listed.complete and more.complete, faults=faults)

    def clues(self) -> Table | None:
        """Read evidence/clues.csv."""
        return self._table(CLUES, [LAYOUT], OPTIONAL) if self.files.has_clues else None

    def profiles(self) -> dict[str, Node]:
        """Read the files of priors/."""
        # A name that cannot be one has its fault already; its profile is checked all the same.
        return {Path(path).stem: self._document(path) for path in self.files.profiles}

    def codings(self) -> dict[int, dict[str, dict[str, Table]]]:
        """Read the files of evidence/codings/, and those of the folders of later rounds in it."""
        return {
            number: {
                coder: {
                    kind: table
                    for kind, path in paths.items()
                    if (table := self._table(path, LAYOUTS[kind], frozenset({PRIVATE})))
                }
                for coder, paths in tables.items()
            }
            for number, tables in {1: self.files.tables, **self.files.rounds}.items()
        }

    def candidates(self) -> Node | None:
        """Read candidates.yaml."""
        return self._document(CANDIDATES) if self.files.has_candidates else None

    def _document(self, path: str) -> Node:
        text = self._text(path, _YAML)
        if text is None:
            return Document(path).root()
        document, faults = read_yaml(path, text, _DATES)
        self.faults += faults
        return document.root()

    def _table(
        self, path: str, layouts: Iterable[tuple[str, ...]], optional: frozenset[str] = frozenset()
    ) -> Table | None:
        text = self._text(path, CSV)
        return None if text is None else read_table(path, text, [*layouts], optional)

    def _listed(self, path: str, read: Callable[[str, str], Sources]) -> Sources:
        text = self._text(path, _YAML)
        return Sources({}, complete=False, faults=[]) if text is None else read(path, text)

    def _text(self, path: str, encodings: tuple[str, ...]) -> str | None:
        text = decode(self.folder, path, encodings, LARGEST_TABLE if encodings == CSV else LARGEST)
        if isinstance(text, Fault):
            self.faults.append(text)
            return None
        return text
