"""The characters of a syllable, for 罕用字更正. Nothing of it is stored or noted."""

from datetime import datetime

from kiosk.adapters.composer_port import ComposerError
from kiosk.desk.equipment import DeskError, Equipment
from kiosk.session.answer import CharactersFound
from kiosk.session.effect import FindCharacters


def find_characters(equipment: Equipment, effect: FindCharacters, now: datetime) -> CharactersFound:
    """Ask the input method.

    Raises:
        DeskError: ``input_missing``; the school's name and the officer's typing remain.
    """
    if equipment.composer is None:
        raise DeskError("input_missing")
    try:
        found = equipment.composer.characters(effect.keys)
    except ComposerError as error:
        raise DeskError("input_missing") from error
    return CharactersFound(ticket=effect.ticket, at=now, characters=found)
