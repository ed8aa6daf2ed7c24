"""What must hold of whatever a reader is given: it is read, or refused in words, within bounds of time and memory."""

from __future__ import annotations

import mmap
import os
import pickle
import resource
import signal
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from random import Random
from types import FrameType

from readers import Reader

from bayestrace.errors import InputOutputFault, StudyFaults, UsageFault

#: What one input may take: seconds of a processor, and bytes beyond what the program holds before it.
SECONDS, MEMORY = 5.0, 512_000_000
#: How long a reader may not answer at all before it is stopped from outside, in seconds.
PATIENCE = 600.0
#: So many inputs are read in one process.
_BATCH = 500


class Broken(AssertionError):
    """A fault that does not say what a fault must say."""


class TooSlow(BaseException):
    """More time than an input may take; no reader takes it for an error of a library."""


def outcome(reader: Reader, data: bytes) -> tuple[str, ...]:
    """Read an input: nothing where it was read, else the faults' slugs. Anything else that it ends in is raised."""
    try:
        reader.read(data)
    except StudyFaults as found:
        _check(found)
        return tuple(sorted({fault.slug for fault in found.faults}))
    except UsageFault as found:  # of what follows from a file; no place in it is at fault
        for text in (found.text("en"), found.text("zh")):
            text.encode()
        return (found.slug,)
    except InputOutputFault as found:
        for text in (found.text("en"), found.text("zh")):
            text.encode()
            if not {"/", "\\"} & {*text}:
                raise Broken(f"no file is named: {text!r}") from None
        return (found.slug,)
    return ()


def _check(found: StudyFaults) -> None:
    if not found.faults:
        raise Broken("no fault")
    for fault in found.faults:
        said = fault.text("en"), fault.text("zh")
        if not fault.path or min(fault.line, fault.column) < 0:
            raise Broken(f"no place: {said[0]!r}")
        for text in said:
            text.encode()
            if not text.isprintable():
                raise Broken(f"not to be printed: {text!r}")


@dataclass
class Tally:
    """What came of many inputs: how many were read, which faults, what went wrong, and an example of each of that."""

    inputs: int = 0
    read: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    slugs: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    examples: dict[str, bytes] = field(default_factory=dict)

    def add(self, reader: Reader, data: bytes) -> None:
        """Read one more input."""
        self.inputs += 1
        begin = time.process_time()
        try:
            with _bounded():
                found = outcome(reader, data)
        except (Exception, TooSlow) as fault:  # noqa: BLE001 - any of them is a finding
            self.fail(_name(fault), data)
        else:
            self.read += not found
            self.slugs.update(found)
        spent = time.process_time() - begin
        self.seconds += spent
        self.slowest = max(self.slowest, spent)

    def merge(self, other: Tally) -> None:
        """Add what came of other inputs."""
        self.inputs += other.inputs
        self.read += other.read
        self.seconds += other.seconds
        self.slowest = max(self.slowest, other.slowest)
        self.slugs.update(other.slugs)
        self.failures.update(other.failures)
        self.examples = other.examples | self.examples

    def fail(self, name: str, data: bytes) -> None:
        """Note a failure."""
        self.failures[name] += 1
        self.examples.setdefault(name, data)


def _name(fault: BaseException) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [frame for frame in frames if "/bayestrace/" in frame.filename]
    at = ours[-1] if ours else frames[-1]
    return f"{type(fault).__name__} at {Path(at.filename).name}:{at.lineno} in {at.name}: {str(fault)[:120]}"


@contextmanager
def _bounded() -> Iterator[None]:
    """Raise once the time is over, counted in seconds of a processor."""

    def over(_: int, __: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def input_of(reader: Reader, name: str, seed: int, number: int) -> bytes:
    """Make the input of a number: one in two hundred is in good order, one in five is spoilt twice."""
    rng = Random(f"{name} {seed} {number}")  # noqa: S311 - the same inputs again, not secrets
    data = rng.choice(reader.seeds)
    if number % 200 == 0:
        return data
    for _ in range(1 if rng.random() < 0.8 else 2):
        data = reader.mutate(rng, data)
    return data


def run(reader: Reader, name: str, seed: int, numbers: Iterable[int]) -> Tally:
    """Read inputs in processes apart, which have so much memory: whatever one input does, the others are read."""
    whole = Tally()
    for batch in batched(numbers, _BATCH):
        left = [*batch]
        while left:
            tally, at, ended = _apart(reader, name, seed, left)
            if tally is not None:
                whole.merge(tally)
                break
            whole.inputs += 1
            whole.fail(ended, input_of(reader, name, seed, left.pop(at)))
    return whole


def _apart(reader: Reader, name: str, seed: int, numbers: list[int]) -> tuple[Tally | None, int, str]:
    """Read inputs in one process. Where that is ended, say at which of them, and by what."""
    at = mmap.mmap(-1, 8)
    with tempfile.TemporaryFile() as file:
        child = os.fork()
        if child == 0:
            try:
                limit_memory()
                warnings.simplefilter("error")  # a number that is none is told by a warning at most
                tally = Tally()
                for place, number in enumerate(numbers):
                    at[:8] = place.to_bytes(8)
                    tally.add(reader, input_of(reader, name, seed, number))
                pickle.dump(tally, file)
                file.flush()
                os._exit(0)
            finally:
                traceback.print_exc()
                os._exit(1)
        status = _waited(child, at)
        place = int.from_bytes(at[:8])
        if status:
            return None, place, f"ended by {signal.Signals(-status).name}" if status < 0 else f"ended with {status}"
        file.seek(0)
        return pickle.load(file), place, ""  # noqa: S301 - what this program wrote a moment ago


def limit_memory() -> None:
    """Let this process have `MEMORY` more than it has now, and no more."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _waited(child: int, at: mmap.mmap) -> int:
    """Wait for a process; end it where it has been at one input for too long."""
    place, since = at[:8], time.monotonic()
    while True:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if at[:8] != place:
            place, since = at[:8], time.monotonic()
        elif time.monotonic() - since > PATIENCE:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.02)
