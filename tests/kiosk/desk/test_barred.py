"""Who is on the control list reads it at the machine, and so does her officer (U-003)."""

from datetime import date

import pytest

from kiosk.plain.bureau import officer_prompt
from kiosk.plain.news import news_lines
from kiosk.plain.prompt import Situation, View
from kiosk.plain.self_check import self_check_prompt
from kiosk.session.paperwork import CaseOpened
from kiosk.session.person import Barred
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.doubts import barred_words, case_barred_words
from kiosk.text.plain import PLAIN
from syncd.store.roster import Barred as Told
from tests.kiosk.desk.test_applications import fill_in, send
from tests.kiosk.machine import AMY, ready
from tests.kiosk.people import NOON

CLAUSE = "公立國民小學及國民中學教師介聘辦法第十一條"


def told(machine, until):
    teacher = machine.store.roster.all()[0].teacher
    with machine.store.transaction():
        machine.store.roster.bar(teacher, Told(clause=CLAUSE, until=until))


def situation(machine):
    return Situation(session=machine.session, view=View(), texts=LANGUAGES["zh"], plain=PLAIN["zh"])


def test_she_reads_clause_and_last_day_after_signing_in_and_may_apply_all_the_same(tmp_path):
    machine = ready(tmp_path, AMY)
    told(machine, date(2030, 8, 1))
    machine.first_use(AMY)

    scene = machine.scene
    news, *_ = news_lines(situation(machine), scene)
    checked = self_check_prompt(situation(machine), scene).lines
    fill_in(machine)
    sent = send(machine)

    assert scene.post.barred == Barred(CLAUSE, date(2030, 8, 1))
    assert CLAUSE in news
    assert "119/7/31" in news
    assert "洽本校人事或縣市" in news
    assert news in checked
    assert sent.record.current is not None


def test_her_officer_reads_it_with_the_case(tmp_path):
    machine = ready(tmp_path, AMY)
    machine.first_use(AMY)
    fill_in(machine)
    send(machine)
    machine.end()
    told(machine, None)
    row = machine.officer_signs_in().page.rows[0]

    machine.tell(CaseOpened, app=row.app)

    said = officer_prompt(situation(machine), machine.scene).lines
    assert machine.page.case.barred == Barred(CLAUSE, None)
    assert [each for each in said if "管制名單相符" in each and CLAUSE in each]


@pytest.mark.parametrize("texts", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("words", [barred_words, case_barred_words])
def test_nothing_is_said_to_who_is_free(words, texts):
    assert words(None, NOON, texts) == ""
    assert words(Barred(CLAUSE, date(2026, 4, 27)), NOON, texts) == ""
    assert CLAUSE in words(Barred(CLAUSE, date(2026, 4, 28)), NOON, texts)
    assert CLAUSE in words(Barred(CLAUSE, None), NOON, texts)
