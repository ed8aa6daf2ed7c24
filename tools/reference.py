"""Write the pages of docs/ that are made from the program; `--check` only says whether they are as it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from keys import keys

from bayestrace.cli import main
from bayestrace.cli.program import SECTIONS

DOCS = Path(__file__).parents[1] / "docs"


def commands() -> str:
    """Write the reference of all commands, as their `--help` says it."""
    return "\n".join(_written())


def _written() -> Iterator[str]:
    yield "# Commands\n"
    yield "As `bayestrace COMMAND --help` says it. `make reference` makes this page from the commands.\n"
    yield _block(main, "bayestrace")
    for section, listed in SECTIONS.items():
        yield f"## {section}\n"
        for command in listed:
            yield f"### bayestrace {command.name}\n"
            yield _block(command, f"bayestrace {command.name}")


def _block(command: click.Command, name: str) -> str:
    with click.Context(command, info_name=name, terminal_width=100, max_content_width=100) as context:
        return f"```text\n{command.get_help(context)}\n```\n"


def pages() -> dict[Path, str]:
    """Write every page, by its file."""
    return {DOCS / "commands.md": commands(), DOCS / "keys.md": keys("en"), DOCS / "keys.zh.md": keys("zh")}


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(any(not page.is_file() or page.read_text(encoding="utf-8") != text for page, text in pages().items()))
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
