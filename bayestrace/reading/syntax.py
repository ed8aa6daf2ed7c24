"""Word what the YAML parser says: its own words are for programmers."""

import yaml

from bayestrace.errors import Fault
from bayestrace.reading.text import position

#: What to look for in the parser's context and problem (of libyaml, then of PyYAML itself), and the slug.
_PROBLEMS = (
    ("mapping values are not allowed", "yaml-colon"),
    ("tab character", "yaml-tab"),
    (r"'\t'", "yaml-tab"),
    ("escape", "yaml-escape"),
    ("hexadecimal", "yaml-escape"),
    ("hexdecimal", "yaml-escape"),
    ("invalid Unicode character", "yaml-escape"),
    ("quoted scalar", "yaml-quote"),
    ("flow sequence", "yaml-bracket"),
    ("flow mapping", "yaml-bracket"),
    ("cannot start any token", "yaml-reserved"),
    ("anchor", "yaml-anchor"),
    ("alias", "yaml-alias"),
    ("tag", "yaml-tag"),
    ("block mapping", "yaml-indent"),
    ("block collection", "yaml-indent"),
    ("block sequence", "yaml-indent"),
    ("expected <document start>", "yaml-indent"),
    ("expected '<document start>'", "yaml-indent"),
    ("simple key", "yaml-indent"),
)


def word(error: yaml.YAMLError, path: str, text: str) -> Fault:
    """Turn an error of the YAML parser into a fault at the place that it names."""
    if not isinstance(error, yaml.MarkedYAMLError):
        found = getattr(error, "position", None)
        line, column = position(text, found if isinstance(found, int) else 0)
        return Fault(path, line, column, "", "yaml-syntax")
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    said = f"{error.context} {error.problem}"
    slug = next((slug for part, slug in _PROBLEMS if part in said), "yaml-syntax")
    if slug == "yaml-reserved" and _sign_at(text, line, column) == "\t":
        slug = "yaml-tab"
    if slug in {"yaml-quote", "yaml-bracket"} and error.context_mark:
        # Where the quotation mark or the bracket was opened helps more than where the parser gave up.
        line, column = error.context_mark.line + 1, error.context_mark.column + 1
    return Fault(path, line, column, "", slug, {"found": ""})


def _sign_at(text: str, line: int, column: int) -> str:
    lines = text.splitlines()
    return lines[line - 1][column - 1 : column] if line <= len(lines) else ""
