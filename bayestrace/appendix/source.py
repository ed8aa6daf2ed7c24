"""A result as the appendix reads it: what the report shows, the study itself, and how both are cited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import xarray as xr

from bayestrace.appendix import wording
from bayestrace.appendix.blocks import Line, Run
from bayestrace.messages import Lang
from bayestrace.public import public
from bayestrace.references import reference
from bayestrace.report.content import Report, read_content
from bayestrace.report.content.parts import Case, Observation
from bayestrace.report.content.tree import Tree
from bayestrace.report.page.html import Speaker
from bayestrace.study import Judgement


@dataclass(frozen=True)
class Told:
    """All that an appendix is made from, in one language; nothing in it is private."""

    report: Report
    tree: Tree
    speaker: Speaker

    @classmethod
    def of(cls, tree: xr.DataTree, lang: Lang) -> Told:
        """Read a result."""
        shown = public(tree)
        return cls(read_content(shown, lang), Tree(shown, lang), Speaker(lang))

    @property
    def lang(self) -> Lang:
        """The language of the appendix."""
        return self.report.lang

    def say(self, key: str, **details: object) -> str:
        """Word one thing."""
        return wording.say(key, self.lang, **details)

    def listed(self, texts: Iterable[str], between: str = "semicolon") -> str:
        """Join texts."""
        return self.say(between).join(texts)

    def observations(self, case: Case) -> list[Observation]:
        """List the observations of a case, in the order of the study."""
        known = {one.id: one for cluster in case.clusters for one in cluster.observations}
        return [known[item.id] for item in self.tree.study.evidence if item.case == case.id]

    def judgements(self, evidence: str) -> list[Judgement]:
        """List what the coders of the result said of an observation, in the order of its statements."""
        codings = {coding.coder: coding for coding in self.tree.study.codings}
        included = (codings[name] for name in self.tree.labels("problem", "coder"))
        return [one for coding in included for one in coding.judgements if one.evidence == evidence]

    def privately(self, name: str) -> bool:
        """Say whether an observation is private."""
        return any(item.private for item in self.tree.study.evidence if item.id == name)


def cited(csl: Mapping[str, Any]) -> Line:
    """Cite a source in full, with its address: the one place where the appendix makes a reference."""
    made = reference(csl)
    line = [Run(made.before), Run(made.italic, italic=True), Run(made.after)]
    if made.url:
        line += [Run(" "), Run(made.url, link=made.url)]
    return tuple(run for run in line if run.text)
