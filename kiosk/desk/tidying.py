"""Drafts that have done their work leave this machine (UX 4.7: after the upload, or 30 days)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from core.domain.ids import ApplicationId
from core.season.merge import VersionFact
from kiosk.desk.equipment import Equipment
from kiosk.desk.records import parts_of, payloads_of
from kiosk.session.draft import Draft
from kiosk.session.draft_bytes import decode_draft
from kiosk.session.form import answers_of
from kiosk.session.record import Delivery
from kiosk.session.self_check import UNCHECKED
from syncd.store.drafts import Draft as StoredDraft

KEPT = timedelta(days=30)
ARRIVED = {Delivery.DELIVERED.value, Delivery.BACKED_UP.value}


def tidy_drafts(equipment: Equipment) -> int:
    """Remove what is old, and what the server has word for word; how many that were.

    Old is what was not touched for 30 days before the server was last heard.

    A draft that says anything else than the version in force stays, and so does one with steps
    that could be taken back, or with 資格檢核 for the officer.

    Raises:
        StoreError: Nothing was removed.
    """
    store = equipment.store
    with store.transaction():
        done = tuple(_done_with(equipment))
        for app in done:
            store.drafts.remove(app)
    return len(done)


def _done_with(equipment: Equipment) -> Iterator[bytes]:
    # By what the server said: a wall clock that ran ahead would take everybody's drafts with it.
    oldest = equipment.store.link_state.heard_ms() - KEPT // timedelta(milliseconds=1)
    for row in equipment.store.drafts.all():
        if row.saved_ms < oldest or _is_at_the_server(equipment, row):
            yield row.app


def _is_at_the_server(equipment: Equipment, row: StoredDraft) -> bool:
    current = equipment.store.ledger.application(row.app).current
    if current is None or not _arrived(equipment, row.app, current):
        return False
    try:
        draft = decode_draft(row.content)
    except ValueError:
        return False  # of another program version: it goes when it is old
    claim, wishes = parts_of(payloads_of(equipment, ApplicationId(row.app)).get(current.hash))
    if claim is None or wishes is None or draft.past or draft.future or draft.check != UNCHECKED:
        return False
    return _said(draft) == answers_of(claim, wishes)


def _arrived(equipment: Equipment, app: bytes, version: VersionFact) -> bool:
    """What another machine sent came to know of it through the server."""
    store = equipment.store
    if all(link.hash != version.hash for link in store.ledger.of_application(app)):
        return True
    delivery = store.outbox.delivery(version.seq, version.inc)
    return delivery is None or delivery.value in ARRIVED


def _said(draft: Draft) -> object:
    """What the draft would send; which notices were seen is not part of it."""
    return replace(draft.answers, notices_read=0, agreed_ms=0, agreed_to="")
