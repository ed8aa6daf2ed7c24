"""Find what a reader should know before quoting a result: convergence, sequence, idle or dominating evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import xarray as xr

from bayestrace import sequence
from bayestrace.clues import has_clues
from bayestrace.dates import interval
from bayestrace.inference import pooling
from bayestrace.messages import Lang, fill
from bayestrace.messages.findings import FINDINGS
from bayestrace.results import closest_rival, sole_leader
from bayestrace.sensitivity.reweight import UNRELIABLE
from bayestrace.study import Evidence, Study
from bayestrace.study.private import private_parts

R_HAT_LIMIT = 1.01
#: Effective draws below which a quantity's interval cannot be quoted (Vehtari et al. 2021: 100 per chain of four).
ESS_LIMIT = 400
#: An observation is idle when leaving it out moves no pairwise weight by this many decibels.
IDLE_DB = 0.05
#: A cluster dominates when the leader's weight over its closest rival falls by more than half without it.
DOMINATING_SHARE = 0.5


#: Posterior predictive p-values below this, or above one less this, are reported; by step, this over their number.
REPLICATED = 0.01


@dataclass(frozen=True)
class Finding:
    """One finding: its kind, how serious it is, and the details its wording needs."""

    slug: str
    level: Literal["note", "warning", "failure"]
    details: dict[str, str] = field(default_factory=dict)

    def text(self, study: Study, lang: Lang) -> str:
        """Word the finding, with the study's own names for cases, steps, hypotheses and clusters."""
        return fill(
            FINDINGS[self.slug], lang, {key: _named(key, value, study, lang) for key, value in self.details.items()}
        )


def _named(key: str, value: str, study: Study, lang: Lang) -> str:
    if key == "case":
        return study.cases[value].name(lang)
    if key in {"coder", "other"}:
        return study.coders[value].name(lang)
    if key in {"before", "after", "step"}:
        return study.mechanism.steps[value].name(lang)
    if key in {"leader", "rival"}:
        return study.hypotheses[value].name(lang)
    if key == "cluster":
        name, _, case = value.partition("@")
        return study.clusters[name](lang) if case else name
    return value.replace(", ", "、") if lang == "zh" and key == "list" else value


def study_findings(study: Study, problem: xr.Dataset, repeated: Mapping[str, str] | None = None) -> list[Finding]:
    """Look at the evidence itself: what is set aside, sequence, periods, clusters across cases.

    `repeated` names the coders that the problem leaves out since another's weights are theirs.
    """
    ids = problem["evidence"].values
    context = problem["context"].values
    stated = problem["stated"].values.any(axis=0)
    doubtful = ~context & stated & ~problem["weighs"].values
    later = [Finding("round-used", "warning", {"round": str(study.round)})] if study.round > 1 else []
    found = [
        *later,
        *_private(study),
        *(
            Finding("coder-repeated", "warning", {"coder": name, "other": other})
            for name, other in (repeated or {}).items()
        ),
        *_listed("no-evidence", "warning", _without_evidence(study, problem)),
        *_listed("set-aside", "note", ids[doubtful]),
        *_listed("context", "note", ids[context]),
        *_listed("not-weighed", "warning", ids[~stated & ~context]),
        *_sequence(study),
        *_periods(study),
    ]
    cases: dict[str, set[str]] = {}
    for item in study.evidence:
        if item.cluster:
            cases.setdefault(item.cluster, set()).add(item.case)
    found += _listed("split-clusters", "note", [name for name, seen in cases.items() if len(seen) > 1])
    coders = set(problem["coder"].values)
    spoken = {item.cluster for coding in study.codings if coding.coder in coders for item in coding.redundancies}
    found += _listed("redundancy-assumed", "warning", [name for name in cases if name not in spoken])
    return found


def _without_evidence(study: Study, problem: xr.Dataset) -> list[str]:
    """Name the cases of which nothing counts: no observation, and no clue that stands among the evidence."""
    heard = {item.case for item, weighs in zip(study.evidence, problem["weighs"].values, strict=True) if weighs}
    if has_clues(study):
        heard |= {search.case for search in study.searches if search.state != "not-sought"}
    return [case for case in study.cases if case not in heard]


def _listed(slug: str, level: Literal["note", "warning"], names: Iterable[str]) -> list[Finding]:
    names = [str(name) for name in names]
    return [Finding(slug, level, {"count": str(len(names)), "list": ", ".join(names)})] if names else []


def _private(study: Study) -> Iterator[Finding]:
    parts = private_parts(study)
    if any(parts):
        yield Finding("private", "note", {name: str(count) for name, count in parts._asdict().items()})


def _sequence(study: Study) -> Iterator[Finding]:
    """Find effects dated before their causes: where links are declared, and step by step."""
    for effect, later in sequence.earlier_than_causes(study):
        details = {"effect": _placed(effect), "list": ", ".join(map(_placed, later))}
        yield Finding("effect-first", "warning", details)
    for early in sequence.earlier_than_steps(study):
        details = {"case": early.case, "before": early.before, "after": early.after}
        yield Finding("step-first", "warning", details | {"list": ", ".join(map(_placed, early.evidence))})


def _placed(item: Evidence) -> str:
    # Findings go into what is handed out.
    return item.id if item.private else f"{item.id} ({item.date})"


def _periods(study: Study) -> Iterator[Finding]:
    for item in study.evidence:
        period = study.cases[item.case].dates
        if item.date is None or period is None or item.context:
            continue
        (first, last), (begins, ends) = interval(item.date), interval(period)
        details = {"evidence": item.id, "case": item.case, "period": period}
        details |= {} if item.private else {"date": item.date}
        if last < begins or first > ends:
            yield Finding("outside-period", "warning", details)
        elif first.year < begins.year or last.year > ends.year:
            # By year: "2017" is not beyond a period that begins on 20 January 2017.
            yield Finding("beyond-period", "warning", details)


def sampling_findings(diagnostics: xr.Dataset, stats: xr.Dataset, nuts: str = "") -> list[Finding]:
    """Judge the draws: R-hat, effective sample size, divergences, proposals about a mode. Each may be a failure.

    Parameters
    ----------
    diagnostics
        As `bayestrace.inference.sampling.diagnose` gives it.
    stats
        `sample_stats` of the fit.
    nuts
        The command that makes the same fit by NUTS, where there is one.
    """
    found = []
    worst = int(diagnostics["r_hat"].values.argmax())
    if diagnostics["r_hat"].values[worst] > R_HAT_LIMIT:
        found.append(_failure("r-hat", diagnostics, worst, f"{diagnostics['r_hat'].values[worst]:.3f}", R_HAT_LIMIT))
    least = int(diagnostics["ess_bulk"].values.argmin())
    if diagnostics["ess_bulk"].values[least] < ESS_LIMIT:
        found.append(_failure("ess", diagnostics, least, f"{diagnostics['ess_bulk'].values[least]:.0f}", ESS_LIMIT))
    if diverging := int(stats["diverging"].sum()):
        found.append(Finding("divergences", "failure", {"count": str(diverging)}))
    if "pareto_k" in stats.attrs:
        k, taken = stats.attrs["pareto_k"], 100.0 * stats.attrs["accepted"]
        details = {"k": f"{k:.2f}", "accepted": f"{taken:.0f}", "limit": f"{UNRELIABLE:g}"}
        bad = not k <= UNRELIABLE
        if bad:
            found.append(Finding("about-mode-doubtful", "failure", details | {"command": nuts}))
        else:
            found.append(Finding("about-mode", "note", details))
    return found


def pooling_findings(problem: xr.Dataset) -> list[Finding]:
    """Say where joint explanations are too many to be listed, so that pools were drawn."""
    if pooling.fits_in_table(problem):
        return []
    details = {name: str(problem.sizes[size]) for name, size in (("cases", "case"), ("hypotheses", "hypothesis"))}
    return [Finding("pools-drawn", "note", details)]


def _failure(slug: str, diagnostics: xr.Dataset, place: int, value: str, limit: float) -> Finding:
    quantity = str(diagnostics["quantity"].values[place])
    return Finding(slug, "failure", {"quantity": quantity, "value": value, "limit": f"{limit:g}"})


def weight_findings(
    problem: xr.Dataset, cases: xr.Dataset, clusters: xr.Dataset, observations: xr.Dataset
) -> list[Finding]:
    """Look at what carries the answer: clusters that dominate, observations that idle."""
    found = [*_dominating(problem, cases, clusters)]
    left_out = observations["left_out_db"].values
    spread = left_out.max(axis=1) - left_out.min(axis=1)
    idle = problem["evidence"].values[np.isfinite(spread) & (spread < IDLE_DB)]
    found += [
        Finding(one.slug, "note", {**one.details, "limit": f"{IDLE_DB:g}"}) for one in _listed("idle", "note", idle)
    ]
    gap = clusters["exact_reliability_db"].values - clusters["ledger_db"].sel(stage="reliability").values
    size = np.nan_to_num(gap.max(axis=1) - gap.min(axis=1))
    worst = int(size.argmax())
    details = {"value": f"{size[worst]:.2f}", "cluster": str(clusters["cluster"].values[worst])}
    return [*found, Finding("reliability-mean", "note", details)]


def _dominating(problem: xr.Dataset, cases: xr.Dataset, clusters: xr.Dataset) -> Iterator[Finding]:
    names, labels = problem["hypothesis"].values, clusters["cluster"].values
    case_of = dict(zip(problem["cluster"].values, problem["case_of_cluster"].values, strict=True))
    final = clusters["ledger_db"].sel(stage="reliability").values
    pooled = cases["probability"].sel(pooling="pooled", stat="mean").values
    within: dict[int, list[int]] = {}
    for row, (name, size) in enumerate(zip(labels, clusters["size"].values, strict=True)):
        if size:
            within.setdefault(int(case_of[name]), []).append(row)
    for place, case in enumerate(problem["case"].values):
        leader = sole_leader(pooled[place])
        if leader is None:
            continue
        rival = int(closest_rival(pooled[place])[leader])
        inside = within.get(place, [])
        weights = final[inside, leader] - final[inside, rival]
        whole = float(weights.sum())
        if len(inside) > 1 and whole > 0.0 and weights.max() > DOMINATING_SHARE * whole:
            heavy = int(weights.argmax())
            details = {
                "case": str(case),
                "cluster": str(labels[inside[heavy]]),
                "leader": str(names[leader]),
                "rival": str(names[rival]),
                "whole": f"{whole:z.1f}",
                "rest": f"{whole - float(weights[heavy]):z.1f}",
            }
            yield Finding("dominating", "warning", details)


def replicate_findings(replicates: xr.Dataset) -> list[Finding]:
    """Look for what coders stated and the model hardly ever replicates: posterior predictive p-values near 0 or 1.

    By step there are many p-values, so the limit is divided by their number (Bonferroni). A step is not named where
    the statistic is reported of all that its coder stated: then the table shows on which steps.
    """
    apart = _apart(replicates["p_value"], REPLICATED)
    found = [
        Finding(f"replicates-{replicates['statistic'].values[row]}", "warning", _compared(replicates, "", row, coder))
        for row, coder in np.argwhere(apart.values)
    ]
    by_step = replicates["step_p_value"]
    count = int(by_step.notnull().sum())
    reported = apart.sel(statistic=replicates["step_statistic"].values).values[:, None]
    for row, step, coder in np.argwhere(_apart(by_step, REPLICATED / max(count, 1)).values & ~reported):
        details = _compared(replicates, "step_", row, step, coder)
        details |= {"step": str(replicates["step"].values[step]), "count": str(count)}
        found.append(Finding(f"replicates-step-{replicates['step_statistic'].values[row]}", "warning", details))
    return found


def _apart(p_value: xr.DataArray, limit: float) -> xr.DataArray:
    return (p_value < limit) | (p_value > 1.0 - limit)


def _compared(replicates: xr.Dataset, prefix: str, *where: int) -> dict[str, str]:
    """Write what a finding says of one statistic; `where` ends with the place of the coder."""
    low, _, high = (ends[where] for ends in replicates[f"{prefix}replicated"].values)
    return {
        "coder": str(replicates["coder"].values[where[-1]]),
        "observed": f"{replicates[f'{prefix}observed'].values[where]:.2f}",
        "low": f"{low:.2f}",
        "high": f"{high:.2f}",
        "p": _p_value(float(replicates[f"{prefix}p_value"].values[where])),
    }


def _p_value(value: float) -> str:
    """Write a p-value near 0 or 1 with the digits that a thousand replicates give."""
    return "< 0.001" if value < 0.001 else "> 0.999" if value > 0.999 else f"{value:.3f}"  # noqa: PLR2004
