"""Keys, events and chains for tests of the wire. Everything is the same in every run."""

import hashlib

from core.sealing import SigningKey
from core.wire.chain import Head
from core.wire.event import SYSTEM, Event, payload_hash, sign_event

KEY = SigningKey(bytes(range(32)))
OTHER = SigningKey(bytes(32))
DEVICE = b"d" * 16
ROOT = Head(inc=1, seq=0, hash=b"c" * 32)
SALTED = bytes.fromhex("81a473616c74c410") + b"s" * 16  # {"salt": 16 bytes}


def event(**changes):
    """A system event, seq 1."""
    return Event(
        **{
            "v": 1,
            "dev": DEVICE,
            "inc": 1,
            "seq": 1,
            "prev": ROOT.hash,
            "kind": "boot",
            "t": 1_780_000_000_000,
            "m": 1000,
            "boot": b"boot---1",
            "bcn": None,
            "ref": (0, bytes(8)),
            "who": SYSTEM,
            "body": {"software": "0.1.0", "unclean": False},
            "ph": None,
        }
        | changes
    )


def with_payload(payload=SALTED, **changes):
    """A registration, whose content is detached."""
    return event(
        **{
            "kind": "teacher.register",
            "body": {"teacher": b"t" * 16},
            "ph": payload_hash(payload),
        }
        | changes
    )


def chain(length, key=KEY, root=ROOT, **changes):
    """Frames of a log."""
    frames = []
    for number in range(length):
        prev = frames[-1].hash if frames else root.hash
        frames.append(sign_event(event(seq=root.seq + number + 1, prev=prev, **changes), key))
    return frames


def sha(data):
    """Hex of SHA-256, to pin long bytes by."""
    return hashlib.sha256(data).hexdigest()
