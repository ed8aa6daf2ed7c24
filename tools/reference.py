"""Write docs/commands.md from the commands themselves; `--check` only says whether it is as they are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from bayestrace.cli import main
from bayestrace.cli.program import SECTIONS

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"


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


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(PAGE.read_text(encoding="utf-8") != commands())
    PAGE.write_text(commands(), encoding="utf-8")
