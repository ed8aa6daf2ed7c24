"""What every page has in common: its templates, its style inside, and a policy that lets it load nothing."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bayestrace.report.page.html import Html

TEMPLATES = Path(__file__).parents[1] / "templates"


def environment(*more: str) -> Environment:
    """Make ready to fill in templates, which know `style` and `policy`.

    Parameters
    ----------
    more
        Names of style sheets beyond those of all pages.
    """
    names = ("style.css", "figures.css", *more)
    style = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        style=Html(style),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )
    return made
