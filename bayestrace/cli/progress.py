"""Show on stderr how long work gets on: one line that renews itself, or a line each tenth without a terminal."""

from __future__ import annotations

import sys
import time

from bayestrace.cli.words import say
from bayestrace.messages import Lang

_EVERY = 0.2  # seconds between two drawings of the line


class Ticker:
    """A progress line for the sampler.

    Parameters
    ----------
    lang
        Language of the words.
    quiet
        Say nothing.
    key
        The words in which to tell.
    """

    def __init__(self, lang: Lang, *, quiet: bool, key: str = "sampling") -> None:
        self._lang = lang
        self._key = key
        self._quiet = quiet
        self._live = sys.stderr.isatty()
        self._last = 0.0
        self._tenth = 0

    def __call__(self, done: int, total: int) -> None:
        """Tell that `done` of `total` draws are made."""
        if self._quiet:
            return
        tenth, now = 10 * done // total, time.monotonic()
        if self._live and (now - self._last > _EVERY or done == total):
            self._last = now
            end = "\n" if done == total else ""
            sys.stderr.write(f"\r{say(self._key, self._lang, done=done, total=total)}{end}")
            sys.stderr.flush()
        elif not self._live and tenth > self._tenth:
            self._tenth = tenth
            sys.stderr.write(say(self._key, self._lang, done=done, total=total) + "\n")
