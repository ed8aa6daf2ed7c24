"""The command that predicts coders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bayestrace.cli import names, options
from bayestrace.cli.files import write_named
from bayestrace.messages import Lang

if TYPE_CHECKING:
    from bayestrace.encoding import Problem
    from bayestrace.panels import Telling


@click.command("predict-coder", short_help="Predict each coder from the others.", context_settings=options.CONTEXT)
@options.STUDY
@click.option(
    "--coder",
    "coders",
    metavar="NAME",
    multiple=True,
    help="Coder to predict; may be repeated; all if not given.",
    shell_complete=names.coders,
)
@click.option(
    "--against",
    metavar="FILE",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Coding that the study does not contain, to predict from all of its coders; may be repeated.",
)
@options.PROFILE
@options.HYPOTHESES
@options.ROUND
@options.DRAWS
@options.CHAINS
@options.SEED
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="CSV file for every weight and its prediction."
)
@options.LANG
@options.JSON
@options.QUIET
def predict_coder(study: Path, lang: Lang, as_json: bool, quiet: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags by name
    """Predict what a coder states from what the other coders state.

    STUDY is the folder that holds study.yaml, or a workbook; the present folder by default. Each coder, or each one
    named, is left out in turn and predicted from a fit of the others; with --against, a coding file that the study
    does not contain is predicted from a fit of all. Prints how many stated weights lie in their 50 % and 90 %
    intervals, the log score and the error in decibels, each beside that of the plain mean of the other coders. Fits
    are kept in the user's cache folder, so that asking again takes seconds.

    \b
    Examples:
      bayestrace predict-coder
      bayestrace predict-coder --coder neutral --coder bargaining --out predicted.csv
      bayestrace predict-coder --against ~/Downloads/wang-weights.csv
      bayestrace predict-coder path/to/study --profile sceptical --lang zh --json

    Exit codes: as for `bayestrace --help`; 4 if the sampler of a fit failed a check.
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import api, prediction  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415

    tell: Callable[[str], None] = (lambda _: None) if quiet else (lambda text: click.echo(text, err=True))
    found = options.study_at(study, given["number"])
    named = {key: given[key] for key in ("draws", "chains", "seed") if given[key] is not None}
    wanted = api.Options(profile=given["profile"], hypotheses=given["hypotheses"], **named)
    forecasts = api.predict_coders(found, wanted, given["coders"], given["against"], telling(lang, tell, quiet=quiet))
    if given["out"]:
        write_named(prediction.as_csv(forecasts), given["out"])
    # Codings from outside are predicted from one fit, whose findings are told once.
    findings = {forecast.others: forecast.findings for forecast in forecasts if forecast.findings}
    if as_json:
        settings = {"draws": wanted.draws, "chains": wanted.chains, "seed": wanted.seed}
        head = {"predict_coder": 1, "study": found.id, "study_digest": found.digest(), "settings": settings}
        head |= {"set": wanted.hypotheses or found.default_set, "profile": wanted.profile}
        written = [given["out"].as_posix()] if given["out"] else []
        click.echo(show.as_json({**head, "coders": prediction.as_data(forecasts), "written": written}))
    else:
        click.echo(show.forecasts(forecasts, found, lang))
        click.echo("\n" + say("forecast-legend", lang))
        for others, told in findings.items():
            click.echo("\n" + say("panel", lang, coders=say("comma", lang).join(others)))
            click.echo(show.findings(told, found, lang))
        if given["out"]:
            click.echo("\n" + say("forecast-written", lang, path=given["out"]))
    if any(finding.level == "failure" for told in findings.values() for finding in told):
        tell(say("forecast-failed", lang))
        click.get_current_context().exit(options.EXIT_CHECK)


def telling(lang: Lang, tell: Callable[[str], None], *, quiet: bool) -> Telling:
    """Tell of each panel's fit on stderr: who is in it, and how the draws get on."""
    from bayestrace.cli.progress import Ticker  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.panels import Telling  # noqa: PLC0415

    ticker = Ticker(lang, quiet=quiet)

    def begun(problem: Problem) -> None:
        nonlocal ticker
        coders = say("comma", lang).join(map(str, problem["coder"].values))
        tell(say("fit-begun", lang, coders=coders, set=problem.attrs["set"], count=int(problem["weighs"].sum())))
        ticker = Ticker(lang, quiet=quiet)

    def progress(done: int, total: int) -> None:
        ticker(done, total)

    return Telling(
        begun=begun,
        progress=progress,
        compiling=lambda: tell(say("compiling", lang)),
        returned=Ticker(lang, quiet=quiet, key="fits-elsewhere"),
    )
