"""Without settings nothing is sent; bad or readable secrets stop the start, and say where."""

import json

import pytest
from typer.testing import CliRunner

from core.wire.errand import Task
from server.commands import app
from server.config import ServerConfig
from server.keys import KeysError
from server.messenger import NOTIFYING
from server.notifying.queue import Told, queue
from server.notifying.settings import QUIET, read_notifying
from server.notifying.text import Topic
from server.store.database import open_store
from server.store.migrate import migrate
from tests.fakes.device import NOON_MS, Device, make_officer, make_teacher
from tests.server.notifying.conftest import Site
from tests.server.notifying.test_errands import Machine
from tests.server.running import start

MAIL = '[mail]\nhost = "mail.example.tw"\nsender = "no-reply@example.tw"\n'
LINE = '[line]\naccount = "@jiepin"\n'


@pytest.fixture
def home(tmp_path, centre, monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    centre.write_home(tmp_path / "home")
    return tmp_path / "home"


def write(home, settings, secret=None):
    (home / "notify.toml").write_text(settings)
    if secret is not None:
        place = home / "keys" / "notify.toml"
        place.write_text(secret)
        place.chmod(0o600)


def test_mail_alone_is_the_ordinary_case_and_the_contact_key_stays(home):
    write(home, MAIL)

    first, second = read_notifying(home), read_notifying(home)

    assert (first.mail.port, first.mail.security, first.line) == (587, "starttls", None)
    assert first.contact_key == second.contact_key != b""
    assert (home / "keys" / "contact.key").stat().st_mode & 0o077 == 0


def test_secrets_may_lie_where_the_service_manager_puts_them_and_never_show(
    home, tmp_path, monkeypatch
):
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "notify.toml").write_text('smtp_user = "u"\nsmtp_password = "hidden word"\n')
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    write(home, MAIL)

    found = read_notifying(home)

    assert (found.credentials.smtp_user, len(found.credentials.smtp_password)) == ("u", 11)
    assert "hidden" not in repr(found)


@pytest.mark.parametrize(
    ("settings", "secret", "says"),
    [
        ("[mail", None, "TOML"),
        (MAIL + "colour = 1\n", None, "colour"),
        ('[mail]\nhost = ""\nsender = "no-reply@example.tw"\n', None, "host"),
        ('[mail]\nhost = "h"\nsender = "nobody"\n', None, "email_wrong"),
        ('[mail]\nhost = "h"\nport = "25"\nsender = "a@example.tw"\n', None, "port"),
        ("[pigeon]\n", None, "section"),
        (LINE, None, "line_secret"),
        ('[line]\naccount = "jiepin"\n', 'line_secret = "a"\nline_token = "b"\n', "account"),
        (MAIL + 'security = "none"\n', 'smtp_user = "u"\nsmtp_password = "p"\n', "TLS"),
        (MAIL, 'smtp_pass = "hidden word"\n', "credentials"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_place(home, settings, secret, says):
    write(home, settings, secret)

    with pytest.raises(KeysError, match=says) as refused:
        read_notifying(home)

    assert "hidden" not in str(refused.value)


def test_secrets_that_others_may_read_are_refused(home):
    write(home, MAIL, 'smtp_user = "u"\n')
    (home / "keys" / "notify.toml").chmod(0o644)

    with pytest.raises(KeysError, match="600"):
        read_notifying(home)


def test_a_spoiled_contact_key_is_refused(home):
    write(home, MAIL)
    (home / "keys" / "contact.key").write_bytes(b"short")

    with pytest.raises(KeysError, match="32"):
        read_notifying(home)


def test_an_empty_file_is_quiet(home):
    assert read_notifying(home) == QUIET
    write(home, "")
    assert read_notifying(home) == QUIET


async def test_without_settings_machines_are_told_and_nothing_runs(home, database_url, centre):
    async with start(ServerConfig(home=home, database=database_url), NOON_MS, centre) as server:
        site = Site(server, None, None, Device(centre), make_officer(centre), make_teacher(1))
        await server.enrol(site.device, site.officer)
        await site.register_and_revise()
        machine = Machine(site)
        answers = [await machine.ask(task) for task in Task]
        async with server.client.post("/line/webhook", data=b"{}") as response:
            assert response.status == 404

        assert [(a.detail, a.channels) for _, a in answers] == [
            ("mail_off", ()),
            ("mail_off", ()),
            ("line_off", ()),
            ("line_off", ()),
            ("", ()),  # display settings: nothing goes outside
        ]
        running = server.client.app[NOTIFYING]
        assert running.sender is None
        running.wake()


@pytest.fixture
def jiepin(home, database_url):
    """Run a subcommand on this home."""

    def run(*words):
        where = ["--home", str(home), "--database", database_url]
        return CliRunner().invoke(app, ["notify", *words, *where])

    return run


def test_status_and_retry_speak_to_people_and_to_programs(jiepin, home, database_url):
    store = open_store(database_url)
    migrate(store)
    with store.writing() as connection:
        queue(connection, [Told(Topic.RESULT, bytes(16), bytes(32))], 0)
        connection.exec_driver_sql(
            "UPDATE notification SET state = 'failed', detail = 'address_refused'"
        )
    store.close()
    write(home, MAIL)

    status, words = jiepin("status", "--json"), jiepin("status")
    dry, again = jiepin("retry", "--dry-run", "--json"), jiepin("retry")

    facts = json.loads(status.stdout)
    assert facts["channels"] == {"mail": True, "line": False}
    message = facts["messages"][0]
    assert (message["channel"], message["topic"], message["state"]) == ("mail", "result", "failed")
    assert facts["reasons"] == [
        {"channel": "mail", "state": "failed", "code": "address_refused", "count": 1}
    ]
    assert facts["line"] == {"linked": 0, "sent_this_month": 0, "a_month": 0}
    assert "原因 電子郵件 address_refused 1 則" in words.stdout
    assert json.loads(dry.stdout) == {"again": 1, "dry_run": True}
    assert "重新排入 1 則" in again.stdout
    assert json.loads(jiepin("status", "--json").stdout)["messages"][0]["state"] == "waiting"


def test_settings_that_are_wrong_end_the_command(jiepin, home, database_url):
    store = open_store(database_url)
    migrate(store)
    store.close()
    write(home, "[pigeon]\n")

    assert jiepin("status").exit_code == 1
