"""Generated values for the wire: what TTC-1 allows, and bytes with something done to them."""

import unicodedata

from hypothesis import strategies as st

from core.wire.canon import INTEGER_MAX

BOUNDARIES = (0, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000, 2**31, 2**32, INTEGER_MAX)

integers = st.one_of(
    st.integers(min_value=-INTEGER_MAX, max_value=INTEGER_MAX),
    st.builds(
        lambda at, step, sign: max(-INTEGER_MAX, min(INTEGER_MAX, sign * at + step)),
        st.sampled_from(BOUNDARIES),
        st.integers(min_value=-33, max_value=33),
        st.sampled_from((-1, 1)),
    ),
)
texts = st.text(
    st.characters(exclude_categories=("Cs",)),
    max_size=40,
).map(lambda text: unicodedata.normalize("NFC", text))
scalars = st.one_of(st.none(), st.booleans(), integers, texts, st.binary(max_size=300))
# Seven levels of nesting at most below the value itself: the limit of an event is eight.
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(texts, inner, max_size=6),
    max_leaves=20,
).filter(lambda value: depth(value) <= 8)
hashes = st.binary(min_size=32, max_size=32)


def depth(value):
    """Levels of arrays and maps."""
    match value:
        case list():
            return 1 + max(map(depth, value), default=0)
        case dict():
            return 1 + max(map(depth, value.values()), default=0)
        case _:
            return 0


@st.composite
def altered(draw, data):
    """``data`` with one to three bytes changed, put in, taken out, doubled or cut off."""
    spoiled = bytearray(data)
    for _ in range(draw(st.integers(min_value=1, max_value=3))):
        at = draw(st.integers(min_value=0, max_value=len(spoiled)))
        match draw(st.sampled_from(("change", "insert", "delete", "double", "cut"))):
            case "change" if at < len(spoiled):
                spoiled[at] ^= draw(st.integers(min_value=1, max_value=255))
            case "insert":
                spoiled[at:at] = draw(st.binary(min_size=1, max_size=3))
            case "delete":
                del spoiled[at : at + draw(st.integers(min_value=1, max_value=3))]
            case "double":
                spoiled[at:at] = spoiled[at : at + 4]
            case _:
                del spoiled[at:]
    return bytes(spoiled)


def flips(data):
    """Each byte of ``data`` with one of its bits turned, one byte at a time, with its place."""
    for at in range(len(data)):
        yield at, data[:at] + bytes((data[at] ^ 1 << at % 8,)) + data[at + 1 :]
