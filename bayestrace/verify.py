"""Hold a result against its manifest: is every file what it was, and does the study still give this answer."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

import bayestrace
from bayestrace import api, results
from bayestrace.errors import BayestraceError, InputOutputFault
from bayestrace.folder import MANIFEST, MANIFEST_FORMAT, SUMMARY
from bayestrace.reading import read_study
from bayestrace.reading.text import LARGEST, forbidden
from bayestrace.summary import summary_of

Kind = Literal["output", "input", "digest", "version"]
State = Literal["same", "changed", "missing", "new", "unreadable"]

#: How far probabilities of the same inputs may be apart on two machines, whose libraries round differently; one
#: machine gives the same bytes.
_ROUNDING = 1e-9


class Item(NamedTuple):
    """One thing that the manifest names, and how it stands now.

    `was` and `now` are what differs, where that says more than `state`: digests, versions.
    """

    kind: Kind
    name: str
    state: State
    was: str = ""
    now: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with it. Other versions of libraries are told, but are no fault of a result."""
        return self.state == "same" or self.kind == "version"


@dataclass(frozen=True)
class Manifest:
    """A manifest that was read.

    Parameters
    ----------
    path
        Its file.
    said
        What it says (docs/results.md).
    """

    path: Path
    said: Mapping[str, Any]

    @property
    def study(self) -> Path:
        """Where the study should be: results are kept in ``reports/`` in its folder, or beside it if it is one file."""
        folder = self.path.resolve().parent.parent.parent
        inputs = [*self.said["inputs"]]
        alone = len(inputs) == 1 and (folder / inputs[0]).is_file() and inputs[0] != "study.yaml"
        return folder / inputs[0] if alone else folder


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Parameters
    ----------
    path
        A manifest.json, or a folder in which there is one.

    Raises
    ------
    InputOutputFault
        There is none, it cannot be read, or it is of another kind or layout.
    """
    file = path / MANIFEST if path.is_dir() else path
    try:
        with file.open("rb") as handle:
            raw = handle.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise InputOutputFault("no-manifest", path=file, reason=f"> {LARGEST / 1e6:.0f} MB")
        said = json.loads(raw)
    except OSError as fault:
        raise InputOutputFault("no-file", path=file, reason=fault.strerror or fault) from fault
    except (ValueError, RecursionError) as fault:
        raise InputOutputFault("no-manifest", path=file, reason=fault) from fault
    if wanting := _wanting(said):
        raise InputOutputFault("no-manifest", path=file, reason=wanting)
    return Manifest(file, said)


def _wanting(said: object) -> str:
    """Name the key of a manifest that is missing or not what it must be; nothing where it is one."""
    if not isinstance(said, dict) or said.get("manifest") != MANIFEST_FORMAT:
        return f"manifest: {MANIFEST_FORMAT}"
    for key in ("inputs", "outputs", "versions", "settings"):
        if not isinstance(said.get(key), dict):
            return key
    for key in ("study_digest", "set", "profile"):
        if not isinstance(said.get(key), str):
            return key
    outside = [name for key in ("inputs", "outputs") for name in said[key] if not _inside(name)]
    return f"{outside[0]!r}" if outside else ""


def verify(manifest: Manifest, study: Path | None = None) -> list[Item]:
    """Hold the files of a result, those of its study and the program against a manifest.

    Parameters
    ----------
    manifest
        As `read_manifest` gives it.
    study
        Folder or file of the study; where results are kept by default, if None.

    Returns
    -------
    list of Item
        Outputs, inputs, then whether result and study are of the study that the manifest names, then versions. Files of
        the study that the manifest does not list are ``new``. Without a study there, inputs are ``missing``.
    """
    place = study or manifest.study
    beside = manifest.path.parent
    return [
        *_files("output", manifest.said["outputs"], {name: beside / name for name in manifest.said["outputs"]}),
        *_inputs(manifest, place),
        *_digests(manifest, place),
        *_versions(manifest),
    ]


def again(manifest: Manifest, study: Path | None = None, progress: Any = None) -> float:
    """Work the result out again from the study as it is, and say how far the answers are apart.

    Returns
    -------
    float
        The greatest difference of a probability of any explanation of any case from what summary.json says.

    Raises
    ------
    BayestraceError
        The study has faults, or lacks the profile, set or coders of the result; or summary.json cannot be read.
    """
    said, settings = manifest.said, manifest.said["settings"]
    try:
        old = json.loads((manifest.path.parent / SUMMARY).read_bytes())
        sampled = {name: int(settings[name]) for name in ("draws", "chains", "seed") if name in settings}
        # Results of before the sampler could be chosen have none written down.
        options = api.Options(
            said["profile"],
            said["set"],
            old["kind"] == "face-value",
            tuple(settings["coders"]),
            sampler=settings.get("sampler", "auto"),
            **sampled,
        )
        before = _probabilities(old)
    except OSError as fault:
        raise InputOutputFault(
            "no-file", path=manifest.path.parent / SUMMARY, reason=fault.strerror or fault
        ) from fault
    except (KeyError, TypeError, ValueError) as fault:
        raise InputOutputFault("no-manifest", path=manifest.path, reason=fault) from fault
    after = _probabilities(summary_of(api.update(read_study(study or manifest.study), options, progress)))
    if before.keys() != after.keys():
        return 1.0
    return max(abs(before[name] - after[name]) for name in before)


def agrees(difference: float) -> bool:
    """Say whether a difference, as `again` gives it, is no more than rounding."""
    return bool(np.isfinite(difference)) and difference <= _ROUNDING


def _probabilities(summary: Mapping[str, Any]) -> dict[tuple[str, str], float]:
    return {
        (case["case"], row["hypothesis"]): float(row.get("pooled", row["face_value"]))
        for case in summary["cases"]
        for row in case["hypotheses"]
    }


def _inside(name: object) -> bool:
    """Say whether a name stays in the folder that it is relative to."""
    path = Path(str(name))
    return not forbidden(str(name)) and not path.is_absolute() and ".." not in path.parts and bool(path.parts)


def _files(kind: Kind, listed: Mapping[str, str], paths: Mapping[str, Path]) -> Iterator[Item]:
    for name, digest in listed.items():
        try:
            with paths[name].open("rb") as file:
                now = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            yield Item(kind, name, "missing", str(digest))
        except OSError:
            yield Item(kind, name, "unreadable", str(digest))
        else:
            yield Item(kind, name, "same" if now == digest else "changed", str(digest), now)


def _inputs(manifest: Manifest, study: Path) -> Iterator[Item]:
    listed = manifest.said["inputs"]
    folder = study.parent if study.is_file() else study
    yield from _files("input", listed, {name: folder / name for name in listed})
    if study.exists() and listed:
        yield from (Item("input", name, "new") for name in api.input_paths(study) if name not in listed)


def _digests(manifest: Manifest, study: Path) -> Iterator[Item]:
    """Say of the draws, the summary and the study whether they are of the study that the manifest names."""
    wanted = manifest.said["study_digest"]
    folder = manifest.path.parent
    found: dict[str, str | None] = {}
    for name, read in ((results.FILE, _of_result), (SUMMARY, _of_summary)):
        if name in manifest.said["outputs"] and (folder / name).is_file():
            found[name] = read(folder / name)
    if study.exists():
        found["study"] = _of_study(study)
    for name, now in found.items():
        yield Item(
            "digest", name, "unreadable" if now is None else "same" if now == wanted else "changed", wanted, now or ""
        )


def _of_result(path: Path) -> str | None:
    try:
        return str(results.load(path).attrs["study_digest"])
    except (BayestraceError, KeyError):
        return None


def _of_summary(path: Path) -> str | None:
    try:
        return str(json.loads(path.read_bytes())["study_digest"])
    except (OSError, KeyError, TypeError, ValueError):
        return None


def _of_study(path: Path) -> str | None:
    try:
        return read_study(path).digest()
    except BayestraceError:
        return None


def _versions(manifest: Manifest) -> Iterator[Item]:
    for name, was in {"bayestrace": manifest.said.get("bayestrace", ""), **manifest.said["versions"]}.items():
        try:
            now = {"python": platform.python_version(), "bayestrace": bayestrace.__version__}.get(
                name
            ) or importlib.metadata.version(name)
        except (importlib.metadata.PackageNotFoundError, ValueError):  # no name of a library at all
            yield Item("version", name, "missing", str(was))
        else:
            yield Item("version", name, "same" if now == was else "changed", str(was), now)
