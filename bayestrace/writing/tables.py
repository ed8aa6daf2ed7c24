"""Write the observations, cases and clusters of a study as tables in CSV, past what YAML is for."""

from __future__ import annotations

from bayestrace.errors import UsageFault
from bayestrace.reading.files import CASES, CLUSTERS, OBSERVATIONS, STUDY, TABLES
from bayestrace.reading.text import LARGEST
from bayestrace.study import Study
from bayestrace.writing.cells import number, safe
from bayestrace.writing.content import Content, Value, entries, observations
from bayestrace.writing.folder import declaration, files
from bayestrace.writing.plain import to_yaml

#: So many observations, cases and clusters together are still for people to read in YAML.
MOST_IN_YAML = 3_000


def tabled(study: Study) -> dict[str, str]:
    """Write a study as the files of a folder, what there is most of as tables.

    Parameters
    ----------
    study
        As for `bayestrace.writing.files`.

    Returns
    -------
    dict
        Text by path, relative to the folder. Reading them gives a study with the same `Study.canonical`.

    Raises
    ------
    UsageFault
        A text of blanks alone, which a cell cannot tell from nothing.
    """
    rest = study.model_copy(update={"evidence": (), "cases": {}, "clusters": {}})
    told = {key: value for key, value in declaration(rest).items() if key not in {"cases", "clusters"}}
    written = {**files(rest), STUDY: to_yaml(told), TABLES[CASES]: _csv(entries(study, CASES))}
    if study.clusters:
        written[TABLES[CLUSTERS]] = _csv(entries(study, CLUSTERS))
    if study.evidence:
        written[TABLES[OBSERVATIONS]] = _csv(observations(study))
    return written


def written(study: Study, *, tables: bool = False) -> tuple[dict[str, str], bool]:
    """Write a study as the files of a folder, with tables where that is asked for, or where YAML is not for so much.

    Returns
    -------
    files : dict
        As `tabled` and `bayestrace.writing.files` give them.
    tables : bool
        Whether there are tables among them.
    """
    many = len(study.evidence) + len(study.cases) + len(study.clusters) > MOST_IN_YAML
    if tables or many:
        return tabled(study), True
    made = files(study)
    if any(len(text.encode()) > LARGEST for path, text in made.items() if path.endswith(".yaml")):
        return tabled(study), True
    return made, False


def _csv(content: Content) -> str:
    """Write a table without the columns that are empty throughout and may be left out."""
    used = [at for at in range(len(content.headings)) if at == 0 or any(row[at] is not None for row in content.rows)]
    lines = [",".join(content.headings[at] for at in used)]
    lines += (",".join(_cell(row[at], content.name) for at in used) for row in content.rows)
    return "\n".join(lines) + "\n"


def _cell(value: Value, sheet: str) -> str:
    """Write a cell; blanks around a text are kept by quotation marks."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return number(value)
    text = safe(value)
    if not text.strip():
        raise UsageFault("no-cell-table", table=TABLES[sheet])
    quoted = text != text.strip() or any(sign in text for sign in ',"\r\n')
    return '"' + text.replace('"', '""') + '"' if quoted else text
