"""Lay what is foreseen of a case out for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayestrace.cli.foresee_words import say
from bayestrace.cli.show import columns, probability
from bayestrace.messages import Lang

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from bayestrace.foreseen import Opened

#: Probabilities that differ by less are equal, and information less than this is none.
_EQUAL = 1e-9
_MARK = "*"


def foreseen(opened: Opened, found: xr.Dataset, lang: Lang) -> str:
    """Lay out each case asked for: its probabilities, what it borrows, through which levels, and a sentence or two."""
    head = say(
        "result",
        lang,
        place=opened.place.as_posix(),
        kind=say(opened.kind, lang),
        profile=opened.profile.name(lang),
        set=_set(opened, lang),
    )
    cases = [_Case(opened, found.isel(asked=place), lang) for place in range(found.sizes["asked"])]
    return "\n\n".join([head, *(case.text() for case in cases)])


def groups(opened: Opened, lang: Lang) -> str:
    """List the groups of each factor, with an example of how to name one."""
    if not opened.factors:
        return say("legend-no-factors", lang)
    known = {name: list(opened.study.factors[name].groups) for name in opened.factors}
    listed = [
        say("groups-of", lang, factor=name, groups=say("comma", lang).join(names)) for name, names in known.items()
    ]
    example = ",".join(
        f"{name}={names[0] if place == 0 else 'new'}" for place, (name, names) in enumerate(known.items())
    )
    return say("legend-groups", lang, groups=say("semicolon", lang).join(listed), example=example)


def _set(opened: Opened, lang: Lang) -> str:
    name = str(opened.tree.attrs["set"])
    chosen = opened.study.sets.get(name)
    return chosen.name(lang) if chosen and chosen.name else name


class _Case:
    """One case asked for, in a language."""

    def __init__(self, opened: Opened, found: xr.Dataset, lang: Lang) -> None:
        study = opened.study
        self._found, self._lang, self._model = found, lang, opened.kind == "model"
        self._hypotheses = [
            study.hypotheses[name].name(lang) if name in study.hypotheses else name
            for name in map(str, found["hypothesis"].values)
        ]
        self._cases = [study.cases[str(name)].name(lang) for name in found["case"].values]
        self._factors = [study.factors[name].name(lang) for name in opened.factors]
        self._groups = []
        for factor, group in zip(opened.factors, map(str, found["group"].values), strict=True):
            known = study.factors[factor].groups.get(group)
            self._groups.append(
                known(lang) if known else say("new-named", lang, group=group) if group else say("new", lang)
            )
        self._p: NDArray[np.float64] = found["probability"].values
        self._leader = int(self._p.argmax())

    def text(self) -> str:
        lang, leader = self._lang, self._hypotheses[self._leader]
        parts = [say("case-not-seen", lang, groups=self._named()), self._explanations()]
        parts += [self._sentence(), self._borrowed(), self._levels()]
        keys = ["same", *(["apart"] if self._model else []), "without", "nats", *(["k"] if self._model else [])]
        details = {"leader": leader, "mark": _MARK if self._doubtful().any() else ""}
        parts.append("\n".join(say(f"legend-{key}", lang, **details) for key in [*keys, "levels"]))
        return "\n\n".join(parts)

    def _named(self) -> str:
        pairs = zip(self._factors, self._groups, strict=True)
        said = (say("in-group", self._lang, factor=factor, group=group) for factor, group in pairs)
        return say("semicolon", self._lang).join(said)

    def _explanations(self) -> str:
        found, lang = self._found, self._lang
        heads = ["hypothesis", "prior", "probability", *(["interval-50", "interval-94"] if self._model else [])]
        rows = [[say(head, lang) for head in heads]]
        for k, name in enumerate(self._hypotheses):
            row = [name, probability(float(found["prior"].values[k])), probability(float(self._p[k]))]
            for share in ("50", "94") if self._model else ():
                ends = [probability(float(found[f"{end}_{share}"].values[k])) for end in ("low", "high")]
                row.append(" – ".join(ends))
            rows.append(row)
        return columns(rows, left={0}, spaced=False)

    def _doubtful(self) -> NDArray[np.bool_]:
        return np.stack([self._found[f"{kind}_doubtful"].values for kind in ("apart", "without")])

    def _borrowed(self) -> str:
        found, lang = self._found, self._lang
        of_kind = [head for kind in ("apart", "without") for head in (kind, "nats", "k")]
        heads = ["case", "same-before", "same", *(of_kind if self._model else ["without", "nats"])]
        rows = [[say(head, lang) for head in heads]]
        for c, name in enumerate(self._cases):
            row = [name, *(probability(float(found[key].values[c])) for key in ("same_before", "same"))]
            for kind in ("apart", "without") if self._model else ("without",):
                row += [
                    probability(float(found[kind].values[c, self._leader])),
                    _decimal(float(found[f"{kind}_information"].values[c]), 3),
                ]
                if self._model:
                    mark = _MARK if found[f"{kind}_doubtful"].values[c] else ""
                    row.append(_decimal(float(found[f"{kind}_k"].values[c]), 2) + mark)
            rows.append(row)
        return columns(rows, left={0}, spaced=False)

    def _levels(self) -> str:
        found, lang = self._found, self._lang
        rows = [[say(head, lang) for head in ("level", "weight-before", "weight", "alone", "share")]]
        for level, name in enumerate(self._level_names()):
            weight = float(found["weight"].values[level])
            through = float(found["through"].values[level, self._leader])
            cells = [probability(float(found["weight_before"].values[level])), probability(weight)]
            alone = probability(through / weight) if weight > 0.0 else "–"
            rows.append([name, *cells, alone, self._percent(through / float(self._p[self._leader]))])
        return columns(rows, left={0}, spaced=False)

    def _level_names(self) -> list[str]:
        seen = self._found["seen"].values
        named = zip(self._factors, self._groups, seen, strict=True)
        factors = [
            say("in-group" if there else "level-new", self._lang, factor=factor, group=group)
            for factor, group, there in named
        ]
        return [say("common", self._lang), *factors, say("own", self._lang)]

    def _percent(self, share: float) -> str:
        return say("percent", self._lang, share=f"{100.0 * share:.0f}")

    def _sentence(self) -> str:
        """Say what would most likely explain the case, from whom it is borrowed, and how much of it is the prior."""
        found, lang = self._found, self._lang
        details = {"groups": self._named(), "probability": probability(float(self._p[self._leader]))}
        top = np.flatnonzero(self._p > self._p[self._leader] - _EQUAL)
        if top.size > 1:
            leaders = say("comma", lang).join(self._hypotheses[k] for k in top)
            said = [say("tied", lang, leaders=leaders, **details)]
        else:
            prior = probability(float(found["prior"].values[self._leader]))
            said = [say("foreseen", lang, leader=self._hypotheses[self._leader], prior=prior, **details)]
        said += self._from_cases()
        through = found["through"].values[:, self._leader]
        fresh = np.array([False, *~found["seen"].values.astype(bool), True])
        share = float(through[fresh].sum() / self._p[self._leader])
        if share > _EQUAL and share < 1.0 - _EQUAL:
            leader = self._hypotheses[self._leader]
            said.append(say("from-prior", lang, leader=leader, share=self._percent(share)))
        return say("stop", lang).join(said)

    def _from_cases(self) -> list[str]:
        found, lang = self._found, self._lang
        kind = "apart" if self._model else "without"
        told = found[f"{kind}_information"].values
        if told.max() < _EQUAL:
            return [say("borrows-nothing", lang)]
        order = [int(c) for c in np.argsort(-told, kind="stable") if told[c] >= _EQUAL][:2]
        keys = ["borrows" if self._model else "borrows-face", "next"]
        return [
            say(
                key,
                lang,
                case=self._cases[c],
                leader=self._hypotheses[self._leader],
                probability=probability(float(found[kind].values[c, self._leader])),
            )
            for key, c in zip(keys, order, strict=False)
        ]


def _decimal(value: float, digits: int) -> str:
    return "–" if np.isnan(value) else f"{value:z.{digits}f}".replace("-", "−")
