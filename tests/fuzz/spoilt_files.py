"""Every reader of files that others may have made, what it reads in good order, and how that is spoilt."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, cast

import mutations
import xarray as xr
from readers import Choice, Reader, files_of, words_of
from simple_study import SIMPLE
from small_study import OVERLAPPING, SOUGHT, write
from spoilt_codings import coding_forms, coding_sheets, codings

from bayestrace import api, results, verify
from bayestrace.encoding import encode
from bayestrace.errors import Fault, StudyFaults
from bayestrace.qda import project_archive, read_archive, read_project, stubs
from bayestrace.reading import read_candidates, read_study
from bayestrace.reading.bibtex import read_bibtex
from bayestrace.reading.files import TABLES
from bayestrace.reading.sources import Sources, read_sources
from bayestrace.reading.text import decode
from bayestrace.references import NAMES, listing
from bayestrace.study import Study
from bayestrace.summary import summary_of
from bayestrace.writing import tabled
from bayestrace.writing.book import workbook

ROOT = Path(__file__).parents[2]

#: Readers, and how many of all inputs each is given, relative to the others: what is quick to read is tried more often.
SHARES = {
    "study in YAML": 30,
    "tables in CSV": 20,
    "codings in CSV": 280,
    "study in a workbook": 10,
    "coding sheet": 20,
    "coding form": 260,
    "sources in CSL-JSON": 130,
    "sources in BibTeX": 60,
    "project of REFI-QDA": 70,
    "study handed out": 80,
    "result in netCDF": 24,
    "manifest": 40,
}


def reader_of(name: str, folder: Path) -> Reader:
    """Make one of the readers of `SHARES` ready, in a folder of its own inside `folder`."""
    make: dict[str, Callable[[Path], Reader]] = {
        "study in YAML": _yaml,
        "tables in CSV": _tables,
        "codings in CSV": codings,
        "study in a workbook": _books,
        "coding sheet": coding_sheets,
        "coding form": coding_forms,
        "sources in CSL-JSON": partial(_sources, read=read_sources, name="sources.json"),
        "sources in BibTeX": partial(_sources, read=read_bibtex, name="sources.bib"),
        "project of REFI-QDA": _projects,
        "study handed out": _handed,
        "result in netCDF": _results,
        "manifest": _manifests,
    }
    return make[name](Path(tempfile.mkdtemp(dir=folder)))


def _in_folder(folder: Path, files: Mapping[str, str], name: str, content: bytes) -> Study:
    path = folder / name
    path.write_bytes(content)
    try:
        study = read_study(folder)
        study.digest()
        return study
    finally:
        path.write_text(files[name], encoding="utf-8", newline="")


def _yaml(folder: Path) -> Reader:
    simple, sought = write(folder / "simple", SIMPLE), write(folder / "sought", SOUGHT)
    study = read_study(sought)
    quick = [name for name in SIMPLE if name.endswith(".yaml")]
    slow = [name for name in SOUGHT if name.endswith(".yaml")]
    files = {f"simple/{name}": files_of(SIMPLE, SOUGHT, OVERLAPPING)[name] for name in quick for _ in range(6)}
    files |= {f"sought/{name}": files_of(SOUGHT)[name] for name in slow}
    files["candidates.yaml"] = (SOUGHT["candidates.yaml"].encode(),)

    def read(name: str, content: bytes) -> object:
        where, _, file = name.partition("/")
        if where == "candidates.yaml":
            (folder / where).write_bytes(content)
            return read_candidates(study, folder / where)
        return _in_folder(*((simple, SIMPLE) if where == "simple" else (sought, SOUGHT)), file, content)

    made = Choice(files, read)
    words = words_of(*(text for name, text in SOUGHT.items() if name.endswith(".yaml")))
    return Reader(made.seeds, made.read, made.spoilt(mutations.text(made.seeds, words)))


def _tables(folder: Path) -> Reader:
    """Tables in their place in a study, all kinds of them: those beside its YAML, and those in the place of that."""
    studies = {"yaml": SOUGHT, "tables": tabled(read_study(write(folder / "yaml", SOUGHT)))}
    write(folder / "tables", studies["tables"])
    files = {
        f"{kind}/{name}": (text.encode(),)
        for kind, texts in studies.items()
        for name, text in texts.items()
        if name in TABLES.values() or (name.endswith(".csv") and kind == "yaml")
    }

    def read(name: str, content: bytes) -> object:
        kind, _, file = name.partition("/")
        return _in_folder(folder / kind, studies[kind], file, content)

    made = Choice(files, read)
    words = words_of(*(one.decode() for ones in files.values() for one in ones))
    return Reader(made.seeds, made.read, made.spoilt(mutations.text(made.seeds, words)))


def _books(folder: Path) -> Reader:
    simple, sought = (read_study(write(folder / name, files)) for name, files in (("a", SIMPLE), ("b", SOUGHT)))
    file = folder / "study.xlsx"

    def read(data: bytes) -> object:
        file.write_bytes(data)
        return read_study(file).digest()

    seeds = (workbook(simple), workbook(sought, "zh"))
    inner = mutations.text(seeds[:1], words_of('<v> </v> <f> <c r="A1" t="s"> t="e" t="b" t="d" s="1" <is> <t>'))
    values = mutations.markup(
        [*words_of(*SOUGHT.values()), "A1", "XFD1048576", "e", "s", "b", "str", "inlineStr", "1e400"]
    )
    return Reader(seeds, read, mutations.archive(mutations.mixed(inner, values, values)))


def _sources(folder: Path, read: Callable[[str, str], Sources], name: str) -> Reader:
    file = folder / name

    def taken(data: bytes) -> object:
        file.write_bytes(data)
        text = decode(folder, name, ("utf-8-sig",))
        if isinstance(text, Fault):
            raise StudyFaults([text])
        found = read(name, text)
        for style in NAMES:
            listing(found.by_id, [*found.by_id], style)
        json.dumps(found.by_id, allow_nan=False).encode()
        if found.faults:
            raise StudyFaults(found.faults)
        return found

    if name.endswith(".bib"):
        from test_reading_bibtex import TEXT  # noqa: PLC0415 - it stands there beside what it is to become

        seeds = (TEXT.encode(), *(b"@" + each for each in TEXT.encode().split(b"@")[2:]))
        more = ("@comment{", "@preamble{", "@string{a = ", " # ", "\\'e", '\\"u', "\\textit{", "{{", "}}")
        words = [*words_of(TEXT), *more]
        return Reader(seeds, taken, mutations.text(seeds, words))
    hard = (ROOT / "tests" / "references" / "hard_cases.json").read_bytes()
    items = json.loads(hard)
    items = items if isinstance(items, list) else [*items.values()]
    seeds = (SOUGHT["evidence/sources.json"].encode(), *_few(items))
    extra = ('"note": "DOI: 10.1/2"', '"issued": {"raw": "1987"}', '"private": 1')
    words = [*words_of(SOUGHT["evidence/sources.json"]), *extra]
    spoil = mutations.mixed(mutations.text(seeds, words), mutations.tree, mutations.tree)
    return Reader(seeds, taken, spoil)


def _few(items: list[Any]) -> list[bytes]:
    """Take entries of CSL-JSON out of test cases, three to a list."""
    found: list[Any] = []
    waiting = [*items]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict) and "id" in each and "title" in each:
            found.append(each)
        elif isinstance(each, dict | list):
            waiting += each.values() if isinstance(each, dict) else each
    return [json.dumps(found[at : at + 3], ensure_ascii=False).encode() for at in range(0, len(found), 3)]


def _projects(folder: Path) -> Reader:
    from archives import archive, codes, project, selection, text_source  # noqa: PLC0415 - these take no other names' place

    study = read_study(write(folder / "study", SOUGHT))
    file = folder / "project.qdpx"
    inside = text_source(selection(60, 0, 3, 1) + selection(61, 2, 9, 1, 2))
    cases = (
        "<Cases><Case guid='c' name='one'><SourceRef targetGUID='00000000-0000-0000-0000-000000000050'/></Case></Cases>"
    )
    qde = project(codes("Premise", "B"), cases, f"<Sources>{inside}</Sources>")
    seeds = (project_archive(study), archive(file, qde, a="Hello, 世界🜂\r\nagain").read_bytes())

    def read(data: bytes) -> object:
        file.write_bytes(data)
        return stubs(read_project(read_archive(file)), study)

    words = [
        *words_of(qde.replace("<", " <").replace("/>", " />")),
        'guid="',
        'startPosition="-1"',
        "<!DOCTYPE a>",
        "&#xD;",
    ]
    values = mutations.markup(
        ["-1", "0", "99999", "Premise", "one", "{}", "internal://a.txt", "relative://x", "absolute:///x"]
    )
    return Reader(seeds, read, mutations.archive(mutations.mixed(mutations.text(seeds[:1], words), values, values)))


def _handed(folder: Path) -> Reader:
    seeds = []
    for number, files in enumerate((SIMPLE, SOUGHT, OVERLAPPING)):
        seeds.append(read_study(write(folder / str(number), files)).canonical().encode())
    file = folder / "study.json"

    def read(data: bytes) -> object:
        file.write_bytes(data)
        found = read_study(file)
        # Nothing but this reader stands between the file and what is computed of it.
        return found.digest(), encode(found, next(iter(found.profiles.values())))

    words = words_of(*SOUGHT.values())
    return Reader(tuple(seeds), read, mutations.mixed(mutations.text(seeds, words), mutations.tree, mutations.tree))


#: What begins an input that says how a result is changed before it is written, in place of a file.
_CHANGES = b"changes:"
_VALUES: list[Any] = ["", "x", "2", 2, -1, 0.5, [1.0, 2.0], "强" * 300]


def _changes(data: bytes, inside: list[str]) -> list[tuple[str, Any]] | None:
    """Read what is to be changed of a result; None where an input does not say so."""
    if not data.startswith(_CHANGES):
        return None
    try:
        made = [(name, value) for name, value in json.loads(data.removeprefix(_CHANGES))]
        return made if all(name in inside and value in _VALUES for name, value in made) else None
    except (ValueError, TypeError, RecursionError):
        return None


def _results(folder: Path) -> Reader:
    """Results whose bytes are spoilt, and ones that were written with other parts than a result has."""
    study = read_study(write(folder / "study", SIMPLE))
    file = folder / "posterior.nc"
    tree = api.update(study, api.Options(face_value=True))
    results.save(tree, file)
    seed = file.read_bytes()
    inside = [f"{node.path}:{name}" for node in tree.subtree for name in node.dataset.variables] + [
        str(name) for name in tree.attrs
    ]

    def mutate(rng: Random, data: bytes) -> bytes:
        if rng.random() < 0.97:
            return mutations.raw(rng, seed if data.startswith(_CHANGES) else data)
        made = [[rng.choice(inside), rng.choice(_VALUES)] for _ in range(rng.choice((1, 2, 5)))]
        return _CHANGES + json.dumps(made).encode()

    def read(data: bytes) -> object:
        changed = _changes(data, inside)
        if changed is None:
            file.write_bytes(data)
            return summary_of(results.load(file))
        other = tree.copy(deep=True)
        for name, value in changed:
            path, _, variable = name.rpartition(":")
            if not path:
                other.attrs[name] = value
                continue
            node = cast("xr.DataTree", other[path])
            data_of_node = node.to_dataset(inherit=False)
            if variable in data_of_node.data_vars:
                node.dataset = data_of_node.drop_vars(variable)
            else:
                node.dataset = data_of_node.assign_attrs(x=value)
        results.save(other, file)
        return results.load(file)

    return Reader((seed,), read, mutate)


def _manifests(folder: Path) -> Reader:
    study = write(folder / "study", SIMPLE)
    found = read_study(study)
    target = study / "reports" / "one"
    api.write_result(api.update(found, api.Options(face_value=True)), target, api.input_files(study), "en")
    # What only takes time is made small: the digests of what stands there are compared all the same.
    for name in ("posterior.nc", "report.html"):
        (target / name).write_bytes(b"x")
    file = target / "manifest.json"
    seed = file.read_bytes()

    def read(data: bytes) -> object:
        file.write_bytes(data)
        manifest = verify.read_manifest(file)
        return verify.verify(manifest, None if len(data) % 8 == 0 else folder)

    words = ["sha256", "posterior.nc", "study.yaml", "../", "/", "..", ".", "\\u0000", "manifest", "inputs", "outputs"]
    return Reader((seed,), read, mutations.mixed(mutations.text((seed,), words), mutations.tree, mutations.tree))
