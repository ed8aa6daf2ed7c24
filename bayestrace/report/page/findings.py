"""Findings in words: the wording that faults and findings share, with names and numbers of the page."""

from __future__ import annotations

import re

from bayestrace.messages import Lang, fill
from bayestrace.messages.findings import FINDINGS
from bayestrace.messages.wording import Both
from bayestrace.report.content.parts import Finding, Name
from bayestrace.report.content.values import Number
from bayestrace.report.page.html import Html, Speaker, data, markup

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
# Where a detail goes, until its markup does: private characters, which no sentence holds.
_MARK = re.compile("\ue000(\\w+)\ue001")


def worded(finding: Finding, lang: Lang) -> Html:
    """Word a finding; one of an unknown kind by its slug and its details."""
    details = finding.details
    known = FINDINGS.get(finding.slug)
    sentence = ""
    if known is not None:
        marks = {key: f"\ue000{key}\ue001" for key, value in details.items() if value}
        try:
            sentence = fill(known, lang, marks)
        except KeyError:  # a result of another version, whose details have other names
            sentence = ""
    if not sentence:
        listed = "; ".join(f"{key}: \ue000{key}\ue001" for key in details)
        sentence = fill(
            Both("{slug}⟦ ({listed})⟧", "{slug}⟦（{listed}）⟧"), lang, {"slug": finding.slug, "listed": listed}
        )
    written, end = [], 0
    for mark in _MARK.finditer(sentence):
        written += [markup(sentence[end : mark.start()]), _detail(finding, mark[1], lang)]
        end = mark.end()
    return Html("".join([*written, markup(sentence[end:])]))


def _detail(finding: Finding, key: str, lang: Lang) -> Html:
    value = finding.details.get(key, "")
    if _NUMBER.fullmatch(value):
        return data(Number(float(value)), value.replace("-", "−"))
    between = "、" if lang == "zh" else ", "
    listed = between.join(_token(token, finding.names.get(token), lang) for token in value.split(", "))
    if key not in finding.more:
        return Html(listed)
    space = "" if lang == "zh" else " "
    return Html(listed + space + Speaker(lang).say("many-more", number=str(finding.more[key])))


def _token(token: str, name: Name | None, lang: Lang) -> Html:
    if name is None:
        return markup(token)
    rest = token.partition(" (")[2].removesuffix(")")
    said = markup(name.text)
    linked = Html(f'<a href="#{markup(name.anchor)}">{said}</a>') if name.anchor else said
    return Html(linked + Speaker(lang).aside(rest)) if rest else linked
