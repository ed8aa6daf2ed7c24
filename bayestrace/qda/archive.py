"""Open a .qdpx archive, which is hostile until shown otherwise: nothing is written to disk, everything has a limit."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NoReturn

from bayestrace.errors import Fault, InputOutputFault, StudyFaults
from bayestrace.reading.text import shown

#: Bytes of the archive, of project.qde, of one text and of all that is read, and how many entries.
MOST_ARCHIVE, MOST_PROJECT, MOST_TEXT, MOST_READ, MOST_ENTRIES = (
    2_000_000_000,
    64_000_000,
    16_000_000,
    256_000_000,
    20_000,
)
_MEGABYTE = 1_000_000
#: What a damaged archive ends in once it is open; a place before its beginning is an OSError.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
_ENCRYPTED = 0x1
_PROJECT = "project.qde"
#: Where the media stand; some programs write Sources.
_FOLDER = "sources/"


@dataclass
class Archive:
    """What is read of an archive: the project, and its texts by the name that `internal://` gives."""

    name: str
    project: bytes
    _file: Path
    _entries: Mapping[str, zipfile.ZipInfo]
    _read: int = field(default=0)

    def text(self, address: str) -> str | None:
        """Return a text of the archive without its byte order mark, line ends as stored.

        Parameters
        ----------
        address
            Such as ``internal://8a3f.txt``. None is returned for what lies outside of the archive.

        Raises
        ------
        StudyFaults
            It is missing, too large, damaged or no UTF-8.
        """
        if not address.lower().startswith("internal://"):
            return None
        name = address[len("internal://") :].lower()
        info = self._entries.get(_FOLDER + name) or self._entries.get(name)
        if info is None:
            _refuse(self.name, "qda-missing", found=shown(address))
        with _opened(self._file) as handle:
            try:
                with zipfile.ZipFile(handle) as archive:
                    raw = _content(self.name, archive, info, MOST_TEXT)
            except _DAMAGE:
                _refuse(self.name, "qda-damaged", found=shown(info.filename))
        self._read += len(raw)
        if self._read > MOST_READ:
            _refuse(self.name, "qda-too-large", found=shown(info.filename), limit=str(MOST_READ // _MEGABYTE))
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            _refuse(self.name, "qda-encoding", found=shown(info.filename))


def read_archive(file: Path) -> Archive:
    """Open an archive and read its project.

    Raises
    ------
    StudyFaults
        It is no archive, is encrypted, too large or damaged, or has names that point outside of it.
    InputOutputFault
        The file cannot be opened.
    """
    name = file.name
    with _opened(file) as handle:
        if handle.seek(0, io.SEEK_END) > MOST_ARCHIVE:
            _refuse(name, "qda-too-large", found=shown(name), limit=str(MOST_ARCHIVE // _MEGABYTE))
        try:
            with zipfile.ZipFile(handle) as archive:
                entries = _entries(name, archive)
                info = entries.get(_PROJECT)
                if info is None:
                    _refuse(name, "qda-no-project")
                return Archive(name, _content(name, archive, info, MOST_PROJECT), file, entries)
        except _DAMAGE:
            _refuse(name, "qda-no-archive")


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise InputOutputFault("no-file", path=file, reason=error.strerror or error) from error


def _entries(name: str, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        _refuse(name, "qda-entries", found=str(len(infos)), limit=str(MOST_ENTRIES))
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        path = info.orig_filename
        outside = path.startswith("/") or "\\" in path or "\0" in path or ":" in path
        if outside or ".." in path.split("/"):
            _refuse(name, "qda-path", found=shown(path))
        if info.flag_bits & _ENCRYPTED:
            _refuse(name, "qda-encrypted", found=shown(path))
        if path.lower() in entries:
            _refuse(name, "qda-entry-twice", found=shown(path))
        entries[path.lower()] = info
    return entries


def _content(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    # What comes out is counted; what the archive says of its sizes is not believed.
    try:
        with archive.open(info) as stream:
            raw = stream.read(limit + 1)
    except (*_DAMAGE, RuntimeError):
        _refuse(name, "qda-damaged", found=shown(info.filename))
    if len(raw) > limit:
        _refuse(name, "qda-too-large", found=shown(info.filename), limit=str(limit // _MEGABYTE))
    return raw


def declared_otherwise(raw: bytes) -> bool:
    """Tell whether XML declares another encoding than UTF-8, which the standard asks for."""
    found = re.match(rb"""\s*(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""", raw[:1000])
    return found is not None and found[1].lower() not in {b"utf-8", b"utf8"}


def _refuse(name: str, slug: str, **details: str) -> NoReturn:
    raise StudyFaults([Fault(name, 0, 0, "", slug, details)])
