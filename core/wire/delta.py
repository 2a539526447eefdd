"""A file by its difference from an older one: zstd with the old file as dictionary (PROTOCOL 2.8a).

Nothing is believed of a delta: whoever unpacks one compares the hash of the result.
"""

import io

import zstandard

from core.wire.batch import WINDOW_BYTES
from core.wire.fault import WireError

LEVEL = 19  # made once, sent to thousands


def encode_delta(older: bytes, newer: bytes) -> bytes:
    """One zstd frame that gives ``newer`` to who has ``older``; states its size."""
    known = zstandard.ZstdCompressionDict(older, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    compressor = zstandard.ZstdCompressor(level=LEVEL, dict_data=known, write_content_size=True)
    return compressor.compress(newer)


def decode_delta(older: bytes, delta: bytes, size: int) -> bytes:
    """The file of exactly ``size`` bytes that ``delta`` makes of ``older``.

    Raises:
        WireError: ``compression`` when it makes nothing, ``file_size`` when something else.
    """
    known = zstandard.ZstdCompressionDict(older, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    try:
        stated = zstandard.get_frame_parameters(delta)
        if stated.content_size != size:
            raise WireError("file_size")
        if stated.window_size > WINDOW_BYTES:
            raise WireError("compression")
        unpacker = zstandard.ZstdDecompressor(dict_data=known, max_window_size=WINDOW_BYTES)
        with unpacker.stream_reader(io.BytesIO(delta)) as reader:
            found = reader.read(size + 1)
    except zstandard.ZstdError as error:
        raise WireError("compression") from error
    if len(found) != size:
        raise WireError("file_size")
    return found
