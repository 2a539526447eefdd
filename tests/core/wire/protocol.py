"""The tables of docs/protocol.md, made from the code they speak of.

``python -m tests.core.wire.protocol`` writes them anew between their marks; what stands outside is
written by people.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from core.domain.application import Claim, Wishes
from core.season.deadline import Timeliness
from core.signature import SignatureType
from core.wire import batch, canon, document, event, manifest, reference, usb
from core.wire.ack import Ack, Pace, Verdict
from core.wire.admission import STATUSES
from core.wire.answer import refused
from core.wire.batch import BatchHeader
from core.wire.beacon import Beacon, HeadStatement, Slot
from core.wire.canon import INTEGER_MAX
from core.wire.checkpoint import Checkpoint
from core.wire.client import TABLE, Activity, Delivery
from core.wire.errand import ERRAND_BYTES, Errand, ErrandAnswer
from core.wire.event import Event, Who
from core.wire.identity import (
    CERTIFICATES_AT_ONCE,
    Certificate,
    EnrolmentForm,
    Grant,
    Revocations,
    SeasonSecrets,
    SigningRequest,
)
from core.wire.incident import FACTS, INCIDENT_BYTES, Incident
from core.wire.kind import BODIES, Agreed
from core.wire.past import PastFile, PastRow
from core.wire.payload import (
    ApplicationPayload,
    BarredPayload,
    CopyPayload,
    CountyPayload,
    DecisionPayload,
    DisplayPayload,
    LineChanged,
    PointsAwarded,
    PointsReason,
    ReceiptPayload,
    ResultPayload,
    RosterPayload,
    StaffPayload,
)
from core.wire.reference import PhaseRow, ReferenceFile, SchoolRow, Snapshot, Trust
from core.wire.refile import ReplayPayload
from core.wire.rejection import Rejection
from core.wire.rotation import Rotation
from core.wire.standing import Standing
from core.wire.talk import DAY_MS, HOUR_MS, MINUTE_MS, Instant, Policy, Refused
from server.api import certificates, enrolment, statement
from server.config import Limits

FILE = Path(__file__).parents[3] / "docs" / "protocol.md"
TYPES: Mapping[SignatureType, tuple[str, str]] = {
    SignatureType.EVENT: ("an entry of a log", "the log's key"),
    SignatureType.BATCH: ("`BatchHeader`", "the device, key in force before `from`"),
    SignatureType.BEACON: ("`Beacon`", "beacon key"),
    SignatureType.ACK: ("`Ack`", "receipt key"),
    SignatureType.RECEIPT: ("a receipt", "the device, or the receipt key"),
    SignatureType.TRUST: ("`Trust`", "`threshold` of `root`"),
    SignatureType.SNAPSHOT: ("`Snapshot`", "release key"),
    SignatureType.CERTIFICATE: ("`Certificate`", "enrol key"),
    SignatureType.REQUEST: ("`SigningRequest`", "the key inside it"),
    SignatureType.REVOCATION: ("`Revocations`", "enrol key"),
    SignatureType.APPROVAL: ("the payload of a decision", "the officer"),
    SignatureType.CHECKPOINT: ("`Checkpoint`", "receipt key"),
    SignatureType.USB: ("the manifest of a file on a stick", "the device, or the receipt key"),
    SignatureType.HEAD: ("`HeadStatement`", "the device; the enrol key for the desk"),
    SignatureType.PAYLOAD: ("hash of a payload or of a part of it; never signed", "nobody"),
    SignatureType.ROTATION: ("`Rotation`", "old key and new key"),
    SignatureType.ERRAND: ("`Errand`", "the device"),
    SignatureType.INCIDENT: ("`Incident`", "the device"),
}
MESSAGES: Mapping[str, tuple[type[msgspec.Struct], ...]] = {
    "talk": (BatchHeader, Ack, Pace, Beacon, Slot, HeadStatement, Errand, ErrandAnswer, Incident),
    "identity": (SigningRequest, EnrolmentForm, Certificate, Grant, SeasonSecrets, Revocations),
    "publication": (
        Trust,
        Snapshot,
        ReferenceFile,
        SchoolRow,
        PhaseRow,
        PastFile,
        PastRow,
        Checkpoint,
    ),
    "entry": (Event, Who, Agreed, Rotation),
    "payloads": (
        ApplicationPayload,
        Claim,
        Wishes,
        RosterPayload,
        DecisionPayload,
        PointsAwarded,
        PointsReason,
        ResultPayload,
        CopyPayload,
        ReceiptPayload,
        ReplayPayload,
        StaffPayload,
        CountyPayload,
        LineChanged,
        BarredPayload,
        DisplayPayload,
    ),
    "stick": (
        manifest.ParcelManifest,
        manifest.AnswerManifest,
        usb.ParcelContent,
        usb.AnswerContent,
    ),
}
CLASSES: Mapping[Timeliness, str] = {
    Timeliness.ON_TIME: "`not after` ≤ D",
    Timeliness.LATE: "`not before` > D",
    Timeliness.SEALED: (
        "estimate + error ≤ D, beacons on both sides, `season.close` after it and none before it "
        "that was told outside, no 封箱碼 told of its machine that the log, sent since, has not, "
        "not quarantined, received ≤ D + drain"
    ),
    Timeliness.DOUBTFUL: "everything else",
}
DECIDES: Mapping[Timeliness, str] = {
    Timeliness.ON_TIME: "accepted",
    Timeliness.LATE: "refused",
    Timeliness.SEALED: "accepted, listed in the report",
    Timeliness.DOUBTFUL: "two officers of the centre, with the evidence",
}
END = r"\Z"
QUOTA = Limits()
TRIED = (400, 401, 403, 404, 408, 410, 413, 425, 426, 429, 500, 502, 503, 504, 507)


def shape(kind: inspect.Type) -> str:  # noqa: C901, PLR0911, PLR0912 - one line each
    """A field's type in words."""
    match kind:
        case inspect.NoneType():
            return "nil"
        case inspect.BoolType():
            return "bool"
        case inspect.IntType(ge=least, le=most):
            most = None if most == INTEGER_MAX else most  # which TTC-1 says of every number
            bounds = (f"≥ {least}" * (least is not None), f"≤ {most:,}" if most is not None else "")
            return " ".join(("int", *(each for each in bounds if each)))
        case inspect.StrType(min_length=least, max_length=most, pattern=pattern):
            like = f" like `{pattern.removeprefix('^').removesuffix(END)}`" if pattern else ""
            return f"text{_size(least, most)}{like}"
        case inspect.BytesType(min_length=least, max_length=most):
            return f"bytes{_size(least, most)}"
        case inspect.LiteralType(values=values):
            return _one_of(values)
        case inspect.EnumType(cls=cls):
            return _one_of([each.value for each in cls])
        case inspect.UnionType(types=types):
            return " or ".join(shape(each) for each in types)
        case inspect.TupleType(item_types=types):
            return f"[{', '.join(shape(each) for each in types)}]"
        case inspect.VarTupleType(item_type=item, min_length=least, max_length=most):
            return f"list{_size(least, most)} of {shape(item)}"
        case inspect.DictType(key_type=key, value_type=value):
            return f"map of {shape(key)} → {shape(value)}"
        case inspect.StructType(cls=cls):
            return f"`{cls.__name__}`"
        case _:
            return "any"


def _one_of(values: Iterable[object]) -> str:
    return " \\| ".join(f'"{each}"' if isinstance(each, str) else str(each) for each in values)


def _size(least: int | None, most: int | None) -> str:
    if least is not None and least == most:
        return f" {least}"
    return "".join((f" ≥ {least}" * bool(least), f" ≤ {most}" if most is not None else ""))


def meaning(schema: type[Any]) -> str:
    """The docstring in one line, without what it says to readers of the code."""
    text = " ".join((schema.__doc__ or "").replace("``", "`").split())
    return re.sub(r" \((PROTOCOL|ADR|DESIGN|DOMAIN|[FU]-\d|`core)[^)]*\)", "", text)


def _fields(schema: type[msgspec.Struct]) -> list[tuple[str, str]]:
    found = inspect.type_info(schema)
    assert isinstance(found, inspect.StructType)
    tag = [(str(found.tag_field), f'"{found.tag}"')] if found.tag_field else []
    return [
        *tag,
        *(
            (each.encode_name, shape(each.type) + ", may be left out" * (not each.required))
            for each in found.fields
        ),
    ]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown."""
    lines = [tuple(head), *(tuple(row) for row in rows)]
    drawn = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([drawn[0], "|" + "---|" * len(lines[0]), *drawn[1:]])


def messages(group: str) -> str:
    """Every field of some messages."""
    parts = []
    for schema in MESSAGES[group]:
        array = ", an array in this order" if schema.__struct_config__.array_like else ""
        rows = [(f"`{name}`", what) for name, what in _fields(schema)]
        drawn = table(("field", "shape"), rows)
        parts.append(f"**`{schema.__name__}`**{array}. {meaning(schema)}\n\n{drawn}")
    return "\n\n".join(parts)


def kinds() -> str:
    """The closed list of kinds."""
    rows = []
    for kind, schema in BODIES.items():
        body = ", ".join(f"`{name}` {what}" for name, what in _fields(schema))
        rows.append((f"`{kind}`", meaning(schema), body))
    return table(("kind", "says", "body"), rows)


def states() -> str:
    """The table of client states."""
    return table(
        ("state", "the log may grow", "starts on the line", "may be followed by"),
        (
            (
                f"`{state}`",
                "yes" if rule.writes else "no",
                ", ".join(each.value for each in Activity if each in rule.network) or "nothing",
                ", ".join(f"`{each}`" for each in TABLE if each in rule.leads_to),
            )
            for state, rule in TABLE.items()
        ),
    )


def statuses() -> str:
    """What a client does after each unsigned status, and the signed ones."""
    signed: dict[int, list[str]] = {}
    for code, status in STATUSES.items():
        signed.setdefault(int(status), []).append(f"`{code}`")
    rows = [
        (str(status), HTTPStatus(status).phrase, "signed `Ack`, " + ", ".join(codes), "see rules")
        for status, codes in sorted(signed.items())
        if status != HTTPStatus.INSUFFICIENT_STORAGE
    ]
    rows.append(
        ("422", "Unprocessable Entity", "signed `Ack`, the code of entry `failed`", _blocked(422))
    )
    rows += [
        (str(status), HTTPStatus(status).phrase, "code as JSON", _blocked(status))
        for status in TRIED
    ]
    return table(("status", "name", "body", "the client"), sorted(rows))


def _blocked(status: int) -> str:
    """What `refused` makes of a status in the middle of an upload of eight entries."""
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return "keeps the entries before it as sent, alarms people, asks again in an hour"
    before = Standing(stop=None, written=8, compared=True, activity=Activity.UPLOAD, limit=8)
    after = refused(before, Refused(status, sent=8), Instant(0, 2**31)).standing
    if after.blocked is not None:
        minutes = ((after.blocked.until or 0) + MINUTE_MS - 1) // MINUTE_MS
        when = (
            f"again in {minutes} min" if after.blocked.until is not None else "waits for an upgrade"
        )
        return f"alarm `{after.blocked.code}`, {when}"
    if after.limit < before.limit:
        return "halves the batch, sends at once"
    slower = ", doubles the gap between batches" if after.gap_ms > before.gap_ms else ""
    alarm = ", alarm `quota`" if status == HTTPStatus.INSUFFICIENT_STORAGE else ""
    return f"same bytes after a delay with jitter{slower}{alarm}"


def limits() -> str:
    """Every size a receiver enforces."""
    rows = (
        ("entry with its payload, as a frame", f"{canon.EVENT_LIMITS.size:,} bytes"),
        ("file or other document", f"{canon.FILE_LIMITS.size:,} bytes"),
        ("levels of nesting", str(canon.EVENT_LIMITS.depth)),
        ("keys in a map", str(canon.EVENT_LIMITS.map_keys)),
        ("items in an array", f"{canon.EVENT_LIMITS.items:,}"),
        (
            "values, and arrays and maps, in an event, a payload or a part of one",
            f"{canon.EVENT_LIMITS.values:,}, and {canon.EVENT_LIMITS.containers:,}",
        ),
        ("arrays and maps in a file", f"{canon.FILE_LIMITS.containers:,}"),
        ("integers", f"{canon.INTEGER_MAX:,}, either sign"),
        ("signatures of a document", str(document.SIGNATURES_AT_MOST)),
        ("cosignatures of an entry", str(event.COSIGNATURES_AT_MOST)),
        ("batch on the wire", f"{batch.WIRE_BYTES:,} bytes"),
        ("batch unpacked", f"{batch.RAW_BYTES:,} bytes, {batch.RAW_LIMITS.depth} levels"),
        ("entries in a batch", str(batch.EVENTS_AT_MOST)),
        ("window of zstd", f"{batch.WINDOW_BYTES:,} bytes"),
        ("reference file", f"{reference.FILE_BYTES:,} bytes"),
        ("file on a stick", f"{usb.FILE_BYTES:,} bytes"),
        ("batches in a parcel", f"{usb.BATCHES_AT_MOST}, {usb.PARCEL_BYTES:,} bytes"),
        ("content of a stick's file, unpacked", f"{usb.CONTENT_BYTES:,} bytes"),
        ("`HeadStatement`, as a document", f"{statement.STATEMENT_BYTES:,} bytes"),
        ("`Errand`, `Incident`", f"{ERRAND_BYTES:,} and {INCIDENT_BYTES:,} bytes"),
        (
            "`EnrolmentForm`, `Grant`",
            f"{enrolment.FORM_BYTES:,} and {enrolment.GRANT_BYTES:,} bytes",
        ),
        (
            "certificates shown at once",
            f"{CERTIFICATES_AT_ONCE}, {certificates.BODY_BYTES:,} bytes",
        ),
        ("entries of a machine a day", f"{QUOTA.day_events:,}, {QUOTA.day_bytes:,} bytes"),
        ("entries of a machine a season", f"{QUOTA.season_bytes:,} bytes"),
        ("evidence of a machine", f"{QUOTA.evidence_bytes:,} bytes"),
        (
            "time of a processor for a machine's uploads",
            f"{QUOTA.processor_burst_s:g} s, and {QUOTA.processor_s_a_minute:g} s a minute",
        ),
    )
    return table(("what", "at most"), rows)


def policy() -> str:
    """The client's times."""
    words = {
        "retry_first_ms": "first delay after a failure, doubled each time, with full jitter",
        "retry_cap_ms": "longest delay",
        "beacon_ms": "between beacons; nil: what the server asks for",
        "commit_ms": "a beacon is written into the log this often when idle",
        "offline_ms": "without a beacon: `offline`",
        "stale_ms": "without a beacon: `stale`",
        "blocked_ms": "until what was refused is tried again",
        "last_call_ms": "before D a beacon is fetched and written",
        "batch": "entries in one upload",
        "batch_growth": "entries more after a success",
        "alarm_after": "failures in a row until people are told",
    }
    rows = []
    for field in fields(Policy):
        value = getattr(Policy(), field.name)
        rows.append((f"`{field.name}`", _duration(field.name, value), words[field.name]))
    return table(("name", "value", "what"), rows)


def _duration(name: str, value: int | None) -> str:
    if value is None:
        return "nil"
    if not name.endswith("_ms"):
        return str(value)
    for unit, word in ((DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "min"), (1000, "s")):
        if value % unit == 0:
            return f"{value // unit} {word}"
    return f"{value} ms"


def deliveries() -> str:
    """How far an entry has come."""
    return table(
        ("state", "people read", "when"),
        zip(
            (f"`{each}`" for each in Delivery),
            ("已存本機", "傳送中", "已送達", "已備援", "需處理"),
            (
                "in the same transaction as the entry",
                "in the batch under way",
                "`through` of a signed answer has reached it",
                "`durable_through` has reached it",
                "the verdict is 2, or a 422 named it",
            ),
            strict=True,
        ),
    )


def facts() -> str:
    """What an incident may say."""
    return table(
        ("name", "value"),
        ((f"`{name}`", _pattern(value.pattern)) for name, value in FACTS.items()),
    )


def _pattern(text: str) -> str:
    if re.fullmatch(r"[a-z_|]+", text):
        return ", ".join(f"`{each}`" for each in text.split("|"))
    return f"like `{text}`".replace("|", "\\|")


def verdicts() -> str:
    """What the server holds of a stored entry."""
    words = {
        Verdict.STORED: "stored; nothing to judge",
        Verdict.VALID: "stored, valid so far",
        Verdict.REJECTED: "stored, rejected; `inbox.verdict` tells the machine why",
        Verdict.REVIEW: "stored; waits for something, or people look at it",
    }
    return table(("verdict", "means"), ((str(each.value), words[each]) for each in Verdict))


def rejections() -> str:
    """Why an entry is rejected."""
    words = {
        Rejection.PAYLOAD_SHAPE: "the payload has another shape",
        Rejection.PART_HASH: "the parts of an application do not have the hashes its entry gives",
        Rejection.ROLE: "an application that no teacher, a registration or decision that no "
        "officer made by `who`",
        Rejection.SCOPE: "a registration or decision for a school that is not the officer's or not "
        "the kiosk's",
        Rejection.COSIGNATURE: "a decision without its officer's cosignature",
        Rejection.DECISION_DIFFERS: "a decision that says something else than its payload, or than "
        "the version it names",
        Rejection.OFFICER_REVOKED: "certainly made after its officer was revoked",
        Rejection.REPLAY: "what a `replay` carries is not the entry of this machine that it names",
        Rejection.RULED_OUT: "a decision in doubt that two officers of the centre did not accept",
    }
    return table(("code", "rejected is"), ((f"`{each.value}`", words[each]) for each in Rejection))


def classes() -> str:
    """The classes of the deadline."""
    return table(
        ("class", "condition", "decision"),
        ((each.value, CLASSES[each], DECIDES[each]) for each in Timeliness),
    )


def types() -> str:
    """The registry of signature types."""
    return table(
        ("type", "over", "signed by"), ((f"`{each.value}`", *TYPES[each]) for each in SignatureType)
    )


PARTS: Mapping[str, Callable[[], str]] = {
    "limits": limits,
    "types": types,
    "kinds": kinds,
    "facts": facts,
    "verdicts": verdicts,
    "rejections": rejections,
    "statuses": statuses,
    "states": states,
    "deliveries": deliveries,
    "policy": policy,
    "classes": classes,
    **{group: lambda group=group: messages(group) for group in MESSAGES},
}


def written(text: str) -> str:
    """The document with every table as the code has it now."""
    for name, made in PARTS.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        block = f"{begin}\n\n{made()}\n\n{end}"
        text = pattern.sub(lambda _, block=block: block, text)
    return text


if __name__ == "__main__":
    FILE.write_text(written(FILE.read_text("utf-8")), encoding="utf-8")
