"""A good choice of columns where there are too many to search: fix what is nearly whole, again.

No proof comes of it; how far it can be from the best is told by the bound beside it.
"""

from collections.abc import Collection, Sequence

from matcher.whatif.highs import Chosen, Program, choose, relax

_NEARLY_WHOLE = 0.9
_FIXED_AT_LEAST = 30  # one in so many columns that have a share, so that it ends soon
_NO_SHARE = 1e-3


def dive(program: Program, searched_at_most: int) -> Chosen:
    """Columns that go together; none if what earlier goals demand is not met.

    ``searched_at_most``: so many columns that are still open are searched to the end.
    """
    room = list(program.room)
    given = {row for entries in program.entries for row, amount in entries if amount < 0}
    open_columns = list(range(len(program.worth)))
    fixed: list[int] = []
    while len(open_columns) > searched_at_most:
        shares = relax(_part(program, open_columns, room)).shares
        some = [(-share, open_columns[n]) for n, share in enumerate(shares) if share > _NO_SHARE]
        enough = len(fixed) + len(some) // _FIXED_AT_LEAST + 1
        before = len(fixed)
        for less, column in sorted(some):
            if -less < _NEARLY_WHOLE and len(fixed) >= enough:
                break
            if _fits(program.entries[column], room):
                fixed.append(column)
                for row, amount in program.entries[column]:
                    room[row] -= amount
        if len(fixed) == before:
            break
        taken = set(fixed)
        open_columns = [
            column
            for column in open_columns
            if column not in taken and _fits(program.entries[column], room, given)
        ]
    rest = choose(_part(program, open_columns, room))
    return Chosen(columns=sorted([*fixed, *(open_columns[n] for n in rest.columns)]), is_best=False)


def _part(program: Program, columns: Sequence[int], room: Sequence[int]) -> Program:
    return Program(
        worth=[program.worth[column] for column in columns],
        entries=[program.entries[column] for column in columns],
        room=room,
    )


def _fits(
    entries: Sequence[tuple[int, int]], room: Sequence[int], given: Collection[int] = ()
) -> bool:
    """Whether there is room for the column, or may be once others give some."""
    return all(amount <= 0 or room[row] >= amount or row in given for row, amount in entries)
