"""Run the program as `python -m bayestrace`, where the command itself is not on the path."""

from bayestrace.cli import main

main(prog_name="bayestrace")
