"""Lay out for the terminal how far coders agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bayestrace.agreement.measured import EVERY
from bayestrace.agreement.wording import say
from bayestrace.cli.show import columns, decibel, probability, shortened, width
from bayestrace.messages import Lang
from bayestrace.report.page.html import Speaker
from bayestrace.study import Study

#: Observations of the worklist, and of those that stay apart, that are listed; --json has all.
LISTED, APART = 10, 8
#: Terminal cells for names, so that a row stays within 110.
_NAME, _RIVAL, _CASE, _TITLE, _STEP = 16, 20, 20, 26, 12
# Terminal cells in a line of prose.
_LINE = 110


class Shown:
    """What was found, and the names of its things in a language.

    Parameters
    ----------
    found
        As `bayestrace.agreement.run.analyse` gives it.
    study
        Of which it is.
    lang
        Language.
    blind
        Whether the coders in `found` are letters.
    """

    def __init__(self, found: Mapping[str, Any], study: Study, lang: Lang, *, blind: bool = False) -> None:
        self.found, self.study, self.lang, self.blind = found, study, lang, blind

    def text(self) -> str:
        """Lay it all out."""
        found = self.found
        parts = [self._head(), self._coefficients(), "\n".join(self._signs()), self._groups(), self._leanings()]
        parts += [self._pairs(), self._opinions(), self._without(), self._worklist()]
        parts += [self._round(row) for row in found["rounds"]]
        if found["rounds"] or found["round"] > 1:
            parts.append(self._say("not-independent"))
        return _wrapped("\n\n".join(parts))

    def _say(self, key: str, **details: object) -> str:
        return say(key, self.lang, **details)

    def _coder(self, key: str) -> str:
        known = not self.blind and key in self.study.coders
        return self.study.coders[key].name(self.lang) if known else key

    def _hypothesis(self, key: str) -> str:
        return self._say("every-pair") if key == EVERY else self.study.hypotheses[key].name(self.lang)

    def _case(self, key: str) -> str:
        return self.study.cases[key].name(self.lang)

    def _source_type(self, key: str) -> str:
        return Speaker(self.lang).word_or("type", key)

    def _step(self, key: str) -> str:
        return self._say("whole") if key == EVERY else self.study.mechanism.steps[key].name(self.lang)

    def _title(self, key: str) -> str:
        return next(item.title(self.lang) for item in self.study.evidence if item.id == key)

    def _listed(self, names: Sequence[str]) -> str:
        return self._say("comma").join(names)

    def _head(self) -> str:
        coders = self.found["coders"]
        names = self._listed([self._coder(name) for name in coders])
        details = {"compared": self.found["compared"], "count": len(coders), "coders": names}
        return self._say("head", **details, round=self.found["round"])

    def _coefficients(self) -> str:
        found = self.found
        k = len(found["coders"])
        heads = ["against", "alpha", "interval", "icc-a1", "interval", "icc-c1", "icc-ak", "spread"]
        rows = [[self._say(head, k=k) for head in heads]]
        spreads = {row["against"]: row["spread_db"] for row in found["spread"]["by_rival"]}
        correlations = {row["against"]: row for row in found["icc"]}
        for row in found["alpha"]:
            kinds = {one["kind"]: one for one in correlations.get(row["against"], {}).get("kinds", ())}
            absolute, consistent, mean = (kinds.get(kind, {}) for kind in ("A,1", "C,1", "A,k"))
            spread = spreads.get(row["against"], found["spread"]["all_db"])
            cells = [shortened(self._hypothesis(row["against"]), _RIVAL), _decimal(row["value"]), _interval(row)]
            cells += [_decimal(absolute.get("value")), _interval(absolute), _decimal(consistent.get("value"))]
            rows.append([*cells, _decimal(mean.get("value")), _db(spread)])
        lead = self._say("coefficients", focal=self._hypothesis(found["focal"]))
        parts = [lead, columns(rows, left={0}, spaced=False)]
        return "\n".join([*parts, *self._readings(k)])

    def _readings(self, k: int) -> Iterator[str]:
        whole = self.found["alpha"][0]["value"]
        if whole is None:
            yield self._say("read-none")
        else:
            yield self._say("read-alpha", alpha=_decimal(whole), share=_percent(1.0 - whole))
            yield self._say("read-limits")
        complete = min(row["complete"] for row in self.found["icc"])
        yield self._say("read-icc", k=k, complete=complete)
        if complete < self.found["observations"]:
            each = [
                self._say(
                    "mixed",
                    against=self._hypothesis(row["against"]),
                    absolute=_decimal(row["mixed"]["absolute"]),
                    consistent=_decimal(row["mixed"]["consistent"]),
                )
                for row in self.found["icc"]
                if row["mixed"]
            ]
            if each:
                yield self._say("read-mixed", each=self._listed(each))

    def _signs(self) -> Iterator[str]:
        for row in self.found["signs"]:
            band = f"{row['band_db']:g}"
            if row["share"] is None:
                yield self._say("signs-none", band=band)
                continue
            ends = {key: _decimal(row["alpha"][key]) for key in ("low", "high")}
            details = {"pairs": row["same"] + row["opposite"], "undecided": row["undecided"], "band": band}
            share, alpha = _percent(row["share"]), _decimal(row["alpha"]["value"])
            yield self._say("signs", **details, **ends, share=share, alpha=alpha)

    def _groups(self) -> str:
        rivals = [shortened(self._hypothesis(name), _STEP) for name in self.found["rivals"]]
        heads = [self._say("group"), self._say("count"), self._say("whole"), *rivals]
        rows = [[*heads, self._say("alpha"), self._say("interval"), self._say("same")]]
        name_of: dict[str, Callable[[str], str]] = {
            "step": self._step,
            "case": self._case,
            "source_type": self._source_type,
        }
        for row in self.found["groups"]:
            name = shortened(name_of[row["kind"]](row["name"]), _RIVAL)
            spreads = [_db(row["spread_db"]), *(_db(one["spread_db"]) for one in row["by_rival"])]
            alpha = row["alpha"]
            cells = [_decimal(alpha["value"]), _interval(alpha), _percent(row["same_sign"])]
            rows.append([name, str(row["observations"]), *spreads, *cells])
        return self._say("groups") + "\n" + columns(rows, left={0}, spaced=False)

    def _leanings(self) -> str:
        rivals = self.found["rivals"]
        rows = [
            [self._say("coder"), self._say("step"), *(shortened(self._hypothesis(name), _RIVAL) for name in rivals)]
        ]
        cells: dict[tuple[str, str], dict[str, str]] = {}
        for row in self.found["leanings"]:
            cells.setdefault((row["coder"], row["step"]), {})[row["against"]] = self._leaning(row)
        for (coder, step), told in cells.items():
            name = shortened(self._coder(coder), _NAME) if step == EVERY else ""
            rows.append([name, shortened(self._step(step), _RIVAL), *(told[rival] for rival in rivals)])
        lead = self._say("leanings", focal=self._hypothesis(self.found["focal"]))
        return lead + "\n" + columns(rows, left={0, 1}, spaced=False)

    def _leaning(self, row: Mapping[str, Any]) -> str:
        mean, low, high = (row[f"{key}_db"] for key in ("mean", "low", "high"))
        if low is None or high is None:
            return _signed(mean) + " "
        star = "*" if low * high > 0.0 else " "
        return self._say("mean-interval", mean=_signed(mean), low=_signed(low), high=_signed(high), star=star)

    def _pairs(self) -> str:
        rows = [[self._say("coder"), "", self._say("apart"), self._say("same")]]
        for row in self.found["pairs"]:
            names = [self._coder(row[key]) for key in ("coder", "other")]
            rows.append([*names, _db(row["apart_db"]), _percent(row["same_sign"])])
        return self._say("pairs") + "\n" + columns(rows, left={0, 1}, spaced=False)

    def _opinions(self) -> str:
        coders = [shortened(self._coder(name), _NAME) for name in self.found["coders"]]
        modelled = any(row["model"] is not None for block in self.found["opinions"] for row in block["hypotheses"])
        pools = ["linear", "logarithmic", "face", *(["model"] if modelled else [])]
        rows = [[self._say("case"), self._say("hypothesis"), *coders, *map(self._say, pools)]]
        for block in self.found["opinions"]:
            for place, row in enumerate(block["hypotheses"]):
                case = "" if place else shortened(self._case(block["case"]), _CASE)
                told = [one["probability"] for one in row["coders"]]
                told += [row[key] for key in ("linear", "logarithmic", "face_value", "model")[: len(pools)]]
                rows.append([case, shortened(self._hypothesis(row["hypothesis"]), _RIVAL), *map(probability, told)])
        parts = [self._say("opinions"), columns(rows, left={0, 1}), self._say("read-pools")]
        given = self.found["pool_weights"]
        if len({one["weight"] for one in given}) > 1:
            each = self._listed([f"{self._coder(one['coder'])} {one['weight']:g}" for one in given])
            parts.append(self._say("pool-weights", each=each))
        return "\n".join(parts)

    def _without(self) -> str:
        if not self.found["without"]:
            return self._say("no-without")
        names = [shortened(self._coder(one["coder"]), _NAME) for one in self.found["without"][0]["without"]]
        rows = [[self._say("case"), self._say("leader"), self._say("all-coders"), *names]]
        for row in self.found["without"]:
            told = [
                probability(one["probability"])
                if one["leader"] == row["leader"]
                else self._say("then", probability=probability(one["probability"]), leader=self._leader(one["leader"]))
                for one in row["without"]
            ]
            rows.append([self._case(row["case"]), self._foremost(row), probability(row["probability"]), *told])
        lead = self._say("without", source=self._say(f"from-{self.found['without_from']}"))
        return "\n".join([lead, columns(rows, left={0, 1}, spaced=False), *self._equals(self.found["without"])])

    def _leader(self, key: str | None) -> str:
        return self._say("no-single") if key is None else self._hypothesis(key)

    def _foremost(self, row: Mapping[str, Any]) -> str:
        """Name the leader, or one of those that share its place, marked."""
        name = self._hypothesis(row["explanation"])
        return name if row["leader"] else self._say("one-of-equals", name=name)

    def _equals(self, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        return [] if all(row["leader"] for row in rows) else [self._say("equals")]

    def _worklist(self) -> str:
        found = self.found["worklist"]
        if not found:
            return self._say("nothing-to-discuss")
        coders = self.found["coders"]
        heads = [self._say(key) for key in ("number", "evidence", "stake")]
        rows = [[*heads, *(shortened(self._coder(name), _STEP) for name in coders), self._say("leader")]]
        for number, row in enumerate(found[:LISTED], start=1):
            told = {one["coder"]: one for one in row["coders"]}
            weights = [_db_signed(told[name]["weight_db"]) if name in told else "–" for name in coders]
            rough = "~" if any(one["rough"] for one in row["coders"]) else ""
            stake = f"{'!' if row['overturns'] else ''}{_stake(row['stake'])}{rough}"
            over = self._say("over", leader=self._foremost(row), rival=self._hypothesis(row["against"]))
            rows.append([str(number), shortened(self._title(row["evidence"]), _TITLE), stake, *weights, over])
        parts = [self._say("worklist", basis=self._say(f"basis-{self.found['basis']}"))]
        parts.append(columns(rows, left={1, len(rows[0]) - 1}, spaced=False))
        shown = found[:LISTED]
        if any(row["overturns"] for row in shown):
            parts.append(self._say("overturns"))
        parts += self._equals(shown)
        if any(one["rough"] for row in shown for one in row["coders"]):
            parts.append(self._say("rough"))
        if len(found) > LISTED:
            parts.append(self._say("more", count=len(found) - LISTED))
        return "\n".join(parts)

    def _round(self, row: Mapping[str, Any]) -> str:
        old, new = row["alpha"]
        told = self._say(
            "rounds-alpha",
            **{
                f"{name}_{end}": _decimal(one[end])
                for name, one in (("old", old), ("new", new))
                for end in ("low", "high")
            },
            old=_decimal(old["value"]),
            new=_decimal(new["value"]),
            old_db=_db(row["spread_db"][0]),
            new_db=_db(row["spread_db"][1]),
        )
        coders = [one["coder"] for one in row["movement"]]
        heads = [self._say(key) for key in ("coder", "stated-anew", "changed", "moved")]
        rows = [[*heads, *(self._say("towards", coder=shortened(self._coder(name), _STEP)) for name in coders)]]
        for one in row["movement"]:
            closed = {other["coder"]: other["closed"] for other in one["towards"]}
            cells = [self._coder(one["coder"]), str(one["weights"]), str(one["changed"]), _db(one["distance_db"])]
            rows.append([*cells, *(_decimal(closed.get(name)) for name in coders)])
        parts = [self._say("rounds", before=row["before"], after=row["after"]), told]
        parts += [columns(rows, left={0}, spaced=False), self._say("read-towards")]
        if row["discussed"]:
            parts.append(self._say("stay-apart"))
            parts += [
                "  "
                + self._say(
                    "still",
                    before=_db(one["before_db"]),
                    after=_db(one["after_db"]),
                    evidence=self._title(one["evidence"]),
                )
                for one in row["discussed"][:APART]
            ]
        return "\n".join(parts)


def _decimal(value: float | None) -> str:
    """Print a coefficient that is 1 at most, and may be negative."""
    return "–" if value is None else f"{value:z.3f}".replace("0.", ".", 1).replace("-", "−")


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100.0 * value:.1f} %"


def _db(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _db_signed(value: float | None) -> str:
    return "–" if value is None else decibel(value)


def _stake(value: float) -> str:
    return "<.001" if value < 0.0005 else _decimal(value)  # noqa: PLR2004 - half of the last digit


def _interval(row: Mapping[str, Any], low: str = "low", high: str = "high", form: Any = _decimal) -> str:
    if row.get(low) is None or row.get(high) is None:
        return "–"
    return f"{form(row[low])} – {form(row[high])}"


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value:+z.2f}".replace("-", "−")


def _wrapped(text: str) -> str:
    """Break long sentences so that they fit beside the tables; lines of tables are left as they are."""
    return "\n".join(line if "  " in line else "\n".join(_broken(line)) for line in text.split("\n"))


def _broken(line: str) -> Iterator[str]:
    """Break one line at blanks, or after any sign of Chinese that no closing sign follows."""
    while width(line) > _LINE:
        fits = next(end for end in range(len(line), 0, -1) if width(line[:end]) <= _LINE)
        ends = [end for end in range(fits, 0, -1) if line[end] == " " or _may_break(line[end - 1], line[end])]
        cut = ends[0] if ends else fits
        yield line[:cut].rstrip()
        line = line[cut:].lstrip()
    yield line


def _may_break(before: str, after: str) -> bool:
    return width(before) > 1 and before not in "（“" and after not in "，。；：、）”％%"
