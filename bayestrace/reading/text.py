"""Turn the bytes of a file into text, and show pieces of text in messages."""

import difflib
import json
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from bayestrace.errors import Fault, InputOutputFault

#: No file that people write comes near this, in bytes.
LARGEST = 5_000_000
#: Nor does a table of a study, which a program may have written, come near this.
LARGEST_TABLE = 500_000_000

#: Controls but for tab and line ends, halves of surrogate pairs, byte order marks, noncharacters.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")

#: What a spreadsheet takes for a formula, and any apostrophes before it.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")

#: With so many names a misspelt one is compared at most, since each of them takes time; among more, with those alone
#: that begin with the same characters and are about as long.
_MOST_COMPARED, _ALIKE = 2_000, 3

#: Longest piece of a file that a message repeats, in characters.
_SHOWN = 60


def decode(folder: Path, path: str, encodings: Sequence[str], largest: int = LARGEST) -> str | Fault:
    """Read a file as text.

    Parameters
    ----------
    folder, path
        The study folder, and the file relative to it.
    encodings
        Encodings to try in order, ``utf-8-sig`` first.
    largest
        So many bytes it may have.

    Returns
    -------
    str or Fault
        The text, or why there is none: too large, empty, in no such encoding, with control characters.

    Raises
    ------
    InputOutputFault
        Where the system refuses the file.
    """
    try:
        with (folder / path).open("rb") as file:
            # Python sets aside what it is asked to read; a pipe tells no size.
            about = os.fstat(file.fileno())
            there = about.st_size if stat.S_ISREG(about.st_mode) else largest
            raw = file.read(min(there, largest) + 1)
            size = len(raw) if len(raw) <= largest else (folder / path).stat().st_size
    except OSError as error:
        raise InputOutputFault("no-file", path=folder / path, reason=error.strerror or error) from error
    if len(raw) > largest:
        return Fault(path, 0, 0, "", "file-too-large", {"size": f"{size / 1e6:.1f}", "limit": f"{largest / 1e6:.0f}"})
    failed = []
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            failed.append(error.start)
            continue
        return _without_controls(path, text)
    return Fault(path, 0, 0, "", "not-text") if len(encodings) > 1 else _not_utf8(path, raw, failed[0])


def _not_utf8(path: str, raw: bytes, start: int) -> Fault:
    # Positions are of the whole file: utf-8-sig reports them after the byte order mark.
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    line, column = position(raw[:start].decode("utf-8", "replace"), None)
    return Fault(path, line, column, "", "not-utf8", {"byte": f"0x{raw[start]:02X}"})


def _without_controls(path: str, text: str) -> str | Fault:
    if not text.strip():
        return Fault(path, 0, 0, "", "file-empty")
    control = _FORBIDDEN.search(text)
    if control:
        return Fault(path, *position(text, control.start()), "", "control-character", {"code": code(control[0])})
    return text


def forbidden(text: str) -> str | None:
    """Return the first character that has no place in any text: a control, a stray byte order mark and the like."""
    control = _FORBIDDEN.search(text)
    return control[0] if control else None


def hidden(text: str) -> str | None:
    """Return the first invisible character of a name, such as a zero-width space or a change of direction."""
    return next((sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}), None)


def starts_formula(text: str) -> bool:
    """Tell whether a spreadsheet would take a text for a formula, or for one kept from being one by an apostrophe."""
    return _FORMULA.match(text) is not None


def restored(text: str) -> str:
    """Take off the apostrophe that `bayestrace.writing.cells.safe` puts before what would start a formula."""
    return text[1:] if text.startswith("'") and starts_formula(text) else text


def position(text: str, index: int | None) -> tuple[int, int]:
    """Return line and column, counted from 1, of a place in a text; of its end where no index is given."""
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def code(sign: str) -> str:
    """Name a character by its number, as Unicode does."""
    return f"U+{ord(sign):04X}"


def shown(value: object) -> str:
    """Write a value as a message repeats it: texts in quotation marks, short, nothing invisible left so."""
    if value is None:
        return "`null`"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = " ".join(text[: _SHOWN + 1].split())
    text = "".join(sign if sign.isprintable() else code(sign) for sign in text)
    return f"`{text[:_SHOWN]}…`" if len(text) > _SHOWN else f"`{text}`"


def listed(names: Iterable[str]) -> str:
    """Write names in a row."""
    return ", ".join(shown(name) for name in names)


def guess(name: str, known: Iterable[str]) -> str:
    """Return the known name that was probably meant, as `shown`, or nothing."""
    names = list(known)
    if len(names) > _MOST_COMPARED:
        begins, size = name[:_ALIKE], len(name)
        names = [each for each in names if each[:_ALIKE] == begins and abs(len(each) - size) <= 1][:_MOST_COMPARED]
    candidates = sorted(names)
    folded = {candidate.casefold(): candidate for candidate in candidates}
    # Long names are cut: difflib takes time that grows with the square of their length.
    close = difflib.get_close_matches(name[:100].casefold(), folded, n=1, cutoff=0.6)
    return shown(folded[close[0]]) if close else ""
