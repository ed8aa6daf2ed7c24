"""Spoil files at random, as bytes, as text, as JSON, as XML, inside an archive. The same seed, the same file."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

type Mutate = Callable[[Random, bytes], bytes]

#: No input grows beyond this; the largest files that may be read have tests of their own.
LONGEST = 60_000
#: What is put into texts: marks of every format, numbers at the edges, characters that trip programs up.
TRICKS = [
    *("", " ", "\n", "\t", ",", ":", ": ", "- ", "[", "]", "{", "}", '"', "'", "#", "|", ">", "&a ", "*a", "!x ", ";"),
    *("<<: ", "? ", "---\n", "%", "@", "`", "\\", "null", "true", "0", "-1", "1e999", "-0.0", ".nan", "inf", "1:0"),
    *("NaN", "Infinity", "1e-400", "9" * 30, "1" * 5000, "0.1" * 40, "dB", "[" * 50, '{"a":' * 50, "(" * 50, "()"),
    *("\x00", "\x85", "\u2028", "\u202e", "\ufeff", "\ud7ff", "\ufffe", "强", "🜂", "e\u0301", "ſ", "İ", "\r", "\r\n"),
    *("١٢", "²", "½", "⅓", "㊀", "𝟘", "\u3000", "\u200b", "\u0000", "\\u0000", "\\ud800", "&#0;", "&amp;", "<![CDATA["),
    *("]]>", "<!--", "<a>", "</a>", "<!DOCTYPE a>", "&b;", "$", "\\(", "\\frac{", "{\\", '\\"', "''", "``", "~", "^"),
    *("../", "/etc/passwd", "C:\\", "=1+1", "'=1", "__class__", "{0}", "{{", "}}", "⟦", "⟧", "%s", "2017-13-41", "/"),
]
_LEAVES: list[Any] = [
    *(None, True, False, 0, -1, 1, 0.5, 1e308, -1e308, 5e-324, 10**17, 10**30, "", " ", "a", "强", "\x00", "\ud800"),
    *(
        [],
        {},
        [[]],
        [{}],
        {"": ""},
        {"en": "x"},
        {"zh": "x"},
        {"en": None},
        {"date-parts": [[2017, "x"]]},
        "0.5",
        "NaN",
    ),
    *({"a": {"a": {"a": 1}}}, [1, 2, 3], ["a", "a"], "a" * 300, "2017", "2017-01-01/2016", {"mean": 2, "sd": 1}),
]


#: What stands between tags, or between quotation marks inside one.
_INSIDE = re.compile(rb'(?<=>)[^<>]*(?=<)|(?<==")[^"<>]*(?=")')


def text(seeds: Sequence[bytes], words: Sequence[str] = ()) -> Mutate:
    """Make a mutator of texts: cut, repeated, joined with others, with tricks and words of the format put in."""
    pieces = [*TRICKS, *words]

    def mutate(rng: Random, data: bytes) -> bytes:
        made = data
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5, 9))):
            made = _once(rng, made, pieces, seeds)
        return made[:LONGEST]

    return mutate


def _once(rng: Random, data: bytes, pieces: Sequence[str], seeds: Sequence[bytes]) -> bytes:  # noqa: PLR0911 - one for each way
    start = rng.randint(0, len(data))
    end = min(len(data), start + rng.choice((0, 0, 1, 2, 4, 8, 20, 60)))
    match rng.randrange(11):
        case 0 | 1 | 2 | 3:
            return data[:start] + _encoded(rng.choice(pieces)) + data[end:]
        case 4:
            return data[:start] + data[end:]
        case 5:
            return data[:start] + data[start:end] * rng.choice((2, 3, 50)) + data[end:]
        case 6:
            lines = data.split(b"\n")
            first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
            lines[first], lines[second] = lines[second], lines[first]
            return b"\n".join(lines)
        case 7:
            lines = data.split(b"\n")
            at = rng.randrange(len(lines))
            return b"\n".join([*lines[:at], *[lines[at]] * rng.choice((0, 2, 2, 40)), *lines[at + 1 :]])
        case 8:
            other = rng.choice(seeds)
            begin = rng.randint(0, len(other))
            return data[:start] + other[begin : begin + rng.choice((5, 40, 400))] + data[end:]
        case 9:
            return data[:start] + bytes(rng.randrange(256) for _ in range(rng.choice((1, 1, 4)))) + data[end:]
        case _:
            # A word of the file in the place of another one: names that exist, in places that are not theirs.
            found = data.split()
            if not found:
                return data
            old, new = rng.choice(found), rng.choice(found)
            return data.replace(old, new, rng.choice((1, 1, -1)))


def _encoded(piece: str) -> bytes:
    return piece.encode("utf-8", "surrogatepass")


def raw(rng: Random, data: bytes) -> bytes:
    """Change bytes, cut the file off, put in others."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20, 100))):
        at = rng.randint(0, max(0, len(made) - 1))
        match rng.randrange(8):
            case 0:
                del made[at : at + rng.choice((1, 4, 100))]
            case 1:
                made[at:at] = bytes(rng.choice((0, 255, rng.randrange(256))) for _ in range(rng.choice((1, 4, 30))))
            case 2 if rng.random() < 0.1:
                del made[at:]
            case _ if made:
                made[at] = rng.choice((0, 255, made[at] ^ (1 << rng.randrange(8)), rng.randrange(256)))
    return bytes(made[:LONGEST])


def tree(rng: Random, data: bytes) -> bytes:
    """Put other values in the places of values of a JSON file, take keys out, bring in others."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return raw(rng, data)
    holder = [whole]
    for _ in range(rng.choice((1, 1, 2, 4))):
        _graft(rng, holder)
    dumped = json.dumps(holder[0], ensure_ascii=rng.random() < 0.3)
    return dumped.encode("utf-8", "surrogatepass")[:LONGEST]


def _graft(rng: Random, holder: list[Any]) -> None:
    parent: Any = holder
    while True:
        keys: list[Any] = list(parent) if isinstance(parent, dict) else list(range(len(parent)))
        if not keys:
            return
        key = rng.choice(keys)
        child = parent[key]
        if not isinstance(child, dict | list) or not child or rng.random() < 0.15:
            break
        parent = child
    match rng.randrange(8):
        case 0:
            del parent[key]
        case 1 if isinstance(parent, dict):
            parent[rng.choice(("", "a", "en", "id", "name", "强", "\x00"))] = parent.pop(key)
        case 2 if isinstance(parent, dict):
            parent[rng.choice(keys)] = child
        case 3 if isinstance(parent, list):
            parent.insert(key, child)
        case 4 if isinstance(child, str):
            parent[key] = child[: rng.randint(0, len(child))] + rng.choice(TRICKS)
        case _:
            parent[key] = json.loads(json.dumps(rng.choice(_LEAVES)))
    if not holder:
        holder.append(None)


def markup(words: Sequence[str]) -> Mutate:
    """Make a mutator of texts and of the values of attributes in XML, which stays well-formed as a rule."""

    def mutate(rng: Random, data: bytes) -> bytes:
        spans = [found.span() for found in _INSIDE.finditer(data)]
        for start, end in sorted(rng.sample(spans, min(len(spans), rng.choice((1, 1, 2, 5)))), reverse=True):
            other = rng.choice(spans)
            piece = rng.choice([*TRICKS, *words]).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
            put = rng.choice((_encoded(piece), _encoded(piece), data[slice(*other)], data[start:end] + _encoded(piece)))
            data = data[:start] + put + data[end:]
        return data[:LONGEST]

    return mutate


def archive(inner: Mutate, spared: Sequence[str] = ()) -> Mutate:
    """Make a mutator of the texts inside a zip archive, or of its bytes as a whole."""

    def mutate(rng: Random, data: bytes) -> bytes:
        if rng.random() < 0.15:
            return raw(rng, data)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                parts = {one.filename: packed.read(one) for one in packed.infolist()}
        except Exception:  # noqa: BLE001 - a broken archive may break this library in any way; it is spoilt as bytes then
            return raw(rng, data)
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            name = rng.choice(sorted(set(parts) - {*spared}) or [""])
            if not name:
                break
            if rng.random() < 0.04:
                parts[rng.choice((*parts, "x.xml", "../x", "sources/a.txt"))] = parts.pop(name)
            else:
                parts[name] = inner(rng, parts[name])
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as packed:
            for name, content in parts.items():
                packed.writestr(name.encode("utf-8", "replace").decode(), content)
        return out.getvalue()

    return mutate


def mixed(*choices: Mutate) -> Mutate:
    """Make a mutator that takes one of several each time."""

    def mutate(rng: Random, data: bytes) -> bytes:
        return rng.choice(choices)(rng, data)

    return mutate
