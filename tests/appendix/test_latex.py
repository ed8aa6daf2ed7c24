"""The appendix as LaTeX: it compiles, and no text of a study is a command."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bayestrace.appendix.blocks import Appendix, Bullets, Entry, Grid, Heading, Paragraph, Run, plain
from bayestrace.appendix.latex import address, escape, to_latex

SPECIAL = "\\{}$&#%_^~[]*\"-`',<>!?|@/+=()."
#: All that `escape` may write of its own.
OWN = re.compile(
    r"\\(?:textbackslash|textasciicircum|textasciitilde|textquotedbl|allowbreak)\{\}"
    r"|\\ensuremath\{\\[a-z]+\}|\\[{}$&#%_]|\{[\[\]*]\}|\{\}|~"
)
HOSTILE = [
    r"\input{secret}",
    r"\immediate\write18{touch pwned}",
    r"\immediate\openout5=pwned.txt",
    r"\end{document}",
    r"\csname end\endcsname{document}",
    "^^5cinput{secret}",
    "^^^^005cinput{secret}",
    r"\catcode`\%=12 %",
    "[10cm] first in a row",
    "*[10cm] first in a row",
    "}} \\\\ \\hline",
    "{{{",
    "$x^2_{",
    "%",
    "a & b & c",
    "\\",
    "#1 ##2 \\#",
    "~ ^ ` ' \" -- --- ?` !` << >> ,,",
    "\\verb|x| \\url{x} \\href{a}{b}",
    "\ttabs\nand\r\nlines\u2028and more",
    "αβγδεζηθικλμνξοπρςστυφχψω ΑΒΓ",
    "中文“引号”——破折号…《书名》",
    "\u202eturned\u202c \u200bzero \u2060joined",
    "x" * 300,
    "😀 𠮷",
    "",
]


def document(texts: list[str]) -> Appendix:
    """Put every text in every place that a text may have."""
    blocks: list[Heading | Paragraph | Bullets | Entry | Grid] = []
    for text in texts:
        blocks += [
            *(Heading(level, text) for level in (1, 2, 3)),
            Paragraph(plain(text)),
            Paragraph(plain(text), gap=True),
            Paragraph((Run(text, italic=True), Run(text, bold=True), Run(text, link=f"https://x.example/{text}"))),
            Bullets((plain(text), plain(text))),
            Entry(text, (plain(text), plain(text))),
        ]
    rows = tuple((text, text) for text in texts)
    blocks += [Grid(text, (text, text), rows[:4], (0.5, 0.5), frozenset({1}), note=text) for text in texts]
    blocks.append(Grid("all", ("a", "b"), rows, (0.5, 0.5), wide=True))
    return Appendix("en", texts[0], texts[-1], tuple(blocks), 0)


@given(st.text(alphabet=st.one_of(st.sampled_from(SPECIAL), st.characters(exclude_categories=["Cs"])), max_size=60))
@example("\\input{x}")
@example("--[*")
def test_nothing_but_its_own_commands_is_left(text: str) -> None:
    """Take out what `escape` may write: no character with a meaning is left."""
    left = OWN.sub("", escape(text))
    assert not set(left) & set('\\{}$&#%_^[]*"')
    assert not re.search(r"[-`',<>!?][-`',<>]", re.sub(r"\{\}", "\x00", escape(text)))


@given(st.text(alphabet=SPECIAL + "aé中 \n", max_size=40))
def test_an_address_has_nothing_that_latex_reads_otherwise(text: str) -> None:
    assert re.fullmatch(r"(?:[A-Za-z0-9/:?=+,;@!().-]|\\[%#&_])*", address(text))


def compiled(text: str, folder: Path) -> str:
    """Compile a document; return its log."""
    if shutil.which("xelatex") is None:
        pytest.skip("xelatex is not installed")
    (folder / "appendix.tex").write_text(text, encoding="utf-8")
    command = ["xelatex", "-interaction=nonstopmode", "-halt-on-error", "appendix.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=300)
    log = (folder / "appendix.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, "\n".join(re.findall(r"^!.*(?:\n.*){8}", log, flags=re.MULTILINE))
    assert (folder / "appendix.pdf").stat().st_size > 10_000
    return log


def test_hostile_texts_compile_and_do_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text("\\errmessage{read}", encoding="utf-8")
    log = compiled(to_latex(document(HOSTILE)), tmp_path)
    assert not list(tmp_path.glob("pwned*"))
    assert "secret.tex" not in log
    assert "LaTeX Warning: Reference" not in log


def test_random_texts_compile(tmp_path: Path) -> None:
    signs = SPECIAL + "ab 中“"
    state = 1
    texts = []
    for _ in range(60):
        letters = []
        for _ in range(40):
            state = state * 48271 % 0x7FFFFFFF  # Lehmer's generator: the same texts on every machine
            letters.append(signs[state % len(signs)])
        texts.append("".join(letters))
    compiled(to_latex(document(texts)), tmp_path)
