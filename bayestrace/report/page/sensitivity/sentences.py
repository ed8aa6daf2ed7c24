"""Every flip point as a sentence: what one would have to believe for a case to have another leader."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from bayestrace.report.content.parts import Report
from bayestrace.report.content.sensitivity.parts import Item, LeftOut, Sensitivity, Sweep, Weighing
from bayestrace.report.content.values import Number, Phrase
from bayestrace.report.page.html import Html, Piece, Speaker
from bayestrace.report.page.sensitivity.units import told
from bayestrace.results import ALIKE

#: The parts of the section, in its order.
PARTS = ("priors", "pooling", "out", "bounds", "allowances", "rival", "power", "multiverse")
#: Prior probability of an unlisted explanation that the sentence is about.
_UNLISTED = 0.05
#: Nobody has a prior probability beyond this.
_HARDLY = 0.999
#: Items named in one sentence.
_NAMED, _MEMBERS = 5, 9
_POOLING, _SWEPT = ("kappa", "level"), ("prior", "kappa", "level", "bounds")


class Said(NamedTuple):
    """One sentence: the part it belongs to, the place of its case, what it says, whether the leader changes."""

    part: str
    case: int
    text: Html
    flips: bool


def sentences(report: Report, speaker: Speaker) -> list[Said]:
    """Say of every case what would change its leader and what would not.

    Parameters
    ----------
    report
        With `sensitivity`; there is nothing to say without.
    speaker
        In which language.
    """
    found = report.sensitivity
    if found is None:
        return []
    voice = _Voice(report, found, speaker)
    makers: tuple[Callable[[int], Iterator[Said]], ...] = (
        voice.priors,
        voice.simplex,
        voice.profiles,
        voice.limits,
        voice.pooling,
        voice.smallest,
        voice.left_out,
        voice.bounds,
        voice.allowances,
        voice.rival,
        voice.power,
        voice.multiverse,
    )
    return [
        said
        for case in range(len(report.cases))
        for maker in ((voice.tied,) if len(foremost(found.base[case])) > 1 else makers)
        for said in maker(case)
    ]


class _Voice:
    """Words everything of one report."""

    def __init__(self, report: Report, found: Sensitivity, speaker: Speaker) -> None:
        self.report, self.found, self.speaker = report, found, speaker

    def say(self, key: str, case: int, **fields: Piece) -> Html:
        """Fill a sentence about a case and its leader."""
        return self.speaker.say(
            f"sens-{key}", case=self.report.cases[case].name, leader=self.name(self.found.leaders[case]), **fields
        )

    def name(self, hypothesis: int) -> Phrase:
        """Name an explanation."""
        return self.report.hypotheses[hypothesis].name

    def joined(self, *pieces: Html | None) -> Html:
        """Put sentences after one another."""
        kept = [piece for piece in pieces if piece]
        return Html(("" if self.speaker.lang == "zh" else " ").join(kept))

    def doubt(self, told: Weighing | None) -> Html | None:
        """Say that an answer lies beyond what the draws can carry."""
        if told is None or not told.doubtful:
            return None
        k = self.speaker.ratio(told.pareto_k) if told.pareto_k else "–"
        return self.speaker.say("sens-doubtful", k=k, ess=self.speaker.count(told.ess))

    def tied(self, case: int) -> Iterator[Said]:
        """Say that there is no lead to be lost."""
        names = self.speaker.listed(self.name(place) for place in foremost(self.found.base[case]))
        yield Said("priors", case, self.say("tied", case, names=names), flips=True)

    def priors(self, case: int) -> Iterator[Said]:
        """Raise the focal explanation and the rival that comes to lead first; lower the leader."""
        leader = self.found.leaders[case]
        sweeps = {sweep.name: sweep for sweep in self.found.of("prior")}
        places = {self.report.hypotheses[place].id: place for place in range(len(self.report.hypotheses))}
        by_place = {places[name]: sweep for name, sweep in sweeps.items() if name in places}
        focal = self.report.focal.place
        rises = {place: _rise(sweep, case, place) for place, sweep in by_place.items() if place not in {leader, focal}}
        easiest = [place for place, rise in rises.items() if rise == min(rises.values()) < math.inf][:1]
        for place in dict.fromkeys((focal, leader, *easiest)):
            if place in by_place:
                yield self._prior(case, place, by_place[place])

    def _prior(self, case: int, raised: int, sweep: Sweep) -> Said:
        flip, leads = sweep.flips[case], self.found.leaders[case] == raised
        fields: dict[str, Piece] = {"name": self.name(raised)}
        if sweep.base is not None:
            fields["base"] = told("prior", sweep.base, self.speaker)
        if flip is None or sweep.base is None:
            ends = sorted(sweep.x, key=lambda number: number.value)
            reach = told("prior", ends[0] if leads else ends[-1], self.speaker)
            key = "prior-always" if leads else "prior-never"
            return Said("priors", case, self.say(key, case, **fields, reach=reach), flips=False)
        fields |= {"at": told("prior", flip.at, self.speaker), "to": self.name(flip.to)}
        key = "prior-lead" if flip.to == raised else "prior-lose" if leads else "prior-other"
        even = sweep.even[case] if sweep.even else None
        sure = sweep.sure[case] if sweep.sure else None
        more = key == "prior-lead" and not (sure and sure.value > _HARDLY)
        text = self.joined(
            self.say(key, case, **fields),
            self.speaker.say("sens-prior-even", even=self.speaker.pct(even)) if key == "prior-lead" and even else None,
            self.speaker.say("sens-prior-sure", sure=self.speaker.pct(sure)) if more and sure else None,
        )
        return Said("priors", case, text, flips=True)

    def simplex(self, case: int) -> Iterator[Said]:
        """Name the nearest prior of all with another leader, and say how many priors leave the leader as it is."""
        if not self.found.nearest:
            return
        one = self.found.nearest[case]
        if one.at is None or one.to is None:
            yield Said("priors", case, self.say("simplex-none", case), flips=False)
            return
        # The greatest first: what such a prior believes in stands at its head.
        order = sorted(range(len(one.prior)), key=lambda place: -one.prior[place].value)
        shares = [
            self.speaker.say("sens-simplex-believes", name=self.name(at), share=self.speaker.pct(one.prior[at]))
            for at in order
        ]
        text = self.joined(
            self.say(
                "simplex-flip",
                case,
                at=self.speaker.share(one.at),
                to=self.name(one.to),
                prior=self.speaker.listed(shares),
            ),
            self.say("simplex-share", case, share=self.speaker.share(one.share)),
        )
        yield Said("priors", case, text, flips=True)

    def profiles(self, case: int) -> Iterator[Said]:
        """Name the profiles under which another explanation leads."""
        leader = self.found.leaders[case]
        for one in self.found.profiles:
            to = one.leaders[case]
            if to is not None and to != leader:
                text = self.say("profiles-flip", case, name=one.name, to=self.name(to))
                yield Said("priors", case, text, flips=True)
            elif to is None and foremost(one.probability[case]):
                yield Said("priors", case, self.say("profiles-tied", case, name=one.name), flips=True)
        if self.found.profiles and all(one.leaders[case] == leader for one in self.found.profiles):
            yield Said("priors", case, self.say("profiles-none", case), flips=False)

    def limits(self, case: int) -> Iterator[Said]:
        """Say whether the case has another leader without pooling, or with one explanation for all."""
        for one in self.found.limits:
            to = one.leaders[case]
            if one.id == "as-fitted":
                continue
            if to is not None and to != self.found.leaders[case]:
                text = self.say(f"limits-{one.id}", case, to=self.name(to))
                yield Said("pooling", case, text, flips=True)
            elif to is None and foremost(one.probability[case]):
                yield Said("pooling", case, self.say(f"limits-{one.id}-tied", case), flips=True)

    def pooling(self, case: int) -> Iterator[Said]:
        """Sweep the concentration of the pools and the weights of their levels."""
        for sweep in self.found.of("kappa"):
            yield self._swept("pooling", case, sweep)
        levels = self.found.of("level")
        turning = [sweep for sweep in levels if sweep.flips[case]]
        for sweep in turning:
            subject = self.speaker.word(sweep.name) if sweep.name in {"common", "own"} else sweep.subject
            yield self._swept("pooling", case, sweep, name=subject)
        if levels and not turning:
            yield Said("pooling", case, self.say("level-none", case), flips=False)

    def _swept(self, part: str, case: int, sweep: Sweep, key: str | None = None, **fields: Piece) -> Said:
        flip = sweep.flips[case]
        key = key or sweep.kind
        fields["favoured"] = self.report.profile.favours
        if sweep.base is not None:
            fields["base"] = told(sweep.kind, sweep.base, self.speaker)
        if flip is None:
            reach = max(sweep.x, key=lambda number: number.value)
            text = self.say(f"{key}-none", case, **fields, reach=told(sweep.kind, reach, self.speaker))
            return Said(part, case, self.joined(text, self.doubt(sweep.worst)), flips=False)
        fields |= {"at": told(sweep.kind, flip.at, self.speaker), "to": self.name(flip.to)}
        return Said(
            part, case, self.joined(self.say(f"{key}-flip", case, **fields), self.doubt(flip.weighing)), flips=True
        )

    def allowances(self, case: int) -> Iterator[Said]:
        """Allow for dependence, error, selection, leaning and overstatement."""
        for sweep in self.found.sweeps:
            if sweep.kind not in _SWEPT:
                yield self._swept("allowances", case, sweep)

    def bounds(self, case: int) -> Iterator[Said]:
        """Move stated weights to the worst ends of their ranges: all coders', then each one's alone."""
        for sweep in self.found.of("bounds"):
            if sweep.name in {"", "all"}:
                yield self._swept("bounds", case, sweep)
            elif sweep.flips[case]:
                yield self._swept("bounds", case, sweep, "bounds-one", name=sweep.subject)

    def smallest(self, case: int) -> Iterator[Said]:
        """Name the fewest observations of which the leader depends."""
        if not self.found.smallest:
            return
        one = self.found.smallest[case]
        if one.size is None or one.to is None:
            text = self.say("smallest-none", case)
            if not one.exact and one.bound is not None:
                text = self.say("smallest-unknown", case, bound=self.speaker.count(one.bound))
            yield Said("out", case, text, flips=False)
            return
        linked = [self._linked(name, anchor) for name, anchor in one.members]
        # Of many the first: each of them costs the leader more than those after it.
        if len(linked) > _MEMBERS:
            left = str(len(linked) - _MEMBERS + 1)
            linked[_MEMBERS - 1 :] = [self.speaker.say("sens-smallest-more", number=left)]
        names = self.speaker.listed(linked)
        key = "smallest-one" if one.size.value == 1.0 else "smallest-flip"
        size = self.speaker.count(one.size)
        text = self.say(key, case, size=size, to=self.name(one.to), names=names)
        bound = None
        if not one.exact and one.bound is not None:
            bound = self.speaker.say("sens-smallest-bound", bound=self.speaker.count(one.bound), size=size)
        yield Said("out", case, self.joined(text, bound, self.doubt(one.weighing)), flips=True)

    def _linked(self, name: Piece, anchor: str | None) -> Html:
        said = self.speaker.listed([name])
        return Html(f'<a href="#{anchor}">{said}</a>') if anchor else said

    def left_out(self, case: int) -> Iterator[Said]:
        """Name, kind by kind, the single things without which another explanation leads."""
        # The smallest set says it of observations already, and by how many.
        asked = [kind for kind in self.found.left_out if kind.cases[case]]
        for kind in asked:
            if kind.kind != "observation" or not self.found.smallest:
                yield from self._one_out(case, kind)
        staying = [self.speaker.word(f"sens-kind-{kind.kind}") for kind in asked if not kind.turning[case]]
        if staying:
            yield Said("out", case, self.say("out-none", case, kinds=self.speaker.listed(staying)), flips=False)

    def _one_out(self, case: int, kind: LeftOut) -> Iterator[Said]:
        leader, items = self.found.leaders[case], kind.cases[case]
        word = self.speaker.word(f"sens-kind-{kind.kind}")
        turning = [item for item in items if item.leader != leader]
        for to in dict.fromkeys(item.leader for item in turning):
            names = [
                self._linked(item_name(kind.kind, item, self.speaker), item.anchor)
                for item in turning
                if item.leader == to
            ][:_NAMED]
            key = "out-single" if kind.turning[case] == 1 else "out-flip"
            text = self.say(key, case, kind=word, to=self.name(to), names=self._any(names))
            yield Said("out", case, text, flips=True)

    def _any(self, names: list[Html]) -> Html:
        """Join things of which each by itself is enough."""
        return Html(self.speaker.apart(names))

    def rival(self, case: int) -> Iterator[Said]:
        """Say what an explanation that nobody listed would have to weigh."""
        if not self.found.needed:
            return
        needed = self.found.needed[case]
        place = min(range(len(needed.prior)), key=lambda spot: abs(needed.prior[spot].value - _UNLISTED))
        each, whole = needed.per_observation[place], needed.in_all[place]
        if each is not None and whole is not None:
            fields: dict[str, Piece] = {
                "prior": self.speaker.pct(needed.prior[place]),
                "each": self._better(each),
                "all": self._better(whole),
            }
            yield Said("rival", case, self.say("rival-flip", case, **fields), flips=True)

    def _better(self, weight: Number) -> Html:
        """Write by how much one does better: the sign only where it is worse."""
        return self.speaker.db(weight) if weight.value < 0.0 else self.speaker.size(weight)

    def power(self, case: int) -> Iterator[Said]:
        """Say where prior and evidence conflict, and where evidence says little."""
        said = {one.diagnosis for one in self.found.power if one.case == case}
        for diagnosis, key in (("prior-evidence conflict", "power-conflict"), ("weak evidence", "power-weak")):
            if diagnosis in said:
                yield Said("power", case, self.say(key, case), flips=False)

    def multiverse(self, case: int) -> Iterator[Said]:
        """Say how often the leader leads over every combination of choices."""
        all_ = self.found.multiverse
        share = None if all_ is None else all_.of_leader[case]
        if all_ is None or share is None:
            return
        fields: dict[str, Piece] = {"share": self.speaker.share(share), "count": self.speaker.count(all_.count)}
        most, told_most = all_.most[case], None
        if most is not None:
            choice = self.speaker.word_or("sens-choice", most[0])
            told_most = self.say(
                "multiverse-most", case, name=self.report.focal.name, choice=choice, share=self.speaker.share(most[1])
            )
        text = self.joined(self.say("multiverse-share", case, **fields), told_most)
        yield Said("multiverse", case, text, flips=share.value < 1.0)


def foremost(shares: Sequence[Number]) -> list[int]:
    """List the explanations that have the first place or share it; none where nothing is known."""
    highest = max(share.value for share in shares)
    return [place for place, share in enumerate(shares) if share.value >= highest - ALIKE]


def item_name(kind: str, item: Item, speaker: Speaker) -> Piece:
    """Name what was left out: a type of source in the words of the page, all else as the study does."""
    return speaker.word_or("type", item.name.text) if kind == "source_type" else item.name


def _rise(sweep: Sweep, case: int, place: int) -> float:
    """Tell by how much the prior odds of an explanation must rise for it to lead, as a logarithm."""
    flip, base = sweep.flips[case], sweep.base
    if flip is None or flip.to != place or base is None or not 0.0 < base.value < 1.0 or not 0.0 < flip.at.value < 1.0:
        return math.inf
    return math.log(flip.at.value / (1.0 - flip.at.value)) - math.log(base.value / (1.0 - base.value))
