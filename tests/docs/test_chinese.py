"""What a Chinese page of the documentation says is what the English one says: it is held to it, part by part.

Words cannot be compared; what stands among them can: headings, commands and snippets, numbers, names in code, links,
the shape of tables. The commands of the Chinese pages are therefore not run a second time (`test_snippets.py`).
"""

import re
from collections import Counter
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
CHINESE = sorted(DOCS.glob("*.zh.md"))
# The tables of keys are made from the program; the tutorial is shorter in Chinese, and followed by a test of its own.
HELD = [page for page in CHINESE if not page.name.startswith(("keys", "tutorial"))]
# Blocks that show what the program prints, by how they begin in English. Their words are those of the other language.
PRINTED = ("109 observations that at least two of 4 coders weighed", "wang.xlsx!Coding:H3")

_NUMBER = re.compile(r"\d+(?:,\d{3})+|\d+\.\d+|\.\d+|\d+")
_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)]+)\)")


class Page:
    """A page in its parts.

    Parameters
    ----------
    path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.blocks: list[str] = []
        self.prose: list[str] = []
        before = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            # Four blanks begin code, but not where they go on with the paragraph of a list.
            if line.startswith("    ") and (not before or before.startswith("    ")):
                self.blocks[-1:] = (
                    [f"{self.blocks[-1]}\n{line}"] if before.startswith("    ") else [*self.blocks[-1:], line]
                )
            elif not line and before.startswith("    ") and self.blocks:
                self.blocks[-1] += "\n"
                continue
            else:
                self.prose.append(line)
            before = line

    @property
    def text(self) -> str:
        """What is no code block, without the line that leads to the other language."""
        twin = other(self.path).name
        return "\n".join(line for line in self.prose if f"]({twin})" not in line)


def other(path: Path) -> Path:
    """Name the same page in the other language."""
    name = path.name
    return path.with_name(name.replace(".zh.md", ".md") if name.endswith(".zh.md") else name.replace(".md", ".zh.md"))


def both(path: Path) -> tuple[Page, Page]:
    return Page(other(path)), Page(path)


def numbers(text: str) -> Counter[str]:
    """Count the numbers in figures, but those of headings, which Chinese numbers with characters."""
    return Counter(_NUMBER.findall(_LINK.sub("]", re.sub(r"(?m)^#+ \d+\.", "", text))))


def headings(page: Page) -> list[int]:
    return [len(line.split(" ")[0]) for line in page.prose if re.match(r"#+ ", line)]


def tables(page: Page) -> list[int]:
    """Count the cells of each row of each table."""
    rows = (re.sub(r"`[^`]*`", "", line) for line in page.prose if line.startswith("|"))
    return [row.count("|") for row in rows]


def commanded(block: str) -> list[str]:
    """Lines of a block as they are run or read: without comments, and in no language."""
    lines = (re.sub(r"(^|\s+)# .*$", "", line).replace(" --lang zh", "").rstrip() for line in block.splitlines())
    return [line for line in lines if line]


def targets(page: Page) -> Counter[str]:
    """Where links lead, with pages that there are in Chinese named as the English ones.

    A place on such a page has another name in Chinese.
    """
    links = (link.replace(".zh.md", ".md").partition("#") for link in _LINK.findall(page.text))
    return Counter(page if other(DOCS / page).is_file() else page + mark + place for page, mark, place in links)


def named(path: Path) -> str:
    return path.name


def test_the_guides_are_there() -> None:
    assert {page.name.removesuffix(".zh.md") for page in HELD} >= {
        *("stating-weights", "choosing-hypotheses", "reading-figures", "evaluators", "assumptions", "new-study"),
        *("coding-sheets", "agreement", "appendix", "references", "clues", "report"),
    }


@pytest.mark.parametrize("path", CHINESE, ids=named)
def test_each_has_an_english_page_with_as_many_headings(path: Path) -> None:
    english, chinese = both(path)
    assert headings(chinese) == headings(english)


@pytest.mark.parametrize("path", [page for page in CHINESE if not page.name.startswith("keys")], ids=named)
def test_either_leads_to_the_other_at_its_top(path: Path) -> None:
    for page in both(path):
        assert f"]({other(page.path).name})" in "\n".join(page.prose[:4])


@pytest.mark.parametrize("path", HELD, ids=named)
def test_commands_and_snippets_are_the_same(path: Path) -> None:
    english, chinese = both(path)
    assert len(chinese.blocks) == len(english.blocks)
    for ours, theirs in zip(chinese.blocks, english.blocks, strict=True):
        if theirs.strip().startswith(PRINTED):
            # Titles may have numbers of their own; what was worked out has a point.
            assert {one: n for one, n in (numbers(theirs) - numbers(ours)).items() if "." in one} == {}
        else:
            assert commanded(ours) == commanded(theirs)


@pytest.mark.parametrize("path", HELD, ids=named)
def test_numbers_are_the_same(path: Path) -> None:
    english, chinese = both(path)
    assert numbers(chinese.text) == numbers(english.text)


@pytest.mark.parametrize("path", HELD, ids=named)
def test_names_in_code_are_the_same(path: Path) -> None:
    english, chinese = both(path)
    assert Counter(_CODE.findall(chinese.text)) == Counter(_CODE.findall(english.text))


@pytest.mark.parametrize("path", HELD, ids=named)
def test_links_lead_to_the_same_and_to_chinese_where_there_is_any(path: Path) -> None:
    english, chinese = both(path)
    assert targets(chinese) == targets(english)
    missed = [
        link
        for link in _LINK.findall(chinese.text)
        if not link.startswith("http")
        and ".zh.md" not in link
        and other(DOCS / link.partition("#")[0]).is_file()
        and link.endswith(".md")
    ]
    assert missed == []


@pytest.mark.parametrize("path", HELD, ids=named)
def test_tables_have_the_same_shape(path: Path) -> None:
    english, chinese = both(path)
    assert tables(chinese) == tables(english)
