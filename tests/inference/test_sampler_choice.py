"""By which sampler draws are made: chosen, refused in words, written down, named where another is wanted."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from clued import files_of
from small_study import write
from study_factory import make_profile, make_study

from bayestrace import api, checks
from bayestrace.cli.update import update
from bayestrace.cli.updating import options_of
from bayestrace.encoding import encode
from bayestrace.errors import UsageFault
from bayestrace.inference import large, sampling
from bayestrace.messages import Lang
from bayestrace.study import Study


def of_profile(study: Study) -> Study:
    profile = make_profile()
    return study.model_copy(update={"profiles": {profile.id: profile}})


def test_size_chooses_unless_the_user_does(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = encode(make_study(), make_profile())
    assert not sampling.about_mode(problem, "auto")
    assert sampling.about_mode(problem, "mode")
    monkeypatch.setattr(large, "LARGE", 1)
    assert sampling.about_mode(problem, "auto")
    assert not sampling.about_mode(problem, "nuts")
    stats = xr.Dataset(attrs={"target_accept": 0.8})
    assert sampling.settings_of(problem, "nuts", 100, stats) == {"tune": sampling.TUNE, "target_accept": 0.8}
    assert sampling.settings_of(problem, "mode", 100, xr.Dataset())["about_mode"]


@pytest.mark.parametrize(
    ("study", "why"),
    [
        (make_study(ranges=False), {"en": "needs stated ranges", "zh": "需要编码者给出区间"}),
        (make_study(partial=0.9), {"en": "for all explanations or for none", "zh": "一概不判断"}),
    ],
)
def test_draws_about_a_mode_that_are_not_possible_are_refused_with_what_to_do(
    study: Study, why: dict[Lang, str]
) -> None:
    with pytest.raises(UsageFault) as refused:
        api.update(of_profile(study), api.Options(profile=make_profile().id, sampler="mode"))
    for lang, words in why.items():
        said = refused.value.text(lang)
        assert words in said
        assert "--sampler nuts" in said
    assert large.fits(encode(make_study(), make_profile()))


def test_clues_that_count_among_the_evidence_have_no_mode(tmp_path: Path) -> None:
    together = files_of("beside", {"study.yaml": ("clue_reading: beside", "clue_reading: together")})
    study = api.read_study(write(tmp_path, together))
    with pytest.raises(UsageFault) as refused:
        api.update(study, api.Options(hypotheses="wide", sampler="mode"))
    assert "in which clues count among the evidence" in refused.value.text("en")
    assert "线索计入证据" in refused.value.text("zh")


@pytest.mark.long
def test_the_choice_is_written_down_and_a_doubtful_result_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = make_profile()
    study = of_profile(make_study(clusters=(), singles=8))
    coders = tuple(coding.coder for coding in study.codings)[::-1]
    wanted = api.Options(profile=profile.id, coders=coders, draws=100, chains=2, seed=3, sampler="mode")
    monkeypatch.setattr(checks, "UNRELIABLE", -np.inf)
    tree = api.update(study, wanted)
    settings = json.loads(tree.attrs["settings"])
    assert (settings["sampler"], settings["about_mode"]) == ("mode", True)
    [found] = [finding for finding in api.findings_of(tree) if finding.slug == "about-mode-doubtful"]
    assert found.level == "failure"
    command = found.details["command"]
    assert all(f"`{command}`" in found.text(study, lang) for lang in api.LANGS)
    program, name, *arguments = shlex.split(command)
    assert (program, name) == ("bayestrace", "update")
    given = update.make_context(name, arguments).params
    assert options_of(given) == api.Options(**{**vars(wanted), "sampler": "nuts"})


def test_the_border_that_help_names_is_the_one_that_chooses() -> None:
    [option] = [option for option in update.params if option.name == "sampler"]
    assert f"mode from {large.LARGE:,} stated weights on" in str(vars(option)["help"])


def test_where_no_command_fits_none_is_named() -> None:
    diagnostics = xr.Dataset({name: ("quantity", [value]) for name, value in (("r_hat", 1.0), ("ess_bulk", 1e4))})
    stats = xr.Dataset({"diverging": ("draw", [0])}, attrs={"pareto_k": 0.9, "accepted": 0.5})
    [found] = checks.sampling_findings(diagnostics.assign_coords(quantity=["x"]), stats)
    study = make_study()
    assert "`" not in found.text(study, "en") + found.text(study, "zh")
