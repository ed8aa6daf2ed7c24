"""Each panel is fitted once, and a fit that was kept is only used where it is whole and of the same problem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from backwards import Backwards
from brute import some_draws
from study_factory import make_profile, make_study

from bayestrace import panels
from bayestrace.encoding import Problem, encode
from bayestrace.inference import sampling
from bayestrace.panels import Settings, Telling

SETTINGS = Settings(draws=4, chains=1, seed=7)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A sampler that answers at once, and the list of what it was asked."""
    asked: list[dict[str, Any]] = []

    def sample(problem: xr.Dataset, **options: Any) -> xr.DataTree:
        asked.append({"coders": tuple(problem["coder"].values), **options})
        stats = xr.Dataset({"diverging": (("chain", "draw"), np.zeros((1, 4), dtype=np.int8))})
        posterior = some_draws(problem, options["draws"], seed=options["seed"])
        return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats})

    monkeypatch.setattr(sampling, "is_compiled", lambda _: True)
    monkeypatch.setattr(sampling, "sample", sample)
    return asked


def problem_of(**more: Any) -> xr.Dataset:
    return encode(make_study(coders=3, **more), make_profile())


def test_a_fit_is_made_once_and_found_again_in_a_folder(calls: list[dict[str, Any]], tmp_path: Path) -> None:
    first = panels.fit(problem_of(), SETTINGS, tmp_path / "new/panels")
    again = panels.fit(problem_of(), SETTINGS, tmp_path / "new/panels")
    assert len(calls) == 1
    assert calls[0] == {"coders": ("coder0", "coder1", "coder2"), "draws": 4, "chains": 1, "seed": 7, "progress": None}
    xr.testing.assert_identical(first.posterior, again.posterior)
    xr.testing.assert_identical(first.stats, again.stats)
    assert again.coders == ("coder0", "coder1", "coder2")
    assert sorted(path.suffix for path in (tmp_path / "new/panels").iterdir()) == [".nc", ".sha256"]


def test_workers_make_what_is_missing_once_and_it_is_found(calls: list[dict[str, Any]], tmp_path: Path) -> None:
    problems = [problem_of(), problem_of(singles=3), problem_of()]
    panels.fit(problems[0], SETTINGS, tmp_path)
    workers, told = Backwards(), list[tuple[int, int]]()
    telling = Telling(returned=lambda *done: told.append(done))
    for _ in range(2):
        panels.fit_ahead([*problems, problem_of(singles=4)], SETTINGS, tmp_path, workers, telling)
    assert (workers.taken, told) == (2, [(0, 2), (1, 2), (2, 2)])
    assert [call.get("cores") for call in calls] == [None, 1, 1], "a worker starts no processes of its own"
    found = panels.fit(problem_of(singles=3), SETTINGS, tmp_path)
    assert len(calls) == 3
    xr.testing.assert_identical(found.posterior, panels.fit(problem_of(singles=3), SETTINGS).posterior)
    panels.fit_ahead(problems, SETTINGS, None, workers)
    assert workers.taken == 2, "what nothing keeps is not made ahead"


def test_a_fit_is_kept_in_memory_or_nowhere(calls: list[dict[str, Any]]) -> None:
    memory: dict[str, xr.DataTree] = {}
    for _ in range(2):
        panels.fit(problem_of(), SETTINGS, memory)
    assert (len(calls), len(memory)) == (1, 1)
    for _ in range(2):
        panels.fit(problem_of(), SETTINGS)
    assert len(calls) == 3


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


SPOILT: dict[str, tuple[str, Any]] = {
    "cut short": (".nc", halved),
    "one bit changed": (".nc", flipped),
    "missing": (".nc", Path.unlink),
    "no seal": (".sha256", Path.unlink),
    "seal cut short": (".sha256", halved),
    "seal of another": (".sha256", lambda path: path.write_text("0" * 64, encoding="ascii")),
    "seal is no text": (".sha256", lambda path: path.write_bytes(b"\xff\xfe")),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_file_is_made_anew(calls: list[dict[str, Any]], tmp_path: Path, what: str) -> None:
    first = panels.fit(problem_of(), SETTINGS, tmp_path)
    ending, spoil = SPOILT[what]
    spoil(next(path for path in tmp_path.iterdir() if path.suffix == ending))
    again = panels.fit(problem_of(), SETTINGS, tmp_path)
    assert len(calls) == 2
    xr.testing.assert_identical(first.posterior, again.posterior)
    panels.fit(problem_of(), SETTINGS, tmp_path)
    assert len(calls) == 2


def test_a_seal_alone_makes_no_result(calls: list[dict[str, Any]], tmp_path: Path) -> None:
    """A file that agrees with its seal and is no result, as a full disk may leave it."""
    panels.fit(problem_of(), SETTINGS, tmp_path)
    (path,) = tmp_path.glob("*.nc")
    path.write_bytes(b"")
    path.with_suffix(".sha256").write_text(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", encoding="ascii"
    )
    panels.fit(problem_of(), SETTINGS, tmp_path)
    assert len(calls) == 2


def test_a_folder_that_cannot_be_written_costs_only_time(calls: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for _ in range(2):
        panels.fit(problem_of(), SETTINGS, tmp_path / "file")
    assert len(calls) == 2


def test_whatever_moves_the_draws_moves_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [panels.digest_of(problem_of(), SETTINGS)]
    assert panels.digest_of(problem_of(), SETTINGS) == seen[0]
    seen += [panels.digest_of(problem_of(), Settings(*values)) for values in ((5, 1, 7), (4, 2, 7), (4, 1, 8))]
    weight = problem_of()
    weight["weight"].values[0, 0, 0] += 1e-12
    renamed = problem_of().assign_coords(coder=["a", "b", "c"])
    seen += [panels.digest_of(problem, SETTINGS) for problem in (weight, renamed)]
    seen.append(panels.digest_of(problem_of().assign_attrs(leaning_sd=0.1), SETTINGS))
    monkeypatch.setattr(panels, "fingerprint", lambda: "another engine")
    seen.append(panels.digest_of(problem_of(), SETTINGS))
    assert len(set(seen)) == len(seen)


def test_each_coder_is_left_out_in_the_order_of_the_study(calls: list[dict[str, Any]]) -> None:
    study = make_study(coders=3)
    told: list[Problem] = []
    memory: dict[str, xr.DataTree] = {}
    found = panels.leave_one_out(
        study, make_profile(), None, settings=SETTINGS, cache=memory, telling=Telling(begun=told.append)
    )
    assert list(found) == ["coder0", "coder1", "coder2"]
    coders = [tuple(problem["coder"].values.tolist()) for problem in told]
    assert [panel.coders for panel in found.values()] == coders
    assert coders == [("coder1", "coder2"), ("coder0", "coder2"), ("coder0", "coder1")]
    for name, panel in found.items():
        assert name not in panel.problem["coder"].values
    one = panels.leave_one_out(study, make_profile(), None, settings=SETTINGS, cache=memory, out=["coder1"])
    assert list(one) == ["coder1"]
    panels.fit_coders(study, make_profile(), None, ["coder2", "coder0"], settings=SETTINGS, cache=memory)
    assert len(calls) == 3


def test_a_model_that_is_not_compiled_is_announced(
    calls: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(sampling, "is_compiled", lambda _: False)
    monkeypatch.setattr(sampling, "compile_ahead", lambda _: said.append("compiled"))
    panels.fit(problem_of(), SETTINGS, None, Telling(compiling=lambda: said.append("told")))
    assert said == ["told", "compiled"]
    assert len(calls) == 1
