"""Codings that do not stand in a study: tables, sheets and forms that coders send back."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import mutations
from readers import Choice, Reader, words_of
from sheets import sent_back
from small_study import SOUGHT, write

from bayestrace.coding.asked import ask
from bayestrace.coding.made import FORMAT, read_made
from bayestrace.coding.returned import open_returned
from bayestrace.coding.taken import take
from bayestrace.coding.workbook import workbook as sheet_of
from bayestrace.reading import read_further, read_study


def codings(folder: Path) -> Reader:
    """Tables from outside a study: to be predicted, and sent back by coders."""
    study = read_study(write(folder / "study", SOUGHT))
    codings = "evidence/codings/"
    files: dict[str, tuple[bytes, ...]] = {
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

    made = Choice(files, read)
    words = words_of(*(text for name, text in SOUGHT.items() if name.endswith(".csv")), form)
    return Reader(made.seeds, made.read, made.spoilt(mutations.text(made.seeds, words)))


def coding_sheets(folder: Path) -> Reader:
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
    inner = mutations.text(seeds[:1], words_of('<v> </v> <f> <c r="G2"><v>1</v></c> t="s" t="e" <is> <t>'))
    values = mutations.markup(
        ["G2", "A0", "XFD9", "e", "s", "b", "str", "inlineStr", "1", "-3", "5:1", "7 dB", "strong"]
    )
    return Reader(seeds, read, mutations.archive(mutations.mixed(inner, values, values)))


def coding_forms(folder: Path) -> Reader:
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

    words = words_of(*(SOUGHT[name] for name in SOUGHT if name.endswith("weights.csv")))
    return Reader((seed,), read, mutations.mixed(mutations.text((seed,), words), mutations.tree, resealed, resealed))
