"""The command that says what to look for next."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bayestrace.cli import options
from bayestrace.messages import Lang

if TYPE_CHECKING:
    import xarray as xr

    from bayestrace.study import Study
    from bayestrace.study.sought import Candidate

#: Version of the layout that --json prints.
FORMAT = 1


@click.command("seek", short_help="Say what to look for next.", context_settings=options.CONTEXT)
@click.argument("result", type=click.Path(path_type=Path), default=".")
@click.option(
    "--candidates",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of evidence that might be sought.  [default: candidates.yaml of the study]",
)
@click.option("--case", "cases", metavar="NAME", multiple=True, help="Seek in this case alone; may be repeated.")
@click.option(
    "--csv",
    "table",
    metavar="FILE|DIR",
    type=click.Path(path_type=Path),
    help="File (.csv) for the table of searches, or folder for everything in tables.",
)
@options.LANG
@options.JSON
def seek(result: Path, lang: Lang, as_json: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags by name
    """Say what to look for next: how much each search is expected to tell, before it is made.

    RESULT is a folder that `update` wrote, the file posterior.nc in it, or a study's folder with one result; the
    present folder by default. What might be sought are the candidates of the study (candidates.yaml, read anew where a
    study's folder is named) or of a FILE like it, and the study's clues that are not yet sought in a case. Prints for
    every search the probability of finding, the expected information about the explanation in nats, also for one unit
    of cost, how far the probability of the leading explanation is expected to move, the probability that another
    explanation then leads, and the weight of either outcome for the leader against its closest rival; then each
    candidate sought in all its cases, and the best next two together. Nothing is fitted and nothing is written but what
    --csv names.

    \b
    Examples:
      bayestrace seek
      bayestrace seek reports/article-reference --candidates archives.yaml
      bayestrace seek --case us-rok-biden --lang zh
      bayestrace seek --csv next.csv
      bayestrace seek --json

    Exit codes: as for `bayestrace --help`.
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import results, seeking  # noqa: PLC0415
    from bayestrace.cli import seek_show, show  # noqa: PLC0415
    from bayestrace.cli.seek_words import say  # noqa: PLC0415
    from bayestrace.reading import read_candidates  # noqa: PLC0415

    tree = results.load(results.locate(result))
    study, stale = _study(tree, result)
    if stale:
        click.echo(say("stale", lang), err=True)
    asked: Mapping[str, Candidate] = study.candidates
    if given["candidates"]:
        asked = read_candidates(study, given["candidates"])
    data = seeking.analyse(tree, asked, given["cases"])
    found = seeking.as_data(data)
    files = _write(data, found, given["table"]) if given["table"] else []
    shown = seek_show.Shown(found, study, lang)
    if as_json:
        head = {"seek": FORMAT, "study": study.id, "study_digest": tree.attrs["study_digest"]}
        head |= {"set": tree.attrs["set"], "kind": tree.attrs["kind"], **found}
        written = [path.as_posix() for path in files]
        click.echo(show.as_json({**head, "sentences": shown.sentences(), "written": written}))
        return
    click.echo(shown.text())
    if files:
        click.echo("\n" + say("written", lang, files=", ".join(path.as_posix() for path in files)))


def _study(tree: xr.DataTree, path: Path) -> tuple[Study, bool]:
    """Take the study of a result; with the candidates that its folder has now, and whether it is otherwise another."""
    from bayestrace.reading import read_study  # noqa: PLC0415
    from bayestrace.study import Study  # noqa: PLC0415
    from bayestrace.study.rounds import at_round, rounds_of  # noqa: PLC0415

    study = Study.model_validate_json(tree.attrs["study"])
    if not (path / "study.yaml").is_file() and path.suffix.lower() != ".xlsx":
        return study, False
    now = read_study(path)
    # The result may be of another round than the one that study.yaml names.
    now = at_round(now, study.round) if study.round in rounds_of(now) else now
    changed = study.model_copy(update={"candidates": now.candidates}).digest() != now.digest()
    return study.model_copy(update={"candidates": now.candidates}), changed


def _write(data: xr.Dataset, found: Mapping[str, Any], target: Path) -> list[Path]:
    from bayestrace import results  # noqa: PLC0415
    from bayestrace.errors import InputOutputFault  # noqa: PLC0415
    from bayestrace.sensitivity import tables  # noqa: PLC0415

    single = target.suffix.lower() == ".csv" and not target.is_dir()
    try:
        if single:
            written = {target: _table(found)}
        else:
            target.mkdir(parents=True, exist_ok=True)
            written = {target / f"seeking{ending}.csv": text for ending, text in tables.tidy(data).items()}
        for path, text in written.items():
            results.write_text(tables.BYTE_ORDER_MARK + text, path)
    except OSError as fault:
        raise InputOutputFault("no-writing", path=target, reason=fault.strerror or fault) from fault
    return list(written)


def _table(found: Mapping[str, Any]) -> str:
    from bayestrace.cli import seek_show  # noqa: PLC0415

    rows = seek_show.rows_of_csv(found)
    text = io.StringIO()
    table = csv.DictWriter(text, seek_show.names(rows), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()
