"""Hold one file as a tree of plain values, with the place in the file of every key and value."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from bayestrace.errors import Fault, spot

type Place = tuple[str | int, ...]


class Mark(NamedTuple):
    """A position in a file, counted from 1; in another than the document's own where it names that, as sheets do."""

    line: int
    column: int
    path: str = ""


class Placed(Protocol):
    """A row of a table that became a value. It knows where each part of that stands, which nobody else need keep."""

    def mark_at(self, place: Place) -> Mark | None:
        """Return where a part of the value stands, None where the row has no such part; all of it with no keys."""


class Marks(dict[Place, Mark]):
    """Positions by place. What stands inside `rows` has no entry of its own, and is found in its row when asked for."""

    def __init__(self, marks: Mapping[Place, Mark] | None = None, rows: dict[Place, Placed] | None = None) -> None:
        super().__init__(marks or {})
        self.rows: dict[Place, Placed] = {} if rows is None else rows

    def __missing__(self, place: Place) -> Mark:
        found = self._in_row(place)
        if found is None:
            raise KeyError(place)
        return found

    def get(self, place: Place, default: Mark | None = None) -> Mark | None:  # type: ignore[override]
        """Return a position, found in a row if need be."""
        return super().get(place) or self._in_row(place) or default

    def _in_row(self, place: Place) -> Mark | None:
        for depth in range(len(place), 0, -1) if self.rows else ():
            row = self.rows.get(place[:depth])
            if row is not None:
                return row.mark_at(place[depth:])
        return None

    def __or__(self, other: Mapping[Place, Mark]) -> "Marks":  # type: ignore[override]
        """Add positions."""
        return Marks({**self, **other}, self.rows)


class Broken:
    """Stands where a value was refused already, so that no further fault is found in it."""

    def __str__(self) -> str:
        """Stand in messages that repeat a list with such a value in it."""
        return "…"


BROKEN = Broken()


@dataclass(frozen=True)
class Document:
    """One file: its value (dicts, tuples, texts, numbers, truths, None) and where everything stands in it.

    Parameters
    ----------
    path
        File, relative to the study folder.
    value
        The tree. A list of the file is a tuple.
    marks, keys
        Positions of values and of keys, by their place in the tree.
    written
        Values as they stand in the file where they are numbers, truths or null: ``2017`` may be meant as a date.
    """

    path: str
    value: object = BROKEN
    marks: Marks = field(default_factory=Marks)
    keys: Marks = field(default_factory=Marks)
    written: dict[Place, str] = field(default_factory=dict)

    def root(self) -> "Node":
        """Return the whole tree."""
        return Node(self, (), self.value)


@dataclass(frozen=True)
class Node:
    """One value of a document. What has not the form that a method asks for is passed over in silence.

    Whether each value has its proper form is checked elsewhere, by the models; so a check of references
    can walk a faulty file and still find every fault of its own kind.
    """

    document: Document
    place: Place
    value: object

    def get(self, *keys: str) -> "Node":
        """Return a value inside mappings; a broken one where there is none."""
        here = self
        for key in keys:
            found = here.value.get(key, BROKEN) if isinstance(here.value, dict) else BROKEN
            here = Node(self.document, (*here.place, key), found)
        return here

    def entries(self) -> Iterator[tuple[str, "Node"]]:
        """Yield keys and values of a mapping."""
        if isinstance(self.value, dict):
            for key in self.value:
                yield key, self.get(key)

    def items(self) -> Iterator["Node"]:
        """Yield the items of a list."""
        if isinstance(self.value, tuple):
            for index, value in enumerate(self.value):
                yield Node(self.document, (*self.place, index), value)

    def names(self) -> dict[str, "Node"] | None:
        """Return the keys and values of a mapping, or None where this is no mapping."""
        return dict(self.entries()) if isinstance(self.value, dict) else None

    def text(self) -> str | None:
        """Return a text, or None where this is none."""
        return self.value if isinstance(self.value, str) else None

    def number(self) -> float | None:
        """Return a number, or None where this is none."""
        return self.value if isinstance(self.value, int | float) and not isinstance(self.value, bool) else None

    def without(self, places: Collection[Place]) -> "Node":
        """Return the same value with what stands at some places broken."""

        def kept(place: Place, value: object) -> object:
            if place in places:
                return BROKEN
            if isinstance(value, dict):
                return {key: kept((*place, key), each) for key, each in value.items()}
            if isinstance(value, tuple):
                return tuple(kept((*place, index), each) for index, each in enumerate(value))
            return value

        return Node(self.document, self.place, kept(self.place, self.value)) if places else self

    def fault(
        self, slug: str, details: Mapping[str, str] | None = None, *, at_key: bool = False, line: Mark | None = None
    ) -> Fault:
        """Make a fault that stands at this value, or at its key."""
        document, place = self.document, self.place
        mark = line or (document.keys.get(place) if at_key else None) or document.marks.get(place)
        mark = mark or document.keys.get(place) or document.marks.get(()) or Mark(1, 1)
        return Fault(mark.path or document.path, mark.line, mark.column, where(place), slug, details or {})

    def spot(self, *, at_key: bool = False) -> str:
        """Say where this value, or its key, stands, as in `bayestrace.study.Study.places`."""
        mark = (self.document.keys if at_key else self.document.marks)[self.place]
        return spot(mark.path or self.document.path, mark.line, mark.column)


def where(place: Place) -> str:
    """Write a place as ``observations[3].step``, items counted from 1 as people do."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{_short(part)}" for part in place)
    return text.removeprefix(".")


def _short(key: str) -> str:
    longest = 40
    visible = "".join(sign if sign.isprintable() else "?" for sign in key)
    return visible if len(visible) <= longest else f"{visible[:longest]}…"
