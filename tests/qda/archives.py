"""Archives for tests: what a project holds, and what is wrong with one."""

from __future__ import annotations

import zipfile
from pathlib import Path

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="urn:QDA-XML:project:1.0" name="P" origin="NVivo 14">'


def guid(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012d}"


def codes(*names: str) -> str:
    inside = "".join(f'<Code guid="{guid(at)}" name="{name}" isCodable="true"/>' for at, name in enumerate(names, 1))
    return f"<CodeBook><Codes>{inside}</Codes></CodeBook>"


def selection(number: int, start: int, end: int, *coded: int, tag: str = "PlainTextSelection", more: str = "") -> str:
    position = more or f'startPosition="{start}" endPosition="{end}"'
    inside = "".join(f'<Coding guid="{guid(900)}"><CodeRef targetGUID="{guid(one)}"/></Coding>' for one in coded)
    return f'<{tag} guid="{guid(number)}" name="" {position}>{inside}</{tag}>'


def text_source(inside: str, name: str = "Interview", path: str = "internal://a.txt") -> str:
    return f'<TextSource guid="{guid(50)}" name="{name}" plainTextPath="{path}">{inside}</TextSource>'


def project(*parts: str) -> str:
    return HEAD + "".join(parts) + "</Project>"


def archive(path: Path, qde: str | bytes, **texts: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("project.qde", qde)
        for name, text in texts.items():
            file.writestr(f"Sources/{name}.txt", text)
    return path
