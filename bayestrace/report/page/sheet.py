"""What every page has in common: its templates, its style inside, and a policy that lets it load nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bayestrace.report.page.html import Html

TEMPLATES = Path(__file__).parents[1] / "templates"
# Comments, and the ends and indents of lines that end with a mark: what only those who write a style sheet read.
_LAYOUT = re.compile(r"/\*.*?\*/\s*|(?<=[{};,])\s*\n\s*", re.DOTALL)


def environment(*more: str, script: str = "") -> Environment:
    """Make ready to fill in templates, which know `style`, `script` and `policy`.

    Parameters
    ----------
    more
        Names of style sheets beyond those of all pages.
    script
        The one script of the page: the policy lets no other run.
    """
    names = ("style.css", "figures.css", *more)
    style = _LAYOUT.sub("", "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names))
    scripts = f"script-src {_hashed(script)}; img-src data:; " if script else ""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        style=Html(style),
        script=Html(script),
        policy=f"default-src 'none'; {scripts}style-src {_hashed(style)}; base-uri 'none'; form-action 'none'",
    )
    return made


def _hashed(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
