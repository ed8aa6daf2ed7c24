"""The verbs: read a study, update on its evidence, write what came of it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from bayestrace import checks, mechanism, pattern
from bayestrace.agreement import stated
from bayestrace.caches import cache, compile_cache
from bayestrace.checks import Finding
from bayestrace.encoding import Problem
from bayestrace.errors import UsageFault, unknown
from bayestrace.excerpt import chosen
from bayestrace.folder import write_public, write_report, write_result
from bayestrace.messages import Lang
from bayestrace.posed import CHAINS, DRAWS, SEED, Drawn, Options, Posed, draw, draw_elsewhere, pose, profile_of
from bayestrace.reading import read_further, read_study
from bayestrace.stamp import stamp
from bayestrace.study import Study
from bayestrace.study.private import without_private
from bayestrace.summary import summary_of

if TYPE_CHECKING:
    from bayestrace.inference.answer import Draws
    from bayestrace.inference.sampling import Progress
    from bayestrace.panels import Telling
    from bayestrace.prediction import Forecast

#: What of a study's folder belongs to the study: files and folders.
INPUTS = ("study.yaml", "candidates.yaml", "evidence", "priors")
#: Languages in which findings are kept.
LANGS: tuple[Lang, ...] = ("en", "zh")
# Cases whose probabilities are diagnosed, at most; evenly spaced where there are more.
_DIAGNOSED = 200
# Cases up to which it is kept of every two whether they share their explanation; of more, of those that a page shows in
# full with every other: all pairs of 20,000 would be 6 GB.
_PAIRED = 1_000

__all__ = [
    "CHAINS",
    "DRAWS",
    "SEED",
    "Drawn",
    "Options",
    "Posed",
    "compile_cache",
    "conclude",
    "draw",
    "draw_elsewhere",
    "pose",
    "predict_coders",
    "profile_of",
    "read_study",
    "summary_of",
    "update",
    "write_public",
    "write_report",
    "write_result",
]


def predict_coders(
    study: Study,
    options: Options,
    coders: Sequence[str] = (),
    against: Sequence[Path] = (),
    telling: Telling | None = None,
) -> list[Forecast]:
    """Predict coders from one another, or codings that the study does not contain from all of its coders.

    Parameters
    ----------
    study
        As `read_study` gives it.
    options
        Standpoint, hypotheses, sampling.
    coders
        Whom to leave out and predict; every coder if empty.
    against
        Coding files to predict instead, as `bayestrace.reading.read_further` reads them.
    telling
        Whom to tell how the fits get on.

    Raises
    ------
    UsageFault
        An unknown profile, set or coder; coders named together with files; or nobody to predict.
    StudyFaults
        With every fault of the files.
    """
    from bayestrace import prediction  # noqa: PLC0415 - scipy is slow to import
    from bayestrace.panels import Settings  # noqa: PLC0415

    compile_cache()
    profile = profile_of(study, options.profile)
    settings = Settings(options.draws, options.chains, options.seed)
    kept = cache("panels")
    for name in coders:
        if name not in {coding.coder for coding in study.codings}:
            raise unknown("coder", name, [coding.coder for coding in study.codings])
    if coders and against:
        raise UsageFault("coder-and-against")
    if against:
        codings = read_further(study, against)
        return prediction.newcomers(
            study, profile, options.hypotheses, codings, settings=settings, cache=kept, telling=telling
        )
    return prediction.left_out(
        study, profile, options.hypotheses, coders or None, settings=settings, cache=kept, telling=telling
    )


def update(
    study: Study,
    options: Options,
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
) -> xr.DataTree:
    """Update a study's explanations on its evidence: pose it, draw, conclude.

    Parameters
    ----------
    study, options
        As for `pose`.
    progress, on_compile
        As for `draw`.

    Returns
    -------
    DataTree
        As `conclude` gives it.

    Raises
    ------
    UsageFault
        As `pose` does.
    """
    posed = pose(study, options)
    return conclude(posed, draw(posed, progress, on_compile))


def conclude(posed: Posed, drawn: Drawn) -> xr.DataTree:
    """Make the result of a study from its draws.

    Parameters
    ----------
    posed
        As `pose` gives it.
    drawn
        Its draws, made here (`draw`) or elsewhere (`draw_elsewhere`).

    Returns
    -------
    DataTree
        The layout of docs/results.md; `kind` is `face-value` where that was asked for, or where one coder stated
        no range, so that nothing can be learned about noise.
    """
    from bayestrace.inference import answer, theories  # noqa: PLC0415 - scipy and xarray are slow to import

    study, options, problem, kind = posed.study, posed.options, posed.problem, posed.kind
    face = answer.face_value(problem)
    observation_db = face["observation_db"]
    coders = stated.coders(problem)
    groups: dict[str, xr.Dataset] = {
        "problem": problem,
        "face_value": face,
        "mechanism": mechanism.mechanism(study, problem, observation_db),
        "tests": stated.kinds_of_test(problem, observation_db),
    }
    if study.theories:
        groups["theories"] = theories.of_face_value(problem, face)
    findings = checks.study_findings(study, problem, posed.repeated)
    if kind == "face-value":
        slug = "nothing-learned" if posed.silent and not options.face_value else "face-value"
        findings.insert(0, Finding(slug, "warning"))
        groups["coders"] = coders
    else:
        learned = xr.Dataset()
        if kind == "clues":
            fitted, more = _search(study, problem, drawn.get("main"))
        else:
            fitted, learned, more = _fit(study, problem, options, drawn["main"])
        if study.theories:
            groups["theories"] = groups["theories"].merge(fitted.pop("theories"))
        groups |= fitted
        groups["coders"] = coders.merge(learned)
        findings = [*more, *findings]
    if posed.beside is not None:
        draws, read, more = _sought(posed.beside, drawn.get("beside"))
        groups["clues"] = read["clues"].assign(probability=(("case", "hypothesis"), draws.pooled.mean(axis=0)))
        findings += more
    if "clues" in groups:
        reading = "alone" if kind == "clues" else study.clue_reading
        groups["clues"] = groups["clues"].merge(pattern.pattern(study)).assign_attrs(reading=reading)
    tree = xr.DataTree.from_dict(groups)
    sampled = {name: getattr(options, name) for name in ("draws", "chains", "seed", "sampler")}
    tree.attrs = stamp(study, problem, posed.profile, kind, sampled, groups.get("sample_stats"))
    shown = without_private(study)
    texts = [{lang: finding.text(shown, lang) for lang in LANGS} for finding in findings]
    entries = [{**asdict(finding), "text": text} for finding, text in zip(findings, texts, strict=True)]
    tree.attrs["findings"] = json.dumps(entries, ensure_ascii=False)
    return tree


def _fit(
    study: Study, problem: Problem, options: Options, drawn: xr.DataTree
) -> tuple[dict[str, xr.Dataset], xr.Dataset, list[Finding]]:
    from bayestrace.inference import answer, clues, ledger, replicates, searches, theories  # noqa: PLC0415 - as above

    posterior, stats = _groups(drawn)
    theta = ledger.hyperparameters(posterior)
    draws = answer.draws_of(problem, posterior)
    step_of = np.array([item.step for item in study.evidence])
    groups = {
        "posterior": posterior,
        "sample_stats": stats,
        **_of_cases(draws),
        "clusters": ledger.clusters(problem, theta),
        "observations": ledger.observations(problem, theta),
        "steps": ledger.steps(problem, theta, step_of, list(study.mechanism.steps)),
    }
    groups["replicates"] = replicates.replicates(
        problem, posterior, step_of=list(step_of), steps=list(study.mechanism.steps), seed=options.seed
    )
    if study.theories:
        groups["theories"] = theories.of_draws(problem, draws.unpooled, draws.pooled)
    if clues.in_problem(problem):
        groups["clues"] = searches.describe(problem, None, posterior)
    groups["diagnostics"], findings = _judged(posterior, stats, draws, _by_nuts(study, options))
    findings += checks.pooling_findings(problem)
    findings += checks.weight_findings(problem, groups["cases"], groups["clusters"], groups["observations"])
    findings += checks.replicate_findings(groups["replicates"])
    if problem.sizes["coder"] == 1:
        findings.append(Finding("one-coder", "note"))
    pairs = stated.aligned(problem)
    findings += [Finding("coders-aligned", "failure", {"coder": one, "other": other}) for one, other in pairs]
    if problem.attrs["selectivity"] > 0.0:
        findings.append(Finding("reports-not-counted", "note"))
    return groups, ledger.coder_groups(problem, theta), findings


def _search(study: Study, problem: Problem, drawn: xr.DataTree | None) -> tuple[dict[str, xr.Dataset], list[Finding]]:
    """Update a study that has nothing but clues."""
    from bayestrace.inference import theories  # noqa: PLC0415 - scipy is slow to import

    draws, groups, findings = _sought(problem, drawn)
    groups |= _of_cases(draws)
    if study.theories:
        groups["theories"] = theories.of_draws(problem, draws.unpooled, draws.pooled)
    return groups, findings


def _of_cases(draws: Draws) -> dict[str, xr.Dataset]:
    """Say what draws come to for each case, for all together, and for one not yet seen."""
    from bayestrace.inference import answer  # noqa: PLC0415 - as above

    cases, too = answer.cases(draws), None
    if draws.problem.sizes["case"] > _PAIRED:
        led = cases["probability"].sel(pooling="pooled", stat="mean").max("hypothesis").values
        sizes = np.bincount(draws.problem["case_of_evidence"].values, minlength=led.size)
        too = chosen(led, sizes)
    return {"cases": cases, "joint": answer.joint(draws, too), "prediction": answer.prediction(draws)}


def _sought(problem: Problem, drawn: xr.DataTree | None) -> tuple[Draws, dict[str, xr.Dataset], list[Finding]]:
    """Work out what clues alone say: exactly where that can be, from draws elsewhere."""
    from bayestrace.inference import answer, searches  # noqa: PLC0415 - as above

    if drawn is None:
        exact = searches.exact(problem)
        return exact, {"clues": searches.describe(problem, exact, None)}, []
    posterior, stats = _groups(drawn)
    draws = answer.draws_of(problem, posterior)
    diagnostics, findings = _judged(posterior, stats, draws)
    described = searches.describe(problem, None, posterior)
    groups = {"posterior": posterior, "sample_stats": stats, "clues": described, "diagnostics": diagnostics}
    return draws, groups, findings


def _groups(drawn: xr.DataTree) -> tuple[xr.Dataset, xr.Dataset]:
    return drawn["posterior"].to_dataset(), drawn["sample_stats"].to_dataset()


def _by_nuts(study: Study, options: Options) -> str:
    """Write the command that draws the same result by NUTS."""
    parts = ["bayestrace", "update", "--profile", options.profile]
    parts += ["--hypotheses", options.hypotheses] if options.hypotheses is not None else []
    parts += ["--coders", ",".join(options.coders)] if options.coders is not None else []
    parts += ["--round", str(study.round)] if study.round > 1 else []
    for name in ("draws", "chains", "seed"):
        parts += [f"--{name}", str(getattr(options, name))]
    return shlex.join([*parts, "--sampler", "nuts"])


def _judged(posterior: xr.Dataset, stats: xr.Dataset, draws: Draws, nuts: str = "") -> tuple[xr.Dataset, list[Finding]]:
    """Say whether the draws can be trusted."""
    from bayestrace.inference import answer, sampling  # noqa: PLC0415 - as above

    quantities = posterior.drop_vars("case_loglik").merge(answer.quantities(draws))
    # Of very many cases every so many are looked at: each is a mean over the same draws.
    apart = max(1, -(-quantities.sizes["case"] // _DIAGNOSED))
    found = sampling.diagnose(quantities.isel(case=slice(None, None, apart)))
    return found, checks.sampling_findings(found, stats, nuts)


def findings_of(tree: xr.DataTree) -> list[Finding]:
    """Read the findings of a result."""
    return [Finding(entry["slug"], entry["level"], entry["details"]) for entry in json.loads(tree.attrs["findings"])]


def results_of(study: Path) -> Path:
    """Say where results of a study go: into its folder, or beside it where it is one file."""
    return (study.parent if study.is_file() else study) / "reports"


def result_name(study: Study, options: Options) -> str:
    """Name the folder of a result: set and standpoint, and the round of coding where it is not the first."""
    later = f"-round-{study.round}" if study.round > 1 else ""
    return f"{options.hypotheses or study.default_set}-{options.profile}{later}"


def input_paths(folder: Path, names: Sequence[str] = INPUTS) -> dict[str, Path]:
    """Find the files of a study folder, by their path in it; of a study in one file, that file by its name."""
    if folder.is_file():
        return {folder.name: folder}
    files = [
        path
        for name in names
        for path in ([folder / name] if (folder / name).is_file() else (folder / name).rglob("*"))
    ]
    kept = [
        path
        for path in files
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and not path.suffix.startswith(".bak")  # what a coding took the place of
    ]
    return {path.relative_to(folder).as_posix(): path for path in sorted(kept)}


def input_files(folder: Path, names: Sequence[str] = INPUTS) -> dict[str, bytes]:
    """Read the files that `input_paths` finds."""
    return {name: path.read_bytes() for name, path in input_paths(folder, names).items()}
