"""Lay out for the terminal what to look for next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bayestrace.cli.seek_words import say
from bayestrace.cli.show import columns, probability, shortened
from bayestrace.messages import Lang
from bayestrace.study import Study

#: Searches and pairs listed; --json has more.
LISTED, LISTED_PAIRS = 12, 6
#: Terminal cells for the names in a row, so that it stays within 110.
_TITLE, _CASE, _SEARCH = 26, 20, 22
#: Searches among which it is said which repeat each other.
_GOOD = 10
# Information below this is not told.
_SHOWN = 0.0005


class Shown:
    """An analysis as plain data, and the names of its things in a language."""

    def __init__(self, found: Mapping[str, Any], study: Study, lang: Lang) -> None:
        self.found, self.study, self.lang = found, study, lang
        self._titles = {one["candidate"]: one["title"][lang] for one in found["candidates"]}
        spots = [(row["candidate"], row["case"]) for row in found["searches"]]
        self._numbers = {spot: place for place, spot in enumerate(spots, start=1)}

    def text(self) -> str:
        """Lay it all out."""
        parts = [self._searches(), "\n".join(self.sentences())]
        if any(len(row["cases"]) > 1 for row in self.found["together"]):
            parts.append(self._together())
        if self.found["pairs"]:
            parts.append(self._pairs())
        return "\n\n".join([*parts, "\n".join(self._notes())])

    def title(self, candidate: str) -> str:
        """Name a candidate."""
        return str(self._titles.get(candidate, candidate))

    def case(self, key: str) -> str:
        """Name a case."""
        return self.study.cases[key].name(self.lang)

    def hypothesis(self, key: str) -> str:
        """Name an explanation."""
        return self.study.hypotheses[key].name(self.lang)

    def _say(self, key: str, **details: object) -> str:
        return say(key, self.lang, **details)

    def _searches(self) -> str:
        heads = ("number", "candidate", "case", "cost", "found", "nats", "per-cost", "moves", "overturn")
        rows = [[self._say(head) for head in (*heads, "db-found", "db-not-found")]]
        everything = self.found["searches"]
        paired = {self._number(one) for row in self.found["pairs"][:LISTED_PAIRS] for one in row["searches"]}
        listed = [place for place in range(len(everything)) if place < LISTED or place + 1 in paired]
        for place in listed:
            row = everything[place]
            rows.append(
                [
                    str(place + 1),
                    shortened(self.title(row["candidate"]), _TITLE),
                    shortened(self.case(row["case"]), _CASE),
                    f"{row['cost']:g}",
                    probability(row["p_found"]),
                    _nats(row["information"]),
                    _nats(row["information_per_cost"]),
                    probability(row["change"]),
                    _overturn(row),
                    _db(row["found"]["db"]),
                    _db(row["not_found"]["db"]),
                ]
            )
        parts = [self._say("searches"), columns(rows, left={1, 2}, spaced=False)]
        if len(everything) > len(listed):
            parts.append(self._say("more-searches", count=len(everything) - len(listed)))
        return "\n".join([*parts, self._say("legend")])

    def _number(self, search: Mapping[str, str]) -> int:
        """Give the number that a search has in the table."""
        return self._numbers[search["candidate"], search["case"]]

    def _together(self) -> str:
        heads = (
            "candidate",
            "cases",
            "cost",
            "nats-together",
            "nats-apart",
            "per-cost",
            "found-somewhere",
            "overturn-any",
        )
        rows = [[self._say(head) for head in heads]]
        rows += [
            [
                shortened(self.title(row["candidate"]), _TITLE),
                f"{len(row['cases'])}{'' if row['all_cases'] else '*'}",
                f"{row['cost']:g}",
                _nats(row["information"]),
                _nats(row["apart"]),
                _nats(row["per_cost"]),
                probability(1.0 - row["times_found"][0]),
                _overturn(row),
            ]
            for row in self.found["together"]
        ]
        return self._say("together") + "\n" + columns(rows, left={0}, spaced=False)

    def _pairs(self) -> str:
        heads = ("first", "second", "cost", "nats-together", "sum", "per-cost", "overturn", "how")
        rows = [[self._say(head) for head in heads]]
        rows += [
            [
                *(self._short(one) for one in row["searches"]),
                f"{row['cost']:g}",
                _nats(row["information"]),
                _nats(row["apart"]),
                _nats(row["per_cost"]),
                _overturn(row),
                self._say(row["relation"], share=_share(row)),
            ]
            for row in self.found["pairs"][:LISTED_PAIRS]
        ]
        return self._say("pairs") + "\n" + columns(rows, left={0, 1, 7}, spaced=False)

    def _short(self, search: Mapping[str, str]) -> str:
        return f"{self._number(search)} {shortened(self.title(search['candidate']), _SEARCH)}"

    def _named(self, search: Mapping[str, str]) -> str:
        return self._say("named", candidate=self.title(search["candidate"]), case=self.case(search["case"]))

    def sentences(self) -> list[str]:
        """Say which search tells most, and which two."""
        rows = self.found["searches"]
        best = max(rows, key=lambda row: row["information"])
        said = [self._best(best)]
        if rows[0] is not best:
            nats = _nats(rows[0]["information_per_cost"])
            said.append(self._say("best-per-cost", **self._spot(rows[0]), nats=nats))
        # Where none leads none can be overturned.
        turning = max((row for row in rows if row["leader"]), key=lambda row: row["overturn"], default=best)
        if turning["overturn"] == 0.0 and turning["leader"]:
            said.append(self._say("none-overturns"))
        elif turning is not best:
            details = {"overturn": probability(turning["overturn"]), "leader": self.hypothesis(turning["leader"])}
            said.append(self._say("likeliest-overturn", **self._spot(turning), **details))
        other = max(best["elsewhere"], key=lambda row: row["information"], default=None)
        if other and other["information"] >= _SHOWN:
            details = {"other": self.case(other["case"]), "nats": _nats(other["information"])}
            said.append(self._say("elsewhere", **self._spot(best), **details))
        return said + self._of_pairs()

    def _spot(self, row: Mapping[str, Any]) -> dict[str, str]:
        return {"candidate": self.title(row["candidate"]), "case": self.case(row["case"])}

    def _best(self, row: Mapping[str, Any]) -> str:
        after = [row[key]["probability"] for key in ("found", "not_found")]
        found, not_found = (
            self._say("impossible") if values is None else probability(values[row["explanation"]]) for values in after
        )
        return self._say(
            "best-tied" if row["leader"] is None else "best" if row["overturn"] else "best-stays",
            **self._spot(row),
            nats=_nats(row["information"]),
            overturn=probability(row["overturn"]),
            leader=self.hypothesis(row["explanation"]),
            now=probability(row["leader_now"]),
            p=probability(row["p_found"]),
            found=found,
            not_found=not_found,
        )

    def _of_pairs(self) -> list[str]:
        listed = self.found["pairs"]
        if not listed:
            return []
        first, second = map(self._named, listed[0]["searches"])
        nats, apart = (_nats(listed[0][key]) for key in ("information", "apart"))
        said = [self._say("best-pair", first=first, second=second, nats=nats, apart=apart)]
        good = {(row["candidate"], row["case"]) for row in self.found["searches"][:_GOOD]}
        among = [row for row in listed if all((one["candidate"], one["case"]) in good for one in row["searches"])]
        for key, relation in (("repeat", "redundant"), ("complete", "complementary")):
            here = [row for row in among if row["relation"] == relation]
            if here:
                row = max(here, key=lambda row: abs(row["information"] / row["apart"] - 1.0))
                first, second = map(self._named, row["searches"])
                said.append(self._say(key, first=first, second=second, share=_share(row)))
        return said

    def _notes(self) -> list[str]:
        limits = self.found["limits"]
        notes = [self._say("strength")]
        if self.found["pooling"] == "case-by-case":
            notes.append(self._say("face-value"))
        if not all(row["all_cases"] for row in self.found["together"]):
            notes.append(self._say("not-all-cases", count=limits["most_cases"]))
        if limits["paired"] < limits["searches"]:
            notes.append(self._say("not-all-pairs", count=limits["paired"]))
        for one in self.found["left"]:
            cases = self._say("comma").join(map(self.case, one["cases"]))
            notes.append(self._say(f"left-{one['reason']}", name=self.title(one["candidate"]), cases=cases))
        return notes


def _overturn(row: Mapping[str, Any]) -> str:
    """Print the probability of another leader; where no outcome makes one, a plain nought."""
    return probability(row["overturn"]) if row["overturn"] else "0"


def _nats(value: float) -> str:
    return f"{value:.3f}"


def _db(value: float | str | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return "+∞" if value == "infinite" else "−∞"
    return f"{value:+z.1f}".replace("-", "−")


def _share(row: Mapping[str, float]) -> str:
    return f"{100.0 * abs(row['information'] / row['apart'] - 1.0):.0f} %" if row["apart"] else ""


def rows_of_csv(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Flatten the searches for one table: posterior and decibels after each outcome in columns of their own."""
    flat = []
    for row in found["searches"]:
        plain = {key: value for key, value in row.items() if not isinstance(value, dict | list)}
        for outcome in ("found", "not_found"):
            db = row[outcome]["db"]
            plain[f"db_{outcome}"] = db.replace("infinite", "inf") if isinstance(db, str) else db
            plain |= {f"{key}_if_{outcome}": value for key, value in (row[outcome]["probability"] or {}).items()}
        flat.append(plain)
    return flat


def names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """List the columns of rows, in the order in which they come up."""
    return list(dict.fromkeys(key for row in rows for key in row))
