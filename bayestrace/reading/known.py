"""Hold the names that a study declares, and check every use of a name against them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from bayestrace.errors import Fault
from bayestrace.reading.document import BROKEN, Node
from bayestrace.reading.lines import Cell
from bayestrace.reading.text import code, guess, hidden, listed, shown
from bayestrace.study import Study

type Names = Mapping[str, Node] | None

#: A message lists no more names than this.
_MOST_LISTED = 30


@dataclass(frozen=True)
class Known:
    """The names that a study declares, by kind; None where they could not be read, so that none is called unknown."""

    hypotheses: Names = None
    theories: Names = None
    sets: Names = None
    factors: Names = None
    cases: Names = None
    steps: Names = None
    domains: Names = None
    clusters: Names = None
    actors: Names = None
    source_types: Names = None
    coders: Names = None
    attributes: Names = None
    clues: Names = None
    #: The hypotheses of the default set.
    default: Mapping[str, object] | None = None
    sources: Mapping[str, object] | None = None
    words: tuple[tuple[str, float], ...] | None = None
    #: Joint cells of the theories and the cells they join, where the study's rule is noisy-or.
    noisy: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The case of every observation, by the observation's id.
    evidence: Mapping[str, str] | None = None


def declared(study: Node) -> Known:
    """Collect the names that study.yaml declares, as far as it can be read."""

    def optional(*keys: str) -> Names:
        """Collect the names of a section that may be left out: then there are none."""
        parent, section = study.get(*keys[:-1]), study.get(*keys)
        absent = isinstance(parent.value, dict) and keys[-1] not in parent.value
        return {} if absent or section.value is None else section.names()

    return Known(
        hypotheses=study.get("hypotheses").names(),
        theories=optional("theories"),
        sets=study.get("sets").names(),
        factors=optional("factors"),
        cases=study.get("cases").names(),
        steps=study.get("mechanism", "steps").names(),
        domains=optional("mechanism", "domains"),
        clusters=optional("clusters"),
        actors=optional("actors"),
        source_types=study.get("reliability").names(),
        coders=optional("coders"),
        attributes=optional("attributes"),
        clues=optional("clues"),
        default=_default(study),
        words=tuple(_words(study)) if isinstance(study.get("scale", "anchors").value, tuple) else None,
    )


def _default(study: Node) -> Mapping[str, object] | None:
    chosen = study.get("sets", study.get("default_set").text() or "", "hypotheses")
    names = [node.text() for node in chosen.items()]
    return {name: None for name in names if name is not None} if names else None


def names_of(study: Study) -> Known:
    """Name what a study declares, as far as files outside its folder use it.

    Only the names matter, not what stands behind them.
    """
    words = [(text, anchor.db) for anchor in study.scale.anchors for text in (anchor.word.en, anchor.word.zh) if text]
    return Known(
        hypotheses=cast("Names", study.hypotheses),
        cases=cast("Names", study.cases),
        steps=cast("Names", study.mechanism.steps),
        domains=cast("Names", study.mechanism.domains),
        clusters=cast("Names", study.clusters),
        default=dict.fromkeys(study.sets[study.default_set].hypotheses),
        words=tuple(words),
        noisy=study.joint_cells() if study.joint_likelihood == "noisy-or" else {},
        evidence={item.id: item.case for item in study.evidence},
    )


def _words(study: Node) -> Iterator[tuple[str, float]]:
    for anchor in study.get("scale", "anchors").items():
        # A weight that is no number has a fault of its own; the word is known all the same.
        word, decibels = anchor.get("word"), anchor.get("db").number() or 0.0
        for text in (word.text(), word.get("en").text(), word.get("zh").text()):
            if text is not None:
                yield text, decibels


def unknown(name: str, known: Iterable[str]) -> dict[str, str]:
    """Return the details of a fault about a name that is not known."""
    names = list(known)
    return {
        "found": shown(name),
        "known": listed(names) if len(names) <= _MOST_LISTED else "",
        "guess": guess(name, names),
    }


def check_name(node: Node, kind: str, known: Iterable[str] | None, *, at_key: bool = False) -> Iterator[Fault]:
    """Check that a text of the file, or the key that it stands at, is a known name.

    Parameters
    ----------
    node
        The text, or the value whose key is the name.
    kind
        What the name should name: ``hypothesis`` leads to the slug ``unknown-hypothesis``.
    known
        Every name of the kind; None where they are not known, and then nothing is checked.
    at_key
        Check the key, not the value.
    """
    name = str(node.place[-1]) if at_key else node.text()
    if known is None or name is None or name in known:
        return
    sign = hidden(name)
    if sign:
        yield node.fault("hidden-character", {"found": shown(name), "code": code(sign)}, at_key=at_key)
    else:
        yield node.fault(f"unknown-{kind}", unknown(name, known), at_key=at_key)


def check_cell(cell: Cell, kind: str, known: Iterable[str] | None) -> Iterator[Fault]:
    """Check that a cell of a table holds a known name."""
    unseen = hidden(cell.text)
    if not cell.text:
        yield cell.fault("cell-empty", {"column": cell.name})
    elif unseen:
        yield cell.fault("hidden-character", {"found": shown(cell.text), "code": code(unseen)})
    elif known is not None and cell.text not in known:
        yield cell.fault(f"unknown-{kind}", unknown(cell.text, known))


def check_names(nodes: Iterable[Node], kind: str, known: Iterable[str] | None) -> Iterator[Fault]:
    """Check that every item of a list is a known name and stands there once."""
    seen: set[str] = set()
    for node in nodes:
        yield from check_name(node, kind, known)
        name = node.text()
        if name is not None and name in seen:
            yield node.fault("listed-twice", {"found": shown(name)})
        elif name is not None:
            seen.add(name)


def circle(arrows: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the names along one circle of arrows, the first again at the end; nothing where there is no circle."""
    done: set[str] = set()
    for start in arrows:
        # An explicit stack: a long chain of arrows must not run into Python's limit of recursion.
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                on_path.discard(path.pop())
                done.add(name)
            elif name in on_path:
                return [*path[path.index(name) :], name]
            elif name not in done:
                path.append(name)
                on_path.add(name)
                stack.append((name, True))
                stack.extend((after, False) for after in arrows.get(name, ()))
    return []


def is_broken(node: Node) -> bool:
    """Tell whether a value is absent or was refused already."""
    return node.value is BROKEN
