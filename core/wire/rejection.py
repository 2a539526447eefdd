"""Why the centre gives a stored entry no effect: the words of ``inbox.verdict``, a closed list."""

from enum import StrEnum


class Rejection(StrEnum):
    """One word a reason. What waits or is looked at (verdict 3) is not rejected."""

    PAYLOAD_SHAPE = "payload_shape"
    PART_HASH = "part_hash"
    ROLE = "role"
    SCOPE = "scope"
    COSIGNATURE = "cosignature"
    DECISION_DIFFERS = "decision_differs"
    OFFICER_REVOKED = "officer_revoked"
    REPLAY = "replay"
    RULED_OUT = "ruled_out"
