"""What the content takes out of a tree."""

from __future__ import annotations

import json

import pytest
import xarray as xr
from trees import change, small_tree

from bayestrace.report.content import read_content
from bayestrace.report.content.mechanism import agreement
from bayestrace.report.content.values import Number


@pytest.mark.parametrize(
    ("predicted", "up", "down", "none", "expected"),
    [
        ("up", 3, 1, 9, "as-predicted"),
        ("down", 3, 1, 9, "against"),
        ("up", 2, 2, 0, "split"),
        ("up", 0, 0, 2, "silent"),
        ("none", 0, 0, 2, "as-predicted"),
        ("none", 2, 0, 1, "against"),
        ("", 2, 0, 1, "no-prediction"),
        ("up", 0, 0, 0, "no-evidence"),
        ("", 0, 0, 0, "no-evidence"),
    ],
)
def test_observed_directions_are_held_against_the_prediction(
    predicted: str, up: int, down: int, none: int, expected: str
) -> None:
    counts = {"up": Number(up), "down": Number(down), "none": Number(none)}
    assert agreement(predicted, counts) == expected


@pytest.mark.parametrize("kind", ["model", "face-value"])
def test_the_leader_is_the_most_probable_and_its_rival_is_the_trees(kind: str) -> None:
    tree = small_tree(kind)
    report = read_content(tree, "en")
    for case in report.cases:
        best = max(row.probability.value for row in case.rows)
        assert case.top.probability.value == best
        told = tree["cases" if kind == "model" else "face_value"].to_dataset()["closest"]
        told = told if kind == "model" else told.sel(doubtful="counted")
        told = told.sel(case=case.id, hypothesis=case.top.hypothesis.id)
        assert report.hypotheses[case.rival].id == str(told.item())


def test_weights_are_of_the_focal_explanation_over_each_rival() -> None:
    tree = small_tree()
    report = read_content(tree, "en")
    first = report.cases[0].clusters[0].observations[0]
    vector = tree["face_value"]["observation_db"].sel(evidence="one-buys")
    expected = [
        float(vector.sel(hypothesis="stakes") - vector.sel(hypothesis=name)) for name in ("bargaining", "threat")
    ]
    assert [number.value for number in first.against] == pytest.approx(expected)
    assert [rival.id for rival in report.rivals] == ["bargaining", "threat"]
    assert first.against[0].parts == (
        float(vector.sel(hypothesis="stakes")),
        float(vector.sel(hypothesis="bargaining")),
    )


def test_which_hypothesis_is_focal_decides_no_leader() -> None:
    tree = small_tree()
    before = read_content(tree, "en")
    tree.attrs["focal"] = "threat"
    after = read_content(tree, "en")
    assert [(case.leader, case.rival, case.total) for case in before.cases] == [
        (case.leader, case.rival, case.total) for case in after.cases
    ]
    assert [cluster.leader_over for case in before.cases for cluster in case.clusters] == [
        cluster.leader_over for case in after.cases for cluster in case.clusters
    ]


def test_every_observation_is_there_once_and_has_its_status() -> None:
    report = read_content(small_tree(), "en")
    found = {one.id: one for case in report.cases for cluster in case.clusters for one in cluster.observations}
    assert {name: one.status for name, one in found.items()} == {
        "one-buys": "weighs",
        "one-says": "weighs",
        "one-context": "context",
        "two-pays": "weighs",
        "three-doubt": "set-aside",
    }
    assert found["one-context"].against == ()
    assert found["three-doubt"].left_out == ()
    assert found["one-buys"].place == "evidence/one.yaml:12"


def test_clusters_join_what_belongs_together() -> None:
    clusters = read_content(small_tree(), "en").cases[0].clusters
    assert [(cluster.name.text, len(cluster.observations), cluster.alone) for cluster in clusters] == [
        ("The purchase", 2, False),
        ("Title of one-context", 1, True),
    ]
    assert [stage.name for stage in clusters[0].ledger] == [
        "face-value",
        "noise",
        "redundancy",
        "selection",
        "reliability",
    ]
    assert clusters[1].ledger == ()
    assert clusters[1].leader_over is None


def test_a_cluster_that_is_not_in_the_result_weighs_nothing() -> None:
    tree = small_tree()
    kept = [name for name in tree["clusters"].to_dataset()["cluster"].values if name != "three-doubt"]
    tree["clusters"] = xr.DataTree(tree["clusters"].to_dataset().sel(cluster=kept))
    (cluster,) = read_content(tree, "en").cases[2].clusters
    assert (cluster.size, cluster.ledger, cluster.leader_over) == (0, (), None)


def test_steps_keep_the_order_of_the_tree_not_of_the_sorted_study() -> None:
    tree = small_tree()
    assert list(json.loads(tree.attrs["study"])["mechanism"]["steps"]) == ["middle", "outcome", "premise"]
    report = read_content(tree, "en")
    assert [step.id for step in report.mechanism.cases[0].steps] == ["premise", "middle", "outcome"]
    assert report.mechanism.arrows == ((0, 1), (1, 2))


def test_face_value_has_nothing_of_the_model() -> None:
    report = read_content(small_tree("face-value"), "en")
    assert report.pooling is None
    assert report.diagnostics is None
    assert all(row.pooled is None and row.closest.spread is None for case in report.cases for row in case.rows)
    assert all(coder.scale is None and coder.leaning == () for coder in report.coders)


def test_the_most_disputed_come_first() -> None:
    tree = small_tree()
    change(tree, "coders", "spread_db", [1.5, 4.5, 9.0, 3.0, float("nan")])
    assert [one.id for one in read_content(tree, "en").disputed] == ["one-says", "two-pays", "one-buys"]


def test_how_far_each_coder_is_from_the_others_is_the_trees() -> None:
    tree = small_tree()
    node = tree["coders"]
    assert isinstance(node, xr.DataTree)
    coders = node.to_dataset()
    change(tree, "coders", "apart_db", 4.25, coder=coders["coder"].values[0])
    told = [coder.apart for coder in read_content(tree, "en").coders]
    assert told[0] == Number(4.25)
    assert [one.value for one in told[1:] if one] == coders["apart_db"].values[1:].tolist()
    change(tree, "coders", "apart_db", [float("nan")] * coders.sizes["coder"])
    assert [coder.apart for coder in read_content(tree, "en").coders] == [None] * coders.sizes["coder"]


def test_what_is_replicated_by_step_is_the_trees() -> None:
    tree = small_tree()
    where = {"step_statistic": "drift", "step": "premise", "coder": "critic"}
    change(tree, "replicates", "step_observed", -0.625, **where)
    change(tree, "replicates", "step_p_value", 0.9375, **where)
    found = read_content(tree, "en").replicates
    assert found is not None
    assert [name for name, _ in found.steps] == ["spread", "drift", "contrary"]
    assert {len(step.checks) for _, steps in found.steps for step in steps} == {len(found.coders)}
    named = {step.name.text: step for step in dict(found.steps)["drift"]}
    check = named["Premise"].checks[[coder.text for coder in found.coders].index("Critic")]
    assert check is not None
    assert (check.coder.text, check.observed, check.p_value) == ("Critic", Number(-0.625), Number(0.9375))
    assert [steps[-1].checks[-1] for _, steps in found.steps] == [None] * 3


def test_steps_of_an_earlier_layout_are_left_out() -> None:
    tree = small_tree()
    node = tree["replicates"]
    assert isinstance(node, xr.DataTree)
    node.dataset = node.to_dataset().sel(step_statistic="spread", drop=True)
    found = read_content(tree, "en").replicates
    assert found is not None
    assert found.steps == ()
    assert len(found.statistics) == 4


def test_a_report_cannot_be_changed() -> None:
    report = read_content(small_tree(), "en")
    with pytest.raises(AttributeError):
        report.lang = "zh"  # type: ignore[misc]
