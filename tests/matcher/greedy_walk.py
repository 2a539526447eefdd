"""The greedy method word for word: walk all pairs, take the first that is possible, begin anew.

Reads documents; shares nothing with what decides. Usable up to a dozen teachers or so.
"""

from matcher.files import canon
from matcher.files.placement import parse_placement
from tests.matcher.brute_force import BruteForce
from tests.matcher.markets import rules, vacancy_phase


def greedy_phase(name="single", **changed):
    return vacancy_phase(name, **changed) | {"method": "greedy"}


RULE_SETS = (
    rules(greedy_phase()),
    rules(greedy_phase(refill="rounds")),
    rules(greedy_phase(refill="rounds")),
    rules(
        greedy_phase("first", who="indigenous", refill="rounds"),
        greedy_phase("second", schools="remote"),
        vacancy_phase("third", refill="rounds"),
    ),
)


class Walk(BruteForce):
    """One move after another: the first pair of the sorted list that is possible now."""

    def _chains(self, phase):
        if phase["method"] != "greedy":
            return super()._chains(phase)
        names = sorted(n for n in self.left if phase["who"] in ("all", *self._flags(n)))
        pairs = sorted(
            ((*self.priority(n, o[0]), o[1], o[2]), n, o) for n in names for o in self.options[n]
        )
        pairs = [
            (n, o)
            for _, n, o in pairs
            if phase["schools"] in ("all", *self.schools[o[0][0]]["marks"])
        ]
        tokens = {p: [None] * n for p, n in self.seats.items()}
        chains = []
        while True:
            free = ((n, o) for n, o in pairs if n in self.left and tokens.get(o[0]))
            step = next(free, None)
            if step is None:
                break
            name, option = step
            chain = tokens[option[0]].pop(0)
            if chain is None:
                chain = []
                chains.append(chain)
                self.seats[option[0]] -= 1
            chain.append(step)
            self.left.remove(name)
            if phase["refill"] == "rounds" and self.shut.isdisjoint((self.home(name), option[0])):
                tokens.setdefault(self.home(name), []).append(chain)
        return [
            {
                "kind": "chain",
                "phase": phase["name"],
                "round": 1,
                "moves": [self.move(*step) for step in chain],
            }
            for chain in chains
        ]

    def _flags(self, name):
        return [flag for flag in ("indigenous", "language") if self.teachers[name][flag]]


def placement_of(market, components):
    """The components as a placement of that problem, without a trace worth the name."""
    document = {
        "format": "jiepin-placement/1",
        "problem": market.identity(),
        "rules": market.rules.identity(),
        "mechanism": "statutory",
        "components": components,
        "trace": "sha256:" + "0" * 64,
    }
    return parse_placement(canon.encode(document), "placement")
