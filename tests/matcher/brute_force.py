"""The definitions, word for word, by trying everything. Reads documents; shares nothing with us.

Usable up to seven teachers or so.
"""

from itertools import count


class BruteForce:
    """One problem document and what is left over between its phases."""

    def __init__(self, document):
        self.rules = document["rules"]
        self.teachers = {t["id"]: t for t in document["teachers"]}
        self.schools = {s["id"]: s for s in document["schools"]}
        rows = {(v["school"], v["subject"]): v for v in document["vacancies"]}
        self.seats = {position: row["count"] for position, row in rows.items()}
        self.shut = {position for position, row in rows.items() if not row["refill"]}
        self.left = set(self.teachers)
        self.options = {name: self._options(t) for name, t in self.teachers.items()}

    def components(self):
        """The components of the placement file."""
        found = []
        for phase in self.rules["phases"]:
            found += self._chains(phase) if phase["kind"] == "vacancy" else self._rings(phase)
        return found

    def _options(self, teacher):
        """(position, wish, subject rank), in her order."""
        exclusive = set(self.rules["exclusive_subjects"])
        excluded = {(e["school"], e["subject"]) for e in teacher["excluded"]}
        return [
            ((school, subject), wish, rank)
            for wish, school in enumerate(teacher["wishes"], 1)
            for rank, subject in enumerate(teacher["subjects"], 1)
            if school != teacher["school"]
            and "closed" not in self.schools[school]["marks"]
            and (school, subject) not in excluded
            and (
                subject == teacher["subject"]
                or (subject not in exclusive and teacher["subject"] not in exclusive)
            )
        ]

    def home(self, name):
        return self.teachers[name]["school"], self.teachers[name]["subject"]

    def priority(self, name, position):
        teacher = self.teachers[name]
        county = self.schools[position[0]]["county"]
        return (-teacher["points"][county], *(-n for n in teacher["tie"]), teacher["lot"])

    def move(self, name, option):
        position, wish, rank = option
        return {
            "teacher": name,
            "from": list(self.home(name)),
            "to": list(position),
            "wish": wish,
            "subject_rank": rank,
        }

    # Vacancy phases

    def _chains(self, phase):
        eligible = {
            name for name in self.left if phase["who"] == "all" or self.teachers[name][phase["who"]]
        }
        allowed = {
            position
            for position in {*self.seats, *map(self.home, self.teachers)}
            if phase["schools"] in ("all", *self.schools[position[0]]["marks"])
        }
        open_seats = {p: n for p, n in self.seats.items() if p in allowed}
        freed = {}  # position: the chains whose last mover left a seat there
        chains = []
        for number in count(1):
            everything = {
                p: open_seats.get(p, 0) + len(freed.get(p, ()))
                for p in {*open_seats, *freed}
                if p in allowed
            }
            got = self.best_stable(sorted(eligible), everything)
            if not got:
                break
            eligible -= got.keys()
            self.left -= got.keys()
            grown = []
            for name, option in sorted(
                got.items(), key=lambda item: self.priority(item[0], item[1][0])
            ):
                if number == 1:
                    chains.append([])
                    self.seats[option[0]] -= 1
                    open_seats[option[0]] -= 1
                    chain = len(chains) - 1
                else:
                    chain = freed[option[0]].pop(0)
                chains[chain].append((name, option))
                grown.append(chain)
            if phase["refill"] == "none":
                break
            for chain in sorted(grown):
                name, option = chains[chain][-1]
                if self.home(name) not in self.shut and option[0] not in self.shut:
                    freed.setdefault(self.home(name), []).append(chain)
        return [
            {
                "kind": "chain",
                "phase": phase["name"],
                "round": 1,
                "moves": [self.move(*step) for step in chain],
            }
            for chain in chains
        ]

    def best_stable(self, names, seats):
        """Of all stable results the one nobody would change for another of them."""
        stable = [r for r in self._results(names, seats) if self._is_stable(r, names, seats)]
        best = [
            r
            for r in stable
            if all(self._rank(r, n) <= self._rank(other, n) for other in stable for n in names)
        ]
        assert len(best) == 1
        return best[0]

    def _results(self, names, seats):
        if not names:
            yield {}
            return
        first, *rest = names
        for result in self._results(rest, seats):
            yield result
            taken = [option[0] for option in result.values()]
            for option in self.options[first]:
                if taken.count(option[0]) < seats.get(option[0], 0):
                    yield {**result, first: option}

    def _rank(self, result, name):
        options = self.options[name]
        return options.index(result[name]) if name in result else len(options)

    def _is_stable(self, result, names, seats):
        for name in names:
            for option in self.options[name][: self._rank(result, name)]:
                position = option[0]
                inside = [n for n, o in result.items() if o[0] == position]
                if len(inside) < seats.get(position, 0):
                    return False
                mine = self.priority(name, position)
                if any(self.priority(n, position) > mine for n in inside):
                    return False
        return True

    # Ring phases

    def _rings(self, phase):
        found = []
        while ring := min(self.all_rings(*phase["length"]), key=lambda r: r[0], default=None):
            moves = ring[1]
            self.left -= {name for name, _ in moves}
            found.append(
                {
                    "kind": "ring",
                    "phase": phase["name"],
                    "round": 1,
                    "moves": [self.move(*step) for step in moves],
                }
            )
        return found

    def all_rings(self, shortest, longest):
        """(rank, moves) of every ring; the best has the smallest rank."""
        for head in sorted(self.left):
            yield from self._walk([head], [], shortest, longest)

    def _walk(self, names, options, shortest, longest):
        for option in self.options[names[-1]]:
            for name in sorted(self.left):
                if self.home(name) != option[0]:
                    continue
                steps = [*options, option]
                if name == names[0] and shortest <= len(steps) <= longest:
                    moves = list(zip(names, steps, strict=True))
                    keys = [(*self.priority(n, o[0]), o[1], o[2]) for n, o in moves]
                    if keys[0] == min(keys):  # each ring once: from its best member
                        lots = [self.priority(n, o[0]) for n, o in moves]
                        yield (sorted(keys), lots), moves
                elif name not in names and len(steps) < longest:
                    yield from self._walk([*names, name], steps, shortest, longest)
