"""What every part of the report is made of: a number, a text, a quantity over the draws."""

from __future__ import annotations

from dataclasses import dataclass

from bayestrace.messages import Lang


@dataclass(frozen=True)
class Number:
    """A number of the result or of the study, with the two that it is the difference of, if it is one.

    Parameters
    ----------
    value
        As the tree or the study has it; a page carries five digits.
    parts
        Empty where `value` stands in the tree or the study; `(a, b)` where it is a - b of two that do.
    """

    value: float
    parts: tuple[float, ...] = ()


@dataclass(frozen=True)
class Phrase:
    """A text of the study, with its language where that is not the page's."""

    text: str
    lang: Lang | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Spread:
    """A quantity over the draws: mean, median, and the ends of its 50 % and 94 % intervals."""

    mean: Number
    q03: Number
    q25: Number
    q50: Number
    q75: Number
    q97: Number
