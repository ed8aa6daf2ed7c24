"""Scores and comparisons as a table of numbers (CSV) and as a page that says first where the model does badly."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from bayestrace.calibration.claims.methods import CAP_DB, METHODS
from bayestrace.calibration.claims.scoring import MEASURES, RIVALS, SET_LEVEL, SURE, Comparison, Estimate, Score
from bayestrace.calibration.claims.trials import DRAWS, TUNE
from bayestrace.calibration.claims.worlds import Kind, Setting


class Outcome(NamedTuple):
    """What came out in one world: scores by way, comparisons, and how many fits had divergent transitions."""

    setting: Setting
    scores: Mapping[str, Score]
    comparisons: Sequence[Comparison]
    diverging: int


KINDS: Mapping[Kind, str] = {
    "inside": "The model's own world 模型自身的世界",
    "given": "Inside the model, something held or declared 模型之内，部分设定固定",
    "outside": "Outside the model 模型之外",
}

# Of the sets of explanations, beside how often they hold the right one, in the order of the scores.
_SET_COLUMNS = ("claimed", "set_size", "excludes_none")
# Log score of one who says the same of each of the three explanations of the design.
_EVEN = math.log(3.0)
_HEAD = """
# Are stated weights overconfident, and is the model calibrated? 面值是否过度自信，模型是否校准？

Written by {made}. Numbers: [claims.csv](claims.csv).
Engine 引擎: `{engine}`, the SHA-256 of its text and of the versions of its libraries.

Studies are simulated whose truth is known: four cases, three explanations, eight observations a case, three coders
([small-design](small-design)). Each is judged in seven ways, and what was said of the explanations is held against the
truth. A calibrated judge who says .8 is right eight times in ten.

![How often the leading explanation was right, by how probable it was said to be](reliability.svg)

![Calibration error and log score of five ways in every world](worlds.svg)
"""
_BADLY = """
First what speaks against the model. A posterior is calibrated on average over the priors from which the truth is drawn;
nothing promises it for coders who are far out, or in worlds that the model does not describe. "Too cautious" is an
error too. Intervals are bootstrap ones over studies, at 95 %; of {comparisons} comparisons some come out on either
side by chance.
"""
_INSIDE = f"""
All that the model knows of as uncertain is drawn from its priors: {{studies}} studies, four cases each. What is said
and what is right are of the leading explanation. The calibration error is the root mean square, over ten bins, of what
was said less how often it was so, with the noise of the bins taken off; below zero it is the root of an estimate that
came out negative, as about half do of a calibrated judge. Log score in nats and Brier score: smaller is better; to say
one third of everything scores {_EVEN:.2f} and {2.0 / 3.0:.2f}.
"""
_CALIBRATION = "Of the leading explanation. A star: the 95 % interval lies above zero."
_OVERCONFIDENCE = "What was said of the leading explanation less how often it was right; above zero is overconfident."
_COVERAGE = f"""
A credible set 可信集 of a case: the fewest explanations that were together given {SET_LEVEL} or more. How often was the
right one among them, how probable was that said to be, and how many were they? Of a few explanations no set can be cut
to measure, so that most claim more than {SET_LEVEL}; the sets of a calibrated judge hold the truth as often as they
claim. Explanations equally probable are all in a set, or none of them is. *Too narrow*: what is claimed lies above the
95 % interval of how often the truth was held; *too wide*: below it. The interval is Wilson's, for as many trials as
studies, which is cautious. What claims nearly 1 can hardly be found too wide, for it cannot hold the truth more often
than always; its width shows in the number of its explanations. A set of all three is always right, and tells nothing.
"""
_BY_WORLD = """
How often the truth was held, of how often that was claimed; then how many explanations a set has, out of three. A star:
too narrow; a circle: too wide.
"""
_LOG = f"Mean, nats; smaller is better. To say one third of everything scores {_EVEN:.2f}."
_SURE = f"In how many cases {SURE} or more was said of an explanation, and how often that one was right."
_METHOD = f"""
## How it was done 做法

- The ways 方法: *face value*, weights averaged over coders, added up, Bayes' rule; *10 dB cap*, each observation's
  vector of weights first shrunk, as one, until no weight between two explanations exceeds {CAP_DB:.0f} dB; *coders'
  posteriors averaged*, each coder's face value alone, then the mean; *redundancy counted*, each cluster divided by
  Kish's design effect; *pooled*, with the pooling prior of the reference profile; *model*, posterior means of a fit of
  one chain ({DRAWS} draws after {TUNE} of warm-up), case by case and pooled. No way is told what world it is in.
- Truth 真值: hyperparameters and explanations are drawn from the priors, but for what a world holds or changes. In the
  model's own world what is stated has the model's very density, in which redundancy is averaged; in the others the
  redundancy of each cluster is drawn. Study i has the same truth in every world, so that worlds can be compared;
  studies of one world are independent.
- Explanations of the cases of a study resemble one another, as the pooling prior has it, in all worlds but one; ways
  that are not pooled make no use of that.
- Bins hold equally many forecasts. Intervals resample whole studies; forecasts of one study are never taken as
  independent. That of how often a sure word was right is Wilson's, for as many trials as studies in which one was said.
- Divergent transitions 发散: {{diverging}} of {{fits}} fits had some. None was left out.
- What this cannot show: other designs than one small one, and worlds that are wrong in ways that nobody thought of.
"""


def table(outcomes: Sequence[Outcome], seed: int) -> str:
    """Write one row per world and way, all numbers to four digits, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    estimates = ("overconfidence", "calibration_error", "log_score", "brier_score", "sure_right", "coverage")
    ends = [name for estimate in estimates for name in (estimate, f"{estimate}_low", f"{estimate}_high")]
    writer.writerow(["seed", "world", "kind", "method", "studies", "said", "right", "sure", *ends, *_SET_COLUMNS])
    for outcome in outcomes:
        for method, score in outcome.scores.items():
            held, *of_sets = score.sets
            several = (score.over, score.error, score.log, score.brier, score.sure_right, held)
            numbers = [score.said, score.right, score.sure, *(value for estimate in several for value in estimate)]
            numbers += of_sets
            place = [seed, outcome.setting.name, outcome.setting.kind, method, score.studies]
            writer.writerow([*place, *("" if math.isnan(value) else f"{value:.4f}" for value in numbers)])
    return out.getvalue()


def worse(outcome: Outcome) -> list[str]:
    """Say in which comparisons the model is worse than a simple way, or no better by these studies.

    Returns
    -------
    list of str
        A phrase for each: those where the interval of the difference lies on the wrong side of zero, and those where it
        spans zero, but for the share of wrong leaders, which the model is not made to lower, and for pooling.
    """
    said = []
    for one in outcome.comparisons:
        difference = one.difference
        lenient = one.measure == "wrong" or one.other == "model"
        if difference.high < 0.0 or (lenient and difference.low <= 0.0):
            continue
        word = "worse" if difference.low > 0.0 else "no better"
        against = f"{METHODS[one.ours].en} against {METHODS[one.other].en}"
        said.append(f"{MEASURES[one.measure]}: {against}, {word}, {_interval(difference, signed=True)}")
    return said


def miscalibrated(outcome: Outcome) -> list[str]:
    """Say for which of the model's answers what is said and what is so differ by more than chance."""
    said = []
    for name in RIVALS:
        over = outcome.scores[name].over
        if not over.low <= 0.0 <= over.high:
            word = "overconfident" if over.low > 0.0 else "too cautious"
            said.append(f"{METHODS[name].en} {word} by {_interval(over, signed=True)}")
    return said


def missing_the_mark(score: Score) -> str:
    """Say whether sets of explanations are "too narrow", "too wide" or, empty, hold what they claim but for chance."""
    held = score.sets.held
    if score.sets.claimed > held.high:
        return "too narrow"
    return "too wide" if score.sets.claimed < held.low else ""


def unhelpful(outcome: Outcome) -> list[str]:
    """Say which of the model's answers may score no better than one that says the same of every explanation."""
    found = []
    for name in RIVALS:
        log = outcome.scores[name].log
        if log.high >= _EVEN:
            found.append(f"{METHODS[name].en} {_interval(log)}")
    return found


def page(outcomes: Sequence[Outcome], made: str, engine: str) -> str:
    """Write the page.

    Parameters
    ----------
    outcomes
        By world, the model's own first.
    made
        By which command, and with what: seed and versions.
    engine
        Names the engine that fitted the studies.
    """
    fits = sum(outcome.scores["model"].studies for outcome in outcomes)
    sections = [
        _HEAD.format(made=made, engine=engine),
        _badly(outcomes),
        _inside(outcomes),
        _by_method(outcomes, "Calibration error 校准误差", _CALIBRATION, lambda score: _short(score.error)),
        _by_method(outcomes, "Overconfidence 过度自信", _OVERCONFIDENCE, lambda score: f"{score.over.value:+.2f}"),
        _by_method(outcomes, "Coverage 覆盖率", _coverage(outcomes), _sets),
        _by_method(outcomes, "Log score 对数得分", _LOG, lambda score: f"{score.log.value:.2f}"),
        _by_method(outcomes, "Sure words 高度肯定的判断", _SURE, _sure),
        _METHOD.format(diverging=sum(outcome.diverging for outcome in outcomes), fits=fits),
    ]
    return "\n\n".join(section.strip() for section in sections) + "\n"


def _badly(outcomes: Sequence[Outcome]) -> str:
    comparisons = sum(len(outcome.comparisons) for outcome in outcomes)
    lines = ["## Where the model does badly 模型表现不佳之处", _BADLY.strip().format(comparisons=comparisons)]
    off = [f"- *{outcome.setting.en}*: {'; '.join(told)}." for outcome in outcomes if (told := miscalibrated(outcome))]
    lines += _listed(f"Said and so differ by more than chance in {len(off)} of {len(outcomes)} worlds", off)
    lines += _badly_set(outcomes)
    lost = [f"- *{outcome.setting.en}*:\n{_bullets(found)}" for outcome in outcomes if (found := worse(outcome))]
    idle = [f"- *{outcome.setting.en}*: {'; '.join(found)}." for outcome in outcomes if (found := unhelpful(outcome))]
    announced = f"The interval of its log score reaches {_EVEN:.2f}, that of saying one third of everything, or beyond"
    lines += _listed(f"{announced} in {len(idle)} of {len(outcomes)} worlds", idle)
    announced = f"Worse than a rival, or not better beyond chance, in {len(lost)} of {len(outcomes)} worlds"
    lines += _listed(f"{announced} (difference of the means, its 95 % interval; below zero the model is better)", lost)
    lines += ["What caution costs, inside the model:", _caution(outcomes)]
    return "\n\n".join(lines)


def _listed(announced: str, told: Sequence[str]) -> list[str]:
    return [f"{announced}:", "\n".join(told)] if told else [f"{announced}."]


def _badly_set(outcomes: Sequence[Outcome]) -> list[str]:
    """Say where the model's sets of explanations hold other than they claim, and how many of them say nothing."""
    off = []
    for outcome in outcomes:
        told = [
            f"{METHODS[name].en} {fault}, {_interval(score.sets.held)} where {score.sets.claimed:.2f} was claimed"
            for name, score in outcome.scores.items()
            if name in RIVALS and (fault := missing_the_mark(score))
        ]
        off += [f"- *{outcome.setting.en}*: {'; '.join(told)}."] if told else []
    lines = _listed(
        f"Its sets of explanations claim more or less than they hold, beyond chance, in {len(off)} of {len(outcomes)}"
        " worlds",
        off,
    )
    idle = []
    for name in RIVALS:
        wholes = [(outcome.scores[name].sets.whole, outcome.setting.en) for outcome in outcomes]
        least, most = (f"{share:.0%} ({world})" for share, world in (min(wholes), max(wholes)))
        idle.append(f"- {METHODS[name].en}: {wholes[0][0]:.0%} in its own world; in all worlds from {least} to {most}.")
    announced = (
        f"Asked for a set that holds {SET_LEVEL}, it gives one that names every explanation, and so tells nothing, in"
    )
    return lines + _listed(f"{announced} so many cases", idle)


def _bullets(told: Sequence[str]) -> str:
    return "\n".join(f"  - {phrase}" for phrase in told)


def _caution(outcomes: Sequence[Outcome]) -> str:
    rows = [
        [
            _named(outcome.setting),
            *(f"{outcome.scores[name].sure:.0%}" for name in ("face", "model", "model-pooled")),
            *(f"{outcome.scores[name].right:.0%}" for name in ("face", "model", "model-pooled")),
        ]
        for outcome in outcomes
        if outcome.setting.kind != "outside"
    ]
    names = [METHODS[name].en for name in ("face", "model", "model-pooled")]
    heads = [f"{SURE} or more said, {name}" for name in names] + [f"leader right, {name}" for name in names]
    return _markdown(["world 世界", *heads], rows)


def _inside(outcomes: Sequence[Outcome]) -> str:
    rows = []
    for outcome in outcomes[:1]:
        for name, score in outcome.scores.items():
            numbers = (_interval(score.over, signed=True), _interval(score.error), _interval(score.log))
            rows.append(
                [
                    _method(name),
                    *(f"{score.said:.2f}", f"{score.right:.2f}", *numbers, f"{score.brier.value:.2f}"),
                    *(f"{score.sure:.0%}", _interval(score.sure_right)),
                ]
            )
    heads = ["way 方法", "said 所言", "right 实对", "overconfidence 过度自信", "calibration error 校准误差"]
    heads += ["log score 对数得分", "Brier 布赖尔得分", f"said {SURE}+ 所占比例", "right then 其中实对"]
    text = _INSIDE.strip().format(studies=outcomes[0].scores["face"].studies)
    return f"## The model's own world 模型自身的世界\n\n{text}\n\n{_markdown(heads, rows)}"


def _coverage(outcomes: Sequence[Outcome]) -> str:
    rows = []
    for name, score in outcomes[0].scores.items():
        sets, found = score.sets, [missing_the_mark(outcome.scores[name]) for outcome in outcomes]
        telling = "–"
        if sets.whole < 1.0:
            held, claimed = ((value - sets.whole) / (1.0 - sets.whole) for value in (sets.held.value, sets.claimed))
            telling = f"{held:.2f} of {claimed:.2f}"
        numbers = (_interval(sets.held), f"{sets.claimed:.2f}", f"{sets.size:.2f}", f"{sets.whole:.0%}", telling)
        rows.append([_method(name), *numbers, *(str(found.count(fault)) for fault in ("too narrow", "too wide"))])
    heads = [
        "way 方法",
        "held 覆盖",
        "claimed 声称",
        "explanations in a set 集内解释数",
        "excludes none 未排除任何解释",
    ]
    heads += [
        "the others: held of claimed 其余：覆盖与声称",
        "worlds too narrow 过窄的世界",
        "worlds too wide 过宽的世界",
    ]
    told = f"All but the last two columns are of the model's own world; those count, of {len(outcomes)} worlds."
    return "\n\n".join([_COVERAGE.strip(), told, _markdown(heads, rows), _BY_WORLD.strip()])


def _sets(score: Score) -> str:
    mark = {"too narrow": " *", "too wide": " °", "": ""}[missing_the_mark(score)]
    return f"{score.sets.held.value:.2f} of {score.sets.claimed:.2f}; {score.sets.size:.1f}{mark}"


def _by_method(outcomes: Sequence[Outcome], title: str, text: str, cell: Callable[[Score], str]) -> str:
    heads = ["world 世界", "studies 研究数", *(_method(name) for name in METHODS)]
    parts = [f"## {title}", text]
    for kind, words in KINDS.items():
        rows = [
            [_named(outcome.setting), str(outcome.scores["face"].studies)]
            + [cell(score) for score in outcome.scores.values()]
            for outcome in outcomes
            if outcome.setting.kind == kind
        ]
        if rows:
            parts += [f"### {words}", _markdown(heads, rows)]
    return "\n\n".join(parts)


def _sure(score: Score) -> str:
    return f"{score.sure:.0%}: {score.sure_right.value:.2f}" if score.sure > 0.0 else "never 从未"


def _named(setting: Setting) -> str:
    return f"{setting.en} {setting.zh}"


def _method(name: str) -> str:
    return f"{METHODS[name].en} {METHODS[name].zh}"


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _interval(estimate: Estimate, *, signed: bool = False) -> str:
    if math.isnan(estimate.value):
        return "–"
    value = f"{estimate.value:+.2f}" if signed else f"{estimate.value:.2f}"
    return f"{value} ({estimate.low:.2f} to {estimate.high:.2f})"


def _short(estimate: Estimate) -> str:
    mark = "" if estimate.low <= 0.0 else " *"
    return f"{estimate.value:.2f}{mark}"
