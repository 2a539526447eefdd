"""The log of a roll call, written by processes of its own."""

import os
import subprocess
import sys
from pathlib import Path

from matcher.files.canon import encode
from tests.matcher.test_rollcall_log import ARGUMENTS, LOG, REGISTER

ROOT = Path(__file__).parents[2]


def test_the_log_is_the_same_under_every_hash_seed(tmp_path):
    files = tmp_path / "register.json", tmp_path / "log.jsonl"
    files[0].write_bytes(encode(REGISTER))
    lines = LOG.splitlines(keepends=True)
    logs = set()
    for seed in ("0", "1"):
        files[1].write_bytes(b"".join(lines[:4]))
        subprocess.run(
            [sys.executable, "-m", "matcher", "rollcall", "call", *files, *ARGUMENTS[3][1:]],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )
        logs.add(files[1].read_bytes())

    assert logs == {b"".join(lines[:5])}
