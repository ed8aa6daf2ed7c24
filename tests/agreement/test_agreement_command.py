"""`bayestrace agreement`: what it prints and writes, in which words, and how it ends. Nothing is fitted here."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from small_study import FILES, STUDY, write

from bayestrace.agreement import run as run_module
from bayestrace.agreement.alpha import alpha
from bayestrace.agreement.wording import WORDS
from bayestrace.cli import main

#: Three coders who weighed the same; the third is called as an explanation is, and gives a reason that looks a formula.
CODINGS = {
    f"evidence/codings/{coder}-weights.csv": "evidence,hypothesis,against,low_db,best_db,high_db\n"
    + "".join(
        f"{evidence},stakes,{rival},,{best},\n"
        for evidence, row in (("one-buys", one), ("one-says", two), ("two-pays", three), ("two-leaves", four))
        for rival, best in zip(("bargaining", "threat"), row, strict=True)
    )
    for coder, one, two, three, four in (
        ("neutral", (-2, 3.5), (2, 1), (-1, 0), (4, 2)),
        ("critic", (-4, 3), (1, 2), (-3, 1), (2, 2.5)),
        ("bargaining", (1, 4), (3, 0.5), (-2, -0.5), (5, 3)),
    )
}
DECLARED = STUDY.replace("  critic:", "  bargaining: {name: {en: Haggler, zh: 议价派}}\n  critic:").replace(
    "default_set: article", "default_set: wide"
)
# One type of source by a name that reports have a word for, the other by one of the study's own.
NEWS = {name: text.replace("press", "news-report") for name, text in FILES.items()}
KEPT = {name: text for name, text in NEWS.items() if "codings/" not in name}
NOTES = "evidence,p_if_focal,rationale\none-buys,0.6,=SUM(A1:A9)\ntwo-pays,,<b>No</b>\n"
WHOLE = {
    **KEPT,
    **CODINGS,
    "study.yaml": DECLARED.replace("press", "news-report"),
    "evidence/codings/bargaining-notes.csv": NOTES,
}
ANEW = {
    "evidence/codings/round-2/critic-weights.csv": "evidence,hypothesis,against,low_db,best_db,high_db\n"
    "one-buys,stakes,bargaining,,-3,\none-buys,stakes,threat,,3.25,\n"
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["agreement", "--no-refits", "--quiet", *map(str, arguments)])


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("agreement"), WHOLE)


def data(*arguments: object) -> dict[str, Any]:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_numbers_are_those_of_the_files(study: Path) -> None:
    found = data(study)
    assert (found["agreement"], found["round"], found["compared"], found["observations"]) == (1, 1, 4, 4)
    assert found["coders"] == ["neutral", "bargaining", "critic"]
    weights = np.array(
        [
            [[-2, 3.5], [2, 1], [-1, 0], [4, 2]],
            [[1, 4], [3, 0.5], [-2, -0.5], [5, 3]],
            [[-4, 3], [1, 2], [-3, 1], [2, 2.5]],
        ]
    )
    by_rival = {row["against"]: row["value"] for row in found["alpha"]}
    assert by_rival["bargaining"] == pytest.approx(alpha(weights[..., :1], samples=0).value)
    assert by_rival["threat"] == pytest.approx(alpha(weights[..., 1:], samples=0).value)
    pairs = np.concatenate([weights, weights[..., [1]] - weights[..., [0]]], axis=-1)
    assert by_rival["*"] == pytest.approx(alpha(pairs, samples=0).value)
    deviation = weights.std(axis=0, ddof=1)
    assert found["spread"]["all_db"] == pytest.approx(np.sqrt((deviation**2).mean()))
    steps = {row["name"]: row for row in found["groups"] if row["kind"] == "step"}
    assert steps["premise"]["spread_db"] == pytest.approx(np.sqrt((deviation[[0, 2]] ** 2).mean()))
    leanings = {(row["coder"], row["step"], row["against"]): row["mean_db"] for row in found["leanings"]}
    others = weights[[0, 2]].mean(axis=0)
    assert leanings["bargaining", "*", "threat"] == pytest.approx((weights[1] - others)[:, 1].mean())
    assert sum(leanings[name, "*", "threat"] for name in found["coders"]) == pytest.approx(0.0, abs=1e-12)
    assert leanings["bargaining", "outcome", "bargaining"] == pytest.approx(5 - 3)


def test_pools_stand_beside_the_coders(study: Path) -> None:
    found = data(study)
    for block in found["opinions"]:
        for row in block["hypotheses"]:
            alone = [one["probability"] for one in row["coders"]]
            assert row["linear"] == pytest.approx(np.mean(alone))
            assert row["logarithmic"] == pytest.approx(row["face_value"])
            assert row["model"] is None
    weighed = data(study, "--weight", "critic=0", "--weight", "neutral=3")
    first, again = (block["opinions"][0]["hypotheses"][0] for block in (found, weighed))
    neutral, haggler, _ = (one["probability"] for one in again["coders"])
    assert again["linear"] == pytest.approx((3 * neutral + haggler) / 4)
    assert again["coders"] == first["coders"]
    assert (
        "Weights in the pools: Neutral 3, Haggler 1, Critic 0."
        in run(study, "--weight", "critic=0", "--weight", "neutral=3").stdout
    )


def test_the_answer_without_each_coder_at_face_value(study: Path) -> None:
    found = data(study)
    assert (found["basis"], found["without_from"]) == ("face-value", "face-value")
    assert [one["coder"] for one in found["without"][0]["without"]] == found["coders"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_reads_well(study: Path, lang: str) -> None:
    done = run(study, "--lang", lang)
    assert done.exit_code == 0, done.output
    for said in {
        "en": (
            "4 observations that at least two of 3 coders",
            "Haggler",
            "Do not lean on these limits",
            "news report",
            "official ",
            "What to discuss",
        ),
        "zh": ("至少两位作过判断的观察共 4 条", "议价派", "不宜倚重这些界限", "新闻报道", "official ", "先讨论什么"),
    }[lang]:
        assert said in done.stdout
    assert not re.search(r"[{}⟦⟧]|nan|None", done.stdout)
    widths = [
        sum(2 if unicodedata.east_asian_width(s) in "WF" else 1 for s in line) for line in done.stdout.splitlines()
    ]
    assert max(widths) <= 118


def test_every_sentence_is_in_both_languages_with_the_same_details() -> None:
    for key, both in WORDS.items():
        assert set(re.findall(r"\{(\w+)\}", both.en)) == set(re.findall(r"\{(\w+)\}", both.zh)), key


def test_the_worklist_as_a_table_starts_no_formula(study: Path, tmp_path: Path) -> None:
    found = data(study, "--csv", tmp_path / "list.csv")
    text = (tmp_path / "list.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == sum(len(row["coders"]) for row in found["worklist"]) == 12
    assert [float(row["stake"]) for row in rows[::3]] == [row["stake"] for row in found["worklist"]]
    reason = next(r for r in rows if r["evidence"] == "one-buys" and r["coder"] == "bargaining")["rationale"]
    assert reason == "'=SUM(A1:A9)"


def test_the_page_shows_reasons_side_by_side_and_keeps_html_out(study: Path, tmp_path: Path) -> None:
    assert run(study, "--html", tmp_path / "list.html", "--items", 3).exit_code == 0
    text = (tmp_path / "list.html").read_text(encoding="utf-8")
    assert text.count("<section>") == 3
    assert "3 of 4 observations" in text
    assert "Haggler" in text
    again = tmp_path / "again.html"
    run(study, "--html", again, "--items", 3)
    assert again.read_text(encoding="utf-8") == text
    run(study, "--html", again)
    text = again.read_text(encoding="utf-8")
    assert "&lt;b&gt;No&lt;/b&gt;" in text
    assert "<b>No</b>" not in text


def test_coders_may_be_letters_and_explanations_of_the_same_name_stay(study: Path, tmp_path: Path) -> None:
    known, blind = data(study), data(study, "--anonymous", "--html", tmp_path / "blind.html")
    assert blind["coders"] == ["A", "B", "C"]
    assert [row["against"] for row in blind["alpha"]] == ["*", "bargaining", "threat"]
    text = (tmp_path / "blind.html").read_text(encoding="utf-8")
    assert "Haggler" not in text + json.dumps(blind)
    assert "neutral" not in json.dumps(blind)
    assert "critic" not in json.dumps(blind)
    # The order tells nothing, and who is who is one and the same throughout.
    for rows in (
        blind["pool_weights"],
        blind["without"][0]["without"],
        blind["opinions"][0]["hypotheses"][0]["coders"],
    ):
        assert [one["coder"] for one in rows] == ["A", "B", "C"]
    alone = {one["probability"]: one["coder"] for one in known["opinions"][0]["hypotheses"][0]["coders"]}
    letters = {one["coder"]: alone[one["probability"]] for one in blind["opinions"][0]["hypotheses"][0]["coders"]}
    leaning = {(row["coder"], row["step"], row["against"]): row["mean_db"] for row in known["leanings"]}
    for row in blind["leanings"]:
        assert row["mean_db"] == leaning[letters[row["coder"]], row["step"], row["against"]]
    shown = run(study, "--anonymous").stdout
    assert "Haggler" not in shown
    assert "Neutral" not in shown


def test_the_order_of_letters_is_drawn_and_rows_go_by_letters() -> None:
    rows = [{"coder": name, "x": place} for place, name in enumerate(("anna", "bo", "cem"))]
    orders = set()
    for number in range(30):
        found = run_module.anonymous(
            {"coders": ["anna", "bo", "cem"], "rows": rows, "why": "bo"}, f"{number:064x}"[::-1]
        )
        assert [row["coder"] for row in found["rows"]] == found["coders"] == ["A", "B", "C"]
        assert found["why"] == "bo"
        orders.add(tuple(row["x"] for row in found["rows"]))
    assert len(orders) == 6


def test_two_rounds_side_by_side(tmp_path: Path) -> None:
    folder = write(tmp_path / "study", {**WHOLE, **ANEW})
    first, second = data(folder), data(folder, "--round", 2)
    assert (first["round"], second["round"], first["rounds_known"]) == (1, 2, [1, 2])
    assert first["rounds"] == second["rounds"]
    (row,) = first["rounds"]
    assert [one["value"] for one in row["alpha"]] == [found["alpha"][0]["value"] for found in (first, second)]
    assert row["alpha"][1]["value"] > row["alpha"][0]["value"]
    moved = {one["coder"]: one for one in row["movement"]}
    critic = {one["coder"]: one["closed"] for one in moved["critic"]["towards"]}
    assert (moved["critic"]["weights"], moved["critic"]["changed"], moved["neutral"]["weights"]) == (2, 2, 0)
    # Half of the way to neutral: from -4 to -2 it went to -3, from 3 to 3.5 to 3.25.
    assert critic["neutral"] == pytest.approx(0.5)
    assert [one["evidence"] for one in row["discussed"]] == ["one-buys"]
    assert "Agreement after discussion is not independence" in run(folder).stdout
    assert "讨论之后的一致并不等于独立" in run(folder, "--lang", "zh").stdout
    assert "not independence" not in run(write(tmp_path / "one", WHOLE)).stdout


def test_results_of_a_later_round_stand_apart_and_name_it(tmp_path: Path) -> None:
    folder = write(tmp_path, {**WHOLE, **ANEW})
    for more in ((), ("--round", "2")):
        done = CliRunner().invoke(main, ["update", str(folder), "--face-value", *more])
        assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (folder / "reports").iterdir()) == ["wide-reference", "wide-reference-round-2"]
    assert "The codings are those of round 2." in done.stdout
    summary = json.loads((folder / "reports/wide-reference/summary.json").read_text(encoding="utf-8"))
    assert "round" not in json.dumps(summary["findings"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--weight", "neutral"), "--weight has 'neutral'"),
        (("--weight", "neutral=-1"), "expected a coder's name and a number from 0"),
        (("--weight", "neutrl=1"), "did you mean 'neutral'?"),
        (("--weight", "neutral=0", "--weight", "critic=0", "--weight", "bargaining=0"), "at least one coder above 0"),
        (("--round", "4"), "There is no round 4 of coding; there is 1."),
        (("--hypotheses", "wid"), "did you mean 'wide'?"),
    ],
)
def test_what_cannot_be_meant_is_refused(study: Path, arguments: tuple[str, ...], says: str) -> None:
    done = run(study, *arguments)
    assert done.exit_code == 2
    assert says in done.stderr
    assert "Traceback" not in done.output


def test_one_coder_has_nobody_to_agree_with(tmp_path: Path) -> None:
    some = {name: text for name, text in WHOLE.items() if "critic" not in name and "bargaining-" not in name}
    done = run(write(tmp_path, some))
    assert done.exit_code == 2
    assert "Agreement takes two coders, and this study has 1" in done.stderr
    assert "至少需要两位编码者" in run(tmp_path, "--lang", "zh").stderr


def test_a_file_that_cannot_be_written_is_told(study: Path, tmp_path: Path) -> None:
    done = run(study, "--csv", tmp_path / "none" / "list.csv")
    assert done.exit_code == 5
    assert "list.csv" in done.stderr
