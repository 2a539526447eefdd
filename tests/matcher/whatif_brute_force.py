"""The what-if mechanisms by their definitions, trying everything. Reads documents only."""

from functools import cache
from itertools import product

from tests.matcher.brute_force import BruteForce


class Definitions(BruteForce):
    """One problem document, looked at as a whole."""

    def __init__(self, document):
        super().__init__(document)
        self.counties = {name: s["county"] for name, s in self.schools.items()}

    # Top trading cycles

    def could_be_given(self, name, position):
        """Whatever she wished for, had she wished for it."""
        teacher = self.teachers[name]
        exclusive = set(self.rules["exclusive_subjects"])
        return (
            self.counties[position[0]] in teacher["points"]
            and position[1] in teacher["subjects"]
            and position[0] != teacher["school"]
            and (
                position[1] == teacher["subject"]
                or not exclusive & {position[1], teacher["subject"]}
            )
            and position not in [(e["school"], e["subject"]) for e in teacher["excluded"]]
        )

    def total_order(self, name):
        """Best total first; who wishes for nothing comes last."""
        teacher = self.teachers[name]
        if not teacher["points"]:
            return (1, 0, teacher["lot"])
        best = max(teacher["points"].values())
        return (0, -best, *(-n for n in teacher["tie"]), teacher["lot"])

    def trades(self, rng):
        """Who takes whose seat, or (None) a vacancy; circles are closed in any order."""
        left = set(self.teachers)
        queue = {position: [None] * count for position, count in self.seats.items()}
        for name in sorted(left, key=self.total_order):
            queue.setdefault(self.home(name), []).append(name)
        unheld = set()
        taken = {}
        while left:
            target = {name: self._wanted(name, queue) for name in left}
            owner = {name: self._owner(name, target[name], left, unheld) for name in left}
            cycle = rng.choice(sorted(_cycles(owner)))
            left -= set(cycle)
            handed_over = {target[name][1] for name in cycle if target[name] is not None}
            for name in cycle:
                if target[name] is None:
                    queue[self.home(name)].remove(name)
                else:
                    position, before = target[name]
                    taken[name] = (position, before)
                    queue[position].remove(before)
            for name in cycle:
                if target[name] is None or name in handed_over:
                    continue
                traded = next(target[n][0] for n in cycle if owner[n] == name)
                if traded in self.shut or self.home(name) in self.shut:
                    queue[self.home(name)].remove(name)
                unheld.add(name)
        return taken

    def _owner(self, name, seat, left, unheld):
        if seat is None:
            return name
        position, holder = seat
        if holder is not None and holder not in unheld:
            return holder
        heirs = [other for other in left if self.could_be_given(other, position)]
        return min(heirs, key=lambda other: self.priority(other, position))

    def _wanted(self, name, queue):
        for position, _, _ in self.options[name]:
            if queue.get(position):
                return position, queue[position][0]
        return None

    # Everything that can be given out

    def allocations(self):
        """Every way to give out seats, as {teacher: option}; who is absent keeps her seat."""
        names = sorted(self.teachers)
        room = dict(self.seats)
        for name in names:
            room[self.home(name)] = room.get(self.home(name), 0) + 1
        for choice in product(*([None, *self.options[name]] for name in names)):
            used = [
                self.home(name) if option is None else option[0]
                for name, option in zip(names, choice, strict=True)
            ]
            if all(used.count(position) <= room.get(position, 0) for position in set(used)):
                yield {n: o for n, o in zip(names, choice, strict=True) if o is not None}

    def rank(self, allocation, name):
        """How far down her list it gets her; keeping her seat is the end of it."""
        return self._rank(allocation, name)

    # Lines of bounded length

    def lines(self, longest):
        """Every ring and chain: (kind, position of the vacancy or None, moves)."""
        for _, moves in self.all_rings(2, longest):
            yield "ring", None, tuple(moves)
        for position, count in self.seats.items():
            if count:
                for moves in self._chains_from(position, (), longest):
                    yield "chain", position, moves

    def _chains_from(self, seat, moves, longest):
        for name in self.teachers:
            for option in self.options[name]:
                if option[0] != seat or name in [one for one, _ in moves]:
                    continue
                longer = (*moves, (name, option))
                yield longer
                goes_on = self.home(name) not in self.shut and option[0] not in self.shut
                if goes_on and len(longer) < longest:
                    yield from self._chains_from(self.home(name), longer, longest)

    def best(self, longest, worth):
        """The largest sum of worths (tuples, compared from the front) of lines that go together."""
        by_first = {name: [] for name in self.teachers}
        for line in self.lines(longest):
            people = frozenset(name for name, _ in line[2])
            by_first[min(people)].append((people, line[1], worth(line)))
        nothing = tuple(0 for _ in worth(("ring", None, ())))

        @cache
        def most(left, seats):
            if not left:
                return nothing
            room, rest = dict(seats), left[1:]
            found = [most(rest, seats)]
            for people, vacancy, value in by_first[left[0]]:
                if not people <= set(left) or (vacancy and not room[vacancy]):
                    continue
                fewer = room | ({vacancy: room[vacancy] - 1} if vacancy else {})
                others = tuple(name for name in left if name not in people)
                more = most(others, tuple(sorted(fewer.items())))
                found.append(tuple(a + b for a, b in zip(value, more, strict=True)))
            return max(found)

        return most(tuple(sorted(self.teachers)), tuple(sorted(self.seats.items())))

    # Block exchange

    def displaces(self, name, position, holder):
        """Whether she stands before the holder of a seat there.

        Who counts with her points in that county, or else with her lowest total.
        """
        there = self.teachers[holder]
        if not there["points"]:
            return True
        points = there["points"].get(self.counties[position[0]], min(there["points"].values()))
        standing = (-points, *(-n for n in there["tie"]), there["lot"])
        return self.priority(name, position) < standing


def _cycles(owner):
    found = set()
    for start in owner:
        trail = []
        here = start
        while here not in trail:
            trail.append(here)
            here = owner[here]
        cycle = trail[trail.index(here) :]
        least = cycle.index(min(cycle))
        found.add((*cycle[least:], *cycle[:least]))
    return found
