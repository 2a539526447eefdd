"""``?`` in line mode: the same help as behind F1, line by line; ``??`` is the privacy notice."""

from collections.abc import Mapping
from types import MappingProxyType

from kiosk.plain.prompt import Situation
from kiosk.plain.wishes import Spot
from kiosk.session import bureau, page, state
from kiosk.session.correction import entry_in
from kiosk.session.page import Question
from kiosk.text.checks import check_sentences
from kiosk.text.field import FieldPage
from kiosk.text.fields import basics, contact, entry, posts, self_check, sent, wishes
from kiosk.text.fields import bureau as office
from kiosk.text.help import field_sentences
from kiosk.text.keyless import without_keys
from kiosk.text.standing import standing_words

Fields = tuple[FieldPage, ...]
HELP = "?"
PRIVACY = "??"
SCENES: Mapping[type, tuple[str, Fields]] = MappingProxyType(
    {
        state.Idle: ("idle", ()),
        state.Reading: ("idle", ()),
        state.Searching: ("schools", (wishes.KEYWORD,)),
        state.Incident: ("incident", ()),
        state.Trouble: ("trouble", ()),
        state.WitnessWanted: ("witness", ()),
        state.WitnessPassword: ("witness", (entry.WITNESS_PASSWORD,)),
        state.WitnessConfirming: ("witness", ()),
        state.CardWantedBack: ("witness", ()),
        state.PrivacyNotice: ("privacy", ()),
        state.ChoosingPassword: ("choose_password", (entry.NEW_PASSWORD, entry.PASSWORD_AGAIN)),
        state.AskingPassword: ("password", (entry.STAGE, entry.PASSWORD)),
        state.OfficerCardWanted: ("officer_card", ()),
        state.OfficerEnrolling: (
            "officer_enrol",
            (entry.ONE_TIME_CODE, entry.OFFICER_PASSWORD, entry.PASSWORD_AGAIN),
        ),
        state.AskingOfficerPassword: ("officer_password", (entry.OFFICER_PASSWORD,)),
        state.Covered: ("covered", ()),
        state.CardOut: ("covered", ()),
        state.TakeCard: ("covered", ()),
        page.TasksPage: ("tasks", ()),
        page.NoticesPage: ("notices", ()),
        page.BasicsPage: ("basics", (basics.PHONE1, basics.PHONE2, basics.EMAIL)),
        page.CountiesPage: ("counties", (wishes.COUNTY_A, wishes.COUNTY_B)),
        page.WishesPage: ("wishes", (wishes.CANDIDATES, wishes.WISHES)),
        page.CheckPage: ("check", (sent.DECLARED,)),
        page.ConflictPage: ("conflict", ()),
        page.WithdrawPage: ("withdraw", ()),
        page.ReceiptPage: ("receipt", ()),
        page.StatusPage: ("status", ()),
        page.ContactPage: ("contact", (contact.CODE,)),
        page.SelfCheckPage: (
            "self_check",
            (
                self_check.SEMESTERS,
                self_check.LEAVE,
                self_check.HARDSHIP,
                self_check.BOND,
                self_check.LEAVE_NOW,
                self_check.SURPLUS_PAGE,
            ),
        ),
        page.StepsPage: ("steps", ()),
        page.VersionsPage: ("versions", ()),
        page.Interruption: ("interruption", ()),
        bureau.QueuePage: ("queue", ()),
        bureau.CasePage: (
            "case",
            (
                office.POINTS,
                office.VERDICT,
                office.REASONS,
                office.REMARK,
                office.ORIGINALS,
                office.CLEAN,
            ),
        ),
        bureau.SignedPage: ("signed", ()),
        bureau.RosterPage: ("roster", ()),
        bureau.RegisterPage: (
            "register",
            (office.NAME, office.TITLE, office.STAGE, office.SCHOOL, office.SUBJECT),
        ),
    }
)
"""The help of the screen, and the fields asked there, by scene or page."""
QUESTIONS: Mapping[Question, Fields] = MappingProxyType(
    {
        Question.INDIGENOUS: (posts.INDIGENOUS, posts.LANGUAGE),
        Question.AREA_LIMIT: (posts.AREA_LIMIT,),
        Question.SERVICE_YEARS: (posts.SERVICE_YEARS,),
        Question.POST: (posts.POST,),
        Question.SUBJECTS: (posts.SUBJECT2, posts.SUBJECT3),
    }
)
VIEWS: Mapping[tuple[type, str], Fields] = MappingProxyType(
    {
        (page.BasicsPage, "phone1"): (basics.PHONE1,),
        (page.BasicsPage, "phone2"): (basics.PHONE2,),
        (page.BasicsPage, "email"): (basics.EMAIL,),
        (page.WishesPage, Spot.ADD): (wishes.KEYWORD,),
        (page.WishesPage, Spot.FOUND): (wishes.CANDIDATES,),
        (page.WishesPage, Spot.TOWNSHIP): (wishes.TOWNSHIP,),
        (page.WishesPage, Spot.INSERT): (wishes.INSERTION,),
        (page.WishesPage, Spot.BEFORE): (wishes.BEFORE,),
        (page.WishesPage, Spot.LIST): (wishes.WISHES,),
        (page.WishesPage, Spot.WISH): (wishes.WISHES,),
        (page.WishesPage, Spot.RANK): (wishes.RANK,),
    }
)
"""Inside a page: the one field that is asked."""


def asked(now: Situation) -> tuple[str, Fields]:
    """The key of the screen's help, and the fields in front, the one that is asked alone."""
    scene = now.session.scene
    shown = getattr(scene, "page", scene)
    if not isinstance(scene, state.Covered | state.CardOut) and entry_in(scene) is not None:
        return "name", (basics.READING,)
    if isinstance(shown, page.PostsPage):
        fields = QUESTIONS[shown.question]
        if now.view.name == "subject":
            fields = (fields[int(now.view.detail) - 2],)
        return "question", fields
    if isinstance(shown, page.CheckPage | page.WithdrawPage) and shown.password_wanted:
        return SCENES[type(shown)][0], (entry.PASSWORD_TO_SEND,)
    help_of, fields = SCENES[type(shown)]
    return help_of, VIEWS.get((type(shown), now.view.name), fields)


def help_lines(now: Situation) -> tuple[str, ...]:
    """Fields, screen, checks while nobody is here, whom to ask, what to say when it is broken."""
    texts, station = now.texts, now.session.station
    help_of, fields = asked(now)
    sentences = tuple(sentence for field in fields for sentence in field_sentences(field, texts))
    by_sound = help_of == "name"  # there Space is a tone, and is typed here too
    lines = [*(sentences if by_sound else without_keys(sentences))]
    lines += without_keys(each for each in texts.help(help_of).split("\n") if each)
    if help_of in {"idle", "trouble"}:
        lines += [sentence for _, sentence in check_sentences(now.session.reader, texts)]
    if help_of in {"idle", "trouble", "self_check"}:
        lines += [texts.who_not_title, *texts.who_not]
    contact = now.plain.value(texts.help_contact, texts.ask(station.contact))
    site = station.site or station.server
    lines += [contact, texts.help_report(station.machine, now.session.at)]
    if site:
        lines.append(now.plain.value(texts.site_label, site))
    if station.organiser:
        lines.append(now.plain.value(texts.organiser_label, station.organiser))
    lines += [texts.link(station.link), *standing_words(now.session, texts)]
    return (*lines, f"{PRIVACY} {texts.help_privacy}")


def privacy_lines(now: Situation) -> tuple[str, ...]:
    """個資告知, and what this machine stores."""
    texts = now.texts
    return (
        texts.privacy_title,
        texts.privacy_intro,
        *texts.privacy_points,
        texts.stored_title,
        *texts.stored_points,
    )
