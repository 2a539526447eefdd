"""The queue of messages on either database: taken once, marked, counted, tried again."""

import pytest

from server.notifying import postbox
from server.notifying.delivery import PutOff, Refused, Sent
from server.notifying.errands import Counter
from server.notifying.linking import is_linked, link, token_hash, unlink_teacher, unlink_user
from server.notifying.queue import Channel, Told, queue
from server.notifying.settings import LineSettings, MailSettings, Notifying
from server.notifying.text import Topic
from server.store import dialect
from server.store.notify_tables import errand, notification
from tests.core.wire.samples import RECEIPT
from tests.core.wire.test_errand import LINK
from tests.fakes.device import NOON_MS
from tests.server.running import read_rows

KEY = bytes(32)
NAMES = [bytes([number]) * 32 for number in range(3)]
TOLD = [Told(Topic.RESULT, name[:16], name) for name in NAMES]


def test_each_message_is_taken_once_and_ends_sent_failed_or_put_off(store):
    with store.writing() as connection:
        queue(connection, TOLD, NOON_MS)
        queue(connection, TOLD, NOON_MS + 1)
        found = [postbox.take(connection, Channel.MAIL, KEY, NOON_MS) for _ in range(4)]
        assert found[3] is None
        outcomes = (Sent(), Refused("no_address"), PutOff(code="later", everything=False))
        for taken, outcome in zip(found, outcomes, strict=False):
            postbox.settle(connection, taken, outcome, NOON_MS + 2, NOON_MS + 9)

    with store.reading() as connection:
        rows = {row["id"]: row for row in read_rows(connection, notification)}
        assert postbox.count_waiting(connection) == {"mail": 1}
        assert not postbox.is_due(Channel.MAIL, NOON_MS + 8, connection)
        assert postbox.is_due(Channel.MAIL, NOON_MS + 9, connection)
    ends = [(rows[each.id]["state"], rows[each.id]["detail"]) for each in found[:3]]
    assert ends == [("sent", None), ("failed", "no_address"), ("waiting", "later")]
    with store.writing() as connection:
        assert postbox.try_again(connection, NOON_MS + 20) == 1
        assert postbox.count_waiting(connection) == {"mail": 2}


def test_a_token_ties_one_account_once_and_either_side_can_untie_it(store):
    with store.writing() as connection:
        row = {"id": NAMES[0][:16], "dev": bytes(16), "teacher": bytes(16), "task": "line_link"}
        token = LINK.token
        hashed = {"address_hash": None, "token_hash": token_hash(token), "t_ms": NOON_MS}
        dialect.insert_many(connection, errand, [{**row, **hashed, "used_ms": None}])

        assert not link(connection, "a" * 16, "U1", NOON_MS, KEY, bytes(12))
        assert not link(connection, token, "U1", NOON_MS + 15 * 60_000, KEY, bytes(12))
        assert link(connection, token, "U1", NOON_MS + 1, KEY, bytes(12))
        assert not link(connection, token, "U2", NOON_MS + 2, KEY, bytes(12))
        assert postbox.line_user(connection, bytes(16), KEY) == "U1"
        assert postbox.line_user(connection, bytes(16), b"other key" + bytes(23)) is None
        assert postbox.line_user(connection, b"x" * 16, KEY) is None
        assert unlink_user(connection, "U1", KEY)
        assert not unlink_user(connection, "U1", KEY)
        unlink_teacher(connection, bytes(16))
        assert not is_linked(connection, bytes(16))
    with pytest.raises(ValueError, match="nonce"), store.writing() as connection:
        link(connection, token, "U1", NOON_MS, KEY, b"")


SETTINGS = Notifying(
    mail=MailSettings(host="mail.example.tw", sender="no-reply@example.tw"),
    line=LineSettings(account="@jiepin"),
    contact_key=KEY,
)


def test_a_teacher_no_school_of_the_machine_registered_is_unknown(store):
    with store.writing() as connection:
        here = Counter(settings=SETTINGS, now_ms=NOON_MS, key=RECEIPT)
        nowhere = Counter(settings=Notifying(), now_ms=NOON_MS, key=RECEIPT)

        assert here.run(LINK, connection).detail == "teacher_unknown"
        assert nowhere.run(LINK, connection).detail == "line_off"
