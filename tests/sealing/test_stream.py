"""A stream of sealed chunks is read as it was written, or not at all."""

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import BackupDamaged, MissingExtra, WrongBackupKey
from customer_registry.sealing import stream as streams
from customer_registry.sealing.stream import (
    CHUNK,
    Header,
    key_id,
    read_chunks,
    read_header,
    write_stream,
)

KEY, OTHER = bytes(range(32)), bytes(32)
CONTENT = bytes(range(256)) * 2
SIZE = 100
REFUSED = (BackupDamaged, WrongBackupKey)


def written(content=CONTENT, key=KEY, facts=None, chunk=SIZE):
    made = io.BytesIO()
    write_stream(made, facts or {"of": "test"}, [content], key=key, chunk=chunk)
    return made.getvalue()


def read(stream, key=KEY):
    source = io.BytesIO(stream)
    header = read_header(source)
    return b"".join(read_chunks(source, header, key=key))


def parted(stream, overhead):
    """The header of a stream, and its chunks."""
    source = io.BytesIO(stream)
    header = read_header(source).written
    chunks = stream[len(header) :]
    size = SIZE + overhead
    return header, [chunks[at : at + size] for at in range(0, len(chunks), size)]


KINDS = [pytest.param(KEY, 16, id="sealed"), pytest.param(None, 32, id="plain")]


@given(
    content=st.lists(st.binary(max_size=50), max_size=9),
    chunk=st.integers(1, 40),
    key=st.sampled_from([KEY, None]),
)
def test_what_is_read_is_what_was_written(content, chunk, key):
    made = io.BytesIO()
    write_stream(made, {"n": [1, "二"]}, content, key=key, chunk=chunk)
    made.seek(0)
    header = read_header(made)
    assert header.facts == {"n": [1, "二"]}
    assert b"".join(read_chunks(made, header, key=key)) == b"".join(content)


def test_a_sealed_stream_shows_its_facts_and_nothing_else():
    stream = written(b"\xe7\x8e\x8b\xe8\x8a\xb3 13800138000", facts={"created": "today"})
    assert b"today" in stream
    assert b"13800138000" not in stream
    header = read_header(io.BytesIO(stream))
    assert (header.is_sealed, header.key_id) == (True, key_id(KEY))


def test_the_same_content_never_looks_the_same():
    _, first = parted(written(), 16)
    _, second = parted(written(), 16)
    assert all(one != other for one, other in zip(first, second, strict=True))


@pytest.mark.parametrize(("key", "overhead"), KINDS)
def test_any_bit_that_is_flipped_is_seen(key, overhead):
    stream = written(key=key)
    accepted = []
    for at in range(len(stream)):
        for bit in range(8):
            bent = bytearray(stream)
            bent[at] ^= 1 << bit
            try:
                read(bytes(bent), key)
            except REFUSED:
                continue
            accepted.append((at, bit))
    assert accepted == []


@pytest.mark.parametrize(("key", "overhead"), KINDS)
def test_a_stream_that_is_cut_anywhere_is_refused(key, overhead):
    stream = written(key=key)
    header, chunks = parted(stream, overhead)
    edges = {len(header) + at * (SIZE + overhead) for at in range(len(chunks))}
    for end in {*edges, *range(len(stream))}:
        with pytest.raises(BackupDamaged):
            read(stream[:end], key)


@pytest.mark.parametrize(("key", "overhead"), KINDS)
def test_chunks_that_are_swapped_repeated_left_out_or_added_are_refused(key, overhead):
    header, chunks = parted(written(key=key), overhead)
    assert len(chunks) == 6
    for at in range(len(chunks) - 1):
        swapped = [*chunks[:at], chunks[at + 1], chunks[at], *chunks[at + 2 :]]
        others = ([*chunks[: at + 1], *chunks[at:]], [*chunks[:at], *chunks[at + 1 :]], swapped)
        for bent in (*others, [*chunks, chunks[at]], chunks[: at + 1]):
            with pytest.raises(BackupDamaged):
                read(header + b"".join(bent), key)


@pytest.mark.parametrize(("key", "overhead"), KINDS)
def test_a_chunk_or_a_header_of_another_stream_is_refused(key, overhead):
    header, chunks = parted(written(key=key), overhead)
    other_header, others = parted(written(key=key, facts={"of": "else"}), overhead)
    for at in range(len(chunks)):
        bent = [*chunks[:at], others[at], *chunks[at + 1 :]]
        with pytest.raises(BackupDamaged):
            read(header + b"".join(bent), key)
    with pytest.raises(BackupDamaged):
        read(other_header + b"".join(chunks), key)


def _without_an_end(cipher, number, *, last):
    return cipher._prefix + number.to_bytes(4, "big") + b"\0"


def _without_a_number(cipher, number, *, last):
    return cipher._prefix + bytes(4) + bytes([last])


@pytest.mark.parametrize(
    ("broken", "bend"),
    [
        (_without_an_end, lambda chunks: chunks[:3]),
        (_without_a_number, lambda chunks: [chunks[1], chunks[0], *chunks[2:]]),
    ],
)
def test_the_control_a_nonce_that_says_less_lets_chunks_be_cut_or_moved(broken, bend, monkeypatch):
    monkeypatch.setattr(streams._Sealed, "_nonce", broken)
    header, chunks = parted(written(), 16)
    assert read(header + b"".join(bend(chunks)))


def test_another_key_is_told_from_damage():
    with pytest.raises(WrongBackupKey) as told:
        read(written(), OTHER)
    assert told.value.key_id == key_id(KEY)
    assert KEY.hex() not in str(told.value)


def test_a_sealed_stream_is_not_read_without_a_key():
    with pytest.raises(WrongBackupKey):
        read(written(), None)


def test_a_plain_stream_is_not_taken_for_one_that_a_key_sealed():
    with pytest.raises(WrongBackupKey) as told:
        read(written(key=None), KEY)
    assert told.value.key_id is None


@pytest.mark.parametrize("key", [b"", b"short", bytes(31), bytes(33)])
def test_a_key_has_thirty_two_bytes(key):
    with pytest.raises(ValueError, match="32 bytes"):
        written(key=key)


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"PK\x03\x04",
        b"SQLite format 3\x00" * 9,
        written()[:25],
        written().replace(b'"chunk": 100', b'"chunk": -10'),
        written().replace(b'"chunk": 100', b'"chunk":1e99'),
        written(chunk=1 << 24).replace(b'"chunk": 16777216', b'"chunk": 99999999'),
        written().replace(b"aes-256-gcm-stream-1", b"aes-256-gcm-stream-2"),
        written().replace(b"aes-256-gcm-stream-1", b"sha256-chain-1      "),
    ],
)
def test_what_is_no_stream_of_ours_is_refused(stream):
    with pytest.raises(REFUSED):
        read(stream)


def test_a_header_of_another_shape_is_refused():
    header = read_header(io.BytesIO(written()))
    for stream in ({}, {**header.stream, "wrapped": 3}, {**header.stream, "prefix": "00"}):
        with pytest.raises(REFUSED):
            next(read_chunks(io.BytesIO(b"x" * 99), Header({}, b"", stream), key=KEY))


def test_a_chunk_is_a_mebibyte_and_content_may_be_longer():
    content = os.urandom(CHUNK + 1)
    made = io.BytesIO()
    write_stream(made, {}, [content], key=KEY)
    assert len(parted(made.getvalue(), 16)[0]) + CHUNK + 1 + 2 * 16 == len(made.getvalue())
    assert read(made.getvalue()) == content


def test_without_the_extra_it_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cryptography.hazmat.primitives.hashes", None)
    with pytest.raises(MissingExtra, match="crypto"):
        written()
    assert read(written(key=None), None) == CONTENT


def headed(told: str, magic: bytes = b"customer_registry\x00stream\x001") -> bytes:
    return magic + len(told.encode()).to_bytes(4, "big") + told.encode()


@pytest.mark.parametrize(
    "told",
    ["{}", "[]", '{"facts": [], "stream": {}}', '{"facts": {}, "stream": []}', "{no JSON}"],
)
def test_a_header_that_says_something_else_is_refused(told):
    with pytest.raises(BackupDamaged):
        read_header(io.BytesIO(headed(told)))
    assert read_header(io.BytesIO(headed('{"facts": {}, "stream": {}}'))).facts == {}


def test_a_header_that_is_cut_or_of_another_file_is_refused():
    written = headed('{"facts": {}, "stream": {}}')
    for bent in (written[:-1], headed('{"facts": {}, "stream": {}}', b"another kind of file 123")):
        with pytest.raises(BackupDamaged):
            read_header(io.BytesIO(bent))


def test_a_header_that_claims_to_be_endless_is_not_waited_for():
    class Asked(io.BytesIO):
        most = 0

        def read(self, size=-1):
            self.most = max(self.most, size)
            return super().read(size)

    source = Asked(b"customer_registry\x00stream\x001" + b"\xff" * 100)
    with pytest.raises(BackupDamaged):
        read_header(source)
    assert source.most < 100


@pytest.mark.parametrize("chunk", [0, -1, 1 << 25, "4", None, True])
def test_chunks_of_no_sensible_size_are_refused(chunk):
    written = io.BytesIO()
    write_stream(written, {}, [], key=None, chunk=chunk)
    source = io.BytesIO(written.getvalue())
    with pytest.raises(BackupDamaged):
        list(read_chunks(source, read_header(source), key=None))
