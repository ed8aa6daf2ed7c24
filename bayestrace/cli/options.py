"""The options and the exit code that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

#: A result was given, but a check of it failed.
EXIT_CHECK = 4

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
STUDY = click.argument("study", type=click.Path(file_okay=False, path_type=Path), default=".")
LANG = click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", help="Language of everything that is said and written."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout instead of words.")
QUIET = click.option("--quiet", "-q", is_flag=True, help="Say nothing on stderr but errors.")
PROFILE = click.option(
    "--profile", default="reference", show_default=True, help="Prior profile: a file of priors/ by name."
)
HYPOTHESES = click.option(
    "--hypotheses", metavar="SET", help="Set of hypotheses; the study's default set if not given."
)
DRAWS = click.option(
    "--draws", type=click.IntRange(min=100), default=None, help="Draws kept of each chain.  [default: 1000]"
)
CHAINS = click.option("--chains", type=click.IntRange(min=2, max=64), default=None, help="Chains.  [default: 4]")
SEED = click.option("--seed", type=click.IntRange(min=0, max=2**31 - 1), default=None, help="Seed.  [default: 1]")
