"""Errands of the machines: who may ask for what, how often, and how it stands.

A machine asks only for teachers its own schools registered, so nobody is told whether a stranger
exists; the text is ours, so it is no relay; and each bound counts what is stored, so a restart
gives nothing back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from msgspec import UNSET
from sqlalchemy import ColumnElement, Connection, and_, func, not_, select

from core.domain.contact import parse_email
from core.sealing import SigningKey
from core.wire.errand import Errand, ErrandAnswer, Progress, Task
from server.displays import keep_display
from server.notifying.hiding import keyed
from server.notifying.linking import LINK_MS, is_linked, link_url, token_hash, unlink_teacher
from server.notifying.postbox import HOUR_MS, MINUTE_MS
from server.notifying.queue import Channel, State, receipts_in_force
from server.notifying.settings import Notifying
from server.notifying.text import Topic
from server.store import dialect
from server.store.notify_tables import errand, notification
from server.store.tables import device_school, roster

RESEND_MS = MINUTE_MS  # UX K10
SLACK_MS = 5_000
TEACHER_IN_AN_HOUR = 6
ADDRESS_IN_AN_HOUR = 6
MACHINE_IN_AN_HOUR = 60
"""Of what goes outside; as many display settings have a bound of their own."""
TOO_MANY = "too_many"
CHANNELS: Mapping[Task, Channel] = MappingProxyType(
    {
        Task.MAIL_CODE: Channel.MAIL,
        Task.MAIL_PROVED: Channel.MAIL,
        Task.LINE_LINK: Channel.LINE,
        Task.LINE_UNLINK: Channel.LINE,
    }
)
"""By which an errand goes outside, if it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """What runs errands: the settings in force, the time, the receipt key."""

    settings: Notifying
    now_ms: int
    key: SigningKey

    def run(self, asked: Errand, connection: Connection) -> ErrandAnswer:
        """Do what is asked, or say how what was asked before stands."""
        channel = CHANNELS.get(asked.task)
        if channel is not None and channel.value not in self.channels:
            return self._answer(asked, Progress.REFUSED, f"{channel.value}_off")
        known = connection.execute(
            select(errand.c.dev, errand.c.teacher, errand.c.task).where(errand.c.id == asked.id)
        ).one_or_none()
        if known is not None and tuple(known) != (asked.dev, asked.teacher, asked.task.value):
            return self._answer(asked, Progress.REFUSED, "other_errand")
        if known is None:
            refused = self._refusal(connection, asked)
            if refused == TOO_MANY and asked.task is Task.DISPLAY:
                # Nobody waits for it; the machine asks again, by then for what she chose last.
                return self._answer(asked, Progress.QUEUED)
            if refused is not None:
                return self._answer(asked, Progress.REFUSED, refused)
            self._begin(connection, asked)
        return self._standing(connection, asked)

    @property
    def channels(self) -> tuple[str, ...]:
        """By what the centre sends."""
        there = ((Channel.MAIL, self.settings.mail), (Channel.LINE, self.settings.line))
        return tuple(channel.value for channel, settings in there if settings is not None)

    def _answer(
        self, asked: Errand, progress: Progress, detail: str = "", url: str = ""
    ) -> ErrandAnswer:
        return ErrandAnswer(
            id=asked.id, progress=progress, detail=detail, url=url, channels=self.channels
        )

    def _refusal(self, connection: Connection, asked: Errand) -> str | None:
        served = select(device_school.c.school).where(device_school.c.dev == asked.dev)
        registered = select(roster.c.eh).where(
            roster.c.teacher == asked.teacher, roster.c.valid, roster.c.school.in_(served)
        )
        if connection.execute(registered).first() is None:
            return "teacher_unknown"
        count = partial(self._count, connection)
        if asked.task is Task.LINE_UNLINK:
            return None
        recent = count(errand.c.teacher == asked.teacher, RESEND_MS - SLACK_MS, asked.task)
        if asked.task is Task.MAIL_CODE and recent:
            return "too_soon"
        kept = errand.c.task == Task.DISPLAY.value
        of_its_sort = kept if asked.task is Task.DISPLAY else not_(kept)
        too_many = (
            count(and_(errand.c.dev == asked.dev, of_its_sort), HOUR_MS, None) >= MACHINE_IN_AN_HOUR
            or count(errand.c.teacher == asked.teacher, HOUR_MS, asked.task) >= TEACHER_IN_AN_HOUR
        )
        if asked.address is not None:
            try:
                parse_email(asked.address)
            except ValueError:
                return "email_wrong"
            same = errand.c.address_hash == self._address(asked.address)
            codes = count(same, HOUR_MS, Task.MAIL_CODE)
            too_many = too_many or codes >= ADDRESS_IN_AN_HOUR
        return TOO_MANY if too_many else None

    def _count(
        self,
        connection: Connection,
        which: ColumnElement[bool],
        within_ms: int,
        task: Task | None,
    ) -> int:
        wanted = select(func.count()).where(which, errand.c.t_ms > self.now_ms - within_ms)
        if task is not None:
            wanted = wanted.where(errand.c.task == task.value)
        return connection.execute(wanted).scalar_one()

    def _address(self, address: str) -> bytes:
        return keyed(self.settings.contact_key, b"mail", parse_email(address).lower())

    def _begin(self, connection: Connection, asked: Errand) -> None:
        row = {
            "id": asked.id,
            "dev": asked.dev,
            "teacher": asked.teacher,
            "task": asked.task.value,
            "address_hash": None if asked.address is None else self._address(asked.address),
            "token_hash": None if asked.token is None else token_hash(asked.token),
            "t_ms": self.now_ms,
            "used_ms": None,
        }
        dialect.insert_many(connection, errand, [row])
        if asked.task is Task.LINE_UNLINK:
            unlink_teacher(connection, asked.teacher)
        if asked.task is Task.MAIL_CODE:
            self._put_in_line(connection, asked)
        if asked.task is Task.MAIL_PROVED:
            receipts_in_force(connection, asked.teacher, self.now_ms)
        if asked.display is not UNSET:
            keep_display(connection, asked.teacher, asked.display, self.now_ms, self.key)

    def _put_in_line(self, connection: Connection, asked: Errand) -> None:
        row = {
            "id": asked.id,
            "channel": Channel.MAIL.value,
            "topic": Topic.MAIL_CODE.value,
            "address": None if asked.address is None else parse_email(asked.address),
            "code": asked.code,
            "t_ms": self.now_ms,
            "due_ms": self.now_ms,
            "attempts": 0,
            "state": State.WAITING.value,
        }
        dialect.insert_many(connection, notification, [row])

    def _standing(self, connection: Connection, asked: Errand) -> ErrandAnswer:
        match asked.task:
            case Task.MAIL_CODE:
                return self._mail(connection, asked)
            case Task.LINE_LINK:
                return self._link(connection, asked)
            case _:
                return self._answer(asked, Progress.DONE)

    def _mail(self, connection: Connection, asked: Errand) -> ErrandAnswer:
        row = connection.execute(
            select(notification.c.state, notification.c.detail).where(notification.c.id == asked.id)
        ).one()
        match State(row.state):
            case State.SENT:
                return self._answer(asked, Progress.DONE)
            case State.FAILED:
                return self._answer(asked, Progress.REFUSED, row.detail or "")
            case _:
                return self._answer(asked, Progress.QUEUED)

    def _link(self, connection: Connection, asked: Errand) -> ErrandAnswer:
        row = connection.execute(
            select(errand.c.t_ms, errand.c.used_ms).where(errand.c.id == asked.id)
        ).one()
        if row.used_ms is not None:
            linked = is_linked(connection, asked.teacher)
            return self._answer(
                asked, Progress.DONE if linked else Progress.REFUSED, "" if linked else "unlinked"
            )
        if row.t_ms <= self.now_ms - LINK_MS:
            return self._answer(asked, Progress.REFUSED, "expired")
        line = self.settings.line
        url = link_url(line.account, asked.token) if line is not None and asked.token else ""
        return self._answer(asked, Progress.OPEN, url=url)
