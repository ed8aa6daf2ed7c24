"""Quotations of a project → evidence files that a person completes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from bayestrace.qda.project import Project, Quotation
from bayestrace.reading.files import is_name
from bayestrace.study import Study, Text

#: What stands where a person has to write something.
TODO = "TODO"
#: What an export leaves in a description, so that names find their way back.
MARK = re.compile(r"\[bayestrace (?P<kind>[a-z]+):(?P<name>[^\s\]]+)\]")
_KINDS = ("step", "domain", "cluster", "hypothesis")
_SHORT = 80


@dataclass(frozen=True)
class Stubs:
    """Evidence files by name, how many observations, codes that mean nothing to the study, what was not taken over."""

    files: dict[str, str]
    observations: int
    unknown: tuple[str, ...]
    left: Counter[str]


def stubs(project: Project, study: Study | None = None, given: Mapping[str, str] | None = None) -> Stubs:
    """Make evidence files of a project.

    Parameters
    ----------
    project
        As `read_project` gives it.
    study
        Whose steps, domains, clusters, hypotheses, cases and sources are known by id or name, in either language.
    given
        What codes mean, by the code's name: ``step:premise``, ``cluster:deal``, ``skip``.

    Returns
    -------
    Stubs
        One file a case, named after it; quotations without a case stand in ``TODO.yaml``. A quotation in several cases
        stands in each, under an id of its own.
    """
    meaning = _meanings(project, study, dict(given or {}))
    cases = _cases(project, study)
    sources = {**_ids(study.sources), **{name.casefold(): name for name in study.sources}} if study else {}
    files: dict[str, list[dict[str, object]]] = {}
    used: set[str] = set()
    for quotation in project.quotations:
        means = [meaning[code] for code in quotation.codes if code in meaning]
        if means and all(one == ("skip", "") for one in means):
            continue
        for case in [cases[guid] for guid in quotation.cases] or [TODO]:
            entry = _entry(project, quotation, means, sources, used)
            files.setdefault(case, []).append(entry)
    used_codes = {code for quotation in project.quotations for code in quotation.codes}
    unknown = sorted({code.name for guid, code in project.codes.items() if guid in used_codes - meaning.keys()})
    written = {f"{case}.yaml": _written(case, entries) for case, entries in files.items()}
    return Stubs(written, sum(map(len, files.values())), tuple(unknown), +project.left)


def _ids(names: Mapping[str, object]) -> dict[str, str]:
    return {name.casefold(): name for name in names}


def _names(things: Mapping[str, object]) -> dict[str, str]:
    """Find the id of something by its id or its name in either language."""
    found: dict[str, str] = {}
    for name, thing in things.items():
        text = getattr(thing, "name", thing)
        words = [text.en, text.zh] if isinstance(text, Text) else [text]
        found |= {str(word).strip().casefold(): name for word in [name, *words] if word}
    return found


def _meanings(project: Project, study: Study | None, given: dict[str, str]) -> dict[str, tuple[str, str]]:
    known = {}
    if study is not None:
        things: list[Mapping[str, object]] = [study.mechanism.steps, study.mechanism.domains]
        things += [study.clusters, study.hypotheses]
        known = {kind: _names(named) for kind, named in zip(_KINDS, things, strict=True)}
    meaning: dict[str, tuple[str, str]] = {}
    for guid, code in project.codes.items():
        if code.name in given:
            kind, _, name = given[code.name].partition(":")
            meaning[guid] = (kind, name)
        elif mark := MARK.search(code.description):
            meaning[guid] = (mark["kind"], mark["name"])
        else:
            found = [(kind, names[key]) for kind, names in known.items() if (key := code.name.casefold()) in names]
            if found:
                meaning[guid] = found[0]
    return meaning


def _cases(project: Project, study: Study | None) -> dict[str, str]:
    known = _names(study.cases) if study else {}
    cases: dict[str, str] = {}
    for place, (guid, (name, description)) in enumerate(project.cases.items(), start=1):
        mark = MARK.search(description)
        marked = mark["name"] if mark and is_name(mark["name"]) else None
        cases[guid] = marked or known.get(name.strip().casefold()) or slug(name) or f"case-{place}"
    return cases


def slug(text: str) -> str:
    """Make an id of a name as far as it has letters for that."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:60]


def _entry(
    project: Project,
    quotation: Quotation,
    means: list[tuple[str, str]],
    sources: Mapping[str, str],
    used: set[str],
) -> dict[str, object]:
    first = dict(reversed(means))
    text = quotation.text.strip()
    description = MARK.sub("", quotation.description).strip()
    title = description if description and "\n" not in description and description != text else ""
    entry: dict[str, object] = {"id": _id(quotation, used), "step": first.get("step", TODO)}
    entry |= {kind: first[kind] for kind in ("domain", "cluster") if kind in first}
    short = " ".join(text.split())[:_SHORT]
    entry["title"] = title or f"{TODO} {short}".strip()
    entry["claim"] = text or TODO
    source = sources.get(quotation.source.strip().casefold())
    entry["source"] = source or TODO
    entry["source_type"] = TODO
    codes = [project.codes[code].name for code in quotation.codes if code in project.codes]
    note = [f"{quotation.source}, {quotation.place}. Codes: {', '.join(codes)}."]
    note += [description] if description and not title and description != text else []
    entry["note"] = "\n".join(note)
    return entry


def _id(quotation: Quotation, used: set[str]) -> str:
    wanted = quotation.name if is_name(quotation.name) else f"q-{re.sub(r'[^0-9a-z]', '', quotation.guid)[:8] or '0'}"
    name, number = wanted, 1
    while name in used:
        number += 1
        name = f"{wanted[:70]}-{number}"
    used.add(name)
    return name


def _written(case: str, entries: list[dict[str, object]]) -> str:
    head = (
        "# Stubs made from a REFI-QDA project. To be completed: every TODO, direction and date, and a claim in your\n"
        "# own words where the quotation is none. Keys and their meaning: docs/study-format.md.\n"
        "# 由 REFI-QDA 项目生成的观察草稿，待补全：所有 TODO、direction 与 date；引文若不成论断，请改写 claim。\n\n"
    )
    body = yaml.safe_dump({"case": case, "observations": entries}, allow_unicode=True, sort_keys=False, width=110)
    return head + body
