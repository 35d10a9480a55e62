"""The keys of a company: with them fields are sealed, values indexed blindly, journals chained."""

import json
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self
from uuid import UUID

import attrs

from customer_registry.domain.errors import KeyUnavailable

if TYPE_CHECKING:
    from customer_registry.sealing.keyed import KeyedSealer

__all__ = ["Key", "Keyring"]

_FORMAT = "customer_registry keyring 1"
_PURPOSES = ("sealing", "index", "journal")
_LENGTH = 32
_ID = re.compile("[0-9a-f]{8}")


@attrs.frozen
class Key:
    """One key of 32 bytes, and the id that sealed values and journal entries name it by."""

    id: str
    secret: bytes = attrs.field(repr=False)

    def __reduce__(self) -> NoReturn:
        _refuse_to_travel()


@attrs.frozen(repr=False)
class Keyring:
    """Keys for sealing, for indices and for the journal, the newest of each first.

    Older ones still open what they sealed. Keep the keyring apart from the store and its backups:
    whoever has both reads everything, and who loses it never reads the sealed fields again.

    >>> keyring = Keyring.generate()
    >>> Keyring.from_provider(keyring.text) == keyring
    True
    """

    sealing: tuple[Key, ...]
    index: tuple[Key, ...]
    journal: tuple[Key, ...]

    @classmethod
    def generate(cls) -> Self:
        """Return new keys by chance."""
        return cls(*((_new_key(),) for _ in _PURPOSES))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Return the keys of a file that nobody but its owner may read; else KeyUnavailable."""
        try:
            _refuse_shared(Path(path))
            text = Path(path).read_bytes()
        except (OSError, ValueError) as error:
            raise KeyUnavailable(f"{path}: no keyring can be read there") from error
        return cls._read(text, str(path))

    @classmethod
    def from_environment(cls, name: str) -> Self:
        """Return the keys that an environment variable holds as `text` gives them.

        Raises KeyUnavailable.
        """
        text = os.environ.get(name)
        if not text:
            raise KeyUnavailable(f"the environment variable {name} holds no keyring")
        return cls._read(text, name)

    @classmethod
    def from_provider(cls, provider: Callable[[], str | bytes]) -> Self:
        """Return the keys that a callable gives as text: a key management service unwraps them.

        Raises KeyUnavailable, also where the callable fails.
        """
        try:
            text = provider()
        except UnicodeError:  # it holds the text
            raise KeyUnavailable("the provider of the keyring gave none") from None
        except Exception as error:
            raise KeyUnavailable("the provider of the keyring gave none") from error
        return cls._read(text, "the provider")

    def save(self, path: str | Path) -> None:
        """Write the keys to a new file for its owner alone; FileExistsError where one stands."""
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            stream.write(self.text())
            stream.flush()
            os.fsync(stream.fileno())

    def text(self) -> str:
        """Return the keys as text, the secret itself: for a file, a variable or a safe."""
        kept = {
            purpose: [
                {"id": key.id, "key": b64encode(key.secret).decode("ascii")}
                for key in getattr(self, purpose)
            ]
            for purpose in _PURPOSES
        }
        return json.dumps({"format": _FORMAT, **kept}, indent=1) + "\n"

    def with_new_sealing_key(self) -> Self:
        """Return a keyring with a new sealing key, which `operations.rotate` goes over to."""
        return attrs.evolve(self, sealing=(_new_key(), *self.sealing))

    def with_new_index_key(self) -> Self:
        """Return a keyring with a new index key, which `operations.rotate` goes over to."""
        return attrs.evolve(self, index=(_new_key(), *self.index))

    def with_new_journal_key(self) -> Self:
        """Return a keyring with a new journal key; entries are chained with it from then on."""
        return attrs.evolve(self, journal=(_new_key(), *self.journal))

    def without_old_keys(self) -> Self:
        """Return the newest sealing and index key alone, once a rotation has ended.

        Journal keys all stay: the entries chained with them are there for good.
        """
        return attrs.evolve(self, sealing=self.sealing[:1], index=self.index[:1])

    def sealer(self, identity: UUID) -> "KeyedSealer":
        """Return what a store with this identity seals with; raises MissingExtra."""
        from customer_registry.sealing.keyed import (  # noqa: PLC0415  it needs an extra
            KeyedSealer,
        )

        return KeyedSealer(self, identity)

    @classmethod
    def _read(cls, text: str | bytes, where: str) -> Self:
        """Return the keys of a text; nothing of it is told in an error."""
        try:
            written = json.loads(text)
            keys = [tuple(map(_read_key, written[purpose])) for purpose in _PURPOSES]
            sound = written["format"] == _FORMAT and all(map(_are_apart, keys))
        except (ValueError, TypeError, KeyError):
            sound, keys = False, []
        if not sound:
            raise KeyUnavailable(f"{where}: this is no keyring")
        return cls(*keys)

    def __repr__(self) -> str:
        told = (f"{each}={[key.id for key in getattr(self, each)]}" for each in _PURPOSES)
        return f"Keyring({', '.join(told)})"

    def __reduce__(self) -> NoReturn:
        _refuse_to_travel()


def _refuse_to_travel() -> NoReturn:
    raise TypeError("keys are not pickled or copied; load the keyring where it is needed")


def _new_key() -> Key:
    return Key(os.urandom(4).hex(), os.urandom(_LENGTH))


def _read_key(written: Mapping[str, str]) -> Key:
    key = Key(written["id"], b64decode(written["key"], validate=True))
    if not _ID.fullmatch(key.id) or len(key.secret) != _LENGTH:
        raise ValueError("no key")
    return key


def _are_apart(keys: tuple[Key, ...]) -> bool:
    return 0 < len(keys) == len({key.id for key in keys})


def _refuse_shared(path: Path) -> None:
    """Raise KeyUnavailable for a file that others may read or change; Windows has no such mode."""
    if os.name != "nt" and path.stat().st_mode & 0o077:
        raise KeyUnavailable(f"{path}: others may read this keyring; chmod 600 it first")
