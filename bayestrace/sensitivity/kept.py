"""What a page needs of the fits of other panels, kept in the result: a reader may then switch coders off."""

from __future__ import annotations

import numpy as np
import xarray as xr

from bayestrace.encoding import Problem, encode
from bayestrace.joint import enumerable, log_update
from bayestrace.panels import Panel
from bayestrace.sensitivity.draws import sought_of
from bayestrace.study import PriorProfile, Study

#: Name of the group in the result tree; each panel is a group in it, by the names of its coders.
GROUP = "panels"
#: Draws kept of each fit, evenly spaced: as many of each of four chains.
DRAWS = 92
_THETA = (
    *("scale", "noise", "bias", "noise_sd", "leaning_sd", "range_factor", "shared", "common_error"),
    *("r_eta", "log_v", "sd_log_v"),
)
# No name of a coder has one.
_BETWEEN = "+"


def of(panel: Panel, problem: Problem, study: Study, profile: PriorProfile) -> dict[str, xr.Dataset]:
    """Reduce the fit of a panel to what a page needs, where it answers the question of a result.

    Parameters
    ----------
    panel
        Any fit made on the way.
    problem
        That of the result.
    study, profile
        What the result is of, with the cases in the order of the result.

    Returns
    -------
    dict
        By path in the result tree, one group or none. None of the result's own panel, nor of evidence or standpoints
        changed in more than the coders, nor where joint explanations are too many for a page. Over `draw`, `coder`,
        `contrast`, `cluster` and `joint`: the hyperparameters, `log_update` (log A(Z) of all draws of the fit, less its
        greatest, nats), and where clues are part of the evidence `sought`, what they say of each case (nats), all in 4
        bytes; `redundancy_mean` and `redundancy_sd`, as these coders stated it.
    """
    coders, set_name = set(panel.coders), str(problem.attrs["set"])
    asked = coders < {str(name) for name in problem["coder"].values} and panel.problem.attrs["set"] == set_name
    if not asked or not enumerable(problem):
        return {}
    if not panel.problem.identical(encode(study, profile, set_name, panel.coders)):
        return {}
    posterior = panel.posterior.stack(sample=("chain", "draw"), create_index=False)
    loglik = posterior["case_loglik"].transpose("sample", "case", "hypothesis").values
    update = log_update(panel.problem, loglik)
    total = posterior.sizes["sample"]
    spaced = np.linspace(0, total - 1, min(DRAWS, total)).round().astype(np.int64)
    thinned = posterior[list(_THETA)].isel(sample=spaced).drop_vars(["chain", "draw"], errors="ignore")
    kept = thinned.rename(sample="draw").transpose("draw", "coder", "contrast").astype(np.float32)
    sought = sought_of(panel.problem, panel.posterior, spaced)
    if sought is not None:
        kept = kept.assign(sought=(("draw", "case", "hypothesis"), sought.astype(np.float32)))
    made = kept.assign(
        log_update=("joint", (update - update.max()).astype(np.float32)),
        redundancy_mean=panel.problem["redundancy_mean"],
        redundancy_sd=panel.problem["redundancy_sd"],
    )
    return {f"{GROUP}/{_BETWEEN.join(panel.coders)}": made.assign_coords(coder=list(panel.coders))}
