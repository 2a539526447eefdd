"""Frames as they are stored: without the payload, which may have to be erased (PROTOCOL 2.3)."""

NIL = b"\xc0"


def without_payload(encoded: bytes, content: bytes | None) -> bytes:
    """The encoding of the same frame with nil for its payload, which comes last (PROTOCOL 2.3)."""
    if content is None:
        return encoded
    size = len(content)
    prefix = 2 if size < 2**8 else 3 if size < 2**16 else 5
    return encoded[: len(encoded) - prefix - size] + NIL
