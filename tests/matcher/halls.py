"""Small roll calls as documents, and the rule read as plain loops (MATCHING 3.5)."""

import copy
import json
from importlib import resources

from matcher.files.canon import encode
from matcher.rollcall.hall import hall_of
from matcher.rollcall.register import parse_register
from matcher.rollcall.state import Absent, Decline, Keep, Pick, Refused, Session, offers
from matcher.rollcall.step import opened, step

WORDS = {"keep": Keep, "decline": Decline, "absent": Absent}
FOOTINGS = ["employed", "half", "below_half", "none"]
TIE = ["older"]


def source(text="範例"):
    return {"source": text, "place": "x", "date": "2026-01-01"}


def settings_file(name):
    return json.loads(resources.files("matcher.rules").joinpath(name).read_bytes())


def part(name="county", footings=("employed", "half"), seat_left="next_round"):
    return {"name": name, "footings": list(footings), "seat_left": seat_left}


LINES = [
    *("parts", "footings", "seat_left", "subjects", "absent", "declined", "never_both"),
    *("subjects_at_most", "tie", "exclusive_subjects", "exchange"),
]


def settings(*parts, **changes):
    return {
        "format": "jiepin-rollcall-settings/1",
        "name": "test",
        "county": "07",
        "parts": list(parts) or [part()],
        "subjects": ["X", "Y", "G"],
        "absent": "last_of_subject",
        "declined": "subject",
        "never_both": [],
        "subjects_at_most": 3,
        "tie": TIE,
        "exclusive_subjects": ["G"],
        "exchange": {"part": "county", "township": False},
        "sources": {line: source() for line in LINES},
    } | changes


def seats(school, subject="X", count=1, **changes):
    return {
        "school": school,
        "subject": subject,
        "count": count,
        "refill": True,
        "opens": "county",
        "onward": 0,
    } | changes


def applicant(name, school, *applications, subject="X", points=100, **changes):
    """One of ``county``; an application is a subject, or a subject and a footing."""
    pairs = [each if isinstance(each, tuple) else (each, "employed") for each in applications]
    return {
        "id": name,
        "school": school,
        "subject": subject,
        "parts": ["county"],
        "points": points,
        "tie": [0],
        "lot": int(name[1:]),
        "applications": [{"subject": s, "footing": f} for s, f in pairs or [(subject, "employed")]],
        "limited_to": None,
        "exchange": None,
    } | changes


def register(seats, applicants, *, settings=None, schools=5):
    return {
        "format": "jiepin-rollcall/1",
        "season": "113",
        "stage": "junior",
        "settings": settings or globals()["settings"](),
        "schools": [{"id": f"S{n}", "township": f"鄉{n % 2}"} for n in range(schools)],
        "seats": list(seats),
        "applicants": list(applicants),
    }


def read(document):
    return parse_register(encode(document), "x")


def random_register(rng):
    """Everything that can go together: two parts, every footing, shut seats, limits, ties."""
    parts = [part("surplus", FOOTINGS, rng.choice(["lapses", "next_round"]))]
    county = part("county", rng.choice([["employed"], FOOTINGS[:2], FOOTINGS]))
    parts = rng.choice([[county], [*parts, county]])
    names = [each["name"] for each in parts]
    rules = settings(
        *parts,
        absent=rng.choice(["last_of_subject", "forfeit"]),
        declined=rng.choice(["subject", "subject", "all"]),
        subjects=rng.choice([["X", "Y", "G"], ["Y", "X", "G"]]),
    )
    rows = [
        seats(
            f"S{n}",
            subject,
            rng.randint(0, 2),
            refill=rng.random() < 0.8,
            opens=rng.choice(names),
        )
        for n in range(4)
        for subject in ("X", "Y")
        if rng.random() < 0.4
    ]
    for row in rows:
        row["onward"] = rng.randint(0, row["count"])
    size = rng.randint(1, 7)
    people = [
        _random_applicant(rng, f"A{n + 1}", parts, names, lot)
        for n, lot in enumerate(rng.sample(range(1, 20), size))
    ]
    return register(rows, people, settings=rules)


def _random_applicant(rng, name, parts, names, lot):
    own = rng.choice(["X", "X", "Y"])
    mine = rng.sample(names, rng.randint(1, len(names)))
    called = {f for each in parts if each["name"] in mine for f in each["footings"]}
    others = sorted(called - {"employed"})
    applications = [(own, "employed")]
    if others and rng.random() < 0.6:
        applications.append(("Y" if own == "X" else "X", rng.choice(others)))
    return applicant(
        name,
        f"S{rng.randint(0, 3)}",
        *rng.sample(applications, rng.randint(1, len(applications))),
        subject=own,
        parts=mine,
        points=100 * rng.randint(1, 3),
        tie=[rng.randint(0, 1)],
        lot=lot,
        limited_to=rng.choice([None, None, None, ["S1", "S2"]]),
    )


def by_the_rule(document, answer, whose=None):  # noqa: C901, PLR0912  # to be read in one piece
    """The rule as nested loops; ``answer(person, schools)`` is a school or a word.

    Returns who was called where and when, who took what, and the seats nobody took. ``whose`` is
    told by taker who left the seat, None for one that was opened: seats are a list, oldest first.
    """
    whose = {} if whose is None else whose
    rules, people = document["settings"], document["applicants"]
    rank = {p["id"]: (-p["points"], [-t for t in p["tie"]], p["lot"]) for p in people}
    seats, kept, calls, took, out = {}, {}, [], {}, set()
    for stage in rules["parts"]:
        onward = {(r["school"], r["subject"]): r["onward"] for r in document["seats"]}
        seats = {at: names[: onward.get(at, 0)] for at, names in seats.items()}
        for row in document["seats"]:
            if row["opens"] == stage["name"]:
                _add(seats, {(row["school"], row["subject"]): [None] * row["count"]})
        shut = {(r["school"], r["subject"]) for r in document["seats"] if not r["refill"]}
        finished = []
        kept = {}
        for subject in rules["subjects"]:
            _add(seats, {at: names for at, names in kept.items() if at[1] == subject})
            declined, late, number = set(), set(), 0
            groups = [
                sorted(
                    (p for p in people if _asks(p, stage, subject, f)), key=lambda p: rank[p["id"]]
                )
                for f in stage["footings"]
            ]
            for turn in range(len(groups) + 1):
                todo = _todo(groups, late, range(turn, turn + 1))
                while todo:
                    fresh, called = {}, False
                    for person in todo:
                        name = person["id"]
                        free = _free(person, subject, seats)
                        if name in took or name in out or name in declined or not free:
                            continue
                        if not called:
                            called, number = True, number + 1
                        calls.append((stage["name"], subject, number, name, tuple(free)))
                        word = answer(name, free)
                        if word in free:
                            took[name] = (word, subject)
                            whose[name] = seats[word, subject].pop(0)
                            left = (person["school"], person["subject"])
                            if stage["seat_left"] == "next_round" and left not in shut:
                                if left[1] == subject:
                                    _add(fresh, {left: [name]})
                                elif left[1] not in finished:
                                    _add(kept, {left: [name]})
                        elif word == "absent" and rules["absent"] == "forfeit":
                            out.add(name)
                        elif word == "absent" and name not in late:
                            late.add(name)
                        elif word == "decline" and rules["declined"] == "all":
                            out.add(name)
                        elif word != "keep":
                            declined.add(name)
                    _add(seats, fresh)
                    todo = _todo(groups, late, range(turn + 1)) if fresh else []
            finished.append(subject)
    return calls, took, {at: len(names) for at, names in seats.items() if names}


def _add(seats, more):
    for at, names in more.items():
        seats[at] = [*seats.get(at, []), *names]


def _asks(person, stage, subject, footing):
    wanted = {"subject": subject, "footing": footing}
    return stage["name"] in person["parts"] and wanted in person["applications"]


def _todo(groups, late, turns):
    found = [
        person
        for turn in turns
        if turn < len(groups)
        for person in groups[turn]
        if person["id"] not in late
    ]
    if len(groups) in turns:
        found += [person for group in groups for person in group if person["id"] in late]
    return found


def _free(person, subject, seats):
    return sorted(
        school
        for (school, what), left_by in seats.items()
        if what == subject
        and left_by
        and school != person["school"]
        and (person["limited_to"] is None or school in person["limited_to"])
    )


def changed(document, path, value):
    """A copy with one value replaced, at ``path`` like ``("seats", 0, "count")``."""
    copied = copy.deepcopy(document)
    place = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copied


def said(name, word):
    return WORDS[word](applicant=name) if word in WORDS else Pick(applicant=name, school=word)


class Roll:
    """A roll call that is spoken to; remembers who was called, for what and in which round."""

    def __init__(self, document):
        self.hall = hall_of(read(document))
        self.session = opened(self.hall)
        self.calls = []

    @property
    def now(self):
        turn = self.session.state.turn
        return None if turn is None else turn.queue[0]

    @property
    def place(self):
        turn = self.session.state.turn
        names = self.hall.parts[turn.part].name, self.hall.subjects[turn.subject]
        return (*names, turn.round, self.now)

    def say(self, *words):
        """Each word is the answer of whoever is called then."""
        for word in words:
            self.calls.append(self.now)
            self.session = step(self.hall, self.session, said(self.now, word))
            assert isinstance(self.session, Session), self.session
        return self

    def refuses(self, call):
        answer = step(self.hall, self.session, call)
        assert isinstance(answer, Refused)
        return answer.code, answer.detail

    def open(self):
        return {(p.school, p.subject): n for p, n in self.session.state.open.items()}

    def took(self):
        return {each.applicant: each.destination.school for each in self.session.state.taken}

    def choices(self):
        return offers(self.hall, self.session.state, self.now)


def answerer(rng):
    def answer(_, free):
        return rng.choice([*free, *free, "keep", "keep", "decline", "absent"])

    return answer


def played(rng, whose=None):
    """A register, its roll called to the end with answers drawn, and those answers."""
    document = random_register(rng)
    answers = []

    def answer(name, free):
        word = draw(name, free)
        answers.append(word)
        return word

    draw = answerer(rng)
    return document, by_the_rule(document, answer, whose), answers
