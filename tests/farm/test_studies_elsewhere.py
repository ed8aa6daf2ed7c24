"""Studies whose fits workers make are those of this machine, to the byte, though a worker is killed in their midst."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cluster import Cluster, cluster
from distributed import Client
from several_studies import bytes_of, write_several

from bayestrace import api
from bayestrace.cli import main

QUICK = ("--draws", "100", "--chains", "2", "--seed", "3")
pytestmark = [
    # Which study gets which draws, and what lost pieces cost, is tested without fits in test_cli_several.py.
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]


def killed_at_work(cluster: Cluster) -> int:
    """Kill a worker that has a study to draw, and say how it ended."""
    with Client(cluster.address, set_as_default=False) as client:
        busy = [address for address, pieces in client.processing().items() if pieces]
        victim = client.run(os.getpid)[busy[0]]
    os.kill(victim, signal.SIGKILL)
    return next(worker.wait() for worker in cluster.workers if worker.pid == victim)


def test_studies_updated_by_two_workers_of_which_one_is_killed_are_those_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studies = write_several(tmp_path, "abc")
    for path in studies:
        alone = CliRunner().invoke(main, ["update", str(path), *QUICK])
        # So few draws may fail a check (4).
        assert alone.exit_code in {0, 4}, alone.stderr
    conclude = api.conclude
    killed: list[int] = []
    with cluster(tmp_path / "dask", 2) as two:

        def first(*given: Any) -> Any:
            if not killed:
                killed.append(killed_at_work(two))
            return conclude(*given)

        monkeypatch.setattr(api, "conclude", first)
        there = ["--scheduler", two.address, "--out", str(tmp_path / "there")]
        result = CliRunner().invoke(main, ["update", *map(str, studies), *QUICK, *there])
    assert killed == [-signal.SIGKILL]
    assert result.exit_code == alone.exit_code, result.stderr
    assert "Updated 3 of 3 studies" in result.stdout
    for path in studies:
        assert bytes_of(tmp_path / "there" / path.name) == bytes_of(path / "reports/article-reference")
