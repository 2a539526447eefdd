"""Who signs entries, as whoever verifies them has to know it. No database in here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a certificate says someone is. ``hash`` is the certificate's, ``key`` raw and public.

    ``later_keys`` are a machine's other log keys: the ``seq`` of the entry that changed to it, and
    the key.
    """

    id: bytes
    hash: bytes
    role: str
    key: bytes
    schools: frozenset[str]
    later_keys: tuple[tuple[int, bytes], ...] = ()

    def key_at(self, seq: int) -> bytes:
        """The raw public key that signs entry ``seq``."""
        return next((key for after, key in reversed(self.later_keys) if after < seq), self.key)
