"""What the operator is told: exit codes, and a sentence for every code."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.commands import app
from server.keeping import text
from server.keeping.text import SENTENCES

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FOLDER = Path(text.__file__).parent


def run(keeper, *words, database=None):
    options = ["--home", str(keeper.home), "--database", database or keeper.url]
    return CliRunner().invoke(app, [*words, *options])


def key_file(keeper, content):
    place = keeper.home.parent / "seal.key"
    place.write_bytes(content)
    return str(place)


def test_every_code_has_a_sentence():
    raised = {
        code
        for place in FOLDER.glob("*.py")
        for code in re.findall(r'BackupError\("([a-z_]+)"\)', place.read_text("utf-8"))
    }

    assert raised <= SENTENCES.keys()
    assert len(raised) > 8


@ON_ONE
def test_a_backup_is_made_tried_and_begun_from(keeper, empty_url):
    made = run(keeper, "backup", "--to", str(keeper.folder))
    (file,) = keeper.folder.iterdir()
    key = key_file(keeper, keeper.season.centre.seal)
    words = ["restore", "--from", str(file), "--key", key]

    tried = run(keeper, *words, "--check")
    refused = run(keeper, *words)
    begun = run(keeper, *words, database=empty_url)
    listed = run(keeper, "reconcile", database=empty_url)

    assert made.exit_code == tried.exit_code == begun.exit_code == 0
    assert str(file) in made.stdout
    assert "備份完好" in tried.stdout
    assert (refused.exit_code, "database_exists" in refused.stderr) == (3, True)
    assert "等待 4 台機器" in begun.stdout
    assert listed.exit_code == 1
    assert listed.stdout.count("還原後尚未補送") == 4


@ON_ONE
@pytest.mark.parametrize(
    ("content", "key", "code"),
    [
        pytest.param(None, bytes(32), "seal_key", id="another key"),
        pytest.param(None, b"short", "seal_key", id="no key"),
        pytest.param(b"SQLite format 3\0", None, "not_a_backup", id="no backup"),
        pytest.param(b"", None, "cut_short", id="nothing"),
    ],
)
def test_what_cannot_be_restored_is_said_in_a_sentence(keeper, empty_url, content, key, code):
    run(keeper, "backup", "--to", str(keeper.folder))
    (file,) = keeper.folder.iterdir()
    if content is not None:
        file.write_bytes(content)
    place = key_file(keeper, keeper.season.centre.seal if key is None else key)

    done = run(keeper, "restore", "--from", str(file), "--key", place, database=empty_url)

    assert done.exit_code == 1
    assert f"{SENTENCES[code]}（{code}）" in done.stderr
    assert not Path(empty_url.removeprefix("sqlite:///")).exists()


@ON_ONE
def test_nothing_missing_is_zero(keeper):
    run(keeper, "backup", "--to", str(keeper.folder))

    done = run(keeper, "reconcile")

    assert (done.exit_code, "沒有缺漏" in done.stdout) == (0, True)
