"""How long a form takes from the filled-in values to the PDF."""

import time
from importlib import import_module


def first_and_slowest() -> tuple[float, float]:
    """Seconds of the first sheet, with loading the typesetter, and of the slowest afterwards."""
    began = time.perf_counter()
    typesetter = import_module("kiosk.paper.typesetter").Typesetter()
    loaded = time.perf_counter() - began
    from tests.kiosk.paper.test_typesetter import sheets  # noqa: PLC0415 - brings it along itself

    times = []
    for form in (*sheets().values(), *sheets().values()):
        began = time.perf_counter()
        typesetter.typeset(form)
        times.append(time.perf_counter() - began)
    return loaded + times[0], max(times[len(times) // 2 :])
