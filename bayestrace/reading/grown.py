"""Grow a document cell by cell, and row by row, each value with the cell that it stands in."""

from collections.abc import Iterable, Iterator

from bayestrace.errors import Fault
from bayestrace.reading.document import BROKEN, Document, Mark, Marks, Place, Placed
from bayestrace.reading.lines import SheetCell
from bayestrace.reading.rows import Row, mark_of, value_of
from bayestrace.reading.sheets import Kind
from bayestrace.reading.text import shown


class Grown:
    """A document that grows cell by cell."""

    def __init__(self, path: str, start: Mark = Mark(1, 1)) -> None:  # noqa: B008 - a Mark does not change
        self.path = path
        self.faults: list[Fault] = []
        self.value: dict[str, object] = {}
        rows: dict[Place, Placed] = {}
        self._made = Document(path, self.value, Marks({(): start}, rows), Marks(rows=rows))

    @classmethod
    def of(cls, document: Document) -> "Grown":
        """Let one that was read from a file of YAML grow on."""
        grown = cls(document.path)
        grown.value |= document.value if isinstance(document.value, dict) else {}
        grown._made.marks.update(document.marks)
        grown._made.keys.update(document.keys)
        grown._made.written.update(document.written)
        return grown

    def document(self) -> Document:
        """Return it as it is now; its lists are tuples, as those of other documents."""

        def closed(value: object) -> object:
            if isinstance(value, dict):
                return {key: closed(each) for key, each in value.items()}
            return tuple(map(closed, value)) if isinstance(value, list | tuple) else value

        made = self._made
        return Document(made.path, closed(self.value), made.marks, made.keys, made.written)

    def open(self, place: Place, mark: Mark, kind: type[dict[str, object]] | type[list[object]] = dict) -> None:
        """Begin a mapping or a list, unless it has begun."""
        if self.find(place) is None:
            self._set(place, kind(), mark)

    def fill(self, place: Place, cell: SheetCell, kind: Kind) -> None:
        """Put the value of a cell at a place; refuse one that stands there already."""
        first = self._made.keys.get(place)
        if first is not None and self.find(place) is not None:
            details = {"found": shown(".".join(map(str, place))), "line": str(first.line)}
            self.faults.append(cell.fault("key-twice", details))
            return
        value, written = value_of(cell, kind, self.faults)
        mark = mark_of(cell)
        self._set(place, value, mark)
        for inner in _places(value):
            self._made.marks[*place, *inner] = self._made.keys[*place, *inner] = mark
        self._made.written.update({(*place, *inner): text for inner, text in written.items()})

    def enter(self, place: Place, row: Row, mark: Mark) -> None:
        """Put what a row says at a place where nothing stands, and let the row say where the parts of that stand."""
        self._set(place, row.value(self._made.written, place, self.faults), mark)
        self._made.marks.rows[place] = row

    def spoil(self, place: Place, mark: Mark) -> None:
        """Break what stands at a place, so that no further fault is found in it."""
        self._set(place, BROKEN, mark)

    def at(self, place: Place) -> Mark | None:
        """Return where what stands at a place was read; None where nothing stands."""
        return self._made.keys.get(place)

    def _set(self, place: Place, value: object, mark: Mark) -> None:
        here: object = self.value
        for depth, part in enumerate(place[:-1], start=1):
            if isinstance(here, dict):
                here = here.setdefault(part, {})
            elif isinstance(here, list) and isinstance(part, int):
                here = here[part]
            else:
                return  # something else was refused here already
            self._made.marks.setdefault(place[:depth], mark)
            self._made.keys.setdefault(place[:depth], mark)
        if isinstance(here, list):
            here.append(value)
        elif isinstance(here, dict):
            here[str(place[-1])] = value
        self._made.marks[place] = self._made.keys[place] = mark

    def find(self, place: Place) -> object:
        """Return what stands at a place; None where nothing does."""
        here: object = self.value
        for part in place:
            if isinstance(here, dict):
                here = here.get(str(part))
            elif isinstance(here, list) and isinstance(part, int) and part < len(here):
                here = here[part]
            else:
                return None
        return here


def _places(value: object) -> Iterator[Place]:
    yield ()
    inner: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, tuple):
        inner = enumerate(value)
    for key, each in inner:
        yield from ((key, *place) for place in _places(each))
