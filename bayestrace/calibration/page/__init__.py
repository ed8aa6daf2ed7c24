"""A verdict to one HTML page: self-contained, without script, the same bytes every time."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Literal

from bayestrace.calibration.page import plots
from bayestrace.calibration.page.wording import WORDS
from bayestrace.calibration.verdict import Bin, Drifted, Parameter, Verdict, Way
from bayestrace.messages import Lang
from bayestrace.report import wording
from bayestrace.report.content.values import Number
from bayestrace.report.figures import Caption, Svg
from bayestrace.report.page.html import Html, Piece, Speaker, data
from bayestrace.report.page.sheet import environment

__all__ = ["Made", "answer", "render"]

#: Fewer studies than this show coarse faults only.
ADVISED = 200
#: Ways that the diagrams show, the last one on top: its class and the shape of its marks.
_SHOWN = (("face", "k-face", "cross"), ("pooled", "k-pooled", "circle"))
_LEAST_P = 0.001
_TAG = re.compile("<[^>]*>")


@dataclass(frozen=True)
class Made:
    """What was simulated, and how, in the language of the page.

    `cases`, `hypotheses` and `coders` give names by identifier; `settings` has `tune`, `draws`, `thin` and
    `target_accept`.
    """

    title: str
    set: str
    profile: str
    cases: Mapping[str, str]
    hypotheses: Mapping[str, str]
    coders: Mapping[str, str]
    seed: int
    redundancy: Literal["averaged", "drawn"]
    settings: Mapping[str, float]
    study_digest: str
    design_digest: str
    version: str
    versions: Mapping[str, str]
    command: str


class Teller(Speaker):
    """Say everything of the page in one language."""

    def word(self, key: str) -> str:
        """Return a label."""
        return wording.of(WORDS[key], self.lang)

    def points(self, value: float) -> Html:
        """Show a difference of probabilities in percentage points, with its sign."""
        shown = f"{abs(100 * value):.1f}"
        sign = "" if float(shown) == 0.0 else wording.numbers.MINUS if value < 0 else "+"
        return data(Number(value), f"{sign}{shown}")

    def spread(self, value: float) -> Html:
        """Show a standard error of a probability in percentage points."""
        return data(Number(value), f"{100 * value:.2f}")

    def score(self, value: float) -> Html:
        """Show a score: three decimals, infinity as such, nothing where there is no number."""
        if math.isnan(value):
            return Html("–")
        return data(Number(value), f"{value:.3f}" if math.isfinite(value) else "∞")

    def place(self, value: float) -> Html:
        """Show a mean place: two decimals."""
        return data(Number(value), f"{value:.2f}".removeprefix("0"))

    def p(self, value: float) -> Html:
        """Show a p-value: three decimals, never 0."""
        return data(Number(value), self.plain_p(value))

    def plain_p(self, value: float) -> str:
        """Write a p-value as plain text."""
        return "<\u00a0.001" if value < _LEAST_P else f"{value:.3f}".removeprefix("0")

    def probability(self, value: float) -> Html:
        """Show how often something was so: as a share, since of that nobody gives odds."""
        return data(Number(value), wording.share(value, self.lang))

    def number(self, value: float) -> Html:
        """Show a count."""
        return data(Number(value), wording.count(value))


def render(verdict: Verdict, made: Made, lang: Lang) -> str:
    """Write the page.

    Parameters
    ----------
    verdict
        From `bayestrace.calibration.verdict.judge`.
    made
        What was simulated.
    lang
        Language of the page.

    Returns
    -------
    str
        A whole HTML document that loads nothing: style inside, no script.
    """
    teller = Teller(lang)
    filled = environment("calibration.css")
    filled.globals.update(
        w=teller.word,
        say=teller.say,
        pct=teller.probability,
        count=teller.number,
        points=teller.points,
        spread=teller.spread,
        score=teller.score,
        place=teller.place,
        p=teller.p,
        whose=lambda one: _whose(one, made, teller),
    )
    families = [(name, list(one)) for name, one in itertools.groupby(verdict.parameters, key=lambda one: one.family)]
    page = filled.get_template("calibration.html.j2").render(
        verdict=verdict,
        made=made,
        lang=lang,
        answer=_answer(verdict, made, teller),
        few=verdict.studies < ADVISED,
        diagrams=[(name, _diagram(name, verdict, teller)) for name in ("leader", "every")],
        families=families,
        curves=[
            (teller.word(f"f-{name}"), _curves(name, members, verdict, teller, made)) for name, members in families
        ],
        drift=[(case, list(members)) for case, members in itertools.groupby(verdict.drift, key=lambda one: one.case)],
        diverged=_diverged(verdict, made, teller),
        settings=_settings(made, teller),
    )
    return page.rstrip() + "\n"


def answer(verdict: Verdict, made: Made, lang: Lang) -> list[str]:
    """Say in plain text what the page begins with: the model, face value, and whether anything departs."""
    return [unescape(_TAG.sub("", said)) for said in _answer(verdict, made, Teller(lang)).values()]


def _answer(verdict: Verdict, made: Made, teller: Teller) -> dict[str, Html]:
    """Say what was said and what was right, of the model and of face value, and whether anything departs."""
    model, face = verdict.way("pooled").leader, verdict.way("face").leader
    return {
        "model": teller.say(
            "answer-model",
            studies=teller.number(verdict.studies),
            cases=teller.number(verdict.cases),
            said=teller.probability(model.said),
            right=teller.probability(model.right),
        ),
        "face": teller.say("answer-face", said=teller.probability(face.said), right=teller.probability(face.right)),
        "checks": _outside(verdict, made, teller),
    }


def _outside(verdict: Verdict, made: Made, teller: Teller) -> Html:
    """Say what departs further than chance allows, or that nothing does."""
    if not verdict.departures:
        numbers = {"parameters": len(verdict.parameters), "drift": len(verdict.drift)}
        return teller.say("sound", **{name: teller.number(value) for name, value in numbers.items()})
    parts: list[Piece] = [
        teller.say("hyperparameter-outside", name=_full_name(one, made, teller), p=teller.p(one.holm))
        for one in verdict.parameters
        if one.holm <= verdict.alpha
    ]
    parts += [
        teller.say("drift-outside", name=_drift_name(one, made, teller), p=teller.p(one.holm))
        for one in verdict.drift
        if one.holm <= verdict.alpha
    ]
    p = verdict.way("pooled").overconfidence_p
    if p <= verdict.alpha:
        parts.append(teller.say("overconfidence-outside", p=teller.p(p)))
    return teller.say("outside", list=Html(_joined(parts, teller)))


def _joined(parts: Iterable[Piece], teller: Teller) -> str:
    return teller.word("comma").join(map(str, parts))


def _whose(one: Parameter, made: Made, teller: Teller) -> str:
    """Name the coder, and the contrast, of a hyperparameter that belongs to one."""
    if one.coder is None:
        return ""
    coder = made.coders[one.coder]
    if one.contrast is None:
        return coder
    return teller.plainly("whose-contrast", coder=coder, contrast=str(one.contrast))


def _full_name(one: Parameter, made: Made, teller: Teller) -> str:
    whose, family = _whose(one, made, teller), teller.word(f"f-{one.family}")
    colon = "：" if teller.lang == "zh" else ": "
    return f"{family}{colon}{whose}" if whose else family


def _drift_name(one: Drifted, made: Made, teller: Teller) -> str:
    comma = "，" if teller.lang == "zh" else ", "
    return f"{made.cases[one.case]}{comma}{made.hypotheses[one.hypothesis]}"


def _diverged(verdict: Verdict, made: Made, teller: Teller) -> Html:
    return teller.say(
        "diverged",
        draws=teller.number(verdict.studies * made.settings["draws"]),
        diverging=teller.number(verdict.diverging_draws),
        studies=teller.number(verdict.diverging_studies),
    )


def _settings(made: Made, teller: Teller) -> Html:
    return teller.say("settings", **{name: data(Number(value), f"{value:g}") for name, value in made.settings.items()})


def _diagram(name: str, verdict: Verdict, teller: Teller) -> Svg:
    """Draw the reliability of the leaders, or of every explanation: the model against face value."""
    series, told = [], []
    for key, kind, shape in _SHOWN:
        way = verdict.way(key)
        bins = _bins(way, name)
        says = [_says(way, one, teller) for one in bins]
        told.append(says[-1])
        series.append(plots.Series(kind, shape, bins, says))
    words = plots.Words(
        said=teller.word("axis-said"),
        right=teller.word("axis-right"),
        above=teller.word("cautious"),
        below=teller.word("overconfident"),
        percent="%" if teller.lang == "zh" else "\u00a0%",
    )
    desc = teller.word("comma").join(reversed(told))
    return plots.reliability(Caption(f"reliability-{name}", teller.word(f"fig-{name}"), desc), series, words)


def _bins(way: Way, name: str) -> tuple[Bin, ...]:
    return way.leader.bins if name == "leader" else way.every.bins


def _says(way: Way, one: Bin, teller: Teller) -> str:
    said, seen = (wording.share(value, teller.lang) for value in (one.said, one.seen))
    return teller.plainly("mark-desc", way=teller.word(f"way-{way.name}"), said=said, seen=seen)


def _curves(family: str, members: list[Parameter], verdict: Verdict, teller: Teller, made: Made) -> Svg:
    """Draw the places of the true values of one family of hyperparameters."""
    lines = []
    for one in members:
        greatest = max(one.difference, key=abs)
        sign = wording.numbers.MINUS if greatest < 0 else "+"
        says = teller.plainly(
            "ecdf-desc",
            name=_full_name(one, made, teller),
            greatest=f"{sign}{abs(greatest):.3f}",
            p=teller.plain_p(one.holm),
        )
        lines.append(plots.Line(one.difference, says, one.holm <= verdict.alpha))
    title = teller.word(f"f-{family}")
    caption = Caption(f"places-{family.replace('_', '-')}", title, " ".join(line.says for line in lines))
    height = plots.reach(verdict.parameters, verdict.band)
    return plots.places(caption, lines, verdict.band, height, teller.word("axis-place"))
