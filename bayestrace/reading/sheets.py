"""Say which sheets the workbook of a study has, and how their columns follow from the models.

The same table serves who reads a workbook and who writes one. A column bears the key that study.yaml has; a text has a
second column for Chinese; what lies inside a mapping is reached by points: `pooling.levels`.
"""

from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from bayestrace.reading.codings import LAYOUTS
from bayestrace.reading.private import PRIVATE
from bayestrace.study import (
    Anchor,
    Case,
    Coder,
    Evidence,
    Hypothesis,
    HypothesisSet,
    Prediction,
    PriorProfile,
    Step,
    Text,
)
from bayestrace.study.sought import Candidate, Clue

#: How a cell is read: a text for people, blanks and all; a name; names with `;` between; a number; a truth; a value as
#: YAML writes it.
type Kind = Literal["words", "name", "names", "number", "truth", "value"]

#: The sheet of keys and values, which says all that has no sheet of its own.
STUDY = "Study"
#: The sheet that explains the others to people, and that nobody reads.
READ_ME = "Read me"
OBSERVATIONS, SOURCES, SEARCHES, CANDIDATES, PROFILES = "Observations", "Sources", "Searches", "Candidates", "Profiles"
CASES, ARROWS = "Cases", "Arrows"
#: Sheets of names that stand in groups, and the headings of both.
GROUPED = {
    "Factors": ("factors", "factor", "group", "groups"),
    "Attributes": ("attributes", "attribute", "value", "values"),
}
#: The sheets of what coders say, by the kind of table.
CODED = {"weights": "Weights", "probabilities": "Probabilities", "notes": "Notes", "redundancy": "Redundancy"}
#: The column of the round in which something was said; the first where it is left out or empty.
ROUND = "round"
#: Their columns, and those that may be left out.
CODING_LAYOUTS = {kind: [("coder", ROUND, *layout) for layout in layouts] for kind, layouts in LAYOUTS.items()}
CODING_OPTIONAL = frozenset({ROUND, PRIVATE, "low", "high", "low_db", "high_db", "p_if_focal", "rationale"})

_ENDING = "_zh"


class Column(NamedTuple):
    """A column: its heading, the keys down to its value in the entry of a row, how it is read, whether it is needed."""

    name: str
    place: tuple[str, ...]
    kind: Kind
    needed: bool = False


class Section(NamedTuple):
    """A sheet of which each row is an entry of study.yaml.

    Parameters
    ----------
    place
        The keys down to the mapping or list that the rows make.
    key
        The heading of the column whose cells are the keys of the mapping; none where the rows make a list.
    columns
        The others.
    """

    place: tuple[str, ...]
    key: str
    columns: tuple[Column, ...]


def kinds(annotation: Any) -> set[Any]:
    """Return what an annotation of a model may be: types, without what they are annotated with."""
    if get_origin(annotation) is Annotated:
        return kinds(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return {kind for branch in get_args(annotation) for kind in kinds(branch)} - {type(None)}
    return {annotation}


def kind_of(annotation: Any) -> Kind:
    """Say how a cell is read whose value the models annotate so."""
    found = kinds(annotation)
    if found == {Text}:
        return "words"
    if all(map(_is_names, found)):
        return "names"
    if found == {bool}:
        return "truth"
    if found <= {int, float}:
        return "number"
    literals = {value for kind in found if get_origin(kind) is Literal for value in get_args(kind)}
    if any(kind is not str and get_origin(kind) is not Literal for kind in found):
        return "value"
    return "name" if all(isinstance(value, str) for value in literals) else "number"


def _is_names(kind: Any) -> bool:
    """Tell whether an annotation is that of a list of names, however many."""
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,) and kinds(get_args(kind)[0]) == {str}


def is_mapping(kind: Any) -> bool:
    """Tell whether an annotation is that of a mapping from names."""
    return get_origin(kind) is dict


def inside(kind: Any) -> Any:
    """Return the annotation of the values of a mapping."""
    return get_args(kind)[1]


def columns_of(model: type[BaseModel], *left_out: str, above: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """Derive the columns of a model's fields, in their order."""
    columns: list[Column] = []
    for name, field in model.model_fields.items():
        if name in left_out:
            continue
        place = (*above, name)
        heading, needed = ".".join(place), field.is_required()
        (first, *more) = kinds(field.annotation)
        if kind_of(field.annotation) == "words":
            columns += words(heading, place, needed=needed)
        elif not more and isinstance(first, type) and issubclass(first, BaseModel):
            columns += columns_of(first, above=place)
        else:
            columns.append(Column(heading, place, kind_of(field.annotation), needed))
    return tuple(columns)


def words(heading: str, place: tuple[str, ...], *, needed: bool) -> tuple[Column, Column]:
    """Give the two columns of a text."""
    return (
        Column(heading, (*place, "en"), "words", needed),
        Column(heading + _ENDING, (*place, "zh"), "words"),
    )


def grouped(others: Iterable[Column], factors: Iterable[str], attributes: Iterable[str]) -> Iterator[Column]:
    """Yield the columns of the sheet of cases that name a group of each factor, and a value of each attribute.

    A factor and an attribute that bear one name, or the name of another column, are told apart by `groups.` and
    `attributes.` before it.
    """
    named = [("groups", name) for name in factors] + [("attributes", name) for name in attributes]
    folded = [name.casefold() for _, name in named] + [column.name.casefold() for column in others] + ["case"]
    for kind, name in named:
        yield Column(name if folded.count(name.casefold()) == 1 else f"{kind}.{name}", (kind, name), "name")


_MECHANISM = "mechanism"
#: The columns of what has nothing but a name.
NAMED = words("name", (), needed=True)
#: The sheets of study.yaml whose rows are its entries, but cases and those of groups.
SECTIONS: dict[str, Section] = {
    "Hypotheses": Section(("hypotheses",), "hypothesis", columns_of(Hypothesis)),
    "Theories": Section(("theories",), "theory", columns_of(Hypothesis)),
    "Sets": Section(("sets",), "set", columns_of(HypothesisSet)),
    CASES: Section(("cases",), "case", columns_of(Case, "groups", "attributes")),
    "Steps": Section((_MECHANISM, "steps"), "step", columns_of(Step)),
    ARROWS: Section(
        (_MECHANISM, "arrows"),
        "",
        (Column("from", ("0",), "name", needed=True), Column("to", ("1",), "name", needed=True)),
    ),
    "Predictions": Section((_MECHANISM, "predictions"), "", columns_of(Prediction)),
    "Domains": Section((_MECHANISM, "domains"), "domain", NAMED),
    "Clusters": Section(("clusters",), "cluster", NAMED),
    "Actors": Section(("actors",), "actor", NAMED),
    "Coders": Section(("coders",), "coder", columns_of(Coder)),
    "Reliability": Section(("reliability",), "source_type", (Column("reliability", (), "number", needed=True),)),
    "Scale": Section(("scale", "anchors"), "", columns_of(Anchor)),
    "Clues": Section(("clues",), "clue", columns_of(Clue)),
}
#: Those of other files.
EVIDENCE = Section(("observations",), "", columns_of(Evidence))
CANDIDATE = Section(("candidates",), "candidate", columns_of(Candidate))
PROFILE = Section((), "profile", columns_of(PriorProfile, "id"))

#: Every sheet that is read, in the order in which a workbook has them.
SHEETS: tuple[str, ...] = (
    STUDY,
    "Hypotheses",
    "Theories",
    "Sets",
    "Factors",
    "Attributes",
    CASES,
    "Steps",
    ARROWS,
    "Predictions",
    "Domains",
    "Clusters",
    "Actors",
    "Coders",
    "Reliability",
    "Scale",
    OBSERVATIONS,
    SOURCES,
    *CODED.values(),
    "Clues",
    SEARCHES,
    CANDIDATES,
    PROFILES,
)


#: Headings that tell sheets whose columns do not follow from a model.
_TELLING: dict[str, frozenset[str]] = {
    STUDY: frozenset({"key", "value"}),
    SOURCES: frozenset({"id", "type", "title"}),
    SEARCHES: frozenset({"case", "clue", "state"}),
    CODED["weights"]: frozenset({"coder", "evidence", "hypothesis", "against"}),
    CODED["probabilities"]: frozenset({"coder", "evidence", "hypothesis", "best"}),
    CODED["notes"]: frozenset({"coder", "evidence", "rationale"}),
    CODED["redundancy"]: frozenset({"coder", "cluster", "best"}),
    **{name: frozenset(keys[1:3]) for name, keys in GROUPED.items()},
}


def telling(name: str) -> frozenset[str]:
    """Return the headings by which a sheet is known whatever it is called, in small letters."""
    if name in _TELLING:
        return _TELLING[name]
    section = {**SECTIONS, OBSERVATIONS: EVIDENCE, CANDIDATES: CANDIDATE, PROFILES: PROFILE}[name]
    needed = {column.name for column in section.columns if column.needed}
    return frozenset(needed | ({section.key} if section.key else set()))
