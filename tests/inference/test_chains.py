"""Chains in processes of their own: what comes back, what is told, how they end; and against PyMC's own way."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pymc as pm
import pytest
from living import alive
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference.chains import Chain, Lengths, Meaning, Sampler, running


class Pretended:
    """A sampler that draws nothing: each chain tells of its draws and hands its own number back."""

    def __init__(self, chains: int = 3, pause: float = 0.0, faulty: int = -1, ended: int = -1) -> None:
        self.lengths = Lengths(draws=40, tune=10, chains=chains)
        self._pause, self._faulty, self._ended = pause, faulty, ended

    def run(self, chain: int, told: Callable[[], None]) -> Chain:
        for draw in range(50):
            told()
            if chain == self._faulty and draw == 5:
                raise ZeroDivisionError("no such chain")
            if chain == self._ended and draw == 5:
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(self._pause)
        numbers = np.full(40, float(chain))
        return Chain({"x": numbers}, numbers.astype(np.int8), numbers, numbers.astype(np.int64))


def chains_of(sampler: Any, cores: int, **options: Any) -> dict[int, Chain]:
    with running(sampler, cores, **options) as chains:
        return dict(chains)


@pytest.mark.parametrize(("cores", "method"), [(1, None), (2, None), (5, None), (2, "spawn")])
def test_every_chain_comes_back_once_however_many_processes_there_are(cores: int, method: str | None) -> None:
    told: list[tuple[int, int]] = []
    found = chains_of(Pretended(), cores, progress=lambda *said: told.append(said), method=method)
    assert sorted(found) == [0, 1, 2]
    assert all((chain.points["x"] == number).all() for number, chain in found.items())
    assert told[-1] == (150, 150)
    assert sorted(set(told)) == told
    assert multiprocessing.active_children() == []


def test_how_far_the_chains_are_is_told_while_they_run() -> None:
    told: list[int] = []
    chains_of(Pretended(chains=2, pause=0.02), 2, progress=lambda done, _: told.append(done))
    assert len(told) > 2
    assert 0 < told[0] < 100


@pytest.mark.parametrize("cores", [1, 2])
def test_what_goes_wrong_in_a_chain_goes_wrong_where_it_is_waited_for(cores: int) -> None:
    with pytest.raises((RuntimeError, ZeroDivisionError), match="no such chain"):
        chains_of(Pretended(faulty=1), cores)
    assert multiprocessing.active_children() == []


def test_a_process_that_somebody_ends_is_no_chain_that_came_back() -> None:
    with pytest.raises(RuntimeError, match="has been ended"):
        chains_of(Pretended(ended=2), 2)
    assert multiprocessing.active_children() == []


def test_an_interrupt_ends_every_process_at_once() -> None:
    def interrupted(done: int, total: int) -> None:
        assert done < total
        raise KeyboardInterrupt

    # Left alone these chains would take hours.
    with pytest.raises(KeyboardInterrupt):
        chains_of(Pretended(pause=10.0), 2, progress=interrupted)
    assert multiprocessing.active_children() == []


ABANDONED = """
import multiprocessing, os, signal
from test_chains import Pretended
from bayestrace.inference.chains import running
with running(Pretended(chains=2, pause=1.0), 2) as chains:
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_processes_whose_parent_was_killed_end_by_themselves(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    said = tmp_path / "said"
    # To a file: a pipe would be waited for until the last process has closed it.
    with said.open("wb") as out:
        done = subprocess.run([sys.executable, "-c", ABANDONED], stdout=out, env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    left = [int(word) for word in said.read_text(encoding="ascii").split()]
    assert len(left) == 2
    # By themselves the chains would take most of a minute.
    until = time.monotonic() + 20.0
    while any(map(alive, left)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(alive, left))


def test_a_metric_is_guessed_where_the_model_itself_begins_nowhere() -> None:
    """Without stated ranges and without noise, as the model begins, nothing that was stated is possible."""
    problem = encode(make_study(cases=2, hypotheses=3, coders=2, clusters=(2,), singles=2, seed=8), make_profile())
    sampler = Sampler(problem.assign(stated_variance=0.0 * problem["stated_variance"]), Lengths(10, 10, 2), 7, 0.9)
    learnt = sampler.step.potential.velocity(np.ones(sum(np.size(value) for value in sampler.starts[0].values())))
    assert np.isfinite(learnt).all()
    assert (learnt != 1.0).sum() > learnt.size // 2


def test_the_metric_is_as_wide_as_one_hump_of_a_size_with_two_signs() -> None:
    """Humps of width 1 at 6 and -6 have the variance 37 together; the gradient knows but of the one where it is."""
    problem = encode(make_study(cases=2, hypotheses=3, coders=2, clusters=(2,), singles=2, seed=8), make_profile())
    sampler = Sampler(problem, Lengths(10, 200, 2), 7, 0.9)
    potential, size = sampler.step.potential, sum(np.size(value) for value in sampler.starts[0].values())
    rng = np.random.default_rng(1)
    for _ in range(200):
        inside = rng.standard_normal(size)
        potential.update(inside + 6.0 * rng.choice([-1.0, 1.0], size), -inside, tune=True)
    width = np.sqrt(potential.velocity(np.ones(size)))
    assert (width > 1.0).all()
    assert (width < 3.5).all()


@pytest.mark.long
def test_draws_are_those_of_pymc_whatever_the_cores_and_however_processes_start() -> None:
    problem = encode(make_study(cases=2, hypotheses=3, coders=2, clusters=(2,), singles=2, seed=8), make_profile())
    recipe = (problem, Lengths(draws=30, tune=40, chains=3), 7, 0.9)
    # Code just compiled rounds differently from code out of the cache, so that what is compared must be compiled first.
    Sampler(*recipe)
    ours = Sampler(*recipe)
    with ours.model:
        expected: Any = pm.sample(
            step=ours.step,
            initvals=ours.starts,
            draws=30,
            tune=40,
            chains=3,
            cores=1,
            random_seed=7,
            progressbar=False,
            quiet=True,
            compute_convergence_checks=False,
        )
    copied = pickle.loads(pickle.dumps(Sampler(*recipe)))  # noqa: S301 - our own
    for sampler, cores, method in ((Sampler(*recipe), 2, None), (copied, 1, None), (Sampler(*recipe), 2, "spawn")):
        found = chains_of(sampler, cores, method=method)
        meaning = Meaning(sampler.model)
        posterior = meaning.dataset([meaning.of(found[place].points) for place in range(3)])
        assert "scale" in posterior
        for name, values in posterior.data_vars.items():
            # Starts go through PyMC's transforms once more, and chains amplify how that rounds.
            np.testing.assert_allclose(values, expected["posterior"][name], rtol=1e-4, err_msg=str(name))
        depths = np.stack([found[place].tree_depth for place in range(3)])
        np.testing.assert_array_equal(depths, expected["sample_stats"]["tree_depth"])
