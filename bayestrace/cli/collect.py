"""The command that adds to a study what coders send back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bayestrace.cli import options
from bayestrace.messages import Lang

if TYPE_CHECKING:
    from bayestrace.coding.added import Added
    from bayestrace.coding.returned import Returned
    from bayestrace.coding.taken import Taken
    from bayestrace.study import Study

#: So many names of a remark are printed; all of them with --json.
_NAMES = 6


@click.command("collect", short_help="Add to a study what coders send back.", context_settings=options.CONTEXT)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--study",
    type=click.Path(path_type=Path),
    default=".",
    help="The study: its folder, or its workbook.  [default: the present folder]",
)
@click.option("--coder", metavar="NAME", help="Whose coding it is, where the file does not say: CSV never does.")
@click.option(
    "--round",
    "number",
    type=click.IntRange(min=1),
    help="Round of coding it belongs to, where the file does not say: CSV never does.",
)
@click.option("--replace", is_flag=True, help="Put it in the place of the coder's earlier coding, kept as .bak.")
@click.option("--accept-changes", is_flag=True, help="Take it although the study has changed since the sheet was made.")
@click.option("--dry-run", is_flag=True, help="Check and tell; write nothing.")
@options.LANG
@options.JSON
def collect(files: tuple[Path, ...], study: Path, lang: Lang, as_json: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags by name
    """Add to a study what coders sent back: workbooks, files saved by forms, or CSV.

    Everything is checked first, and all faults are told at once with the cell they stand in; then all is written or
    nothing. A coder that the study does not declare is declared by its id: in study.yaml two lines are added, and all
    else in it stays as it is. A workbook is written anew, and the old one kept beside it as .bak.

    \b
    Examples:
      bayestrace collect ~/Downloads/us-alliances-wang.xlsx
      bayestrace collect wang.coding.json li.xlsx --study path/to/study
      bayestrace collect returned.csv --coder wang --dry-run
      bayestrace collect wang.xlsx --replace --lang zh
      bayestrace collect wang.xlsx --study study.xlsx
      bayestrace collect returned.csv --coder wang --round 2

    Exit codes: as for `bayestrace --help`; 3 if a file has faults.
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import api  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.coding_words import say  # noqa: PLC0415
    from bayestrace.coding.added import add  # noqa: PLC0415
    from bayestrace.coding.placed import finish  # noqa: PLC0415
    from bayestrace.coding.returned import open_returned  # noqa: PLC0415

    if finish(study):
        click.echo(say("finished", lang), err=True)
    found = api.read_study(study)
    opened = [open_returned(file) for file in files]
    taken = _taken(opened, found, given["coder"], given["number"], accept_changes=given["accept_changes"])
    spoken = {file.made.coder: file.made.lang for file in opened if file.made}
    spoken = {one.coder: spoken.get(one.coder, lang) for one in taken}
    done = add(study, found, taken, spoken, replace=given["replace"], dry=given["dry_run"])
    if as_json:
        files_done = {} if given["dry_run"] else done.files
        told = {
            "codings": [_as_data(one) for one in taken],
            "written": {path.as_posix(): old and old.as_posix() for path, old in files_done.items()},
            "declared": [*done.declared],
            "declare": {**done.undeclared},
        }
        head = {"collect": 1, "study": found.id, "dry_run": given["dry_run"]}
        click.echo(show.as_json(head | told))
        return
    _tell(opened, taken, lang)
    if given["dry_run"]:
        click.echo(say("dry", lang))
    else:
        _tell_done(study, done, lang)
    for text in done.undeclared.values():
        click.echo(say("declare", lang) + "\n" + text.rstrip())


def _tell(opened: Sequence[Returned], taken: Sequence[Taken], lang: Lang) -> None:
    """Say what was taken, and what is worth a look."""
    from bayestrace.cli.coding_words import say  # noqa: PLC0415

    for file in opened:
        if file.encoding:
            click.echo(say("encoding", lang, path=file.path, encoding=file.encoding))
        if file.made is None:
            click.echo(say("no-about", lang, path=file.path))
    for one in taken:
        counts = {"weights": one.weights, "reasons": one.reasons, "redundancies": one.redundancies, "empty": one.empty}
        turn = str(one.turn) if one.turn > 1 else ""
        click.echo(say("taken", lang, coder=one.coder, turn=turn, **counts))
        for remark in one.remarks:
            names = remark.details["names"].split(", ")
            cut = ", ".join(names[:_NAMES])
            shown = say("shortened", lang, names=cut, count=len(names) - _NAMES) if len(names) > _NAMES else cut
            click.echo("  " + say(remark.key, lang, **{**remark.details, "names": shown}))


def _tell_done(study: Path, done: Added, lang: Lang) -> None:
    from bayestrace.cli.coding_words import say  # noqa: PLC0415

    for path, old in done.files.items():
        key = "taken-out" if path in done.taken_out else "kept" if old else "written"
        click.echo(say(key, lang, path=path, old=old.name if old else ""))
    for coder in done.declared:
        place = study / "study.yaml" if study.is_dir() else f"{study}!Coders"
        click.echo(say("declared", lang, coder=coder, path=place))
    if done.left:
        kept = next(old.name for old in done.files.values() if old)
        click.echo(say("left-behind", lang, old=kept, names=", ".join(done.left)))


def _taken(
    opened: Sequence[Returned], study: Study, coder: str | None, number: int | None, *, accept_changes: bool
) -> list[Taken]:
    """Read the files coder by coder and round by round, and gather the faults of all."""
    from bayestrace.coding.asked import check_turn  # noqa: PLC0415
    from bayestrace.coding.taken import take  # noqa: PLC0415
    from bayestrace.errors import ReturnedFaults, StudyFaults, UsageFault  # noqa: PLC0415
    from bayestrace.reading.files import is_name  # noqa: PLC0415

    by_coder: dict[tuple[str, int], list[Returned]] = {}
    faults = []
    for file in opened:
        if file.faults and file.made is None:  # whose it is does not matter before it can be read
            faults += file.faults
            continue
        whose = file.made.coder if file.made else coder
        if whose is None:
            raise UsageFault("coder-needed", path=file.path)
        if coder is not None and whose != coder:
            raise UsageFault("coder-other", path=file.path, found=whose, name=coder)
        if not is_name(whose):
            raise UsageFault("coder-form", name=whose)
        turn = file.made.turn if file.made else 1  # that of a sheet made for no round in particular
        if number is not None and turn not in {1, number}:
            raise UsageFault("round-other", path=file.path, found=turn, number=number)
        check_turn(study, number or turn)
        by_coder.setdefault((whose, number or turn), []).append(file)
    taken = []
    for (whose, turn), files in by_coder.items():
        try:
            taken.append(take(whose, files, study, turn=turn, accept_changes=accept_changes))
        except StudyFaults as fault:
            faults += fault.faults
    if faults:
        raise ReturnedFaults(faults)
    return taken


def _as_data(one: Taken) -> dict[str, Any]:
    counts = {"weights": one.weights, "empty": one.empty, "reasons": one.reasons, "redundancies": one.redundancies}
    remarks = [{"slug": remark.key.removeprefix("remark-"), **remark.details} for remark in one.remarks]
    return {"coder": one.coder, "round": one.turn, **counts, "remarks": remarks}
