"""The marginal signal model against joint normal densities written out directly (docs/inference.md 3.3)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numeric import brute_cluster, loglik, one, some_theta
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference.signal import design_of

SHAPES: dict[str, dict[str, Any]] = {
    "one coder": {"coders": 1, "clusters": (3,)},
    "three coders": {"coders": 3, "clusters": (2,)},
    "missing coders": {"coders": 3, "clusters": (3,), "missing": 0.4, "seed": 3},
    "no ranges": {"ranges": False},
    "surely so": {"reliability": 1.0},
    "redundancy as a point": {"redundancy": (None, 0.4, None)},
    "two hypotheses": {"hypotheses": 2, "clusters": (4,)},
    "partial": {"coders": 2, "hypotheses": 4, "clusters": (3,), "partial": 0.35, "seed": 2},
    "partial, missing coders": {"coders": 3, "hypotheses": 3, "partial": 0.3, "missing": 0.3, "seed": 5},
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_clusters_equal_the_joint_density_of_all_that_was_stated(shape: dict[str, Any]) -> None:
    problem = encode(make_study(cases=1, singles=1, **shape), make_profile())
    design, _, _ = design_of(problem)
    assert (design.projector is not None) == ("partial" in shape)
    theta = some_theta(problem, 2)
    found = loglik(design, theta)
    for draw in range(2):
        for cluster in range(design.clusters):
            expected = brute_cluster(design, one(theta, draw), cluster)
            np.testing.assert_allclose(found[draw, cluster], expected, rtol=0, atol=1e-9)
