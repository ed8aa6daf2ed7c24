"""A study → a codebook (.qdc) of its steps, hypotheses and clusters, or a project (.qdpx) with its observations.

The texts of sources are not in a study. So the project has one text a source that holds what the study says of it: the
claims of its observations, each a quotation coded with step, domain and cluster, and belonging to its case.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from bayestrace import __version__
from bayestrace.messages import Lang
from bayestrace.references import reference
from bayestrace.study import Evidence, Study, Text

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = uuid.UUID("a5a0c6a2-2c0f-5f0e-9d6b-5c6a7e6d8f11")
#: The date of every entry of an archive: the same study makes the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TOPS: dict[str, dict[Lang, str]] = {
    "step": {"en": "Steps", "zh": "步骤"},
    "domain": {"en": "Domains", "zh": "领域"},
    "cluster": {"en": "Clusters", "zh": "证据簇"},
    "hypothesis": {"en": "Hypotheses", "zh": "假设"},
}


def codebook(study: Study, lang: Lang = "en") -> str:
    """Write the codebook of a study, valid against the schema of REFI-QDA 1.0 for codebooks."""
    codes = _codes(study, lang)
    head = f'{_HEAD}<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin={_attr(_origin())}>'
    return f"{head}\n<Codes>\n{codes}</Codes>\n</CodeBook>\n"


def project_archive(study: Study, lang: Lang = "en") -> bytes:
    """Write a study as a project, valid against the schema of REFI-QDA 1.0 for projects; the same bytes every time."""
    user = _guid(study, "user", "bayestrace")
    texts, sources = _sources(study, lang)
    project = (
        f'{_HEAD}<Project xmlns="urn:QDA-XML:project:1.0" name={_attr(_said(study.title, lang))} '
        f'origin={_attr(_origin())} creatingUserGUID="{user}" creationDateTime="1980-01-01T00:00:00Z">\n'
        f'<Users>\n<User guid="{user}" name="bayestrace"/>\n</Users>\n'
        f"<CodeBook>\n<Codes>\n{_codes(study, lang)}</Codes>\n</CodeBook>\n"
        f"<Cases>\n{_cases(study, lang)}</Cases>\n"
        + (f"<Sources>\n{sources}</Sources>\n" if sources else "")
        + f"<Description>{escape(_said(study.question, lang))}</Description>\n</Project>\n"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in [("project.qde", project), *texts.items()]:
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _origin() -> str:
    return f"bayestrace {__version__}"


def _attr(text: str) -> str:
    return quoteattr(" ".join(text.split()))


def _said(words: Text | str | None, lang: Lang) -> str:
    if words is None:
        return ""
    if isinstance(words, str):
        return words
    return str(words(lang))


def _guid(study: Study, kind: str, name: str) -> str:
    return str(uuid.uuid5(_SPACE, f"{study.id}/{kind}/{name}"))


def _groups(study: Study) -> dict[str, Mapping[str, object]]:
    return {
        "step": study.mechanism.steps,
        "domain": study.mechanism.domains,
        "cluster": study.clusters,
        "hypothesis": study.hypotheses,
    }


def _codes(study: Study, lang: Lang) -> str:
    lines: list[str] = []
    for kind, things in _groups(study).items():
        if not things:
            continue
        top = _guid(study, kind, "")
        lines.append(f'<Code guid="{top}" name={_attr(_TOPS[kind][lang])} isCodable="false">')
        for name, thing in things.items():
            words = _said(getattr(thing, "name", thing), lang)  # type: ignore[arg-type]
            more = _said(getattr(thing, "asks", None) or getattr(thing, "claim", None), lang)
            told = f"{more}\n[bayestrace {kind}:{name}]".strip()
            lines += [
                f'<Code guid="{_guid(study, kind, name)}" name={_attr(words)} isCodable="true">',
                f"<Description>{escape(told)}</Description>",
                "</Code>",
            ]
        lines.append("</Code>")
    return "".join(f"{line}\n" for line in lines)


def _cases(study: Study, lang: Lang) -> str:
    lines: list[str] = []
    for name, case in study.cases.items():
        lines.append(f'<Case guid="{_guid(study, "case", name)}" name={_attr(_said(case.name, lang))}>')
        lines.append(f"<Description>[bayestrace case:{escape(name)}]</Description>")
        lines += [
            f'<SelectionRef targetGUID="{_guid(study, "selection", one.id)}"/>'
            for one in study.evidence
            if one.case == name
        ]
        lines.append("</Case>")
    return "".join(f"{line}\n" for line in lines)


def _sources(study: Study, lang: Lang) -> tuple[dict[str, str], str]:
    """Write a text for each source, and what the project says of it."""
    texts: dict[str, str] = {}
    lines: list[str] = []
    by_source: dict[str, list[Evidence]] = {}
    for one in study.evidence:
        by_source.setdefault(one.source, []).append(one)
    for name, observations in by_source.items():
        guid = _guid(study, "source", name)
        text = f"{reference(study.sources[name], addressed=True)}\n" if name in study.sources else ""
        lines.append(f'<TextSource guid="{guid}" name={_attr(name)} plainTextPath="internal://{guid}.txt">')
        for one in observations:
            claim = _said(one.claim, lang).replace("\r", "")
            text += f"\n{_said(one.title, lang)}\n"
            # Code points, as REFI-QDA 1.5, 10.2 has it; the end is not included, as NVivo and others write it.
            lines += _selection(study, one, (len(text), len(text) + len(claim)), _said(one.title, lang))
            text += f"{claim}\n"
        lines.append("</TextSource>")
        texts[f"sources/{guid}.txt"] = text
    return texts, "".join(f"{line}\n" for line in lines)


def _selection(study: Study, one: Evidence, span: tuple[int, int], title: str) -> list[str]:
    codes = [("step", one.step), ("domain", one.domain), ("cluster", one.cluster)]
    named = f'guid="{_guid(study, "selection", one.id)}" name={_attr(one.id)}'
    lines = [
        f'<PlainTextSelection {named} startPosition="{span[0]}" endPosition="{span[1]}">',
        f"<Description>{escape(title)}</Description>",
    ]
    lines += [
        f'<Coding guid="{_guid(study, "coding", f"{one.id}/{kind}")}">'
        f'<CodeRef targetGUID="{_guid(study, kind, name)}"/></Coding>'
        for kind, name in codes
        if name
    ]
    return [*lines, "</PlainTextSelection>"]
