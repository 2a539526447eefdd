"""Every sentence in both languages: there, in safe characters, and short enough for its place."""

import hashlib
import inspect
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from core.domain.application import CODES
from core.domain.school import Mark, Stage
from core.rules.calendar import PhaseName
from core.season.merge import Review
from core.wire.answer import BLOCKS
from kiosk.session.bureau import RETURN_REASONS, TITLES, CertificateState, QueueFilter, Standing
from kiosk.session.draft import EditName
from kiosk.session.page import (
    NOTICES,
    NOTICES_TEXTS,
    NOTICES_VERSION,
    QUESTIONS,
    Doubt,
    Task,
    TaskState,
)
from kiosk.session.progress import Audit, StageName, StageState
from kiosk.session.record import Delivery
from kiosk.session.state import TroubleCode
from kiosk.session.station import STOPPED, Link, LinkName, Service
from kiosk.text.catalogue import LANGUAGES, Texts
from kiosk.text.field import FieldPage
from kiosk.text.fields import basics, entry, posts, sent, wishes
from kiosk.text.fields import bureau as bureau_fields
from kiosk.text.help import field_sentences
from kiosk.text.ranks import runs
from kiosk.text.words import KeyWord
from kiosk.widgets.glyphs import ambiguous
from tests.kiosk.screens.gallery import PICTURES

SESSION = Path(__file__).parents[3] / "kiosk" / "session"
NOW = datetime(2026, 4, 28, 8, 59, 56, tzinfo=UTC)
TEXTS = pytest.mark.parametrize("texts", LANGUAGES.values(), ids=LANGUAGES)
UNKNOWN = re.compile(r"[（(][a-z_]{3,}[)）]")


MACHINE_CODES = (
    *sorted(each.value for each in (*STOPPED, LinkName.STALE, LinkName.CLOCK)),
    *BLOCKS.values(),
    "quota",
    "malformed",
    "too_large",
)
"""Everything a machine's link can say people must know."""


def words_of(texts: Texts) -> dict[str, str]:
    """Every fixed sentence, by name."""
    found = {}
    for name in dir(texts):
        value = getattr(texts, name)
        if isinstance(value, str) and not name.startswith("_"):
            found[name] = value
        elif isinstance(value, tuple):
            found |= {f"{name}.{at}": each for at, each in enumerate(value)}
    return found


def sentences_of(texts: Texts) -> list[str]:
    """Fixed sentences, and those that depend on one value of a closed list."""
    lists = (
        (texts.key_word, KeyWord),
        (texts.stage, Stage),
        (texts.mark, Mark),
        (texts.mark_name, Mark),
        (texts.mark_meaning, Mark),
        (texts.task, Task),
        (texts.task_short, Task),
        (texts.task_step, Task),
        (texts.task_explained, Task),
        (texts.task_note, Task),
        (texts.task_state, TaskState),
        (texts.phase_name, PhaseName),
        (texts.question, QUESTIONS),
        (texts.question_explained, QUESTIONS),
        (texts.notice, range(NOTICES)),
        (texts.service, Service),
        (texts.review, Review),
        (texts.delivery, Delivery),
        (texts.reason, RETURN_REASONS),
        (texts.title, TITLES),
        (texts.certificate, CertificateState),
        (texts.delivery_word, Delivery),
        (texts.withdrawn_heading, Delivery),
        (texts.standing, Standing),
        (texts.doubt_title, Doubt),
        (texts.audit, Audit),
        (texts.step_name, StageName),
        (texts.step_note, StageName),
        (texts.stage_state, StageState),
        (texts.refusal, sorted(CODES)),
    )
    listed = [say(value) for say, values in lists for value in values]
    troubles = [part for code in TroubleCode for part in texts.trouble(code)]
    troubles += [part for code in MACHINE_CODES for part in texts.machine_trouble(code)]
    helps = [texts.help(page) for page in helped_pages()]
    edits = [texts.edit(name, "溪口國小") for name in EditName]
    fields = [sentence for page in every_field() for sentence in field_sentences(page, texts)]
    return [*words_of(texts).values(), *listed, *troubles, *helps, *edits, *fields]


def every_field() -> list[FieldPage]:
    """All pages of help, from the modules they are written in."""
    modules = (basics, bureau_fields, entry, posts, sent, wishes)
    return [each for one in modules for each in vars(one).values() if isinstance(each, FieldPage)]


def helped_pages() -> set[str]:
    from kiosk.screens import choice  # noqa: PLC0415 - the widgets are needed here only

    return {choice.load(place).HELP for place in choice.PLACES}


def codes_in(pattern: str) -> set[str]:
    """Codes the session really uses."""
    return {
        code
        for path in SESSION.glob("*.py")
        for code in re.findall(pattern, path.read_text(encoding="utf-8"))
    }


@TEXTS
def test_no_sentence_holds_a_character_whose_width_terminals_disagree_about(texts):
    wrong = {
        character
        for sentence in sentences_of(texts)
        for character in sentence
        if ambiguous(character)
    }

    assert wrong <= {"□"}, "□ stands for a character a card cannot show"


@TEXTS
def test_no_sentence_holds_an_emoji(texts):
    assert not [
        character for text in sentences_of(texts) for character in text if ord(character) > 0xFFFF
    ]


@TEXTS
def test_every_refusal_of_the_rules_and_of_the_session_has_a_sentence_of_its_own(texts):
    codes = CODES | codes_in(r'Refusal\(code="(\w+)"')

    sentences = {code: texts.refusal(code) for code in codes}

    assert [code for code, sentence in sentences.items() if UNKNOWN.search(sentence)] == []


@TEXTS
def test_every_message_of_the_session_has_a_sentence_of_its_own(texts):
    codes = codes_in(r'say\(session, \w+, "(\w+)"\)') | codes_in(r'keep\([^"\n]*"(\w+)"\)')
    codes |= codes_in(r'toast="(\w+)"')

    sentences = {code: texts.toast(code) for code in codes}

    assert len(codes) > 10
    assert [code for code, sentence in sentences.items() if UNKNOWN.search(sentence)] == []


@TEXTS
def test_every_fault_of_signing_in_has_a_sentence_of_its_own(texts):
    codes = codes_in(r'fault="(\w+)"') | codes_in(r'return "(too_short|too_common|personal)"')
    codes |= {each.value for each in TroubleCode} | {"full", "locked", "damaged", "stopped"}
    codes |= codes_in(r'^(?:NOT_OFFICER|SAME_PERSON|OTHER_CARD|WRONG) = "(\w+)"')

    sentences = {code: texts.fault(code) for code in codes}

    assert [code for code, sentence in sentences.items() if UNKNOWN.search(sentence)] == []


@TEXTS
def test_every_state_of_the_machine_says_what_happened_and_what_to_do(texts):
    found = {code: texts.machine_trouble(code) for code in MACHINE_CODES}

    assert [code for code, parts in found.items() if not all(parts)] == []
    assert not [code for code, parts in found.items() if UNKNOWN.search("".join(parts))]
    assert "teapot" in texts.machine_trouble("teapot")[0]


@TEXTS
def test_every_alarm_has_a_sentence_of_its_own(texts):
    codes = codes_in(r'alarm="(\w+)"') | {
        "full", "locked", "damaged", "stopped", "reading", "reading_over", "conflict_open",
        "nothing_sent", "case_conflict", "case_withdrawn", "case_missing", "case_changed",
        "own_case", "not_granted", "closed",
    }  # fmt: skip

    assert [code for code in codes if UNKNOWN.search(texts.alarm(code))] == []


@TEXTS
def test_every_end_of_a_session_has_a_sentence(texts):
    notices = codes_in(r'(?:close|end)\([^"\n]*"(\w+)"\)') | {"expired", "unsaved"}

    assert [code for code in notices if not texts.idle_notice(code)] == []


@TEXTS
def test_every_edit_names_what_it_was_about(texts):
    for subject in ("phone1", "phone2", "email", *QUESTIONS):
        assert texts.subject_of_edit(subject)


@TEXTS
@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("label_name", 17),
        ("label_number", 17),
        ("label_birth", 17),
        ("label_registered", 17),
        ("label_phone1", 16),
        ("label_phone2", 16),
        ("label_email", 16),
        ("label_stage", 13),
        ("label_password", 13),
        ("label_password_again", 13),
        ("label_code", 13),
        ("label_receipt", 10),
        ("label_check_code", 10),
        ("label_version", 10),
        ("label_sent_at", 10),
        ("label_clock", 10),
        ("filter_hint", 16),
        ("system_name", 68),
        ("system_wide", 24),
        ("added", 6),
        ("moved", 6),
        ("removed", 7),
    ],
)
def test_a_label_fits_the_column_it_stands_in(texts, name, cells):
    assert cell_len(getattr(texts, name)) <= cells


@TEXTS
def test_every_field_has_a_label_a_sentence_and_a_rule_that_says_where_it_stands(texts):
    pages = every_field()

    words = [texts.field(page) for page in pages]
    rules = {page.rule for page in pages if page.rule is not None}

    assert len(pages) >= 35
    assert all(each.label and len(each.what) > 10 for each in words)
    assert all("".join(texts.rule(rule)).count(rule.source) == 1 for rule in rules)
    assert all(("範例" in texts.rule(rule)[-1]) is not rule.settled for rule in rules)


@TEXTS
def test_words_of_columns_fit_them(texts):
    assert max(cell_len(texts.task(task)) for task in Task) <= 26
    assert max(cell_len(texts.task_state(state)) for state in TaskState) <= 16
    assert (
        max(cell_len(texts.verdict(each)) for each in ("approved", "returned", "ineligible")) <= 13
    )
    assert max(cell_len(texts.mark(mark)) for mark in Mark) == 2
    assert max(cell_len(texts.reason(each)) for each in RETURN_REASONS) <= 34
    assert max(cell_len(texts.phase_name(phase)) for phase in PhaseName) <= 20
    assert max(cell_len(texts.step_name(stage)) for stage in StageName) <= 17
    assert max(cell_len(texts.stage_state(state)) for state in StageState) <= 13


@TEXTS
def test_a_word_in_a_footer_is_short(texts):
    long = {word: texts.key_word(word) for word in KeyWord if cell_len(texts.key_word(word)) > 14}

    assert long == {}


@TEXTS
def test_the_time_left_gets_finer_as_the_deadline_comes(texts):
    far = texts.time_left(timedelta(days=1, hours=6, minutes=53))
    day = texts.time_left(timedelta(hours=5, minutes=12))
    hour = texts.time_left(timedelta(minutes=12, seconds=30))

    assert "53" not in far
    assert "12" in day
    assert hour.startswith("!")
    assert "30" in hour
    assert texts.time_left(timedelta(0)) == texts.closed


@TEXTS
def test_the_line_to_the_server_is_always_a_word_in_brackets(texts):
    words = {texts.link(Link(name=name, pending=3)) for name in LinkName}

    assert len(words) == len(LinkName)
    assert all(word.startswith("[") and word.endswith("]") for word in words)


def test_dates_are_roc_first_with_the_weekday_computed():
    texts = LANGUAGES["zh"]

    assert texts.today(NOW) == "115/4/28(二)"
    assert texts.deadline(NOW) == "截止 4/28(二)16:59"


@TEXTS
def test_both_languages_have_the_same_names_with_the_same_parameters(texts):
    reference = LANGUAGES["zh"]
    names = {name for name in dir(reference) if not name.startswith("_")}

    assert {name for name in dir(texts) if not name.startswith("_")} == names
    for name in names:
        here, there = getattr(texts, name), getattr(reference, name)
        if callable(here):
            assert inspect.signature(here) == inspect.signature(there), name


@pytest.mark.parametrize(
    ("ranks", "words"),
    [
        ((), ()),
        ((6,), ("6",)),
        ((6, 7), ("6", "7")),
        ((6, 7, 8), ("6-8",)),
        ((1, 3, 4, 5, 9), ("1", "3-5", "9")),
    ],
)
def test_neighbouring_ranks_are_joined(ranks, words):
    assert runs(ranks) == words


@TEXTS
def test_filters_of_the_queue_are_numbered(texts):
    assert texts.queue_filter_count(1, QueueFilter.WAITING, 4).startswith("1 ")


def test_another_text_of_the_notices_has_another_number():
    text = "\n".join(LANGUAGES["zh"].notice(index) for index in range(NOTICES))

    assert NOTICES_TEXTS[NOTICES_VERSION] == hashlib.sha256(text.encode()).digest()


def test_every_screen_of_the_gallery_has_help():
    assert PICTURES
    assert helped_pages() <= {
        page for page in helped_pages() if LANGUAGES["zh"].help(page) and LANGUAGES["en"].help(page)
    }


@TEXTS
def test_a_result_names_every_phase_of_the_rule_files_in_words(texts):
    rules = (SESSION.parents[1] / "matcher" / "rules").glob("*.json")
    files = [json.loads(rule.read_bytes()) for rule in rules]
    phases = {phase["name"] for file in files for phase in file.get("phases", ())}

    sentences = {phase: texts.result_wish(1, phase) for phase in phases}

    assert len(set(sentences.values())) == len(phases) >= 5
    assert [phase for phase, text in sentences.items() if f"（{phase}）" in text] == []
    assert [phase for phase, text in sentences.items() if f"({phase})" in text] == []
