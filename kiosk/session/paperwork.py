"""What an officer does at the kiosk after signing in."""

from dataclasses import dataclass, field
from typing import Literal

from core.domain.ids import ApplicationId
from kiosk.session.bureau import QueueFilter, Verdict
from kiosk.session.device import Happening
from kiosk.session.person import Secret


class QueueOpened(Happening):
    """O01, loaded afresh."""

    __slots__ = ()


class LeftCardsSeen(Happening):
    """The officer knows that cards were left behind."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFiltered(Happening):
    """The digits 1 to 5 of O01."""

    filter: QueueFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Happening):
    """A row of the queue."""

    app: ApplicationId


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsTyped(Happening):
    """One line of points as typed; ``place`` is one of `POINT_FIELDS`."""

    place: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BecauseChosen(Happening):
    """Why a line of points is what it is: a code of `POINTS_REASONS`; None takes it back."""

    place: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BecauseTyped(Happening):
    """The remark to the reason of one line of points: the whole text as it is now."""

    place: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChosen(Happening):
    """通過, 退回補件 or 不符資格."""

    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonToggled(Happening):
    """A ground of `RETURN_REASONS`, on or off."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkTyped(Happening):
    """補充說明: the whole text as it is now."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeTicked(Happening):
    """已核對正本 (``originals``), 無上列情形 (``clean``) or 已依身分證確認姓名 (``name``)."""

    place: Literal["originals", "clean", "name"]
    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSigned(Happening):
    """簽核送出, with the officer's password."""

    password: Secret


class RosterOpened(Happening):
    """本單位教師帳號管理."""

    __slots__ = ()


class RegisterOpened(Happening):
    """教師資料登錄: the teacher's card is wanted in the slot."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAnswered(Happening):
    """A field of the registration.

    ``name``, ``title``, ``stage``, ``school`` or ``subject``, by code.
    """

    place: Literal["name", "title", "stage", "school", "subject"]
    value: str = field(repr=False)


class RegisterConfirmed(Happening):
    """登錄資料."""

    __slots__ = ()
