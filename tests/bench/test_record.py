from tests.bench import record
from tests.bench.figure import Figure

SLOW = Figure("one", "2 s", "limit", "≤ 1 s", reached=False)
FREE = Figure("two", "3 s", "limit", "-", reached=None)


def test_a_page_gives_back_the_parts_that_were_written_in_the_order_asked():
    parts = {"b": record.part([SLOW], {"s": 2.0}, 2.4), "a": record.part([FREE], {"s": 3}, 0.0)}

    page = record.write(parts, ("a", "b"))

    assert record.read(page) == parts
    rows = [line.split(" | ")[0] for line in page.splitlines() if line.startswith("| ")]
    assert rows == ["| what", "| two", "| one"]
    assert "| ≤ 1 s | **no** |" in page
    assert "- b: 2 s on " in page


def test_a_part_that_is_not_there_any_more_leaves_the_page():
    parts = {"gone": record.part([SLOW], {}, 1.0)}

    assert record.read(record.write(parts, ("a",))) == {}
