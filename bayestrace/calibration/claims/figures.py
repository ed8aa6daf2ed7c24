"""The two figures of the page of claims: reliability in the model's own world, and all worlds side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bayestrace.calibration.claims.methods import METHODS
from bayestrace.calibration.claims.scoring import Estimate, Score
from bayestrace.calibration.claims.tables import KINDS, Outcome
from bayestrace.calibration.claims.trials import Record
from bayestrace.calibration.scores import Reliability, leader, reliability_curve
from bayestrace.report.figures.drawing import Canvas, Caption, Scale, text_width, ticks

#: Ways that the figures show, each with its mark; colours are in the style below.
SHOWN = {"face": "cross", "capped": "ring", "coders": "diamond", "model": "circle", "model-pooled": "ring"}
_BINS = 5
# Okabe and Ito's colours, told apart by readers who see few.
_STYLE = (
    "text{font-family:Helvetica,Arial,'Noto Sans CJK SC',sans-serif;fill:#222}.soft{fill:#666}.strong{font-weight:bold}"
    ".grid{stroke:#e4e4e4}.even{stroke:#222;stroke-dasharray:5 4}.none{stroke:#888;stroke-dasharray:2 3}"
    ".face{stroke:#d55e00;fill:#d55e00}.capped{stroke:#e69f00;fill:#e69f00}.coders{stroke:#cc79a7;fill:#cc79a7}"
    ".model{stroke:#0072b2;fill:#0072b2}.model-pooled{stroke:#56b4e9;fill:#56b4e9}"
    ".bar{stroke-opacity:.55;stroke-width:1.6}.curve{fill:none;stroke-width:2.2}.ring,.cross{fill:none;stroke-width:2}"
    "text.face,text.model{stroke:none}"
)


class _Panel(NamedTuple):
    """A plot's two scales."""

    x: Scale
    y: Scale

    def place(self, x: float, y: float) -> tuple[float, float]:
        return self.x(x), self.y(y)


def _canvas(width: float, height: float) -> Canvas:
    canvas = Canvas(width, height)
    canvas.put("style", _STYLE)
    canvas.put("rect", x=0, y=0, width=width, height=height, fill="#fff")
    return canvas


def reliability(record: Record, made: str) -> str:
    """Draw how often the leading explanation was right by how probable it was said to be, for face value and the model.

    Parameters
    ----------
    record
        Studies of the model's own world.
    made
        Seed and versions.

    Returns
    -------
    str
        An SVG file.
    """
    canvas, panel = _canvas(600, 560), _Panel(Scale(0.3, 1.0, 70, 570), Scale(0.0, 1.0, 480, 60))
    title = "Stated weights, simply added up, say more than they know"
    canvas.text((70, 28), title, 17, class_="strong")
    canvas.text(
        (70, 47), "面值过度自信；模型所言与实情相符。 Simulated studies in the model's own world.", 12, class_="soft"
    )
    for tick in ticks(0.0, 1.0, 6):
        canvas.line(panel.place(0.3, tick), panel.place(1.0, tick), "grid")
        canvas.text((62, panel.y(tick) + 4), f"{tick:.0%}", anchor="end")
    for tick in (0.4, 0.6, 0.8, 1.0):
        canvas.line(panel.place(tick, 0.0), panel.place(tick, 1.0), "grid")
        canvas.text((panel.x(tick), 498), f"{tick:.0%}", anchor="middle")
    canvas.line(panel.place(0.3, 0.3), panel.place(1.0, 1.0), "even")
    canvas.text((320, 520), "said: probability of the leading explanation 所言：领先解释的概率", anchor="middle")
    told = []
    for row, (name, label) in enumerate((("face", "face value 面值"), ("model", "model 模型"))):
        curve = _curve(record, name)
        _draw_curve(canvas, panel, name, curve)
        said, seen = np.average(np.stack([curve.said, curve.seen]), axis=1, weights=curve.forecasts)
        words = f"{label}: says {said:.0%}, is right {seen:.0%}"
        told.append(words)
        canvas.mark((SHOWN[name], name), (panel.x(0.6), panel.y(0.18) + 22 * row - 4), words, {})
        canvas.text((panel.x(0.6) + 14, panel.y(0.18) + 22 * row), words, 14, class_=name)
    canvas.line((panel.x(0.6) - 9, panel.y(0.18) + 40), (panel.x(0.6) + 9, panel.y(0.18) + 40), "even")
    canvas.text((panel.x(0.6) + 14, panel.y(0.18) + 44), "says what it knows 名实相符", 12, class_="soft")
    canvas.text((panel.x(0.6) + 14, panel.y(0.18) - 22), "On average over all cases 总平均:", 12, class_="soft")
    canvas.text((70, 74), "right 实对", class_="soft")
    number = np.unique(record["study"]).size
    note = f"{number} studies of four cases; a mark is a fifth of them; 95 % intervals for as many trials as studies"
    canvas.text((70, 540), note, 11, class_="soft")
    canvas.text((70, 554), made, 9, class_="soft")
    desc = f"On average {'; '.join(told)}. {note}. {made}"
    return canvas.svg(Caption("reliability", title, desc)) + "\n"


def _curve(record: Record, name: str) -> Reliability:
    probability, z = record[name], record["z"]
    said, right = leader(probability.reshape(-1, probability.shape[-1]), z.ravel())
    return reliability_curve(said, right, np.repeat(record["study"], z.shape[1]), bins=_BINS)


def _draw_curve(canvas: Canvas, panel: _Panel, name: str, curve: Reliability) -> None:
    points = [panel.place(*point) for point in zip(curve.said, curve.seen, strict=True)]
    canvas.put("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), class_=f"{name} curve")
    for place, point in enumerate(points):
        ends = [panel.place(curve.said[place], end[place]) for end in (curve.low, curve.high)]
        canvas.line(ends[0], ends[1], f"{name} bar")
        words = f"{METHODS[name].en}: said {curve.said[place]:.2f}, right {curve.seen[place]:.2f}"
        canvas.mark((SHOWN[name], name), point, words, {})


_ROW = 22.0
_TOP = 96.0
_LEFT = 305.0


def worlds(outcomes: Sequence[Outcome], made: str) -> str:
    """Draw calibration error and log score of every world, one row each.

    Parameters
    ----------
    outcomes
        By world, the model's own first.
    made
        Seed and versions.

    Returns
    -------
    str
        An SVG file. Bars are 95 % intervals, studies resampled, of face value and of the model, cut at the edges.
    """
    lines = sum(1 for _ in outcomes) + len({outcome.setting.kind for outcome in outcomes})
    bottom = _TOP + _ROW * lines
    canvas = _canvas(960, bottom + 70)
    title = "Calibration error and log score by world 各世界的校准误差与对数得分"
    canvas.text((16, 28), title, 17, class_="strong")
    _legend(canvas)
    shown = [outcome.scores[name] for outcome in outcomes for name in SHOWN]
    least, most = (end(score.error.value for score in shown) for end in (min, max))
    largest = max(score.log.value for score in shown)
    panels = (
        (Scale(least - 0.03, most + 0.05, _LEFT + 10, 615), "calibration error 校准误差", 0.0, "calibrated 校准"),
        (
            Scale(0.3, max(largest, 1.6) + 0.1, 640, 940),
            "log score 对数得分 (nats)",
            float(np.log(3.0)),
            "one third of all",
        ),
    )
    for scale, words, even, meaning in panels:
        for tick in ticks(scale.low, scale.high, 6):
            canvas.line((scale(tick), _TOP), (scale(tick), bottom), "grid")
            canvas.text((scale(tick), bottom + 16), f"{tick:.1f}", 11, anchor="middle")
        canvas.line((scale(even), _TOP - 6), (scale(even), bottom), "none")
        canvas.text((scale(even), _TOP - 10), meaning, 10, class_="soft", anchor="middle")
        canvas.text(((scale.start + scale.end) / 2, bottom + 34), words, anchor="middle")
    y, kind = _TOP, None
    for outcome in outcomes:
        if outcome.setting.kind != kind:
            kind = outcome.setting.kind
            canvas.text((16, y + 15), KINDS[kind], class_="strong")
            y += _ROW
        canvas.text((24, y + 15), outcome.setting.en, 12)
        _row(canvas, outcome, y + 11, (panels[0][0], panels[1][0]))
        y += _ROW
    canvas.text((16, bottom + 58), f"Smaller is better in both; intervals end at the edge. {made}", 10, class_="soft")
    desc = "One row a world: where five ways of judging stand, with intervals of face value and of the model. " + made
    return canvas.svg(Caption("worlds", title, desc)) + "\n"


def _legend(canvas: Canvas) -> None:
    x = 24.0
    for name, mark in SHOWN.items():
        words = f"{METHODS[name].en} {METHODS[name].zh}"
        canvas.mark((mark, name), (x, 52), words, {})
        canvas.text((x + 10, 56), words, 12)
        x += 24 + 0.9 * text_width(words, 12)


def _row(canvas: Canvas, outcome: Outcome, y: float, scales: tuple[Scale, Scale]) -> None:
    for scale, name, values in _values(outcome, scales):
        if name in {"face", "model"}:
            shift = -3.0 if name == "face" else 3.0
            canvas.line((scale(values.low), y + shift), (scale(values.high), y + shift), f"{name} bar")
    for scale, name, values in _values(outcome, scales):
        words = f"{outcome.setting.en}, {METHODS[name].en}: {values.value:.2f} ({values.low:.2f} to {values.high:.2f})"
        shift = {"face": -3.0, "model": 3.0}.get(name, 0.0)
        canvas.mark((SHOWN[name], name), (scale(values.value), y + shift), words, {})


def _values(outcome: Outcome, scales: tuple[Scale, Scale]) -> list[tuple[Scale, str, Estimate]]:
    scores: dict[str, Score] = {name: outcome.scores[name] for name in SHOWN}
    return [
        (scale, name, values)
        for name, score in scores.items()
        for scale, values in zip(scales, (score.error, score.log), strict=True)
    ]
