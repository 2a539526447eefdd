"""Plays a script at one kiosk, act by act. Playing it again after a kill does only what is missing.

What has been done is read from the store through the kiosk itself; there is no memory of its own.
"""

from collections.abc import Callable, Iterable

from kiosk.robot.hands import Hands, RobotError
from kiosk.robot.officer import SimulatedOfficer
from kiosk.robot.script import (
    Act,
    ApplyAct,
    OfficerAct,
    ResolveAct,
    ResultAct,
    ReviewAct,
    WithdrawAct,
)
from kiosk.robot.teacher import SimulatedTeacher, resolve, resolved, sign_in, withdraw
from kiosk.session.record import Record, ResultView, Version
from kiosk.session.season import Window, window_at
from kiosk.session.state import SignedIn

Fact = dict[str, object]


class Robot:
    """One robot at one kiosk."""

    def __init__(self, hands: Hands, tell: Callable[[Fact], None]) -> None:
        """``tell`` gets one fact per thing done, once it is on the disk."""
        self._hands = hands
        self._tell = tell
        self._act = 0
        self._officer: OfficerAct | None = None

    def play(self, acts: Iterable[Act]) -> None:
        """All acts, in order.

        Raises:
            RobotError: One of them cannot be done; those before it are.
        """
        for self._act, act in enumerate(acts):
            self._play(act)
            self._told({"done": True})

    def _play(self, act: Act) -> None:
        match act:
            case Act(officer=OfficerAct() as officer):
                self._officer = officer
                self._bureau().enrol()
            case Act(wait=str() as what):
                self._wait(what, act.timeout_s)
            case Act(register=tuple() as rows):
                self._bureau().register(rows)
            case Act(apply=ApplyAct() as application):
                self._apply(application)
            case Act(withdraw=WithdrawAct() as taken):
                self._withdraw(taken)
            case Act(resolve=ResolveAct() as choice):
                self._resolve(choice)
            case Act(result=ResultAct() as result):
                self._read_result(result)
            case Act(review=ReviewAct() as review):
                self._bureau().review(review)
            case _:
                self._bureau().review(ReviewAct())

    def _bureau(self) -> SimulatedOfficer:
        if self._officer is None:
            raise RobotError("this act needs an officer before it in the script")
        return SimulatedOfficer(self._hands, self._officer, self._told)

    def _told(self, fact: Fact) -> None:
        self._tell({"act": self._act, **fact})

    def _wait(self, what: str, timeout_s: float) -> None:
        hands = self._hands
        match what:
            case "certificate":
                self._bureau().wait_until_certified(timeout_s)
            case "reference":
                hands.wait_for("the lists", self._has_lists, timeout_s)
            case "open":
                hands.wait_for("the first day", self._is_open, timeout_s)
            case _:
                hands.wait_for("the delivery", self._is_delivered, timeout_s)

    def _has_lists(self) -> bool:
        station = self._hands.talk.session.station
        return station.reference is not None and bool(station.calendar)

    def _is_open(self) -> bool:
        session = self._hands.talk.session
        return window_at(session.station, session.at) is Window.OPEN

    def _is_delivered(self) -> bool:
        return self._hands.talk.session.station.link.pending == 0

    def _apply(self, act: ApplyAct) -> None:
        sign_in(self._hands, act.card, act.password, self._officer)
        teacher = SimulatedTeacher(self._hands, act)
        before = teacher.sent_before()
        version = teacher.apply() if before is None else before
        app = self._hands.must(SignedIn, "application").record.app
        self._told({"submitted": _version(version, app), "again": before is not None})
        self._hands.leave()

    def _withdraw(self, act: WithdrawAct) -> None:
        record = sign_in(self._hands, act.card, act.password, self._officer).record
        before = next((each for each in record.versions if each.withdrawn), None)
        version = withdraw(self._hands, act.password) if before is None else before
        self._told({"withdrawn": _version(version, record.app), "again": before is not None})
        self._hands.leave()

    def _resolve(self, act: ResolveAct) -> None:
        app = sign_in(self._hands, act.card, act.password, self._officer).record.app
        self._hands.wait_for("the conflict", self._is_torn, act.timeout_s)
        before = resolved(self._record())
        version = resolve(self._hands, act) if before is None else before
        parents = [each.hex() for each in version.parents]
        fact = {**_version(version, app), "parents": parents}
        self._told({"resolved": fact, "again": before is not None})
        self._hands.leave()

    def _record(self) -> Record:
        return self._hands.must(SignedIn, "conflict").record

    def _is_torn(self) -> bool:
        record = self._record()
        return record.in_conflict or resolved(record) is not None

    def _read_result(self, act: ResultAct) -> None:
        record = sign_in(self._hands, act.card, act.password, self._officer).record
        if record.versions:
            self._hands.wait_for("the result", lambda: self._result() is not None, act.timeout_s)
        self._told({"result": _result(self._result())})
        self._hands.leave()

    def _result(self) -> ResultView | None:
        return self._hands.must(SignedIn, "result").record.result


def _version(version: Version, app: bytes) -> Fact:
    return {
        "app": app.hex(),
        "seq": version.seq,
        "hash": version.hash.hex(),
        "version": version.version,
        "number": version.number,
    }


def _result(result: ResultView | None) -> Fact | None:
    if result is None:
        return None
    return {
        "moved": result.moved,
        "school": result.school,
        "subject": result.subject,
        "wish": result.wish,
        "phase": result.phase,
    }
