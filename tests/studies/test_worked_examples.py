"""Published examples, each a study folder, reproduced to the printed digit by the program as a user runs it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bayestrace import api
from bayestrace.calibration.scores import cllr
from bayestrace.cli import main
from bayestrace.messages import Lang
from bayestrace.report.content import read_content
from bayestrace.weights import to_nats

STUDIES = Path(__file__).parent
FOLDERS = sorted(path.parent.name for path in STUDIES.glob("*/study.yaml"))
CACHE: dict[str, dict[str, Any]] = {}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worked")


def summary(name: str, folder: Path) -> dict[str, Any]:
    """Run `bayestrace update` on a study and return the JSON that it prints."""
    if name not in CACHE:
        arguments = ["update", str(STUDIES / name), "--face-value", "--json", "--quiet", "--out", str(folder / name)]
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        CACHE[name] = json.loads(result.stdout)
    return CACHE[name]


def rows(name: str, folder: Path, case: str) -> dict[str, dict[str, Any]]:
    block = next(block for block in summary(name, folder)["cases"] if block["case"] == case)
    return {row["hypothesis"]: row for row in block["hypotheses"]}


@pytest.mark.parametrize("name", FOLDERS)
def test_every_example_names_its_published_source(name: str) -> None:
    study = api.read_study(STUDIES / name)
    assert study.about in study.sources
    assert study.title("zh") != study.title("en")
    assert all(item.source == study.about for item in study.evidence)


def test_simple_bayes(folder: Path) -> None:
    # Humphreys and Jacobs (2023), chapter 5: one in a hundred, and a clue of 99 to 1.
    assert rows("simple-bayes", folder, "one")["holds"]["face_value"] == pytest.approx(0.5, rel=1e-14)


def test_decibans_are_rounded_at_print_only(folder: Path) -> None:
    # General Report on Tunny: printed -40 + 60 = 20; exactly 2^20 / 10^4.
    row = rows("decibans", folder, "message")["setting"]
    odds = Fraction(2**20, 10**4)
    assert float(odds) == 104.8576
    assert row["log_odds_db"] == pytest.approx(20.206, abs=5e-4)
    assert 10 ** (row["log_odds_db"] / 10) == pytest.approx(104.8576, rel=1e-12)
    assert row["face_value"] == pytest.approx(float(odds / (1 + odds)), rel=1e-12)
    assert row["face_value_db"] == pytest.approx(60.206, abs=5e-4)
    printed = CliRunner().invoke(
        main, ["update", str(STUDIES / "decibans"), "--face-value", "--quiet", "--out", str(folder / "printed")]
    )
    assert "+60.2" in printed.stdout
    assert "60.20" not in printed.stdout


@pytest.mark.parametrize(
    ("case", "printed"),
    [
        ("m5", {"third": "5.0", "sixth": "-5.1", "nearly-all": "-27.1"}),
        ("m10", {"third": "2.2", "sixth": "-22.1", "nearly-all": "-2.4"}),
        ("m12", {"third": "-7.1", "sixth": "-34.0", "nearly-all": "7.1"}),
        ("m20", {"third": "-45", "sixth": "-95", "nearly-all": "45"}),
    ],
)
def test_a_dead_hypothesis_revives(case: str, printed: dict[str, str], folder: Path) -> None:
    # Jaynes (2003), chapter 4: decibels of each hypothesis against all the rest.
    found = rows("three-hypotheses", folder, case)
    digits = {name: len(text.partition(".")[2]) for name, text in printed.items()}
    assert {name: f"{row['log_odds_db']:.{digits[name]}f}" for name, row in found.items()} == printed


def test_log_odds_against_the_rest_do_not_add_up(folder: Path) -> None:
    found = rows("three-hypotheses", folder, "m10")
    assert sum(row["log_odds_db"] for row in found.values()) == pytest.approx(-22.3, abs=0.1)
    # Probabilities do; log-odds against all the rest are no such thing.
    assert sum(row["face_value"] for row in found.values()) == pytest.approx(1.0, rel=1e-12)


def test_theories_that_overlap_are_not_added_up(folder: Path) -> None:
    # Rohlfing (2020): 6 of 10 and 6 of 10 are 7 of 10, not 12.
    (block,) = summary("overlapping-theories", folder)["cases"]
    cells = {row["hypothesis"]: row["face_value"] for row in block["hypotheses"]}
    assert cells == pytest.approx({"car+bike": 0.5, "car": 0.1, "bike": 0.1, "none": 0.3}, rel=1e-12)
    holding = {row["theory"]: row["face_value"] for row in block["theories"]}
    assert holding == pytest.approx({"car": 0.6, "bike": 0.6}, rel=1e-12)
    at_least = {row["number"]: row["face_value"] for row in block["at_least"]}
    assert at_least == pytest.approx({1: 0.7, 2: 0.5}, rel=1e-12)


def test_sixteen_to_one(folder: Path) -> None:
    assert rows("coherence", folder, "single")["holds"]["face_value"] == pytest.approx(16 / 17, rel=1e-14)


@pytest.mark.parametrize(
    ("case", "probability", "digits"),
    [("same-news", 0.9, 14), ("separate-news", 59049 / 59050, 14), ("half", 0.97496, 5)],
)
def test_copies_count_as_far_as_they_are_separate(case: str, probability: float, digits: int, folder: Path) -> None:
    row = rows("coherence", folder, case)["holds"]
    assert round(row["discounted"], digits) == pytest.approx(probability, rel=1e-13)
    assert row["face_value"] == pytest.approx(59049 / 59050, rel=1e-12), "plain face value counts every copy"


@pytest.mark.parametrize(
    ("first_true", "second_true", "cost"),
    [
        (["even"], ["even"], 1.0),
        (["for"], ["against"], 0.4150375),
        (["strong"], ["strong"], 1.6699250),
        (["against"], ["for"], 2.0),
    ],
)
def test_likelihood_ratios_cost_what_their_truth_makes_of_them(
    first_true: list[str], second_true: list[str], cost: float, folder: Path
) -> None:
    # The measure of Brümmer and du Preez (2006), in bits, of the ratios that the program takes from the files.
    decibels = [rows("cost-of-ratios", folder, case)["first"]["face_value_db"] for case in first_true + second_true]
    truth = [True] * len(first_true) + [False] * len(second_true)
    assert cllr(to_nats(decibels), truth) == pytest.approx(cost, abs=5e-8)


SCALES = {
    "scale-kass-raftery": [
        ("bare mention", "不值一提"),
        ("positive", "有利"),
        ("strong", "强"),
        ("very strong", "很强"),
    ],
    "scale-jeffreys": [
        ("bare mention", "不值一提"),
        ("substantial", "可观"),
        ("strong", "强"),
        ("very strong", "很强"),
        ("decisive", "决定性"),
    ],
    "scale-enfsi": [
        ("no support", "无支持"),
        ("weak", "弱"),
        ("moderate", "中等"),
        ("moderately strong", "中等偏强"),
        ("strong", "强"),
        ("very strong", "很强"),
        ("extremely strong", "极强"),
    ],
    "scale-fairfield-charman": [
        ("not noticeable", "不可察"),
        ("barely noticeable", "勉强可察"),
        ("moderate", "中等"),
        ("strong", "强"),
        ("very strong", "很强"),
    ],
}
EDGES: dict[str, list[float]] = {
    "scale-kass-raftery": [4.77, 13.01, 21.76],
    "scale-jeffreys": [5, 10, 15, 20],
    "scale-enfsi": [3.01, 10, 20, 30, 40, 60],
    "scale-fairfield-charman": [3, 10, 20, 30],
}


@pytest.mark.parametrize("name", SCALES)
def test_a_scale_has_its_published_edges(name: str) -> None:
    anchors = api.read_study(STUDIES / name).scale.anchors
    assert [round(anchor.db, 2) for anchor in anchors] == [0, *EDGES[name]]
    assert [(anchor.word("en"), anchor.word("zh")) for anchor in anchors] == SCALES[name]


@pytest.mark.parametrize("name", SCALES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_weights_just_below_and_at_each_edge_bear_the_right_word(name: str, lang: Lang) -> None:
    tree = api.update(api.read_study(STUDIES / name), api.Options(face_value=True))
    found = {case.id: [row.closest.word for row in case.rows] for case in read_content(tree, lang).cases}
    words = [pair[lang == "zh"] for pair in SCALES[name]]
    # Both rows: the word is of the size, whichever side the weight favours.
    expected = {f"below-{place}": [words[place - 1]] * 2 for place in range(1, len(words))}
    expected |= {f"at-{place}": [words[place]] * 2 for place in range(1, len(words))}
    assert found == expected


def test_an_edge_belongs_to_the_stronger_word() -> None:
    scale = api.read_study(STUDIES / "scale-enfsi").scale
    assert [scale.word(anchor.db, "en") for anchor in scale.anchors] == [en for en, _ in SCALES["scale-enfsi"]]
    assert scale.word(-10.0 + 2e-9, "en") == "weak", "the allowance for rounding is no more than that"
