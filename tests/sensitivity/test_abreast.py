"""Pieces side by side: in order, told of, and stopped by the first error."""

import threading
import time

import pytest

from bayestrace.sensitivity.abreast import abreast


def test_what_is_found_has_the_order_of_the_pieces_whichever_is_done_first() -> None:
    told: list[tuple[int, int]] = []

    def slow_at_first(piece: int) -> int:
        time.sleep(0.05 if piece == 0 else 0.0)
        return piece * piece

    assert abreast(slow_at_first, range(6), lambda done, total: told.append((done, total))) == [0, 1, 4, 9, 16, 25]
    assert told == [(done, 6) for done in range(1, 7)]


def test_nothing_is_found_of_nothing() -> None:
    assert abreast(str, []) == []


def test_the_teller_is_called_by_whoever_asks() -> None:
    threads: set[int] = set()
    abreast(str, range(4), lambda *_: threads.add(threading.get_ident()))
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_after_an_error_nothing_more_is_begun(error: type[BaseException]) -> None:
    begun: list[int] = []

    def work(piece: int) -> None:
        begun.append(piece)
        time.sleep(0.02)
        if piece == 1:
            raise error

    with pytest.raises(error):
        abreast(work, range(100))
    assert len(begun) < 20


def test_an_interrupt_while_telling_ends_it() -> None:
    begun: list[int] = []

    def work(piece: int) -> None:
        begun.append(piece)
        time.sleep(0.01)

    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        abreast(work, range(100), stop)
    assert len(begun) < 20
