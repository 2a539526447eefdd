"""The three checks before a card can be used, in full sentences and in order (F-207 … F-220)."""

from kiosk.session.station import Reader, Service, SlotFaulty, SlotHolds, SlotReading
from kiosk.text.catalogue import Texts


def check_sentences(reader: Reader, texts: Texts) -> tuple[tuple[bool, str], ...]:
    """Whether each check is passed, and its sentence; with a remedy at the first that is not.

    A later check says nothing while an earlier one fails.
    """
    passed = (
        reader.service is Service.FINE,
        reader.device is Service.FINE,
        isinstance(reader.slot, SlotHolds | SlotReading),
    )
    found: list[tuple[bool, str]] = []
    for at, good in enumerate(passed):
        if not good:
            bad = isinstance(reader.slot, SlotFaulty) or at < len(passed) - 1
            words = f"{texts.checks_bad[at]}{texts.colon}{texts.checks_remedy[at]}"
            return (*found, (False, words if bad else texts.checks_bad[at]))
        found.append((True, texts.checks_good[at]))
    return (*found, (True, texts.checks_fine))
