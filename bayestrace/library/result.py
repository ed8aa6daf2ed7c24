"""A result as a notebook holds it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from bayestrace import api, results
from bayestrace import folder as on_disk
from bayestrace.caches import cache
from bayestrace.kept import Kept
from bayestrace.library import display
from bayestrace.messages import Lang
from bayestrace.summary import summary_of

if TYPE_CHECKING:
    from bayestrace.compare import Comparison
    from bayestrace.study.sought import Candidate

type Progress = Callable[[int, int], None]


@dataclass(frozen=True, repr=False)
class Result(Kept):
    """What came of a study: what it was made of, the answer, and all that was worked out about it.

    `study`, `profile`, `problem` and `kind` are what it was made of, as it was then; `probability` is its answer.

    Parameters
    ----------
    tree
        Everything, as docs/results.md lays it out.
    inputs
        Files that the study was read from, by their path in its folder; the manifest lists them.
    """

    tree: xr.DataTree
    inputs: Mapping[str, bytes] = field(default_factory=dict, compare=False)

    def summary(self) -> dict[str, Any]:
        """Sum it up as plain data: what summary.json holds, unrounded (docs/results.md)."""
        return summary_of(self.tree)

    def findings(self, lang: Lang = "en") -> list[str]:
        """Say what a reader should know of this study and this result, the gravest first."""
        order = ("failure", "warning", "note")
        entries = sorted(json.loads(self.tree.attrs["findings"]), key=lambda one: order.index(one["level"]))
        return [str(one["text"][lang]) for one in entries]

    def sensitivity(
        self,
        only: Sequence[str] = (),
        *,
        refits: bool = True,
        multiverse: bool = False,
        progress: Progress | None = None,
    ) -> Result:
        """Work out what would change the answer.

        Parameters
        ----------
        only
            Analyses by name (docs/sensitivity.md); all but the multiverse if empty.
        refits
            Whether the model may be fitted again where draws cannot tell.
        multiverse
            Whether to try every combination of choices too.
        progress
            Told within each analysis how much is done, and how much there is.

        Returns
        -------
        Result
            The same result with the group `sensitivity`, which its report shows.

        Raises
        ------
        UsageFault
            An unknown analysis, or one in `only` that this study does not allow.
        """
        from bayestrace.sensitivity import run  # noqa: PLC0415 - numba is slow to import

        api.compile_cache()
        wanted = run.Wanted(tuple(only), refits, multiverse)
        tree = run.analyse(self.tree, wanted, cache("panels"), run.Telling(progress=progress))
        return Result(tree, self.inputs)

    def seek(self, candidates: Mapping[str, Candidate] | None = None, cases: Sequence[str] = ()) -> xr.Dataset:
        """Say how much each search that might be made is expected to tell.

        Parameters
        ----------
        candidates
            What might be sought, by name; what the study lists if None.
        cases
            Where; anywhere if empty.

        Returns
        -------
        Dataset
            By candidate and case, as docs/results.md lists it for `seeking`.

        Raises
        ------
        UsageFault
            An unknown case, or nothing that could be sought.
        """
        from bayestrace import seeking  # noqa: PLC0415 - scipy is slow to import

        return seeking.analyse(self.tree, candidates, cases)

    def predict(self, *cases: str) -> xr.Dataset:
        """Foresee the explanation of cases not yet seen.

        Parameters
        ----------
        *cases
            Each by its groups, as ``"alliance=us-japan,period=new"``; one that shares no group if none is named.

        Returns
        -------
        Dataset
            As docs/new-case.md lists it.

        Raises
        ------
        UsageFault
            A factor or group that the study does not have.
        """
        from bayestrace import foreseen  # noqa: PLC0415 - scipy is slow to import

        opened = foreseen.Opened(Path(results.FILE), self.tree)
        return foreseen.foresee(opened, list(dict.fromkeys(foreseen.asked(opened, case) for case in cases or ("",))))

    def compare(self, other: Result) -> Comparison:
        """Hold another result against this one: what changed, what differs in the inputs, which difference did it.

        Raises
        ------
        UsageFault
            They cannot be compared.
        """
        from bayestrace import compare  # noqa: PLC0415 - scipy is slow to import

        return compare.compare(compare.Side("a", self.tree), compare.Side("b", other.tree))

    def save(self, folder: str | PathLike[str], lang: Lang = "en") -> list[Path]:
        """Write report.html, posterior.nc, summary.json and manifest.json, as `bayestrace update` does.

        Parameters
        ----------
        folder
            Made if missing; each file there is wholly the old one or wholly the new one.
        lang
            Language of the report.

        Raises
        ------
        InputOutputFault
            The folder cannot be written.
        """
        return on_disk.write_result(self.tree, Path(folder), self.inputs, lang)

    def report(self, file: str | PathLike[str], lang: Lang = "en", other: Lang | None = None) -> Path:
        """Write the report alone; `other` is a language to which it can be switched.

        Raises
        ------
        InputOutputFault
            The file cannot be written.
        """
        on_disk.write_report(self.tree, Path(file), lang, other)
        return Path(file)

    def html(self, lang: Lang = "en") -> str:
        """Write the answer as a piece of HTML, for a notebook."""
        return display.result_html(self.study, self.summary(), self.findings(lang), lang)

    def __repr__(self) -> str:
        return f"<Result of {self.study.id}: set {self.tree.attrs['set']}, profile {self.profile.id}, {self.kind}>"

    def _repr_html_(self) -> str:
        return self.html()
