"""Which passwords are refused: short, common, or taken from the card in the slot (UX K02)."""

import unicodedata
from itertools import pairwise

from core.domain.roc import ROC_EPOCH
from kiosk.session.person import Person, Secret

SHORTEST = 8

# The words people here really choose, each enough to refuse a password that is little more.
COMMON = frozenset(
    {
        "11223344", "12341234", "123123123", "1234567890", "123456789", "12345678", "1q2w3e4r",
        "1q2w3e4r5t", "1qaz2wsx", "1qaz@wsx", "5201314", "520131400", "666666666", "87654321",
        "88888888", "987654321", "a1234567", "a12345678", "a123456789", "aa123456", "abc12345",
        "abc123456", "abcd1234", "admin123", "administrator", "asdfghjk", "asdfghjkl", "baseball",
        "changeme", "dragon123", "football", "iloveyou", "ji32k7au4a83", "ji394su3", "letmein1",
        "password", "password1", "password123", "passw0rd", "p@ssw0rd", "p@ssword", "princess",
        "q1w2e3r4", "qazwsxedc", "qwer1234", "qwerty12", "qwerty123", "qwertyui", "qwertyuiop",
        "school123", "student1", "sunshine", "superman", "taipei101", "taiwan123", "teacher1",
        "teacher123", "test1234", "trustno1", "welcome1", "zaq12wsx", "zxcvbnm1", "zxcvbnm,",
    }
)  # fmt: skip


def password_fault(password: Secret, again: Secret, person: Person) -> str | None:
    """``too_short``, ``too_common``, ``personal`` or ``differs``; None when it may be used."""
    text = password.typed.decode("utf-8", "replace")
    plain = text.casefold()
    if len(text) < SHORTEST:
        return "too_short"
    if plain in COMMON or len(set(plain)) <= 2 or _is_run(plain):  # noqa: PLR2004  # aaaabbbb
        return "too_common"
    if any(each in _bare(plain) for each in _personal(person)):
        return "personal"
    return None if password == again else "differs"


def _is_run(text: str) -> bool:
    """Whether each character is the next, or the one before, of its neighbour: ``abcdefgh``."""
    steps = {ord(later) - ord(earlier) for earlier, later in pairwise(text)}
    return steps in ({1}, {-1})


def _personal(person: Person) -> tuple[str, ...]:
    """What the card itself says: whoever finds the card would try it first."""
    birth = person.birth
    roc = birth.year - ROC_EPOCH
    return (
        person.national_id.text.casefold(),
        person.national_id.text[1:],
        f"{birth:%Y%m%d}",
        f"{roc:03}{birth:%m%d}",
        f"{roc}{birth:%m%d}",
    )


def _bare(text: str) -> str:
    return "".join(each for each in text if unicodedata.category(each)[0] in "LN")
