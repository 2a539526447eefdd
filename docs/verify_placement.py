#!/usr/bin/env python3
"""Prove a result of the teachers' transfer (教師介聘) right, without any of our programs.

    python3 verify_placement.py PROBLEM.json PLACEMENT.json [--trace FILE] [--teacher ID]

PROBLEM and PLACEMENT are the files that were published. Nothing is solved again: seats are
counted, and the result is held against what the rules say it must be. With --teacher, the wishes
of one teacher are told too (in published files her ID is her public lot number); with --trace,
that file is held against its hash. Exit code 0: proved; 1: something is wrong; 2: wrong usage;
3: a file cannot be read, or its mechanism is one that this program cannot prove. Needs Python 3.9
or later and nothing else; opens no connection. What it proves and why: docs/matching.md.
"""

# ruff: noqa: ANN001, ANN201, ANN202, ANN204, B905, C901, D102, D103, PLR0912, PLR0913, PLR0917
# ruff: noqa: PTH123, T201

import argparse
import hashlib
import heapq
import json
import sys
from collections import Counter

BYTES_AT_MOST = 2**30
TOLD = 100  # one thing in the wrong place can put a thousand behind it there
ZSTANDARD = b"\x28\xb5\x2f\xfd"

SENTENCES = {
    "unreadable": ("讀不到檔案", "cannot read the file"),
    "packed": (
        "檔案還壓縮著，請先解開（zstd -d 檔名）",
        "the file is packed, unpack it first (zstd -d FILE)",
    ),
    "not_json": ("不是規定格式的 JSON", "not JSON as it should be"),
    "wrong_shape": ("內容不合格式", "not of the shape it should have"),
    "more": ("還有 {} 處沒有列出", "{} more are not listed"),
    "not_there": ("缺少 {}", "without {}"),
    "cannot_prove": (
        "形式與席次都對，但這種機制的結果，本程式不能證明",
        "form and seats are right, but this mechanism is not one that this program can prove",
    ),
    "other_problem": ("不是這個問題檔的結果", "result of another problem file"),
    "other_trace": ("不是這份過程紀錄的結果", "result of another trace"),
    "other_rules": ("不是這份規則的結果", "result under other rules"),
    "unknown_phase": ("規則沒有這個階段", "the rules have no such phase"),
    "wrong_kind": ("這個階段不該有這種組合", "not what this phase can decide"),
    "wrong_round": ("輪次不對", "wrong round"),
    "phases_out_of_order": ("階段順序不對", "phases out of order"),
    "decisions_out_of_order": ("決定順序不對", "decisions out of order"),
    "unknown_teacher": ("沒有這位教師", "no such teacher"),
    "moved_twice": ("同一人調動兩次", "moved twice"),
    "wrong_origin": ("原職不對", "not the seat she holds"),
    "not_an_option": ("不是她可以去的志願", "not a wish she may be given"),
    "wrong_rank": ("志願序或科別序不對", "wrong wish or subject rank"),
    "ring_length": ("環的人數不合規定", "ring of a length the phase does not allow"),
    "ring_not_closed": ("環沒有接起來", "ring not closed"),
    "ring_start": ("環沒有從最優先的人開始", "ring does not start with its first in priority"),
    "chain_not_linked": ("鏈沒有接起來", "chain not linked"),
    "seat_not_offered": ("這個遺缺沒有再開放", "this seat was not offered again"),
    "lines_crossed": ("遺缺接續的順序不對", "seats were continued in the wrong order"),
    "not_in_phase": ("她不能參加這個階段", "she may not take part in this phase"),
    "school_not_in_phase": ("這所學校不在這個階段", "the school takes no part in this phase"),
    "oversold": ("調入人數超過缺額", "more people than seats"),
    "seat_wasted": ("有人想要的缺卻空著", "a seat somebody wanted stayed empty"),
    "justified_envy": ("較優先的人被跳過", "passed over although first in priority"),
    "not_best_stable": (
        "有一圈人可以同時換得更好而不損及他人",
        "a circle of people could do better and harm nobody",
    ),
    "turn_skipped": ("逐筆走訪的結果不是這樣", "the walk over all wishes decides otherwise"),
    "ring_missed": ("漏了一個可以成立的環", "a possible ring is missing"),
    "ring_beaten": ("有更優先的環", "a better ring was possible"),
}
PROVED = {
    "form": (
        "每個人至多調動一次，只到自己填的志願；鏈與環都接得起來。",
        "Everybody moves at most once and only to a wish of hers; chains and rings hold together.",
    ),
    "deferred_acceptance": (
        "沒有較優先的人被跳過，沒有人要的缺空著，也沒有對教師更好的穩定結果。",
        "nobody is passed over, no wanted seat is empty, no stable result is better for teachers.",
    ),
    "greedy": ("逐筆走訪全部志願的結果就是這樣。", "walking all wishes in order gives just this."),
    "priority": (
        "沒有更優先的環還排得出來，排完以後也沒有環剩下。",
        "no better ring was possible at any time, and none is left at the end.",
    ),
}
ANSWERS = {
    "obtained": ("達成", "obtained"),
    "struck": ("不列入（{}）", "not considered ({})"),
    "no_seat": ("{}：沒有缺額", "{}: no seat was open"),
    "taken": (
        "{}：由較優先的 {} 人取得，最後一人 {} 分",
        "{}: taken by {} with higher priority, the last with {} points",
    ),
    "later": (
        "{}：逐筆走訪先走到她達成的志願",
        "{}: the walk came first to the wish she got",
    ),
    "nobody": ("{}：沒有人調出", "{}: nobody there leaves"),
    "no_ring": ("{}：排不成環", "{}: no ring was possible"),
    "ring_lost": ("{}：排得成的環輸給較優先的環", "{}: the rings with it lost to better ones"),
    "not_in": ("{}：不在這個階段", "{}: not part of this phase"),
}
PHASES = {
    "indigenous": "原民調",
    "language": "語言認證優先",
    "single": "單調",
    "swap": "互調",
    "triangle": "三角調",
    "ring": "多角調",
}


class RefusedError(Exception):
    """A file that cannot be judged: its name, a code of `SENTENCES`, something to look at."""


def read_bytes(path):
    try:
        with open(path, "rb") as file:
            return file.read(BYTES_AT_MOST + 1)
    except OSError as error:
        raise RefusedError(path, "unreadable", error.strerror) from error


def read(path, wanted):
    """The document in a file of the format wanted, every number whole and no key twice."""
    data = read_bytes(path)
    if data.startswith(ZSTANDARD):
        raise RefusedError(path, "packed", "")

    def whole(text):
        raise ValueError(text)

    def once(pairs):
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a key stands twice")
        return found

    try:
        text = data.decode("utf-8") if len(data) <= BYTES_AT_MOST else whole("too long")
        found = json.loads(text, object_pairs_hook=once, parse_float=whole, parse_constant=whole)
    except (ValueError, RecursionError) as error:
        raise RefusedError(path, "not_json", str(error)[:80]) from error
    if not isinstance(found, dict) or found.get("format") != wanted:
        raise RefusedError(path, "wrong_shape", f"≠ {wanted}")
    return found


def identity(document):
    """The name of a file: the hash of its one canonical spelling."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hash_of(text.encode("utf-8"))


def hash_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def check_sense(document, rules):
    """Refuse a market that says something twice, or numbers that are none."""
    rows, teachers = document["vacancies"], document["teachers"]
    for what, names in (
        ("phases", [phase["name"] for phase in rules["phases"]]),
        ("schools", [school["id"] for school in document["schools"]]),
        ("vacancies", [(row["school"], row["subject"]) for row in rows]),
        ("teachers", [teacher["id"] for teacher in teachers]),
        ("lots", [teacher["lot"] for teacher in teachers]),
        *(("wishes", teacher["wishes"]) for teacher in teachers),
        *(("subjects", teacher["subjects"]) for teacher in teachers),
    ):
        if len(set(names)) < len(names):
            raise ValueError(f"two {what} with one name")
    if any(type(row["count"]) is not int or row["count"] < 0 for row in rows):
        raise ValueError("vacancies are counted")
    for teacher in teachers:
        numbers = [*teacher["points"].values(), *teacher["tie"], teacher["lot"]]
        is_short = len(teacher["tie"]) != len(rules["tie"])
        if is_short or any(type(number) is not int for number in numbers):
            raise ValueError("points, ties and lots are whole numbers, as many as the rules say")


class Market:
    """A problem file. A seat is a pair (school, subject); teachers are named by their IDs."""

    def __init__(self, document):
        rules = document["rules"]
        self.problem, self.rules = identity(document), identity(rules)
        self.phases = rules["phases"]
        self.exclusive = set(rules["exclusive_subjects"])
        self.schools = {school["id"]: school for school in document["schools"]}
        self.teachers = {teacher["id"]: teacher for teacher in document["teachers"]}
        rows = document["vacancies"]
        self.vacancies = {(row["school"], row["subject"]): row["count"] for row in rows}
        self.shut = {(row["school"], row["subject"]) for row in rows if not row["refill"]}
        check_sense(document, rules)
        self.home = {n: (t["school"], t["subject"]) for n, t in self.teachers.items()}
        known = {*self.home.values(), *self.vacancies}
        self.options = {
            name: [seat for seat, struck in self.wishes(name) if seat in known and not struck]
            for name in self.teachers
        }

    def wishes(self, name):
        """Each (school, subject) she asks for in her order, with the reason it is struck."""
        teacher = self.teachers[name]
        excluded = {(row["school"], row["subject"]): row["reason"] for row in teacher["excluded"]}
        for school in teacher["wishes"]:
            for subject in teacher["subjects"]:
                seat = (school, subject)
                if school == teacher["school"]:
                    yield seat, "own_school"
                elif "closed" in self.schools[school]["marks"]:
                    yield seat, "closed_school"
                elif subject != teacher["subject"] and self.exclusive & {
                    subject,
                    teacher["subject"],
                }:
                    yield seat, "exclusive_subject"
                else:
                    yield seat, excluded.get(seat)

    def priority(self, name, seat):
        """Points in that county, the tie vector, the lot: smaller is better, nobody is equal."""
        teacher = self.teachers[name]
        points = teacher["points"][self.schools[seat[0]]["county"]]
        return (-points, *(-number for number in teacher["tie"]), teacher["lot"])

    def worth(self, name, seat):
        """Priority, then how far down her list: the common order of all possible moves."""
        return (self.priority(name, seat), self.options[name].index(seat))

    def is_in(self, phase, seat):
        return phase["schools"] in ("all", *self.schools[seat[0]]["marks"])

    def may_join(self, phase, name):
        return phase["who"] == "all" or self.teachers[name][phase["who"]]


def steps_of(component):
    return [(move["teacher"], tuple(move["to"])) for move in component["moves"]]


# The form of the file: (path, code, detail) of everything that is wrong.


def form_faults(market, placement):
    if placement["problem"] != market.problem:
        yield "$.problem", "other_problem", market.problem
    if placement["rules"] != market.rules:
        yield "$.rules", "other_rules", market.rules
    is_statutory = placement["mechanism"] == "statutory"
    order = [phase["name"] for phase in market.phases]
    latest, moved = 0, set()
    for number, component in enumerate(placement["components"]):
        path, moves = f"$.components[{number}]", component["moves"]
        if is_statutory and component["phase"] not in order:
            yield path, "unknown_phase", component["phase"]
        elif is_statutory:
            here = order.index(component["phase"])
            if here < latest:
                yield path, "phases_out_of_order", component["phase"]
            latest = max(latest, here)
            yield from kind_faults(market.phases[here], component, path)
        if component["round"] != 1:
            yield path, "wrong_round", component["round"]
        for at, move in enumerate(moves):
            where = f"{path}.moves[{at}]"
            code = move_fault(market, move, moved)
            if code:
                yield where, code, move["teacher"]
            moved.add(move["teacher"])
            if component["kind"] == "chain" and at and move["to"] != moves[at - 1]["from"]:
                yield where, "chain_not_linked", move["teacher"]
            if component["kind"] == "ring" and move["to"] != moves[(at + 1) % len(moves)]["from"]:
                yield where, "ring_not_closed", move["teacher"]


def oversold_faults(market, placement):
    left = Counter(market.vacancies)
    for number, component in enumerate(placement["components"]):
        seat = tuple(component["moves"][0]["to"])
        left[seat] -= component["kind"] == "chain"
        if left[seat] < 0:
            yield f"$.components[{number}]", "oversold", seat[0]


def kind_faults(phase, component, path):
    if phase["method"] not in PROVED:
        return  # what it may decide is not known here
    if component["kind"] != {"vacancy": "chain", "ring": "ring"}[phase["kind"]]:
        yield path, "wrong_kind", component["kind"]
    elif phase["kind"] == "ring":
        shortest, longest = phase["length"]
        if not shortest <= len(component["moves"]) <= longest:
            yield path, "ring_length", len(component["moves"])


def move_fault(market, move, moved):
    name, seat = move["teacher"], tuple(move["to"])
    if name not in market.teachers:
        return "unknown_teacher"
    if name in moved:
        return "moved_twice"
    if tuple(move["from"]) != market.home[name]:
        return "wrong_origin"
    if seat not in market.options[name]:
        return "not_an_option"
    teacher = market.teachers[name]
    ranks = teacher["wishes"].index(seat[0]) + 1, teacher["subjects"].index(seat[1]) + 1
    return None if ranks == (move["wish"], move["subject_rank"]) else "wrong_rank"


# Vacancies.


class Vacancies:
    """One vacancy phase: who may join, and the seats it began with."""

    def __init__(self, market, phase, waiting, seats):
        self.market, self.phase = market, phase
        self.people = {name for name in waiting if market.may_join(phase, name)}
        self.seats = {s: n for s, n in seats.items() if n > 0 and market.is_in(phase, s)}

    def faults(self, located):
        lines = [(path, steps_of(component)) for path, component in located]
        wrong = []
        for path, line in lines:
            for name, seat in line:
                if name not in self.people:
                    wrong.append((path, "not_in_phase", name))
                if not self.market.is_in(self.phase, seat):
                    wrong.append((path, "school_not_in_phase", seat[0]))
        if wrong:
            return wrong
        if self.phase["method"] == "greedy":
            walked = self.walk()
            ours = [line for _, line in lines]
            if sorted(walked) == sorted(ours) and walked != ours:
                return [("$", "decisions_out_of_order", self.phase["name"])]
            return [] if walked == ours else [("$", "turn_skipped", self.phase["name"])]
        firsts = [self.market.priority(*line[0]) for _, line in lines]
        if firsts != sorted(firsts):
            return [("$", "decisions_out_of_order", self.phase["name"])]
        return self.round_faults(lines)

    def opens(self, name, seat):
        """Whether the seat she leaves for this one is offered again."""
        home = self.market.home[name]
        is_shut = home in self.market.shut or seat in self.market.shut
        return (
            self.phase["refill"] == "rounds" and not is_shut and self.market.is_in(self.phase, home)
        )

    def round_faults(self, lines):
        """Round by round: seats are not oversold, and the result is the best stable one."""
        people, offered, freed = set(self.people), Counter(self.seats), None
        number = 0
        while True:
            takers = [(n, path, line) for n, (path, line) in enumerate(lines) if number < len(line)]
            got = dict(line[number] for _, _, line in takers)
            for at, path, line in takers if freed is not None else ():
                if at not in freed.get(line[number][1], ()):
                    return [(path, "seat_not_offered", line[number][0])]
            wrong = list(stable_faults(self.market, people, offered, got))
            for seat, queue in (freed or {}).items():
                ones = [(n, line[number]) for n, _, line in takers if line[number][1] == seat]
                in_turn = sorted(ones, key=lambda one: self.market.priority(*one[1]))
                if ones != in_turn or [n for n, _ in ones] != queue[: len(ones)]:
                    wrong.append(("$", "lines_crossed", seat[0]))
            if wrong or not takers:
                return wrong
            offered.subtract(got.values())
            people -= got.keys()
            freed = {}
            for n, _, line in takers:
                if self.opens(*line[number]):
                    home = self.market.home[line[number][0]]
                    freed.setdefault(home, []).append(n)
                    offered[home] += 1
            number += 1

    def walk(self):
        """The lines that the literal walk gives: always the first pair that is possible."""
        market, waiting = self.market, set(self.people)
        wanting, heap, lines = {}, [], []
        for name in waiting:
            for seat in market.options[name]:
                if market.is_in(self.phase, seat):
                    wanting.setdefault(seat, []).append((market.worth(name, seat), name, seat))
        free = {seat: [None] * count for seat, count in self.seats.items()}
        for seat in free:
            heap += wanting.get(seat, [])
        heapq.heapify(heap)
        while heap:
            _, name, seat = heapq.heappop(heap)
            if name not in waiting or not free.get(seat):
                continue
            line = free[seat].pop(0)
            if line is None:
                line = []
                lines.append(line)
            line.append((name, seat))
            waiting.remove(name)
            if self.opens(name, seat):
                home = market.home[name]
                free.setdefault(home, []).append(line)
                for pair in wanting.get(home, ()):
                    heapq.heappush(heap, pair)
        return lines


def stable_faults(market, people, offered, got):
    """Seats wanted and empty, people passed over, circles that could all do better."""
    inside, first_in_line, wrong = {}, {}, []
    for name, seat in got.items():
        inside.setdefault(seat, []).append(market.priority(name, seat))
    for seat, ones in inside.items():
        if len(ones) > offered.get(seat, 0):
            yield "$", "oversold", seat[0]
            return
    for name in sorted(people):
        for seat in market.options[name]:
            if seat == got.get(name):
                break
            if offered.get(seat, 0) <= 0:
                continue
            mine, ones = market.priority(name, seat), inside.get(seat, [])
            if len(ones) < offered[seat]:
                wrong.append(("$", "seat_wasted", f"{name} → {seat[0]}/{seat[1]}"))
            elif mine < max(ones):
                wrong.append(("$", "justified_envy", f"{name} → {seat[0]}/{seat[1]}"))
            first_in_line[seat] = min((mine, name), first_in_line.get(seat, (mine, name)))
    yield from wrong
    if wrong:
        return
    done = set()  # each points at the seat its first in line has now: a cycle is a better result
    for seat in first_in_line:
        trail = []
        while seat in first_in_line and seat not in done:
            done.add(seat)
            trail.append(seat)
            seat = got.get(first_in_line[seat][1])  # noqa: PLW2901 - the walk goes on from here
        if seat in trail:
            yield "$", "not_best_stable", seat[0]


# Rings.


class Rings:
    """One ring phase. Who leaves takes her seat along; sets of people are integers of bits."""

    def __init__(self, market, phase, waiting):
        self.market, self.names = market, sorted(waiting)
        self.bit = {name: 1 << number for number, name in enumerate(self.names)}
        self.here = sum(self.bit.values())
        self.lengths = range(phase["length"][0], phase["length"][1] + 1)
        self.holders, self.wanting, self.turns = {}, {}, []
        for name in self.names:
            seat = market.home[name]
            self.holders[seat] = self.holders.get(seat, 0) | self.bit[name]
        for name in self.names:
            lists = {}
            for seat in market.options[name]:
                if seat in self.holders:
                    self.wanting[seat] = self.wanting.get(seat, 0) | self.bit[name]
                    lists.setdefault(market.priority(name, seat), []).append(seat)
            self.turns += [(priority, name, seats) for priority, seats in lists.items()]
        self.turns.sort()
        self.turns_left = Counter(name for _, name, _ in self.turns)

    def members(self, group):
        while group:
            yield self.names[(group & -group).bit_length() - 1]
            group &= group - 1

    def before(self, group):
        """Those here who want a seat that one of the group holds."""
        found = 0
        for seat in {self.market.home[name] for name in self.members(group)}:
            found |= self.wanting.get(seat, 0)
        return found & self.here

    def after(self, name):
        """Those here who hold a seat she wants."""
        found = 0
        for seat in self.market.options[name]:
            found |= self.holders.get(seat, 0)
        return found & self.here

    def narrowed(self, fixed, slots):
        """For each place of a ring who could stand there; None if no walk closes.

        ``fixed``: moves (name: seat) the ring must have; ``slots``: who of them stands where.
        """
        length = len(slots)
        places = [self.here if name is None else self.bit[name] & self.here for name in slots]
        for at, name in enumerate(slots):
            if name is not None:
                places[(at + 1) % length] &= self.holders.get(fixed[name], 0)
        for at in range(length - 1, 0, -1):
            if slots[at] is None:
                places[at] &= self.before(places[(at + 1) % length])
            if not places[at]:
                return None
        return places if places[0] else None

    def arrangements(self, fixed, lengths):
        """Ways to put those who must be in the ring into its places, the first in front.

        Left out are those in which one cannot lead to the next in that many moves: of a ring of
        nine there would be too many to try.
        """
        head, *others = fixed
        leads = {head: [(length, head) for length in lengths]}
        if others:
            leads = self.leads(fixed, max(lengths) - len(others))
        for length in lengths:
            yield from filled([head] + [None] * (length - 1), 0, leads, set(others))

    def leads(self, fixed, most):
        """For each of the fixed after how many moves, at most so many, who of them may follow."""
        others = ~sum(self.bit[name] for name in fixed)
        found = {name: [] for name in fixed}
        for name in fixed:
            group = self.bit[name] & self.here  # those who have so many moves less to her
            for count in range(1, most + 1):
                if count > 1:
                    group = self.before(group) & others
                for one, seat in fixed.items():
                    if self.holders.get(seat, 0) & group:
                        found[one].append((count, name))
        return found

    def closes(self, fixed, lengths):
        """Whether those here can make a ring that has these moves."""
        for slots in self.arrangements(fixed, lengths):
            places = self.narrowed(fixed, slots)
            if places and self.finds_people(fixed, places, 0, []):
                return True
        return False

    def finds_people(self, fixed, places, at, names):
        if at == len(places):
            return True
        group = places[at]
        if at:
            last = names[-1]
            group &= self.holders[fixed[last]] if last in fixed else self.after(last)
        return any(
            name not in names and self.finds_people(fixed, places, at + 1, [*names, name])
            for name in self.members(group)
        )

    def faults(self, located):
        """Ask every possible move, best first: can it be the best of a ring that is left?"""
        rings = [(path, steps_of(component)) for path, component in located]
        worths = [sorted(self.market.worth(*step) for step in ring) for _, ring in rings]
        for (path, ring), worth in zip(rings, worths):
            if self.market.worth(*ring[0]) != worth[0]:
                return [(path, "ring_start", ring[0][0])]
        if worths != sorted(worths):
            return [("$", "decisions_out_of_order", "")]
        first = {ring[0]: (path, ring) for path, ring in rings}
        for _, name, seats in self.turns:
            taken = None
            for seat in seats if self.bit[name] & self.here else ():
                taken = first.get((name, seat))
                if taken:
                    break
                if self.closes({name: seat}, self.lengths):
                    return [("$", "ring_missed", name)]
            if taken:
                path, ring = taken
                if self.is_beaten(ring):
                    return [(path, "ring_beaten", name)]
                self.here &= ~sum(self.bit[member] for member, _ in ring)
            self.turns_left[name] -= 1
            if not self.turns_left[name]:  # later rings are worse than every move of hers
                self.here &= ~self.bit[name]
        return []

    def is_beaten(self, ring):
        """Whether another ring begins with as good moves and then has a better one, or ends."""
        ranked = sorted(ring, key=lambda step: self.market.worth(*step))
        for count in range(1, len(ranked)):
            fixed = dict(ranked[:count])
            if count in self.lengths and self.closes(fixed, [count]):
                return True
            low, high = (self.market.worth(*step) for step in ranked[count - 1 : count + 1])
            for step in self.next_steps(fixed):
                is_between = step[0] not in fixed and low < self.market.worth(*step) < high
                if is_between and self.closes({**fixed, step[0]: step[1]}, self.lengths):
                    return True
        # The same moves may be joined in two ways: then whoever is first along the ring counts.
        mine = [self.market.worth(*step) for step in ring]
        for other in self.joined(ring[:1], ring[1:]):
            if [self.market.worth(*step) for step in other] < mine:
                return True
        return False

    def joined(self, line, rest):
        """Every ring of these moves that begins with the line."""
        seat = line[-1][1]
        if not rest and seat == self.market.home[line[0][0]]:
            yield line
        for at, step in enumerate(rest):
            if seat == self.market.home[step[0]]:
                yield from self.joined([*line, step], rest[:at] + rest[at + 1 :])

    def next_steps(self, fixed):
        """Moves that stand beside the fixed ones in some closed walk."""
        found = set()
        for slots in self.arrangements(fixed, self.lengths):
            places = self.narrowed(fixed, slots)
            for at in range(1, len(places or ())):
                following = places[(at + 1) % len(places)]
                homes = {self.market.home[name] for name in self.members(following)}
                for name in self.members(places[at] if slots[at] is None else 0):
                    found.update(
                        (name, seat) for seat in self.market.options[name] if seat in homes
                    )
        return sorted(found)


def filled(slots, at, leads, left):
    """The places with those left put in, each where the one before could lead to."""
    if not left and (len(slots) - at, slots[0]) in leads[slots[at]]:
        yield slots
    for count, name in leads[slots[at]]:
        if name in left and at + count < len(slots):
            after = [*slots[: at + count], name, *slots[at + count + 1 :]]
            yield from filled(after, at + count, leads, left - {name})


# All of it.


def faults(market, placement, told=None):
    """Everything wrong in the first part that is not right; empty means proved.

    ``told``: called with each phase before it is judged, its components and who waits for it.
    """
    wrong = list(form_faults(market, placement)) or list(oversold_faults(market, placement))
    if wrong or placement["mechanism"] != "statutory":
        return wrong
    waiting, seats = set(market.teachers), Counter(market.vacancies)
    for phase in market.phases:
        if phase["method"] not in PROVED:
            return [("$", "cannot_prove", phase["method"])]
        located = [
            (f"$.components[{number}]", component)
            for number, component in enumerate(placement["components"])
            if component["phase"] == phase["name"]
        ]
        if phase["kind"] == "ring":
            stage = Rings(market, phase, waiting)
        else:
            stage = Vacancies(market, phase, waiting, seats)
            seats.subtract(tuple(c["moves"][0]["to"]) for _, c in located)
        if told:
            told(phase, stage, [step for _, c in located for step in steps_of(c)], waiting)
        wrong = stage.faults(located)
        if wrong:
            return wrong
        waiting -= {name for _, component in located for name, _ in steps_of(component)}
    return []


def judged(market, placement, trace=None):
    """The codes of everything that is wrong with it; empty means proved."""
    codes = {code for _, code, _ in faults(market, placement)}
    if trace is not None and placement["trace"] != hash_of(trace):
        codes.add("other_trace")
    if not codes and placement["mechanism"] != "statutory":
        codes.add("cannot_prove")
    return codes


def answers(market, placement, name):
    """For each wish of one teacher what became of it: (school, subject, [(code, *values)])."""
    seats = list(market.wishes(name))
    reasons = {seat: [("struck", struck)] if struck else [] for seat, struck in seats}

    def tell(phase, stage, steps, waiting):
        for seat, struck in seats if name in waiting else ():
            if not struck:
                reasons[seat].append(reason(market, phase, stage, steps, name, seat))

    faults(market, placement, tell)
    for seat, _ in seats:
        yield seat, reasons[seat]
        if reasons[seat][-1:] == [("obtained",)]:
            return


def reason(market, phase, stage, steps, name, seat):
    if (name, seat) in steps:
        return ("obtained",)
    if phase["kind"] == "vacancy":
        if name not in stage.people or not market.is_in(phase, seat):
            return "not_in", phase["name"]
        mine = market.priority(name, seat) if seat in market.options[name] else ()
        takers = [market.priority(*step) for step in steps if step[1] == seat]
        takers = [priority for priority in takers if priority < mine]
        if not takers:
            is_late = phase["method"] == "greedy" and seat in stage.seats
            return "later" if is_late else "no_seat", phase["name"]
        return "taken", phase["name"], len(takers), f"{-max(takers)[0] / 100:.2f}"
    if seat not in stage.holders:
        return "nobody", phase["name"]
    can_close = seat in market.options[name] and stage.closes({name: seat}, stage.lengths)
    return "ring_lost" if can_close else "no_ring", phase["name"]


def main(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("problem")
    parser.add_argument("placement")
    parser.add_argument("--trace", help="hold this file against its hash in the placement")
    parser.add_argument("--teacher", help="tell the wishes of this teacher too")
    parser.add_argument("--lang", choices=["zh", "en"], default="zh")
    chosen = parser.parse_args(arguments)
    say = ["zh", "en"].index(chosen.lang)

    def called(name):
        return name if say else PHASES.get(name, name)

    try:
        path, document = chosen.problem, read(chosen.problem, "jiepin-problem/1")
        market = Market(document)
        path, placement = chosen.placement, read(chosen.placement, "jiepin-placement/1")
        wrong = faults(market, placement)
        if chosen.trace is not None and placement["trace"] != hash_of(read_bytes(chosen.trace)):
            wrong.append(("$.trace", "other_trace", ""))
    except RefusedError as refused:
        path, code, detail = refused.args
        print(f"{path}: {SENTENCES[code][say]} {detail} [{code}]", file=sys.stderr)
        return 3
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        detail = error
        if isinstance(error, KeyError):
            detail = SENTENCES["not_there"][say].format(error.args[0])
        sentence = SENTENCES["wrong_shape"][say]
        print(f"{path}: {sentence} {str(detail)[:80]} [wrong_shape]", file=sys.stderr)
        return 3
    for where, code, detail in wrong[:TOLD]:
        print(f"{where}: {SENTENCES[code][say]} {detail} [{code}]", file=sys.stderr)
    if wrong[TOLD:]:
        print(SENTENCES["more"][say].format(len(wrong[TOLD:])), file=sys.stderr)
    if wrong:
        return 3 if {code for _, code, _ in wrong} == {"cannot_prove"} else 1
    print(PROVED["form"][say])
    if placement["mechanism"] != "statutory":
        print(f"{placement['mechanism']}: {SENTENCES['cannot_prove'][say]}", file=sys.stderr)
        return 3
    for phase in market.phases:
        print(f"{called(phase['name'])}: {PROVED[phase['method']][say]}")
    print(market.problem, identity(placement))
    if chosen.teacher is not None and chosen.teacher not in market.teachers:
        print(SENTENCES["unknown_teacher"][say], file=sys.stderr)
        return 1
    for seat, reasons in answers(market, placement, chosen.teacher) if chosen.teacher else ():
        told = (ANSWERS[code][say].format(*map(called, values)) for code, *values in reasons)
        print(f"{seat[0]}/{seat[1]}: {' / '.join(told)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
