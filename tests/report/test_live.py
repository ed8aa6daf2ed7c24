"""The data island of a live page: what goes in comes out, and what it says of the fit is what was published."""

from __future__ import annotations

import itertools
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lively import Floats, counted, face_value, fit, published
from lively_pools import allotted, pool_fit
from pages import decoded

from bayestrace.inference.pooling import table_of
from bayestrace.inference.signal import design_of
from bayestrace.joint import enumerable, joint_prior
from bayestrace.report import live
from bayestrace.sensitivity.priors.beliefs import Beliefs
from bayestrace.weights import normalise

WAYS: list[dict[str, Any]] = [
    {"cases": 2, "hypotheses": 3, "partial": 0.4},
    {"cases": 3, "hypotheses": 4, "missing": 0.3, "factors": 2, "doubtful": 1, "context": 1},
    {"cases": 4, "hypotheses": 2, "coders": 1, "ranges": False},
    {"cases": 3, "hypotheses": 3, "profile": {"kappa": 0.0}},
    {"cases": 3, "hypotheses": 3, "profile": {"prior": {"h0": 3.0, "h1": 0.0, "h2": 1.0}, "kappa": 0.7}},
    {"cases": 2, "hypotheses": 3, "profile": {"levels": {"own": 1.0}}},
]


#: All that pages carry: the engine, and what binds it to the page.
SCRIPTS = [path for name in ("script", "ui") for path in sorted((Path(live.__file__).parent / name).glob("*.js"))]


def numbers(text: live.Brief, dtype: str = "<f8") -> Floats:
    if isinstance(text, dict):
        return numbers(text["of"], dtype)[text["which"]]
    return np.array(text) if isinstance(text, list) else decoded(text, dtype)


@pytest.mark.parametrize("way", WAYS)
def test_log_a_is_that_of_beliefs_and_gives_the_published_answer(way: dict[str, Any]) -> None:
    made = fit(**way)
    beliefs = Beliefs(made.stored)
    island = live.island(made.tree)
    log_a = numbers(island["logA"])
    np.testing.assert_allclose(log_a, beliefs.log_update, rtol=0.0, atol=1e-10)
    z, probability = joint_prior(made.stored.problem)
    joint = probability * np.exp(log_a - log_a.max())
    joint /= joint.sum()
    hypotheses = made.stored.loglik.shape[-1]
    answer = np.array([[joint[column == k].sum() for k in range(hypotheses)] for column in z.T])
    wanted = published(made.tree, "cases", pooling="pooled", stat="mean")
    np.testing.assert_allclose(answer, wanted, rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("way", WAYS)
def test_the_prior_over_joint_explanations_is_that_of_the_fit(way: dict[str, Any]) -> None:
    problem = fit(draws=2, **way).stored.problem
    table = table_of(problem)
    held = dict(zip(map(tuple, table.z.tolist()), np.exp(table.log_p), strict=True))
    z, probability = joint_prior(problem)
    np.testing.assert_allclose(probability, [held.get(tuple(row), 0.0) for row in z.tolist()], rtol=1e-12)


def test_two_cases_of_one_pool_share_by_hand() -> None:
    """One pool of concentration 1 and three equally probable explanations: 1/3 (1/3 + 1)/2 that both are the first."""
    problem = fit(
        draws=2, cases=2, hypotheses=3, factors=0, profile={"levels": {"common": 1.0}, "kappa": 1.0}
    ).stored.problem
    _, probability = joint_prior(problem)
    assert probability[0] == pytest.approx(float(Fraction(1, 3) * Fraction(4, 3) / 2), abs=1e-15)
    assert probability[1] == pytest.approx(float(Fraction(1, 3) * Fraction(1, 3) / 2), abs=1e-15)


def test_what_was_stated_comes_back_to_the_last_bit() -> None:
    made = fit(cases=3, hypotheses=3, coders=3, partial=0.4, missing=0.2, doubtful=1, context=1)
    island = json.loads(json.dumps(live.island(made.tree)))
    design, evidence, cluster = design_of(made.stored.problem)
    problem = made.stored.problem
    assert island["evidence"] == [str(name) for name in problem["evidence"].values[evidence]]
    assert island["clusters"] == [str(name) for name in problem["cluster"].values[cluster]]
    assert island["observation"]["cluster"] == design.label.tolist()
    held = island["observation"]
    np.testing.assert_array_equal(numbers(held["weight"]), design.weight.reshape(-1))
    np.testing.assert_array_equal(numbers(held["statedVariance"]), design.stated_variance.reshape(-1))
    np.testing.assert_array_equal(held["missing"], np.flatnonzero(design.stated.reshape(-1) == 0.0))
    quality = numbers(held["reliability"])
    np.testing.assert_array_equal(
        [quality[inside].sum() / len(inside) for inside in design.members()], design.reliability
    )
    several = cluster[design.size > 1]
    for name in ("mean", "sd"):
        np.testing.assert_array_equal(numbers(island["cluster"][name]), problem[f"redundancy_{name}"].values[several])
    assert design.projector is not None
    size = design.projector.shape[-1]
    matrices = numbers(island["projectors"]).reshape(-1, size, size)
    spoke = design.stated.reshape(-1) > 0.0
    again = matrices[held["projector"]][spoke]
    np.testing.assert_allclose(again, design.projector.reshape(-1, size, size)[spoke], rtol=0.0, atol=1e-12)
    assert made.stored.theta is not None
    for name, of_fit in zip(live._THETA, made.stored.theta, strict=True):  # noqa: SLF001 - the names' two spellings
        values = numbers(island["theta"][name], "<f4").reshape(of_fit.shape[0], -1)
        # Where coders have a number each, that of the reviewer comes last.
        own = np.reshape(of_fit, (of_fit.shape[0], -1))
        np.testing.assert_array_equal(values[:, : own.shape[1]], own)
        assert (values.shape[1] > own.shape[1]) == (name in {"scale", "noise", "bias"})


def test_draws_are_thinned_evenly_and_a_holds_all_of_them() -> None:
    made = fit(draws=60)
    few = live.island(made.tree, draws=20)
    np.testing.assert_array_equal(numbers(few["theta"]["logV"], "<f4"), made.stored.thinned(20).theta.log_v)  # type: ignore[union-attr]
    assert few["logA"] == live.island(made.tree)["logA"]


def test_face_value_has_only_what_needs_no_draws() -> None:
    made = face_value(cases=2, hypotheses=3, doubtful=1)
    island = live.island(made.tree)
    assert (island["theta"], island["observation"], island["cluster"]) == (None, None, None)
    problem = made.stored.problem
    z = np.array(list(itertools.product(range(3), repeat=2)))
    said = counted(problem)[0]
    log_a = numbers(island["logA"])
    of_z = said[0, z[:, 0]] + said[1, z[:, 1]]
    np.testing.assert_allclose(log_a - log_a[0], of_z - of_z[0], atol=1e-12)
    _, probability = joint_prior(problem)
    joint = normalise(np.log(probability) + log_a)
    wanted = published(made.tree, "face_value", pooled="pooled", doubtful="counted")
    np.testing.assert_allclose([joint[z[:, 0] == k].sum() for k in range(3)], wanted[0], rtol=0.0, atol=1e-12)


def test_too_many_joint_explanations_are_left_out() -> None:
    problem = fit(draws=2, cases=2, hypotheses=3).stored.problem
    assert enumerable(problem)
    many = fit(draws=2, cases=40, hypotheses=6, clusters=(), singles=1)
    assert (live.island(many.tree)["logA"], live.island(many.tree)["allotted"]) == (None, None)


def test_draws_of_levels_take_their_place() -> None:
    made = pool_fit(draws=60, cases=10, hypotheses=3, clusters=(), singles=1)
    island = live.island(made.tree, draws=20)
    assert island["logA"] is None
    held = island["allotted"]
    np.testing.assert_array_equal(decoded(held["level"], "u1").reshape(20, 10), allotted(made, 20))
    wanted = published(made.tree, "cases", pooling="pooled", stat="mean")
    np.testing.assert_array_equal(decoded(held["probability"], "<f8").reshape(10, 3), wanted)
    joint = made.tree["joint"].to_dataset()
    np.testing.assert_array_equal(
        decoded(held["same"], "<f8"), joint["same"].sel(moment="posterior").values.reshape(-1)
    )
    np.testing.assert_array_equal(decoded(held["count"], "<f8"), joint["count"].values.reshape(-1))
    assert live.island(made.tree, draws=20) == island, "the levels are drawn from the seed of the result"


def test_no_text_of_a_study_ends_the_element_that_holds_it() -> None:
    island = live.island(fit(draws=2).tree) | {"cases": ["</script><script>alert(1)</script>", "<!--", "案例\u2028"]}
    text = live.embedded(island)
    assert "<" not in text
    assert json.loads(text) == island


def test_the_script_is_one_strict_text_without_a_way_out() -> None:
    text = live.script()
    assert text.startswith('const live = (() => {\n"use strict";\n')
    for forbidden in ("</script", "<!--", "eval(", "Function(", "import ", "import(", "fetch(", "XMLHttp", "innerHTML"):
        assert forbidden not in text
    held = {path.name for path in live._SCRIPT.iterdir()}  # noqa: SLF001 - the folder itself
    assert held == set(live.FILES)


def test_numbers_are_written_the_shorter_way_and_come_back_to_the_last_bit() -> None:
    short, long = np.array([0.5, 0.1, 0.0]), np.array([1.0 / 3.0, 2.0 / 7.0])
    assert live.brief(short) == [0.5, 0.1, 0.0]
    assert live.brief(long) == live.encoded(long)
    some = np.repeat(long, 4)[[3, 7, 0, 1, 2, 4, 6, 5]]
    assert live.brief(some) == {"of": live.brief(np.sort(long)), "which": [1, 0, 1, 1, 1, 0, 0, 0]}
    for values in (short, long, some):
        np.testing.assert_array_equal(numbers(json.loads(json.dumps(live.brief(values)))), values)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_loses_comments_and_spaces_alone(path: Path) -> None:
    """What is left once every space is gone is the same, and no line that had code is joined to another."""
    text = path.read_text(encoding="utf-8")
    left = live.bare(text)
    lines = [re.sub(r"\s+// .*$", "", line).strip() for line in text.splitlines()]
    code = [line for line in lines if line and not re.match(r"(//|/\*|\*( |/|$))", line)]
    assert [re.sub(r"\s", "", line) for line in left.splitlines()] == [re.sub(r"\s", "", line) for line in code]
    assert len(left) < len(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("const a = 1; // one\nb();", "const a=1;\nb();"),
        ("/** What\n * it is. */\n  a();\n\n\n  b();\n", "a();\nb();"),
        ("a - -b + +c - - -d", "a- -b+ +c- - -d"),
        ("return x in y", "return x in y"),
        ("a /* b */ c", "a c"),
        ("a / b / c; // d", "a/b/c;"),
        ("say(\"a  // b\", 'c  /* d */')", "say(\"a  // b\",'c  /* d */')"),
        ('say("a \\" // b")', 'say("a \\" // b")'),
        ("`a  ${b + c}  // d` + `${e}`", "`a  ${b + c}  // d`+`${e}`"),
        ("`{${a.map((b) => `${b}  : c`).join(',  ')}}` + d", "`{${a.map((b) => `${b}  : c`).join(',  ')}}`+d"),
        ('a.replace(/ " [/ ]/g, b) // c', 'a.replace(/ " [/ ]/g,b)'),
        ("const { a, b } = c ?? { ...d };", "const{a,b}=c??{...d};"),
    ],
)
def test_what_is_left_of_a_script(text: str, left: str) -> None:
    assert live.bare(text) == left


def test_the_engine_is_no_great_part_of_a_page() -> None:
    # A third of that once packed, of a page that is to stay below a million bytes.
    assert len(live.script().encode()) < 67_000
