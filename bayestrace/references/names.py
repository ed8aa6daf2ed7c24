"""Names and lists of names."""

from __future__ import annotations

from collections.abc import Sequence

from bayestrace.references.item import Item, Person


def inverted(person: Person, *, demoted: bool = False) -> str:
    """Write a name with the family first: Walt, Stephen M.

    Parameters
    ----------
    person
        Whose name.
    demoted
        Whether `von` and the like go behind the given names, as Chicago has it.
    """
    if person.whole:
        return person.whole
    family = person.family if demoted else " ".join(filter(None, (person.particle, person.family)))
    behind = [person.given, person.dropping, person.particle if demoted else ""]
    given = " ".join(filter(None, behind))
    return ", ".join(filter(None, (family, given))) + (f" {person.suffix}" if person.suffix else "")


def straight(person: Person) -> str:
    """Write a name as it is spoken: Stephen M. Walt."""
    parts = (person.given, person.dropping, person.particle, person.family, person.suffix)
    return person.whole or " ".join(filter(None, parts))


def listed(item: Item, people: Sequence[Person], first: str, *, most: int, shown: int) -> str:
    """List names, the first as given and the others straight; of too many only the first ones.

    Parameters
    ----------
    item
        The source; in Chinese the list reads 赵明、钱明和孙明, or 赵明等.
    people
        At least one.
    first
        The first name as the list begins with it.
    most, shown
        Of more than `most` names, `shown` are written.
    """
    names = [first, *(straight(one) for one in people[1:])]
    cut = len(names) > most
    names = names[:shown] if cut else names
    if item.chinese and all(one.whole for one in people):
        if cut:
            return "、".join(names) + "等"
        return "、".join(names[:-1]) + ("和" if len(names) > 1 else "") + names[-1]
    if cut:
        return ", ".join(names) + (", 等" if item.chinese else ", et al.")
    if len(names) == 1:
        return names[0]
    glue = "和" if item.chinese else "and"
    # After a name with the family first a comma stands before the word too, even of two.
    comma = "," if len(names) > 2 or ", " in names[0] else ""  # noqa: PLR2004 - two names
    return ", ".join(names[:-1]) + f"{comma} {glue} {names[-1]}"
