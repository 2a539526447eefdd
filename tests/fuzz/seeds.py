"""First inputs: one of every message, helped along in every way (`targets`).

``python -m tests.fuzz.seeds [FOLDER]`` adds them to the kept inputs, and what is new in
FOLDER/TARGET.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import msgspec
import zstandard

from core.wire.batch import encode_batch
from core.wire.canon import FILE_LIMITS, encode, to_wire
from core.wire.document import split_document
from core.wire.event import Event, encode_frame
from core.wire.kind import BODIES
from core.wire.manifest import AnswerManifest, ParcelManifest
from core.wire.receipt import encode_receipt, to_base45
from core.wire.usb import AnswerContent, ParcelContent
from matcher.files.canon import encode as encode_json
from matcher.files.canon import identity
from matcher.files.placement import Chain, Mechanism, Move, Placement, Ring
from matcher.files.problem import Position, parse_problem
from tests.core.wire import samples
from tests.core.wire.literals import BYTE_STRINGS, LITERALS, REFUSED
from tests.fuzz.corpus import keep, kept, smallest
from tests.fuzz.targets import DOCUMENTS, KEY, PLAIN, joined
from tests.matcher.markets import DEFAULT_RULES, RULE_SETS, random_problem

PROFILE = b"".join(
    (
        b"000012345678",
        "林測試".encode("cp950").ljust(20, b"\0"),
        samples.PERSON.text.encode(),
        b"0750428",
        b"F",
        b"0990101",
    )
)


def words() -> tuple[str, ...]:
    """Names of fields and kinds as libFuzzer's hints, each behind its head of one byte."""
    names = {
        *BODIES,
        *(field for body in BODIES.values() for field in body.__struct_encode_fields__),
        *(field for _, schema in DOCUMENTS for field in schema.__struct_encode_fields__),
        *Event.__struct_encode_fields__,
        *ParcelManifest.__struct_encode_fields__,
        *AnswerManifest.__struct_encode_fields__,
    }
    heads = (f"\\x{0xA0 + len(name):02x}{name}" for name in sorted(names) if len(name) < 32)
    return (*heads, *(f"\\x22{name}\\x22:" for name in _file_keys()))


def _file_keys() -> list[str]:
    """Every key of the matcher's files."""
    found: set[str] = set()
    waiting: list[object] = [json.loads(data[1:]) for data in _match_files()]
    while waiting:
        match waiting.pop():
            case dict() as inside:
                found |= inside.keys()
                waiting += inside.values()
            case list() as inside:
                waiting += inside
            case _:
                pass
    return sorted(found)


def _match_files() -> list[bytes]:
    """Problems with everything in them, placements with and without proof, and rules."""
    documents = [random_problem(Random(seed), most_teachers=3) for seed in range(8)]  # noqa: S311
    problems = [parse_problem(encode_json(document), "seed") for document in documents]
    moves = [
        Move(
            teacher=teacher.id,
            origin=teacher.position,
            destination=Position(school, teacher.position.subject),
            wish=wish,
            subject_rank=1,
        )
        for teacher in problems[0].teachers
        for wish, school in enumerate(teacher.wishes, start=1)
    ]
    placement = Placement(
        problem=identity(b"problem"),
        rules=identity(b"rules"),
        mechanism=Mechanism.STATUTORY,
        components=(
            Chain(phase="single", round=1, moves=tuple(moves)),
            Ring(phase="swap", round=1, moves=tuple(moves[:2])),
        ),
        trace=identity(b"trace"),
    )
    proved = replace(placement, mechanism=Mechanism.MAXIMUM, certificate={"bound": [1, None]})
    return [
        *(b"\x00" + problem.encode() for problem in problems),
        b"\x00" + json.dumps(dict(reversed(documents[0].items())), indent=1).encode(),
        *(b"\x01" + placement.encode() for placement in (placement, proved)),
        *(b"\x02" + encode_json(rules) for rules in (DEFAULT_RULES, *RULE_SETS)),
    ]


def seeds() -> dict[str, list[bytes]]:
    """Inputs by target."""
    logs = (samples.DEVICE_LOG, samples.INBOX_LOG, samples.CENTRE_LOG)
    links = [link for log in logs for link in log.links]
    frames = [link.frame for link in links]
    header = to_wire(samples.header(samples.DEVICE_LOG, 1, 2))
    kinds = [kind for kind, _ in DOCUMENTS]
    documents: list[bytes] = []
    for kind, _, data, _ in samples.DOCUMENTS.values():
        if kind in kinds:
            place = 2 * kinds.index(kind)
            documents += bytes((place,)) + data, bytes((place + 1,)) + split_document(data)[0]
    plain = [
        to_wire(samples.CALENDAR_FILE, FILE_LIMITS),
        to_wire(samples.FORM),
        to_wire(samples.GRANT, FILE_LIMITS),
        to_wire(samples.SECRETS),
    ]
    documents += [
        bytes((2 * len(DOCUMENTS) + number,)) + data
        for number, data in enumerate(plain[: len(PLAIN)])
    ]
    receipts = [encode_receipt(*each) for each in samples.receipts().values()]
    raw = encode([header, bytes(64), [encode_frame(each) for each in frames[:2]]], FILE_LIMITS)
    compressed = zstandard.ZstdCompressor(level=3, write_content_size=True).compress(raw)
    return {
        "canon": [bytes.fromhex(data) for _, data in (*LITERALS, *BYTE_STRINGS)]
        + [bytes.fromhex(data) for data, _ in REFUSED.values() if data],
        "batch": [
            b"\x00TTB1" + compressed,
            b"\x01" + compressed,
            b"\x02" + raw,
            b"\x03" + joined(header, *(encode_frame(each) for each in frames[:2])),
            b"\x03" + joined(header),
        ],
        "entry": [
            *(b"\x00" + encode_frame(each) for each in frames),
            *(b"\x01" + each.event for each in frames if each.payload is None),
            *(b"\x02" + joined(each.event, each.payload) for each in frames if each.payload),
            *(
                bytes((3, number)) + each.payload
                for each in frames
                if each.payload
                for number in range(6)
            ),
        ],
        "receipt": [
            *(b"\x00" + each for each in receipts),
            *(b"\x01" + each[:-64] for each in receipts),
            *(b"\x01" + each[:37] + KEY.id[:8] + each[45:-64] for each in receipts),
            *(b"\x02" + to_base45(each).encode() for each in receipts),
            b"\x02BB8",
        ],
        "document": documents,
        "usb": [b"\x00TTU1", *_stick()],
        "files": _match_files(),
        "card": [
            b"\x00" + PROFILE,
            b"\x01" + joined(b"\x90\x00", PROFILE + b"\x90\x00"),
            b"\x01" + joined(b"\x6d\x00", b"\x61\x39", PROFILE + b"\x90\x00"),
            b"\x01" + joined(b"\x6f\x00", b"\x6a\x82", b"\x90\x00", PROFILE + b"\x90\x00"),
        ],
    }


def _stick() -> list[bytes]:
    """A parcel and an answer, manifest and content apart; and names."""
    log = samples.boots(3)
    place = {
        "inc": 1,
        "first": 1,
        "last": 3,
        "hash": bytes(32),
        "size": 0,
        "seal": bytes(16),
        "documents": bytes(32),
    }
    parcel = ParcelManifest(
        dev=samples.DEVICE_ID,
        **place,
        way="parcel",
        purpose="log",
        head=log.links[-1].hash,
        count=3,
        reply=bytes(32),
        snapshot=(3, bytes(8)),
        inbox=0,
        trust=1,
        nonce=bytes(16),
        t=samples.NOON_MS,
    )
    answer = AnswerManifest(
        dev=bytes(16), **place, way="answer", parcel=bytes(32), t=samples.NOON_MS
    )
    batch = encode_batch(samples.header(log), log.frames, samples.DEVICE)
    content = ParcelContent(batches=(batch,), certificates=(samples.SIGNED_OFFICER_CERTIFICATE,))
    said = AnswerContent(
        acks=(samples.SIGNED_ACK,),
        beacon=samples.SIGNED_BEACON,
        inbox=tuple(encode_frame(each) for each in samples.INBOX_LOG.frames[:1]),
        snapshot=samples.SIGNED_SNAPSHOT,
        files=(samples.FILES["calendar"],),
        forms=((bytes(16), "granted", b""),),
    )
    packed = encode(msgspec.to_builtins(content, builtin_types=(bytes,)), FILE_LIMITS)
    name = f"TTX-{samples.DEVICE_ID.hex()}-2.1-2.30.ttx".encode()
    return [
        b"\x02" + joined(to_wire(parcel), bytes(40), samples.SIGNED_TRUST),
        b"\x03" + joined(to_wire(parcel), packed),
        b"\x04" + joined(to_wire(answer), to_wire(said, FILE_LIMITS), samples.SIGNED_TRUST),
        b"\x05" + name,
        b"\x05" + name.replace(b"2.", b""),
    ]


def main(folder: Path | None) -> None:
    """Add the first inputs to the kept ones, and what is new in ``folder``."""
    for name, inputs in seeds().items():
        found = [] if folder is None else [each.read_bytes() for each in (folder / name).glob("*")]
        keep(name, smallest(name, [*kept(name), *found], inputs))
        sys.stdout.write(f"{name}: {len(kept(name))} kept, {len(found)} found\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
