"""The commands that begin a study and print the schemas of its files."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bayestrace.cli import options
from bayestrace.messages import Lang

if TYPE_CHECKING:
    from bayestrace.study import Study

#: Version of the layout that --json prints.
FORMAT = 1
_BOOK = ".xlsx"
#: Endings of files in which somebody may hope to get a study.
_NO_FOLDERS = frozenset({".xls", ".xlsm", ".ods", ".csv", ".docx", ".yaml", ".yml", ".json", ".zip"})


@click.command("new", context_settings=options.CONTEXT)
@click.argument("target", metavar="DIR|FILE.xlsx", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source",
    metavar="STUDY",
    type=click.Path(exists=False, path_type=Path),
    help="Begin from a study: a workbook, a folder, or the file that a report hands out.",
)
@options.LANG
@options.JSON
def new(target: Path, source: Path | None, lang: Lang, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Begin a study: a folder of text files, or a workbook.

    Makes a small complete study that is invented and runs at once, with comments that teach, in the language of --lang;
    or, with --from, the same study as another one in the other form. A folder gets JSON Schemas beside it, so that
    editors complete and explain the keys of its YAML files. A folder that is not empty, or a file that is there, is
    refused.

    \b
    Examples:
      bayestrace new my-study
      bayestrace new my-study --lang zh
      bayestrace new my-study.xlsx
      bayestrace new my-study --from codings.xlsx
      bayestrace new copy.xlsx --from bayestrace-study.json

    Exit codes: as for `bayestrace --help`.
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace.cli.new_words import say  # noqa: PLC0415
    from bayestrace.cli.show import as_json as dump  # noqa: PLC0415
    from bayestrace.errors import UsageFault  # noqa: PLC0415
    from bayestrace.reading import read_study  # noqa: PLC0415
    from bayestrace.starting import schema_files, taught, teaching_files  # noqa: PLC0415
    from bayestrace.writing import workbook  # noqa: PLC0415
    from bayestrace.writing import written as files_of  # noqa: PLC0415
    from bayestrace.writing.disk import write_file, write_folder  # noqa: PLC0415

    if target.suffix.lower() == _BOOK:
        if target.exists():
            raise UsageFault("not-empty", path=target)
        study = read_study(source) if source else _teaching(lang)
        write_file(workbook(study, lang), target)
        written = [target]
    elif target.suffix.lower() in _NO_FOLDERS:
        raise UsageFault("new-ending", path=target, stem=target.stem, ending=target.suffix)
    else:
        texts = taught(files_of(read_study(source))[0]) | schema_files(lang) if source else teaching_files(lang)
        written = write_folder(texts, target)
    if as_json:
        click.echo(dump({"new": FORMAT, "written": [path.as_posix() for path in written]}))
        return
    click.echo(say("copied", lang, path=target, source=source) if source else say("taught", lang, path=target))
    readme = target / "README.md"
    if readme in written:
        click.echo(say("read-first", lang, path=readme))
    click.echo(say("next", lang, path=target))


def _teaching(lang: Lang) -> Study:
    """Read the study that teaches, which is kept as the files of a folder."""
    from bayestrace.reading import read_study  # noqa: PLC0415
    from bayestrace.starting import teaching_files  # noqa: PLC0415
    from bayestrace.writing.disk import write_folder  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "study"
        write_folder(teaching_files(lang), folder)
        return read_study(folder)


@click.command(
    "schema", short_help="Print the JSON Schema of a kind of file, for editors.", context_settings=options.CONTEXT
)
@click.argument("kind", required=False, type=click.Choice(["study", "evidence", "priors", "candidates"]))
@options.LANG
@options.JSON
def schema(kind: str | None, lang: Lang, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Print the JSON Schema (2020-12) of a kind of YAML file; of all kinds if none is named.

    Editors complete and explain keys by it. A file names its schema in its first line:
    `# yaml-language-server: $schema=schema/study.schema.json`. `bayestrace new` writes the schemas beside a study. A
    schema is JSON as it is; with --json it stands in an object like those of other commands, by its kind.

    \b
    Examples:
      bayestrace schema study > study.schema.json
      bayestrace schema evidence --lang zh > evidence.schema.json
      bayestrace schema

    Exit codes: as for `bayestrace --help`.
    """  # noqa: D301 - as in new
    from bayestrace.cli.show import as_json as dump  # noqa: PLC0415
    from bayestrace.starting import KINDS  # noqa: PLC0415
    from bayestrace.starting import schema as schema_of  # noqa: PLC0415

    made = {each: schema_of(each, lang) for each in ([kind] if kind else KINDS)}
    click.echo(dump({"schema": FORMAT, "schemas": made} if as_json else made[kind] if kind else made))
