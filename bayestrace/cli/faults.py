"""How a command says what went wrong, and with which exit code it ends."""

from __future__ import annotations

import sys
import traceback

import click

from bayestrace.cli import options
from bayestrace.messages import Lang


def tell(fault: Exception, lang: Lang) -> int:
    """Say what went wrong on stderr and return the exit code."""
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.errors import BayestraceError, StudyFaults  # noqa: PLC0415

    if isinstance(fault, StudyFaults):
        click.echo(fault.text(lang), err=True)
        click.echo(say(fault.closing, lang, count=len(fault.faults)), err=True)
    elif isinstance(fault, BayestraceError):
        click.echo(say("error", lang, fault=fault.text(lang)), err=True)
    else:
        traceback.print_exception(fault, file=sys.stderr)
        click.echo(say("bug", lang, fault=type(fault).__name__), err=True)
        return options.EXIT_BUG
    return fault.exit_code
