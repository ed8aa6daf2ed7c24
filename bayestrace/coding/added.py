"""Add codings to a study, a folder or a workbook: all of them or none, what was there before kept beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bayestrace.coding.placed import Planned, place
from bayestrace.coding.taken import Taken
from bayestrace.errors import UsageFault
from bayestrace.messages import Lang
from bayestrace.reading import read_study, sheets
from bayestrace.reading.cells import open_workbook
from bayestrace.reading.codings import LAYOUTS
from bayestrace.reading.files import CODINGS, STUDY, is_book
from bayestrace.study import Coder, Study, Text
from bayestrace.study.rounds import stated_in
from bayestrace.writing import workbook
from bayestrace.writing.disk import spare, write_file
from bayestrace.writing.entry import with_entry
from bayestrace.writing.explained import HEADINGS


@dataclass(frozen=True)
class Added:
    """What was done to a study.

    Parameters
    ----------
    files
        Every file that is written or, where the new coding has no such table, taken out, with where the old one is
        kept; None where there was none.
    taken_out
        Those of them that are no longer there.
    declared
        Coders that the study did not declare and does now, by their id.
    undeclared
        For each of the others, the lines to declare it.
    left
        Sheets of the old workbook that are no part of a study, and stay behind in it.
    """

    files: Mapping[Path, Path | None]
    taken_out: frozenset[Path] = frozenset()
    declared: tuple[str, ...] = ()
    undeclared: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()


def place_of(folder: Path, coder: str, kind: str, turn: int = 1) -> Path:
    """Say where a coder's table of one kind and round stands."""
    return folder / CODINGS / (f"round-{turn}" if turn > 1 else "") / f"{coder}-{kind}.csv"


def add(  # noqa: PLR0913 - one argument for each choice that the command leaves
    path: Path,
    study: Study,
    codings: Sequence[Taken],
    languages: Mapping[str, Lang],
    *,
    replace: bool = False,
    dry: bool = False,
) -> Added:
    """Add codings to a study.

    Parameters
    ----------
    path, study
        The study's folder or workbook, and what is in it.
    codings
        One for each coder and round.
    languages
        The language of each coder, in which one that is new is declared.
    replace
        Whether a coder's coding may take the place of an earlier one of the same round, which then is kept whole as
        ``.bak``.
    dry
        Only check whether it could be done.

    Returns
    -------
    Added
        What was done, or would be.

    Raises
    ------
    UsageFault
        A coder has a coding of this round already, or the study is neither a folder nor a workbook.
    InputOutputFault
        The study cannot be written; then it is as it was.
    """
    fresh = [name for name in dict.fromkeys(one.coder for one in codings) if _is_new(study, name)]
    entries = {name: {"name": name, "language": languages.get(name, "en")} for name in fresh}
    if path.is_dir():
        return _to_folder(path, codings, entries, replace=replace, dry=dry)
    if not is_book(path):
        raise UsageFault("collect-no-folder", path=path)
    return _to_book(path, study, codings, entries, replace=replace, dry=dry)


def _is_new(study: Study, coder: str) -> bool:
    # Reading gives a coder that only has files this entry.
    return study.coders.get(coder, Coder(name=Text(en=coder))) == Coder(name=Text(en=coder))


def _to_folder(
    folder: Path, codings: Sequence[Taken], entries: Mapping[str, Mapping[str, str]], *, replace: bool, dry: bool
) -> Added:
    longer, undeclared = _declared(folder, entries)
    declared = tuple(coder for coder in entries if coder not in undeclared)

    def plan() -> Planned:
        there = {
            (one.coder, one.turn): [
                path for kind in LAYOUTS if (path := place_of(folder, one.coder, kind, one.turn)).exists()
            ]
            for one in codings
        }
        for (coder, turn), paths in there.items():
            if paths and not replace:
                known = ", ".join(path.name for path in paths)
                raise UsageFault("coding-there", name=coder, known=known, next=turn + 1)
        texts = {
            place_of(folder, one.coder, kind, one.turn): text for one in codings for kind, text in one.files.items()
        }
        written = [path for paths in there.values() for path in paths]
        if declared:
            texts[folder / STUDY] = longer
            written.append(folder / STUDY)
        return Planned(texts, {path: spare(path) for path in written})

    texts, old = plan() if dry else place(folder, plan)
    gone = frozenset(old) - frozenset(texts)
    return Added({path: old.get(path) for path in [*texts, *sorted(gone)]}, gone, declared, undeclared)


def _declared(folder: Path, entries: Mapping[str, Mapping[str, str]]) -> tuple[str, dict[str, str]]:
    """Add coders to the text of study.yaml; of those that it has no place for, give the lines to add."""
    text, undeclared = (folder / STUDY).read_bytes().decode("utf-8-sig"), {}
    for coder, entry in entries.items():
        longer = with_entry(text, "coders", coder, entry)
        if longer is None:
            undeclared[coder] = "coders:\n" + "".join([f"  {coder}:\n", *(f"    {k}: {v}\n" for k, v in entry.items())])
        else:
            text = longer
    return text, undeclared


def _to_book(  # noqa: PLR0913 - as `add`
    file: Path,
    study: Study,
    codings: Sequence[Taken],
    entries: Mapping[str, Mapping[str, str]],
    *,
    replace: bool,
    dry: bool,
) -> Added:
    rounds = {turn: list(stated_in(study, turn)) for turn in study.rounds or {1: ()}}
    for one in codings:
        said = rounds.setdefault(one.turn, [])
        if any(other.coder == one.coder for other in said):
            if not replace:
                known = ", ".join(sheets.CODED.values())
                raise UsageFault("coding-there", name=one.coder, known=known, next=one.turn + 1)
            said[:] = [one.coding if other.coder == one.coder else other for other in said]
        else:
            said.append(one.coding)
    coders = {
        name: Coder(name=Text(en=entry["name"]), language="zh" if entry["language"] == "zh" else "en")
        for name, entry in entries.items()
    }
    several = {turn: tuple(said) for turn, said in rounds.items()} if len(rounds) > 1 else {}
    parts = {"coders": study.coders | coders, "rounds": several, "codings": tuple(rounds[1])}
    book = _open(file)
    content = workbook(study.model_copy(update=parts), book.lang)
    _check(content, codings)
    kept = spare(file) if dry else write_file(content, file)
    return Added({file: kept}, declared=tuple(entries), left=book.own)


def _check(content: bytes, codings: Sequence[Taken]) -> None:
    """Read what is to be written: it must say of each coder what was taken."""
    with tempfile.TemporaryDirectory() as made:
        file = Path(made) / "study.xlsx"
        file.write_bytes(content)
        again = read_study(file)
    for one in codings:
        if one.coding.model_dump() not in [said.model_dump() for said in stated_in(again, one.turn)]:
            raise RuntimeError(one.coder)  # a bug, found before anything is written


@dataclass(frozen=True)
class _Book:
    """What a workbook has besides a study: the language that explains it, and sheets of its owner's."""

    lang: Lang
    own: tuple[str, ...]


def _open(file: Path) -> _Book:
    found = open_workbook(file)
    assert isinstance(found, tuple)  # noqa: S101 - it was read as a study just now
    known = {name.casefold() for name in (*sheets.SHEETS, sheets.READ_ME)}
    explained = [cell.text for each in found if each.name == sheets.READ_ME for cell in each.cells.values()]
    return _Book(
        lang="zh" if HEADINGS["zh"][0] in explained else "en",
        own=tuple(each.name for each in found if each.name.casefold() not in known),
    )
