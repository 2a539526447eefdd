"""Names the old reader program stumbled over (F-228): Chinese ones, and with a blank."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ORIGIN = "https://console.example.tw"
PROGRAM = Path(sys.executable).with_name("jiepin")


def run(words, home):
    environment = os.environ | {"HOME": str(home)}
    return subprocess.run(
        words, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_home_with_a_chinese_name_holds_the_unit_and_starts_the_program_from_there(tmp_path):
    home, tools = tmp_path / "王小明 的家", tmp_path / "讀卡 程式"
    home.mkdir()
    tools.mkdir()
    program = shutil.copy(PROGRAM, tools / "jiepin")

    written = run([program, "card-agent", "install", "--origin", ORIGIN], home)

    unit = home / ".config" / "systemd" / "user" / "jiepin-card-agent.service"
    (command,) = (
        line.removeprefix("ExecStart=")
        for line in unit.read_text(encoding="utf-8").splitlines()
        if line.startswith("ExecStart=")
    )
    words = shlex.split(command)
    started = run([*words[:3], "--help"], home)
    assert written.returncode == 0
    assert str(unit) in written.stdout
    assert words[0] == str(tools / "jiepin")
    assert started.returncode == 0, "started as it stands in the unit, without a question"
