"""Result tree to plain dataclasses: all that the report shows, in one language, and nothing of how."""

from __future__ import annotations

import json

import xarray as xr

from bayestrace.excerpt import Overall
from bayestrace.messages import Lang
from bayestrace.report.content.cases import read_cases, read_hypotheses
from bayestrace.report.content.clues import read_clues, search_sources
from bayestrace.report.content.findings import read_findings
from bayestrace.report.content.increments import read_increments
from bayestrace.report.content.many import read_many
from bayestrace.report.content.mechanism import read_mechanism
from bayestrace.report.content.parts import Manifest, Observation, Preset, Profile, Report
from bayestrace.report.content.replicates import read_replicates
from bayestrace.report.content.sensitivity import read_sensitivity
from bayestrace.report.content.shared import read_coders, read_diagnostics, read_pooling
from bayestrace.report.content.sought import Source
from bayestrace.report.content.timeline import read_timelines
from bayestrace.report.content.tree import Tree
from bayestrace.report.content.values import Number

__all__ = ["Report", "read_content"]

#: Observations listed as the most disputed.
DISPUTED = 10


def read_content(tree: xr.DataTree, lang: Lang, overall: Overall | None = None) -> Report:
    """Read all that the report shows out of a result.

    Parameters
    ----------
    tree
        A result as docs/results.md lays it out, of the model or at face value.
    lang
        The language of the page; texts that the study does not have in it are marked.
    overall
        What is said of all cases, where `tree` is but an excerpt (`bayestrace.excerpt`).

    Returns
    -------
    Report
        Frozen dataclasses; every number stands in the tree or in the study, or is the difference of two that do.
    """
    result = Tree(tree, lang)
    study = result.study
    hypotheses = read_hypotheses(result)
    cases = read_cases(result, hypotheses)
    observations = [item for case in cases for cluster in case.clusters for item in cluster.observations]
    sources = {item.source.id: item.source for item in observations}
    sources |= {source.id: source for source in search_sources(result)}
    findings = read_findings(result, observations)
    about = Source(study.about, study.sources[study.about]) if study.about else None
    return Report(
        lang=lang,
        kind=result.kind,
        title=result.phrase(study.title),
        question=result.phrase(study.question),
        notice=result.optional(study.notice),
        about=about,
        scale_name=result.phrase(study.scale.name),
        anchors=tuple((result.phrase(anchor.word), Number(anchor.db)) for anchor in study.scale.anchors),
        hypotheses=hypotheses,
        joint_rule=study.joint_likelihood,
        profile=_profile(result),
        presets=_presets(result),
        cases=cases,
        mechanism=read_mechanism(result, cases),
        timelines=read_timelines(result, cases),
        pooling=read_pooling(result),
        increments=read_increments(result, cases),
        coders=read_coders(result),
        disputed=_disputed(observations),
        sources=tuple(sources.values()),
        findings=findings,
        replicates=read_replicates(result),
        sensitivity=read_sensitivity(result),
        clues=read_clues(result),
        diagnostics=read_diagnostics(result),
        manifest=_manifest(result),
        many=read_many(result, overall, len(findings)) if overall else None,
    )


def _disputed(observations: list[Observation]) -> tuple[Observation, ...]:
    spread = [item for item in observations if item.spread is not None and item.status != "context"]
    return tuple(sorted(spread, key=lambda item: (-(item.spread.value if item.spread else 0.0), item.id))[:DISPUTED])


def _profile(tree: Tree) -> Profile:
    profile = tree.profile
    kappa = profile.pooling.kappa
    favours = profile.selection_favours or tree.study.focal
    return Profile(
        id=profile.id,
        name=tree.phrase(profile.name),
        why=tree.phrase(profile.why),
        equal_prior=profile.prior == "equal",
        kappa=tuple(map(Number, kappa)) if isinstance(kappa, tuple) else (Number(kappa),),
        leaning_db=Number(profile.leaning_db),
        selectivity=Number(profile.selectivity),
        favours=tree.phrase(tree.study.hypotheses[favours].name),
    )


def _presets(tree: Tree) -> tuple[Preset, ...]:
    """Read the priors that the study's profiles state, each once, but those that exclude all that is compared."""
    found: dict[tuple[float, ...], Preset] = {}
    for profile in tree.study.profiles.values():
        stated = profile.prior
        mass = [1.0 if stated == "equal" else float(stated.get(name, 0.0)) for name in tree.hypotheses]
        if (total := sum(mass)) > 0.0:
            shares = tuple(one / total for one in mass)
            found.setdefault(shares, Preset(tree.phrase(profile.name), tuple(map(Number, shares))))
    return tuple(found.values())


def _manifest(tree: Tree) -> Manifest:
    attrs = tree.tree.attrs
    name = str(attrs["set"])
    return Manifest(
        study=str(attrs["study"]),
        digest=str(attrs["study_digest"]),
        set_id=name,
        set_name=tree.optional(tree.study.sets[name].name),
        version=str(attrs["bayestrace"]),
        format=str(attrs["format"]),
        settings=tuple(json.loads(attrs["settings"]).items()),
        versions=tuple((key, str(value)) for key, value in json.loads(attrs["versions"]).items()),
    )
