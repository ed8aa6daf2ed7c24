"""The command that says how far the coders agree, and what they should discuss."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bayestrace.cli import options
from bayestrace.cli.files import write_named
from bayestrace.messages import Lang

if TYPE_CHECKING:
    import xarray as xr

    from bayestrace.agreement.run import Wanted
    from bayestrace.api import Options
    from bayestrace.study import PriorProfile, Study

#: Version of the layout that --json prints.
FORMAT = 1


@click.command(
    "agreement", short_help="Say how far the coders agree, and what to discuss.", context_settings=options.CONTEXT
)
@options.STUDY
@options.PROFILE
@options.HYPOTHESES
@options.ROUND
@click.option(
    "--no-refits", is_flag=True, help="Fit nothing: what only a fit can tell is taken at face value or left out."
)
@click.option(
    "--weight",
    "weights",
    metavar="CODER=NUMBER",
    multiple=True,
    help="Relative weight of a coder in the pools, 1 if not given; may be repeated.",
)
@click.option("--anonymous", is_flag=True, help="Call the coders A, B, C wherever they are shown.")
@click.option(
    "--csv", "table", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="CSV file for the worklist."
)
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Page to print: the worklist with the coders' reasons side by side.",
)
@click.option(
    "--items", type=click.IntRange(min=1), default=20, show_default=True, help="Observations on the page, at most."
)
@options.LANG
@options.JSON
@options.QUIET
def agreement(study: Path, lang: Lang, as_json: bool, quiet: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags by name
    """Say how far the coders agree, who leans where, and what they should discuss first.

    STUDY is the folder that holds study.yaml; the present folder by default. Prints Krippendorff's alpha and intraclass
    correlations of the weights of the focal explanation, how often coders favour the same side, their spread in
    decibels by step, case and type of source, and each coder's leaning; what follows from each coder alone, from the
    linear and the logarithmic pool of these opinions and from the model; the answer without each coder; and the
    worklist: the observations on which whose statement holds matters most to the answer. Where the study has a later
    round of coding, both rounds are shown side by side.

    Takes the last result of this set and profile and what `sensitivity` added to it; what is missing is fitted, each
    panel of coders once, and kept in the user's cache folder. Nothing is written but what --csv and --html name.

    \b
    Examples:
      bayestrace agreement
      bayestrace agreement --no-refits --html discuss.html --anonymous
      bayestrace agreement --round 2 --csv worklist.csv
      bayestrace agreement path/to/study --weight neutral=2 --lang zh

    Exit codes: as for `bayestrace --help`.
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace.agreement import run  # noqa: PLC0415
    from bayestrace.agreement.wording import say  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.agreement_show import Shown  # noqa: PLC0415
    from bayestrace.study.private import without_private  # noqa: PLC0415

    tell: Callable[[str], None] = (lambda _: None) if quiet else (lambda text: click.echo(text, err=True))
    found_study = options.study_at(study, given["number"])
    wanted = _wanted(found_study, study, given, (lang, tell, quiet))
    found = run.analyse(found_study, wanted)
    blind = given["anonymous"]
    if blind:
        found = run.anonymous(found, found_study.digest())
    shown = without_private(found_study)
    files = _write(found, shown, given, lang)
    if as_json:
        head = {"agreement": FORMAT, "study": found_study.id, "study_digest": found_study.digest()}
        head |= {"set": given["hypotheses"] or found_study.default_set, "profile": given["profile"]}
        click.echo(show.as_json({**head, **found, "written": [path.as_posix() for path in files]}))
        return
    click.echo(Shown(found, shown, lang, blind=blind).text())
    if found_study.notice:
        click.echo("\n" + found_study.notice(lang))
    if files:
        click.echo("\n" + say("written", lang, files=", ".join(path.as_posix() for path in files)))


def _wanted(study: Study, path: Path, given: dict[str, Any], told: tuple[Lang, Callable[[str], None], bool]) -> Wanted:
    """Say what is asked: with the last result where one fits, and with the means to fit what it lacks."""
    from bayestrace import api  # noqa: PLC0415
    from bayestrace.agreement import run  # noqa: PLC0415
    from bayestrace.caches import cache  # noqa: PLC0415
    from bayestrace.cli.predict import telling  # noqa: PLC0415
    from bayestrace.cli.progress import Ticker  # noqa: PLC0415
    from bayestrace.panels import Settings  # noqa: PLC0415
    from bayestrace.sensitivity.leftout import Fits  # noqa: PLC0415

    lang, tell, quiet = told
    api.compile_cache()
    asked = api.Options(given["profile"], given["hypotheses"])
    profile = api.profile_of(study, asked.profile)
    tree, settings = _result(study, path, asked, profile)
    fits = None if given["no_refits"] else Fits(Settings(*settings), cache("panels"), telling(lang, tell, quiet=quiet))
    return run.Wanted(
        profile=profile,
        hypothesis_set=given["hypotheses"],
        result=tree,
        fits=fits,
        weights=dict(_weights(given["weights"])),
        tell=Ticker(lang, quiet=quiet, key="evaluating"),
    )


def _result(
    study: Study, path: Path, asked: Options, profile: PriorProfile
) -> tuple[xr.DataTree | None, tuple[int, int, int]]:
    """Open the last result where one is of the study as it is; give the sampler's settings, its own or the defaults."""
    import json  # noqa: PLC0415

    from bayestrace import api, results, stamp  # noqa: PLC0415
    from bayestrace.errors import InputOutputFault  # noqa: PLC0415

    default = (asked.draws, asked.chains, asked.seed)
    hypothesis_set = asked.hypotheses or study.default_set
    try:
        tree = results.load(api.results_of(path) / api.result_name(study, asked) / results.FILE)
    except InputOutputFault:
        return None, default
    if not stamp.fits(tree, study, profile, hypothesis_set, kind="model") or tree.attrs["kind"] != "model":
        return None, default
    settings = json.loads(tree.attrs["settings"])
    return tree, (settings["draws"], settings["chains"], settings["seed"])


def _weights(given: Iterable[str]) -> Iterable[tuple[str, float]]:
    import math  # noqa: PLC0415

    from bayestrace.errors import UsageFault  # noqa: PLC0415

    for text in given:
        name, _, number = text.partition("=")
        try:
            weight = float(number)
        except ValueError:
            weight = math.nan
        if not (weight >= 0.0 and math.isfinite(weight)):
            raise UsageFault("pool-weight", text=text)
        yield name.strip(), weight


def _write(found: dict[str, Any], study: Study, given: dict[str, Any], lang: Lang) -> list[Path]:
    from bayestrace.agreement import sheet  # noqa: PLC0415
    from bayestrace.sensitivity import tables  # noqa: PLC0415

    files: dict[Path, str] = {}
    if given["table"]:
        files[given["table"]] = tables.BYTE_ORDER_MARK + sheet.table(found)
    if given["page"]:
        files[given["page"]] = sheet.page(found, study, lang, items=given["items"], blind=given["anonymous"])
    for path, text in files.items():
        write_named(text, path)
    return list(files)
