"""Independent pieces of work handed to the workers of a Dask scheduler; what they find comes back as it is found.

The one room that knows Dask. Each piece carries all that it follows from, its seed included, so that what is found
does not depend on how many workers there are, which of them does a piece, or how often one is lost.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import itertools
import logging
import pickle
import socket
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bayestrace.caches import compile_cache
from bayestrace.errors import InputOutputFault, UsageFault
from bayestrace.inference.fingerprint import fingerprint

if TYPE_CHECKING:
    from distributed import Client, Future, Worker

#: Seconds within which a scheduler has to answer, and at least one worker to be there.
PATIENCE = 10.0
#: Seconds that a run waits for another worker once all are gone.
ALL_GONE = 60.0
# Pieces handed out for each worker: the one that it is at, and one so that it need not wait for the next.
_AHEAD = 2
# Seconds between two looks at whether there are workers.
_EVERY = 1.0


class _Worker(NamedTuple):
    """What a worker says of itself: its address, the program it runs, how many pieces it would work on at once."""

    address: str
    program: str
    threads: int


class _Back(NamedTuple):
    """What came of a piece; `found` is None where the worker is not one to work on it."""

    worker: _Worker
    found: Any


class Farm:
    """Workers at one scheduler; `connected` makes it.

    Parameters
    ----------
    client
        Connected.
    address
        The scheduler's, as the user gave it.
    """

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self._address = address

    def map[Piece, Found](
        self, function: Callable[[Piece], Found], pieces: Iterable[Piece]
    ) -> Iterator[tuple[int, Found]]:
        """Have workers work pieces out, all of which are needed.

        Parameters
        ----------
        function, pieces
            As for `attempts`.

        Yields
        ------
        int, Found
            As `attempts` does.

        Raises
        ------
        UsageFault
            As `attempts` does.
        InputOutputFault
            As `attempts` does, and where a piece failed, or was lost with several workers.
        """
        with closing(self.attempts(function, pieces)) as coming:
            for place, found in coming:
                if isinstance(found, InputOutputFault):
                    raise found
                yield place, found

    def attempts[Piece, Found](
        self, function: Callable[[Piece], Found], pieces: Iterable[Piece]
    ) -> Generator[tuple[int, Found | InputOutputFault]]:
        """Have workers work pieces out, each of which is wanted whatever becomes of the others.

        Parameters
        ----------
        function
            Of a module of this package, where workers find it by its name; run in one thread of a worker, one piece at
            a time. It follows from its piece alone.
        pieces
            Taken two for each worker at a time, so that there may be a million of them.

        Yields
        ------
        int, Found or InputOutputFault
            The place of a piece, from 0, and what was found of it, in the order in which pieces are done; a fault where
            it failed, or was lost with several workers. Leaving the iterator takes back what was handed out; a piece
            that is being worked on ends by itself and is dropped.

        Raises
        ------
        UsageFault
            A worker that came later runs another version of the program, or several threads.
        InputOutputFault
            The scheduler ended; all workers are gone for `ALL_GONE` seconds.
        """
        waiting = enumerate(pieces)
        at_work: dict[Future, int] = {}
        try:
            while True:
                room = max(_AHEAD * self._threads() - len(at_work), 0 if at_work else 1)
                for place, piece in itertools.islice(waiting, room):
                    load = pickle.dumps((function, piece))
                    at_work[self._client.submit(_do, _program(), load, pure=False)] = place
                if not at_work:
                    return
                for future in self._ended(at_work):
                    yield at_work.pop(future), self._found(future)
        finally:
            self._take_back(at_work)

    def _ended(self, at_work: Iterable[Future]) -> list[Future]:
        """Wait until a piece has ended, and give those that have."""
        from distributed import wait  # noqa: PLC0415 - loaded where workers are asked for

        gone: float | None = None
        while True:
            try:
                with self._client.as_current():
                    return list(wait(list(at_work), timeout=_EVERY, return_when="FIRST_COMPLETED").done)
            except TimeoutError:
                pass
            except (OSError, CancelledError) as fault:
                raise self._ended_early() from fault
            now = time.monotonic()
            gone = None if self._threads() else now if gone is None else gone
            if gone is not None and now - gone > ALL_GONE:
                raise InputOutputFault("workers-gone", address=self._address, seconds=f"{ALL_GONE:.0f}")

    def _found(self, future: Future) -> Any:
        """Take what a worker found of a piece, or the fault by which it failed."""
        from distributed import KilledWorker  # noqa: PLC0415 - as above

        try:
            back = future.result()
        except KilledWorker:
            return InputOutputFault("work-killed", address=self._address)
        except CancelledError as fault:
            raise self._ended_early() from fault
        # Whatever a piece may raise, on a machine that is not this one.
        except Exception as fault:  # noqa: BLE001
            return InputOutputFault("work-failed", fault=fault)
        _refuse({back.worker.address: back.worker})
        return back.found

    def _threads(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except (OSError, CancelledError) as fault:
            raise self._ended_early() from fault

    def _ended_early(self) -> InputOutputFault:
        return InputOutputFault("scheduler-gone", address=self._address)

    def _take_back(self, at_work: Iterable[Future]) -> None:
        try:
            self._client.cancel(list(at_work), force=True)
        except (OSError, CancelledError):
            # The scheduler is gone, and with it what it had handed out.
            return


@contextmanager
def connected(address: str | None) -> Iterator[Farm | None]:
    """Connect to a scheduler, and make sure that its workers run this very program.

    Parameters
    ----------
    address
        Such as `tcp://host:8786` or `host:8786`; None: the work stays on this machine.

    Yields
    ------
    Farm
        None without an address.

    Raises
    ------
    UsageFault
        Dask is not installed; a worker runs another version of bayestrace or of a library that numbers depend on, or
        works on several pieces at once.
    InputOutputFault
        No scheduler answers at the address within `PATIENCE` seconds, or no worker is there.
    """
    if address is None:
        yield None
        return
    try:
        from distributed import Client  # noqa: PLC0415 - takes half a second to import
    except ImportError as fault:
        raise UsageFault("dask-missing") from fault
    with _hushed():
        try:
            # A client that cannot connect complains for long afterwards; so the address is tried first.
            _asked(address)
            client = Client(
                address, timeout=PATIENCE, set_as_default=False, direct_to_workers=False, asynchronous=False
            )
        except (OSError, ValueError, TypeError, ImportError) as fault:
            raise InputOutputFault("no-scheduler", address=address, seconds=f"{PATIENCE:.0f}") from fault
        with client:
            try:
                client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError as fault:
                raise InputOutputFault("no-workers", address=address, seconds=f"{PATIENCE:.0f}") from fault
            _refuse(client.run(_presented, on_error="return"))
            yield Farm(client, address)


def _asked(address: str) -> None:
    """Raise unless a server of Dask answers."""
    from distributed.comm import connect  # noqa: PLC0415 - as above

    async def answers() -> None:
        comm = await connect(address, timeout=PATIENCE)
        await comm.close()

    # In a thread of its own: that of a notebook has an event loop already, and another cannot run in it.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(answers())).result()


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep Dask's log off the terminal: what a user should know of lost connections is said in words."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def once_on_this_machine[Given](is_done: Callable[[Given], bool], do: Callable[[Given], None], given: Given) -> None:
    """Do, in a piece of work, what one worker of a machine does for all, such as to compile; others wait for it.

    Parameters
    ----------
    is_done
        Whether it was done before.
    do
        Does it.
    given
        What both are asked of.
    """
    if is_done(given):
        return
    from distributed import Lock  # noqa: PLC0415 - as above

    with Lock(f"bayestrace {socket.gethostname()}"):
        if not is_done(given):
            do(given)


def _refuse(found: dict[str, Any]) -> None:
    """Refuse workers that run another program, or none, or work on several pieces at once."""
    others = [name for name, one in found.items() if not isinstance(one, _Worker) or one.program != _program()]
    if others:
        raise UsageFault("workers-other", workers=", ".join(others))
    busy = [name for name, one in found.items() if one.threads > 1]
    if busy:
        raise UsageFault("workers-threads", workers=", ".join(busy))


def _do(program: str, load: bytes) -> _Back:
    """Work a piece out, on a worker."""
    from distributed import get_worker  # noqa: PLC0415 - as above

    worker = _presented(get_worker())
    if worker.program != program or worker.threads > 1:
        return _Back(worker, None)
    compile_cache()
    try:
        function, piece = pickle.loads(load)  # noqa: S301 - a scheduler is trusted, as docs/scale.md says
        return _Back(worker, function(piece))
    except Exception as fault:
        # What is raised may be no more than this machine can read; its words travel, its traceback is in the log here.
        raise RuntimeError(f"{socket.gethostname()}: {type(fault).__name__}: {fault}") from fault


def _presented(dask_worker: Worker) -> _Worker:
    """Say what a worker is; Dask knows the argument by its name."""
    return _Worker(dask_worker.address, _program(), dask_worker.state.nthreads)


# Asked for with every piece; the text that runs does not change meanwhile.
@functools.cache
def _program() -> str:
    """Digest the engine (`inference.fingerprint`) and the text of the whole package (SHA-256, hexadecimal)."""
    known = hashlib.sha256(fingerprint().encode())
    root = Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        known.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return known.hexdigest()
