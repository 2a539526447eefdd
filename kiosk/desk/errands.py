"""What the centre is asked to do for a teacher, beside the log."""

from core.wire.errand import Task
from kiosk.desk.equipment import Equipment
from syncd.store.errands import StoredErrand

ID_BYTES = 16


def new_errand(equipment: Equipment, teacher: bytes, task: Task) -> StoredErrand:
    """A bare errand of this moment, under an id of its own; not stored yet."""
    return StoredErrand(
        id=equipment.random_bytes(ID_BYTES),
        teacher=teacher,
        task=task,
        asked_ms=equipment.clock.moment().wall_ms,
    )
