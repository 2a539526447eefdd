"""What the kiosk needs of a Chinese input method; `kiosk.adapters.chewing` is the real one."""

from typing import Protocol


class ComposerError(Exception):
    """There is no input method on this machine, or it does not work."""


class Composer(Protocol):
    """Finds characters by how they are read. Learns nothing and keeps nothing."""

    def characters(self, keys: str) -> tuple[str, ...]:
        """Every character of one syllable, the usual ones first; empty when there is none.

        ``keys`` are those of the standard 注音 layout up to the tone, a space for the first one.

        Raises:
            ComposerError: Nothing can be found on this machine.
        """
