"""What another kiosk did, as the server's notices bring it into a store."""

import msgspec

from core.sealing import SigningKey
from core.wire.canon import to_wire
from core.wire.chain import Link
from core.wire.event import Event, Who, payload_hash, sign_event
from core.wire.kind import VersionNotice, Withdrawal
from core.wire.payload import (
    CopyPayload,
    encode_application,
    part_hashes,
    read_application,
)
from syncd.store.database import Store

SERVER = SigningKey(b"r" * 32)
OTHER_KIOSK = b"other-kiosk-0001"
VERSIONS = frozenset({"app.revise", "app.resolve", "app.withdraw"})


def versions_of(store: Store) -> list[Link]:
    """Own versions, oldest first."""
    return [link for link in store.ledger.links(1, 500) if link.event.kind in VERSIONS]


def version_elsewhere(  # noqa: PLR0913 - what a version is made of
    store: Store,
    parents: tuple[bytes, ...],
    *,
    schools: tuple[str, ...] = ("143601",),
    version: int = 2,
    content: bool = True,
    withdrawn: bool = False,
    later_ms: int = 1000,
    same_claim: bool = False,
) -> bytes:
    """The same teacher at another machine; gives the hash of what she made there.

    Made of the content of the newest own version; the claim gets a salt of its own unless it is
    the ``same_claim``.
    """
    own = next(link for link in reversed(versions_of(store)) if link.frame.payload is not None)
    app = own.event.body["app"]
    changes: dict[str, object] = {
        "dev": OTHER_KIOSK,
        "seq": 5 + version,
        "t": own.event.t + later_ms,
    }
    payload = None
    if withdrawn:
        body = Withdrawal(app=app, version=version, parents=parents)
        changes |= {
            "kind": "app.withdraw",
            "body": msgspec.to_builtins(body, builtin_types=(bytes,)),
            "ph": None,
        }
    else:
        claim, wishes = read_application(own.frame.payload)
        if not same_claim:
            claim = msgspec.structs.replace(claim, salt=b"o" * 16)
        payload = encode_application(
            claim, msgspec.structs.replace(wishes, schools=schools), b"p" * 16
        )
        claim_hash, wishes_hash = part_hashes(payload)
        changes |= {
            "body": {
                **own.event.body,
                "version": version,
                "parents": list(parents),
                "claim": claim_hash,
                "wishes": wishes_hash,
            },
            "ph": payload_hash(payload),
        }
    frame = sign_event(msgspec.structs.replace(own.event, **changes), SERVER, payload)
    copy = CopyPayload(salt=b"c" * 16, event=frame.event, payload=payload if content else None)
    _notify(store, VersionNotice(app=app, revision=frame.hash, version=version), to_wire(copy))
    return frame.hash


def _notify(store: Store, body: VersionNotice, payload: bytes) -> None:
    head, identity = store.inbox.head(), store.identity.read()
    assert head is not None
    assert identity is not None
    event = Event(
        v=1,
        dev=identity.device,
        inc=1,
        seq=head.seq + 1,
        prev=head.hash,
        kind="inbox.version",
        t=0,
        m=0,
        boot=b"epoch--1",
        bcn=None,
        ref=(0, bytes(8)),
        who=Who(role="server", id=None),
        body=msgspec.to_builtins(body, builtin_types=(bytes,)),
        ph=payload_hash(payload),
    )
    frame = sign_event(event, SERVER, payload)
    with store.transaction():
        store.inbox.store([Link(frame=frame, event=event, hash=frame.hash)])
