"""sources.bib: what Zotero and JabRef write, and one fault each."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_study import FILES

from bayestrace.errors import StudyFaults
from bayestrace.reading import read_study
from bayestrace.reading.bibtex import read_bibtex

B = "evidence/sources.bib"
TEXT = r"""@string{cup = "Cornell University Press"}

@book{Walt1987,
  author = {Walt, Stephen M.},
  title = {The {Origins} of Alliances},
  publisher = cup,
  address = {Ithaca, NY},
  year = 1987,
  month = jan,
}
@article{Zhou,
  author = {周, 雪光 and {周雪光} and {World Bank}
    and M{\"u}ller, J\"org and von Weizs{\"a}cker, Carl and King, Jr., Martin Luther
    and Ludwig van Beethoven},
  title = {Cost \& {``Free''} 50% riding},
  subtitle = {A view},
  journaltitle = {World Politics},
  date = {2017-03-05},
  urldate = {2018-01-02},
  number = {4}, volume = {36},
  pages = {461--495},
  langid = {chinese},
  url = {https://example.org/a_b?c=1%20d},
  keywords = {a, b},
}
@online{Site, title = {Seite}, year = {n.d.}, langid = {ngerman}, url = {https://example.org}}
@techreport{Rep, title = {R}, institution = {RAND}, number = {12}, type = {Working Paper}, date = {2016/2018}}
"""


def test_an_export_is_read() -> None:
    found = read_bibtex(B, TEXT)
    assert found.faults == []
    assert found.complete
    assert found.by_id["Walt1987"] == {
        "id": "Walt1987",
        "type": "book",
        "title": "The Origins of Alliances",
        "publisher": "Cornell University Press",
        "publisher-place": "Ithaca, NY",
        "author": [{"family": "Walt", "given": "Stephen M."}],
        "issued": {"date-parts": [[1987, 1]]},
    }
    zhou = found.by_id["Zhou"]
    assert zhou["author"] == [
        {"family": "周", "given": "雪光"},
        {"literal": "周雪光"},
        {"literal": "World Bank"},
        {"family": "Müller", "given": "Jörg"},
        {"family": "Weizsäcker", "given": "Carl", "non-dropping-particle": "von"},
        {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
        {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
    ]
    assert zhou["title"] == "Cost & “Free” 50% riding: A view"
    assert (zhou["type"], zhou["issue"], zhou["volume"], zhou["page"]) == ("article-journal", "4", "36", "461-495")
    assert zhou["issued"] == {"date-parts": [[2017, 3, 5]]}
    assert zhou["accessed"] == {"date-parts": [[2018, 1, 2]]}
    assert (zhou["language"], zhou["URL"]) == ("zh", "https://example.org/a_b?c=1%20d")
    assert zhou["custom"] == {"keywords": "a, b"}
    assert found.by_id["Site"]["issued"] == {"literal": "n.d."}
    assert (found.by_id["Site"]["type"], found.by_id["Site"]["language"]) == ("webpage", "de")
    assert found.by_id["Rep"]["issued"] == {"date-parts": [[2016], [2018]]}
    assert (found.by_id["Rep"]["number"], found.by_id["Rep"]["genre"]) == ("12", "Working Paper")


@pytest.mark.parametrize(
    ("text", "line", "slug"),
    [
        ("@book{a, title={A}}\n\n@book{a, title={B}}\n", 3, "source-twice"),
        ("@book{a, title={A}}\n@book{b, title={never closed,\n@book{c, title={C}}\n", 2, "bibtex-entry"),
        ("\n@book{a, year={1999}}\n", 2, "bibtex-title"),
    ],
)
def test_a_fault_is_placed(text: str, line: int, slug: str) -> None:
    (fault,) = read_bibtex(B, text).faults
    assert (fault.line, fault.slug) == (line, slug)
    assert fault.text("zh") != fault.text("en")


def test_an_institution_may_have_an_and_or_a_comma_in_its_name() -> None:
    found = read_bibtex(B, "@book{a, title={A}, author={{Ministry of Trade and Industry, Tokyo} and Walt, {St and M}}}")
    assert found.by_id["a"]["author"] == [
        {"literal": "Ministry of Trade and Industry, Tokyo"},
        {"family": "Walt", "given": "St and M"},
    ]


def lay_out(folder: Path, **files: str) -> Path:
    for name, text in {**FILES, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_both_files_may_stand_side_by_side(tmp_path: Path) -> None:
    study = read_study(lay_out(tmp_path, **{B: TEXT.replace("Walt1987", "Other")}))
    assert {"Zhou", "Rep"} < set(study.sources)
    assert study.sources.keys() - {"Other", "Zhou", "Site", "Rep"}


def test_an_entry_without_a_key_is_refused_with_its_line() -> None:
    faults = read_bibtex(B, "@book{ok, title={A}}\n@book{, title={B}}").faults
    assert [(fault.line, fault.slug) for fault in faults] == [(2, "bibtex-key")]


def test_an_id_in_both_is_refused(tmp_path: Path) -> None:
    known = next(iter(read_study(lay_out(tmp_path)).sources))
    with pytest.raises(StudyFaults) as caught:
        read_study(lay_out(tmp_path, **{B: f"@book{{{known}, title={{A}}}}"}))
    assert [fault.slug for fault in caught.value.faults] == ["source-in-both"]


def test_bibtex_alone_will_do(tmp_path: Path) -> None:
    names = read_study(lay_out(tmp_path)).sources
    (tmp_path / "evidence/sources.json").unlink()
    (tmp_path / B).write_text("\n".join(f"@book{{{name}, title={{A}}}}" for name in names), encoding="utf-8")
    assert read_study(tmp_path).sources.keys() == names.keys()


@given(st.text(alphabet=st.sampled_from("@{}=,\"'#\\$%~ab1\n周é"), max_size=60), st.booleans())
def test_whatever_it_holds_it_is_read_or_refused(text: str, inside: bool) -> None:  # noqa: FBT001 - drawn
    found = read_bibtex(B, f"@book{{a, title={{{text}}}, author={{{text}}}}}" if inside else text)
    assert all(isinstance(fault.text(), str) for fault in found.faults)
