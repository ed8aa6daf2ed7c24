"""A real scheduler and workers, each a process of its own on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
_LONGEST = 60.0


class Cluster:
    """A scheduler at `address`, and the workers started so far."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        self._until(lambda: self._listens(port))

    def work(self, *options: str, path: Path | None = None) -> subprocess.Popen[bytes]:
        """Start a worker that nobody starts again; modules of `path` come first."""
        given = ["--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--local-directory", str(self._folder)]
        worker = self._start("worker", self.address, *given, *(options or ("--nthreads", "1")), path=path)
        self.workers.append(worker)
        return worker

    def close(self) -> None:
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()

    def log(self) -> str:
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted(self._folder.glob("*.log")))

    def _start(self, *arguments: str, path: Path | None = None) -> subprocess.Popen[bytes]:
        number = len(list(self._folder.glob("*.log")))
        paths = [str(one) for one in (path, HERE) if one is not None]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
        with (self._folder / f"{number}.log").open("wb") as log:
            return subprocess.Popen(
                # The folder that a program is started in comes before all paths.
                [sys.executable, "-m", "dask", *arguments],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                env=environment,
            )

    @staticmethod
    def _listens(port: int) -> bool:
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", port)) == 0

    def _until(self, holds: Callable[[], bool]) -> None:
        until = time.monotonic() + _LONGEST
        while not holds():
            assert time.monotonic() < until, self.log()
            time.sleep(0.05)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Start a scheduler and so many workers, and end them."""
    folder.mkdir(exist_ok=True)
    started = Cluster(folder)
    try:
        for _ in range(workers):
            started.work()
        yield started
    finally:
        started.close()
