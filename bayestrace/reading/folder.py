"""Read a study folder into a checked `Study`, gathering the faults of all its files."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bayestrace.errors import Fault, StudyFaults
from bayestrace.reading.candidates import candidates_in
from bayestrace.reading.chances import with_chances
from bayestrace.reading.clues import check_clues, check_counts, given_clues, stated_chances
from bayestrace.reading.codings import read_coding
from bayestrace.reading.declaration import check_declaration, check_profile
from bayestrace.reading.dependence import check_dependence
from bayestrace.reading.document import Document, Node
from bayestrace.reading.files import CANDIDATES, CLUES, SOURCES, STUDY, Files, find_files, is_name
from bayestrace.reading.handed import read_handed
from bayestrace.reading.known import Known, declared, is_broken, unknown
from bayestrace.reading.marks import read_yaml
from bayestrace.reading.models import check
from bayestrace.reading.observations import cases_of, check_observations, read_observations
from bayestrace.reading.searches import read_searches, search_table
from bayestrace.reading.sources import read_sources
from bayestrace.reading.tables import Table
from bayestrace.reading.text import decode
from bayestrace.reading.theories import check_theories, noisy_cells, with_cells
from bayestrace.study import Coder, Coding, Declaration, Evidence, PriorProfile, Study, Text
from bayestrace.study.sought import Candidate, Search

_YAML = ("utf-8-sig",)

#: Excel in China saves CSV as GB18030.
CSV = ("utf-8-sig", "gb18030")

#: Keys whose plain numbers are texts: `date: 2017`.
_DATES = frozenset({"date", "dates"})

#: The profile of a study that brings none of its own: the defaults of `PriorProfile`.
_REFERENCE = PriorProfile(
    id="reference",
    name=Text(en="Reference", zh="参照"),
    why=Text(
        en="Built in: all hypotheses equally probable before the evidence, and the program's defaults.",
        zh="内置：在考察证据之前，各假设概率相等，其余取程序默认值。",
    ),
)


def read_study(folder: Path) -> Study:
    """Read a study.

    Parameters
    ----------
    folder
        The folder that holds study.yaml, evidence/ and priors/, as docs/study-format.md describes them. Without
        profiles in priors/ there is one built-in profile, ``reference``. Or the file of a study that a report handed
        out, as `bayestrace.reading.handed` describes it.

    Returns
    -------
    Study
        Checked in every part. `Study.places` says where each part stands: ``evidence:<id>``,
        ``weights:<coder>:<evidence>`` (also where the coder states probabilities), ``notes:<coder>:<evidence>``,
        ``redundancy:<coder>:<cluster>``, ``search:<case>:<clue>`` and ``candidate:<id>``, each ``file:line``.

    Raises
    ------
    StudyFaults
        With every fault of every file.
    InputOutputFault
        Where the folder or a file cannot be opened, or there is no study.yaml.
    """
    if folder.is_file():
        return read_handed(folder)
    files = find_files(folder)
    reader = _Reader(folder, list(files.faults))
    study = reader.study(files)
    if study is None:
        raise StudyFaults(reader.faults)
    return study


class _Reader:
    """Reads the files of one folder, and gathers faults and places as it goes."""

    def __init__(self, folder: Path, faults: list[Fault]) -> None:
        self.folder = folder
        self.faults = faults
        self.places: dict[str, str] = {}

    def study(self, files: Files) -> Study | None:
        """Read everything; return None where there are faults."""
        written = self._document(STUDY)
        declaration, faults = with_chances(with_cells(written), stated_chances(written))
        self.faults += faults
        known = replace(declared(declaration), noisy=noisy_cells(declaration))
        order = [*(known.cases or ())]
        cases = [self._document(path) for path in files.evidence]
        cases.sort(key=lambda file: order.index(name) if (name := file.get("case").text()) in order else len(order))
        clues = self._clues(files)
        sources = self._sources(files, [declaration, *cases], clues)
        known = replace(
            known,
            sources=sources,
            evidence=None if any(is_broken(file) for file in cases) else cases_of(cases),
        )
        checked, faults = check(Declaration, declaration)
        self.faults += [*faults, *check_theories(written, known), *check_declaration(declaration, known)]
        self.faults += [*check_clues(declaration, known), *check_dependence(declaration, known)]
        self.faults += check_counts(declaration, known)
        evidence = self._evidence(cases, known)
        profiles = self._profiles(files.profiles, known)
        codings = self._codings(files, known)
        searches = self._searches(clues, declaration, known)
        candidates = self._candidates(files, known)
        if self.faults or checked is None:
            return None
        parts: dict[str, Any] = {name: getattr(checked, name) for name in Declaration.model_fields}
        spoken = {coding.coder: Coder(name=Text(en=coding.coder)) for coding in codings}
        parts["coders"] = checked.coders | {name: coder for name, coder in spoken.items() if name not in checked.coders}
        return Study(
            **parts,
            evidence=evidence,
            sources=sources or {},
            codings=codings,
            profiles=profiles or {_REFERENCE.id: _REFERENCE},
            searches=searches,
            candidates=candidates,
            places=self.places,
        )

    def _document(self, path: str) -> Node:
        text = decode(self.folder, path, _YAML)
        if isinstance(text, Fault):
            self.faults.append(text)
            return Document(path).root()
        document, faults = read_yaml(path, text, _DATES)
        self.faults += faults
        return document.root()

    def _sources(self, files: Files, citing: Iterable[Node], clues: Table | None) -> dict[str, dict[str, Any]] | None:
        """Return the sources by id, or None where not all of them are known."""
        if not files.has_sources:
            cited = any(
                node.text() is not None
                for file in citing
                for node in (file.get("about"), *(each.get("source") for each in file.get("observations").items()))
            )
            cited = cited or any((cell := row.get("source")) and cell.text for row in (clues.rows if clues else ()))
            if cited:
                self.faults.append(Fault(SOURCES, 0, 0, "", "sources-missing"))
            return None if cited else {}
        text = decode(self.folder, SOURCES, _YAML)
        if isinstance(text, Fault):
            self.faults.append(text)
            return None
        sources = read_sources(SOURCES, text)
        self.faults += sources.faults
        return sources.by_id if sources.complete else None

    def _evidence(self, cases: Iterable[Node], known: Known) -> tuple[Evidence, ...]:
        observations: list[Evidence] = []
        for file in cases:
            found, faults = read_observations(file)
            self.faults += faults
            for evidence, node in found:
                observations.append(evidence)
                self.places[f"evidence:{evidence.id}"] = f"{node.document.path}:{node.document.marks[node.place].line}"
        self.faults += check_observations(cases, known)
        return tuple(observations)

    def _profiles(self, paths: Iterable[str], known: Known) -> dict[str, PriorProfile]:
        profiles: dict[str, PriorProfile] = {}
        for path in paths:
            name = Path(path).stem
            node = self._document(path)
            # A name that cannot be one has its fault already, under the file's name.
            profile, faults = check(PriorProfile, node, {"id": name if is_name(name) else "x"})
            self.faults += [*faults, *check_profile(node, known)]
            if profile is not None:
                profiles[name] = profile
        return profiles

    def _codings(self, files: Files, known: Known) -> tuple[Coding, ...]:
        order = [*(known.coders or ())]
        codings: list[Coding] = []
        for coder in sorted(files.tables, key=lambda name: (order.index(name) if name in order else len(order), name)):
            paths = files.tables[coder]
            if known.coders is not None and coder not in known.coders and not {"weights", "probabilities"} & {*paths}:
                names = [*known.coders, *files.tables]
                details = unknown(coder, [name for name in names if name != coder])
                self.faults += [Fault(path, 0, 0, "", "unknown-coder", details) for path in paths.values()]
            tables = {kind: (path, text) for kind, path in paths.items() if (text := self._table(path)) is not None}
            coding, places, faults = read_coding(coder, tables, known)
            self.faults += faults
            self.places |= places
            codings.append(coding)
        return tuple(codings)

    def _clues(self, files: Files) -> Table | None:
        text = self._table(CLUES) if files.has_clues else None
        return None if text is None else search_table(CLUES, text)

    def _searches(self, table: Table | None, study: Node, known: Known) -> tuple[Search, ...]:
        if table is None:
            return ()
        searches, places, faults = read_searches(table, known, given_clues(study, known))
        self.faults += faults
        self.places |= places
        return searches

    def _candidates(self, files: Files, known: Known) -> dict[str, Candidate]:
        if not files.has_candidates:
            return {}
        candidates, places, faults = candidates_in(self._document(CANDIDATES), known)
        self.faults += faults
        self.places |= places
        return candidates

    def _table(self, path: str) -> str | None:
        text = decode(self.folder, path, CSV)
        if isinstance(text, Fault):
            self.faults.append(text)
            return None
        return text
