"""What a robot is to do, read from JSON: a list of acts, each an object with one verb."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kiosk.session.bureau import POINT_FIELDS, POINTS_REASONS, TITLES, Verdict
from kiosk.text.catalogue import LANGUAGES
from kiosk.virtual_cards import CardText

WAIT_S = 300.0
TITLE_CODES = {LANGUAGES["zh"].title(code): code for code in TITLES}
"""Scripts may name a 職稱 as people write it."""


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Common settings."""


class OfficerAct(_Part, frozen=True):
    """The officer of the acts that follow; with ``code`` she enrols if she has no key here yet."""

    card: CardText
    password: str
    code: str | None = None
    name: str = ""
    school: str = ""


class Registration(_Part, frozen=True):
    """One teacher to register; ``name`` corrects what the card cannot hold."""

    card: CardText
    title: str
    school: str
    stage: Literal["elementary", "junior", "kindergarten"]
    subject: str
    name: str | None = None

    @property
    def title_code(self) -> str:
        """One of `TITLES`."""
        return TITLE_CODES.get(self.title, self.title)

    def __post_init__(self) -> None:
        if self.title_code not in TITLES:
            raise ValueError(f"title {self.title} is not known")


class Basics(_Part, frozen=True):
    """基本資料."""

    phone1: str
    email: str
    phone2: str = ""


class Posts(_Part, frozen=True):
    """應聘資料; ``subjects`` begins with the own one."""

    indigenous: bool
    area_limit: Literal["general", "restricted"]
    service_years: int
    subjects: Annotated[tuple[str, ...], Meta(min_length=1, max_length=3)]
    language: bool = False


class ApplyAct(_Part, frozen=True):
    """One version, from the card to 送出. ``edits`` are changes of mind on the way, taken back.

    ``revive``: after a withdrawal, so that the same content is sent once more.
    """

    card: CardText
    password: str
    basics: Basics
    posts: Posts
    counties: tuple[str, str]
    schools: tuple[str, ...]
    edits: int = 0
    edit_seed: int = 0
    revive: bool = False


class WithdrawAct(_Part, frozen=True):
    """The teacher takes the application back; once, however often the script is played."""

    card: CardText
    password: str


class ResolveAct(_Part, frozen=True):
    """The teacher waits for a conflict, takes one of the versions as it is, and sends it.

    ``take`` is the earliest or the latest of those whose content is here.
    """

    card: CardText
    password: str
    take: Literal["earliest", "latest"] = "latest"
    timeout_s: float = WAIT_S


class ReviewAct(_Part, frozen=True):
    """Every waiting case gets this verdict.

    ``points`` in hundredths by national number and field; each of them is given for the reason
    ``points_reason`` (`POINTS_REASONS`).
    """

    verdict: Verdict = "approved"
    points: dict[str, dict[str, int]] = {}
    points_reason: str = "originals"
    reasons: tuple[str, ...] = ("reinstatement_missing",)
    remark: str = ""

    def __post_init__(self) -> None:
        for row in self.points.values():
            if unknown := row.keys() - set(POINT_FIELDS):
                raise ValueError(f"points {sorted(unknown)} are not known")
        if self.points_reason not in POINTS_REASONS[:-1]:
            raise ValueError(f"{self.points_reason} is no reason without a remark")


class ResultAct(_Part, frozen=True):
    """The teacher puts the card in and reads the outcome."""

    card: CardText
    password: str
    timeout_s: float = WAIT_S


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Exactly one of the verbs; ``timeout_s`` belongs to ``wait``."""

    officer: OfficerAct | None = None
    wait: Literal["certificate", "reference", "open", "synced"] | None = None
    register: tuple[Registration, ...] | None = None
    apply: ApplyAct | None = None
    withdraw: WithdrawAct | None = None
    resolve: ResolveAct | None = None
    review: ReviewAct | Literal["all"] | None = None
    result: ResultAct | None = None
    timeout_s: float = WAIT_S

    def __post_init__(self) -> None:
        verbs = (
            self.officer,
            self.wait,
            self.register,
            self.apply,
            self.withdraw,
            self.resolve,
            self.review,
            self.result,
        )
        if sum(each is not None for each in verbs) != 1:
            raise ValueError("an act has exactly one verb")


def parse_script(text: bytes) -> tuple[Act, ...]:
    """The acts, in order.

    Raises:
        ValueError: Not a script; the message says where.
    """
    return msgspec.json.decode(text, type=tuple[Act, ...])
