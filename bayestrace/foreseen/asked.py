"""Read which case is asked for: its group of each factor, or that the group is a new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bayestrace.errors import UsageFault, unknown
from bayestrace.foreseen.result import Opened

#: Asks for a group that the study does not have; a name may follow after a colon.
NEW = "new"
# As a Chinese keyboard writes them.
_HALF_WIDTH = str.maketrans("，＝：", ",=:")


class Membership(NamedTuple):
    """The group of one factor.

    Parameters
    ----------
    factor
        Its name.
    group
        Name of the group; empty for a new one that was given none.
    seen
        Whether a case of the study is in it.
    """

    factor: str
    group: str
    seen: bool

    @property
    def pool(self) -> str:
        """Label of its pool; that of a group without cases is nobody's."""
        return f"{self.factor}:{self.group}" if self.seen else f"{self.factor}:"


@dataclass(frozen=True)
class Asked:
    """A case not yet seen: a group for every factor of the study, in its order."""

    groups: tuple[Membership, ...]

    @property
    def label(self) -> str:
        """Name the case as one may ask for it again."""
        return ",".join(f"{one.factor}={_again(one)}" for one in self.groups) or NEW

    @property
    def pools(self) -> list[str]:
        """Labels of its pools at each level."""
        return ["common", *(one.pool for one in self.groups), "own:"]


def _again(one: Membership) -> str:
    return one.group if one.seen else f"{NEW}:{one.group}" if one.group else NEW


def asked(opened: Opened, text: str) -> Asked:
    """Read what was asked for.

    Parameters
    ----------
    opened
        The result.
    text
        `FACTOR=GROUP,...`, where a group is one of the study's, `new`, or `new:NAME`. A factor that is left out has a
        new group; an empty text asks for a case that is new in every respect.

    Raises
    ------
    UsageFault
        Another form, a factor that the study does not have or that is named twice, a group that it does not have
        without `new:` before it, or one that it has with `new:` before it.
    """
    named: dict[str, Membership] = {}
    for factor, group in _parts(text):
        if factor not in opened.factors:
            raise unknown("factor", factor, opened.factors)
        if factor in named:
            raise UsageFault("case-factor-twice", factor=factor, case=text)
        named[factor] = _membership(opened, factor, group, text)
    return Asked(tuple(named.get(factor, Membership(factor, "", seen=False)) for factor in opened.factors))


def _parts(text: str) -> Iterator[tuple[str, str]]:
    said = text.translate(_HALF_WIDTH)
    for part in said.split(",") if said.strip() else []:
        factor, equals, group = (one.strip() for one in part.partition("="))
        if not (factor and equals and group):
            raise UsageFault("case-form", part=part.strip(), case=text)
        yield factor, group


def _membership(opened: Opened, factor: str, group: str, text: str) -> Membership:
    pools = opened.problem["pool"].values[:, 1 + opened.factors.index(factor)]
    declared = opened.study.factors[factor].groups
    known = list(dict.fromkeys([*declared, *(str(pool).partition(":")[2] for pool in pools)]))
    if group in known:
        return Membership(factor, group, seen=f"{factor}:{group}" in pools)
    new, colon, name = (one.strip() for one in group.partition(":"))
    if new != NEW:
        raise unknown("case-group", group, known, factor=factor)
    if colon and not name:
        raise UsageFault("case-form", part=f"{factor}={group}", case=text)
    if name in known:
        raise UsageFault("case-group-known", factor=factor, name=name)
    return Membership(factor, name, seen=False)
