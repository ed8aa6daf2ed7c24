"""Read a study into a checked `Study`, whatever it is read from, gathering the faults of all its parts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bayestrace.errors import Fault, StudyFaults
from bayestrace.reading.candidates import candidates_in
from bayestrace.reading.causes import told_once
from bayestrace.reading.chances import with_chances
from bayestrace.reading.clues import check_clues, check_counts, given_clues, stated_chances
from bayestrace.reading.codings import read_coding
from bayestrace.reading.declaration import check_declaration, check_profile
from bayestrace.reading.dependence import check_dependence
from bayestrace.reading.document import Node
from bayestrace.reading.files import is_book, is_name
from bayestrace.reading.handed import read_handed
from bayestrace.reading.known import Known, declared, is_broken, unknown
from bayestrace.reading.models import check
from bayestrace.reading.observations import cases_of, check_observations, read_observations
from bayestrace.reading.origin import Folder, Origin
from bayestrace.reading.searches import read_searches
from bayestrace.reading.tables import Table
from bayestrace.reading.theories import check_theories, noisy_cells, with_cells
from bayestrace.study import Coder, Coding, Declaration, Evidence, PriorProfile, Study, Text
from bayestrace.study.rounds import at_round, mark_of
from bayestrace.study.sought import Candidate, Search

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
        profiles in priors/ there is one built-in profile, ``reference``. Or a workbook, which says the same in its
        sheets (`bayestrace.reading.workbook`), or the file of a study that a report handed out
        (`bayestrace.reading.handed`).

    Returns
    -------
    Study
        Checked in every part. `Study.places` says where each part stands: ``evidence:<id>``,
        ``weights:<coder>:<evidence>`` (also where the coder states probabilities), ``notes:<coder>:<evidence>``,
        ``redundancy:<coder>:<cluster>``, ``search:<case>:<clue>`` and ``candidate:<id>``, each ``file:line`` or, in a
        workbook, ``file!sheet:B7``. Where there are several rounds of coding, what stands in each has keys that begin
        with ``round-<number>:`` besides.

    Raises
    ------
    StudyFaults
        With every fault of every file.
    InputOutputFault
        Where the folder or a file cannot be opened, or there is no study.yaml.
    """
    if folder.is_file() and not is_book(folder):
        return read_handed(folder)
    reader = _Reader(_origin(folder))
    study = reader.study()
    if study is None:
        raise StudyFaults(told_once(reader.faults))
    return study


def _origin(study: Path) -> Origin:
    if not study.is_file():
        return Folder(study)
    from bayestrace.reading.workbook import Workbook  # noqa: PLC0415 - its libraries only where a workbook is read

    return Workbook(study)


class _Reader:
    """Reads all of one origin, and gathers faults and places as it goes."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.faults: list[Fault] = []
        self.places: dict[str, str] = {}

    def study(self) -> Study | None:
        """Read everything; return None where there are faults."""
        written = self.origin.study()
        declaration, faults = with_chances(with_cells(written), stated_chances(written))
        self.faults += faults
        known = replace(declared(declaration), noisy=noisy_cells(declaration))
        order = {name: place for place, name in enumerate(known.cases or ())}
        cases = self.origin.cases()
        cases.sort(key=lambda file: order.get(file.get("case").text() or "", len(order)))
        clues = self.origin.clues()
        sources = self._sources([declaration, *cases], clues)
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
        cases.clear()  # of a large study they take as much memory as what coders state, which is read next
        profiles = self._profiles(known)
        rounds = self._rounds(known)
        later = max(rounds)
        if checked is not None and checked.round > later:
            said = {"found": str(checked.round), "known": str(later)}
            self.faults.append(written.get("round").fault("unknown-round", said))
        searches = self._searches(clues, declaration, known)
        candidates = self._candidates(known)
        self.faults += self.origin.faults
        if self.faults or checked is None:
            return None
        parts: dict[str, Any] = {name: getattr(checked, name) for name in Declaration.model_fields}
        codings = rounds[1]
        spoken = {coding.coder: Coder(name=Text(en=coding.coder)) for coding in codings}
        parts["coders"] = checked.coders | {name: coder for name, coder in spoken.items() if name not in checked.coders}
        study = Study(
            **(parts | {"round": 1}),
            evidence=evidence,
            sources=sources or {},
            codings=codings,
            profiles=profiles or {_REFERENCE.id: _REFERENCE},
            searches=searches,
            candidates=candidates,
            places=self.places,
            rounds=rounds if later > 1 else {},
        )
        return at_round(study, checked.round)

    def _sources(self, citing: Iterable[Node], clues: Table | None) -> dict[str, dict[str, Any]] | None:
        """Return the sources by id, or None where not all of them are known."""
        sources = self.origin.sources()
        if sources is None:
            cited = any(
                node.text() is not None
                for file in citing
                for node in (file.get("about"), *(each.get("source") for each in file.get("observations").items()))
            )
            cited = cited or any((cell := row.get("source")) and cell.text for row in (clues.rows if clues else ()))
            if cited:
                self.faults.append(Fault(self.origin.sources_path, 0, 0, "", "sources-missing"))
            return None if cited else {}
        self.faults += sources.faults
        return sources.by_id if sources.complete else None

    def _evidence(self, cases: Iterable[Node], known: Known) -> tuple[Evidence, ...]:
        observations: list[Evidence] = []
        for file in cases:
            found, faults = read_observations(file)
            self.faults += faults
            for evidence, node in found:
                observations.append(evidence)
                self.places[f"evidence:{evidence.id}"] = node.spot()
        self.faults += check_observations(cases, known)
        return tuple(observations)

    def _profiles(self, known: Known) -> dict[str, PriorProfile]:
        profiles: dict[str, PriorProfile] = {}
        for name, node in self.origin.profiles().items():
            # A name that cannot be one has its fault already.
            profile, faults = check(PriorProfile, node, {"id": name if is_name(name) else "x"})
            self.faults += [*faults, *check_profile(node, known)]
            if profile is not None:
                profiles[name] = profile
        return profiles

    def _rounds(self, known: Known) -> dict[int, tuple[Coding, ...]]:
        """Read what coders said in each round; places of the first are kept apart too where there are several."""
        stated = self.origin.codings()
        rounds: dict[int, tuple[Coding, ...]] = {}
        for number, tables in sorted(stated.items()):
            # Who spoke in the first round is a coder in the later ones, declared or not.
            rounds[number], places = self._codings(tables, known, () if number == 1 else stated[1])
            self.places |= places if number == 1 else {}
            if len(stated) > 1:
                self.places |= {f"{mark_of(number)}{key}": place for key, place in places.items()}
        return rounds

    def _codings(
        self, stated: Mapping[str, Mapping[str, Table]], known: Known, heard: Iterable[str]
    ) -> tuple[tuple[Coding, ...], dict[str, str]]:
        """Read the tables of one round, and say where each judgement stands; `heard` are the coders of the first."""
        order = [*(known.coders or ())]
        heard = [*heard]
        codings: list[Coding] = []
        places: dict[str, str] = {}
        for coder in sorted(stated, key=lambda name: (order.index(name) if name in order else len(order), name)):
            tables = stated[coder]
            familiar = known.coders is None or coder in {*known.coders, *heard}
            if not familiar and not {"weights", "probabilities"} & {*tables}:
                details = unknown(coder, [name for name in (*(known.coders or ()), *stated) if name != coder])
                self.faults += [table.fault("unknown-coder", details) for table in tables.values()]
            coding, found, faults = read_coding(coder, tables, known)
            self.faults += faults
            places |= found
            codings.append(coding)
        return tuple(codings), places

    def _searches(self, table: Table | None, study: Node, known: Known) -> tuple[Search, ...]:
        if table is None:
            return ()
        searches, places, faults = read_searches(table, known, given_clues(study, known))
        self.faults += faults
        self.places |= places
        return searches

    def _candidates(self, known: Known) -> dict[str, Candidate]:
        file = self.origin.candidates()
        if file is None:
            return {}
        candidates, places, faults = candidates_in(file, known)
        self.faults += faults
        self.places |= places
        return candidates
