r"""The appendix as LaTeX: one file that XeLaTeX compiles, and in which no text of a study is a command."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from bayestrace.appendix.blocks import Appendix, Block, Bullets, Entry, Grid, Heading, Line, Paragraph, Run, is_wide
from bayestrace.appendix.wording import say

#: What every character with a meaning in LaTeX is written as. Brackets and asterisks have one after the end of a row.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_\allowbreak{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    '"': r"\textquotedbl{}",
    "\u00a0": "~",
    "\u200b": r"\allowbreak{}",
}
# Fonts for text often lack Greek letters, and formulas have them all.
_SPECIAL |= {
    sign: rf"\ensuremath{{\{name.rpartition(' ')[2].lower().replace('lamda', 'lambda')}}}"
    for sign in map(chr, range(0x3B1, 0x3CA))
    if (name := unicodedata.name(sign)) and "FINAL" not in name and "OMICRON" not in name
}
# Of two of these side by side fonts would make one other sign.
_JOINED = re.compile(r"([-`',<>!?])(?=[-`',<>])")
# Digests, which no line holds.
_LONG = re.compile(r"[0-9a-f]{33,}")
_LEVELS = {1: "section", 2: "subsection", 3: "subsubsection"}

_PREAMBLE = r"""% !TeX program = xelatex
% Written by bayestrace. Compile it twice with XeLaTeX: xelatex FILE.
\documentclass[11pt,a4paper]{article}
\usepackage{iftex}
\ifXeTeX\else\errmessage{This file is for XeLaTeX}\fi
\usepackage[margin=2.5cm]{geometry}
\usepackage{fontspec}
\usepackage{xeCJK}
% The first of these fonts that the system has.
\newcommand\firstfont[3]{\IfFontExistsTF{#2}{#1{#2}}{#3}}
\firstfont\setmainfont{Times New Roman}{\firstfont\setmainfont{TeX Gyre Termes}{%
\firstfont\setmainfont{Liberation Serif}{}}}
\firstfont\setCJKmainfont{Source Han Serif SC}{\firstfont\setCJKmainfont{Noto Serif CJK SC}{%
\firstfont\setCJKmainfont{SimSun}{\firstfont\setCJKmainfont{Songti SC}{\firstfont\setCJKmainfont{FandolSong}{}}}}}
\usepackage{array,booktabs,longtable,pdflscape,enumitem,xcolor}
\usepackage[hidelinks,unicode]{hyperref}
\setlength\parindent{0pt}
\setlength\parskip{5pt plus 1pt}
\setlength\emergencystretch{3em}
\setcounter{secnumdepth}{0}
\setcounter{tocdepth}{2}
\setlist{nosep,leftmargin=1.4em}
\newcolumntype{L}[1]{>{\raggedright\arraybackslash}p{#1}}
\newcolumntype{R}[1]{>{\raggedleft\arraybackslash}p{#1}}
\newcommand\tobewritten[1]{\par\colorbox[HTML]{FFF2CC}{\parbox{\dimexpr\linewidth-2\fboxsep}{#1}}\par}
"""
# Quotation marks and dashes that Chinese shares with English are as wide as a Chinese character only in Chinese.
_EN = r"""\xeCJKDeclareCharClass{Default}{"2013,"2014,"2018,"2019,"201C,"201D,"2026}
"""
_ZH = r"""\renewcommand\tablename{表}
\renewcommand\contentsname{目录}
"""


def to_latex(appendix: Appendix) -> str:
    """Write an appendix as a LaTeX document.

    Parameters
    ----------
    appendix
        As `bayestrace.appendix.appendix_of` makes it.

    Returns
    -------
    str
        A whole document for XeLaTeX, with the packages of a common TeX distribution; tables are those of booktabs and
        longtable, those that are wide on pages on their side.
    """
    body = "\n".join(_body(appendix))
    title = rf"\title{{{escape(appendix.title)}\\{{}}\large {escape(appendix.subtitle)}}}"
    head = _PREAMBLE + (_ZH if appendix.lang == "zh" else _EN)
    about = rf"\hypersetup{{pdftitle={{{escape(appendix.subtitle)}}}}}"
    start = "\\begin{document}\n\\maketitle\n\\tableofcontents\n"
    return f"{head}{about}\n{title}\n\\author{{}}\n\\date{{}}\n{start}{body}\n\\end{{document}}\n"


def escape(text: str) -> str:
    """Write a text so that LaTeX sets its characters and reads none of them as a command."""
    return "".join(_SPECIAL.get(sign, sign) for sign in _JOINED.sub("\\1\u2060", text)).replace("\u2060", "{}")


def address(url: str) -> str:
    r"""Write an address as the first argument of ``\href``: in ASCII, with nothing that LaTeX reads otherwise."""
    ascii_only = quote(url, safe="%/:?=&#+,;@!()-._").replace("~", "%7E")
    return re.sub(r"([%#&_])", r"\\\1", ascii_only)


def _body(appendix: Appendix) -> Iterator[str]:
    """Write all blocks; wide ones that follow one another share the pages on their side."""
    for wide, blocks in itertools.groupby(appendix.blocks, is_wide):
        pieces = (piece for block in blocks for piece in _block(block, appendix))
        if wide:
            yield from (r"\begin{landscape}", *pieces, r"\end{landscape}")
        else:
            yield from pieces


def _block(block: Block, appendix: Appendix) -> Iterator[str]:
    if isinstance(block, Heading):
        yield rf"\{_LEVELS[block.level]}{{{escape(block.text)}}}"
    elif isinstance(block, Paragraph):
        line = _line(block.line)
        yield rf"\tobewritten{{{line}}}" if block.gap else f"{line}\\par"
    elif isinstance(block, Bullets):
        yield r"\begin{itemize}"
        yield from (rf"\item {_line(line)}" for line in block.lines)
        yield r"\end{itemize}"
    elif isinstance(block, Entry):
        yield from _entry(block, appendix)
    else:
        yield from _grid(block)


def _entry(entry: Entry, appendix: Appendix) -> Iterator[str]:
    name = escape(f"{entry.name}{say('colon', appendix.lang)}")
    for place, line in enumerate(entry.lines):
        yield (rf"\textbf{{{name}}}" if place == 0 else "") + f"{_line(line)}\\par"


def _line(line: Line) -> str:
    return "".join(map(_run, line)) or r"\mbox{}"


def _run(run: Run) -> str:
    text = _LONG.sub(lambda long: r"\allowbreak{}".join(re.findall(".{1,8}", long[0])), escape(run.text))
    if run.link:
        broken = re.sub(r"(?<=[/.?=&-])(?=[^/])", r"\\allowbreak{}", run.text)
        text = r"\allowbreak{}".join(escape(piece) for piece in broken.split(r"\allowbreak{}"))
        return rf"\href{{{address(run.link)}}}{{{text}}}"
    if run.italic:
        text = rf"\textit{{{text}}}"
    return rf"\textbf{{{text}}}" if run.bold else text


def _grid(grid: Grid) -> Iterator[str]:
    # Between columns stands twice \tabcolsep, and none at the ends.
    gaps = 2 * (len(grid.widths) - 1)
    columns = "".join(
        rf"{'R' if place in grid.numbers else 'L'}"
        rf"{{\dimexpr {width:.4f}\linewidth-{gaps / len(grid.widths):.4f}\tabcolsep\relax}}"
        for place, width in enumerate(grid.widths)
    )
    head = " & ".join(rf"\textbf{{{escape(text)}}}" for text in grid.head) + r" \\"
    yield r"{\small"
    yield rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}"
    yield rf"\caption{{{escape(grid.caption)}}}\\"
    yield rf"\toprule {head}" + "\n" + r"\midrule\endfirsthead"
    yield rf"\toprule {head}" + "\n" + r"\midrule\endhead"
    yield r"\bottomrule\endlastfoot"
    for row in grid.rows:
        yield " & ".join(map(_cell, row)) + r" \\"
    yield r"\end{longtable}}"
    if grid.note:
        yield rf"{{\small {escape(grid.note)}\par}}"


def _cell(text: str) -> str:
    """Write a cell; what is long without a blank may be broken where it has a hyphen, a dot or a slash."""
    return re.sub(r"(?<=[a-z0-9])([-./])(?=[a-z0-9])", r"\1\\allowbreak{}", escape(text))
