"""撤回申請: taking an application back, which a new version before the deadline undoes."""

from kiosk.session import sending
from kiosk.session.gesture import WithdrawAsked, WithdrawConfirmed
from kiosk.session.page import WithdrawPage
from kiosk.session.state import Session, SignedIn
from kiosk.session.turn import Step
from kiosk.session.work import hindrance, say, turn


def withdrawn(session: Session, scene: SignedIn, event: WithdrawAsked | WithdrawConfirmed) -> Step:
    """The question, and the button on its page."""
    if isinstance(event, WithdrawConfirmed):
        return sending.withdraw(session, scene, event)
    hindered = hindrance(session, scene)
    if hindered is not None:
        return say(session, scene, hindered)
    if not scene.record.heads or scene.record.withdrawn:
        return say(session, scene, "nothing_to_withdraw")
    return turn(session, scene, WithdrawPage())
