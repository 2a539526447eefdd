"""The views are a function of the set of stored entries, and of nothing else (PROTOCOL I6, 2.9)."""

import shutil
import tempfile
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update

from server.directory import Directory
from server.store import tables
from server.store.database import open_store
from server.store.migrate import migrate
from server.views.check import check_views
from server.views.fold import judge_waiting, refold
from tests.server.log_of_a_season import Desk, Season
from tests.server.running import read_rows

SEASON = Season()


@st.composite
def arrivals(draw):
    """Every entry in an order the machines could have sent, some of them twice, in groups."""
    chains = SEASON.chains()
    order = []
    while any(chains):
        number = draw(st.sampled_from([n for n, chain in enumerate(chains) if chain]))
        order.append(chains[number].pop(0))
        if draw(st.booleans()):
            order.append(draw(st.sampled_from(order)))
    cuts = sorted(draw(st.sets(st.integers(1, len(order)), max_size=6)) | {0, len(order)})
    return [order[a:b] for a, b in pairwise(cuts)]


def in_order():
    """Machine by machine, one group."""
    return [[arrival for chain in SEASON.chains() for arrival in chain]]


def play(store, groups, *, late_after=None, rushed=frozenset()):
    """The views after these arrivals; the late officer's certificate comes after some group.

    Groups in ``rushed`` are stored and get their verdicts later.
    """
    desk = Desk(SEASON, store)
    desk.certify(*SEASON.devices, SEASON.officer)
    if late_after is None:
        desk.certify(SEASON.late)
    for number, group in enumerate(groups):
        desk.calm = number not in rushed
        desk.arrive(group)
        if number == late_after:
            desk.certify(SEASON.late)
            with store.writing() as connection:
                judge_waiting(connection, [SEASON.late.id], Directory())
            late_after = None
    if late_after is not None:
        desk.certify(SEASON.late)
        with store.writing() as connection:
            judge_waiting(connection, [SEASON.late.id], Directory())
    assert check_views(store).equal
    desk.judge_some()
    return desk.views()


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What everyone must come to."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('expected') / 'log.db'}")
    migrate(store)
    views = play(store, in_order())
    store.close()
    return views


def test_the_season_says_something_of_every_kind(expected):
    states = {row["state"] for row in expected["application"]}
    codes = {row["code"] for row in expected["verdict"]}

    assert states == {"current", "withdrawn", "conflict"}
    assert {"teacher_unregistered", "scope", None} <= codes
    assert len(expected["revision"]) == 12
    came_again = next(row for row in expected["application"] if row["version"] == 3)
    assert (came_again["state"], came_again["review"]) == ("current", "approved")
    assert {row["valid"] for row in expected["decision"]} == {True, False}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    groups=arrivals(),
    late=st.one_of(st.none(), st.integers(0, 7)),
    rushed=st.sets(st.integers(0, 7)),
)
def test_the_order_of_arrival_and_repetitions_never_matter(
    expected, groups, late, rushed, sqlite_template
):
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(sqlite_template, folder)
        store = open_store(f"sqlite:///{path}")
        try:
            migrate(store)

            views = play(store, groups, late_after=late, rushed=rushed)

            assert views == expected
            assert check_views(store).equal
        finally:
            store.close()


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    groups=arrivals(),
    late=st.one_of(st.none(), st.integers(0, 7)),
    rushed=st.sets(st.integers(0, 7)),
)
def test_the_other_database_comes_to_the_same(expected, groups, late, rushed, postgresql_copy):
    with postgresql_copy() as url:
        store = open_store(url)
        try:
            migrate(store)

            views = play(store, groups, late_after=late, rushed=rushed)

            assert views == expected
            assert check_views(store).equal
        finally:
            store.close()


def test_a_rebuild_gives_the_same_rows(store):
    play(store, in_order())
    with store.reading() as connection:
        before = {table.name: read_rows(connection, table) for table in tables.VIEWS}

    with store.writing() as connection:
        count = refold(connection, Directory())

    with store.reading() as connection:
        after = {table.name: read_rows(connection, table) for table in tables.VIEWS}
    assert after == before
    assert count == sum(len(chain) for chain in SEASON.chains())


TAMPERINGS = {
    "points raised": update(tables.application).values(points_a=9999),
    "a version moved": update(tables.revision).values(school="999999"),
    "a verdict turned": update(tables.verdict).values(verdict=1, code=None),
    "a decision made to count": update(tables.decision).values(valid=True),
    "a roster entry dropped": delete(tables.roster),
    "an application invented": insert(tables.application).values(
        app=bytes(16), state="current", heads=b""
    ),
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_a_view_changed_by_hand_is_found_and_a_rebuild_mends_it(store, how):
    play(store, in_order())
    with store.writing() as connection:
        connection.execute(TAMPERINGS[how])

    found = check_views(store)
    with store.writing() as connection:
        refold(connection, Directory())

    assert not found.equal
    assert found.different >= 1
    assert found.differences[0].table
    assert check_views(store).equal


def unguarded(connection, table):
    """An administrator can take the triggers away."""
    if connection.dialect.name == "sqlite":
        for action in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER {table}_no_{action}"))
    else:
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))


LAST = select(tables.event.c.log_index).order_by(tables.event.c.log_index.desc()).limit(1)
LOG_TAMPERINGS = {
    "an entry cut out": (delete(tables.event).where(tables.event.c.log_index == 3), "missing"),
    "the newest entry dropped": (
        delete(tables.event).where(tables.event.c.log_index == LAST.scalar_subquery()),
        "head",
    ),
    "another kind written": (
        update(tables.event).where(tables.event.c.log_index == 1).values(kind="season.open"),
        "columns",
    ),
    "another hash written": (
        update(tables.event).where(tables.event.c.log_index == 1).values(eh=bytes(32)),
        "columns",
    ),
    "bytes changed": (
        update(tables.event).where(tables.event.c.log_index == 1).values(frame=b"\x94"),
        "malformed",
    ),
    "a payload exchanged": (update(tables.payload).values(data=b"\x80"), "payload_hash"),
}


@pytest.mark.parametrize("how", LOG_TAMPERINGS)
def test_a_log_changed_by_an_administrator_is_found(store, how):
    play(store, in_order())
    statement, code = LOG_TAMPERINGS[how]
    with store.writing() as connection:
        unguarded(connection, "event")
        unguarded(connection, "payload")
        connection.execute(statement)

    found = check_views(store)

    assert not found.equal
    assert code in {damage.code for damage in found.damages}


def test_erased_payloads_leave_a_log_that_verifies(store):
    """DESIGN D3: the duty to erase does not break the chain."""
    play(store, in_order())

    with store.writing() as connection:
        connection.execute(update(tables.payload).values(data=None))

    assert check_views(store).damages == ()
