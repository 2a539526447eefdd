"""The fixtures of `tests/conftest.py` keep their promises."""

import sqlalchemy as sa

NOTES = sa.table("notes", sa.column("text"))


def test_a_database_of_each_kind_is_empty_and_keeps_what_is_written(blank_database_url):
    engine = sa.create_engine(blank_database_url)

    with engine.begin() as connection:
        before = sa.inspect(connection).get_table_names()
        connection.execute(sa.text("CREATE TABLE notes (text VARCHAR)"))
        connection.execute(sa.insert(NOTES).values(text="介聘"))
    with engine.connect() as connection:
        after = connection.execute(sa.select(NOTES.c.text)).scalars().all()
    engine.dispose()

    assert before == []
    assert after == ["介聘"]


def test_two_tests_never_share_a_postgresql_database(postgresql):
    with postgresql.database("first") as first, postgresql.database("second") as second:
        assert first != second

    with postgresql.connect() as connection:
        names = connection.execute("SELECT datname FROM pg_database").fetchall()
    assert not {("first",), ("second",)} & set(names)


def test_the_seed_can_be_given_from_outside(monkeypatch, request):
    monkeypatch.setenv("JIEPIN_SEED", "20260427")

    assert request.getfixturevalue("seed") == 20260427
