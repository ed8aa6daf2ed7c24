"""Read the findings: what kind, how serious, and what the ids in their details stand for."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bayestrace.report.content.parts import Finding, Name, Observation
from bayestrace.report.content.tree import Tree
from bayestrace.study import Text

#: An id may name a hypothesis and a coder alike; these details name hypotheses.
_HYPOTHESES = {"leader", "rival", "hypothesis"}
_LEVELS = ("failure", "warning", "note")


def read_findings(tree: Tree, observations: Iterable[Observation]) -> tuple[Finding, ...]:
    """Read the findings, the most serious first.

    Parameters
    ----------
    tree
        The result.
    observations
        Every observation, for its title.
    """
    study = tree.study
    shown = set(tree.cases)
    hypotheses = {name: Name(tree.phrase(told.name)) for name, told in study.hypotheses.items()}
    others = {name: Name(tree.phrase(told.name)) for name, told in study.coders.items()}
    others |= {name: Name(tree.phrase(told.name)) for name, told in study.mechanism.steps.items()}
    others |= {name: Name(tree.phrase(text)) for name, text in study.clusters.items()}
    others |= {
        name: Name(tree.phrase(told.name), f"case-{name}" if name in shown else None)
        for name, told in study.cases.items()
    }
    others |= {name: Name(tree.phrase(told.asks), f"clue-{name}") for name, told in study.clues.items()}
    others |= {item.id: Name(item.title, f"obs-{item.id}") for item in observations}
    found = []
    for item in json.loads(tree.tree.attrs["findings"]):
        details = {str(key): str(value) for key, value in item.get("details", {}).items()}
        names = {
            token: name
            for key, value in details.items()
            for token in value.split(", ")
            if (name := _named(token, hypotheses if key in _HYPOTHESES else others))
        }
        titles = {key: Name(tree.phrase(Text.model_validate(title))) for key, title in item.get("titles", {}).items()}
        names |= {
            token: titles[token.partition(" (")[0]]
            for value in details.values()
            for token in value.split(", ")
            if token.partition(" (")[0] in titles and token not in names
        }
        found.append(Finding(item["slug"], item["level"], details, names, item.get("more", {})))
    return tuple(sorted(found, key=lambda finding: _LEVELS.index(finding.level)))


def _named(token: str, names: dict[str, Name]) -> Name | None:
    """Look up an id; a cluster may be followed by `@` and its case, an observation by its date in brackets."""
    return names.get(token) or names.get(token.partition("@")[0]) or names.get(token.partition(" (")[0])
