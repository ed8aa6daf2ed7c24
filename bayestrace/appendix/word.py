"""The appendix as a Word document: Chinese in its own font, the same bytes from the same appendix."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.document import Document as Written
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from bayestrace.appendix.blocks import (
    Appendix,
    Block,
    Bullets,
    Entry,
    Grid,
    Heading,
    Line,
    Paragraph,
    Run,
    is_han,
    is_wide,
)
from bayestrace.appendix.wording import say

#: Fonts that Word has: of Latin letters, and of Chinese characters.
LATIN, CHINESE, CHINESE_BOLD = "Times New Roman", "宋体", "黑体"
#: The earliest date that a zip archive can say: the clock leaves no trace in the file.
_NEVER = (1980, 1, 1, 0, 0, 0)
_TAGS = {"en": "en-GB", "zh": "zh-CN"}
_PAGE = (Cm(21.0), Cm(29.7))
_MARGIN = Cm(2.5)
#: A twentieth of a point, in the unit of lengths.
_TWIP = 635
_BLACK, _GREY = RGBColor(0, 0, 0), RGBColor(0x59, 0x59, 0x59)
_GAP_FILL = "FFF2CC"
_DATED = ("created", "modified", "lastPrinted")


def to_docx(appendix: Appendix) -> bytes:
    """Write an appendix as a Word document.

    Parameters
    ----------
    appendix
        As `bayestrace.appendix.appendix_of` makes it.

    Returns
    -------
    bytes
        A .docx file (Office Open XML). Every text has a font for Latin letters and one for Chinese characters, tables
        repeat their head on each page and have alternative texts, wide ones stand on pages on their side.
    """
    writer = _Writer(appendix)
    for block in appendix.blocks:
        writer.put(block)
    raw = io.BytesIO()
    writer.document.save(raw)
    return _undated(raw.getvalue())


def _undated(raw: bytes) -> bytes:
    """Pack an archive again, without dates and in one way on every system."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _NEVER)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            new.writestr(info, old.read(name))
    return packed.getvalue()


class _Writer:
    """Puts blocks into a document, one after the other."""

    def __init__(self, appendix: Appendix) -> None:
        self.lang = appendix.lang
        self.document: Written = Document()
        self.tables = 0
        self.wide = False
        _styles(self.document)
        _properties(self.document, appendix)
        # python-docx looks a style up by its name with every paragraph; a long appendix has thousands.
        self.styles = {style.name: style.style_id for style in self.document.styles if style.name}
        self.end = self.document.element.body.sectPr
        section = self.document.sections[0]
        section.page_width, section.page_height = _PAGE
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
        self._footer()
        self.line("Title", (Run(appendix.title),))
        self.line("Subtitle", (Run(appendix.subtitle),))

    def put(self, block: Block) -> None:
        """Write one block."""
        self._turn(wide=is_wide(block))
        if isinstance(block, Grid):
            self._grid(block)
        elif isinstance(block, Heading):
            self.line(f"Heading {block.level}", (Run(block.text),))
        elif isinstance(block, Paragraph):
            self.line("To be written" if block.gap else "Body Text", block.line)
        elif isinstance(block, Bullets):
            for line in block.lines:
                self.line("List Bullet", line)
        else:
            self._entry(block)

    def _entry(self, entry: Entry) -> None:
        for place, line in enumerate(entry.lines):
            name = (Run(f"{entry.name}{say('colon', self.lang)}", bold=True),) if place == 0 else ()
            self.line("Annotation", (*name, *line))

    def _turn(self, *, wide: bool) -> None:
        """Begin pages on their side, or upright ones again."""
        if wide == self.wide:
            return
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = reversed(_PAGE) if wide else _PAGE
        self.end = self.document.element.body.sectPr
        self.wide = wide

    def line(self, style: str, line: Line) -> None:
        """Add a paragraph of a style."""
        paragraph = OxmlElement("w:p")
        paragraph.get_or_add_pPr().append(_element("w:pStyle", val=self.styles[style]))
        for run in line:
            for text in _by_script(run.text):
                paragraph.append(_linked(self.document, text, run.link) if run.link else _text(text, run))
        self._add(paragraph)

    def _add(self, element: Any) -> None:
        """Put an element at the end of the document: before the section that stands there."""
        self.end.addprevious(element)

    def _footer(self) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        field.append(_text("1"))
        paragraph._p.append(field)  # noqa: SLF001 - as above

    def _grid(self, grid: Grid) -> None:
        self.tables += 1
        caption = say("table", self.lang, number=self.tables) + grid.caption
        self.line("Caption", (Run(caption),))
        page = _PAGE[1] if grid.wide else _PAGE[0]
        width = (page - 2 * _MARGIN) // _TWIP
        table = OxmlElement("w:tbl")
        table.append(_table_properties(caption, f"{', '.join(grid.head)}. {grid.note}".strip(), width))
        columns = OxmlElement("w:tblGrid")
        widths = [round(share * width) for share in grid.widths]
        for each in widths:
            columns.append(_element("w:gridCol", w=str(each)))
        table.append(columns)
        table.append(_table_row(grid.head, widths, grid.numbers, head=True))
        for row in grid.rows:
            table.append(_table_row(row, widths, grid.numbers, head=False))
        self._add(table)
        self.line("Table note", (Run(grid.note),))


def _styles(document: Written) -> None:
    styles = document.styles
    for name, size, bold, colour in (
        ("Normal", 11, False, _BLACK),
        ("Body Text", 11, False, _BLACK),
        ("List Bullet", 10.5, False, _BLACK),
        ("Title", 20, True, _BLACK),
        ("Subtitle", 13, False, _GREY),
        ("Heading 1", 16, True, _BLACK),
        ("Heading 2", 13, True, _BLACK),
        ("Heading 3", 11, True, _BLACK),
        ("Caption", 10, True, _BLACK),
    ):
        _font(styles[name], size, bold=bold, colour=colour, heading=bold)
    for name, size in (("To be written", 11), ("Annotation", 11), ("Table text", 9), ("Table note", 9)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _font(style, size, bold=False, colour=_BLACK, heading=False)
        style.paragraph_format.space_after = Pt(10 if name == "Table note" else 0)
    for name in ("Body Text", "Annotation"):
        styles[name].paragraph_format.space_after = Pt(5)
        styles[name].paragraph_format.line_spacing = 1.1
    styles["Annotation"].paragraph_format.left_indent = Cm(0.6)
    styles["List Bullet"].paragraph_format.space_after = Pt(3)
    styles["Caption"].paragraph_format.space_before = Pt(8)
    styles["Caption"].paragraph_format.space_after = Pt(4)
    styles["Caption"].paragraph_format.keep_with_next = True
    gap = styles["To be written"]
    gap.paragraph_format.space_after = Pt(6)
    # What is in a style stands in a fixed order, shading before spacing.
    gap.element.get_or_add_pPr().insert(0, _element("w:shd", val="clear", color="auto", fill=_GAP_FILL))
    for border in styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
    for lang in styles.element.iter(qn("w:lang")):
        # That of Latin letters: where it is Chinese, some programs break English words anywhere.
        lang.set(qn("w:val"), _TAGS["en"])
        lang.set(qn("w:eastAsia"), _TAGS["zh"])


def _font(style: Any, size: float, *, bold: bool, colour: RGBColor, heading: bool) -> None:
    style.font.size, style.font.bold, style.font.color.rgb, style.font.italic = Pt(size), bold, colour, False
    style.font.name = LATIN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # Fonts of a theme go before named ones.
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), LATIN)
    fonts.set(qn("w:eastAsia"), CHINESE_BOLD if heading else CHINESE)


def _properties(document: Written, appendix: Appendix) -> None:
    properties = document.core_properties
    properties.title, properties.subject = appendix.title, appendix.subtitle
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.language = _TAGS[appendix.lang]
    properties.revision = 1
    core = properties._element  # noqa: SLF001 - dates can be changed otherwise, but not left out
    for child in [child for child in core if child.tag.rpartition("}")[2] in _DATED]:
        core.remove(child)


def _by_script(text: str) -> Iterator[str]:
    """Split a text so that quotation marks and dashes of Chinese go with it: Word gives them the font of their run."""
    if not is_han(text):
        if text:
            yield text
        return
    yield from (piece for piece in re.split(r"(?<=[\u3000-\u9fff\uff00-\uffef”’…—])(?=[A-Za-z0-9(\[])", text) if piece)


def _linked(document: Written, text: str, address: str) -> Any:
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), document.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = _text(text)
    look = run.get_or_add_rPr()
    look.append(_element("w:color", val="0B4F8A"))
    look.append(_element("w:u", val="single"))
    link.append(run)
    return link


def _text(text: str, form: Run | None = None) -> Any:
    run = OxmlElement("w:r")
    if is_han(text):
        run.get_or_add_rPr().append(_element("w:rFonts", hint="eastAsia"))
    if form and form.bold:
        run.get_or_add_rPr().append(OxmlElement("w:b"))
    if form and form.italic:
        run.get_or_add_rPr().append(OxmlElement("w:i"))
    piece = OxmlElement("w:t")
    piece.text = text
    piece.set(qn("xml:space"), "preserve")
    run.append(piece)
    return run


def _table_properties(title: str, description: str, width: int) -> Any:
    properties = OxmlElement("w:tblPr")
    properties.append(_element("w:tblW", w=str(width), type="dxa"))
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom"):
        borders.append(_element(f"w:{side}", val="single", sz="8", space="0", color="000000"))
    borders.append(_element("w:insideH", val="single", sz="2", space="0", color="D0D0D0"))
    properties.append(borders)
    properties.append(_element("w:tblLayout", type="fixed"))
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w="70", type="dxa"))
    properties.append(margins)
    # What screen readers say.
    properties.append(_element("w:tblCaption", val=title))
    properties.append(_element("w:tblDescription", val=description))
    return properties


def _table_row(texts: tuple[str, ...], widths: list[int], numbers: frozenset[int], *, head: bool) -> Any:
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    for place, text in enumerate(texts):
        cell = OxmlElement("w:tc")
        look = OxmlElement("w:tcPr")
        look.append(_element("w:tcW", w=str(widths[place]), type="dxa"))
        if head:
            below = OxmlElement("w:tcBorders")
            below.append(_element("w:bottom", val="single", sz="6", space="0", color="000000"))
            look.append(below)
            look.append(_element("w:vAlign", val="bottom"))
        cell.append(look)
        paragraph = OxmlElement("w:p")
        style = paragraph.get_or_add_pPr()
        style.append(_element("w:pStyle", val="Tabletext"))
        if place in numbers:
            style.append(_element("w:jc", val="right"))
        for piece in _by_script(text):
            paragraph.append(_text(piece, Run(piece, bold=head)))
        cell.append(paragraph)
        row.append(cell)
    return row


def _element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made
