"""The command that simulates studies of a design and says how often the engine is right."""

from __future__ import annotations

import os
import platform
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bayestrace.cli import names, options
from bayestrace.messages import Lang

if TYPE_CHECKING:
    from bayestrace.calibration.page import Made
    from bayestrace.calibration.run import Plan, Record
    from bayestrace.calibration.verdict import Verdict
    from bayestrace.study import Study

#: Version of the layout of calibration.json.
FORMAT = 1
_SEED = 1
_LIBRARIES = ("numba", "numpy", "pymc", "pytensor", "scipy", "xarray")
_EVERY = 0.2  # seconds between two drawings of the line


@click.command(
    "calibrate",
    short_help="Simulate studies like this one: how often is the answer right?",
    context_settings=options.CONTEXT,
)
@options.STUDY
@click.option(
    "--studies",
    type=click.IntRange(min=2, max=999_999),
    default=200,
    show_default=True,
    help="How many studies to simulate.",
)
@click.option(
    "--jobs", type=click.IntRange(min=1, max=256), help="Processes at work at once.  [default: one per processor]"
)
@options.SCHEDULER
@options.SEED
@options.PROFILE
@options.HYPOTHESES
@click.option("--coders", metavar="A,B,...", help="Coders to simulate; all if not given.", shell_complete=names.coders)
@click.option(
    "--redundancy",
    type=click.Choice(["averaged", "drawn"]),
    default="averaged",
    show_default=True,
    help="Draw studies with redundancy averaged, as the model takes it, or drawn from what is stated of it.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to.  [default: reports/calibration-SET-PROFILE in the study]",
)
@options.LANG
@options.JSON
@options.QUIET
def calibrate(study: Path, lang: Lang, as_json: bool, quiet: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags by name
    """Simulate studies like this one, and see how often the answer is right.

    STUDY is the folder that holds study.yaml, or a workbook; the present folder by default. Simulates studies with the
    cases, observations, clusters and coders of this one, so that the truth is known; analyses each as if it were real;
    and holds what is said against what is so, for the model and for face value. The weights in the study are not
    looked at. Writes calibration.html, calibration.json and calibration.npz. A study takes seconds to simulate and
    fit; they are kept as they come, so that the same command goes on where it was stopped, and a greater --studies
    adds to them.

    \b
    Examples:
      bayestrace calibrate
      bayestrace calibrate path/to/study --studies 1000 --jobs 8
      bayestrace calibrate --profile sceptical --redundancy drawn --lang zh

    Exit codes: as for `bayestrace --help`; 0 too where something departs further than chance allows, which is said.
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import api, encoding, farm  # noqa: PLC0415
    from bayestrace.calibration import run  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.errors import UsageFault  # noqa: PLC0415

    tell: Callable[[str], None] = (lambda _: None) if quiet else (lambda text: click.echo(text, err=True))
    if given["scheduler"] and given["jobs"]:
        raise UsageFault("scheduler-and-jobs")
    found = api.read_study(study)
    profile = api.profile_of(found, given["profile"])
    coders = [name.strip() for name in given["coders"].split(",") if name.strip()] if given["coders"] else None
    problem = encoding.encode(found, profile, given["hypotheses"], coders)
    if not problem["weighs"].values.any():
        raise UsageFault("calibration-nothing")
    seed = _SEED if given["seed"] is None else given["seed"]
    plan = run.Plan(problem, given["studies"], seed, given["redundancy"])
    target = given["out"] or api.results_of(study) / f"calibration-{problem.attrs['set']}-{profile.id}"
    api.compile_cache()
    progress = _Progress(lang, quiet=quiet)
    try:
        with farm.connected(given["scheduler"]) as workers:
            run.run(
                plan,
                target / "shards",
                jobs=given["jobs"] or os.cpu_count() or 1,
                progress=progress,
                on_compile=lambda: tell(say("compiling", lang)),
                farm=workers,
            )
    except KeyboardInterrupt:
        click.echo("\n" + say("calibration-interrupted", lang, folder=target), err=True)
        click.get_current_context().exit(options.EXIT_INTERRUPTED)
    record = run.load(plan, target / "shards")
    verdict = _judge(plan, record)
    made = _made(plan, found, profile.id, _command(study, plan, given), lang)
    summary = _summary(plan, found, made, verdict, profile.id)
    files = _write(target, summary, record, (verdict, made, lang))
    if as_json:
        click.echo(_json({**summary, "written": [path.as_posix() for path in files]}))
        return
    from bayestrace.calibration.page import answer  # noqa: PLC0415

    click.echo("\n".join(answer(verdict, made, lang)))
    click.echo("\n" + say("written", lang, folder=target, files=", ".join(path.name for path in files)))
    click.echo(say("open", lang, path=target / "calibration.html"))


def _judge(plan: Plan, record: Record) -> Verdict:
    from bayestrace.calibration import run, verdict  # noqa: PLC0415

    problem = plan.problem
    names = ("case", "hypothesis", "coder")
    labels = verdict.Labels(*([str(name) for name in problem[axis].values] for axis in names))
    return verdict.judge(record, problem["prior"].values, labels, ranked_among=run.RANKED)


def _made(plan: Plan, study: Study, profile: str, command: str, lang: Lang) -> Made:
    """Say what was simulated, in the language of the page."""
    import importlib.metadata  # noqa: PLC0415

    from bayestrace import __version__  # noqa: PLC0415
    from bayestrace.calibration import run  # noqa: PLC0415
    from bayestrace.calibration.page import Made  # noqa: PLC0415
    from bayestrace.inference import repeated  # noqa: PLC0415

    problem, chosen = plan.problem, study.sets[plan.problem.attrs["set"]]
    named = f" ({chosen.name(lang)})" if chosen.name else ""
    hypotheses = map(str, problem["hypothesis"].values)
    coders = map(str, problem["coder"].values)
    return Made(
        title=study.title(lang),
        set=f"{problem.attrs['set']}{named}",
        profile=f"{profile} ({study.profiles[profile].name(lang)})",
        cases={name: case.name(lang) for name, case in study.cases.items()},
        hypotheses={name: study.hypotheses[name].name(lang) for name in hypotheses},
        coders={name: study.coders[name].name(lang) for name in coders},
        seed=plan.seed,
        redundancy=plan.redundancy,
        settings={
            "tune": run.TUNE,
            "draws": run.DRAWS,
            "thin": run.THIN,
            "target_accept": repeated.TARGET_ACCEPT,
        },
        study_digest=study.digest(),
        design_digest=plan.digest(),
        version=__version__,
        versions={"python": platform.python_version()}
        | {name: importlib.metadata.version(name) for name in _LIBRARIES},
        command=command,
    )


def _command(study: Path, plan: Plan, given: dict[str, Any]) -> str:
    """Write the command that gives the same studies again."""
    parts = ["bayestrace", "calibrate", study.as_posix(), "--studies", str(plan.studies), "--seed", str(plan.seed)]
    parts += ["--profile", given["profile"], "--redundancy", plan.redundancy]
    for name in ("hypotheses", "coders"):
        parts += [f"--{name}", given[name]] if given[name] else []
    return shlex.join(parts)


def _summary(plan: Plan, study: Study, made: Made, verdict: Verdict, profile: str) -> dict[str, Any]:
    from bayestrace.calibration.verdict import as_data  # noqa: PLC0415

    return {
        "calibration": FORMAT,
        "bayestrace": made.version,
        "study": study.id,
        "study_digest": made.study_digest,
        "design_digest": made.design_digest,
        "set": plan.problem.attrs["set"],
        "profile": profile,
        "coders": list(made.coders),
        "redundancy": plan.redundancy,
        "seed": plan.seed,
        "settings": made.settings,
        "versions": made.versions,
        "command": made.command,
        **as_data(verdict),
    }


def _write(folder: Path, summary: dict[str, Any], record: Record, page: tuple[Verdict, Made, Lang]) -> Sequence[Path]:
    """Write the three files, each wholly or not at all."""
    from bayestrace import results  # noqa: PLC0415
    from bayestrace.calibration.page import render  # noqa: PLC0415
    from bayestrace.errors import InputOutputFault  # noqa: PLC0415

    html, data, arrays = (folder / f"calibration.{kind}" for kind in ("html", "json", "npz"))
    try:
        results.write_text(render(*page), html)
        results.write_text(_json(summary) + "\n", data)
        results.write_arrays(record, arrays)
    except OSError as fault:
        raise InputOutputFault("no-writing", path=folder, reason=fault.strerror or fault) from fault
    return html, data, arrays


def _json(value: dict[str, Any]) -> str:
    from bayestrace.cli.show import as_json  # noqa: PLC0415

    return as_json(value)


class _Progress:
    """A line on stderr that renews itself, or a line each tenth without a terminal; with the time that is left."""

    def __init__(self, lang: Lang, *, quiet: bool) -> None:
        self._lang = lang
        self._quiet = quiet
        self._live = sys.stderr.isatty()
        self._start = time.monotonic()
        self._last = 0.0
        self._tenth = 0
        self._before: int | None = None

    def __call__(self, done: int, total: int) -> None:
        """Tell that `done` of `total` studies are done, of which the first call says how many were before."""
        now = time.monotonic()
        if self._before is None:
            self._before, self._tenth = done, 10 * done // total
        finished, tenth = done == total, 10 * done // total
        if self._quiet or not (now - self._last > _EVERY or finished if self._live else tenth > self._tenth):
            return
        self._last, self._tenth = now, tenth
        text = self._text(done, total, now - self._start)
        sys.stderr.write(f"\r{text}\x1b[K" + ("\n" if finished else "") if self._live else f"{text}\n")
        sys.stderr.flush()

    def _text(self, done: int, total: int, elapsed: float) -> str:
        from bayestrace.cli.words import say  # noqa: PLC0415

        fresh = done - (self._before or 0)
        if not fresh or done == total:
            return say("simulating", self._lang, done=done, total=total)
        left = elapsed / fresh * (total - done) / 60.0
        return say("simulating-left", self._lang, done=done, total=total, minutes=f"{max(left, 1.0):.0f}")
