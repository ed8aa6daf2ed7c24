"""One study said in other ways: none may change an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bayestrace.study import Judgement, StatedProbability, StatedWeight, Study


def with_judgements(study: Study, change: object) -> Study:
    """Return the study with every judgement changed by a function."""
    assert callable(change)
    codings = tuple(
        coding.model_copy(update={"judgements": tuple(change(judgement) for judgement in coding.judgements)})
        for coding in study.codings
    )
    return study.model_copy(update={"codings": codings})


def reordered_evidence(study: Study, order: Sequence[int]) -> Study:
    """Put the observations, and each coder's judgements, in another order."""
    evidence = tuple(study.evidence[place] for place in order)
    codings = tuple(
        coding.model_copy(update={"judgements": tuple(reversed(coding.judgements))}) for coding in study.codings
    )
    return study.model_copy(update={"evidence": evidence, "codings": codings})


def reordered_hypotheses(study: Study, names: Sequence[str]) -> Study:
    chosen = study.sets["all"].model_copy(update={"hypotheses": tuple(names)})
    hypotheses = {name: study.hypotheses[name] for name in names}
    return study.model_copy(update={"sets": {"all": chosen}, "hypotheses": hypotheses})


def reordered_cases(study: Study, names: Sequence[str]) -> Study:
    return study.model_copy(update={"cases": {name: study.cases[name] for name in names}})


def reordered_coders(study: Study) -> Study:
    return study.model_copy(update={"codings": tuple(reversed(study.codings))})


def renamed(study: Study, names: Mapping[str, str]) -> Study:
    """Give the hypotheses other names."""

    def change(judgement: Judgement) -> Judgement:
        weights = tuple(
            item.model_copy(update={"hypothesis": names[item.hypothesis], "against": names[item.against]})
            for item in judgement.weights
        )
        return judgement.model_copy(update={"weights": weights})

    chosen = study.sets["all"].model_copy(update={"hypotheses": tuple(names[n] for n in study.sets["all"].hypotheses)})
    return with_judgements(study, change).model_copy(
        update={
            "sets": {"all": chosen},
            "hypotheses": {names[name]: value for name, value in study.hypotheses.items()},
            "focal": names[study.focal],
        }
    )


def rooted_at(study: Study, root: str) -> Study:
    """Write every coder's tree of comparisons, a star, from another hypothesis, with ranges as wide on the average."""

    def change(judgement: Judgement) -> Judgement:
        best = {item.against: -item.best for item in judgement.weights} | {study.focal: 0.0}
        if root not in best:
            return judgement
        spans = [
            (item.high - item.low) if item.high is not None and item.low is not None else None
            for item in judgement.weights
        ]
        rivals = [name for name in best if name != root]
        weights = tuple(
            StatedWeight(
                hypothesis=root,
                against=name,
                best=best[root] - best[name],
                low=None if span is None else best[root] - best[name] - span / 2.0,
                high=None if span is None else best[root] - best[name] + span / 2.0,
            )
            for name, span in zip(rivals, spans, strict=True)
        )
        return judgement.model_copy(update={"weights": weights})

    return with_judgements(study, change)


def reversed_pairs(study: Study) -> Study:
    """Write every second weight the other way round, in the other order."""

    def turned(item: StatedWeight) -> StatedWeight:
        low = None if item.high is None else -item.high
        high = None if item.low is None else -item.low
        return StatedWeight(hypothesis=item.against, against=item.hypothesis, best=-item.best, low=low, high=high)

    def change(judgement: Judgement) -> Judgement:
        weights = [turned(item) if place % 2 else item for place, item in enumerate(judgement.weights)]
        return judgement.model_copy(update={"weights": tuple(reversed(weights))})

    return with_judgements(study, change)


def as_probabilities(study: Study) -> Study:
    """Write weights without ranges as P(E | hypothesis), up to the constant that weights leave open."""

    def change(judgement: Judgement) -> Judgement:
        decibels = {item.against: -item.best for item in judgement.weights} | {study.focal: 0.0}
        top = max(decibels.values())
        stated = tuple(
            StatedProbability(hypothesis=name, best=0.9 * 10.0 ** ((value - top) / 10.0))
            for name, value in decibels.items()
        )
        return judgement.model_copy(update={"weights": (), "probabilities": stated})

    return with_judgements(study, change)


def doubled(study: Study, hypothesis: str, twin: str) -> Study:
    """Add a hypothesis that every coder weighs like another, at no distance and with the same ranges."""

    def change(judgement: Judgement) -> Judgement:
        twins = tuple(
            item.model_copy(update={"against": twin}) for item in judgement.weights if item.against == hypothesis
        )
        return judgement.model_copy(update={"weights": judgement.weights + twins})

    names = (*study.sets["all"].hypotheses, twin)
    return with_judgements(study, change).model_copy(
        update={
            "sets": {"all": study.sets["all"].model_copy(update={"hypotheses": names})},
            "hypotheses": {**study.hypotheses, twin: study.hypotheses[hypothesis]},
        }
    )


def with_copies(study: Study, evidence: str, copies: int) -> Study:
    """Let one observation be told several times more, in its own cluster."""
    found = next(item for item in study.evidence if item.id == evidence)
    assert found.cluster
    more = tuple(found.model_copy(update={"id": f"{evidence}copy{copy}"}) for copy in range(copies))
    codings = tuple(
        coding.model_copy(
            update={
                "judgements": coding.judgements
                + tuple(
                    judgement.model_copy(update={"evidence": item.id})
                    for item in more
                    for judgement in coding.judgements
                    if judgement.evidence == evidence
                )
            }
        )
        for coding in study.codings
    )
    return study.model_copy(update={"evidence": study.evidence + more, "codings": codings})
