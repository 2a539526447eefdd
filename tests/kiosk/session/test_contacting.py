"""通知設定: the mail code and LINE; nothing of it keeps anybody from sending."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.session.answer import ContactChanged
from kiosk.session.contact import (
    CODE_LIVES,
    CODE_TRIES,
    Contact,
    Mailing,
    MailState,
    Proof,
    Telephone,
    mail_state,
)
from kiosk.session.contacting import address_of
from kiosk.session.effect import ContactAct, Contacting
from kiosk.session.gesture import WentBack, WentOn
from kiosk.session.page import (
    BasicsPage,
    CheckPage,
    ContactPage,
    ReceiptPage,
    StatusPage,
    TasksPage,
)
from kiosk.session.person import Secret
from kiosk.session.reach import CodeAsked, CodeTyped, ContactOpened, LineAsked, LineUnlinkAsked
from kiosk.session.state import Covered
from kiosk.session.station import Link, LinkName
from kiosk.session.step import step
from tests.kiosk.people import AMY, BEN, COMPLETE, NOON, at_work, version

ADDRESS = COMPLETE.email
PAGE = ContactPage(behind=StatusPage())
SENT = Proof(
    address=ADDRESS,
    asked=NOON - timedelta(minutes=3),
    mailing=Mailing.SENT,
    taken=NOON - timedelta(minutes=2),
)
CODE = Secret.from_text("042137")


def here(contact=None, **changed):
    scene = {"page": PAGE, "contact": Contact() if contact is None else contact}
    session = at_work(**(scene | changed))
    online = replace(session.station, link=Link(name=LinkName.ONLINE))
    return replace(session, station=online)


def proof(**changed):
    return Contact(proof=replace(SENT, **changed))


@pytest.mark.parametrize(
    ("contact", "state"),
    [
        (Contact(), MailState.UNPROVED),
        (proof(address="other@example.tw"), MailState.UNPROVED),
        (proof(proved=True, tries_left=0), MailState.PROVED),
        (proof(mailing=Mailing.REFUSED), MailState.REFUSED),
        (proof(tries_left=0), MailState.SPENT),
        (proof(mailing=Mailing.HERE, taken=None), MailState.WAITING),
        (proof(mailing=Mailing.QUEUED), MailState.SENT),
        (proof(taken=NOON - CODE_LIVES), MailState.EXPIRED),
        (proof(taken=NOON - CODE_LIVES + timedelta(seconds=1)), MailState.SENT),
    ],
)
def test_an_address_stands_as_its_code_does(contact, state):
    assert mail_state(contact, ADDRESS, NOON) is state


@pytest.mark.parametrize(
    ("page", "behind"),
    [
        (BasicsPage(), BasicsPage()),
        (StatusPage(), StatusPage()),
        (CheckPage(asked=True), CheckPage(asked=True)),
        (ReceiptPage(version(1)), ReceiptPage(version(1))),
    ],
)
def test_the_page_opens_from_four_places_and_leads_back(page, behind):
    opened = step(here(page=page), ContactOpened(at=NOON)).session

    assert opened.scene.page == ContactPage(behind=behind)
    for leave in (WentBack(at=NOON), WentOn(at=NOON)):
        assert step(opened, leave).session.scene.page == behind


@pytest.mark.parametrize("event", [ContactOpened(at=NOON), CodeAsked(at=NOON)])
def test_elsewhere_it_means_nothing(event):
    before = here(page=TasksPage())

    after = step(before, event)

    assert (after.session.scene.page, after.effects) == (TasksPage(), ())


def test_a_code_is_asked_for_the_address_as_it_will_be_sent():
    answers = replace(COMPLETE, email=f" {ADDRESS} ")
    session = here()
    scene = session.scene
    session = replace(session, scene=replace(scene, draft=replace(scene.draft, answers=answers)))

    asked = step(session, CodeAsked(at=NOON))

    assert address_of(session.scene) == ADDRESS
    assert asked.effects == (Contacting(AMY.teacher, ContactAct.MAIL_CODE, address=ADDRESS),)


def test_without_an_address_there_is_nothing_to_prove():
    answers = replace(COMPLETE, email=" nobody ")
    session = here()
    draft = replace(session.scene.draft, answers=answers)
    session = replace(session, scene=replace(session.scene, draft=draft))

    refused = step(session, CodeAsked(at=NOON))

    assert refused.effects == ()
    assert refused.session.scene.page.fault == "email_wrong"
    assert address_of(session.scene) == "nobody"


def test_the_next_code_waits_a_minute_unless_the_last_was_refused():
    soon = proof(asked=NOON - timedelta(seconds=59))
    later = proof(asked=NOON - timedelta(seconds=60))
    refused = proof(asked=NOON, mailing=Mailing.REFUSED)

    assert step(here(soon), CodeAsked(at=NOON)).session.scene.page.fault == "code_too_soon"
    assert step(here(later), CodeAsked(at=NOON)).effects != ()
    assert step(here(refused), CodeAsked(at=NOON)).effects != ()


@pytest.mark.parametrize("event", [CodeAsked(at=NOON), CodeTyped(at=NOON, code=CODE)])
def test_an_address_that_is_proved_is_not_proved_again(event):
    told = step(here(proof(proved=True)), event)

    assert (told.effects, told.session.scene.toast) == ((), "mail_proved")


@pytest.mark.parametrize("typed", ["042137", "\uff10\uff14\uff12\uff11\uff13\uff17", " 042-137 "])
def test_six_digits_are_looked_at_however_they_are_typed(typed):
    tried = step(here(proof()), CodeTyped(at=NOON, code=Secret.from_text(typed)))

    effect = Contacting(AMY.teacher, ContactAct.TRY_CODE, code=CODE)
    assert tried.effects == (effect,)
    assert "042137" not in repr(tried.effects)


@pytest.mark.parametrize("typed", ["", "42137", "0421370", "04213a", "四二一三七零"])
def test_anything_else_is_no_code_and_costs_no_try(typed):
    refused = step(here(proof()), CodeTyped(at=NOON, code=Secret.from_text(typed)))

    assert refused.effects == ()
    assert refused.session.scene.page.fault == "code_form"


@pytest.mark.parametrize(
    ("contact", "fault"),
    [
        (Contact(), "code_not_asked"),
        (proof(address="other@example.tw"), "code_not_asked"),
        (proof(mailing=Mailing.REFUSED), "code_not_asked"),
        (proof(mailing=Mailing.HERE, taken=None), "code_not_sent"),
        (proof(taken=NOON - CODE_LIVES), "code_expired"),
        (proof(tries_left=0), "code_spent"),
    ],
)
def test_a_code_that_cannot_be_right_is_answered_with_why(contact, fault):
    refused = step(here(contact), CodeTyped(at=NOON, code=CODE))

    assert refused.effects == ()
    assert refused.session.scene.page.fault == fault


def told(session, contact, teacher=AMY.teacher):
    return step(session, ContactChanged(at=NOON, teacher=teacher, contact=contact)).session.scene


def test_a_wrong_code_is_said_and_the_right_one_too():
    wrong = told(here(proof()), proof(tries_left=CODE_TRIES - 1))
    right = told(here(proof(), page=replace(PAGE, fault="code_wrong")), proof(proved=True))
    asked = told(here(proof()), proof(asked=NOON, tries_left=1))

    assert wrong.page.fault == "code_wrong"
    assert (right.page.fault, right.toast) == (None, "mail_proved")
    assert asked.page.fault is None


def test_what_is_known_at_the_start_is_no_news():
    scene = told(here(), proof(proved=True))
    same = told(here(proof(), page=replace(PAGE, fault="code_form")), proof())

    assert (scene.contact, scene.toast) == (proof(proved=True), None)
    assert same.page.fault == "code_form"


def test_news_reach_whoever_it_is_about_even_behind_a_cover():
    session = here(proof())
    covered = replace(session, scene=Covered(held=session.scene, since=NOON))

    assert told(covered, proof(proved=True)).held.contact == proof(proved=True)
    assert told(session, proof(proved=True), BEN.teacher).contact == proof()
    elsewhere = told(here(proof(), page=TasksPage()), proof(tries_left=1))
    assert elsewhere.page == TasksPage()


def test_what_could_not_be_kept_is_said_where_it_was_asked():
    assert told(here(proof()), None).page.fault == "store"
    assert told(here(proof(), page=TasksPage()), None).page == TasksPage()


def test_a_telephone_is_linked_and_unlinked():
    asked = step(here(), LineAsked(at=NOON))
    linked = told(here(Contact(telephone=Telephone.OPEN)), Contact(telephone=Telephone.LINKED))
    undone = step(here(Contact(telephone=Telephone.LINKED)), LineUnlinkAsked(at=NOON))

    assert asked.effects == (Contacting(AMY.teacher, ContactAct.LINE_LINK),)
    assert linked.toast == "line_linked"
    assert undone.effects == (Contacting(AMY.teacher, ContactAct.LINE_UNLINK),)


@pytest.mark.parametrize("telephone", [Telephone.OFF, Telephone.LINKED])
def test_there_is_nothing_to_link_where_it_is_off_or_done(telephone):
    after = step(here(Contact(telephone=telephone)), LineAsked(at=NOON))

    assert (after.effects, after.session.scene.toast) == ((), f"line_{telephone}")


def test_off_line_says_so():
    session = here()
    offline = replace(session.station, link=Link(name=LinkName.OFFLINE))

    after = step(replace(session, station=offline), LineAsked(at=NOON))

    assert (after.effects, after.session.scene.page.fault) == ((), "line_offline")


def test_where_nothing_can_be_written_nothing_is_asked():
    after = step(here(reading="full"), CodeAsked(at=NOON))

    assert (after.effects, after.session.scene.toast) == ((), "reading")


def test_practice_sends_and_links_nothing():
    session = here()

    after = step(replace(session, suspended=session), CodeAsked(at=NOON))

    assert (after.effects, after.session.scene.page.fault) == ((), "practice")
