"""What a refused call says, and a receiver as the protocol orders it."""

import pytest

from core.wire.chain import verify_frame
from core.wire.event import decode_frame
from core.wire.fault import WireError


def code_of(function, *args, **options):
    """The code of the refusal; there has to be one."""
    with pytest.raises(WireError) as refused:
        function(*args, **options)
    assert str(refused.value) == refused.value.code
    return refused.value.code


def read_frame(data, key):
    """A frame as a receiver reads it: bytes, signature, event, payload."""
    return verify_frame(decode_frame(data), key)
