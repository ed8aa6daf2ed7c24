"""Who may import whom, as a table: docs/architecture.md says the same in words and is held to it."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "bayestrace"
LONGEST = 400  # lines
FREE = {"numpy", "scipy", "xarray"}  # third party that any room may use ...
NO_XARRAY = {"study", "reading", "report.page"}  # ... but these meet no labelled array


class Room(NamedTuple):
    """A floor, the third party allowed here and in few other rooms, and rooms of the same floor that it may use."""

    floor: int
    libraries: str = ""
    beside: str = ""


ROOMS = {
    "errors": Room(0, beside="messages"),
    "messages": Room(0),
    "weights": Room(0),
    "dates": Room(0),
    "theories": Room(0),
    "inference.fingerprint": Room(0),
    "inference.priors": Room(0),
    "sensitivity.abreast": Room(0),
    "caches": Room(0, "platformdirs"),
    "agreement.alpha": Room(0),
    "agreement.icc": Room(0),
    "agreement.movement": Room(0),
    "farm": Room(1, "distributed"),
    "joint": Room(1),
    "allocation": Room(1),
    "study": Room(1, "pydantic"),
    "calibration.scores": Room(1),
    "agreement.spread": Room(1),
    "agreement.wording": Room(1),
    "inference.rowwise": Room(1, "numba"),
    "calibration.ranks": Room(2),
    "sequence": Room(2),
    "reading": Room(2, "pydantic, pydantic_core, yaml, python_calamine, defusedxml, bibtexparser, pylatexenc"),
    "judgements": Room(2),
    "encoding": Room(2, beside="clues, judgements"),
    "clues": Room(2),
    "results": Room(2, "netCDF4"),
    "sensitivity.tables": Room(2),
    "references": Room(2),
    "inference.backend": Room(2),
    "inference.counting": Room(2),
    "inference.redundancy": Room(2),
    "inference.kernel": Room(2),
    "inference.metric": Room(2),
    "inference.apart": Room(2),
    "public": Room(2),
    "inference.pooling": Room(3),
    "inference.pairs": Room(3, beside="inference.pooling"),
    "inference.clues": Room(3),
    "inference.facevalue": Room(3, beside="inference.clues"),
    "pattern": Room(3),
    "writing": Room(3, "pydantic, yaml, xlsxwriter"),
    "kept": Room(3),
    "inference.signal": Room(3),
    "inference.units": Room(3),
    "inference.slopes": Room(3),
    "inference.casewise": Room(3),
    "calibration.verdict": Room(3),
    "sensitivity.flips": Room(3),
    "inference.drawwise": Room(3, "numba"),
    "inference.layout": Room(4),
    "inference.operator": Room(4, "pytensor"),
    "inference.shares": Room(4),
    "inference.drawn_pools": Room(4, "pymc, pytensor", "inference.shares"),
    "inference.model": Room(4, "pymc, pytensor", "inference.layout, inference.operator, inference.drawn_pools"),
    "inference.loops": Room(4, "numba, pytensor", "inference.layout, inference.operator"),
    "inference.prepared": Room(4, "pymc, pytensor, cloudpickle", "inference.model"),
    "inference.chains": Room(4, "pymc, pytensor, threadpoolctl", "inference.model, inference.prepared"),
    "inference.sampling": Room(
        4, "arviz", "inference.model, inference.prepared, inference.chains, inference.loops, inference.large"
    ),
    "inference.settled": Room(4, "pytensor", "inference.layout, inference.operator, inference.loops"),
    "inference.laplace": Room(4, beside="inference.settled"),
    "inference.independence": Room(4, beside="inference.settled, inference.laplace"),
    "inference.large": Room(
        4,
        "pytensor, threadpoolctl",
        "inference.chains, inference.settled, inference.laplace, inference.independence, sensitivity.reweight",
    ),
    "inference.allotments": Room(4),
    "inference.answer": Room(4),
    "inference.ledger": Room(4, beside="inference.loops, inference.layout"),
    "inference.mixture": Room(4),
    "inference.theories": Room(4),
    "calibration.truth": Room(4),
    "sensitivity.coordinates": Room(4),
    "sensitivity.reweight": Room(4, "arviz_stats"),
    "sensitivity.standpoints": Room(4),
    "starting": Room(4, "pydantic"),
    "qda": Room(4, "defusedxml, yaml"),
    "agreement.pools": Room(4),
    "mechanism": Room(5),
    "checks": Room(5),
    "inference.searches": Room(5),
    "inference.predictive": Room(5),
    "inference.replicates": Room(5, beside="inference.predictive"),
    "inference.repeated": Room(5, "pymc, pytensor"),
    "panels": Room(5),
    "summary": Room(5),
    "excerpt": Room(5),
    "stamp": Room(5),
    "calibration.simulate": Room(5),
    "sensitivity.draws": Room(5),
    "agreement.stated": Room(5),
    "posed": Room(6),
    "calibration.run": Room(6),
    "prediction": Room(6),
    "seeking": Room(6),
    "report.content": Room(6),
    "report.figures": Room(6),
    "report.wording": Room(6),
    "report.live": Room(6),
    "sensitivity.evaluate": Room(6),
    "compare": Room(6, beside="sensitivity.evaluate"),
    "sensitivity.matching": Room(6, beside="sensitivity.evaluate"),
    "sensitivity.allowances": Room(6),
    "sensitivity.sought": Room(6),
    "sensitivity.without": Room(6),
    "sensitivity.subsets": Room(6, beside="sensitivity.without"),
    "agreement.beside": Room(6),
    "agreement.measured": Room(6),
    "sensitivity.overconfidence": Room(7),
    "sensitivity.bounds": Room(7),
    "sensitivity.priors": Room(7),
    "sensitivity.powers": Room(7),
    "sensitivity.rival": Room(7),
    "sensitivity.leftout": Room(7),
    "sensitivity.kept": Room(7),
    "sensitivity.smallest": Room(7),
    "foreseen": Room(7),
    "report.page": Room(7, "jinja2"),
    "coding": Room(8, "xlsxwriter, markdown_it"),
    "agreement.leverage": Room(7),
    "agreement.between": Room(7),
    "appendix": Room(8, "docx"),
    "calibration.claims": Room(8),
    "calibration.page": Room(8, "jinja2"),
    "sensitivity.multiverse": Room(8),
    "sensitivity.run": Room(8, beside="sensitivity.multiverse"),
    "folder": Room(8),
    "api": Room(8, beside="folder"),
    "verify": Room(8, beside="api, folder"),
    "doctor": Room(8, beside="api"),
    "library": Room(9),
    "agreement.worklist": Room(8),
    "agreement.sheet": Room(8, "jinja2"),
    "agreement.run": Room(8, beside="agreement.worklist"),
    "cli": Room(9, "click"),
    "__main__": Room(10),
}
FILES = sorted(PACKAGE.rglob("*.py"))


def split(cell: str) -> set[str]:
    return {word.strip().strip("`") for word in cell.split(",")} - {""}


def dotted(file: Path) -> str:
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str | None:
    return next((room for room in ROOMS if f"{module}.".startswith(f"{room}.")), None)


def imports(file: Path) -> Iterator[str]:
    """Yield the full dotted name of everything that a file imports, wherever in the file it does so."""
    package = ["bayestrace", *file.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


def wrong(room: str, name: str) -> str | None:
    """Say why a room may not import this name, or None where it may."""
    first, _, rest = name.partition(".")
    here = ROOMS[room]
    if first == "bayestrace":
        other = room_of(rest)
        if other is None or other == room or other in split(here.beside) or ROOMS[other].floor < here.floor:
            return None
        return f"{room} (floor {here.floor}) imports {other} (floor {ROOMS[other].floor})"
    if first in sys.stdlib_module_names or first in split(here.libraries):
        return None
    if first in FREE and not (first == "xarray" and room in NO_XARRAY):
        return None
    return f"{room} imports {first}, which the table does not allow it"


@pytest.mark.parametrize("file", FILES, ids=dotted)
def test_a_room_imports_only_lower_floors_and_its_own_libraries(file: Path) -> None:
    room, names = room_of(dotted(file)), sorted(set(imports(file)))
    if room is None:
        assert file.name == "__init__.py", (
            f"{dotted(file)} is in no room: add it to docs/architecture.md and to ROOMS in tests/test_architecture.py"
        )
        # The names for notebooks are looked up at their first use; only a type checker imports them there.
        allowed = {"importlib", "typing.TYPE_CHECKING"} if file.parent == PACKAGE else set()
        offered = {name for name in names if file.parent == PACKAGE and name.startswith("bayestrace.library.")}
        assert not {*names} - allowed - offered, f"{file.relative_to(ROOT)} only groups rooms, so it imports nothing"
        return
    assert [fault for name in names if (fault := wrong(room, name))] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_of_the_table_exists(room: str) -> None:
    path = PACKAGE / room.replace(".", "/")
    assert path.with_suffix(".py").is_file() or (path / "__init__.py").is_file(), f"{room} has no file: strike it out"


def test_no_file_is_longer_than_one_room_needs() -> None:
    files = [file for kind in ("py", "j2", "html", "css", "js") for file in PACKAGE.rglob(f"*.{kind}")]
    lengths = {file.name: len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_the_document_repeats_the_table() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| `([\w.]+)` \|[^|]*\|([^|]*)\|([^|]*)\|$", text, flags=re.MULTILINE)
    written = [(int(floor), room, split(libraries), split(beside)) for floor, room, libraries, beside in rows]
    assert written == [(here.floor, room, split(here.libraries), split(here.beside)) for room, here in ROOMS.items()]


@pytest.mark.parametrize(
    ("room", "name", "allowed"),
    [
        ("errors", "bayestrace.messages.fill", True),
        ("messages", "bayestrace.errors.Fault", False),
        ("reading", "bayestrace.study.Study", True),
        ("study", "bayestrace.reading", False),
        ("weights", "bayestrace.__version__", True),
        ("inference.pooling", "bayestrace.inference.signal", False),
        ("reading", "yaml", True),
        ("encoding", "yaml", False),
        ("encoding", "xarray", True),
        ("study", "xarray", False),
        ("cli", "pymc", False),
        ("cli", "unheard_of", False),
    ],
)
def test_the_rule_itself(room: str, name: str, allowed: bool) -> None:  # noqa: FBT001 - a column of the table above
    assert (wrong(room, name) is None) is allowed
