"""What a message about changed lists says: which wishes, by their place, as things are now.

It is written when it goes out, from the version and the lists in force then. It names no school:
where a teacher wants to go is hers, and a message is read by whoever holds the telephone. The place
of a wish says enough to her, who has the list at the kiosk and on paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from core.domain.application import Claim, Wishes
from core.domain.roc import TAIPEI, format_roc_minute
from core.rules.calendar import PhaseName, find_phase
from server.lists import moment, read_season
from server.notifying.hits import settled_stages
from server.notifying.lists import closed_ranks, lists_now
from server.notifying.text import LISTS, Message, Topic, framed
from server.store.notify_tables import notification

OVERTAKEN = "overtaken"
RANKS_AT_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A message in line, and the version in force of whom it is for; since when it is here."""

    row: Row[Any]
    claim: Claim
    wishes: Wishes
    version: int
    recv_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsFacts:
    """What the message says; ``closed`` are places, ``deadline`` None where none is set."""

    topic: Topic
    season: str
    version: int
    closed: tuple[int, ...]
    deadline: datetime | None
    over: bool


def find_letter(connection: Connection, news: News, now_ms: int) -> Message | None:
    """The message as things are now; None when there is nothing left to say.

    Then every wish is open again, she has sent others, a newer message says more, or the result is
    out.
    """
    claim, topic = news.claim, Topic(news.row.topic)
    lists = lists_now(connection)
    if lists is None or lists.season != claim.season or _is_overtaken(connection, news.row):
        return None
    if claim.stage.value in settled_stages(connection, claim.season):
        return None
    closed = closed_ranks(news.wishes.schools, lists)
    if topic is Topic.LISTS_HIT and not closed:
        return None
    if topic is Topic.LISTS_BACK and news.recv_ms > news.row.t_ms:
        return None  # what came back may be no wish of hers any more, and this version knew it
    window = find_phase(read_season(connection).calendar, PhaseName.APPLY)
    facts = ListsFacts(
        topic=topic,
        season=claim.season,
        version=news.version,
        closed=closed,
        deadline=None if window is None else window.closes,
        over=window is not None and window.closes <= moment(now_ms),
    )
    return lists_message(facts)


def lists_message(facts: ListsFacts) -> Message:
    """In both languages: what happened, which wishes do not count, until when they can change."""
    zh, en = (_hit if facts.topic is Topic.LISTS_HIT else _back)(facts)
    if facts.closed:
        more_zh, more_en = _until(facts)
        zh, en = f"{zh}\n{more_zh}", f"{en}\n{more_en}"
    return framed(facts.topic, facts.season, zh, en)


def _hit(facts: ListsFacts) -> tuple[str, str]:
    zh, en = _ranks(facts.closed)
    said_zh = (
        f"介聘學校名單已更正：您送出的第 {facts.version} 版中，{zh}的學校不再開放，不會採計；"
        "其他志願不受影響。"
    )
    said_en = (
        f"The school lists were corrected. Of the wishes you sent (version {facts.version}), "
        f"{en} left the lists and will not count; the others still do."
    )
    return said_zh, said_en


def _back(facts: ListsFacts) -> tuple[str, str]:
    zh, en = _ranks(facts.closed)
    said_zh = (
        f"介聘學校名單已更正：您送出的第 {facts.version} 版中，有先前不開放的志願又可以採計了；"
        f"{f'{zh}仍不開放，不會採計。' if facts.closed else '目前所有志願都會採計。'}"
    )
    said_en = (
        f"The school lists were corrected. Of the wishes you sent (version {facts.version}), "
        "some that were closed count again. "
        f"{f'Still closed: {en}.' if facts.closed else 'All your wishes count now.'}"
    )
    return said_zh, said_en


def _until(facts: ListsFacts) -> tuple[str, str]:
    if facts.over:
        return (
            "填報已截止，志願不能再改；已送出的版本仍然有效。",
            "Applications are closed and wishes cannot be changed; what you sent stays valid.",
        )
    zh, en = "規定期限內", "before the deadline"
    if facts.deadline is not None:
        zh = f"{format_roc_minute(facts.deadline)} 前"
        en = f"before {facts.deadline.astimezone(TAIPEI):%Y-%m-%d %H:%M}"
    said_zh = f"如要更改志願，請於{zh}到介聘終端機修改並重新送出；在那之前，已送出的版本仍然有效。"
    said_en = (
        f"To change your wishes, edit and send them again at the kiosk {en}; "
        "until then what you sent stays valid."
    )
    return said_zh, said_en


def _ranks(ranks: Sequence[int]) -> tuple[str, str]:
    """``第 3、7 志願`` and ``number 3, 7``; of very many the first, and how many in all."""
    some = [str(rank) for rank in ranks[:RANKS_AT_MOST]]
    zh, en = f"第 {'、'.join(some)} 志願", f"number {', '.join(some)}"
    if len(ranks) > RANKS_AT_MOST:
        return f"{zh}等共 {len(ranks)} 個志願", f"{en} and more, {len(ranks)} in all"
    return zh, en


def _is_overtaken(connection: Connection, row: Row[Any]) -> bool:
    """Whether something newer about lists was put in line for the same person and channel."""
    newer = select(notification.c.id).where(
        notification.c.app == row.app,
        notification.c.channel == row.channel,
        notification.c.topic.in_([each.value for each in LISTS]),
        notification.c.t_ms > row.t_ms,
    )
    return connection.execute(newer.limit(1)).first() is not None
