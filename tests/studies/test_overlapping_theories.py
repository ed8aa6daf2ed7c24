"""Theories that may hold together: their cells, what joint cells expect of the evidence, and sums over cells."""

from __future__ import annotations

import itertools
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from study_factory import make_profile, make_study

from bayestrace import api
from bayestrace.cli import main
from bayestrace.encoding import encode
from bayestrace.inference import answer
from bayestrace.inference import theories as margins
from bayestrace.results import STATS
from bayestrace.study import Study
from bayestrace.theories import cells, fill, holding, implied, joint_cells, noisy_or
from bayestrace.weights import NATS_PER_DB, to_decibels

NAMES = ("a", "b", "c", "d", "e")
EXAMPLE = Path(__file__).parent / "overlapping-theories"
PROPERTY = settings(deadline=None, derandomize=True, database=None, max_examples=60)


@st.composite
def nestings(draw: st.DrawFn) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """Draw theories and a nesting without circle, narrow before broad in a hidden order."""
    names = NAMES[: draw(st.integers(2, 5))]
    order = draw(st.permutations(names))
    pairs = list(itertools.combinations(order, 2))
    return names, draw(st.lists(st.sampled_from(pairs), max_size=4, unique=True))


@PROPERTY
@given(nestings())
def test_cells_are_the_combinations_that_nesting_allows(drawn: tuple[tuple[str, ...], list[tuple[str, str]]]) -> None:
    names, nested = drawn
    allowed = set()
    for bits in range(2 ** len(names)):
        chosen = [name for place, name in enumerate(names) if bits >> place & 1]
        if all(broad in chosen for narrow, broad in nested if narrow in chosen):
            allowed.add("+".join(chosen) or "none")
    found = cells(names, nested)
    assert len(found) == len(set(found))
    assert set(found) == allowed
    assert found[-1] == "none"


@PROPERTY
@given(nestings())
def test_a_joint_cell_is_made_of_theories_that_do_not_imply_each_other(
    drawn: tuple[tuple[str, ...], list[tuple[str, str]]],
) -> None:
    names, nested = drawn
    above = implied(names, nested)
    joint = joint_cells(names, nested)
    own = {"+".join(each for each in names if each == name or each in above[name]): name for name in names}
    assert set(joint) | set(own) | {"none"} == set(cells(names, nested))
    assert not set(joint) & set(own)
    for cell, parts in joint.items():
        narrow = [own[part] for part in parts]
        assert not any(one in above[other] for one, other in itertools.permutations(narrow, 2))
        assert {each for part in parts for each in holding(part)} == {*holding(cell)}


def test_cells_stand_in_the_declared_order() -> None:
    assert cells(["car", "bike"]) == ["car+bike", "car", "bike", "none"]
    assert cells(["broad", "narrow"], [("narrow", "broad")]) == ["broad+narrow", "broad", "none"]
    assert len(cells(NAMES)) == 32


@PROPERTY
@given(st.fractions(0, 1, max_denominator=20), st.lists(st.fractions(0, 1, max_denominator=20), min_size=2, max_size=4))
def test_a_noisy_or_counts_the_ways_in_which_evidence_comes_about(leak: Fraction, powers: list[Fraction]) -> None:
    # Every cause works or fails by itself; each theory's own P(E) counts the leak and its own power.
    causes = [leak, *powers]
    comes = Fraction(0)
    for working in itertools.product((True, False), repeat=len(causes)):
        weight = math.prod((p if works else 1 - p for p, works in zip(causes, working, strict=True)), start=Fraction(1))
        comes += weight if any(working) else 0
    stated = [float(leak + (1 - leak) * power) for power in powers]
    assert noisy_or(stated, float(leak)) == pytest.approx(float(comes), abs=1e-14)


def test_a_noisy_or_of_tiny_chances_is_not_nothing() -> None:
    assert noisy_or([1e-30, 2e-30], 1e-30) == pytest.approx(2e-30, rel=1e-9)
    assert noisy_or([1.0, 1.0], 1.0) == 1.0


def test_rules_make_up_only_what_was_left_out_and_can_be_made() -> None:
    joint = joint_cells(["a", "b", "c"])
    stated = {"a": 0.2, "b": 0.6, "a+b": 0.1, "none": 0.1}
    assert fill(stated, joint, "stated") == {}
    assert fill({**stated, "c": 0.3}, joint, "strongest") == {"a+b+c": 0.6, "a+c": 0.3, "b+c": 0.6}
    assert fill(stated, joint, "strongest") == {}
    assert fill({"a": 0.2, "b": 0.6}, joint, "noisy-or") == {}


def overlapping(
    rule: str, *, names: tuple[str, ...] = ("a", "b"), nested: tuple[tuple[str, str], ...] = (), **said: Any
) -> Study:
    """One case and one observation, of which one coder says this."""
    study = make_study(cases=1, coders=1, clusters=(), singles=1).model_dump()
    every = tuple(cells(names, nested))
    study |= {
        "theories": {name: {"name": name} for name in names},
        "nested": nested,
        "joint_likelihood": rule,
        "hypotheses": {cell: {"name": cell} for cell in every},
        "sets": {"all": {"hypotheses": every}},
        "focal": every[-2],
        "codings": ({"coder": "coder0", "judgements": ({"evidence": "c0e0", **said},)},),
    }
    return Study.model_validate(study)


def vector(study: Study) -> dict[str, float]:
    """Decibels of every cell over `none`."""
    problem = encode(study, make_profile())
    centred = to_decibels(problem["weight"].values[0, 0] @ problem["helmert"].values)
    names = [str(name) for name in problem["hypothesis"].values]
    return {name: value - centred[-1] for name, value in zip(names, centred, strict=True)}


def weights(*stated: tuple[str, str, float]) -> tuple[dict[str, Any], ...]:
    return tuple({"hypothesis": one, "against": other, "best": best} for one, other, best in stated)


def probabilities(stated: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    ranged = {cell: said if isinstance(said, tuple) else (None, said, None) for cell, said in stated.items()}
    return tuple(
        {"hypothesis": cell, "low": low, "best": best, "high": high} for cell, (low, best, high) in ranged.items()
    )


@pytest.mark.parametrize(
    "stated",
    [
        (("a", "none", 4.0), ("b", "none", -2.0)),
        (("a", "b", 6.0), ("none", "b", 2.0)),
        (("none", "a", -4.0), ("a", "b", 6.0)),
    ],
)
def test_the_strongest_theory_speaks_for_a_joint_cell_however_it_was_compared(
    stated: tuple[tuple[str, str, float], ...],
) -> None:
    found = vector(overlapping("strongest", weights=weights(*stated)))
    assert found == pytest.approx({"a+b": 4.0, "a": 4.0, "b": -2.0, "none": 0.0}, abs=1e-12)


def test_a_joint_cell_that_was_stated_is_left_as_it_is() -> None:
    found = vector(overlapping("strongest", weights=weights(("a", "none", 4), ("b", "none", -2), ("a+b", "none", 9))))
    assert found["a+b"] == pytest.approx(9.0)


def test_nothing_is_made_up_unless_the_study_says_how() -> None:
    said = weights(("a", "none", 4.0), ("b", "none", -2.0))
    left, made = (encode(overlapping(rule, weights=said), make_profile()) for rule in ("stated", "strongest"))
    assert np.trace(left["projector"].values[0, 0]) == pytest.approx(2.0), "one contrast is missing"
    assert np.trace(made["projector"].values[0, 0]) == pytest.approx(3.0)


def test_weights_are_no_probabilities_so_a_noisy_or_makes_nothing_of_them() -> None:
    said = weights(("a", "none", 3.0), ("b", "none", 5.0))
    noisy, plain = (encode(overlapping(rule, weights=said), make_profile()) for rule in ("noisy-or", "stated"))
    for name in ("weight", "projector"):
        np.testing.assert_array_equal(noisy[name], plain[name])
    # Three cells were compared, a+b was not.
    assert np.trace(noisy["projector"].values[0, 0]) == pytest.approx(2.0)


def test_theories_compared_apart_cannot_be_joined() -> None:
    study = overlapping("strongest", names=("a", "b", "c"), weights=weights(("a", "none", 4.0), ("b", "c", -2.0)))
    # b+c can be made of what was compared, a+b and a+c cannot: one contrast in the one tree, two in the other.
    assert np.trace(encode(study, make_profile())["projector"].values[0, 0]) == pytest.approx(1.0 + 2.0)


def test_the_narrower_theory_speaks_for_both() -> None:
    said = {"a": 0.9, "a+b": 0.2, "c": 0.4, "none": 0.1}
    names, nested = ("a", "b", "c"), (("b", "a"),)
    study = overlapping("strongest", names=names, nested=nested, probabilities=probabilities(said))
    # Where b holds, a's own 0.9 is of no use: it was stated for a without b.
    expected = {"a+b+c": 0.4, "a+b": 0.2, "a+c": 0.9, "a": 0.9, "c": 0.4, "none": 0.1}
    ratios = {cell: 10.0 * math.log10(value / 0.1) for cell, value in expected.items()}
    assert vector(study) == pytest.approx(ratios, abs=1e-10)


def test_a_noisy_or_in_the_arrays() -> None:
    study = overlapping("noisy-or", probabilities=probabilities({"a": 0.6, "b": 0.7, "none": 0.2}))
    joint = 1 - Fraction(4, 10) * Fraction(3, 10) / Fraction(8, 10)
    assert float(joint) == 0.85
    assert vector(study)["a+b"] == pytest.approx(10.0 * math.log10(0.85 / 0.2), abs=1e-10)


def test_the_ends_of_ranges_follow_the_rule_too() -> None:
    said = probabilities({"a": (0.3, 0.6, 0.9), "b": (0.5, 0.7, 0.8), "none": (0.1, 0.2, 0.3)})
    study = overlapping("strongest", probabilities=said)
    spans = [math.log(0.9 / 0.3), math.log(0.8 / 0.5), math.log(0.3 / 0.1), math.log(0.9 / 0.5)]
    found = float(encode(study, make_profile())["stated_variance"].values[0, 0])
    assert found == pytest.approx(np.mean(np.square(spans)) / 3.29**2, rel=1e-12)


def test_a_joint_range_holds_its_best_guess_whatever_the_others_are() -> None:
    # At its high end the cell none is likelier than the theories' best guesses.
    said = probabilities({"a": (0.5, 0.5, 0.6), "b": 0.5, "none": (0.01, 0.3, 0.95)})
    encoded = encode(overlapping("noisy-or", probabilities=said), make_profile())
    best = 1 - 0.5 * 0.5 / 0.7
    spans = [math.log(0.6 / 0.5), math.log(0.95 / 0.01), math.log(0.95 / min(best, 1 - 0.25 / 0.99))]
    assert float(encoded["stated_variance"].values[0, 0]) == pytest.approx(np.mean(np.square(spans)) / 3.29**2)


def test_a_weight_of_a_joint_cell_takes_no_range_of_its_own() -> None:
    ends = {"low": -3.29, "high": 3.29}
    said = tuple({"hypothesis": name, "against": "none", "best": 0.0, **ends} for name in ("a", "b"))
    found = float(encode(overlapping("strongest", weights=said), make_profile())["stated_variance"].values[0, 0])
    assert found == pytest.approx(0.5 * (2.0 * NATS_PER_DB) ** 2, rel=1e-12)


def test_the_study_in_a_result_keeps_the_order_of_its_theories() -> None:
    study = overlapping("strongest", names=("z", "a"), weights=weights(("z", "none", 1.0)))
    again = Study.model_validate_json(study.canonical())
    assert list(again.theories) == ["a", "z"]
    assert again.joint_cells() == study.joint_cells() == {"z+a": ("z", "a")}
    assert make_study().joint_cells() == {}


def drawn(draws: int, *, names: tuple[str, ...] = ("a", "b", "c"), seed: int = 1) -> tuple[xr.Dataset, np.ndarray]:
    """A problem of overlapping theories and probabilities of its cells by draw."""
    study = overlapping("stated", names=names, weights=weights(("a", "none", 3.0)))
    problem = encode(study, make_profile())
    rng = np.random.default_rng(seed)
    return problem, rng.dirichlet(np.ones(problem.sizes["hypothesis"]), (draws, 1))


def test_a_theory_is_as_probable_as_its_cells_together_draw_by_draw() -> None:
    problem, pooled = drawn(50)
    _, unpooled = drawn(50, seed=2)
    found = margins.of_draws(problem, unpooled, pooled)
    order = [str(name) for name in problem["hypothesis"].values]
    for theory in ("a", "b", "c"):
        sums = sorted(sum(row[0][place] for place, cell in enumerate(order) if theory in cell) for row in pooled)
        told = found["probability"].sel(pooling="pooled", theory=theory).isel(case=0)
        assert float(told.sel(stat="mean")) == pytest.approx(sum(sums) / 50, rel=1e-12)
        # An exact reading of the definition: linear between neighbouring draws.
        assert float(told.sel(stat="q50")) == pytest.approx((sums[24] + sums[25]) / 2, rel=1e-12)
        assert float(told.sel(stat="q03")) == pytest.approx(sums[1] + 0.47 * (sums[2] - sums[1]), rel=1e-9)
    counts = {cell: 0 if cell == "none" else cell.count("+") + 1 for cell in order}
    for number in (1, 2, 3):
        mean = np.mean(
            [sum(row[0][place] for place, cell in enumerate(order) if counts[cell] >= number) for row in unpooled]
        )
        told = found["at_least"].sel(pooling="unpooled", number=number, stat="mean")
        assert float(told.isel(case=0)) == pytest.approx(mean, rel=1e-12)
    assert list(found["stat"].values) == list(STATS)


def test_margins_of_a_set_without_joint_cells_exclude_each_other() -> None:
    study = overlapping("stated", weights=weights(("a", "none", 3.0), ("b", "none", 1.0)))
    chosen = study.model_copy(
        update={"sets": {"all": study.sets["all"].model_copy(update={"hypotheses": ("a", "b", "none")})}}
    )
    problem = encode(chosen, make_profile())
    assert problem["holds"].values.tolist() == [[True, False], [False, True], [False, False]]
    face = answer.face_value(problem)
    told = margins.of_face_value(problem, face)
    cell = face["probability"].sel(pooled="case-by-case", doubtful="counted", case="c0")
    np.testing.assert_allclose(told["face_value"].sel(case="c0"), cell[:2], rtol=1e-12)
    np.testing.assert_allclose(told["face_value_at_least"].sel(case="c0"), [1.0 - float(cell[2]), 0.0], rtol=1e-12)
    np.testing.assert_allclose(told["prior"], [1 / 3, 1 / 3], rtol=1e-12)


def test_the_example_prints_two_tables_and_no_total(tmp_path: Path) -> None:
    arguments = ["update", str(EXAMPLE), "--face-value", "--quiet", "--out", str(tmp_path / "out")]
    for lang, warning, both in (("en", "do not add up to 100 %", "both together"), ("zh", "不可相加", "两种均成立")):
        said = CliRunner().invoke(main, [*arguments, "--lang", lang]).stdout
        assert warning in said
        assert both in said
        assert not {"1.2", "120", "1.200"} & set(said.replace("%", " ").split())
        assert not any(word in said.casefold() for word in ("total", "sum of", "合计", "总计"))
    printed = CliRunner().invoke(main, [*arguments, "--json"]).stdout
    assert json.loads(printed)["cases"][0]["at_least"] == [
        {"number": 1, "prior": pytest.approx(0.7), "face_value": pytest.approx(0.7)},
        {"number": 2, "prior": pytest.approx(0.5), "face_value": pytest.approx(0.5)},
    ]


def test_a_prior_of_overlapping_shares_is_refused_in_words(tmp_path: Path) -> None:
    for name, content in api.input_files(EXAMPLE).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "priors/reference.yaml").write_text("name: x\nwhy: y\nprior: {car: 0.6, bike: 0.6}\n", encoding="utf-8")
    for lang, said in (("en", "60 % and 60 % would make 120 %"), ("zh", "60% 加 60% 会成为 120%")):
        result = CliRunner().invoke(main, ["update", str(tmp_path), "--face-value", "--lang", lang])
        assert result.exit_code == 3
        assert said in result.stderr
        assert "priors/reference.yaml:3:1: prior: " in result.stderr


def test_five_theories_in_three_cases_end_in_a_report(tmp_path: Path) -> None:
    study = overlapping("strongest", names=NAMES, weights=weights(*((name, "none", 2.0) for name in NAMES)))
    case, observation = study.cases["c0"], study.evidence[0]
    study = study.model_copy(
        update={
            "cases": {f"c{place}": case for place in range(3)},
            "evidence": tuple(
                observation.model_copy(update={"case": f"c{place}", "id": f"c{place}e0"}) for place in range(3)
            ),
            "profiles": {"reference": make_profile().model_copy(update={"id": "reference"})},
        }
    )
    tree = api.update(study, api.Options(face_value=True))
    assert tree["theories"]["face_value"].shape == (3, 5)
    api.write_result(tree, tmp_path / "out", {}, "en")
    assert "all 5 together" in (tmp_path / "out/report.html").read_text(encoding="utf-8")


@pytest.mark.long
def test_a_fit_gives_intervals_to_theories_and_to_their_numbers() -> None:
    made = make_study(cases=2, coders=2, clusters=(2,), singles=2, hypotheses=4)
    renamed = dict(zip(("h0", "h1", "h2", "h3"), ("a+b", "a", "b", "none"), strict=True))
    study = json.loads(made.model_dump_json())
    text = json.dumps(study)
    for old, new in renamed.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    study = json.loads(text) | {
        "theories": {"a": {"name": "A"}, "b": {"name": "B"}},
        "profiles": {"reference": json.loads(make_profile().model_dump_json()) | {"id": "reference"}},
    }
    tree = api.update(Study.model_validate_json(json.dumps(study)), api.Options(draws=200, chains=2))
    assert tree.attrs["kind"] == "model"
    of_cells = tree["cases"]["probability"].sel(stat="mean")
    told = tree["theories"]["probability"]
    for theory in ("a", "b"):
        expected = of_cells.sel(hypothesis=["a+b", theory]).sum("hypothesis")
        np.testing.assert_allclose(told.sel(theory=theory, stat="mean"), expected, rtol=1e-10)
    assert bool((told.sel(stat="q03") <= told.sel(stat="q97")).all())
    row = api.summary_of(tree)["cases"][0]["theories"][0]
    assert list(row) == ["theory", "prior", "face_value", "unpooled", "pooled", "pooled_94"]
