"""Read the evidence: clusters with their ledgers, observations with what each coder said of them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from bayestrace.report.content.parts import Cluster, Observation, Stage, Statement, Status
from bayestrace.report.content.sought import Source
from bayestrace.report.content.tree import Tree, over
from bayestrace.report.content.values import Number, Phrase
from bayestrace.study import Coder, Coding, Evidence, Judgement, Text


def read_clusters(tree: Tree, case: str, leader: int, rival: int) -> tuple[Cluster, ...]:
    """Read the clusters of one case, in the order in which the study names their first observations.

    Parameters
    ----------
    tree
        The result.
    case
        Name of the case.
    leader, rival
        Positions of the case's most probable hypothesis and of its closest rival.
    """
    members: dict[int, list[Evidence]] = {}
    for item in tree.study.evidence:
        if item.case == case:
            members.setdefault(int(tree.at("problem", "cluster_of_evidence", evidence=item.id)), []).append(item)
    names = tree.labels("problem", "cluster")
    return tuple(_cluster(tree, names[label], items, leader, rival) for label, items in members.items())


def _alike(one: tuple[float, ...] | None, other: tuple[float, ...] | None) -> bool:
    """Say whether a stage of a ledger changed nothing, up to rounding."""
    if one is None or other is None:
        return False
    return all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in zip(one, other, strict=True))


def _cluster(tree: Tree, label: str, items: list[Evidence], leader: int, rival: int) -> Cluster:
    observations = tuple(read_observation(tree, item, leader, rival) for item in items)
    own = items[0].cluster
    name = tree.phrase(tree.study.clusters[own]) if own else observations[0].title
    ledger: tuple[Stage, ...] = ()
    size, weight, redundancy = 0, None, None
    # A cluster in which nothing weighs is not in the result.
    if tree.has("clusters") and label in tree.labels("clusters", "cluster"):
        size = int(tree.at("clusters", "size", cluster=label))
        stages = tree.labels("clusters", "stage")
        vectors = [tree.vector("clusters", "ledger_db", stage=stage, cluster=label) for stage in stages]
        if size and vectors[-1] is not None:
            weight = over(vectors[-1], leader, rival)
            ledger = tuple(
                Stage(stage, tree.against_rivals(vector))
                for place, (stage, vector) in enumerate(zip(stages, vectors, strict=True))
                if place in {0, len(stages) - 1} or not _alike(vector, vectors[place - 1])
            )
        if size > 1:
            redundancy = tree.number("problem", "redundancy_mean", cluster=label)
    return Cluster(
        id=label,
        name=name,
        alone=own is None,
        observations=observations,
        size=size,
        ledger=ledger,
        leader_over=weight,
        redundancy=redundancy,
    )


def read_observation(tree: Tree, item: Evidence, leader: int, rival: int) -> Observation:
    """Read one observation with all that the result says of it."""
    status = _status(tree, item.id)
    weighed = bool(tree.table("problem", "stated").pick({"evidence": item.id}).any())
    vector = tree.vector("face_value", "observation_db", evidence=item.id) if weighed else None
    left = tree.vector("observations", "left_out_db", evidence=item.id) if tree.has("observations") else None
    mechanism = tree.study.mechanism
    return Observation(
        id=item.id,
        place=tree.places.get(f"evidence:{item.id}", ""),
        title=tree.phrase(item.title),
        title_too=_too(tree, item.title),
        claim=tree.phrase(item.claim),
        claim_too=_too(tree, item.claim),
        step=tree.phrase(mechanism.steps[item.step].name),
        domain=tree.phrase(mechanism.domains[item.domain]) if item.domain else None,
        direction=item.direction,
        date=item.date or "",
        actors=tuple(tree.phrase(tree.study.actors[actor]) for actor in item.actors),
        source=Source(item.source, tree.study.sources[item.source]),
        source_type=item.source_type,
        reliability=tree.number("problem", "reliability", evidence=item.id),
        reliability_note=tree.optional(item.reliability_note),
        note=tree.optional(item.note),
        effect_of=item.effect_of,
        status=status,
        against=tree.against_rivals(vector),
        left_out=tree.against_rivals(left),
        leader_over=over(vector, leader, rival) if vector else None,
        leader_left_out=over(left, leader, rival) if left else None,
        statements=_statements(tree, item.id),
        spread=tree.known("coders", "spread_db", evidence=item.id),
        test=str(tree.at("tests", "kind", evidence=item.id)),
        p_if_focal=tree.known("tests", "p_if_focal", evidence=item.id),
        p_if_rival=tree.known("tests", "p_if_rival", evidence=item.id),
    )


def _too(tree: Tree, text: Text) -> Phrase | None:
    """Return a text in the language that the page is not in; None where the study has it in one language only."""
    if text.zh is None or text.zh == text.en:
        return None
    return Phrase(text.en, "en") if tree.lang == "zh" else Phrase(text.zh, "zh")


def _status(tree: Tree, name: str) -> Status:
    if bool(tree.at("problem", "weighs", evidence=name)):
        return "weighs"
    if bool(tree.at("problem", "context", evidence=name)):
        return "context"
    stated = bool(tree.table("problem", "stated").pick({"evidence": name}).any())
    # What somebody weighed and yet does not weigh is set aside, as probably not so (docs/inference.md 1).
    return "set-aside" if stated else "not-weighed"


def _statements(tree: Tree, evidence: str) -> tuple[Statement, ...]:
    codings = {coding.coder: coding for coding in tree.study.codings}
    included = tree.labels("problem", "coder")
    found = (_statement(tree, codings[name], evidence) for name in included)
    return tuple(statement for statement in found if statement)


def _statement(tree: Tree, coding: Coding, evidence: str) -> Statement | None:
    judgement = _judgements(coding).get(evidence)
    if judgement is None:
        return None
    rivals = [place for place in range(len(tree.hypotheses)) if place != tree.focal]
    coder = tree.study.coders.get(coding.coder)
    return Statement(
        coder=tree.phrase(coder.name) if coder else Phrase(coding.coder),
        against=tuple(
            _stated(judgement, tree.hypotheses[tree.focal], tree.hypotheses[place])
            or tree.known("coders", "focal_db", coder=coding.coder, evidence=evidence, hypothesis=place)
            for place in rivals
        ),
        p_if_focal=None if judgement.p_if_focal is None else Number(judgement.p_if_focal),
        rationale=_rationale(judgement, coder, tree),
        place=_place(tree, coding.coder, evidence),
    )


def _judgements(coding: Coding) -> Mapping[str, Judgement]:
    return {judgement.evidence: judgement for judgement in coding.judgements}


def _stated(judgement: Judgement, focal: str, rival: str) -> Number | None:
    """Return the weight as it stands in the coder's file, where this very comparison was made."""
    said = (item.best for item in judgement.weights if (item.hypothesis, item.against) == (focal, rival))
    return next(map(Number, said), None)


def _rationale(judgement: Judgement, coder: Coder | None, tree: Tree) -> Phrase | None:
    if not judgement.rationale:
        return None
    written = coder.language if coder else "en"
    return Phrase(judgement.rationale, None if written == tree.lang else written)


def _place(tree: Tree, coder: str, evidence: str) -> str:
    kinds = ("weights", "probabilities")
    return next((place for kind in kinds if (place := tree.places.get(f"{kind}:{coder}:{evidence}"))), "")
