#!/usr/bin/env python3
"""Check a receipt of the teachers' transfer (教師介聘) off line, without any of our programs.

    python3 verify_receipt.py KEYS.json RECEIPT [PROOF.json]

KEYS.json are the published keys (/verify/keys.json of the server, or as printed by the ministry);
RECEIPT is the text of the QR code. PROOF.json (from the verification page) shows in addition that
the entry is in the log under a signed checkpoint. Exit code 0: everything holds; 1: it does not.
Needs Python 3.9 or later and the package `cryptography`; opens no connection. What the bytes mean:
docs/vectors/README.md.
"""

# ruff: noqa: ANN001, ANN201, B905, D103, PLR2004, PTH123, T201

import datetime
import hashlib
import json
import struct
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
TAIPEI = datetime.timezone(datetime.timedelta(hours=8))
BODIES = {1: struct.Struct(">B8sII16sI8s"), 2: struct.Struct(">B8sII16sI8sIB")}
SIZES = {109, 114}


def from_base32(text):
    number = 0
    for letter in text:
        number = number * 32 + BASE32.index(letter)
    length, filled = divmod(len(text) * 5, 8)
    if number & ((1 << filled) - 1):
        raise ValueError("bits left over")
    return (number >> filled).to_bytes(length, "big")


def from_base45(text):
    out = b""
    for start in range(0, len(text), 3):
        group = text[start : start + 3]
        number = sum(BASE45.index(letter) * 45**place for place, letter in enumerate(group))
        out += number.to_bytes(len(group) - 1, "big")
    return out


def receipt_bytes(text):
    text = text.strip().upper().rpartition("/V/")[2]
    for read in (from_base32, from_base45):
        try:
            if len(data := read(text)) in SIZES:
                return data
        except (ValueError, OverflowError):
            continue
    raise SystemExit("這不是收據的文字。")


def is_signed(key, kind, body, signature):
    signed = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(body), body)
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def root_of_path(event, index, size, path):
    node = hashlib.sha256(b"\0" + event).digest()
    last = size - 1
    for each in path:
        if index % 2 or index == last:
            node = hashlib.sha256(b"\1" + each + node).digest()
            while index and not index % 2:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + each).digest()
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


def unpack(data, at=0):
    """One MessagePack value of the kinds a checkpoint has, and where the next one begins."""
    tag, at = data[at], at + 1
    if tag < 0x80:
        return tag, at
    if tag == 0xC0:
        return None, at
    if 0xCC <= tag <= 0xCF:
        size = 1 << (tag - 0xCC)
        return int.from_bytes(data[at : at + size], "big"), at + size
    if tag in (0xC4, 0xC5, 0xD9, 0xDA):
        width = 1 if tag in (0xC4, 0xD9) else 2
        size, at = int.from_bytes(data[at : at + width], "big"), at + width
    elif 0xA0 <= tag < 0xC0:
        size = tag & 31
    elif 0x80 <= tag < 0xA0:
        items = []
        for _ in range((tag & 15) * (1 if tag >= 0x90 else 2)):
            item, at = unpack(data, at)
            items.append(item)
        return (items if tag >= 0x90 else dict(zip(items[::2], items[1::2]))), at
    else:
        raise ValueError("not a checkpoint")
    piece = data[at : at + size]
    return (piece if tag in (0xC4, 0xC5) else piece.decode()), at + size


def leaf_of(proof, whole):
    """What stands in the tree: the entry, or the ``replay`` entry that carries and names it."""
    if "carrier" not in proof:
        return whole
    carrier = bytes.fromhex(proof["carrier"])
    try:
        says, _ = unpack(carrier)
        named = says["kind"] == "replay" and says["body"]["hash"] == whole
    except (KeyError, IndexError, TypeError, ValueError):
        named = False
    kind = b"tt/event/1"
    signed = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(carrier), carrier)
    return hashlib.sha256(signed).digest() if named else None


def check_proof(proof, keys, event, log_index):
    whole = bytes.fromhex(proof["event"])
    leaf = leaf_of(proof, whole)
    (body, signatures), _ = unpack(bytes.fromhex(proof["checkpoint"]))
    checkpoint, _ = unpack(body)
    path = [bytes.fromhex(each) for each in proof["path"]]
    root = leaf and root_of_path(leaf, proof["log_index"] - 1, checkpoint["size"], path)
    if not any(
        is_signed(key, b"tt/checkpoint/1", body, signature)
        for key in keys["receipt"]
        for _, signature in signatures
    ):
        return "檢查點的簽章不符。"
    if not whole.startswith(event):
        return "證明檔是另一筆資料的。"
    if root != checkpoint["root"]:
        return "證明路徑到不了檢查點的根雜湊。"
    when = datetime.datetime.fromtimestamp(checkpoint["t"] // 1000, TAIPEI)
    print(f"已在 {when:%Y-%m-%d %H:%M} 的檢查點之內，總序號 {proof['log_index']}。")
    if log_index not in (None, proof["log_index"]):
        print(f"收據上的總序號是 {log_index}：伺服器由備份回復後會重新編排，同一筆資料仍在紀錄中。")
    return None


def main(arguments):
    if len(arguments) not in (2, 3):
        raise SystemExit(__doc__)
    with open(arguments[0], encoding="utf-8") as file:
        keys = json.load(file)
    data = receipt_bytes(arguments[1])
    body, signature = data[:-64], data[-64:]
    if body[0] not in BODIES or BODIES[body[0]].size != len(body):
        raise SystemExit("收據的版本不認得。")
    _, device, inc, seq, event, minute, key_id, *rest = BODIES[body[0]].unpack(body)
    known = (
        keys["receipt"]
        if rest
        else [
            each["key"]
            for each in keys["devices"]
            if (each["device"], each["inc"]) == (device.hex(), inc)
        ]
    )
    named = [key for key in known if hashlib.sha256(bytes.fromhex(key)).digest()[:8] == key_id]
    if not any(is_signed(key, b"tt/receipt/1", body, signature) for key in named):
        raise SystemExit("不符：簽章不是公開金鑰所簽。")
    log_index = rest[0] + (rest[1] << 32) if rest else None
    number = int.from_bytes(event[:5], "big")
    code = "".join(BASE32[number >> shift & 31] for shift in range(35, -1, -5))
    when = datetime.datetime.fromtimestamp(minute * 60, TAIPEI)
    print("已送達" if rest else "已存於服務站（是否送達請上網查詢）")
    print(f"檢查碼 {code[:4]}-{code[4:]}，服務站 {device.hex()} 第 {seq} 筆，{when:%Y-%m-%d %H:%M}")
    if log_index is not None:
        print(f"總序號 {log_index}")
    if len(arguments) > 2:
        with open(arguments[2], encoding="utf-8") as file:
            fault = check_proof(json.load(file), keys, event, log_index)
        if fault:
            raise SystemExit("不符：" + fault)


if __name__ == "__main__":
    main(sys.argv[1:])
