"""What a sheet did not ask for, and a coder stated before: it stays as it was stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bayestrace.coding.returned import Returned, Row
from bayestrace.reading.codings import LAYOUTS
from bayestrace.reading.lines import Cell
from bayestrace.reading.private import PRIVATE
from bayestrace.study import Coding, Judgement, Study
from bayestrace.study.rounds import stated_in
from bayestrace.writing.folder import stated


@dataclass(frozen=True)
class Remark:
    """Something that is no fault, but worth a look: its key in the words of the command, and details."""

    key: str
    details: Mapping[str, str]


@dataclass(frozen=True)
class Kept:
    """What is kept of a coder's earlier coding of the same round.

    Parameters
    ----------
    rows
        Rows of tables, by kind.
    names
        Ids of the observations and clusters that are kept.
    reasons
        By the observation, reasons that were marked as private, and stay so: the text where no sheet asked for it.
    """

    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)

    def marked(self, note: Row) -> Row:
        """Mark a row of notes as private where the coder's reason was so before, and put that back if it has none."""
        evidence = note["evidence"]
        if evidence.text not in self.reasons:
            return note
        given = note.get("rationale")
        text = given.text if given and given.text else self.reasons[evidence.text]
        reason = replace(evidence, name="rationale", text=text)
        return {**note, "rationale": reason, PRIVATE: replace(evidence, name=PRIVATE, text="true")}

    def remarks(self) -> Iterator[Remark]:
        """Say what is kept."""
        if self.names:
            yield Remark("remark-kept", {"count": str(len(self.names)), "names": ", ".join(self.names)})


def kept_of(coder: str, files: Sequence[Returned], study: Study, turn: int) -> Kept:
    """Tell what of a coder's earlier coding the sheets that came back did not ask about.

    Parameters
    ----------
    coder, files
        Whose sheets they are, and what is in them.
    study
        The study.
    turn
        The round of coding. What stands in other rounds is not touched by this one.

    Returns
    -------
    Kept
        Unless a sheet asked about what is private: the statements on private observations that no file speaks of, and
        private reasons where no file gives another. In any case the redundancy of clusters that no sheet showed.
    """
    old = next((one for one in stated_in(study, turn) if one.coder == coder), None)
    if old is None:
        return Kept()
    asked = any(file.made is not None and file.made.private for file in files)
    reasons = {said.evidence: "" if asked else said.rationale or "" for said in old.judgements if said.private}
    told = {row["evidence"].text for file in files for row in file.coding}
    noted = {row["evidence"].text for file in files for row in file.coding if _is_note(row)}
    hidden = {one.id for one in study.evidence if one.private} - told
    kept: list[Judgement] = []
    for said in () if asked else old.judgements:
        if said.evidence in hidden:
            kept.append(said)
        elif said.private and said.evidence not in noted:
            kept.append(said.model_copy(update={"weights": (), "probabilities": (), "p_if_focal": None}))
    shown = {name for file in files if file.made is not None for name in file.made.clusters}
    shown |= {row["cluster"].text for file in files for row in file.redundancy}
    unseen = tuple(one for one in old.redundancies if one.cluster not in shown)
    rows = {
        kind: [_row(LAYOUTS[kind][0], row, files[0].path) for row in table]
        for kind, table in stated(
            Coding.model_construct(coder=coder, judgements=tuple(kept), redundancies=unseen)
        ).items()
    }
    return Kept(rows, (*(said.evidence for said in kept), *(one.cluster for one in unseen)), reasons)


def _is_note(row: Row) -> bool:
    return any(key in row and row[key].text for key in ("p_if_focal", "rationale"))


def _row(layout: Sequence[str], texts: Sequence[str], path: str) -> Row:
    return {column: Cell(path, 0, 0, column, text) for column, text in zip(layout, texts, strict=True)}
