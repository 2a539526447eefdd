"""What is to be told to people outside, and how they can be reached; no statement.

A notification names an application, never a person: the address is read from the newest claim when
the message goes out, so it is erased where claims are (DESIGN D3, D18). Only a test code's address
stands here, until the code was sent.
"""

from sqlalchemy import Column, Index, Integer, Table, Text

from server.store.column import Big, Blob, Hash, Id16, metadata

notification = Table(
    "notification",
    metadata,
    Column("id", Id16, primary_key=True),  # made of what it tells: Message-ID and retry key
    Column("channel", Text, nullable=False),  # mail, line
    Column("topic", Text, nullable=False),  # server.notifying.text.Topic
    Column("app", Id16, nullable=True),
    Column("address", Text, nullable=True),  # of a test code, until it is done
    Column("code", Text, nullable=True),  # likewise
    Column("t_ms", Big, nullable=False),
    Column("due_ms", Big, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", Text, nullable=False),  # waiting, sent, failed
    Column("detail", Text, nullable=True),  # why it failed, or was put off the last time
    Column("done_ms", Big, nullable=True),
    Index("ix_notification_state_channel_due_ms", "state", "channel", "due_ms"),
)

# What machines asked for a teacher: names for repeating, numbers for the limits.
errand = Table(
    "errand",
    metadata,
    Column("id", Id16, primary_key=True),
    Column("dev", Id16, nullable=False, index=True),
    Column("teacher", Id16, nullable=False, index=True),
    Column("task", Text, nullable=False),  # core.wire.errand.Task
    Column("address_hash", Hash, nullable=True, index=True),  # keyed
    Column("token_hash", Hash, nullable=True, index=True),
    Column("t_ms", Big, nullable=False),
    Column("used_ms", Big, nullable=True),
)

# How a person wants kiosks to look: as a kiosk wrote it, read by kiosks alone (ADR 0046).
display = Table(
    "display",
    metadata,
    Column("teacher", Id16, primary_key=True),
    Column("settings", Blob, nullable=False),
    Column("kept_ms", Big, nullable=False),
)

line_link = Table(
    "line_link",
    metadata,
    Column("teacher", Id16, primary_key=True),
    Column("user_hash", Hash, nullable=False, index=True),  # keyed
    Column("sealed", Blob, nullable=False),  # the LINE user id under the contact key
    Column("linked_ms", Big, nullable=False),
)
