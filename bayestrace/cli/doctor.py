"""The command that looks at the machine."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from bayestrace.cli import options
from bayestrace.messages import Both, Lang, speaker

if TYPE_CHECKING:
    from bayestrace.doctor import Look

#: Version of the layout that --json prints.
FORMAT = 1

WORDS: dict[str, Both] = {
    "told": Both("    ", "　　"),
    "fine": Both("ok  ", "正常"),
    "warning": Both("look", "注意"),
    "failure": Both("BAD ", "故障"),
    "program": Both(
        "bayestrace {version} (engine {engine}), Python {python}, {system}, {cores} cores",
        "bayestrace {version}（引擎 {engine}），Python {python}，{system}，{cores} 核",
    ),
    "libraries": Both(
        "Libraries: {versions}⟦. Missing: {missing}; install bayestrace again⟧",
        "程序库：{versions}⟦。缺少：{missing}；请重新安装 bayestrace⟧",
    ),
    "terminal": Both("Terminal: {encoding}⟦, locale {locale}⟧", "终端编码：{encoding}⟦，区域设置 {locale}⟧"),
    "terminal-cure": Both(
        "Chinese cannot be printed in this encoding; set PYTHONUTF8=1", "此编码无法输出中文，请设置 PYTHONUTF8=1"
    ),
    "room": Both("Room: {free} free where {folder} is", "磁盘：{folder} 所在处剩余 {free}"),
    "room-cure": Both(
        "Little room is left; results and compiled models need it", "剩余空间不足，结果与编译后的模型需要空间"
    ),
    "pytensor": Both("compiled models", "编译后的模型"),
    "panels": Both("fits of other panels of coders", "其他编码者组合的拟合"),
    "templates": Both("templates of the report", "报告模板"),
    "cache": Both("Cache, {what}: {files} files, {size}, {folder}", "缓存，{what}：{files} 个文件，{size}，{folder}"),
    "cache-empty": Both("Cache, {what}: nothing yet", "缓存，{what}：尚无"),
    "cache-locked": Both(
        "Cache, {what}: {folder} may not be written; each run will compile again",
        "缓存，{what}：{folder} 不可写入，每次运行都要重新编译",
    ),
    "fonts": Both("Chinese fonts: {count} ({first})", "中文字体：{count} 种（{first}）"),
    "fonts-unknown": Both(
        "Chinese fonts: not looked for (no fc-list here; Windows and macOS bring some)",
        "中文字体：未查（本机无 fc-list；Windows 与 macOS 自带中文字体）",
    ),
    "fonts-missing": Both(
        "Chinese fonts: none; pictures and printed pages would show boxes. Debian: fonts-noto-cjk",
        "中文字体：无，图片与打印页会显示方框。Debian 可安装 fonts-noto-cjk",
    ),
    "variables": Both("Environment: {variables}", "环境变量：{variables}"),
    "compiling": Both("Compiling works: {seconds} s", "可以编译：{seconds} 秒"),
    "compiling-slow": Both(
        "Compiling did not end within {seconds} s; is the machine busy, or the cache on a network drive?",
        "编译在 {seconds} 秒内没有完成；机器是否繁忙，缓存是否在网络盘上？",
    ),
    "compiling-fails": Both(
        "Compiling fails: {reason}. Try: bayestrace doctor --clear-caches; then install bayestrace again",
        "无法编译：{reason}。请先试 bayestrace doctor --clear-caches，再重新安装 bayestrace",
    ),
    "trying": Both("Trying to compile …", "正在试编译……"),
    "cleared": Both("Removed: {folders}", "已清除：{folders}"),
    "nothing-cleared": Both("There was nothing to remove.", "没有可清除的内容。"),
    "healthy": Both("Nothing is wrong.", "一切正常。"),
    "ill": Both("See the line(s) marked above.", "请看以上标出的各行。"),
    "report": Both("Add all of this to a report of a fault.", "报告故障时请附上以上全部内容。"),
}
_say = speaker(WORDS)


@click.command(
    "doctor", short_help="Look at this machine: versions, caches, fonts, compiling.", context_settings=options.CONTEXT
)
@click.option("--no-compile", "compiling", flag_value=False, default=True, help="Do not try whether compiling works.")
@click.option("--clear-caches", is_flag=True, help="First remove compiled models and kept fits; they are made again.")
@options.LANG
@options.JSON
def doctor(lang: Lang, **given: bool) -> None:
    """Look at this machine: versions, caches, fonts, and whether models can be compiled.

    Print this when something does not work, and add it to a report of the fault. The name of the home folder is left
    out. With --clear-caches what is kept between runs is removed first: nothing is lost but time.

    \b
    Examples:
      bayestrace doctor
      bayestrace doctor --no-compile --json
      bayestrace doctor --clear-caches

    Exit codes: as for `bayestrace --help`; 4 if something is wrong.
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import doctor as looking  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415

    cleared = looking.clear_caches() if given["clear_caches"] else []
    if given["clear_caches"] and not given["as_json"]:
        folders = ", ".join(map(str, cleared))
        click.echo(_say("cleared", lang, folders=folders) if cleared else _say("nothing-cleared", lang))
    looks: list[Look] = []
    for look in looking.examine(compiling=given["compiling"]):
        looks.append(look)
        if not given["as_json"]:
            click.echo("\n".join(_told(look, lang)))
    ill = any(look.level in {"warning", "failure"} for look in looks)
    if given["as_json"]:
        told = {"doctor": FORMAT, "cleared": [folder.as_posix() for folder in cleared]}
        click.echo(show.as_json(told | {"looks": [asdict(look) for look in looks]}))
    else:
        between = "" if lang == "zh" else " "
        click.echo("\n" + _say("ill" if ill else "healthy", lang) + between + _say("report", lang))
    if any(look.level == "failure" for look in looks):
        click.get_current_context().exit(options.EXIT_CHECK)


def _told(look: Look, lang: Lang) -> list[str]:
    what = {"what": _say(look.found["kind"], lang)} if "kind" in look.found else {}
    lines = [f"{_say(look.level, lang)}  {_say(look.key, lang, **look.found, **what)}"]
    if look.level == "warning" and f"{look.key}-cure" in WORDS:
        lines.append(f"{_say('told', lang)}  {_say(f'{look.key}-cure', lang)}")
    return lines
