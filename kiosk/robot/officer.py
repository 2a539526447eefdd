"""A simulated officer: enrols, waits for the county, registers teachers, decides cases."""

from collections.abc import Callable, Sequence

from core.domain.points import Points
from kiosk.robot.hands import Hands, RefusedError, RobotError, codes_of
from kiosk.robot.script import OfficerAct, Registration, ReviewAct
from kiosk.session.bureau import (
    CasePage,
    CertificateState,
    QueuePage,
    RegisterPage,
    Row,
    SignedPage,
)
from kiosk.session.bureau import Registration as Form
from kiosk.session.gesture import EnrolmentTyped, OfficersCalled, PasswordTyped
from kiosk.session.paperwork import (
    BecauseChosen,
    CaseOpened,
    DecisionSigned,
    PledgeTicked,
    PointsTyped,
    QueueOpened,
    ReasonToggled,
    RegisterAnswered,
    RegisterConfirmed,
    RegisterOpened,
    RemarkTyped,
    VerdictChosen,
)
from kiosk.session.person import Secret
from kiosk.session.state import AskingOfficerPassword, OfficerEnrolling, OfficerSignedIn

Tell = Callable[[dict[str, object]], None]


class SimulatedOfficer:
    """One personnel officer at one kiosk; each method begins and ends at the idle screen."""

    def __init__(self, hands: Hands, act: OfficerAct, tell: Tell) -> None:
        self._hands = hands
        self._act = act
        self._tell = tell

    def enrol(self) -> None:
        """A key of the own, if there is none here yet."""
        password = Secret.from_text(self._act.password)
        self._show_card()
        if isinstance(self._hands.scene, OfficerEnrolling):
            if self._act.code is None:
                raise RobotError("this officer needs a one-time code")
            code = Secret.from_text(self._act.code)
            self._hands.press(EnrolmentTyped, code=code, password=password, again=password)
            self._hands.must(OfficerSignedIn, "enrol")
        self._hands.leave()

    def wait_until_certified(self, timeout_s: float) -> None:
        """The county's answer has come, and it is yes."""
        self._hands.wait_for("the certificate", self._is_certified, timeout_s)

    def register(self, rows: Sequence[Registration]) -> None:
        """Every teacher of the list, each by the own card; known ones are left as they are."""
        self._sign_in()
        self._hands.press(RegisterOpened)
        for row in rows:
            self._hands.swap(row.card.card())
            self._register(row)
        self._hands.leave()

    def review(self, act: ReviewAct) -> None:
        """A decision about every case that waits."""
        page = self._sign_in().page
        rows = (page.rows or ()) if isinstance(page, QueuePage) else ()
        for row in rows:
            if row.waits:
                self._decide(row, act)
        self._hands.leave()

    def _show_card(self) -> None:
        self._hands.press(OfficersCalled)
        self._hands.swap(self._act.card.card())

    def _is_certified(self) -> bool:
        self._show_card()
        scene = self._hands.must(AskingOfficerPassword, "certificate")
        self._hands.leave()
        match scene.officer.state:
            case CertificateState.GRANTED:
                return True
            case CertificateState.WAITING:
                return False
            case CertificateState.REFUSED | CertificateState.REVOKED:
                raise RefusedError(f"certificate {scene.officer.state}")

    def _sign_in(self) -> OfficerSignedIn:
        self._show_card()
        self._hands.must(AskingOfficerPassword, "officer")
        self._hands.press(PasswordTyped, password=Secret.from_text(self._act.password))
        self._hands.must(OfficerSignedIn, "officer")
        self._hands.press(QueueOpened)
        return self._hands.must(OfficerSignedIn, "officer")

    def _register(self, row: Registration) -> None:
        page = self._hands.must(OfficerSignedIn, "register").page
        if not isinstance(page, RegisterPage) or page.form is None:
            trouble = page.trouble if isinstance(page, RegisterPage) else type(page).__name__
            raise RobotError(f"register: {trouble}")
        if _is_registered(page.form, row):
            return
        if row.name is not None:
            self._hands.press(RegisterAnswered, place="name", value=row.name)
        for place, value in (
            ("title", row.title_code),
            ("school", row.school),
            ("stage", row.stage),
            ("subject", row.subject),
        ):
            self._hands.press(RegisterAnswered, place=place, value=value)
        self._hands.press(RegisterConfirmed)
        scene = self._hands.must(OfficerSignedIn, "register")
        match scene.page:
            case RegisterPage(form=None, entry=entry) if entry is not None:
                self._tell({"registered": {"hash": entry.hex()}})
            case RegisterPage(faults=faults) if faults:
                raise RefusedError(f"not registered: {codes_of(faults)}")
            case _:
                raise RobotError(f"not registered: {scene.alarm or scene.toast}")

    def _decide(self, row: Row, act: ReviewAct) -> None:
        hands = self._hands
        hands.press(CaseOpened, app=row.app)
        page = hands.must(OfficerSignedIn, "case").page
        if not isinstance(page, CasePage):
            raise RobotError(f"case: {hands.must(OfficerSignedIn, 'case').alarm}")
        for place, hundredths in act.points.get(page.case.claim.national_id, {}).items():
            hands.press(PointsTyped, place=place, text=str(Points(hundredths)))
            hands.press(BecauseChosen, place=place, reason=act.points_reason)
        hands.press(VerdictChosen, verdict=act.verdict)
        if act.verdict == "approved":
            hands.press(PledgeTicked, place="originals", ticked=True)
            hands.press(PledgeTicked, place="clean", ticked=True)
            hands.press(PledgeTicked, place="name", ticked=True)
        else:
            for reason in act.reasons:
                hands.press(ReasonToggled, reason=reason)
            hands.press(RemarkTyped, text=act.remark)
        hands.press(DecisionSigned, password=Secret.from_text(self._act.password))
        scene = hands.must(OfficerSignedIn, "sign")
        match scene.page:
            case SignedPage(entry=entry) if entry is not None:
                self._tell(
                    {"decided": {"hash": entry.hex(), "number": row.number, "verdict": act.verdict}}
                )
            case CasePage(faults=faults) if faults:
                raise RefusedError(f"not signed: {codes_of(faults)}")
            case _:
                raise RobotError(f"not signed: {scene.alarm}")


def _is_registered(form: Form, row: Registration) -> bool:
    return form.known and (form.title, form.school, form.stage, form.subject) == (
        row.title_code,
        row.school,
        row.stage,
        row.subject,
    )
