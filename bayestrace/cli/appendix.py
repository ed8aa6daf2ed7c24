"""The command that writes the appendix of an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bayestrace.cli import options
from bayestrace.messages import Both, Lang, speaker

if TYPE_CHECKING:
    import xarray as xr

#: Version of the layout that --json prints.
FORMAT = 1

WORDS: dict[str, Both] = {
    "written": Both("Written: {files}", "已写入：{files}"),
    "words": Both(
        "The data overview has {words} words from the study; what authors must write is marked in it.",
        "数据概述中由研究文件填入{words}字；须由作者撰写之处均已标出。",
    ),
    "no-sensitivity": Both(
        "No flip points: `bayestrace sensitivity` was not run for this result.",
        "无临界点：本结果未运行 bayestrace sensitivity。",
    ),
    "private": Both(
        "Left out as private: {observations} observations, {sources} sources, {notes} notes.",
        "因不公开而未列出：观察 {observations} 条，来源 {sources} 条，说明 {notes} 条。",
    ),
    "kept": Both(
        "{path} had been there, with other content: it is kept as {kept}.",
        "{path} 原已存在且内容不同，已保留为 {kept}。",
    ),
    "nothing": Both(
        "nothing to write: name a file with --docx or --latex, or a folder with --csv",
        "未指明写入何处：请用 --docx 或 --latex 指明文件，或用 --csv 指明文件夹",
    ),
}
_say = speaker(WORDS)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "appendix", short_help="Write the appendix of an article: Word, LaTeX, tables.", context_settings=options.CONTEXT
)
@click.argument("result", type=click.Path(path_type=Path), default=".")
@click.option("--docx", metavar="FILE", type=_FILE, help="Word document to write.")
@click.option("--latex", metavar="FILE", type=_FILE, help="LaTeX file to write, for XeLaTeX.")
@click.option(
    "--csv", "tables", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Folder for tidy tables."
)
@options.LANG
@options.JSON
@options.QUIET
def appendix(  # noqa: PLR0913 - one argument for each option
    result: Path,
    docx: Path | None,
    latex: Path | None,
    tables: Path | None,
    lang: Lang,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write the appendix of an article: data overview, annotations, and the tables of the analysis.

    RESULT is a folder that `update` wrote, the file posterior.nc in it, or a study's folder with one result; the
    present folder by default. The layout is that of Annotation for Transparent Inquiry: for each observation an
    analytic note, an excerpt, a translation and the source. The data overview holds what the study tells; what only
    authors know is marked, to be written. What the study marks as private is left out. The same result makes the same
    bytes; a document that is there with other content is kept under another name. The Word document was tried in
    LibreOffice, not in Word.

    \b
    Examples:
      bayestrace appendix --docx appendix.docx
      bayestrace appendix reports/article-reference --latex appendix.tex --csv tables
      bayestrace appendix --docx 附录.docx --lang zh

    Exit codes: as for `bayestrace --help`.
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import results  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415

    if not (docx or latex or tables):
        raise click.UsageError(_say("nothing", lang))
    tree = results.load(results.locate(result))
    contents, words = _made(tree, docx, latex, tables, lang)
    kept = _written(contents, [path for path in (docx, latex) if path])
    files = [*contents]
    if as_json:
        told = {"appendix": FORMAT, "lang": lang, "overview_words": words, "written": [one.as_posix() for one in files]}
        click.echo(show.as_json(told))
        return
    for path, old in kept.items():
        click.echo(_say("kept", lang, path=path, kept=old), err=True)
    click.echo(_say("written", lang, files=", ".join(one.as_posix() for one in files)))
    if not quiet:
        for line in _remarks(tree, words, lang):
            click.echo(line, err=True)


def _made(
    tree: xr.DataTree, docx: Path | None, latex: Path | None, tables: Path | None, lang: Lang
) -> tuple[dict[Path, bytes], int]:
    """Make what is asked for, and count the words of the overview."""
    from bayestrace.appendix import appendix_of  # noqa: PLC0415

    made = appendix_of(tree, lang)
    contents: dict[Path, bytes] = {}
    if docx:
        from bayestrace.appendix.word import to_docx  # noqa: PLC0415

        contents[docx] = to_docx(made)
    if latex:
        from bayestrace.appendix.latex import to_latex  # noqa: PLC0415

        contents[latex] = to_latex(made).encode()
    if tables:
        from bayestrace.appendix.tidy import to_csv  # noqa: PLC0415

        contents |= {tables / f"{name}.csv": text.encode() for name, text in to_csv(tree).items()}
    return contents, made.words


def _written(contents: Mapping[Path, bytes], documents: Sequence[Path]) -> dict[Path, Path]:
    """Write everything; of documents that were there with other content, return where they are kept."""
    from bayestrace.writing.disk import write_changed, write_each  # noqa: PLC0415

    # Authors write in these.
    kept = {path: old for path in documents if (old := write_changed(contents[path], path))}
    write_each({path: content for path, content in contents.items() if path not in documents})
    return kept


def _remarks(tree: xr.DataTree, words: int, lang: Lang) -> list[str]:
    from bayestrace.study import Study  # noqa: PLC0415
    from bayestrace.study.private import private_parts  # noqa: PLC0415

    parts = private_parts(Study.model_validate_json(tree.attrs["study"]))
    said = [_say("words", lang, words=words)]
    if "sensitivity" not in tree.children:
        said.append(_say("no-sensitivity", lang))
    if any(parts):
        said.append(_say("private", lang, **parts._asdict()))
    return said
