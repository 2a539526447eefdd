"""One server on one database: what it keeps in memory is nobody else's to change (ADR 0033)."""

import pytest
from typer.testing import CliRunner

from server import commands
from server.store.database import open_store
from server.store.settings import read_setting, write_setting

RUNNER = CliRunner()


@pytest.fixture
def other(database_url):
    """Another program on the same database."""
    opened = open_store(database_url)
    yield opened
    opened.close()


def test_a_second_server_has_to_wait_until_the_first_is_gone(store, other):
    with store.serving_alone(0) as first:
        with other.serving_alone(0) as second:
            pass
        with other.serving_alone(0) as again:
            pass
    with other.serving_alone(0) as afterwards:
        pass

    assert (first, second, again, afterwards) == (True, False, False, True)


def test_a_server_that_fails_leaves_its_place(store, other):
    with pytest.raises(OSError, match="taken"), store.serving_alone(0):
        raise OSError("address taken")

    with other.serving_alone(0) as alone:
        pass

    assert alone


def test_commands_go_on_beside_a_server(store, other):
    with store.serving_alone(0):
        with other.writing() as connection:
            write_setting(connection, "n", b"1")
        with store.writing() as connection:
            written = read_setting(connection, "n")

    assert written == b"1"


def test_run_refuses_a_database_that_is_served(store, database_url, centre, tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "PREDECESSOR_S", 0.2)
    centre.write_home(tmp_path)
    words = ["run", "--home", str(tmp_path), "--database", database_url, "--listen", "127.0.0.1:0"]

    with store.serving_alone(0):
        result = RUNNER.invoke(commands.app, words)

    assert result.exit_code == 3
    assert "served" in result.output
    assert not (tmp_path / "address").exists()
