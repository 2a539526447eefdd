"""How a station stands, as a value that can be printed."""

from dataclasses import dataclass

from syncd.store.database import Store

INCIDENTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``jiepin syncd status``. Times are wall-clock milliseconds; hashes are hex.

    ``incidents`` are the newest 故障回報, each its number and the machine's state at that time.
    """

    enrolled: bool
    name: str | None
    device: str | None
    client: str
    attention: str | None
    pending: int
    oldest_ms: int | None
    last_beacon_ms: int | None
    offset_ms: int | None
    server: str | None
    season: str | None
    schools: tuple[str, ...]
    inc: int | None
    seq: int | None
    head: str | None
    inbox: int
    reference: int | None
    incidents: tuple[str, ...]


def report_of(store: Store) -> Report:
    """The station as its store knows it."""
    identity = store.identity.read()
    link = store.link_state.read()
    head = store.ledger.head()
    reference = store.reference.version()
    return Report(
        enrolled=identity is not None,
        name=None if identity is None else identity.name,
        device=None if identity is None else identity.device.hex(),
        client=link.client.value,
        attention=link.attention,
        pending=store.outbox.pending(),
        oldest_ms=store.outbox.oldest(),
        last_beacon_ms=link.last_beacon_ms,
        offset_ms=link.offset_ms,
        server=None if identity is None else identity.server_url,
        season=None if identity is None else identity.season,
        schools=() if identity is None else identity.schools,
        inc=None if head is None else head.inc,
        seq=None if head is None else head.seq,
        head=None if head is None else head.hash.hex(),
        inbox=store.inbox.after(),
        reference=None if reference is None else reference[0],
        incidents=store.audit.incidents(INCIDENTS),
    )
