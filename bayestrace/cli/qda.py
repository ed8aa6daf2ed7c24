"""The commands that exchange with qualitative software: REFI-QDA in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bayestrace.cli import options
from bayestrace.messages import Lang


@click.command(
    "import-qda",
    short_help="Turn a project of NVivo and the like into evidence stubs.",
    context_settings=options.CONTEXT,
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--study", type=click.Path(path_type=Path), help="Study whose names the codes mean; stubs go to its evidence/."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write the stubs to.")
@click.option(
    "--map",
    "given",
    multiple=True,
    metavar="CODE=KIND:NAME",
    help="What a code means: step:NAME, domain:NAME, cluster:NAME, hypothesis:NAME or skip. Repeatable.",
)
@options.LANG
@options.JSON
def import_qda(
    file: Path,
    study: Path | None,
    lang: Lang,
    as_json: bool,  # noqa: FBT001 - click passes flags by name
    **more: Any,
) -> None:
    """Make evidence stubs of a REFI-QDA project (.qdpx) from NVivo, ATLAS.ti, MAXQDA and others.

    Every coded quotation becomes an observation with its text, its source and the place in it, in a new file for its
    case; no file is written over. Codes are matched with steps, domains, clusters and hypotheses by id or name. What a
    person has to complete reads TODO; until then `check` lists it. Prints what was not taken over.

    \b
    Examples:
      bayestrace import-qda project.qdpx --study path/to/study
      bayestrace import-qda project.qdpx --out stubs --map "Threat talk=step:premise" --map "Misc=skip"
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.errors import UsageFault  # noqa: PLC0415
    from bayestrace.qda import read_archive, read_project, stubs  # noqa: PLC0415
    from bayestrace.qda.write import write_new  # noqa: PLC0415
    from bayestrace.reading import read_study  # noqa: PLC0415

    out: Path | None = more["out"]
    if study is None and out is None:
        raise click.UsageError("name a study (--study) or a folder (--out)")
    if out is None and study is not None and study.is_file():
        raise UsageFault("qda-workbook", path=study)
    means = dict(one.partition("=")[::2] for one in more["given"])
    wrong = [one for one in means.values() if one != "skip" and one.partition(":")[0] not in _KINDS]
    if wrong:
        raise click.BadParameter(f"{wrong[0]!r} is none of step:NAME, domain:NAME, cluster:NAME, hypothesis:NAME, skip")
    project = read_project(read_archive(file))
    made = stubs(project, read_study(study) if study is not None else None, means)
    folder = out if out is not None else (study or Path()) / "evidence"
    written = [write_new(folder, name, text) for name, text in made.files.items()]
    readings = {
        source: {"units": "UTF-16" if reading.utf16 else "code points", "one_line_end": reading.one_end, "by": why}
        for source, (reading, why) in project.readings.items()
    }
    if as_json:
        told = {"origin": project.origin, "observations": made.observations, "unknown_codes": list(made.unknown)}
        paths = [path.as_posix() for path in written]
        click.echo(
            show.as_json({"import_qda": 1, **told, "left": dict(made.left), "offsets": readings, "written": paths})
        )
        return
    click.echo(say("qda-read", lang, count=made.observations, files=len(written), origin=project.origin or "?"))
    for path in written:
        click.echo(f"  {path}")
    if made.unknown:
        click.echo(say("qda-unknown", lang, codes=", ".join(made.unknown)))
    for source, found in readings.items():
        units = say("qda-utf16" if found["units"] == "UTF-16" else "qda-points", lang)
        click.echo(say("qda-offsets", lang, source=source, units=units, why=say(f"qda-by-{found['by']}", lang)))
    if made.left:
        click.echo(say("qda-left", lang, what=", ".join(f"{name} ({count})" for name, count in made.left.items())))


_KINDS = {"step", "domain", "cluster", "hypothesis"}


@click.command(
    "export-qda", short_help="Write a study for NVivo, ATLAS.ti, MAXQDA and the like.", context_settings=options.CONTEXT
)
@options.STUDY
@click.option("--qdc", type=click.Path(dir_okay=False, path_type=Path), help="Write the codebook to this file.")
@click.option(
    "--qdpx", type=click.Path(dir_okay=False, path_type=Path), help="Write the study as a project to this file."
)
@options.WITH_PRIVATE
@options.LANG
@options.JSON
def export_qda(study: Path, qdc: Path | None, qdpx: Path | None, lang: Lang, **given: bool) -> None:
    """Write a study for qualitative software: its codebook (.qdc), or the whole as a REFI-QDA project (.qdpx).

    The codebook has steps, domains, clusters and hypotheses. The project has them too, the cases, and a text for each
    source with the claims of its observations as coded quotations. A file that is there already is kept as .bak.

    \b
    Examples:
      bayestrace export-qda --qdc codebook.qdc
      bayestrace export-qda path/to/study --qdpx study.qdpx --lang zh
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.qda import codebook, project_archive  # noqa: PLC0415
    from bayestrace.reading import read_study  # noqa: PLC0415
    from bayestrace.writing.disk import write_file  # noqa: PLC0415

    if qdc is None and qdpx is None:
        raise click.UsageError("name a file to write: --qdc FILE, --qdpx FILE or both")
    found = options.for_others(read_study(study), with_private=given["with_private"], lang=lang)
    written = []
    if qdc is not None:
        write_file(codebook(found, lang).encode(), qdc)
        written.append(qdc)
    if qdpx is not None:
        write_file(project_archive(found, lang), qdpx)
        written.append(qdpx)
    if given["as_json"]:
        click.echo(show.as_json({"export_qda": 1, "written": [path.as_posix() for path in written]}))
        return
    for path in written:
        click.echo(say("qda-written", lang, path=path))
