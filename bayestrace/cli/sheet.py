"""The command that writes a coding sheet for a coder."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from bayestrace.cli import options
from bayestrace.messages import Lang


@click.command(
    "sheet", short_help="Write a coding sheet for a coder: a workbook, or a form.", context_settings=options.CONTEXT
)
@options.STUDY
@click.option("--coder", metavar="NAME", required=True, help="Whom it is for: an id, declared in study.yaml or new.")
@click.option("--form", "kinds", flag_value="form", help="Write the HTML form only.")
@click.option("--workbook", "kinds", flag_value="workbook", help="Write the .xlsx workbook only.")
@options.HYPOTHESES
@click.option(
    "--shuffle",
    type=click.IntRange(min=0),
    metavar="SEED",
    help="Order the observations anew, another way for each coder.",
)
@options.WITH_PRIVATE
@click.option(
    "--round",
    "number",
    type=click.IntRange(min=1),
    default=1,
    help="Round of coding it is for: 2 after a first discussion.  [default: 1]",
)
@click.option("--prefill", is_flag=True, help="Fill in what the same coder said earlier.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to.  [default: sheets in the study]",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "zh"]),
    default=None,
    help="Language of the sheet and of what is said.  [default: the coder's in study.yaml, else as for other commands]",
)
@options.JSON
def sheet(study: Path, coder: str, lang: Lang | None, as_json: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags by name
    """Write a coding sheet for a coder: a workbook, and a form that opens in a browser.

    STUDY is the folder that holds study.yaml; the present folder by default. Both ask the same: for each observation
    the weight of the focal hypothesis over each rival, the probability of finding it, the reason; for each cluster how
    far it repeats itself. Nothing of other coders is in them. Send one of them; `bayestrace collect` adds what comes
    back.

    \b
    Examples:
      bayestrace sheet --coder wang
      bayestrace sheet --coder wang --form --lang zh --shuffle 7
      bayestrace sheet path/to/study --coder neutral --workbook --prefill
      bayestrace sheet --coder li --hypotheses extended --out ~/Desktop
      bayestrace sheet --coder li --round 2 --prefill
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import api  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.coding_words import say  # noqa: PLC0415
    from bayestrace.coding.asked import ask  # noqa: PLC0415
    from bayestrace.coding.codebook import find_codebook  # noqa: PLC0415
    from bayestrace.errors import UsageFault  # noqa: PLC0415
    from bayestrace.reading.files import is_name  # noqa: PLC0415
    from bayestrace.writing.disk import write_each  # noqa: PLC0415

    found = api.read_study(study)
    if not is_name(coder):
        raise UsageFault("coder-form", name=coder)
    spoken: Lang = lang or (found.coders[coder].language if coder in found.coders else options.language_of(()))
    asked = ask(
        found,
        coder,
        spoken,
        hypotheses=given["hypotheses"],
        shuffle=given["shuffle"],
        prefill=given["prefill"],
        with_private=given["with_private"],
        codebook=find_codebook(study, spoken) if study.is_dir() else None,
        turn=given["number"],
    )
    target = given["out"] or (study.parent if study.is_file() else study) / "sheets"
    stem = f"{found.id}-{coder}" + (f"-round-{given['number']}" if given["number"] > 1 else "")
    files: dict[str, tuple[Path, bytes]] = {}
    if given["kinds"] in {None, "workbook"}:
        from bayestrace.coding.workbook import workbook  # noqa: PLC0415 - only what is asked for is loaded

        files["workbook"] = (target / f"{stem}.xlsx", workbook(asked))
    if given["kinds"] in {None, "form"}:
        from bayestrace.coding.form import form  # noqa: PLC0415

        files["form"] = (target / f"{stem}.html", form(asked).encode())
    write_each(dict(files.values()))
    counts = {
        "asked": sum(one.asked for one in asked.observations),
        "rivals": len(asked.rivals),
        "clusters": len(asked.clusters),
    }
    if as_json:
        head = {"sheet": 1, "study": found.id, "coder": coder, "lang": spoken, "digest": asked.made.digest()}
        click.echo(show.as_json({**head, **counts, "written": [path.as_posix() for path, _ in files.values()]}))
        return
    click.echo(say("made", spoken, coder=asked.coder.text, **counts))
    for kind, (path, _) in files.items():
        click.echo(say(f"made-{kind}", spoken, path=path))
    where = "" if study == Path() else f" --study {shlex.quote(str(study))}"
    click.echo(say("send" if given["kinds"] is None else "send-it", spoken, more=where + options.in_language(spoken)))
