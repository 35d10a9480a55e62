import copy
import json
import os
import pickle
import sys
import traceback
from uuid import UUID

import pytest

from customer_registry import Keyring, KeyUnavailable, MissingExtra
from customer_registry.sealing.key_file import new_key_file


@pytest.fixture
def keyring():
    return Keyring.generate()


def test_a_saved_keyring_is_for_its_owner_alone_and_comes_back(keyring, tmp_path):
    path = tmp_path / "keys.json"
    keyring.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Keyring.load(path) == keyring


@pytest.mark.parametrize("write", [lambda path: Keyring.generate().save(path), new_key_file])
def test_keys_are_on_the_disk_before_anybody_goes_on(write, tmp_path, monkeypatch):
    sizes, sync = [], os.fsync

    def spying(file):
        sizes.append(os.fstat(file).st_size)
        sync(file)

    monkeypatch.setattr(os, "fsync", spying)
    write(tmp_path / "keys")
    assert sizes == [(tmp_path / "keys").stat().st_size]


def test_a_keyring_is_never_written_over_another(keyring, tmp_path):
    path = tmp_path / "keys.json"
    keyring.save(path)
    with pytest.raises(FileExistsError):
        Keyring.generate().save(path)
    assert Keyring.load(path) == keyring


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o601, 0o644, 0o660])
def test_a_keyring_that_others_may_read_or_write_is_refused(keyring, tmp_path, mode):
    path = tmp_path / "keys.json"
    keyring.save(path)
    path.chmod(mode)
    with pytest.raises(KeyUnavailable, match="chmod 600"):
        Keyring.load(path)


def test_a_keyring_that_is_not_there_is_unavailable(tmp_path, monkeypatch):
    monkeypatch.delenv("CUSTOMER_KEYS", raising=False)
    with pytest.raises(KeyUnavailable):
        Keyring.load(tmp_path / "keys.json")
    with pytest.raises(KeyUnavailable, match="CUSTOMER_KEYS holds no keyring"):
        Keyring.from_environment("CUSTOMER_KEYS")


def test_a_keyring_comes_from_the_environment(keyring, monkeypatch):
    monkeypatch.setenv("CUSTOMER_KEYS", keyring.text())
    assert Keyring.from_environment("CUSTOMER_KEYS") == keyring


def test_a_keyring_comes_from_a_key_management_service(keyring):
    assert Keyring.from_provider(lambda: keyring.text().encode()) == keyring


def test_a_service_that_fails_gives_no_keyring():
    def away():
        raise ConnectionError("kms.example")

    with pytest.raises(KeyUnavailable, match="gave none") as raised:
        Keyring.from_provider(away)
    assert isinstance(raised.value.__cause__, ConnectionError)


def _bent(change):
    kept = json.loads(Keyring.generate().text())
    change(kept)
    return json.dumps(kept)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        _bent(lambda kept: kept.update(format="another")),
        _bent(lambda kept: kept.update(index=[])),
        _bent(lambda kept: kept.pop("journal")),
        _bent(lambda kept: kept["sealing"][0].update(key="c2hvcnQ=")),
        _bent(lambda kept: kept["sealing"][0].update(key="*" + kept["sealing"][0]["key"])),
        _bent(lambda kept: kept["sealing"][0].update(id="no id")),
        _bent(lambda kept: kept["sealing"].append(kept["sealing"][0])),
    ],
)
def test_what_is_no_keyring_is_refused_without_a_word_of_it(text):
    with pytest.raises(KeyUnavailable) as raised:
        Keyring.from_provider(lambda: text)
    assert str(raised.value) == "the provider: this is no keyring"
    assert raised.value.__cause__ is None


def test_no_key_shows_when_a_keyring_is_shown(keyring):
    secrets = [
        each["key"]
        for keys in json.loads(keyring.text()).values()
        if isinstance(keys, list)
        for each in keys
    ]
    kept = [each.secret for each in (*keyring.sealing, *keyring.index, *keyring.journal)]
    secrets += [spelt for each in kept for spelt in (each.hex(), repr(each))]
    shown = f"{keyring} {keyring!r} {keyring.sealing!r} {keyring.sealer(_ANY)!r}"
    shown += repr(keyring.sealer(_ANY).journal_key())
    assert keyring.sealing[0].id in shown
    assert not [each for each in secrets if each in shown]


_ANY = UUID(int=7)


@pytest.mark.parametrize("travel", [pickle.dumps, copy.copy, copy.deepcopy])
def test_keys_do_not_travel_by_accident(keyring, travel):
    for secret in (keyring, keyring.sealing[0]):
        with pytest.raises(TypeError, match="not pickled"):
            travel(secret)


def test_no_error_holds_what_a_keyring_that_cannot_be_read_says(keyring, tmp_path):
    text = keyring.text().encode() + b"\xff"
    path = tmp_path / "keyring.json"
    path.write_bytes(text)
    path.chmod(0o600)

    def decoding():
        return text.decode()

    for read in (
        lambda: Keyring.load(path),
        lambda: Keyring.from_provider(lambda: text),
        lambda: Keyring.from_provider(decoding),
        lambda: Keyring.from_provider(lambda: keyring.text() + "{"),
    ):
        with pytest.raises(KeyUnavailable, match=r"no keyring|gave none") as raised:
            read()
        assert raised.value.__cause__ is None
        assert "".join(traceback.format_exception(raised.value)).count(str(text)) == 0


def test_new_keys_come_first_and_older_ones_stay(keyring):
    newer = keyring.with_new_sealing_key().with_new_index_key().with_new_journal_key()
    assert newer.sealing[1:] == keyring.sealing
    assert newer.index[1:] == keyring.index
    assert newer.journal[1:] == keyring.journal


def test_old_keys_go_but_those_of_the_journal_stay(keyring):
    newer = keyring.with_new_sealing_key().with_new_index_key().with_new_journal_key()
    left = newer.without_old_keys()
    assert (left.sealing, left.index) == (newer.sealing[:1], newer.index[:1])
    assert left.journal == newer.journal


def test_an_older_journal_key_is_found_by_its_id(keyring):
    newer = keyring.with_new_journal_key().sealer(_ANY)
    assert newer.journal_key(keyring.journal[0].id) == keyring.sealer(_ANY).journal_key()
    assert newer.journal_key().id != keyring.journal[0].id
    with pytest.raises(KeyUnavailable):
        keyring.sealer(_ANY).journal_key("0a0a0a0a")


def test_without_the_extra_it_is_said_what_to_install(keyring, monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.hashes", None)
    with pytest.raises(MissingExtra, match="crypto"):
        keyring.sealer(_ANY).journal_key()
