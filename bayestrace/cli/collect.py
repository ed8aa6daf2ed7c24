"""The command that adds to a study what coders send back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bayestrace.cli import options
from bayestrace.messages import Lang

if TYPE_CHECKING:
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
    help="Folder that holds study.yaml.  [default: the present folder]",
)
@click.option("--coder", metavar="NAME", help="Whose coding it is, where the file does not say: CSV never does.")
@click.option("--replace", is_flag=True, help="Put it in the place of the coder's earlier coding, kept as .bak.")
@click.option("--accept-changes", is_flag=True, help="Take it although the study has changed since the sheet was made.")
@click.option("--dry-run", is_flag=True, help="Check and tell; write nothing.")
@options.LANG
@options.JSON
def collect(files: tuple[Path, ...], study: Path, lang: Lang, as_json: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags by name
    """Add to a study what coders sent back: workbooks, files saved by forms, or CSV.

    Everything is checked first, and all faults are told at once with the cell they stand in; then all is written or
    nothing. A coder that study.yaml does not declare is added all the same, and the lines to declare it are told.

    \b
    Examples:
      bayestrace collect ~/Downloads/us-alliances-wang.xlsx
      bayestrace collect wang.coding.json li.xlsx --study path/to/study
      bayestrace collect returned.csv --coder wang --dry-run
      bayestrace collect wang.xlsx --replace --lang zh

    Exit codes: as for `bayestrace --help`; 3 if a file has faults.
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import api  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.coding_words import say  # noqa: PLC0415
    from bayestrace.coding.added import add, declaration  # noqa: PLC0415
    from bayestrace.coding.returned import open_returned  # noqa: PLC0415
    from bayestrace.errors import UsageFault  # noqa: PLC0415

    found = api.read_study(study)
    if not study.is_dir():
        raise UsageFault("collect-no-folder", path=study)
    opened = [open_returned(file) for file in files]
    taken = _taken(opened, found, given["coder"], accept_changes=given["accept_changes"])
    done = add(study, taken, replace=given["replace"], dry=given["dry_run"])
    declare = {one.coder: text for one in taken if (text := declaration(found, one.coder, _language(opened, lang)))}
    if as_json:
        written = {} if given["dry_run"] else {path.as_posix(): old and old.as_posix() for path, old in done.items()}
        told = [_as_data(one) for one in taken]
        head = {"collect": 1, "study": found.id, "dry_run": given["dry_run"]}
        click.echo(show.as_json({**head, "codings": told, "written": written, "declare": declare}))
        return
    _tell(opened, taken, lang)
    if given["dry_run"]:
        click.echo(say("dry", lang))
    else:
        _tell_files(done, {path for one in taken for path in _paths(study, one)}, lang)
    for text in declare.values():
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
        click.echo(say("taken", lang, coder=one.coder, **counts))
        for remark in one.remarks:
            names = remark.details["names"].split(", ")
            cut = ", ".join(names[:_NAMES])
            shown = say("shortened", lang, names=cut, count=len(names) - _NAMES) if len(names) > _NAMES else cut
            click.echo("  " + say(remark.key, lang, **{**remark.details, "names": shown}))


def _tell_files(done: Mapping[Path, Path | None], written: set[Path], lang: Lang) -> None:
    from bayestrace.cli.coding_words import say  # noqa: PLC0415

    for path, old in done.items():
        key = "taken-out" if path not in written else "kept" if old else "written"
        click.echo(say(key, lang, path=path, old=old.name if old else ""))


def _taken(opened: Sequence[Returned], study: Study, coder: str | None, *, accept_changes: bool) -> list[Taken]:
    """Read the files coder by coder, and gather the faults of all."""
    from bayestrace.coding.taken import take  # noqa: PLC0415
    from bayestrace.errors import ReturnedFaults, StudyFaults, UsageFault  # noqa: PLC0415
    from bayestrace.reading.files import is_name  # noqa: PLC0415

    by_coder: dict[str, list[Returned]] = {}
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
        by_coder.setdefault(whose, []).append(file)
    taken = []
    for whose, files in by_coder.items():
        try:
            taken.append(take(whose, files, study, accept_changes=accept_changes))
        except StudyFaults as fault:
            faults += fault.faults
    if faults:
        raise ReturnedFaults(faults)
    return taken


def _language(opened: Sequence[Returned], lang: Lang) -> Lang:
    """Return the language that the sheets were in."""
    return next((file.made.lang for file in opened if file.made), lang)


def _paths(study: Path, one: Taken) -> list[Path]:
    from bayestrace.coding.added import place_of  # noqa: PLC0415

    return [place_of(study, one.coder, kind) for kind in one.files]


def _as_data(one: Taken) -> dict[str, Any]:
    counts = {"weights": one.weights, "empty": one.empty, "reasons": one.reasons, "redundancies": one.redundancies}
    remarks = [{"slug": remark.key.removeprefix("remark-"), **remark.details} for remark in one.remarks]
    return {"coder": one.coder, **counts, "remarks": remarks}
