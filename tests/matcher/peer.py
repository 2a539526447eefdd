"""A plain reader of the definitions: textbook deferred acceptance, and all rings listed, sorted.

Reads documents and shares nothing with us. Usable while the list of rings fits into memory.
"""


class Peer:
    """One problem document; without refill, closed schools or 'refill' false."""

    def __init__(self, document):
        self.rules = document["rules"]
        self.teachers = {t["id"]: t for t in document["teachers"]}
        self.schools = {s["id"]: s for s in document["schools"]}
        self.seats = {(v["school"], v["subject"]): v["count"] for v in document["vacancies"]}
        self.options = {name: self._options(t) for name, t in self.teachers.items()}
        self.place = {}

    def _options(self, teacher):
        exclusive = set(self.rules["exclusive_subjects"])
        excluded = {(e["school"], e["subject"]) for e in teacher["excluded"]}
        own = teacher["subject"]
        return [
            (school, subject)
            for school in teacher["wishes"]
            for subject in teacher["subjects"]
            if school != teacher["school"]
            and (school, subject) not in excluded
            and (subject == own or not {subject, own} & exclusive)
        ]

    def priority(self, name, position):
        teacher = self.teachers[name]
        county = self.schools[position[0]]["county"]
        return (-teacher["points"][county], *(-n for n in teacher["tie"]), teacher["lot"])

    def moved(self):
        """Where everybody who moves goes."""
        for phase in self.rules["phases"]:
            left = [name for name in self.teachers if name not in self.place]
            if phase["kind"] == "ring":
                self._rings(left, *phase["length"])
            else:
                self._vacancies(phase, left)
        return self.place

    def _vacancies(self, phase, left):
        seats = {
            position: count
            for position, count in self.seats.items()
            if phase["schools"] in ("all", *self.schools[position[0]]["marks"])
        }
        waiting = [n for n in left if phase["who"] == "all" or self.teachers[n][phase["who"]]]
        inside = {position: [] for position in seats}
        asked = dict.fromkeys(waiting, 0)
        while waiting:
            name = waiting.pop()
            for position in self.options[name][asked[name] :]:
                asked[name] += 1
                if position in seats:
                    inside[position].append(name)
                    inside[position].sort(key=lambda n, p=position: self.priority(n, p))
                    out = inside[position][seats[position] :]
                    del inside[position][seats[position] :]
                    waiting += [other for other in out if other != name]
                    if name not in out:
                        break
        for position, names in inside.items():
            self.seats[position] -= len(names)
            self.place |= dict.fromkeys(names, position)

    def _rings(self, left, shortest, longest):
        holders = {}
        for name in left:
            teacher = self.teachers[name]
            holders.setdefault((teacher["school"], teacher["subject"]), []).append(name)
        edges = {
            name: [
                ((*self.priority(name, position), rank), position, other)
                for rank, position in enumerate(self.options[name])
                for other in holders.get(position, ())
            ]
            for name in left
        }
        found = [
            (
                sorted(key for key, _, _ in moves),
                [(n, m[1]) for n, m in zip(names, moves, strict=True)],
            )
            for head in left
            for names, moves in self._listed(edges, [head], [], shortest, longest)
        ]
        gone = set()
        for _, ring in sorted(found):
            if not any(name in gone for name, _ in ring):
                gone |= {name for name, _ in ring}
                self.place |= dict(ring)

    def _listed(self, edges, names, moves, shortest, longest):
        for move in edges[names[-1]]:
            if move[2] == names[0]:
                if len(names) >= shortest:
                    yield names, [*moves, move]
            elif len(names) < longest and move[2] > names[0] and move[2] not in names:
                yield from self._listed(edges, [*names, move[2]], [*moves, move], shortest, longest)
