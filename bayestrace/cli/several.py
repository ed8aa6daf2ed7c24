"""Several studies updated by one command: each as it would be alone, whatever becomes of the others."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bayestrace.cli import faults, many, options, show, updating
from bayestrace.cli.progress import Ticker
from bayestrace.cli.words import say, say_private

if TYPE_CHECKING:
    from bayestrace.api import Drawn, Posed
    from bayestrace.cli.updating import Begun

#: Version of the layout that --json prints.
FORMAT = 1


class Several:
    """The studies of one command by their place in it: those that wait, were written, or were not and why.

    Parameters
    ----------
    paths
        Where they are.
    given
        The command's options.
    tell
        Whom to tell how the work gets on.
    """

    def __init__(self, paths: Sequence[Path], given: dict[str, Any], tell: Callable[[str], None]) -> None:
        self._paths = paths
        self._given = given
        self._tell = tell
        self._lang, self._other = options.languages(given["lang"])
        self._waiting: dict[int, Begun] = {}
        self._written: dict[int, dict[str, Any]] = {}
        self._doubtful: list[int] = []
        self._failed: dict[int, tuple[int, str]] = {}

    def begin(self) -> None:
        """Read and pose all of them, so that what is wrong is told before any is drawn.

        Raises
        ------
        UsageFault
            Two of them would be written to one folder.
        """
        out = self._given["out"]
        for place, path in enumerate(self._paths):
            try:
                self._waiting[place] = updating.begin(path, self._given, out and out / _name(path))
            except Exception as fault:  # noqa: BLE001 - it is told, and keeps no other study from being done
                self._fail(place, fault)
        self._refuse_one_folder()

    def update(self, *, quiet: bool, as_json: bool) -> None:
        """Draw what they pose, and write and sum up each as soon as its draws are there."""
        from bayestrace import farm  # noqa: PLC0415
        from bayestrace.errors import BayestraceError  # noqa: PLC0415

        places = list(self._waiting)
        # A line that renews itself is for terminals; elsewhere a line for each study will do.
        ticker = Ticker(self._lang, quiet=quiet or not sys.stderr.isatty())
        try:
            with farm.connected(self._given["scheduler"] if places else None) as workers:
                told = self._told(places)
                for at, drawn in updating.draws(
                    told, workers, ticker, lambda: self._tell(say("compiling", self._lang))
                ):
                    said = self._write(places[at], drawn)
                    if said and not as_json:
                        click.echo(said + "\n")
        except KeyboardInterrupt:
            why = say("several-interrupted", self._lang)
            click.echo(f"\n{why}", err=True)
            self._stop(options.EXIT_INTERRUPTED, why)
        except BayestraceError as fault:
            # What stops all of them: nobody at the scheduler, or no longer.
            self._stop(faults.tell(fault, self._lang), fault.text(self._lang))

    def close(self, *, as_json: bool) -> int:
        """Say which were updated and which not, and give the exit code."""
        if as_json:
            listed = [self._written.get(place) or self._why_not(place) for place in range(len(self._paths))]
            click.echo(show.as_json({"update": FORMAT, "studies": listed}))
        elif self._written:
            done, count = len(self._written), len(self._paths)
            click.echo(say("several-updated", self._lang, done=done, count=count, studies=self._named(self._written)))
        if self._doubtful:
            self._tell(say("several-doubtful", self._lang, studies=self._named(self._doubtful)))
        if not self._failed:
            return options.EXIT_CHECK if self._doubtful else 0
        click.echo(say("several-not", self._lang, studies=self._named(self._failed)), err=True)
        codes = [code for _, (code, _) in sorted(self._failed.items())]
        return options.EXIT_INTERRUPTED if options.EXIT_INTERRUPTED in codes else codes[0]

    def _refuse_one_folder(self) -> None:
        from bayestrace.errors import UsageFault  # noqa: PLC0415

        taken: dict[str, int] = {}
        for place, begun in self._waiting.items():
            folder = str(begun.target.resolve())
            # In one folder, names that differ in capitals alone are the same name on some systems.
            first = taken.setdefault(folder.casefold() if self._given["out"] else folder, place)
            if first != place:
                one, other = self._paths[first], self._paths[place]
                raise UsageFault("one-folder", one=one, other=other, folder=begun.target)

    def _told(self, places: Sequence[int]) -> Iterator[Posed]:
        """Give what is to be drawn, and tell of each study as it is taken."""
        for number, place in enumerate(places, 1):
            details = {"number": number, "count": len(places), "study": self._paths[place]}
            self._tell(say("several-turn", self._lang, **details))
            yield self._waiting[place].posed

    def _write(self, place: int, drawn: Drawn | Exception) -> str | None:
        """Write the result of a study and sum it up; None where there is none, which is told."""
        try:
            return self._summed_up(place, drawn)
        except Exception as fault:  # noqa: BLE001 - as in begin
            self._fail(place, fault)
            return None

    def _summed_up(self, place: int, drawn: Drawn | Exception) -> str:
        from bayestrace import api  # noqa: PLC0415

        if isinstance(drawn, Exception):
            raise drawn
        study, inputs, posed, target = self._waiting[place]
        lang, path = self._lang, self._paths[place]
        tree = api.conclude(posed, drawn)
        summary, findings = api.summary_of(tree), api.findings_of(tree)
        failures = [one for one in findings if one.level == "failure"]
        sentence = show.sentence if many.cut(summary) is summary else many.sentence
        lines = [say("several-head", lang, study=path, title=study.title(lang)), sentence(summary, study, lang)]
        lines += [study.notice(lang)] if study.notice else []
        lines += [show.finding(one, study, lang) for one in failures]
        lines += [say("several-findings", lang, count=len(findings))] if findings else []
        warning = say_private(study, target, lang)
        # All that may go wrong has been done: from here on it is written, whatever comes.
        files = api.write_result(tree, target, inputs, lang, self._other)
        self._written[place] = {"path": path.as_posix(), **summary, "written": [file.as_posix() for file in files]}
        self._waiting.pop(place)
        self._doubtful += [place] if failures else []
        if warning:
            click.echo(warning, err=True)
        return "\n".join([*lines, say("written", lang, folder=target, files=", ".join(file.name for file in files))])

    def _fail(self, place: int, fault: Exception) -> None:
        from bayestrace.errors import BayestraceError  # noqa: PLC0415

        self._waiting.pop(place, None)
        click.echo(say("several-fault", self._lang, study=self._paths[place]), err=True)
        text = fault.text(self._lang) if isinstance(fault, BayestraceError) else f"{type(fault).__name__}: {fault}"
        self._failed[place] = (faults.tell(fault, self._lang), text)

    def _stop(self, code: int, why: str) -> None:
        """Give up those that wait."""
        self._failed |= dict.fromkeys(self._waiting, (code, why))

    def _why_not(self, place: int) -> dict[str, Any]:
        code, text = self._failed[place]
        return {"path": self._paths[place].as_posix(), "exit_code": code, "fault": text}

    def _named(self, places: Iterable[int]) -> str:
        return say("comma", self._lang).join(str(self._paths[place]) for place in sorted(places))


def _name(study: Path) -> str:
    """Name the folder of a study's result after it, as the user does: links are not followed."""
    there = Path(os.path.abspath(study))  # noqa: PTH100 - `resolve` would follow them
    return there.stem if study.is_file() else there.name
