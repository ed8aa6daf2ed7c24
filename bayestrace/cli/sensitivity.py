"""The command that says what one would have to believe for the conclusion to be different."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bayestrace.cli import names, options
from bayestrace.messages import Lang

if TYPE_CHECKING:
    import xarray as xr

    from bayestrace.report.page.sensitivity import Said
    from bayestrace.sensitivity.run import Telling
    from bayestrace.study import Study

#: Version of the layout that --json prints.
FORMAT = 1


@click.command("sensitivity", short_help="Say what would change the answer.", context_settings=options.CONTEXT)
@options.STUDY
@options.PROFILE
@options.HYPOTHESES
@options.ROUND
@click.option("--face-value", is_flag=True, help="Ask it of the stated weights added up; no model, no sampling.")
@click.option(
    "--only",
    metavar="NAME",
    multiple=True,
    help="Make this analysis alone; may be repeated.",
    shell_complete=names.analyses,
)
@click.option("--no-refits", is_flag=True, help="Fit nothing anew; leave out what only a new fit can tell.")
@click.option(
    "--multiverse",
    is_flag=True,
    help="Try every combination of choices too: a fit for each panel of coders and set, and, without --no-refits, "
    "more where their draws cannot be weighed anew. Takes from minutes to an hour; fits are kept.",
)
@options.DRAWS
@options.CHAINS
@options.SEED
@options.SCHEDULER
@click.option(
    "--csv",
    "tables",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for every analysis as a table, for spreadsheets and for R.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the result.  [default: reports/SET-PROFILE in the study]",
)
@options.PAGE_LANG
@options.JSON
@options.QUIET
def sensitivity(study: Path, as_json: bool, quiet: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags by name
    """Say what would change the answer: the point at which each case's leader changes, for every assumption.

    STUDY is the folder that holds study.yaml, or a workbook; the present folder by default. Takes the last result of
    this set and profile; where there is none, or the study has changed since, it updates first. Moves priors, pooling,
    the evidence and what is allowed for coders and sources, one at a time, and prints for each case where another
    explanation takes the lead. Adds all of it to posterior.nc and to the report.

    \b
    Analyses: profiles, simplex, focal_prior, kappa, levels, limits, power, left_out, smallest, bounds,
    overconfidence, rival; multiverse where it is asked for.

    \b
    Examples:
      bayestrace sensitivity
      bayestrace sensitivity --only focal_prior --only bounds
      bayestrace sensitivity --multiverse --csv /tmp/tables
      bayestrace sensitivity path/to/study --profile sceptical --lang zh

    Exit codes: as for `bayestrace --help`.
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import api, farm  # noqa: PLC0415
    from bayestrace.caches import cache  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.words import say, say_private  # noqa: PLC0415
    from bayestrace.excerpt import asked as part_of  # noqa: PLC0415
    from bayestrace.public import public  # noqa: PLC0415
    from bayestrace.sensitivity import run  # noqa: PLC0415

    tell: Callable[[str], None] = (lambda _: None) if quiet else (lambda text: click.echo(text, err=True))
    lang, other = options.languages(given["lang"])
    found = options.study_at(study, given["number"])
    wanted = run.Wanted(given["only"], not given["no_refits"], given["multiverse"])
    run.chosen(wanted)  # a name that there is not is told before anything is computed
    named = {key: given[key] for key in ("draws", "chains", "seed") if given[key] is not None}
    asked = api.Options(given["profile"], given["hypotheses"], given["face_value"], **named)
    target = given["out"] or api.results_of(study) / api.result_name(found, asked)
    inputs = api.input_files(study)
    before = _result(found, asked, target, given, (lang, tell, quiet))
    api.compile_cache()
    with farm.connected(given["scheduler"]) as workers:
        tree = run.analyse(before, wanted, cache("panels"), _telling(lang, tell, quiet=quiet), workers)
    tell(say("writing", lang, folder=target))
    files = api.write_result(tree, target, inputs, lang, other)
    if warning := say_private(found, target, lang):
        click.echo(warning, err=True)
    shown = public(tree)
    part = part_of(shown)
    told = shown if part is None else part
    said, rough, skipped = _said(told, lang)
    if given["tables"]:
        files += _write_tables(shown, given["tables"])
    if as_json:
        head = {"sensitivity": FORMAT, "study": found.id, "study_digest": found.digest()}
        head |= {"set": tree.attrs["set"], "profile": asked.profile, "kind": tree.attrs["kind"]}
        written = [path.as_posix() for path in files]
        click.echo(show.as_json({**head, **_data(told, said, lang), "skipped": skipped, "written": written}))
        return
    names = [str(name) for name in told["problem"].to_dataset()["case"].values]
    if part is not None:
        click.echo(say("asked-of", lang, count=f"{len(found.cases):,}", asked=len(names)) + "\n")
    click.echo(_laid_out(said, [found.cases[name].name(lang) for name in names], lang))
    if rough:
        click.echo(f"\n{rough}")
    for name, reason in skipped.items():
        click.echo(say("skipped", lang, name=name, reason=reason))
    click.echo("\n" + say("written", lang, folder=target, files=", ".join(path.name for path in files)))
    click.echo(say("open", lang, path=target / "report.html"))


def _result(
    study: Study,
    asked: Any,
    target: Path,
    given: dict[str, Any],
    told: tuple[Lang, Callable[[str], None], bool],
) -> xr.DataTree:
    """Open the last result, or make one where none fits."""
    from bayestrace import api, results, stamp  # noqa: PLC0415
    from bayestrace.cli.progress import Ticker  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.errors import InputOutputFault  # noqa: PLC0415

    lang, tell, quiet = told
    profile = api.profile_of(study, asked.profile)
    hypothesis_set = asked.hypotheses or study.default_set
    kind = "face-value" if asked.face_value else "model"
    try:
        tree = results.load(target / "posterior.nc")
    except InputOutputFault:
        tree = None
    sampler = {name: given[name] for name in ("draws", "chains", "seed")}
    if tree is not None and stamp.fits(tree, study, profile, hypothesis_set, kind=kind, sampler=sampler):
        return tree
    tell(say("updating-first", lang, folder=target))
    return api.update(study, asked, Ticker(lang, quiet=quiet), lambda: tell(say("compiling", lang)))


def _telling(lang: Lang, tell: Callable[[str], None], *, quiet: bool) -> Telling:
    """Tell on stderr which analysis is made, and how the fits get on that it needs."""
    from bayestrace.cli.predict import telling  # noqa: PLC0415
    from bayestrace.cli.progress import Ticker  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.sensitivity.run import Telling  # noqa: PLC0415

    ticker = Ticker(lang, quiet=quiet, key="evaluating")

    def begun(name: str) -> None:
        nonlocal ticker
        tell(say("analysis", lang, name=name, what=say(f"analysis-{name}", lang)))
        ticker = Ticker(lang, quiet=quiet, key="evaluating")

    def progress(done: int, total: int) -> None:
        ticker(done, total)

    return Telling(begun=begun, progress=progress, panels=telling(lang, tell, quiet=quiet))


def _said(tree: xr.DataTree, lang: Lang) -> tuple[list[Said], str | None, dict[str, str]]:
    """Word the flip points as the report does, and say what of the multiverse is rough and what was left undone."""
    from bayestrace.report.content import read_content  # noqa: PLC0415
    from bayestrace.report.page.html import Speaker  # noqa: PLC0415
    from bayestrace.report.page.sensitivity import sentences  # noqa: PLC0415
    from bayestrace.report.page.text import text_of  # noqa: PLC0415

    content, speaker = read_content(tree, lang), Speaker(lang)
    found = content.sensitivity
    share = found.multiverse.unreliable if found and found.multiverse else None
    rough = text_of(speaker.say("sens-multiverse-unreliable", share=speaker.share(share))) if share else None
    skipped = dict(found.skipped) if found else {}
    return sentences(content, speaker), rough if share and share.value else None, skipped


def _laid_out(said: list[Said], cases: Sequence[str], lang: Lang) -> str:
    """Put the sentences of each case below its name, flips first."""
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.report.page.text import text_of  # noqa: PLC0415

    lines: list[str] = []
    for place, case in enumerate(cases):
        here = [one for one in said if one.case == place]
        if not here:
            continue
        lines += ["", case] if lines else [case]
        for head, flips in (("flips", True), ("stays", False)):
            told = [one for one in here if one.flips is flips]
            if told:
                lines += [f"  {say(head, lang)}", *(f"    {text_of(one.text)}" for one in told)]
    return "\n".join(lines)


def _data(tree: xr.DataTree, said: list[Said], lang: Lang) -> dict[str, Any]:
    """Collect flip points and sentences as plain data."""
    from bayestrace.report.page.text import text_of  # noqa: PLC0415
    from bayestrace.sensitivity import tables  # noqa: PLC0415

    cases = [str(name) for name in tree["problem"].to_dataset()["case"].values]
    spoken = [
        {"case": cases[one.case], "part": one.part, "flips": one.flips, "lang": lang, "text": text_of(one.text)}
        for one in said
    ]
    found = dict(tables.analyses(tree))
    flips = [{"analysis": path, **row} for path, data in found.items() for row in tables.flip_points(data)]
    told: dict[str, Any] = {"flip_points": flips, "sentences": spoken}
    if (many := found.get("multiverse")) is not None:
        told["multiverse"] = {"specifications": many.sizes["specification"], "unreliable": many.attrs["unreliable"]}
    return told


def _write_tables(tree: xr.DataTree, folder: Path) -> list[Path]:
    from bayestrace import results  # noqa: PLC0415
    from bayestrace.errors import InputOutputFault  # noqa: PLC0415
    from bayestrace.sensitivity import tables  # noqa: PLC0415

    files = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, data in tables.analyses(tree):
            for ending, text in tables.tidy(data).items():
                file = folder / f"{path.replace('/', '-')}{ending}.csv"
                results.write_text(tables.BYTE_ORDER_MARK + text, file)
                files.append(file)
    except OSError as fault:
        raise InputOutputFault("no-writing", path=folder, reason=fault.strerror or fault) from fault
    return files
