"""What was sealed once opens for good: each format against bytes that were written with it."""

import io
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from customer_registry import Keyring
from customer_registry.repository import StoredReceipt, WaitingEdit
from customer_registry.sealing.sealer import Cell
from customer_registry.sealing.stream import read_chunks, read_header, write_stream
from customer_registry.storage.confided import edit_opened, receipt_opened
from customer_registry.storage.record import Records
from customer_registry.storage.standing import founded

NUMBER = "6222021234567890128"
CELL = Cell(
    customer_id=UUID("0199c3a0-1111-7000-8000-000000000001"),
    field="bank_accounts.number",
    entry="1-1",
    version=3,
)
ENVELOPE = (
    "AQgwMDAwMDAwYQABAgMEBQYHCAkKC0gv2ITHInzA5cODigcuXzMFUp8OLosc7AO0a1KsJ0aFnj4RdUUy-Gtq9eoua4Naiw"
)
AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
EDIT = (
    "AQgwMDAwMDAwYQABAgMEBQYHCAkKC4ArpEpqlqb38tXV8ghSPapX8DA7FjUvgv5y0Q64azDW6I5UnvvyKZGWI_2RbtZw5g"
)
SALT = (
    b"AQgwMDAwMDAwYQABAgMEBQYHCAkKC5Zy-mNOssSxQ6_txkrNnENpvlO6KgYpL7viLsU94Sl5-z5LHBcjD-lrnu-fLTdc"
    b"mUod6SaGp8vOe15CF9hsF_8"
)
CHAINED = (
    b"customer_registry\x00stream\x001\x00\x00\x00P"
    b'{"facts": {"of": "C000001"}, "stream": {"chunk": 4, "format": "sha256-chain-1"}}'
    b"one\xe4\xa4\xa7\xa0\xf3\xf9\xb1t\xcee\xbf\x1a\x06]T\xde\xf8>\xdf0\x14\x8f3r\xf6\x96\x14\x14"
    b"\x1c\x99\x86!)\xba\x8c\x06'ZZK7\xabr\x18\xcfo\xfa\xf6$\xacpc\x10\xcd/\x83\xa3\x0e\xa8V\x86"
    b"\xcf\x1aE\x99H\xe1"
)
SEALED = (
    b"customer_registry\x00stream\x001\x00\x00\x01\x14"
    b'{"facts": {"of": "C000001"}, "stream": {"chunk": 4, "format": "aes-256-gcm-stream-1", '
    b'"key": "65494d12215ad23d", "prefix": "00010203040506", "wrapped": '
    b'"000102030405060708090a0bd9f9926202818637b68226f08ab91e138e102bcf901819fd8b02f0552cbbcd84'
    b'36b106144db802d15881e6ba5ebf5931"}}'
    b"E\x1cs\xcf>\x8e\\\xf8lQ\xa9\x9bGt@]B\\\x84\xdf\x98d\r\xd87\x15zY\x81\xef\xfcDXwn\x9b\xba\xa0"
)


def keyring():
    def key(begins):
        return b64encode(bytes(range(begins, begins + 32))).decode()

    written = {
        "format": "customer_registry keyring 1",
        "sealing": [{"id": "0000000a", "key": key(0)}],
        "index": [{"id": "0000000b", "key": key(32)}],
        "journal": [{"id": "0000000c", "key": key(64)}],
    }
    return Keyring.from_provider(lambda: json.dumps(written))


@pytest.fixture
def sealer():
    return keyring().sealer(UUID("7c2b8f14-0a4e-4f0e-9d3c-5b1f2e6a7d80"))


def test_a_keyring_is_written_as_ever():
    text = keyring().text()
    assert text.endswith("\n}\n")
    assert json.dumps(json.loads(text), indent=1) + "\n" == text
    assert [*json.loads(text)] == ["format", "sealing", "index", "journal"]


def test_an_envelope_opens(sealer):
    assert sealer.open(ENVELOPE, CELL) == NUMBER


def test_a_number_is_found_by_its_index(sealer):
    found = ("0000000b.d60bb0c078bdfaa6dc04513a16dfcd88",)
    assert sealer.indices("bank_accounts.number", NUMBER) == found


def test_the_word_of_a_store_is_proven(sealer):
    assert sealer.proof("sealed a b 1 0") == "953dff19abdf38474584020c21289939"


def test_a_journal_goes_on_under_its_key(sealer):
    key = sealer.journal_key()
    assert key.id == "0000000c"
    assert key.key.hex() == "96ffb96645db3255a2e380e7c6f66db1606e69b3420a00c805a824583abab9ad"


def test_what_waits_in_a_store_opens(sealer):
    said = "sealed 0000000a 0000000b 1 0 a3534a149cab5fd59becd4c6da61c583"
    assert founded(sealer) == said
    records = Records.of(sealer, said)
    about = {"customer_id": UUID(int=4), "version": 2, "actor": "li.lei", "at": AT}
    edit = WaitingEdit(
        id=UUID(int=3), until=AT + timedelta(days=1), fields={"sealed": EDIT}, **about
    )
    assert edit_opened(edit, records).fields == {"notes": "喜欢龙井茶"}
    receipt = StoredReceipt(key="form-1", salt=b"sealed:" + SALT, digest=bytes(32), **about)
    assert receipt_opened(receipt, records).salt == b"0123456789abcdef"


@pytest.mark.parametrize(
    ("key", "written"), [(bytes(range(32)), SEALED), (None, CHAINED)], ids=["sealed", "chained"]
)
def test_a_stream_is_read_and_written_alike(key, written):
    source = io.BytesIO(written)
    header = read_header(source)
    assert header.facts == {"of": "C000001"}
    assert b"".join(read_chunks(source, header, key=key)) == "one二".encode()
    again = io.BytesIO()
    write_stream(
        again,
        header.facts,
        [b"one", "二".encode()],
        key=key,
        chunk=4,
        chance=lambda length: bytes(range(length)),
    )
    assert again.getvalue() == written
