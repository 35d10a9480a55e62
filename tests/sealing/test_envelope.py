from base64 import urlsafe_b64decode, urlsafe_b64encode
from itertools import permutations
from pathlib import Path
from uuid import UUID, uuid4

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import Keyring, KeyUnavailable, TamperedRecord
from customer_registry.sealing.envelope import cipher, closed, opened_content, subkey
from customer_registry.sealing.sealer import UNSEALED, Cell

NUMBER = "6222021234567890128"
IDENTITY = UUID("7c2b8f14-0a4e-4f0e-9d3c-5b1f2e6a7d80")
CELL = Cell(
    customer_id=UUID("0199c3a0-1111-7000-8000-000000000001"),
    field="bank_accounts.number",
    entry="1-1",
    version=3,
)


@pytest.fixture(scope="module")
def keyring():
    return Keyring.generate()


@pytest.fixture(scope="module")
def sealer(keyring):
    return keyring.sealer(IDENTITY)


@given(st.text())
def test_what_was_sealed_opens_in_its_cell(text):
    sealer = _SEALER
    assert sealer.open(sealer.seal(text, CELL), CELL) == text


_SEALER = Keyring.generate().sealer(IDENTITY)


def _flipped(envelope):
    content = urlsafe_b64decode(envelope + "=" * (-len(envelope) % 4))
    for bit in range(len(content) * 8):
        bent = bytearray(content)
        bent[bit // 8] ^= 1 << bit % 8
        yield urlsafe_b64encode(bytes(bent)).decode().rstrip("=")


def test_an_envelope_with_any_bit_flipped_is_refused(sealer):
    envelope = sealer.seal(NUMBER, CELL)
    accepted = []
    for bent in _flipped(envelope):
        try:
            accepted.append(sealer.open(bent, CELL))
        except (TamperedRecord, KeyUnavailable):
            continue
    assert accepted == []


def test_an_envelope_without_a_tag_would_be_accepted_bent():
    """The control: a cipher that binds nothing is caught by the same flips."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415

    key, nonce = bytes(32), bytes(16)

    def enciphered(content):
        return Cipher(algorithms.AES(key), modes.CTR(nonce)).encryptor().update(content)

    whole = urlsafe_b64encode(enciphered(NUMBER.encode())).decode().rstrip("=")
    texts = [
        enciphered(urlsafe_b64decode(bent + "=" * (-len(bent) % 4))) for bent in _flipped(whole)
    ]
    assert len(texts) == len(NUMBER) * 8
    assert all(text != NUMBER.encode() for text in texts)


@pytest.mark.parametrize("written", ["{}=", "{} ", "\n{}", "{}A", "{}AAAA", "*{}"])
def test_an_envelope_is_written_in_one_way_only(sealer, written):
    with pytest.raises(TamperedRecord):
        sealer.open(written.format(sealer.seal(NUMBER, CELL)), CELL)


def test_an_envelope_cut_anywhere_is_refused(sealer):
    envelope = sealer.seal(NUMBER, CELL)
    for end in range(len(envelope)):
        with pytest.raises((TamperedRecord, KeyUnavailable)):
            sealer.open(envelope[:end], CELL)


_OTHER_CELLS = [
    attrs.evolve(CELL, customer_id=uuid4()),
    attrs.evolve(CELL, field="invoice_profile.account"),
    attrs.evolve(CELL, field="bank_accounts.numbe", entry="r1-1"),
    attrs.evolve(CELL, entry="1-2"),
    attrs.evolve(CELL, entry=""),
    attrs.evolve(CELL, version=4),
    attrs.evolve(CELL, version=2),
]


@pytest.mark.parametrize("other", _OTHER_CELLS, ids=str)
def test_an_envelope_opens_in_no_other_cell(sealer, other):
    with pytest.raises(TamperedRecord):
        sealer.open(sealer.seal(NUMBER, CELL), other)


def test_no_cell_takes_what_another_sealed(sealer):
    cells = [CELL, *_OTHER_CELLS]
    envelopes = {cell: sealer.seal(NUMBER, cell) for cell in cells}
    for here, there in permutations(cells, 2):
        with pytest.raises(TamperedRecord):
            sealer.open(envelopes[there], here)


def test_an_envelope_opens_in_no_other_store(keyring, sealer):
    with pytest.raises(TamperedRecord):
        keyring.sealer(uuid4()).open(sealer.seal(NUMBER, CELL), CELL)


def test_another_keyring_says_that_its_key_is_missing(sealer):
    with pytest.raises(KeyUnavailable):
        Keyring.generate().sealer(IDENTITY).open(sealer.seal(NUMBER, CELL), CELL)


def test_without_keys_nothing_is_sealed_opened_or_indexed(sealer):
    for act in (
        lambda: UNSEALED.seal(NUMBER, CELL),
        lambda: UNSEALED.open(sealer.seal(NUMBER, CELL), CELL),
        lambda: UNSEALED.indices("phone", NUMBER),
        lambda: UNSEALED.proof("sealed"),
        lambda: UNSEALED.newest,
        lambda: UNSEALED.journal_key("0a0a0a0a"),
    ):
        with pytest.raises(KeyUnavailable):
            act()


def test_the_same_number_never_looks_the_same(sealer):
    envelopes = {sealer.seal(NUMBER, CELL) for _ in range(20_000)}
    assert len(envelopes) == 20_000


def test_lengths_are_told_in_steps_of_sixteen_only(sealer):
    lengths = [len(sealer.seal("6" * digits, CELL)) for digits in (1, 15, 16, 18, 19, 31, 32)]
    assert lengths[0] == lengths[1] < lengths[2] == lengths[3] == lengths[4] == lengths[5]
    assert lengths[6] > lengths[5]


def test_an_index_is_another_for_each_store_field_and_key(keyring, sealer):
    one = sealer.indices("identity_document", NUMBER)
    assert one == keyring.sealer(IDENTITY).indices("identity_document", NUMBER)
    assert one != sealer.indices("tax_identifier", NUMBER)
    assert one != keyring.sealer(uuid4()).indices("identity_document", NUMBER)
    newer = keyring.with_new_index_key().sealer(IDENTITY).indices("identity_document", NUMBER)
    assert newer[1:] == one
    assert newer[0] != one[0]


def test_subkeys_are_told_apart_whatever_their_parts_spell():
    assert subkey(bytes(32), b"a", b"bc") != subkey(bytes(32), b"ab", b"c")


def _vectors():
    lines = Path(__file__).with_name("nist_gcm_256.txt").read_text("utf-8").splitlines()
    for line in lines:
        if not line.startswith("#"):
            verdict, *parts = line.split(" ")
            yield verdict, *(b"" if part == "-" else bytes.fromhex(part) for part in parts)


def test_the_published_vectors_of_nist_hold_on_our_own_path():
    told = {"sound": 0, "refused": 0}
    for verdict, key, nonce, plain, bound, sealed in _vectors():
        told[verdict] += 1
        ours = cipher(key)
        if verdict == "refused":
            with pytest.raises(ValueError, match="tag"):
                opened_content(ours, nonce + sealed, bound)
        else:
            assert closed(ours, nonce, plain, bound) == nonce + sealed
            assert opened_content(ours, nonce + sealed, bound) == plain
    assert min(told.values()) >= 30
