"""The documentation: it builds without a complaint, loads nothing from elsewhere, and says what the commands say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tools"
# What a page may load: a link that a reader follows (an anchor) is another thing.
LOADED = re.compile(
    r"<(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc=\"([^\"]+)\"|<link\b[^>]*\bhref=\"([^\"]+)\""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    command = ("-m", "sphinx", "-q", "-W", "--keep-going", "-c", str(TOOLS / "site"), "-d", str(target / "trees"))
    done = subprocess.run(
        [sys.executable, *command, str(ROOT / "docs"), str(target / "html")],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return target / "html"


def test_every_page_of_the_docs_is_a_page_of_the_site(site: Path) -> None:
    pages = {path.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert pages - {path.relative_to(site).as_posix() for path in site.rglob("*.html")} == set()


@pytest.mark.parametrize("name", [path.name for path in sorted((ROOT / "docs").glob("*.zh.md"))])
def test_chinese_pages_are_set_as_chinese(site: Path, name: str) -> None:
    page = (site / name.replace(".md", ".html")).read_text(encoding="utf-8")
    assert re.search(r'<html[^>]* lang="zh-CN"', page)
    article = page[page.index("<article") : page.index("</article>")]
    # Emphasis whose mark stands between a stop and a character is none, and the mark is printed.
    said = re.sub(r"<[^>]+>", "", re.sub(r"<(pre|code)\b.*?</\1>", "", article, flags=re.DOTALL))
    assert "*" not in said


def test_a_chinese_word_within_a_sentence_is_found(site: Path, tab: Page) -> None:
    word = "冗余度"
    pages = [path for path in sorted((ROOT / "docs").rglob("*.md")) if word in path.read_text(encoding="utf-8")]
    assert len(pages) > 1
    tab.goto(f"{(site / 'search.html').as_uri()}?q={word}")
    found = tab.locator("#search-results li a")
    expect(found).to_have_count(len(pages))
    names = {str(one.get_attribute("href")).partition("?")[0] for one in found.all()}
    assert names == {path.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for path in pages}


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    loaded = [
        (page.name, found)
        for page in site.rglob("*.html")
        for pair in LOADED.findall(page.read_text(encoding="utf-8"))
        for found in pair
        if found
    ]
    assert len(loaded) > 50
    assert [one for one in loaded if re.match(r"(https?:)?//", one[1])] == []
    styles = "\n".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"(?:@import|url\()[\"' ]*(?:https?:)?//[^)]*", styles) == []


def test_the_reference_is_what_the_program_says() -> None:
    done = subprocess.run([sys.executable, str(TOOLS / "reference.py"), "--check"], check=False)
    assert done.returncode == 0, "a page of docs/ is not as the program is; run: make reference"
