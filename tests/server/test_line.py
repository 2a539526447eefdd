"""One thread waits for pieces, and is woken when there are enough."""

import threading
import time

import pytest

from server.store.line import Line

SOON_S = 10.0


@pytest.fixture
def waiting():
    """Begins to wait in a thread of its own; gives the line and what says that it is over."""
    threads = []

    def begin(line, enough):
        asked, over = threading.Event(), threading.Event()

        def wanted():
            asked.set()
            return enough

        def wait():
            line.wait(wanted, SOON_S)
            over.set()

        threads.append(threading.Thread(target=wait))
        threads[-1].start()
        assert asked.wait(SOON_S)
        return over

    yield begin
    for each in threads:
        each.join(SOON_S)


def test_pieces_are_taken_in_the_order_they_came():
    line = Line()
    for number in range(5):
        line.put(number)

    assert (len(line), line.take(3), line.take(3), line.take(3)) == (5, [0, 1, 2], [3, 4], [])


def test_whoever_waits_for_three_is_not_woken_by_two(waiting):
    line = Line()
    over = waiting(line, 3)

    line.put("a")
    line.put("b")
    early = over.wait(0.05)
    line.put("c")

    assert not early
    assert over.wait(SOON_S)
    assert line.take(9) == ["a", "b", "c"]


def test_what_is_there_already_is_enough(waiting):
    line = Line()
    line.put("a")

    assert waiting(line, 1).wait(SOON_S)


def test_the_end_wakes_whoever_waits_and_leaves_what_is_in_line(waiting):
    line = Line()
    over = waiting(line, 2)

    line.put("a")
    line.end()

    assert over.wait(SOON_S)
    assert line.ended
    assert line.take(9) == ["a"]


def test_nobody_waits_longer_than_they_wanted():
    line = Line()
    started = time.monotonic()

    line.wait(lambda: 1, 0.01)

    assert time.monotonic() - started < SOON_S
    assert line.take(1) == []


def test_pieces_of_many_threads_all_wake_the_one_that_waits(waiting):
    line = Line()
    over = waiting(line, 200)

    putting = [threading.Thread(target=lambda: [line.put(n) for n in range(20)]) for _ in range(10)]
    for each in putting:
        each.start()
    for each in putting:
        each.join()

    assert over.wait(SOON_S)
    assert sorted(line.take(999)) == sorted([*range(20)] * 10)
