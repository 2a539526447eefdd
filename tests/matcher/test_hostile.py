"""Files that are made to fill the memory, read by a process that has little."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOSTILE = {
    "a gigabyte of spaces": "b' ' * 2**20 for _ in range(1024)",
    "people without anything": "b'{\"teachers\":[' if not n else b'{},' * 2**18 for n in range(2)",
    "lists in a list": "b'{\"teachers\":[[' if not n else b'[],' * 2**18 for n in range(20)",
    "one text": "b'{\"season\":\"' if not n else b'a' * 2**20 for n in range(20)",
    "one number": "b'{\"season\":' if not n else b'1' * 2**20 for n in range(20)",
    "brackets": "b'{\"season\":' if not n else b'[' * 2**20 for n in range(20)",
    "keys": "b'{\"season\":{' if not n else b'\"a\":1,' * 2**18 for n in range(20)",
    "characters of four bytes": "'{\"season\":\"'.encode() if not n else '😀'.encode() * 2**18 "
    "for n in range(20)",
}
ROOM_MIB = 400
PROGRAM = f"""
import resource
from pathlib import Path
from matcher.files.problem import stream_problem
from matcher.files.refusal import RefusedFileError
from matcher.files.source import bounded
resource.setrlimit(resource.RLIMIT_AS, ({ROOM_MIB} * 2**20,) * 2)
try:
    stream_problem(bounded((CHUNKS), Path("a")), "a")
except RefusedFileError as error:
    print(error.faults[0].code)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_fill_the_memory_is_refused_within_bounds(name):
    program = PROGRAM.replace("CHUNKS", HOSTILE[name])

    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() in {"empty_file", "missing_key", "too_big", "too_deep", "not_json"}
