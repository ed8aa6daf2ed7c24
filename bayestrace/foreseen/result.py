"""Open the result from which a case is foreseen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from bayestrace.errors import UsageFault
from bayestrace.inference import answer, facevalue, pooling, searches
from bayestrace.kept import Kept, opened


@dataclass(frozen=True)
class Opened(Kept):
    """A result, opened for a case that it does not have.

    Parameters
    ----------
    place
        The path of its file.
    tree
        The result (docs/results.md).
    """

    place: Path
    tree: xr.DataTree

    @property
    def posterior(self) -> xr.Dataset | None:
        """The draws; None where nothing was drawn: at face value, and where clues alone were summed up exactly."""
        return self.tree["posterior"].to_dataset() if "posterior" in self.tree.children else None

    @property
    def factors(self) -> list[str]:
        """Names of the factors by which cases are pooled."""
        return [str(name) for name in self.problem["level"].values[1:-1]]

    def draws(self) -> answer.TableDraws | answer.PoolDraws | searches.ClueAllotments:
        """Take the draws; at face value one, the sum of the stated weights, doubtful observations included.

        Of clues alone, where nothing was drawn, the exact answer.

        Raises
        ------
        UsageFault
            At face value, joint explanations that are too many to enumerate.
        """
        if self.posterior is not None:
            return answer.draws_of(self.problem, self.posterior)
        if self.kind == "clues":
            return searches.exact(self.problem)
        if not pooling.fits_in_table(self.problem):
            raise UsageFault("new-case-not-enumerated")
        return answer.TableDraws(self.problem, facevalue.case_loglik(self.problem, with_doubtful=True)[None, None])


def open_result(path: Path) -> Opened:
    """Read a result.

    Parameters
    ----------
    path
        As `results.locate` takes it.

    Raises
    ------
    InputOutputFault
        There is no result, or a file that lacks a part of one.
    """
    return opened(path, Opened, "study", "profile", "posterior")
