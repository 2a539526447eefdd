"""The journeys of a teacher, told once as data and walked in every way there is (UX 10).

An act is a verb of `tests.journeys.walker.Walker` and its words. A journey begins at a station as
somebody left it, and says what must be on the disk when it is over.
"""

from dataclasses import dataclass

from tests.journeys.prepared import FILLED, KNOWN, REGISTERED, SENT

Act = tuple[str, ...]
MOVED = ("133603", "133601", "143601")
"""The three wishes of a prepared draft after the last was moved to the top."""
WISHES = ("133601", "143601", "133603")
SHORTER = ("143601", "133603")


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """``versions`` are the wishes of every version sent, oldest first; ``draft`` those on the disk.

    ``phone`` is the first telephone number on the disk, where the journey is about it.
    """

    begins: str
    acts: tuple[Act, ...]
    versions: tuple[tuple[str, ...], ...] = ()
    draft: tuple[str, ...] = WISHES
    phone: str | None = None


SIGN_IN: tuple[Act, ...] = (("insert", "amy"), ("password",), ("sees", "tasks"))
END: tuple[Act, ...] = (("end",), ("remove",), ("sees", "idle"), ("hides",))

JOURNEYS = {
    "first use": Journey(
        begins=REGISTERED,
        acts=(
            ("insert", "amy"),
            ("sees", "first use"),
            ("insert", "clerk"),
            ("witness",),
            ("insert", "amy"),
            ("agree",),
            ("new_password",),
            ("sees", "tasks"),
            ("remove",),
            ("sees", "card out"),
            ("hides",),
            ("later", "21"),
            ("sees", "idle"),
            *SIGN_IN,
            *END,
        ),
        draft=(),
    ),
    "full application": Journey(
        begins=KNOWN,
        acts=(
            *SIGN_IN,
            ("notices",),
            ("basics", "03-5123456", "amy@example.tw"),
            ("questions", "7"),
            ("counties", "屏東縣", "臺東縣"),
            ("wish", "133601"),
            ("wish", "133603"),
            ("wish", "133604"),
            ("move", "3", "1"),
            ("check",),
            ("send",),
            ("sees", "receipt"),
            *END,
        ),
        versions=(("133604", "133601", "133603"),),
        draft=("133604", "133601", "133603"),
    ),
    "edit and send again": Journey(
        begins=SENT,
        acts=(
            *SIGN_IN,
            ("wishes",),
            ("move", "3", "1"),
            ("check",),
            ("send",),
            ("sees", "receipt"),
            *END,
            *SIGN_IN,
            *END,
        ),
        versions=(WISHES, MOVED),
        draft=MOVED,
    ),
    "the list of schools changes": Journey(
        begins=SENT,
        acts=(
            ("close_school", "133601"),
            *SIGN_IN,
            ("wishes",),
            ("drop", "1"),
            ("check",),
            ("send",),
            ("sees", "receipt"),
            *END,
        ),
        versions=(WISHES, SHORTER),
        draft=SHORTER,
    ),
    "two days without a line": Journey(
        begins=FILLED,
        acts=(
            *SIGN_IN,
            ("check",),
            ("send",),
            ("sees", "receipt"),
            ("sees", "stored here"),
            *END,
            ("later", "172800"),
            ("sees", "off line"),
            *SIGN_IN,
            ("wishes",),
            ("move", "3", "1"),
            ("check",),
            ("send",),
            ("sees", "stored here"),
            ("line_returns",),
            ("sees", "delivered"),
            *END,
        ),
        versions=(WISHES, MOVED),
        draft=MOVED,
    ),
    "power cut while typing": Journey(
        begins=FILLED,
        acts=(
            *SIGN_IN,
            ("open_basics",),
            ("phone", "0912-3"),
            ("power_cut",),
            ("sees", "idle"),
            ("hides",),
            *SIGN_IN,
            ("sees", "recovered"),
            *END,
        ),
        phone="0912-3",
    ),
    "wrong cards": Journey(
        begins=FILLED,
        acts=(
            ("insert", "foreign"),
            ("sees", "foreign card"),
            ("remove",),
            ("sees", "idle"),
            ("insert", "mute"),
            ("sees", "unreadable card"),
            ("remove",),
            ("sees", "idle"),
            ("insert", "ben"),
            ("sees", "unregistered"),
            ("remove",),
            ("sees", "idle"),
            *SIGN_IN,
            ("insert", "ben"),
            ("sees", "unregistered"),
            ("hides",),
            ("remove",),
            ("sees", "idle"),
            *SIGN_IN,
            *END,
        ),
    ),
    "nobody there": Journey(
        begins=FILLED,
        acts=(
            *SIGN_IN,
            ("open_basics",),
            ("phone", "0912-9"),
            ("later", "181"),
            ("sees", "are you there"),
            ("hides",),
            ("any_key",),
            ("sees", "basics"),
            ("later", "181"),
            ("sees", "are you there"),
            ("later", "46"),
            ("sees", "take the card"),
            ("hides",),
            ("remove",),
            ("sees", "idle"),
            *SIGN_IN,
            *END,
        ),
        phone="0912-9",
    ),
    "deadline while typing": Journey(
        begins=FILLED,
        acts=(
            ("until_deadline", "100"),
            *SIGN_IN,
            ("open_basics",),
            ("phone", "0912-8"),
            ("until_deadline", "-5"),
            ("phone_in_vain", "7"),
            ("sees", "closed"),
            *END,
        ),
        phone="0912-8",
    ),
}
"""By name. Nobody in them exists."""
