"""The command line: parse, call `bayestrace.api`, print. Heavy imports wait inside the commands."""

from bayestrace.cli.program import main

__all__ = ["main"]
