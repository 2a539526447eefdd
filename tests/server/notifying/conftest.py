"""A running server that may send, and a season in which there is something to tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from core.sealing import wrap
from server.config import ServerConfig
from server.messenger import NOTIFYING
from server.notifying.linking import LINE_LABEL, keyed
from server.store import dialect
from server.store.notify_tables import line_link, notification
from tests.fakes.centre import Centre
from tests.fakes.device import NOON_MS, Device, make_officer, make_teacher
from tests.server.notifying.peers import (
    SECRET,
    TOKEN,
    USER,
    MailServer,
    Platform,
    line_platform,
    mail_server,
)
from tests.server.running import Running, start

SENDER = "no-reply@example.tw"
WAIT_S = 60


def write_settings(home, mail=None, line=None, month=200):
    """`notify.toml` and its credentials, for the peers of a test."""
    words = []
    if mail is not None:
        words += [
            "[mail]",
            'host = "127.0.0.1"',
            f"port = {mail.port}",
            'security = "none"',
            f'sender = "{SENDER}"',
        ]
    if line is not None:
        words += [
            "[line]",
            'account = "@jiepin"',
            f'api = "{line.url}"',
            f"messages_a_month = {month}",
        ]
    (home / "notify.toml").write_text("\n".join(words))
    secret = home / "keys" / "notify.toml"
    secret.write_text(f'line_secret = "{SECRET}"\nline_token = "{TOKEN}"\n')
    secret.chmod(0o600)


@dataclass
class Site:
    """A server, the peers of its messages, and a school with one teacher."""

    server: Running
    mail: MailServer
    line: Platform
    device: Device
    officer: object
    teacher: object

    @property
    def sender(self):
        return self.server.client.app[NOTIFYING].sender

    async def letters(self, count):
        """The letters, once there are so many and the server has written down that they went."""
        async with asyncio.timeout(WAIT_S):
            while await self._sent() < count:  # noqa: ASYNC110 - as below
                await asyncio.sleep(0.01)
        return self.mail.letters

    async def _sent(self):
        rows = await self.server.rows(notification)
        return sum((row["channel"], row["state"]) == ("mail", "sent") for row in rows)

    async def register_and_revise(self):
        """The teacher is registered and her first version sent."""
        self.device.register(self.teacher, self.officer)
        version = self.device.revise(self.teacher)
        await self.server.send(self.device)
        return version

    async def link_line(self, user=USER):
        """As if she had linked an account."""
        key = self.sender.contact_key
        row = {
            "teacher": self.teacher.pseudonym,
            "user_hash": keyed(key, b"line", user),
            "sealed": wrap(user.encode(), key, bytes(12), LINE_LABEL + self.teacher.pseudonym),
            "linked_ms": NOON_MS,
        }
        await self.server.context.store.write(
            lambda connection: dialect.upsert(connection, line_link, [row])
        )


async def until(holds):
    """Wait for something that will be true."""
    async with asyncio.timeout(WAIT_S):
        while not holds():  # noqa: ASYNC110 - what is waited for happens on another side
            await asyncio.sleep(0.01)


@pytest.fixture
def database_url(tmp_path) -> str:
    """SQLite: the statements that matter run on both in `tests/server/test_postbox.py`."""
    return f"sqlite:///{tmp_path / 'notifying.db'}"


@pytest.fixture
async def site(database_url: str, centre: Centre, tmp_path) -> AsyncIterator[Site]:
    """Both channels are set up."""
    home = tmp_path / "home"
    centre.write_home(home)
    async with AsyncExitStack() as stack:
        mail = await stack.enter_async_context(mail_server())
        line = await stack.enter_async_context(line_platform())
        write_settings(home, mail, line)
        config = ServerConfig(home=home, database=database_url)
        server = await stack.enter_async_context(start(config, NOON_MS, centre))
        server.client.app[NOTIFYING].sender.poll_s = 0.05
        server.client.app[NOTIFYING].wake()
        device, officer = Device(centre), make_officer(centre)
        await server.enrol(device, officer)
        yield Site(server, mail, line, device, officer, make_teacher(1))
