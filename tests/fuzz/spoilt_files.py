"""Every reader of files that others may have made, what it reads in good order, and how that is spoilt."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import mutations
from mutations import Mutate
from sheets import sent_back
from simple_study import SIMPLE
from small_study import OVERLAPPING, SOUGHT, write

from bayestrace import api, results, verify
from bayestrace.coding.asked import ask
from bayestrace.coding.made import FORMAT, read_made
from bayestrace.coding.returned import open_returned
from bayestrace.coding.taken import take
from bayestrace.coding.workbook import workbook as sheet_of
from bayestrace.encoding import encode
from bayestrace.errors import Fault, StudyFaults
from bayestrace.qda import project_archive, read_archive, read_project, stubs
from bayestrace.reading import read_candidates, read_further, read_study
from bayestrace.reading.bibtex import read_bibtex
from bayestrace.reading.sources import Sources, read_sources
from bayestrace.reading.text import decode
from bayestrace.references import NAMES, listing
from bayestrace.study import Study
from bayestrace.summary import summary_of
from bayestrace.writing.book import workbook

ROOT = Path(__file__).parents[2]

#: Readers, and how many of all inputs each is given, relative to the others: what is quick to read is tried more often.
SHARES = {
    "study in YAML": 30,
    "tables in CSV": 6,
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

type Read = Callable[[bytes], object]


@dataclass(frozen=True)
class Reader:
    """One kind of file.

    Parameters
    ----------
    seeds
        Files in good order.
    read
        Reads one, and takes what was read as far as a user would see a fault of it.
    mutate
        Spoils one.
    """

    seeds: tuple[bytes, ...]
    read: Read
    mutate: Mutate


class _Choice:
    """One of several files of a study: the first byte of an input says which, the rest is its content."""

    def __init__(self, files: Mapping[str, tuple[bytes, ...]], read: Callable[[str, bytes], object]) -> None:
        self.names = [*files]
        self.seeds = tuple(bytes([at]) + one for at, name in enumerate(self.names) for one in files[name])
        self._read = read

    def read(self, data: bytes) -> object:
        name = self.names[data[0] % len(self.names)] if data else self.names[0]
        return self._read(name, data[1:])

    def spoilt(self, inner: Mutate) -> Mutate:
        return lambda rng, data: data[:1] + inner(rng, data[1:])


def reader_of(name: str, folder: Path) -> Reader:
    """Make one of the readers of `SHARES` ready, in a folder of its own inside `folder`."""
    make: dict[str, Callable[[Path], Reader]] = {
        "study in YAML": _yaml,
        "tables in CSV": _tables,
        "codings in CSV": _codings,
        "study in a workbook": _books,
        "coding sheet": _sheets,
        "coding form": _forms,
        "sources in CSL-JSON": partial(_sources, read=read_sources, name="sources.json"),
        "sources in BibTeX": partial(_sources, read=read_bibtex, name="sources.bib"),
        "project of REFI-QDA": _projects,
        "study handed out": _handed,
        "result in netCDF": _results,
        "manifest": _manifests,
    }
    return make[name](Path(tempfile.mkdtemp(dir=folder)))


def _files(texts: Mapping[str, str], *more: Mapping[str, str]) -> dict[str, tuple[bytes, ...]]:
    return {name: tuple(dict.fromkeys(one[name].encode() for one in (texts, *more) if name in one)) for name in texts}


def _words(*texts: str) -> list[str]:
    return sorted({word for text in texts for word in text.replace("{", " ").replace(",", " ").split()})


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
    files = {f"simple/{name}": _files(SIMPLE, SOUGHT, OVERLAPPING)[name] for name in quick for _ in range(6)}
    files |= {f"sought/{name}": _files(SOUGHT)[name] for name in slow}
    files["candidates.yaml"] = (SOUGHT["candidates.yaml"].encode(),)

    def read(name: str, content: bytes) -> object:
        where, _, file = name.partition("/")
        if where == "candidates.yaml":
            (folder / where).write_bytes(content)
            return read_candidates(study, folder / where)
        return _in_folder(*((simple, SIMPLE) if where == "simple" else (sought, SOUGHT)), file, content)

    made = _Choice(files, read)
    words = _words(*(text for name, text in SOUGHT.items() if name.endswith(".yaml")))
    return Reader(made.seeds, made.read, made.spoilt(mutations.text(made.seeds, words)))


def _tables(folder: Path) -> Reader:
    """Tables in their place in a study, all kinds of them."""
    write(folder, SOUGHT)
    names = [name for name in SOUGHT if name.endswith(".csv")]
    made = _Choice({name: _files(SOUGHT)[name] for name in names}, partial(_in_folder, folder, SOUGHT))
    words = _words(*(SOUGHT[name] for name in names))
    return Reader(made.seeds, made.read, made.spoilt(mutations.text(made.seeds, words)))


def _codings(folder: Path) -> Reader:
    """Tables from outside a study: to be predicted, and sent back by coders."""
    study = read_study(write(folder / "study", SOUGHT))
    codings = "evidence/codings/"
    files = {
        name: (SOUGHT[codings + name].encode(),)
        for name in ("neutral-weights.csv", "critic-weights.csv", "guest-probabilities.csv")
    }
    form = (
        "evidence,against,low_db,best_db,high_db,word,p_if_focal,rationale\none-buys,bargaining,1,2,3,slight,0.5,So\n"
    )
    chinese = "冗余 编号,cluster,low,best,high\n,purchase,0.2,0.5,0.9\n".encode("gb18030")
    files["returned.csv"] = (form.encode(), b"cluster,low,best,high\npurchase,,0.5,\n", chinese)

    def read(name: str, content: bytes) -> object:
        (folder / name).write_bytes(content)
        if name == "returned.csv":
            return take("wang", [open_returned(folder / name)], study)
        return read_further(study, [folder / name])

    made = _Choice(files, read)
    words = _words(*(text for name, text in SOUGHT.items() if name.endswith(".csv")), form)
    return Reader(made.seeds, made.read, made.spoilt(mutations.text(made.seeds, words)))


def _books(folder: Path) -> Reader:
    simple, sought = (read_study(write(folder / name, files)) for name, files in (("a", SIMPLE), ("b", SOUGHT)))
    file = folder / "study.xlsx"

    def read(data: bytes) -> object:
        file.write_bytes(data)
        return read_study(file).digest()

    seeds = (workbook(simple), workbook(sought, "zh"))
    inner = mutations.text(seeds[:1], _words('<v> </v> <f> <c r="A1" t="s"> t="e" t="b" t="d" s="1" <is> <t>'))
    values = mutations.markup(
        [*_words(*SOUGHT.values()), "A1", "XFD1048576", "e", "s", "b", "str", "inlineStr", "1e400"]
    )
    return Reader(seeds, read, mutations.archive(mutations.mixed(inner, values, values)))


def _sheets(folder: Path) -> Reader:
    study = read_study(write(folder / "study", SOUGHT))
    file = folder / "wang.xlsx"

    def read(data: bytes) -> object:
        file.write_bytes(data)
        return take("wang", [open_returned(file)], study, accept_changes=bool(len(data) % 2))

    filled = {
        "Coding!G2": 2.5,
        "Coding!H2": 3.125,
        "Coding!I2": 7,
        "Coding!J3": "against: slight",
        "Redundancy!E2": 0.25,
    }
    sent = sent_back(ask(study, "wang", "en"), folder / "sent.xlsx", filled).read_bytes()
    seeds = (sent, sent, sheet_of(ask(study, "neutral", "zh")))
    inner = mutations.text(seeds[:1], _words('<v> </v> <f> <c r="G2"><v>1</v></c> t="s" t="e" <is> <t>'))
    values = mutations.markup(
        ["G2", "A0", "XFD9", "e", "s", "b", "str", "inlineStr", "1", "-3", "5:1", "7 dB", "strong"]
    )
    return Reader(seeds, read, mutations.archive(mutations.mixed(inner, values, values)))


def _forms(folder: Path) -> Reader:
    study = read_study(write(folder / "study", SOUGHT))
    file = folder / "wang.coding.json"

    def read(data: bytes) -> object:
        file.write_bytes(data)
        return take("wang", [open_returned(file)], study, accept_changes=bool(len(data) % 2))

    made = ask(study, "wang", "en").made
    said = {
        "judgements": {
            "one-buys": {
                "weights": {"bargaining": {"low": "1", "best": "2.5", "high": "7"}},
                "p_if_focal": "0.6",
                "rationale": "So it was.",
            },
            "one-says": {"weights": {"bargaining": {"best": "-strong"}}},
        },
        "redundancy": {"purchase": {"low": "0", "best": "0.25", "high": "1"}},
    }
    seed = json.dumps({"bayestrace-coding": FORMAT, "digest": made.digest(), **made.data(), **said}).encode()

    def resealed(rng: Random, data: bytes) -> bytes:
        """Spoil what is inside the digest too, and write a digest that fits: otherwise nothing else is looked at."""
        spoilt = mutations.tree(rng, data)
        try:
            whole = json.loads(spoilt)
        except (ValueError, RecursionError):
            return spoilt
        if isinstance(whole, dict) and (head := read_made(whole)) is not None:
            spoilt = json.dumps(whole | {"digest": head.digest(), "bayestrace-coding": FORMAT}).encode()
        return spoilt

    words = _words(*(SOUGHT[name] for name in SOUGHT if name.endswith("weights.csv")))
    return Reader((seed,), read, mutations.mixed(mutations.text((seed,), words), mutations.tree, resealed, resealed))


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
        words = _words(TEXT) + [
            "@comment{",
            "@preamble{",
            "@string{a = ",
            " # ",
            "\\'e",
            '\\"u',
            "\\textit{",
            "{{",
            "}}",
        ]
        return Reader(seeds, taken, mutations.text(seeds, words))
    hard = (ROOT / "tests" / "references" / "hard_cases.json").read_bytes()
    items = json.loads(hard)
    items = items if isinstance(items, list) else [*items.values()]
    seeds = (SOUGHT["evidence/sources.json"].encode(), *_few(items))
    words = _words(SOUGHT["evidence/sources.json"]) + [
        '"note": "DOI: 10.1/2"',
        '"issued": {"raw": "1987"}',
        '"private": 1',
    ]
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
        *_words(qde.replace("<", " <").replace("/>", " />")),
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

    words = _words(*SOUGHT.values())
    return Reader(tuple(seeds), read, mutations.mixed(mutations.text(seeds, words), mutations.tree, mutations.tree))


#: What begins an input that says how a result is changed before it is written, in place of a file.
_CHANGES = b"changes:"


def _results(folder: Path) -> Reader:
    """Results whose bytes are spoilt, and ones that were written with other parts than a result has."""
    study = read_study(write(folder / "study", SIMPLE))
    file = folder / "posterior.nc"
    tree = api.update(study, api.Options(face_value=True))
    results.save(tree, file)
    seed = file.read_bytes()
    inside = [f"{node.path}:{name}" for node in tree.subtree for name in node.dataset.variables] + [*tree.attrs]

    def mutate(rng: Random, data: bytes) -> bytes:
        if rng.random() < 0.97:
            return mutations.raw(rng, seed if data.startswith(_CHANGES) else data)
        values: list[Any] = ["", "x", "2", 2, -1, 0.5, [1.0, 2.0], "强" * 300]
        made = [[rng.choice(inside), rng.choice(values)] for _ in range(rng.choice((1, 2, 5)))]
        return _CHANGES + json.dumps(made).encode()

    def read(data: bytes) -> object:
        if not data.startswith(_CHANGES):
            file.write_bytes(data)
            return summary_of(results.load(file))
        other = tree.copy(deep=True)
        for name, value in json.loads(data.removeprefix(_CHANGES)):
            path, _, variable = name.rpartition(":")
            if not path:
                other.attrs[name] = value
            elif variable in other[path].dataset.data_vars:
                other[path].dataset = other[path].to_dataset(inherit=False).drop_vars(variable)
            else:
                other[path].dataset = other[path].to_dataset(inherit=False).assign_attrs(x=value)
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
