"""How the checker sees who could follow whom, against asking everybody."""

from random import Random

from matcher.checking.claims import Claims, as_set, bits
from matcher.checking.field import Field
from matcher.files.problem import problem_from_document
from tests.matcher.markets import problem, ring_phase, rules, school, teacher

SCHOOLS = 45  # more than a handful of bytes of bits


def crowd(rng):
    """People at many schools, some at the same one, each with a few wishes."""
    names = [f"S{number}" for number in range(SCHOOLS)]
    people = []
    for number in range(1, 71):
        home, *wishes = rng.sample(names, rng.randint(1, 6))
        points = {"13": number} if wishes else {}
        people.append(teacher(f"T{number}", home, *wishes, points=points, lot=number))
    schools = [school(name) for name in names]
    return problem_from_document(problem(schools, people, rules=rules(ring_phase(2, 5))), "x")


def follows(claims, here, seats, *, backwards=False):
    """Seats held by somebody here to which, or from which, one step leads."""
    held = {claims.home[person] for person in here}
    steps = {(claims.home[person], seat) for person in here for seat in claims.options(person)}
    if backwards:
        return {origin for origin, wanted in steps if wanted in seats}
    return {wanted for origin, wanted in steps if origin in seats} & held


def test_one_step_on_and_one_step_back_are_what_asking_everybody_gives():
    for seed in range(12):
        rng = Random(seed)  # noqa: S311  # a market is no secret
        claims = Claims(crowd(rng))
        everybody = range(len(claims.teachers))
        here = set(rng.sample(everybody, 60))
        field = Field(claims, here)
        for person in [None, *rng.sample(sorted(here), 45)]:
            if person is not None:
                here.discard(person)
                field.leave(person)
            seats = set(rng.sample(range(SCHOOLS), rng.choice((1, 3, 20))))
            seats &= set(range(len(claims.positions)))

            assert set(bits(field.after(as_set(seats)))) == follows(claims, here, seats)
            assert set(bits(field.before(as_set(seats)))) == follows(
                claims, here, seats, backwards=True
            )
            assert {each for each in everybody if field.is_here(each)} == here
            held = {claims.home[each] for each in here}
            for each in rng.sample(sorted(here), min(3, len(here))):
                assert set(bits(field.wants(each))) == {*claims.options(each)} & held


def test_whoever_is_at_a_dead_end_is_taken_out_and_nobody_else_is():
    for seed in range(12):
        rng = Random(seed)  # noqa: S311
        claims = Claims(crowd(rng))
        left = set(rng.sample(range(len(claims.teachers)), 60))
        field = Field(claims, left)

        field.clear_dead_ends()

        while True:
            held = {claims.home[each] for each in left}
            steps = {(claims.home[each], seat) for each in left for seat in claims.options(each)}
            leading = {home for home, seat in steps if seat in held}
            kept = {each for each in left if claims.home[each] in leading & {s for _, s in steps}}
            if kept == left:
                break
            left = kept
        assert {each for each in range(len(claims.teachers)) if field.is_here(each)} == left
        assert all(set(bits(field.wants(each))) <= held for each in left)
