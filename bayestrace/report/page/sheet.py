"""What every page has in common: its templates, its style inside, and a policy that lets it load nothing."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from bayestrace.caches import cache
from bayestrace.report.page.html import Html, markup

TEMPLATES = Path(__file__).parents[1] / "templates"
# Comments, and spaces beside a mark: what only those who write a style sheet read. Those before a colon part selectors.
_LAYOUT = re.compile(r"/\*.*?\*/\s*|(?<=[{};:])\s+|(?<=,)\s*\n\s*|\s+(?=[{}])|;(?=\s*\})", re.DOTALL)


class _Compiled(FileSystemBytecodeCache):
    """Keeps compiled templates in the user's cache folder: compiling takes a fifth of the time of a page.

    What cannot be kept or read is compiled as if it had never been kept.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a template, unless its file is missing, of another text, or broken."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 - whatever bytes that are none of ours make the reader raise
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template where there is room for it."""
        with contextlib.suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)


def environment(*more: str, scripts: Iterable[str] = ()) -> Environment:
    """Make ready to fill in templates, which know `style` and `policy`.

    Parameters
    ----------
    more
        Names of style sheets beyond those of all pages.
    scripts
        All scripts of the page: the policy lets no other run.
    """
    names = ("style.css", "figures.css", *more)
    style = _LAYOUT.sub("", "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names))
    known = " ".join(map(_hashed, scripts))
    allowed = f"script-src {known}; img-src data:; " if known else ""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        bytecode_cache=_Compiled(str(cache("templates"))),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Here and for all pages: what a filter makes of a constant is kept with the template.
    made.filters["t"] = markup
    made.globals.update(
        style=Html(style),
        policy=f"default-src 'none'; {allowed}style-src {_hashed(style)}; base-uri 'none'; form-action 'none'",
    )
    return made


def _hashed(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
