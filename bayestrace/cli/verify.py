"""The command that holds a result against its manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bayestrace.cli import options
from bayestrace.messages import Both, Lang, speaker

if TYPE_CHECKING:
    from bayestrace.verify import Item

#: Version of the layout that --json prints.
FORMAT = 1

WORDS: dict[str, Both] = {
    "output": Both("file of the result", "结果文件"),
    "input": Both("file of the study", "研究文件"),
    "digest": Both("made of this study", "出自这项研究"),
    "version": Both("version", "版本"),
    "changed": Both("CHANGED", "已改动"),
    "missing": Both("MISSING", "缺失"),
    "new": Both("NEW since", "其后新增"),
    "unreadable": Both("UNREADABLE", "无法读取"),
    "other-version": Both("{name}: {was} then, {now} now", "{name}：当时 {was}，现为 {now}"),
    "gone-version": Both("{name}: {was} then, not installed now", "{name}：当时 {was}，现未安装"),
    "study-digest": Both(
        "{name}: of another study than the manifest names ({now}… in place of {was}…)",
        "{name}：出自另一项研究，与清单所列不符（{now}…，应为 {was}…）",
    ),
    "the-study": Both("the study", "研究"),
    "study-faulty": Both(
        "the study: has faults, so that nothing can be told of it; list them with: bayestrace check",
        "研究：其中有错误，因而无法核对；列出错误请运行：bayestrace check",
    ),
    "study-unreadable": Both("{name}: cannot be read as a result or study", "{name}：无法作为结果或研究读取"),
    "sound": Both(
        "{path}: sound. {outputs} files of the result and {inputs} of the study are what they were.",
        "{path}：无误。结果文件 {outputs} 个、研究文件 {inputs} 个均与当时一致。",
    ),
    "unsound": Both(
        "{path}: {count} thing(s) are not what they were. A result is to be made again with: bayestrace update",
        "{path}：有 {count} 处与当时不符。请重新运行：bayestrace update",
    ),
    "versions": Both(
        "Made with other versions (no fault; last digits may differ where it is made again):",
        "所用版本不同（并非错误；重新计算时末位数字可能略有出入）：",
    ),
    "working": Both("Working the result out again …", "正在重新计算结果……"),
    "again": Both(
        "Worked out again from the study as it is: no probability differs by more than {difference}.",
        "按研究现状重新计算：各概率相差不超过 {difference}。",
    ),
    "not-again": Both(
        "Worked out again from the study as it is: a probability differs by {difference}.",
        "按研究现状重新计算：有概率相差 {difference}。",
    ),
}
_say = speaker(WORDS)


@click.command(
    "verify", short_help="Say whether a result is whole, and of the study as it is.", context_settings=options.CONTEXT
)
@click.argument("manifest", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--study",
    type=click.Path(exists=True, path_type=Path),
    help="Folder or file of the study.  [default: where its results are kept]",
)
@click.option("--again", "rerun", is_flag=True, help="Work the result out again too, and compare the probabilities.")
@options.LANG
@options.JSON
@options.QUIET
def verify_result(manifest: Path, study: Path | None, lang: Lang, **given: bool) -> None:
    """Say whether a result is whole, and whether it is of the study as it is now.

    MANIFEST is the manifest.json that `update` wrote, or its folder. Compares the digest of every file of the result
    and of the study, looks whether draws and summary are of the study that the manifest names, and names libraries
    that have another version now. With --again the answer is worked out anew from the study and compared.

    \b
    Examples:
      bayestrace verify reports/article-reference/manifest.json
      bayestrace verify reports/article-reference --again
      bayestrace verify downloads/manifest.json --study path/to/study --lang zh

    Exit codes: as for `bayestrace --help`; 4 if anything is not what it was.
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import verify  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.progress import Ticker  # noqa: PLC0415

    read = verify.read_manifest(manifest)
    found = verify.verify(read, study)
    difference = None
    if given["rerun"]:
        if not given["quiet"]:
            click.echo(_say("working", lang), err=True)
        difference = verify.again(read, study, Ticker(lang, quiet=given["quiet"]))
    sound = all(one.sound for one in found) and (difference is None or verify.agrees(difference))
    if given["as_json"]:
        items = [one._asdict() for one in found]
        told = {"verify": FORMAT, "manifest": read.path.as_posix(), "sound": sound, "items": items}
        click.echo(show.as_json(told | ({} if difference is None else {"difference": difference})))
    else:
        click.echo("\n".join(_told(found, read.path, lang)))
        if difference is not None:
            key = "again" if verify.agrees(difference) else "not-again"
            click.echo(_say(key, lang, difference=f"{difference:.1e}"))
    if not sound:
        click.get_current_context().exit(options.EXIT_CHECK)


def _told(found: Sequence[Item], path: Path, lang: Lang) -> list[str]:
    wrong = [one for one in found if not one.sound]
    lines = [_fault(one, lang) for one in wrong]
    if wrong:
        lines.append(_say("unsound", lang, path=path, count=len(wrong)))
    else:
        counts = {f"{kind}s": sum(one.kind == kind for one in found) for kind in ("output", "input")}
        lines.append(_say("sound", lang, path=path, **counts))
    other = [one for one in found if one.kind == "version" and one.state != "same"]
    if other:
        lines.append(_say("versions", lang))
        lines += [
            "  " + _say("other-version" if one.now else "gone-version", lang, name=one.name, was=one.was, now=one.now)
            for one in other
        ]
    return lines


def _fault(one: Item, lang: Lang) -> str:
    if one.kind == "digest":
        if one.name == "study" and one.state == "unreadable":
            return _say("study-faulty", lang)
        key = "study-unreadable" if one.state == "unreadable" else "study-digest"
        name = _say("the-study", lang) if one.name == "study" else one.name
        return _say(key, lang, name=name, was=one.was[:12], now=one.now[:12])
    colon = "：" if lang == "zh" else ": "
    return f"{_say(one.state, lang)} ({_say(one.kind, lang)}){colon}{one.name}"
