"""The commands, and how errors become exit codes."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import click

from bayestrace import __version__
from bayestrace.cli import options
from bayestrace.cli.calibrate import calibrate
from bayestrace.cli.compare import compare_results
from bayestrace.cli.doctor import doctor
from bayestrace.cli.foresee import predict
from bayestrace.cli.predict import predict_coder
from bayestrace.cli.report import report_result
from bayestrace.cli.seek import seek
from bayestrace.cli.sensitivity import sensitivity
from bayestrace.cli.verify import verify_result
from bayestrace.messages import Lang

EXIT_BUG, EXIT_INTERRUPTED = 1, 130


class Program(click.Group):
    """The program: every fault that a user can meet ends in a sentence and an exit code, never in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command and word what goes wrong."""
        lang: Lang = "zh" if "zh" in ctx.args or "--lang=zh" in ctx.args or "zh" in ctx._protected_args else "en"  # noqa: SLF001
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            from bayestrace.cli.words import say  # noqa: PLC0415

            click.echo("\n" + say("interrupted", lang), err=True)
            ctx.exit(EXIT_INTERRUPTED)
        except Exception as fault:  # noqa: BLE001 - the last resort before the user
            ctx.exit(_tell(fault, lang))


def _tell(fault: Exception, lang: Lang) -> int:
    """Say what went wrong on stderr and return the exit code."""
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.errors import BayestraceError, StudyFaults  # noqa: PLC0415

    if isinstance(fault, StudyFaults):
        click.echo(fault.text(lang), err=True)
        click.echo(say("faults", lang, count=len(fault.faults)), err=True)
    elif isinstance(fault, BayestraceError):
        click.echo(f"{say('error', lang)}: {fault.text(lang)}", err=True)
    else:
        traceback.print_exception(fault, file=sys.stderr)
        click.echo(say("bug", lang, fault=type(fault).__name__), err=True)
        return EXIT_BUG
    return fault.exit_code


@click.group(cls=Program, context_settings=options.CONTEXT, no_args_is_help=True)
@click.version_option(__version__, prog_name="bayestrace")
def main() -> None:
    """Weigh the evidence of a few cases: Bayesian process tracing with several coders.

    A study is a folder of text files: hypotheses, cases, evidence, what coders said of it, priors; or the one file as
    which a report hands its study out. `check` reads it and lists all faults; `update` works out how far each
    explanation is borne out, and writes a report; `report` writes it again, in another language, in both or elsewhere;
    `sensitivity` says what one would have to believe for the answer to be different; `predict` says what would explain
    a case not yet seen, and from which cases that is borrowed; `predict-coder` predicts each coder from the others, and
    says how well that goes; `calibrate` simulates studies like this one, and says how often the answer is right;
    `compare` holds two results against each other, and says what changed and what did it; `seek` says what to look
    for next; `verify` says whether a result is whole, and of the study as it is;
    `doctor` looks at this machine.

    \b
    Examples:
      bayestrace check
      bayestrace update
      bayestrace update path/to/study --profile sceptical --lang zh
      bayestrace report --lang zh --open
      bayestrace sensitivity
      bayestrace predict --case FACTOR=GROUP,FACTOR=new
      bayestrace predict-coder
      bayestrace calibrate --studies 200
      bayestrace seek
      bayestrace verify reports/SET-PROFILE

    Exit codes: 0 fine; 1 a bug; 2 wrong usage; 3 the study has faults; 4 a result was written but a check
    failed; 5 a file could not be read or written; 130 interrupted.
    """  # noqa: D301 - \b keeps click from joining the lines


@main.command(context_settings=options.CONTEXT)
@options.STUDY
@options.LANG
@options.JSON
def check(study: Path, lang: Lang, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Read a study and list every fault in it.

    STUDY is the folder that holds study.yaml; the present folder by default. Each fault is one line: file, line,
    column, what was found, what was expected, what to do.

    \b
    Examples:
      bayestrace check
      bayestrace check path/to/study --lang zh
    """  # noqa: D301
    from bayestrace.cli.show import as_json as dump  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.errors import StudyFaults  # noqa: PLC0415
    from bayestrace.reading import read_study  # noqa: PLC0415

    try:
        found = read_study(study)
    except StudyFaults as fault:
        if not as_json:
            raise
        faults = [
            {"file": one.path, "line": one.line, "column": one.column, "slug": one.slug, "text": one.text(lang)}
            for one in fault.faults
        ]
        click.echo(dump({"check": 1, "faults": faults}))
        click.get_current_context().exit(fault.exit_code)
    counts = {
        "evidence": len(found.evidence),
        "cases": len(found.cases),
        "coders": len(found.codings),
        "sources": len(found.sources),
        "profiles": len(found.profiles),
    }
    sought = {
        "clues": len(found.clues),
        "searches": sum(each.state != "not-sought" for each in found.searches),
        "candidates": len(found.candidates),
    }
    sought = {name: count for name, count in sought.items() if count or (name == "searches" and found.clues)}
    if as_json:
        click.echo(dump({"check": 1, "faults": [], **counts, **sought}))
        return
    said = [say("sound", lang, folder=study, **counts)]
    said += [say("sound-clues", lang, **sought)] if found.clues else []
    said += [say("sound-candidates", lang, **sought)] if found.candidates else []
    click.echo(("" if lang == "zh" else " ").join(said))


@main.command(context_settings=options.CONTEXT)
@options.STUDY
@options.PROFILE
@options.HYPOTHESES
@click.option("--face-value", is_flag=True, help="Only add the stated weights up; no model, no sampling.")
@click.option("--coders", metavar="A,B,...", help="Coders to include; all if not given.")
@options.DRAWS
@options.CHAINS
@options.SEED
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to.  [default: reports/SET-PROFILE in the study]",
)
@options.PAGE_LANG
@options.JSON
@options.QUIET
def update(study: Path, as_json: bool, quiet: bool, **given: Any) -> None:  # noqa: FBT001 - as in check
    """Update a study's explanations on its evidence, and write the report.

    STUDY is the folder that holds study.yaml; the present folder by default. Prints each case by explanation: face
    value, the model's answer without and with pooling across cases, and the weight of evidence in decibels against
    the closest rival. Writes report.html, posterior.nc, summary.json and manifest.json.

    \b
    Examples:
      bayestrace update
      bayestrace update --profile sceptical --hypotheses extended
      bayestrace update --face-value
      bayestrace update --coders neutral,bargaining --draws 2000
      bayestrace update path/to/study --lang zh --out /tmp/result
    """  # noqa: D301
    from bayestrace import api  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.progress import Ticker  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415

    tell: Callable[[str], None] = (lambda _: None) if quiet else (lambda text: click.echo(text, err=True))
    lang, other = options.languages(given["lang"])
    found = api.read_study(study)
    wanted = _options(given)
    target = given["out"] or api.results_of(study) / f"{wanted.hypotheses or found.default_set}-{wanted.profile}"
    inputs = api.input_files(study)
    tree = api.update(found, wanted, Ticker(lang, quiet=quiet), lambda: tell(say("compiling", lang)))
    tell(say("writing", lang, folder=target))
    files = api.write_result(tree, target, inputs, lang, other)
    findings = api.findings_of(tree)
    summary = api.summary_of(tree)
    if as_json:
        click.echo(show.as_json({**summary, "written": [path.as_posix() for path in files]}))
    else:
        click.echo(show.table(summary, found, lang))
        if "clues" in summary and (said := show.clues(summary, found, lang)):
            click.echo("\n" + said)
        click.echo("\n" + show.sentence(summary, found, lang))
        if found.notice:
            click.echo(found.notice(lang))
        if findings:
            click.echo("\n" + show.findings(findings, found, lang))
        click.echo("\n" + say("written", lang, folder=target, files=", ".join(path.name for path in files)))
        click.echo(say("open", lang, path=target / "report.html"))
    if any(finding.level == "failure" for finding in findings):
        tell(say("failed", lang))
        click.get_current_context().exit(options.EXIT_CHECK)


def _options(given: dict[str, Any]) -> Any:
    """Collect the options; what was not given keeps the default that the API declares."""
    from bayestrace.api import Options  # noqa: PLC0415

    coders = cast("str | None", given["coders"])
    named = {key: given[key] for key in ("draws", "chains", "seed") if given[key] is not None}
    return Options(
        profile=given["profile"],
        hypotheses=given["hypotheses"],
        face_value=given["face_value"],
        coders=tuple(name.strip() for name in coders.split(",") if name.strip()) if coders is not None else None,
        **named,
    )


main.add_command(report_result)
main.add_command(sensitivity)
main.add_command(predict)
main.add_command(predict_coder)
main.add_command(calibrate)
main.add_command(compare_results)
main.add_command(seek)
main.add_command(verify_result)
main.add_command(doctor)
