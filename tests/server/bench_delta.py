"""How large the difference is when 60 of the real schools' rows change (PROTOCOL 2.8a).

Run alone it prints its figures: ``python -m tests.server.bench_delta``.
"""

import json
import random
import time
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from core.domain.school import Stage
from core.wire.canon import FILE_LIMITS, to_wire
from core.wire.delta import decode_delta, encode_delta
from core.wire.reference import ReferenceFile, SchoolRow
from server.imports.school_list import plan_school_lists, read_school_lists
from server.imports.sheet import read_sheet
from server.imports.shelf import read_gazetteer

DATA = Path(__file__).parents[2] / "../shared/data"
LISTS = ("e1_new.csv", "114_basec.csv", "remote_113.csv")
CHANGED = 60
LIMIT_BYTES = 1024


def measure(folder: Path = DATA) -> dict[str, Any]:
    """Sizes in bytes and the time to make it, on the ministry's list of elementary schools."""
    rows = _rows(folder)
    chosen = set(random.Random(115).sample(range(len(rows)), CHANGED))  # noqa: S311 - the same
    changed = [
        msgspec.structs.replace(row, delegated=not row.delegated) if number in chosen else row
        for number, row in enumerate(rows)
    ]
    older, newer = _file(rows), _file(changed)
    started = time.perf_counter()
    made = encode_delta(older, newer)
    seconds = time.perf_counter() - started
    assert decode_delta(older, made, len(newer)) == newer
    return {
        "schools": len(rows),
        "changed": CHANGED,
        "file_bytes": len(newer),
        "delta_bytes": len(made),
        "limit_bytes": LIMIT_BYTES,
        "seconds": round(seconds, 3),
    }


def _rows(folder: Path) -> list[SchoolRow]:
    sheets = [read_sheet(name, (folder / name).read_bytes()) for name in LISTS]
    plan = plan_school_lists(read_school_lists(sheets, read_gazetteer(), date(2026, 4, 10)), {})
    schools = sorted(
        (each.after.school for each in plan.new if each.after.school.stage is Stage.ELEMENTARY),
        key=lambda school: school.id,
    )
    return [
        SchoolRow(
            id=school.id,
            name=school.name,
            short_name=school.short_name,
            county=school.county,
            township=school.township,
            stage=school.stage.value,
            marks=tuple(
                (each.mark.value, each.since.isoformat(), each.until and each.until.isoformat())
                for each in school.marks
            ),
            delegated=school.delegated,
        )
        for school in schools
    ]


def _file(rows: list[SchoolRow]) -> bytes:
    return to_wire(ReferenceFile(kind="schools", schools=tuple(rows)), FILE_LIMITS)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))  # noqa: T201 - the result
