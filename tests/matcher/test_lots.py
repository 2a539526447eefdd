"""Drawing lots: promised first, drawn later, drawn again by anybody."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.files.canon import encode
from matcher.files.refusal import RefusedFileError
from matcher.lots import promise as promises
from matcher.lots.draw import Complaint, Draw, Flaw, check, parse_draw, parse_secret, reveal
from matcher.lots.promise import Commitment, commit, parse_commitment, parse_ids
from matcher.lots.text import TEXTS
from matcher.telling.text import Language
from tests.matcher.calling import invoke

ROOT = Path(__file__).parents[2]
SECRET = bytes(range(32))
IDS = ("T0003", "T0001", "T0002", "陳老師")
PROMISE = commit(SECRET, IDS)
DRAW = Draw(
    commitment=PROMISE.identity(),
    secret=SECRET,
    lots={"陳老師": 1, "T0001": 2, "T0002": 3, "T0003": 4},
)
ids = st.sets(
    st.text(st.characters(categories=["Lu", "Ll", "Nd"], codec="ascii"), min_size=1, max_size=6),
    min_size=1,
    max_size=9,
).map(tuple)
secrets = st.binary(min_size=32, max_size=32)


def changed(document, **changes):
    return encode({**document, **changes})


def faults(parse, data):
    with pytest.raises(RefusedFileError) as caught:
        parse(data, "f")
    assert {fault.file for fault in caught.value.faults} == {"f"}
    return [(fault.path, fault.code.value) for fault in caught.value.faults]


def call(*arguments, feed=None):
    return invoke("lots", *arguments, input=feed)


def test_the_vector_of_a_promise_and_its_draw():
    assert (
        Commitment(
            commitment="sha256:3abfe545b0f85d25c4da11b7a4d49291796898f419aa865af5a3ee243e62aeef",
            ids=("T0001", "T0002", "T0003", "陳老師"),
        )
        == PROMISE
    )
    assert reveal(PROMISE, SECRET, IDS) == DRAW


@given(secrets, ids)
def test_what_was_promised_and_drawn_passes_the_check_and_comes_back_from_its_file(secret, names):
    promised = commit(secret, names)
    draw = reveal(promised, secret, names)

    assert check(promised, draw) == ()
    assert parse_commitment(promised.encode(), "f") == promised
    assert parse_draw(draw.encode(), "f") == draw
    assert sorted(draw.lots.values()) == list(range(1, len(names) + 1))


@given(secrets, ids, st.randoms(use_true_random=False))
def test_who_left_since_the_promise_changes_nobodys_order(secret, names, rng):
    promised = commit(secret, names)
    rest = tuple(rng.sample(names, rng.randint(0, len(names))))

    everybody, some = reveal(promised, secret, names), reveal(promised, secret, rest)

    assert check(promised, some) == ()
    assert sorted(rest, key=some.lots.get) == sorted(rest, key=everybody.lots.get)


@given(secrets, ids, ids, secrets)
def test_a_promise_is_of_one_secret_and_one_list(secret, names, others, other):
    promised = commit(secret, names)

    assert promised.is_of(other) == (other == secret)
    assert (promised == commit(secret, others)) == (set(names) == set(others))


def test_another_secret_or_somebody_not_promised_is_refused():
    other = bytes(32)

    assert reveal(PROMISE, other, IDS) == (Complaint(Flaw.OTHER_SECRET),)
    assert reveal(PROMISE, SECRET, (*IDS, "X2", "X1")) == (
        Complaint(Flaw.STRANGER, "X1"),
        Complaint(Flaw.STRANGER, "X2"),
    )


def test_the_check_names_everything_that_differs():
    elsewhere = commit(bytes(32), IDS)
    swapped = Draw(
        commitment=PROMISE.identity(),
        secret=SECRET,
        lots={"陳老師": 2, "T0001": 1, "T0002": 3, "X": 4},
    )

    assert check(elsewhere, DRAW) == (
        Complaint(Flaw.OTHER_COMMITMENT),
        Complaint(Flaw.OTHER_SECRET),
    )
    found = check(PROMISE, swapped)
    assert Complaint(Flaw.STRANGER, "X") in found
    assert {each.detail for each in found if each.flaw is Flaw.WRONG_LOT} >= {"T0001", "陳老師"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (SECRET.hex(), SECRET),
        (SECRET.hex().upper(), None),
        (SECRET.hex()[:-1], None),
        (SECRET.hex() + "0", None),
        (SECRET.hex()[:-1] + "g", None),
        ("", None),
    ],
)
def test_a_secret_is_sixty_four_small_digits(text, read):
    assert parse_secret(text) == read


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", [("$", "empty_list")]),
        (b"A\n\nB\n", [("$[1]", "bad_text")]),
        (b"A\n B\nC \n", [("$[1]", "bad_text"), ("$[2]", "bad_text")]),
        (b"A\n" + b"x" * 65, [("$[1]", "bad_text")]),
        ("A\ne\u0301".encode(), [("$[1]", "not_nfc")]),
        (b"A\nB\nA", [("$[2]", "duplicate")]),
        (b"A\n\xff", [("$", "not_utf8")]),
        (b"A\tB", [("$[0]", "bad_text")]),
    ],
)
def test_a_list_of_ids_is_read_strictly(data, found):
    assert faults(parse_ids, data) == found


def test_a_list_of_ids_may_end_with_or_without_a_line_end_and_go_up_to_the_limit(monkeypatch):
    assert parse_ids(b"B\nA", "f") == parse_ids(b"B\nA\n", "f") == ("B", "A")
    assert parse_ids(b"x" * 64, "f") == ("x" * 64,)

    monkeypatch.setattr(promises, "IDS_AT_MOST", 2)

    assert parse_ids(b"B\nA", "f") == ("B", "A")
    with pytest.raises(RefusedFileError, match=r"f: \$: too_big: > 2$"):
        parse_ids(b"B\nA\nC", "f")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"format": "jiepin-lots/1"}, [("$.format", "unknown_value")]),
        ({"ids": ["B", "A"]}, [("$.ids", "wrong_shape")]),
        ({"ids": []}, [("$.ids", "empty_list")]),
        ({"ids": ["A", "A"]}, [("$.ids[1]", "duplicate"), ("$.ids[1]", "duplicate")]),
        ({"commitment": "x"}, [("$.commitment", "bad_text")]),
        ({"more": 1}, [("$.more", "unknown_key")]),
    ],
)
def test_a_promise_is_read_strictly(changes, found):
    assert faults(parse_commitment, changed(PROMISE.document(), **changes)) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"format": "x"}, [("$.format", "unknown_value")]),
        ({"secret": "00"}, [("$.secret", "bad_text")]),
        ({"lots": {"A": 0}}, [("$.lots.A", "out_of_range")]),
        ({"lots": {"A": 1_000_001}}, [("$.lots.A", "out_of_range")]),
        ({"commitment": "sha256:0"}, [("$.commitment", "bad_text")]),
        ({"lots": []}, [("$.lots", "not_an_object")]),
        ({"secret": 7}, [("$.secret", "not_a_text"), ("$.secret", "bad_text")]),
    ],
)
def test_a_draw_is_read_strictly(changes, found):
    assert faults(parse_draw, changed(DRAW.document(), **changes)) == found


@pytest.mark.parametrize(
    ("parse", "data", "told"),
    [
        (parse_ids, b"A\nB\xff", "f: $: not_utf8: byte 3"),
        (parse_ids, b"", "f: $: empty_list"),
        (parse_ids, b"A\n B", "f: $[1]: bad_text: ' B'"),
        (parse_ids, "e\u0301".encode(), r"f: $[0]: not_nfc: 'e\u0301'"),
        (parse_draw, b"{", "f: $: not_json"),
        (parse_commitment, b"{", "f: $: not_json"),
        (
            parse_draw,
            changed(DRAW.document(), secret="00"),  # noqa: S106  # no secret: too short
            "f: $.secret: bad_text: 64 hex digits",
        ),
        (
            parse_commitment,
            changed(PROMISE.document(), ids=["B", "A"]),
            "f: $.ids: wrong_shape: sorted",
        ),
    ],
)
def test_a_fault_names_the_file_and_quotes_what_is_wrong(parse, data, told):
    with pytest.raises(RefusedFileError) as caught:
        parse(data, "f")

    fault = str(caught.value.faults[0])
    assert fault == told or (told.endswith("json") and fault.startswith(told))


def test_a_draw_without_its_secret_is_told_so_once():
    document = DRAW.document()
    del document["secret"]

    assert faults(parse_draw, encode(document)) == [("$.secret", "missing_key")]


def test_a_draw_may_hold_the_last_lot_there_can_be():
    assert parse_draw(changed(DRAW.document(), lots={"A": 1_000_000}), "f").lots == {"A": 1_000_000}


@pytest.mark.parametrize("lang", list(Language))
def test_every_flaw_has_its_words(lang):
    said = {TEXTS[lang].complaint(Complaint(flaw, "A7")) for flaw in Flaw}

    assert len(said) == len(Flaw)
    assert all(text.endswith("A7") for text in said)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ids.txt").write_text("\n".join(IDS), "utf-8")
    (tmp_path / "secret.txt").write_text(SECRET.hex() + "\n", "ascii")
    done = call(
        *("commit", tmp_path / "ids.txt", "--secret", tmp_path / "secret.txt"),
        *("-o", tmp_path / "promise.json"),
    )
    assert done.exit_code == 0
    return tmp_path


def test_promise_draw_and_check_go_from_file_to_file(folder):
    drawn = call(
        *("reveal", folder / "promise.json", "--secret", folder / "secret.txt"),
        *("-o", folder / "lots.json"),
    )
    checked = call("check", folder / "promise.json", folder / "lots.json", "--lang", "en")

    assert (folder / "promise.json").read_bytes() == PROMISE.encode()
    assert (folder / "lots.json").read_bytes() == DRAW.encode()
    assert drawn.stdout == "已抽出 4 個籤號。\n"
    assert (checked.exit_code, checked.stdout.strip()) == (0, TEXTS[Language.EN].accepted)


def test_a_new_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    (tmp_path / "ids.txt").write_text("A\nB\n")
    arguments = (
        *("commit", tmp_path / "ids.txt", "--new-secret", tmp_path / "s.txt"),
        *("-o", tmp_path / "p.json", "--json"),
    )

    first = call(*arguments)
    secret = (tmp_path / "s.txt").read_text()
    again = call(*arguments)

    assert json.loads(first.stdout)["ids"] == 2
    assert stat.S_IMODE((tmp_path / "s.txt").stat().st_mode) == 0o600
    assert parse_commitment((tmp_path / "p.json").read_bytes(), "p").is_of(
        parse_secret(secret.removesuffix("\n"))
    )
    assert again.exit_code == 1
    assert (tmp_path / "s.txt").read_text() == secret


def test_a_secret_whose_promise_cannot_be_written_is_not_kept(tmp_path):
    (tmp_path / "ids.txt").write_text("A\nB\n")
    arguments = ("commit", tmp_path / "ids.txt", "--new-secret", tmp_path / "s.txt", "-o")

    failed = call(*arguments, tmp_path / "none" / "p.json")
    left = sorted(path.name for path in tmp_path.iterdir())
    again = call(*arguments, tmp_path / "p.json")

    assert (failed.exit_code, left) == (1, ["ids.txt"])
    assert again.exit_code == 0


def test_a_disk_that_is_full_leaves_neither_secret_nor_promise(tmp_path):
    (tmp_path / "ids.txt").write_text("A\nB\n")
    program = (
        "import resource, sys\n"
        "from matcher.commands.match import app\n"
        "_, most = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, most))\n"
        "try:\n"
        "    app(sys.argv[1:])\n"
        "finally:\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))\n"
    )
    arguments = ["lots", "commit", "ids.txt", "--new-secret", "s.txt", "-o", "p.json"]

    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (1, "s.txt: File too large\n")
    assert [path.name for path in tmp_path.iterdir()] == ["ids.txt"]


def test_the_secret_comes_from_standard_input_and_some_may_take_part(folder):
    (folder / "some.txt").write_text("T0002\nT0001\n")

    drawn = call(
        *("reveal", folder / "promise.json", "--taking-part", folder / "some.txt"),
        *("--secret", "-", "-o", folder / "lots.json", "--json"),
        feed=SECRET.hex(),
    )

    assert json.loads(drawn.stdout)["ids"] == 2
    assert parse_draw((folder / "lots.json").read_bytes(), "f").lots == {"T0001": 1, "T0002": 2}


@pytest.mark.parametrize(
    "feed", ["", "00", "ü" * 64, "z" * 64, "0" * 2000, " " * 1000 + SECRET.hex()]
)
def test_what_is_no_secret_is_refused_without_being_repeated(folder, feed):
    drawn = call(
        *("reveal", folder / "promise.json", "--secret", "-", "-o", folder / "lots.json"),
        feed=feed,
    )

    assert (drawn.exit_code, drawn.stderr.strip()) == (3, TEXTS[Language.ZH].bad_secret)
    assert not (folder / "lots.json").exists()


def test_a_draw_against_the_promise_is_refused_and_writes_nothing(folder):
    drawn = call(
        *("reveal", folder / "promise.json", "--secret", "-", "-o", folder / "lots.json"),
        feed="0" * 64,
    )

    assert drawn.exit_code == 3
    assert "[other_secret]" in drawn.stderr
    assert not (folder / "lots.json").exists()


def test_the_check_fails_on_a_changed_lot_and_says_which(folder):
    wrong = {**DRAW.document(), "lots": {**DRAW.lots, "T0001": 3, "T0002": 2}}
    (folder / "lots.json").write_bytes(encode(wrong))

    told = call("check", folder / "promise.json", folder / "lots.json")
    reported = call("check", folder / "promise.json", folder / "lots.json", "--json")

    assert told.exit_code == reported.exit_code == 1
    assert told.stderr.splitlines() == [
        "籤號與重抽的結果不同：T0001 [wrong_lot]",
        "籤號與重抽的結果不同：T0002 [wrong_lot]",
    ]
    assert json.loads(reported.stdout) == {
        "ok": False,
        "findings": [{"code": "wrong_lot", "detail": name} for name in ("T0001", "T0002")],
    }


def test_the_ways_to_give_a_secret_exclude_each_other_and_one_is_needed(folder):
    common = (folder / "ids.txt", "-o", folder / "p.json")

    neither = call("commit", *common)
    both = call("commit", *common, "--secret", "-", "--new-secret", folder / "n", feed="")
    none = call("reveal", folder / "promise.json", "-o", folder / "lots.json")

    assert neither.exit_code == both.exit_code == none.exit_code == 2
    assert not (folder / "n").exists()


def test_english_is_spoken_on_demand(folder):
    promised = call(
        *("commit", folder / "ids.txt", "--secret", folder / "secret.txt"),
        *("-o", folder / "p.json", "--lang", "en"),
    )
    drawn = call(
        *("reveal", folder / "p.json", "--secret", folder / "secret.txt"),
        *("-o", folder / "l.json", "--lang", "en"),
    )

    assert promised.stdout == (f"Promised a draw among 4; publish this now: {PROMISE.commitment}\n")
    assert drawn.stdout == "Drew 4 lots.\n"
