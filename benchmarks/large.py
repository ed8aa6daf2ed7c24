"""Make studies of any size, and measure how the cost of working with them grows.

`python benchmarks/large.py make DIR --cases 1000 --observations 50 --coders 3 --hypotheses 4` writes a folder whose
evidence stands in tables (docs/study-format.md). What coders state is drawn from the model's own world, as
docs/inference.md tells it: each case has an explanation, each cluster an informativeness, each coder a scale, a leaning
and noise. The same arguments give the same bytes, and studies that differ in their number of cases or observations have
the same coders.

`python benchmarks/large.py measure cases 20 100 1000 10000` grows a study along one axis, each size read, encoded and
taken at face value in a process of its own. `--fit` goes on: draws about the mode, whatever the size, with what is
compiled already, and a note where a walk goes beside the proposals; the report; and what would change the answer, but
for what fits anew.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace import api
from bayestrace.calibration.simulate import draw_study
from bayestrace.calibration.truth import draw_truth
from bayestrace.encoding import encode
from bayestrace.folder import write_report
from bayestrace.inference import answer, sampling
from bayestrace.sensitivity import run
from bayestrace.weights import NATS_PER_DB, RANGE_WIDTH, helmert, to_decibels

#: Observations that are drawn at once, at most about; bounds the memory that making a study takes.
BLOCK = 5_000
FACTORS = ("region", "period")
GROUPS = 4
STEPS = ("premise", "commitment", "outcome")
DIRECTIONS = ("up", "down", "none")
RELIABILITY = {"official-document": 0.98, "scholarship": 0.95, "press": 0.9}
SOURCES = 40
#: Observations of a cluster.
CLUSTER = 3
#: Median and spread of what stated ranges announce, nats per contrast.
DOUBT, DOUBT_SPREAD = 0.3, 0.3
#: Half of the range in which redundancy is stated.
UNSURE = 0.15

OBSERVATION = ("id", "case", "step", "direction", "date", "title", "claim", "source", "source_type", "cluster")
WEIGHT = ("evidence", "hypothesis", "against", "low_db", "best_db", "high_db")
REDUNDANCY = ("cluster", "low", "best", "high")


@dataclass(frozen=True)
class Size:
    """How large a study is."""

    cases: int = 1000
    observations: int = 50
    coders: int = 3
    hypotheses: int = 4
    clustered: float = 0.5
    factors: int = 1
    seed: int = 5

    def case(self, place: int) -> str:
        """Name a case."""
        return f"c{place + 1:0{len(str(self.cases))}d}"

    def groups(self, place: int) -> list[str]:
        """Name the groups of a case."""
        return [f"{FACTORS[factor]}-{place // GROUPS**factor % GROUPS + 1}" for factor in range(self.factors)]

    def clusters(self) -> NDArray[np.int64]:
        """Return the number of the cluster of each observation of a case; single ones have one too."""
        together = round(self.clustered * self.observations) // CLUSTER * CLUSTER
        single = np.arange(self.observations - together) + together // CLUSTER
        return np.concatenate([np.arange(together) // CLUSTER, single])


def make(folder: Path, size: Size) -> None:
    """Write a study into a new folder."""
    (folder / "evidence" / "codings").mkdir(parents=True)
    (folder / "study.yaml").write_text(_declaration(size), encoding="utf-8")
    sources = [{"id": f"s{place}", "type": "book", "title": f"Source {place}"} for place in range(SOURCES)]
    (folder / "evidence" / "sources.json").write_text(json.dumps(sources), encoding="utf-8")
    cases = ([size.case(place), f"Case {place + 1}", *size.groups(place)] for place in range(size.cases))
    _table(folder / "evidence" / "cases.csv", ("case", "name", *FACTORS[: size.factors]), cases)
    _table(folder / "evidence" / "clusters.csv", ("cluster", "name"), _clusters(size))
    truth = draw_truth(_outline(size), np.random.default_rng(size.seed))
    per_block = max(1, BLOCK // max(size.observations, 1))
    for start in range(0, size.cases, per_block):
        block = Block(size, start, min(start + per_block, size.cases))
        drawn = draw_study(block.problem(), replace(truth, z=truth.z[start : start + block.cases]), block.rng)
        for path, headings, rows in (
            ("observations", OBSERVATION, block.observations()),
            *((f"codings/{coder}-weights", WEIGHT, block.weights(drawn, at)) for at, coder in enumerate(_coders(size))),
            *((f"codings/{coder}-redundancy", REDUNDANCY, block.redundancies()) for coder in _coders(size)),
        ):
            _table(folder / "evidence" / f"{path}.csv", headings, rows)


def _declaration(size: Size) -> str:
    rivals = "".join(f"  h{k + 1}: {{name: Explanation {k + 1}}}\n" for k in range(size.hypotheses))
    factors = "".join(
        f"  {name}: {{name: {name.title()}, groups: {{"
        + ", ".join(f"{name}-{group + 1}: {name.title()} {group + 1}" for group in range(GROUPS))
        + "}}\n"
        for name in FACTORS[: size.factors]
    )
    return (
        "bayestrace: 1\nid: large\ntitle: A study of this size\nquestion: What explains each case?\nfocal: h1\n"
        f"hypotheses:\n{rivals}"
        f"sets:\n  all: {{hypotheses: [{', '.join(f'h{k + 1}' for k in range(size.hypotheses))}]}}\ndefault_set: all\n"
        + (f"factors:\n{factors}" if factors else "")
        + "mechanism:\n  steps:\n"
        + "".join(f"    {name}: {{name: {name.title()}}}\n" for name in STEPS)
        + "coders:\n"
        + "".join(f"  {name}: {{name: Coder {place + 1}}}\n" for place, name in enumerate(_coders(size)))
        + "reliability:\n"
        + "".join(f"  {name}: {value}\n" for name, value in RELIABILITY.items())
        + "scale:\n  name: Words\n  anchors: [{word: negligible, db: 0}, {word: slight, db: 3}]\n"
    )


def _coders(size: Size) -> list[str]:
    return [f"coder{place + 1}" for place in range(size.coders)]


def _clusters(size: Size) -> Iterator[list[str]]:
    number = size.clusters()
    for place in range(size.cases):
        for cluster in np.flatnonzero(np.bincount(number) > 1):
            yield [f"{size.case(place)}-k{cluster + 1}", f"Event {cluster + 1} of case {place + 1}"]


def _outline(size: Size) -> xr.Dataset:
    """Say of a study what its truth is drawn with: coders, contrasts, cases, pools, the reference profile."""
    pools = [["common", *size.groups(place), f"own:{place}"] for place in range(size.cases)]
    levels = size.factors + 2
    return xr.Dataset(
        {
            "prior": ("hypothesis", np.full(size.hypotheses, 1.0 / size.hypotheses)),
            "level_weight": ("level", np.full(levels, 0.25)),
            "pool": (("case", "level"), np.array(pools, dtype=np.str_)),
            "helmert": (("contrast", "hypothesis"), helmert(size.hypotheses)),
        },
        coords={"coder": _coders(size)},
        attrs={"leaning_sd": 0.25 * NATS_PER_DB, "kappa_low": 0.05, "kappa_high": 1.0},
    )


class Block:
    """The cases from one to before another: where their observations belong, and what is stated of both.

    `cluster` numbers the clusters of a case from 0 again; `together` says which of these hold several observations.
    """

    def __init__(self, size: Size, start: int, end: int) -> None:
        self.size, self.start, self.cases = size, start, end - start
        self.rng = np.random.default_rng([size.seed, start])
        self.case = np.repeat(np.arange(self.cases), size.observations)
        self.cluster = np.tile(size.clusters(), self.cases)
        self.together = np.bincount(size.clusters()) > 1
        self.kind = self.rng.integers(len(RELIABILITY), size=self.case.size)
        self.doubt = DOUBT * np.exp(DOUBT_SPREAD * self.rng.normal(size=(size.coders, self.case.size)))
        self.redundancy = np.round(self.rng.uniform(0.2, 0.8, (self.cases, self.together.size)), 2)
        self.names = [
            f"{size.case(start + int(at))}-e{place % size.observations + 1}" for place, at in enumerate(self.case)
        ]

    def problem(self) -> xr.Dataset:
        """Lay it out as coders' statements are drawn from it."""
        contrasts, whole = self.size.hypotheses - 1, self.redundancy.size
        by = ("coder", "evidence")
        projector = np.broadcast_to(np.eye(contrasts), (*self.doubt.shape, contrasts, contrasts))
        return xr.Dataset(
            {
                "weight": ((*by, "contrast"), np.zeros((*self.doubt.shape, contrasts))),
                "projector": ((*by, "contrast", "contrast_too"), projector),
                "stated": (by, np.ones(self.doubt.shape, dtype=bool)),
                "stated_variance": (by, self.doubt**2),
                "weighs": ("evidence", np.ones(self.case.size, dtype=bool)),
                "cluster_of_evidence": ("evidence", self.cluster + self.together.size * self.case),
                "case_of_cluster": ("cluster", np.repeat(np.arange(self.cases), self.together.size)),
                "reliability": ("evidence", np.array([*RELIABILITY.values()])[self.kind]),
                "redundancy_mean": ("cluster", self.redundancy.ravel()),
                "redundancy_sd": ("cluster", np.full(whole, 2.0 * UNSURE / RANGE_WIDTH)),
                "helmert": (("contrast", "hypothesis"), helmert(self.size.hypotheses)),
            },
            coords={"hypothesis": [f"h{k + 1}" for k in range(self.size.hypotheses)]},
            attrs={"focal": "h1", "favours": "h1", "selectivity": 0.0},
        )

    def observations(self) -> Iterator[Sequence[str]]:
        """Yield the rows of observations.csv."""
        kinds = [*RELIABILITY]
        chosen = self.rng.integers((len(STEPS), len(DIRECTIONS), SOURCES, 12), size=(self.case.size, 4))
        for place, (name, at) in enumerate(zip(self.names, self.case, strict=True)):
            step, direction, source, month = chosen[place]
            home, cluster = self.size.case(self.start + int(at)), self.cluster[place]
            yield (
                name,
                home,
                STEPS[step],
                DIRECTIONS[direction],
                f"2017-{month + 1:02d}",
                f"What was seen in {home}, number {place % self.size.observations + 1}",
                f"A sentence on what source s{source} reports of {home}, as long as those of observations mostly are.",
                f"s{source}",
                kinds[self.kind[place]],
                f"{home}-k{cluster + 1}" if self.together[cluster] else "",
            )

    def weights(self, drawn: xr.Dataset, coder: int) -> Iterator[Sequence[object]]:
        """Yield the rows of a coder's weights."""
        loglik = drawn["weight"].values[coder] @ drawn["helmert"].values
        decibels = np.round(to_decibels(loglik[:, :1] - loglik[:, 1:]), 2)
        half = np.round(RANGE_WIDTH / 2.0 * np.sqrt(2.0) * to_decibels(self.doubt[coder]), 2)
        for name, weights, reach in zip(self.names, decibels.tolist(), half.tolist(), strict=True):
            for rival, best in enumerate(weights, start=2):
                yield name, "h1", f"h{rival}", round(best - reach, 2), best, round(best + reach, 2)

    def redundancies(self) -> Iterator[Sequence[object]]:
        """Yield the rows of a coder's redundancies, in which all coders agree."""
        for at, of_case in enumerate(self.redundancy.tolist()):
            for cluster in np.flatnonzero(self.together):
                best = of_case[cluster]
                name = f"{self.size.case(self.start + at)}-k{cluster + 1}"
                yield name, round(best - UNSURE, 2), best, round(best + UNSURE, 2)


def _table(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Begin a table, or add rows to it."""
    begins = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if begins:
            writer.writerow(headings)
        writer.writerows(rows)


@dataclass(frozen=True)
class Cost:
    """What one step took in a fresh process: seconds of processor, and the most memory until its end, in MB."""

    seconds: float
    memory: float


STAGES = ("read", "encode", "face value")
WHOLE = ("fit", "report", "sensitivity")
#: Draws of each chain that a fit takes here: enough to tell what one costs.
DRAWS, CHAINS = 200, 2
#: Below these, seconds and MB tell of what every size costs: importing, and memory that importing has left free.
LEAST_SECONDS, LEAST_MEMORY = 0.5, 50.0


def work(folder: Path, *, whole: bool) -> None:
    """Do all with a study and print what each step took as JSON; runs in a process of its own."""
    costs = {"start": _cost(0.0)}

    def timed[T](name: str, done: Callable[[], T]) -> T:
        begin = _spent()
        made = done()
        costs[name] = _cost(begin)
        return made

    study = timed("read", lambda: api.read_study(folder))
    problem = timed("encode", lambda: encode(study, study.profiles["reference"]))
    timed("face value", lambda: answer.face_value(problem))
    walked = 0.0
    if whole:
        api.compile_cache()
        if not sampling.is_compiled(problem, "mode"):
            sampling.compile_ahead(problem, "mode")
        options = api.Options("reference", None, draws=DRAWS, chains=CHAINS, sampler="mode")
        tree = timed("fit", lambda: api.update(study, options))
        walked = float(tree["sample_stats"].attrs["walked"])
        timed("report", lambda: write_report(tree, folder / "report.html", "en"))
        timed("sensitivity", lambda: run.analyse(tree, run.Wanted(refits=False)))
    print(json.dumps({"walked": walked, "costs": {name: asdict(cost) for name, cost in costs.items()}}))


def _spent() -> float:
    """Tell the processor seconds of this process so far, and of those it started that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _cost(begin: float) -> Cost:
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Cost(_spent() - begin, most / 1e3)


def measure(size: Size, axis: str, values: Sequence[int], *, whole: bool) -> None:
    """Grow a study along one axis and print what each step took, with fitted exponents.

    The exponent is that of observations, the slope of the least-squares line through the logarithms; memory is counted
    beyond what the program takes before it reads anything.
    """
    stages = STAGES + WHOLE * whole
    found: dict[str, list[Cost]] = {stage: [] for stage in stages}
    grown = []
    print(f"{axis:>14}  " + "".join(f"{stage + ', s':>14}{'MB':>8}" for stage in stages))
    for value in values:
        with tempfile.TemporaryDirectory() as made:
            each = replace(size, **{axis: value})
            make(Path(made) / "study", each)
            command = (sys.executable, __file__, "work", str(Path(made) / "study"), *["--fit"] * whole)
            done = subprocess.run(command, check=True, capture_output=True, text=True)
        told = json.loads(done.stdout)
        costs = {name: Cost(**cost) for name, cost in told["costs"].items()}
        before = costs["start"].memory
        for stage in stages:
            found[stage].append(Cost(costs[stage].seconds, costs[stage].memory - before))
        grown.append(value)
        print(
            f"{value:>14,}  " + "".join(f"{found[s][-1].seconds:>14.2f}{found[s][-1].memory:>8.0f}" for s in stages),
            "  with a walk" * (told["walked"] > 0.0),
            flush=True,
        )
    slopes = [
        (
            _slope(grown, [c.seconds for c in costs], LEAST_SECONDS),
            _slope(grown, [c.memory for c in costs], LEAST_MEMORY),
        )
        for costs in found.values()
    ]
    print(f"{'exponent':>14}  " + "".join(f"{seconds:>14.2f}{memory:>8.2f}" for seconds, memory in slopes))


def _slope(sizes: Sequence[float], costs: Sequence[float], least: float) -> float:
    """Fit an exponent to the sizes that cost more than what every size does; NaN where fewer than two of them do."""
    kept = np.array([(size, cost) for size, cost in zip(sizes, costs, strict=True) if cost >= least])
    return float(np.polyfit(np.log(kept[:, 0]), np.log(kept[:, 1]), 1)[0]) if len(kept) > 1 else float("nan")


def main() -> None:
    """Make a study, or measure what studies cost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parts = parser.add_subparsers(required=True, dest="part")
    maker = parts.add_parser("make", help="write a study folder")
    maker.add_argument("folder", type=Path)
    measurer = parts.add_parser("measure", help="time each step as a study grows along one axis")
    measurer.add_argument("axis", choices=("cases", "observations", "coders", "hypotheses"))
    measurer.add_argument("values", type=int, nargs="+")
    for part in (maker, measurer):
        for name, field in Size.__dataclass_fields__.items():
            part.add_argument(f"--{name}", type=type(field.default), default=field.default)
    worker = parts.add_parser("work", help="what measure runs")
    worker.add_argument("folder", type=Path)
    for part in (measurer, worker):
        part.add_argument("--fit", action="store_true", help="fit, report and ask what would change the answer too")
    given = vars(parser.parse_args())
    if given["part"] == "work":
        work(given["folder"], whole=given["fit"])
        return
    size = Size(**{name: given[name] for name in Size.__dataclass_fields__})
    if given["part"] == "make":
        make(given["folder"], size)
    else:
        measure(size, given["axis"], given["values"], whole=given["fit"])


if __name__ == "__main__":
    main()
