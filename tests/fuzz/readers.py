"""What a reader of files is for the harness: files in good order, how to read one, how to spoil one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mutations import Mutate

type Read = Callable[[bytes], object]


@dataclass(frozen=True)
class Reader:
    """One kind of file.

    Parameters
    ----------
    seeds
        Files in good order.
    read
        Reads one, and takes what was read as far as a user would see a fault of it.
    mutate
        Spoils one.
    """

    seeds: tuple[bytes, ...]
    read: Read
    mutate: Mutate


class Choice:
    """One of several files of a study: the first byte of an input says which, the rest is its content."""

    def __init__(self, files: Mapping[str, tuple[bytes, ...]], read: Callable[[str, bytes], object]) -> None:
        self.names = [*files]
        self.seeds = tuple(bytes([at]) + one for at, name in enumerate(self.names) for one in files[name])
        self._read = read

    def read(self, data: bytes) -> object:
        """Read one as the file that its first byte names."""
        name = self.names[data[0] % len(self.names)] if data else self.names[0]
        return self._read(name, data[1:])

    def spoilt(self, inner: Mutate) -> Mutate:
        """Let a mutator spoil the content alone."""
        return lambda rng, data: data[:1] + inner(rng, data[1:])


def files_of(texts: Mapping[str, str], *more: Mapping[str, str]) -> dict[str, tuple[bytes, ...]]:
    """Give the content of each file in each of several studies."""
    return {name: tuple(dict.fromkeys(one[name].encode() for one in (texts, *more) if name in one)) for name in texts}


def words_of(*texts: str) -> list[str]:
    """Give the words of texts, to be put into others."""
    return sorted({word for text in texts for word in text.replace("{", " ").replace(",", " ").split()})
