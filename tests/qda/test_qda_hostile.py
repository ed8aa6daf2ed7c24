"""Archives that mean no good, or are broken: each is refused with words, and nothing is written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from archives import HEAD, archive, codes, project, selection, text_source
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bayestrace.errors import StudyFaults
from bayestrace.messages import FAULTS
from bayestrace.qda import archive as limits
from bayestrace.qda import read_archive, read_project, stubs


def slug(path: Path) -> str:
    with pytest.raises(StudyFaults) as caught:
        read_project(read_archive(path))
    (fault,) = caught.value.faults
    assert fault.text("zh") != fault.text("en")
    assert fault.slug in FAULTS
    return fault.slug


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("qde", "expected"),
    [
        (f'<?xml version="1.0"?>{BOMB}<Project xmlns="urn:QDA-XML:project:1.0">&b;</Project>', "qda-dtd"),
        ('<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "qda-dtd"),
        (HEAD + "<Sources>" * 200 + "</Sources>" * 200 + "</Project>", "qda-deep"),
        (HEAD, "qda-xml"),
        ("<Project/>", "qda-root"),
        ('<Codebook xmlns="urn:QDA-XML:codebook:1.0"/>', "qda-root"),
        (project().encode("utf-16"), "qda-encoding"),
        (project().replace("utf-8", "iso-8859-1"), "qda-encoding"),
        (b"\xff" + project().encode(), "qda-encoding"),
        (b"", "qda-xml"),
    ],
)
def test_a_project_is_refused(tmp_path: Path, qde: str | bytes, expected: str) -> None:
    assert slug(archive(tmp_path / "a.qdpx", qde)) == expected


@pytest.mark.parametrize("name", ["../project.txt", "/etc/passwd", "a\\..\\b", "C:/x", "sources/../../x"])
def test_a_path_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / "a.qdpx", project())
    with zipfile.ZipFile(path, "a") as file:
        info = zipfile.ZipInfo("x")
        info.filename = name
        file.writestr(info, "x")
    assert slug(path) == "qda-path"


def test_names_given_twice_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.qdpx", project())
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("PROJECT.QDE", "x")
    assert slug(path) == "qda-entry-twice"


def test_no_archive_no_project_encrypted_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.qdpx"
    path.write_bytes(b"no zip at all")
    assert slug(path) == "qda-no-archive"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("other.txt", "x")
    assert slug(path) == "qda-no-project"
    raw = bytearray(archive(path, project()).read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 8] |= 1
    path.write_bytes(raw)
    assert slug(path) == "qda-encrypted"
    raw = bytearray(archive(path, project(codes("A"))).read_bytes())
    raw[45] ^= 0xFF
    path.write_bytes(raw)
    assert slug(path) in {"qda-damaged", "qda-no-archive"}


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = archive(tmp_path / "a.qdpx", project() + " " * 70_000_000)
    assert bomb.stat().st_size < 1_000_000
    assert slug(bomb) == "qda-too-large"
    text = project(f"<Sources>{text_source(selection(60, 0, 1, 1))}</Sources>")
    monkeypatch.setattr(limits, "MOST_TEXT", 10)
    assert slug(archive(tmp_path / "b.qdpx", text, a="x" * 11)) == "qda-too-large"
    monkeypatch.setattr(limits, "MOST_ENTRIES", 1)
    assert slug(archive(tmp_path / "c.qdpx", text, a="x")) == "qda-entries"


def test_a_text_that_is_missing_or_no_utf8_is_refused(tmp_path: Path) -> None:
    text = project(f"<Sources>{text_source(selection(60, 0, 1, 1))}</Sources>")
    assert slug(archive(tmp_path / "a.qdpx", text)) == "qda-missing"
    assert slug(archive(tmp_path / "b.qdpx", text, a="周".encode("gb18030"))) == "qda-encoding"


def test_files_outside_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    source = text_source(selection(60, 0, 6, 1), path=f"absolute://{tmp_path}/secret.txt")
    found = read_project(
        read_archive(archive(tmp_path / "a.qdpx", project(codes("A"), f"<Sources>{source}</Sources>")))
    )
    assert [one.text for one in found.quotations] == [""]
    assert found.left["text outside of the archive"] == 1


PIECES = st.sampled_from(
    [
        *(
            "<Sources>",
            "</Sources>",
            "<Code ",
            'guid="x" ',
            'name="a&#10;b" ',
            "/>",
            ">",
            "</Code>",
            "<Codes>",
            "</Codes>",
        ),
        *(
            "<CodeBook>",
            "</CodeBook>",
            "<Cases>",
            "</Cases>",
            '<Case guid="" name="..">',
            "</Case>",
            "&lt;",
            "text",
            "周",
        ),
        *(
            text_source(selection(60, 0, 3, 1)),
            text_source(selection(61, -1, 10**9, 1)),
            codes("A", "[x]"),
            "\x00",
            "]]>",
        ),
        text_source(selection(60, 0, 0, 1, more='startPosition="x" endPosition="١"')),
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=8), st.binary(max_size=20))
def test_whatever_a_project_holds_it_is_read_or_refused(tmp_path: Path, pieces: list[str], text: bytes) -> None:
    said = "read"
    try:
        found = read_project(read_archive(archive(tmp_path / "a.qdpx", project(*pieces), a=text)))
    except StudyFaults as faults:
        said = faults.text("zh")
    else:
        assert stubs(found).observations >= 0
    assert said


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.data())
def test_whatever_bytes_an_archive_has_it_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    source = project(codes("A"), f"<Sources>{text_source(selection(60, 0, 3, 1))}</Sources>")
    raw = bytearray(archive(tmp_path / "a.qdpx", source, a="Hello").read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "a.qdpx").write_bytes(raw)
    said = "read"
    try:
        stubs(read_project(read_archive(tmp_path / "a.qdpx")))
    except StudyFaults as faults:
        said = faults.text("en")
    assert said
