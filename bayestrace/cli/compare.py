"""The command that compares two results."""

from __future__ import annotations

from pathlib import Path

import click

from bayestrace.cli import options
from bayestrace.messages import Lang


@click.command("compare", context_settings=options.CONTEXT)
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@options.LANG
@options.JSON
def compare_results(a: Path, b: Path, lang: Lang, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Compare two results: what changed, and what did it.

    A and B are folders that `update` wrote, or the files posterior.nc in them; changes are told from A to B. Prints
    what differs between the inputs, the probability of each explanation in both, and for each case that moved the
    steps from A to B: the prior and pooling, the evidence, the coders, the hypotheses, and what is left; then the
    observations, coders and clusters that moved the weight of evidence most. Each step says whether it is exact.
    Nothing is fitted and nothing is written. Results of different studies are compared in what they have in common.

    \b
    Examples:
      bayestrace compare reports/article-reference reports/article-sceptical
      bayestrace compare old/posterior.nc reports/article-reference --lang zh
      bayestrace compare reports/article-reference reports/extended-reference --json
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import compare  # noqa: PLC0415
    from bayestrace.cli import compare_show, show  # noqa: PLC0415

    found = compare.compare(compare.open_side(a), compare.open_side(b))
    click.echo(show.as_json(compare.as_data(found)) if as_json else compare_show.comparison(found, lang))
