"""When a process that serves looks through all there is."""

import gc

from server.garbage import GROWTH_BYTES, Search, resident_bytes


class Process:
    """One that grows, and shrinks when it is searched."""

    def __init__(self):
        self.size, self.searches = GROWTH_BYTES, 0

    def memory(self):
        return self.size

    def search(self):
        self.searches += 1
        self.size -= GROWTH_BYTES // 2


def test_it_looks_once_it_has_grown_and_not_before():
    process = Process()
    search = Search(process.memory, process.search)

    search.look()
    process.size += GROWTH_BYTES
    search.look()
    before = process.searches
    process.size += 1
    search.look()

    assert (before, process.searches) == (0, 1)


def test_what_it_has_found_or_let_go_of_by_itself_counts_as_free_again():
    process = Process()
    search = Search(process.memory, process.search)
    process.size += GROWTH_BYTES + 1
    search.look()
    process.size -= GROWTH_BYTES // 4
    search.look()

    process.size += GROWTH_BYTES + 1
    search.look()

    assert process.searches == 2


def test_the_memory_of_this_process_is_read_and_garbage_found():
    assert resident_bytes() > 1024 * 1024
    circle: list[object] = [bytes(1)]
    circle.append(circle)
    size = iter([0, GROWTH_BYTES + 1, 0])
    search = Search(lambda: next(size))
    del circle
    before = gc.get_stats()[2]["collections"]

    search.look()

    assert gc.get_stats()[2]["collections"] == before + 1
