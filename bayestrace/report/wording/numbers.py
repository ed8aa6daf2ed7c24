"""Write numbers for people: as many digits as they carry, never a certainty that nobody has."""

from __future__ import annotations

from collections.abc import Callable

from bayestrace.messages import Lang

Format = Callable[[float], str]

MINUS = "−"
#: Past this a probability is written as odds.
NEARLY_ONE = 0.999
#: Below this no digits are given.
NEARLY_NOUGHT = 0.001
_SPACE: dict[Lang, str] = {"en": "\u00a0", "zh": ""}


def percent(value: float, lang: Lang = "en") -> str:
    """Write a probability: one decimal below 10 % and above 90 %, odds past 0.999, never 0 or 1.

    Parameters
    ----------
    value
        Between 0 and 1.
    lang
        English sets a space before the percent sign, as this project does; Chinese sets none.
    """
    space = _SPACE[lang]
    if value > NEARLY_ONE:
        return f">{space}999{space}:{space}1"
    if value < NEARLY_NOUGHT:
        return f"<{space}0.1{space}%"
    decimals = 0 if 0.0995 <= value <= 0.9005 else 1  # noqa: PLR2004 - where rounding leaves the middle
    return f"{100 * value:.{decimals}f}{space}%"


def share(value: float, lang: Lang = "en") -> str:
    """Write a probability of being so, or of being found: as `percent`, but of such a thing nobody gives odds."""
    space = _SPACE[lang]
    return f">{space}99.9{space}%" if value > NEARLY_ONE else percent(value, lang)


def stated_share(value: float, lang: Lang = "en") -> str:
    """Write a probability that a study states as known: as `share`, but 0 and 1 where they are meant."""
    return f"{100 * value:.0f}{_SPACE[lang]}%" if value in {0.0, 1.0} else share(value, lang)


def quota(value: float) -> str:
    """Write a share among all cases, or a sum of such shares, which may be negative: three decimals."""
    text = f"{abs(value):.3f}"
    return f"{MINUS}{text}" if value < 0 and float(text) else text


def decibels(value: float) -> str:
    """Write a weight of evidence with its sign and without its unit: one decimal, none past 100."""
    text = f"{abs(value):.{0 if abs(value) >= 99.95 else 1}f}"  # noqa: PLR2004 - where rounding reaches 100
    if float(text) == 0.0:
        return "0.0"
    return f"{MINUS if value < 0 else '+'}{text}"


def magnitude(value: float) -> str:
    """Write a width, a spread or a standard deviation in decibels: no sign."""
    return f"{value:.1f}"


def ratio(value: float) -> str:
    """Write a relative scale or an R-hat: two decimals."""
    return f"{value:.2f}"


def correlation(value: float) -> str:
    """Write a correlation: two decimals with their sign."""
    text = f"{abs(value):.2f}"
    return text if float(text) == 0.0 else f"{MINUS if value < 0 else '+'}{text}"


def p_value(value: float) -> str:
    """Write a p-value that some hundred replicates give: two decimals, never 0 or 1."""
    if value < 0.01:  # noqa: PLR2004 - the last of the two decimals
        return "<\u00a00.01"
    return ">\u00a00.99" if value > 0.99 else f"{value:.2f}"  # noqa: PLR2004


def count(value: float) -> str:
    """Write a count, or an effective sample size."""
    return f"{value:.0f}"


def plain(value: float) -> str:
    """Write a number as the study's author wrote it, as far as a float can tell."""
    return f"{value:g}".replace("-", MINUS)
