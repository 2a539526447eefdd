"""Placements that are nothing but chains and rings, and 介聘辦法 第十一條 read word for word."""

from matcher.aftermath.failures import Failure, Failures, Ground
from matcher.files.placement import Chain, Mechanism, Move, Placement, Ring
from matcher.files.problem import Position

NO_IDENTITY = "sha256:" + "0" * 64


def at(number):
    return Position(f"S{number}", "general")


def move(name, origin, destination):
    return Move(
        teacher=name, origin=at(origin), destination=at(destination), wish=1, subject_rank=1
    )


def placement(*components):
    return Placement(
        problem=NO_IDENTITY,
        rules=NO_IDENTITY,
        mechanism=Mechanism.STATUTORY,
        components=components,
        trace=NO_IDENTITY,
    )


def chain(*moves):
    return Chain(phase="single", round=1, moves=moves)


def ring(*moves):
    return Ring(phase="ring", round=1, moves=moves)


def case(of, *names, opened=()):
    return Failures(
        placement=of.identity(),
        failed=tuple(
            Failure(teacher=name, ground=Ground.NOT_REPORTED, extra_seat=name in opened)
            for name in names
        ),
    )


def drawn(rng):
    """Chains and rings over positions that several people may hold, and a case about them."""
    components, number = [], 0
    for _ in range(rng.randint(0, 4)):
        length = rng.randint(1, 6)
        circle = length > 1 and rng.random() < 0.5
        homes = [rng.randint(1, 4) for _ in range(length)]
        targets = [*homes[1:], homes[0]] if circle else [rng.randint(1, 4), *homes[:-1]]
        moves = [move(f"T{number + n}", homes[n], targets[n]) for n in range(length)]
        number += length
        components.append(ring(*moves) if circle else chain(*moves))
    of = placement(*components)
    names = [f"T{n}" for n in range(number)]
    failed = [name for name in names if rng.random() < 0.3]
    return of, failed, [name for name in failed if rng.random() < 0.4]


def support(of):
    """By teacher: whose old seat she takes, None for a vacancy."""
    found = {}
    for component in of.components:
        names = [move.teacher for move in component.moves]
        for index, name in enumerate(names):
            if component.kind == "ring":
                found[name] = names[(index + 1) % len(names)]
            else:
                found[name] = names[index - 1] if index else None
    return found


def by_the_law(of, failed, opened, rng):
    """Strike moves, in any order, until each that is left has its seat: those that stand."""
    needs = support(of)
    standing = set(needs) - set(failed)
    changed = True
    while changed:
        changed = False
        for name in rng.sample(sorted(standing), len(standing)):
            giver = needs[name]
            if giver is not None and giver not in standing and giver not in opened:
                standing.discard(name)
                changed = True
    return standing
