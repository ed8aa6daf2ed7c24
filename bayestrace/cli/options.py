"""The options and the exit code that several commands share."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from bayestrace.cli import names
from bayestrace.messages import Lang

if TYPE_CHECKING:
    from bayestrace.study import Study

#: A language of a report, or both in one.
PageLang = Literal["en", "zh", "both"]

#: A fault of the program.
EXIT_BUG = 1
#: A result was given, but a check of it failed.
EXIT_CHECK = 4
#: The user stopped it.
EXIT_INTERRUPTED = 130

#: The variable of the environment by which a user chooses a language once and for all.
LANGUAGE = "BAYESTRACE_LANG"

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
STUDY = click.argument("study", type=click.Path(path_type=Path), default=".")
STUDIES = click.argument("studies", type=click.Path(path_type=Path), nargs=-1, metavar="[STUDY]...")
LANG = click.option(
    "--lang",
    type=click.Choice(["en", "zh"]),
    default="en",
    envvar=LANGUAGE,
    help="Language of everything that is said and written.",
)
PAGE_LANG = click.option(
    "--lang",
    type=click.Choice(["en", "zh", "both"]),
    default="en",
    envvar=LANGUAGE,
    help="Language of everything that is said and written; both: the report in both, with a switch.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout instead of words.")
QUIET = click.option("--quiet", "-q", is_flag=True, help="Say nothing on stderr but errors.")
WITH_PRIVATE = click.option(
    "--with-private", is_flag=True, help="Keep what the study marks as private: for those who may see it."
)
PROFILE = click.option(
    "--profile",
    default="reference",
    show_default=True,
    help="Prior profile: a file of priors/ by name.",
    shell_complete=names.profiles,
)
HYPOTHESES = click.option(
    "--hypotheses",
    metavar="SET",
    help="Set of hypotheses; the study's default set if not given.",
    shell_complete=names.sets,
)
ROUND = click.option(
    "--round",
    "number",
    type=click.IntRange(min=1),
    help="Round of coding to take; that of study.yaml if not given, which is the first unless it says otherwise.",
)
DRAWS = click.option(
    "--draws", type=click.IntRange(min=100), default=None, help="Draws kept of each chain.  [default: 1000]"
)
CHAINS = click.option("--chains", type=click.IntRange(min=2, max=64), default=None, help="Chains.  [default: 4]")
SAMPLER = click.option(
    "--sampler",
    type=click.Choice(["auto", "nuts", "mode"]),
    default="auto",
    show_default=True,
    help="How to draw: nuts goes through the whole posterior; mode draws about its mode, faster where there are very "
    "many observations; auto: mode from 30,000 stated weights on, else nuts.",
)
SCHEDULER = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Have the workers of this Dask scheduler make the fits, such as tcp://host:8786; this machine if not given.",
)
SEED = click.option("--seed", type=click.IntRange(min=0, max=2**31 - 1), default=None, help="Seed.  [default: 1]")


def languages(chosen: PageLang) -> tuple[Lang, Lang | None]:
    """Return the language in which all is said, and the one to which the report can be switched, if any."""
    return ("en", "zh") if chosen == "both" else (chosen, None)


def language_of(arguments: Sequence[str]) -> Lang:
    """Tell in which language a command speaks: that of its --lang, else that of the environment, else English."""
    said = next((one for one, before in zip(arguments[1:], arguments, strict=False) if before == "--lang"), None)
    said = next((one.removeprefix("--lang=") for one in arguments if one.startswith("--lang=")), said)
    return "zh" if (said or os.environ.get(LANGUAGE)) == "zh" else "en"


def in_language(lang: Lang) -> str:
    """Return what a command that is proposed needs to answer in the same language."""
    return " --lang zh" if lang == "zh" else ""


def study_at(path: Path, number: int | None) -> Study:
    """Read a study, with the codings of a round in force."""
    from bayestrace.reading import read_study  # noqa: PLC0415 - pydantic is slow to import
    from bayestrace.study.rounds import at_round  # noqa: PLC0415

    study = read_study(path)
    return study if number is None else at_round(study, number)


def for_others(study: Study, *, with_private: bool, lang: Lang) -> Study:
    """Take out what a study marks as private, unless it is to be kept; say on stderr that something is left out."""
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.study.private import private_parts, without_private  # noqa: PLC0415

    parts = private_parts(study)
    if with_private or not any(parts):
        return study
    click.echo(say("private-left-out", lang, **parts._asdict()), err=True)
    return without_private(study)
