"""A small result with every analysis of sensitivity in it: numbers drawn, not computed, laid out as documented."""

from __future__ import annotations

import itertools
import json
from typing import Any

import numpy as np
import xarray as xr
from studies import Words, plain
from trees import small_tree

POINTS, MAP = 7, 4
ALLOWANCES = ("redundancy", "reliability", "selectivity", "selectivity-leader", "leaning", "scale", "joined")
OVER = ("case", "hypothesis")


def sensitive_tree(
    kind: str = "model", say: Words = plain, seed: int = 1, without: tuple[str, ...] = ()
) -> xr.DataTree:
    """Make a result of the small study with the group `sensitivity`, but for some analyses."""
    tree = small_tree(kind, say, seed)
    problem = tree["problem"].to_dataset()
    draw = np.random.default_rng(seed)
    made = _Made(problem, [str(item) for item in problem["evidence"].values], draw)
    groups = {name: data for name, data in made.groups().items() if name.partition("/")[0] not in without}
    whole = xr.DataTree.from_dict(
        {
            **{node.path: node.to_dataset() for node in tree.subtree},
            "sensitivity": xr.Dataset(attrs={"skipped": json.dumps({"limits": {"en": "Not so.", "zh": "不可。"}})}),
            **{f"sensitivity/{name}": data for name, data in groups.items()},
        }
    )
    whole.attrs = tree.attrs
    return whole


class _Made:
    def __init__(self, problem: xr.Dataset, evidence: list[str], draw: np.random.Generator) -> None:
        self.problem, self.evidence, self.draw = problem, evidence, draw
        self.hypotheses = [str(name) for name in problem["hypothesis"].values]
        self.cases = [str(name) for name in problem["case"].values]
        self.coords = {"case": self.cases, "hypothesis": self.hypotheses}

    def groups(self) -> dict[str, xr.Dataset]:
        levels = [str(name) for name in self.problem["level"].values]
        coders = [str(name) for name in self.problem["coder"].values]
        prior = np.linspace(0.01, 0.99, POINTS)
        kappa = np.array([0.0, 0.01, 0.1, 1.0, 10.0, 100.0, np.inf])
        return {
            "base": self.plain((), attrs={"pooling": "pooled", "draws": 400}),
            "profiles": self.plain(("profile",), {"profile": ["reference", "other"]}).assign(
                refit=("profile", [False, True]), pareto_k=("profile", [np.nan, 0.9])
            ),
            "limits": self.plain(("limit",), {"limit": ["as-fitted", "no-pooling", "one-explanation"]}),
            "simplex": self.simplex(),
            "focal_prior": self.sweep(("hypothesis_raised",), {"hypothesis_raised": self.hypotheses}, prior).assign(
                even_at=(("hypothesis_raised", "case"), self.shares(3, 3)),
                sure_at=(("hypothesis_raised", "case"), np.full((3, 3), np.nan)),
            ),
            "kappa": self.sweep((), {}, kappa).assign(fitted=np.nan),
            "levels": self.sweep(("level",), {"level": levels}, np.linspace(0.0, 1.0, POINTS)).assign(
                fitted=("level", self.shares(len(levels)))
            ),
            "bounds": self.sweep(
                ("panel", "against"),
                {"panel": ["*", *coders], "against": ["*", *self.hypotheses]},
                np.linspace(0.0, 1.0, POINTS),
            ).rename(x="fraction"),
            "overconfidence": self.overconfidence(),
            "power": self.power(),
            "rival": self.rival(),
            "smallest": self.smallest(),
            "multiverse": self.multiverse(),
            **{f"left_out/{kind}": self.left_out(items) for kind, items in self.items(coders).items()},
        }

    def items(self, coders: list[str]) -> dict[str, list[str]]:
        clusters = [str(name) for name in self.problem["cluster"].values]
        return {
            "observation": self.evidence,
            "cluster": clusters,
            "source": ["Peng2024", "Walt1987"],
            "source_type": ["press", "official"],
            "step": ["premise", "middle", "outcome"],
            "domain": ["security"],
            "coder": coders,
            "case": self.cases,
        }

    def shares(self, *shape: int) -> Any:
        return self.draw.uniform(0.05, 0.95, shape)

    def probability(self, *shape: int) -> Any:
        return self.draw.dirichlet(np.ones(len(self.hypotheses)), (*shape, len(self.cases)))

    def named(self, *shape: int) -> Any:
        return self.draw.choice(np.array(["", *self.hypotheses]), (*shape, len(self.cases)))

    def plain(
        self, dims: tuple[str, ...], coords: dict[str, list[str]] | None = None, attrs: dict[str, Any] | None = None
    ) -> xr.Dataset:
        sizes = [len((coords or {})[dim]) for dim in dims]
        return xr.Dataset(
            {"probability": ((*dims, *OVER), self.probability(*sizes))},
            coords={**self.coords, **(coords or {})},
            attrs=attrs or {},
        )

    def sweep(self, dims: tuple[str, ...], coords: dict[str, list[str]], x: Any) -> xr.Dataset:
        sizes = [len(coords[dim]) for dim in dims]
        to = self.named(*sizes)
        at = np.where(to == "", np.nan, self.shares(*sizes, len(self.cases)))
        return xr.Dataset(
            {
                "x": ("setting", x),
                "probability": ((*dims, "setting", *OVER), self.probability(*sizes, len(x))),
                "pareto_k": ((*dims, "setting"), self.draw.uniform(0.0, 1.0, (*sizes, len(x)))),
                "ess": ((*dims, "setting"), self.draw.uniform(10.0, 400.0, (*sizes, len(x)))),
                "flip_at": ((*dims, "case"), at),
                "flip_to": ((*dims, "case"), to),
            },
            coords={**self.coords, **coords},
        )

    def overconfidence(self) -> xr.Dataset:
        whole = self.sweep(("allowance",), {"allowance": list(ALLOWANCES)}, np.zeros(POINTS)).drop_vars("x")
        ends = {"leaning": (0.0, 10.0), "scale": (0.5, 2.0), "reliability": (0.9, 0.0)}
        x = np.stack([np.linspace(*ends.get(name, (0.0, 0.95)), POINTS) for name in ALLOWANCES])
        size = len(self.cases)
        return whole.assign(
            x=(("allowance", "setting"), x),
            fitted=("allowance", np.where(np.array(ALLOWANCES) == "joined", np.nan, x[:, 0])),
            back_at=(("allowance", "case"), np.full((len(ALLOWANCES), size), np.nan)),
            back_to=(("allowance", "case"), np.full((len(ALLOWANCES), size), "", dtype=np.str_)),
            map_x=(("pair", "along"), np.stack([x[4, :MAP], x[0, :MAP]])),
            map_y=(("pair", "across"), np.stack([x[5, :MAP], x[1, :MAP]])),
            map_one=("pair", ["leaning", "redundancy"]),
            map_other=("pair", ["scale", "reliability"]),
            map_leader=(
                ("pair", "along", "across", "case"),
                self.draw.choice(np.array(self.hypotheses), (2, MAP, MAP, size)),
            ),
            map_pareto_k=(("pair", "along", "across"), np.full((2, MAP, MAP), 0.3)),
            map_ess=(("pair", "along", "across"), np.full((2, MAP, MAP), 200.0)),
        )

    def simplex(self) -> xr.Dataset:
        steps = 6
        m = np.array([row for row in itertools.product(range(steps + 1), repeat=3) if sum(row) == steps]) / steps
        return self.plain(("setting",), {"setting": [str(n) for n in range(len(m))]}).assign(
            m=(("setting", "hypothesis"), m),
            leading=(OVER, self.draw.dirichlet(np.ones(3), len(self.cases))),
            flip_at=("case", [0.375, 0.0625, np.nan]),
            flip_to=("case", ["stakes", "stakes", ""]),
            flip_prior=(OVER, [[0.5, 0.375, 0.125], [0.125, 0.25, 0.625], [np.nan] * 3]),
        )

    def left_out(self, items: list[str]) -> xr.Dataset:
        size = len(items)
        change = self.draw.normal(0.0, 2.0, (size, len(self.cases)))
        change[-1, -1] = np.nan
        return self.plain(("item",), {"item": items}).assign(
            change_db=(("item", "case"), change),
            flip_to=(("item", "case"), self.named(size)),
            pareto_k=("item", self.draw.uniform(0.0, 1.0, size)),
            ess=("item", self.draw.uniform(10.0, 400.0, size)),
        )

    def smallest(self) -> xr.Dataset:
        members = np.full((len(self.cases), 2), "", dtype="U20")
        members[0] = self.evidence[:2]
        members[1, 0] = self.evidence[3]
        return self.plain(()).assign(
            size=("case", [2.0, 1.0, np.nan]),
            exact=("case", [False, True, True]),
            bound=("case", [1.0, 1.0, np.nan]),
            flip_to=("case", ["stakes", "stakes", ""]),
            members=(("case", "rank"), members),
            pareto_k=("case", [0.4, 0.6, np.nan]),
            ess=("case", [120.0, 80.0, np.nan]),
        )

    def power(self) -> xr.Dataset:
        diagnosis = ["", "prior-evidence conflict", "weak evidence"]
        return xr.Dataset(
            {
                "sensitivity": (("component", "case"), self.shares(2, len(self.cases))),
                "diagnosis": ("case", diagnosis),
            },
            coords={"component": ["prior", "likelihood"], "case": self.cases},
        )

    def rival(self) -> xr.Dataset:
        prior = [0.01, 0.05, 0.5]
        names = ("needed_db", "needed_db_per_observation", "needed_db_pooled", "needed_db_everywhere_per_observation")
        tables = {name: self.draw.uniform(1.0, 30.0, (len(prior), len(self.cases))) for name in names}
        tables["needed_db_pooled"][0, 0] = np.nan
        return xr.Dataset(
            {
                **{name: (("prior", "case"), table) for name, table in tables.items()},
                "rival": ("rival", ["unheard-of"]),
                "rival_db": (("rival", "case"), self.draw.normal(0.0, 5.0, (1, len(self.cases)))),
            },
            coords={"prior": prior, "case": self.cases},
        )

    def multiverse(self) -> xr.Dataset:
        options: dict[str, list[Any]] = {
            "panel": ["all", "without:neutral"],
            "reliability": [1, 0],
            "selectivity": [0.0, 0.5],
        }
        rows = list(itertools.product(*options.values()))
        size, cases = len(rows), len(self.cases)
        return xr.Dataset(
            {
                "probability": (("specification", *OVER), self.probability(size)),
                "pareto_k": ("specification", self.draw.uniform(0.0, 1.0, size)),
                **{name: ("specification", [row[place] for row in rows]) for place, name in enumerate(options)},
                "leader": (("specification", "case"), self.draw.choice(np.array(self.hypotheses), (size, cases))),
                "leader_share": (OVER, self.draw.dirichlet(np.ones(3), cases)),
                "effect_share": (("choice", *OVER), self.draw.uniform(0.1, 0.9, (3, cases, 3))),
                "matters_most": ("case", ["panel", "", "reliability"]),
            },
            coords={**self.coords, "choice": list(options)},
            attrs={"unreliable": 0.25},
        )
