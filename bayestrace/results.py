"""Keep a result: the tree's small conventions, and how it is written and opened."""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.errors import InputOutputFault

if TYPE_CHECKING:
    import netCDF4

try:
    import fcntl
except ImportError:  # Windows, where two that write into one folder at once are not kept apart
    fcntl = None  # type: ignore[assignment]

Floats = NDArray[np.float64]

#: Name of the file in which a result is kept.
FILE = "posterior.nc"
#: Version of the layout that docs/results.md describes.
FORMAT = 2
#: What begins the names of folders in which files are made before they are put in their places.
_STAGE = ".bayestrace-"
#: What the last line of a result's file begins with; the digest of all before it follows. netCDF reads past it.
_SEAL = b"\nbayestrace sha256 "
_SEAL_SIZE = len(_SEAL) + 2 * hashlib.sha256().digest_size
#: So much a result may hold once it is unpacked, in bytes: ten times what 10,000 cases come to.
MOST_BYTES = 40_000_000_000
#: A text among the arrays of a file counts as what refers to it, in bytes.
_REFERENCE = 8
#: Endings of studies in one file, whose results are kept beside it.
_STUDIES = (".xlsx", ".json")
#: What is kept of a quantity's draws, and the quantiles it stands for.
STATS = ("mean", "q03", "q25", "q50", "q75", "q97")
_QUANTILES = (0.03, 0.25, 0.5, 0.75, 0.97)
#: Probabilities no farther apart than this differ by rounding alone.
ALIKE = 1e-9


def summarise(draws: Floats) -> Floats:
    """Reduce draws on the first axis to `STATS`, shape (6, ...)."""
    return np.concatenate([draws.mean(axis=0)[None], np.quantile(draws, _QUANTILES, axis=0)])


def centred(loglik: Floats) -> Floats:
    """Take the constant out of log-likelihood vectors, so that they sum to zero over the last axis."""
    return np.asarray(loglik - loglik.mean(axis=-1, keepdims=True))


def sole_leader(probability: Sequence[float] | Floats) -> int | None:
    """Name the explanation that is more probable than every other; None where several share the first place."""
    second, first = sorted(probability)[-2:]
    return None if first - second <= ALIKE else max(range(len(probability)), key=lambda place: probability[place])


def leader_of(probability: Sequence[float] | Floats, names: Sequence[str]) -> str | None:
    """Name the explanation that leads; None where several share the first place."""
    place = sole_leader(probability)
    return None if place is None else names[place]


def share_first(probability: Floats) -> NDArray[np.bool_]:
    """Say of each explanation whether it has the first place or shares it, over the last axis."""
    return np.asarray(probability >= probability.max(axis=-1, keepdims=True) - ALIKE)


def closest_rival(probability: Floats) -> NDArray[np.int64]:
    """Name for each hypothesis its most probable rival, over the last axis; the first of equals."""
    size = probability.shape[-1]
    masked = np.where(np.eye(size, dtype=bool), -np.inf, probability[..., None, :])
    return masked.argmax(axis=-1)


def weight_against(loglik: Floats, rival: NDArray[np.int64]) -> Floats:
    """Take the weight of each hypothesis against its rival.

    Parameters
    ----------
    loglik
        Log-likelihoods, shape (..., C, K).
    rival
        Index of the rival, shape (C, K).
    """
    return np.asarray(loglik - np.take_along_axis(loglik, np.broadcast_to(rival, loglik.shape), axis=-1))


def save(tree: xr.DataTree, path: Path) -> None:
    """Write a tree to one netCDF file, wholly or not at all; the same tree gives the same bytes."""
    write_together({path.name: lambda fresh: write_tree(tree, fresh)}, path.parent)


def write_tree(tree: xr.DataTree, path: Path) -> None:
    """Write a tree to a new netCDF file, and seal it.

    Raises
    ------
    OSError
        The system refuses it.
    """
    try:
        tree.to_netcdf(path, engine="netcdf4")
    except RuntimeError as fault:  # how the library says that the disk is full
        raise OSError(str(fault)) from fault
    seal(path)


def seal(path: Path) -> None:
    """Add the digest of a file to its end, by which damage is seen before anything in it is believed.

    The library that reads netCDF takes a changed byte for another number, or crashes on it.
    """
    with path.open("rb+") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0, os.SEEK_END)
        file.write(_SEAL + digest.encode())


def _check_seal(path: Path) -> None:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _SEAL_SIZE))
        written = file.read()
        if not written.startswith(_SEAL):
            raise InputOutputFault("result-unsealed", path=path)
        file.seek(0)
        digest, left = hashlib.sha256(), size - _SEAL_SIZE
        while left and (piece := file.read(min(left, 1 << 20))):
            digest.update(piece)
            left -= len(piece)
    if written != _SEAL + digest.hexdigest().encode():
        raise InputOutputFault("result-damaged", path=path)


def load(path: Path) -> xr.DataTree:
    """Read a result into memory.

    Raises
    ------
    InputOutputFault
        The file is missing, unreadable, damaged, no result of this program, of another version of the layout, or holds
        more than `MOST_BYTES`.
    """
    try:
        _check_seal(path)
        import netCDF4  # noqa: PLC0415 - needed where a file is opened only

        with netCDF4.Dataset(path) as file:
            # Encoded values, as `xarray.decode_cf` wants them.
            file.set_auto_maskandscale(False)
            groups = dict(_groups(file))
            _check_kind(groups, path)
            return xr.DataTree.from_dict({name: _decoded(group) for name, group in groups.items()})
    except OSError as fault:
        raise InputOutputFault("no-result", path=path, reason=fault.strerror or fault) from fault
    except InputOutputFault:
        raise
    except Exception as fault:  # what a file of another program makes the libraries raise has no one kind
        raise InputOutputFault("no-result", path=path, reason=fault) from fault


def _groups(group: netCDF4.Dataset, name: str = "/") -> Iterator[tuple[str, netCDF4.Dataset]]:
    """Walk through a file, each group by its path."""
    yield name, group
    for child, inner in group.groups.items():
        yield from _groups(inner, f"{name.rstrip('/')}/{child}")


def _check_kind(groups: Mapping[str, netCDF4.Dataset], path: Path) -> None:
    """Refuse what is no result, before its arrays are read."""
    attrs = _attributes(groups["/"])
    if "bayestrace" not in attrs:
        raise InputOutputFault("other-result", path=path)
    if (found := str(attrs.get("format"))) != str(FORMAT):
        raise InputOutputFault("result-format", path=path, found=found, known=FORMAT)
    arrays = [array for group in groups.values() for array in group.variables.values()]
    size = sum(math.prod(array.shape) * (np.dtype(array.dtype).itemsize or _REFERENCE) for array in arrays)
    if size > MOST_BYTES:
        raise InputOutputFault("result-too-large", path=path, size=f"{size / 1e9:.1f}", limit=f"{MOST_BYTES / 1e9:.0f}")


def _decoded(group: netCDF4.Dataset) -> xr.Dataset:
    """Read a group into memory.

    Opening it as `xarray.open_datatree` does makes each array one that is read when it is asked for; that takes twice
    as long as reading all of a result's hundreds of small ones.
    """
    arrays = {
        name: xr.Variable(array.dimensions, np.asarray(array[...]), _attributes(array))
        for name, array in group.variables.items()
    }
    return xr.decode_cf(xr.Dataset(arrays, attrs=_attributes(group)), decode_times=False).load()


def _attributes(of: netCDF4.Dataset | netCDF4.Variable[Any]) -> dict[str, Any]:
    return {name: of.getncattr(name) for name in of.ncattrs()}


def locate(path: Path) -> Path:
    """Find the file of a result that a user names.

    Parameters
    ----------
    path
        A folder that `bayestrace update` wrote, the file posterior.nc in it, or a study with one result: its folder,
        its workbook or the file that a report handed out.

    Raises
    ------
    InputOutputFault
        There is none; where a study's folder was named that has several, the message lists them.
    """
    if not path.exists():
        raise InputOutputFault("result-no-path", path=path)
    if not path.is_dir() and path.suffix.lower() not in _STUDIES:
        return path
    if (path / FILE).is_file():
        return path / FILE
    known = sorted((path if path.is_dir() else path.parent).glob(f"reports/*/{FILE}"))
    if len(known) == 1:
        return known[0]
    raise InputOutputFault("result-not-here", path=path, known=", ".join(one.parent.as_posix() for one in known))


def write_text(text: str, path: Path) -> None:
    """Write a text file wholly or not at all."""
    write_bytes(text.encode(), path)


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file wholly or not at all."""
    write_together({path.name: lambda fresh: fresh.write_bytes(content)}, path.parent)


def write_arrays(arrays: Mapping[str, NDArray[Any]], path: Path) -> None:
    """Write a compressed NumPy archive wholly or not at all."""
    write_together({path.name: lambda fresh: np.savez_compressed(fresh, allow_pickle=False, **arrays)}, path.parent)


def write_together(makers: Mapping[str, Callable[[Path], object]], folder: Path) -> None:
    """Write files of a folder that belong together.

    All are made before the first is put in its place, so that what takes long, or may fail, leaves the old ones as they
    are. Two processes that write into one folder do so one after the other.

    Parameters
    ----------
    makers
        By the names of the files what makes each, at the path that it is given; those before it lie beside it.
    folder
        It must be there.
    """
    with staged(folder) as made:
        for name, make in makers.items():
            make(made / name)
        for name in makers:
            replace(made / name, folder / name)


@contextlib.contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Make a place inside a folder in which files are made; one process at a time has one there.

    What a process has left that was ended meanwhile is cleared away. It must not be asked for twice at once.
    """
    with _alone(folder) as is_alone:
        for left in folder.glob(f"{_STAGE}*") if is_alone else ():
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=_STAGE) as made:
            yield Path(made)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Wait until no other process holds a folder, and hold it; the system lets go of it however a process ends.

    Yields
    ------
    bool
        Whether it is held: not every file system knows how to.
    """
    if fcntl is None:
        yield False
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def replace(fresh: Path, path: Path) -> None:
    """Put a finished file in the place of an old one, in one step."""
    with fresh.open("rb") as handle:
        os.fsync(handle.fileno())
    try:
        fresh.replace(path)
    except PermissionError as fault:
        raise InputOutputFault("file-open", path=path) from fault
