"""What many specifications come to: shares of choices and of leaders, of made-up answers."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from bayestrace.sensitivity import multiverse
from bayestrace.sensitivity.multiverse.curve import summary


def test_shares_of_made_up_answers() -> None:
    """Two choices of two options: one moves the answer by .41, the other by .2, both together by nothing more."""
    a = np.array([0.1, 0.3, 0.51, 0.71])
    probability = np.stack([a, 1.0 - a], axis=-1)[:, None]
    main, together = multiverse.effect_shares(probability, [2, 2])
    assert main[:, 0, 0] == pytest.approx([0.1681 / 0.2081, 0.04 / 0.2081])
    assert together[0, 0] == pytest.approx(0.0, abs=1e-12)
    assert multiverse.leader_shares(probability)[0] == pytest.approx([0.5, 0.5])
    still = np.full((4, 1, 2), 0.5)
    assert np.isnan(multiverse.effect_shares(still, [2, 2])[0]).all()
    assert np.isnan(multiverse.leader_shares(np.full((4, 1, 2), np.nan))).all()


def made_up(
    pareto_k: np.ndarray,
    options: dict[str, list[str]],
    reweighted: tuple[str, ...] = (),
    ess: float | list[float] = 400.0,
) -> xr.Dataset:
    a = np.random.default_rng(0).uniform(size=pareto_k.size)
    dataset = xr.Dataset(
        {
            "probability": (("specification", "case", "hypothesis"), np.stack([a, 1.0 - a], axis=-1)[:, None]),
            "pareto_k": ("specification", pareto_k),
            "ess": ("specification", np.broadcast_to(ess, pareto_k.shape)),
        },
        coords={"case": ["c"], "hypothesis": ["x", "y"]},
        attrs={"focal": "x"},
    )
    return summary(dataset, options, reweighted)


def test_specifications_that_cannot_be_believed_are_counted_apart() -> None:
    found = made_up(np.array([0.1, np.nan, 0.71, 0.7]), {"one": ["a", "b"], "two": ["a", "b"]})
    led = found["probability"].values[:, 0, 0] > 0.5
    assert found.attrs["unreliable"] == 0.25
    assert found["leader_share"].values[0, 0] == pytest.approx(led.mean())
    assert found["leader_share_believed"].values[0, 0] == pytest.approx(led[[0, 1, 3]].mean())
    assert found["doubtful"].values.tolist() == [0, 0, 1, 0]
    few = made_up(np.full(4, 0.1), {"one": ["a", "b"], "two": ["a", "b"]}, ess=[400.0, 20.0, 20.0, 400.0])
    assert few["doubtful"].values.tolist() == [0, 1, 1, 0]
    assert few["leader_share_believed"].values[0, 0] == pytest.approx(led[[0, 3]].mean())


def test_choices_are_compared_where_every_combination_can_be_believed() -> None:
    """One option is bad throughout, another in one combination only: what is left is complete."""
    options = {"one": ["a", "b"], "two": ["a", "b", "c"], "three": ["a", "b"]}
    pareto_k = np.zeros((2, 3, 2))
    pareto_k[:, 2, :] = 1.0
    pareto_k[1, 1, 1] = 0.8
    found = made_up(pareto_k.reshape(-1), options)
    left = [str(name) for name in found["option"].values[found["compared"].values == 1]]
    # Of the three options that the single one is made of, the first is struck out.
    assert left == ["one=a", "two=a", "two=b", "three=a", "three=b"]
    shares = found["effect_share"].sel(case="c", hypothesis="x")
    kept = found["probability"].values[:, 0, 0].reshape(2, 3, 2)[0, :2]
    assert np.isnan(float(shares.sel(choice="one")))
    assert float(shares.sel(choice="two")) == pytest.approx(kept.mean(axis=1).var() / kept.var())
    assert float(shares.sel(choice="three")) == pytest.approx(kept.mean(axis=0).var() / kept.var())
    assert float(shares.sum() + found["together_share"].values[0, 0]) == pytest.approx(1.0)
    spared = made_up(pareto_k.reshape(-1), options, ("two", "three"))
    left = [str(name) for name in spared["option"].values[spared["compared"].values == 1]]
    assert left == ["one=a", "one=b", "two=a", "three=a", "three=b"]
    everything = made_up(np.ones(4), {"one": ["a", "b"], "two": ["a", "b"]})
    assert everything["matters_most"].values.tolist() == [""]
