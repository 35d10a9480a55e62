"""A customer as a store keeps it: the one place where fields are sealed."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import KeyUnavailable, TamperedRecord
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.masked import Masked, SensitiveText
from customer_registry.repository import Key, keys_of
from customer_registry.sealing.sealer import UNSEALED, Cell, Sealer
from customer_registry.storage.cells import Filled, Place, filled, put, sealed_in, unmasked
from customer_registry.storage.grams import tokens
from customer_registry.storage.standing import Standing
from customer_registry.storage.wire import read_customer, read_name, write_customer

__all__ = [
    "HIDDEN",
    "PLAIN",
    "Record",
    "Records",
    "called",
    "holds_envelopes",
    "opened",
    "owned",
    "recorded",
    "retired",
]


@attrs.frozen
class Record:
    """A customer's document, and beside it what finds it."""

    document: bytes = attrs.field(repr=False)
    keys: frozenset[Key] = attrs.field(repr=False)
    tokens: frozenset[str] = attrs.field(repr=False)


def recorded(customer: Customer) -> Record:
    """Return what a store without keys keeps of a customer; TypeError for one that holds masks."""
    return PLAIN.recorded(customer)


def opened(document: bytes) -> Customer:
    """Return the customer of a stored document, its sealed fields masked."""
    return PLAIN.opened(document)


@attrs.frozen(eq=False)
class Records:
    """How a store writes customers down and reads them: with its keys, as far as it is sealed."""

    _sealer: Sealer = UNSEALED
    standing: Standing | None = None

    @classmethod
    def of(cls, sealer: Sealer, said: str | None) -> "Records":
        """Return how a store does it that says so of itself; raises TamperedRecord."""
        if said is None:
            return cls(sealer)
        standing = Standing.read(said, sealer)
        return cls(sealer.settled(*standing.keys) if standing.is_proven else UNSEALED, standing)

    def recorded(
        self, customer: Customer, stored: bytes | None = None, *, anew: bool = False
    ) -> Record:
        """Return what is kept of a customer, in the place of the document `stored`.

        Envelopes of what did not change stay, unless all is to be sealed `anew` with the settled
        key. Raises TypeError for a mask in the place of what can be read, KeyUnavailable.
        """
        if self.standing is None:
            return Record(write_customer(customer), keys_of(customer), tokens(customer))
        due = tuple(filled(customer))
        kept = {} if stored is None else self._cells(stored)
        _refuse_dropping(kept, due)

        def seal(plain: Any) -> None:  # noqa: ANN401  a document
            for each in due:
                cell = self._sealed(customer, each, kept.get(each.place), anew=anew)
                put(plain, each.way, cell)

        is_masked = any(isinstance(each.value, Masked) for each in due)
        document = write_customer(unmasked(customer) if is_masked else customer, seal)
        return Record(document, self.keys(customer), tokens(customer))

    def opened(self, document: bytes) -> Customer:
        """Return the customer of a stored document; what no key is here for is masked.

        Raises StorageCorrupt, TamperedRecord for what is not as it was sealed, and KeyUnavailable
        where it is under a key that the store does not name: who has its keys sees no masks.
        """
        if not holds_envelopes(document):
            customer = read_customer(document)
            self._refuse_plain(customer, frozenset())
            return customer
        found: set[Place] = set()

        def unseal(plain: Any) -> None:  # noqa: ANN401  a document
            owner = UUID(plain["id"])
            for place, way, envelope in sealed_in(plain):
                put(plain, way, self._unsealed(owner, place, envelope))
                found.add(place)

        customer = read_customer(document, unseal)
        self._refuse_plain(customer, found)
        return customer

    @property
    def seals(self) -> bool:
        """Whether there are keys, and the store is to be sealed with them."""
        return self.standing is not None and self._sealer.seals

    @property
    def seals_all(self) -> bool:
        """Whether nothing sensitive lies plain in the store."""
        return self.standing is not None and self.standing.has_sealed_all

    def cannot_tell(self, customer: Customer) -> bool:
        """Return whether a custom value may have taken the place of an envelope.

        Nothing in the document tells it from one that was never sensitive.
        """
        return self.seals_all and not all(
            isinstance(value, SensitiveText | Masked) for value in customer.custom.values()
        )

    def seal(self, text: str, cell: Cell) -> str:
        """Return a value as an envelope; raises KeyUnavailable."""
        return self._sealer.seal(text, cell)

    def open(self, envelope: str, cell: Cell) -> str:
        """Return what an envelope holds; raises KeyUnavailable, TamperedRecord."""
        return self._sealer.open(envelope, cell)

    def is_current(self, envelope: str) -> bool:
        """Return whether an envelope was sealed with the key settled on."""
        return self._sealer.is_current(envelope)

    def keys(self, customer: Customer) -> frozenset[Key]:
        """Return every exact key that a row of the customer is found by, blind where sensitive."""
        keys = keys_of(customer)
        if self.standing is None:
            return keys
        blind = _sensitive(customer, keys)
        return keys - blind | {self.written(key) for key in blind if self._sealer.seals}

    def written(self, key: Key) -> Key:
        """Return a sensitive key as it is written now; raises KeyUnavailable."""
        return Key(key.field, self._sealer.indices(key.field, key.text)[0])

    def sought(self, key: Key) -> tuple[Key, ...]:
        """Return all that a key may be written as; raises KeyUnavailable.

        A tax number is sensitive at some customers and plain at others. Without keys only the
        plain ones are found.
        """
        if self.standing is None or key.field not in BLIND:
            return (key,)
        may_be_plain = key.field == _TAX or self.standing.phase == "sealing"
        if may_be_plain and not self._sealer.seals:
            return (key,)
        indices = self._sealer.indices(key.field, key.text)
        indices = indices[:1] if self.standing.is_whole else indices
        blind = tuple(Key(key.field, text) for text in indices)
        return (*blind, key) if may_be_plain else blind

    def claimed(self, customer: Customer, claims: Iterable[Key]) -> Mapping[Key, Key]:
        """Return the keys that only this customer may have, each with how it is written."""
        owns = owned(customer, claims)
        if self.standing is None:
            return dict(zip(owns, owns, strict=True))
        blind = _sensitive(customer, owns)
        if not self._sealer.seals:  # they are claimed already
            return {key: key for key in owns if key not in blind}
        return {key: self.written(key) if key in blind else key for key in owns}

    def blinded(self, customer: Customer) -> Mapping[Key, Key]:
        """Return the sensitive keys of a customer, each with how it is written."""
        if self.standing is None:
            return {}
        return {key: self.written(key) for key in _sensitive(customer, keys_of(customer))}

    @property
    def is_settled(self) -> bool:
        """Whether every row goes by the same keys, or by none."""
        return self.standing is None or self.standing.is_whole

    def traces(self, customer: Customer) -> frozenset[Key]:
        """Return everything that rows of the customer may be found by so far."""
        if self.is_settled:
            return self.keys(customer)
        keys = self.keys(customer)
        if not self._sealer.seals:
            return keys
        blind = _sensitive(customer, keys_of(customer))
        return keys.union(*(self.sought(key) for key in blind), blind)

    def due(self, customer: Customer) -> Record:
        """Return what ought to find a customer, without the document."""
        return Record(b"", self.keys(customer), tokens(customer))

    def can_compare(self, field: str) -> bool:
        """Return whether all keys of a field follow from the customers, with the keys at hand."""
        if self.standing is None or field not in BLIND:
            return True
        return self.standing.is_whole and self._sealer.seals

    def _sealed(
        self,
        customer: Customer,
        each: Filled,
        kept: tuple[object, str | Masked] | None,
        *,
        anew: bool,
    ) -> object:
        """Return what is to stand in a cell: the envelope that stands there, or a new one."""
        raw, text = kept or (None, None)
        if isinstance(each.value, Masked):
            if not isinstance(text, Masked):
                raise TypeError("a masked value is never stored")
            return raw
        if text == each.value and self._stays(raw, anew=anew):
            return raw
        field, entry = each.place
        cell = Cell(customer_id=customer.id, field=field, entry=entry, version=customer.version)
        return {"sealed": self._sealer.seal(each.value, cell), "version": customer.version}

    def _stays(self, raw: object, *, anew: bool) -> bool:
        """Return whether what stands in a cell may stay, its value being the same."""
        if not isinstance(raw, Mapping) or "sealed" not in raw:
            return not self._sealer.seals
        return not anew or self._sealer.is_current(str(raw["sealed"]))

    def _unsealed(self, owner: UUID, place: Place, envelope: Mapping[str, Any]) -> str | Masked:
        if self.standing is None and self._sealer.seals:
            raise TamperedRecord("an envelope lies in a store that is not sealed")
        field, entry = place
        cell = Cell(customer_id=owner, field=field, entry=entry, version=envelope["version"])
        try:
            text = self._sealer.open(envelope["sealed"], cell)
        except KeyUnavailable:
            if self._sealer.seals:
                raise
            return HIDDEN
        return SensitiveText(text) if field == "custom" else text

    def _cells(self, document: bytes) -> dict[Place, tuple[Any, str | Masked]]:
        """Return the sensitive cells of a document: as they stand there, and what they hold."""
        raws: dict[Place, object] = {}

        def note(plain: Any) -> None:  # noqa: ANN401  a document
            owner = UUID(plain["id"])
            for place, way, envelope in sealed_in(plain):
                raws[place] = envelope
                put(plain, way, self._unsealed(owner, place, envelope))

        customer = read_customer(document, note)
        return {
            each.place: (raws.get(each.place, each.plain), each.value) for each in filled(customer)
        }

    def _refuse_plain(self, customer: Customer, found: "set[Place] | frozenset[Place]") -> None:
        """Raise TamperedRecord where a sensitive field of a sealed store was put in plainly."""
        if not self.seals_all:
            return
        if any(each.place not in found for each in filled(customer)):
            raise TamperedRecord("a sensitive field is not sealed, and all were")


HIDDEN: Final = Masked("****")
"""What a sealed field shows without its key."""

BLIND: Final = frozenset({"identity_document", "tax_identifier"})
"""The fields of keys that may be sensitive."""

_TAX = "tax_identifier"
_CLAIMED = frozenset({"identity_document.number", "tax_identifiers.number"})
_ENVELOPE = b'{"sealed":"'
# A text of the document that said the same would have its quotation marks escaped.


def holds_envelopes(document: bytes) -> bool:
    """Return whether anything in a document is sealed."""
    try:
        return _ENVELOPE in document
    except TypeError:  # a damaged row may hold anything
        return False


def _refuse_dropping(
    kept: Mapping[Place, tuple[Any, str | Masked]], due: tuple[Filled, ...]
) -> None:
    """Raise KeyUnavailable where a number goes that cannot be read: it is claimed by its index."""
    stays = {each.place for each in due}
    for place, (_, text) in kept.items():
        if isinstance(text, Masked) and place not in stays and place[0] in _CLAIMED:
            raise KeyUnavailable(f"{place[0]} is sealed in this store: give its keyring")


def _sensitive(customer: Customer, keys: Iterable[Key]) -> frozenset[Key]:
    """Return those of a customer's keys that are sensitive."""
    hidden = [each for each in customer.tax_identifiers if customer.hides(each)]
    if len(hidden) == len(customer.tax_identifiers):
        return frozenset([key for key in keys if key.field in BLIND])
    numbers = {Key.of(each) for each in hidden}
    return frozenset([key for key in keys if key.field == "identity_document" or key in numbers])


PLAIN: Final = Records()
"""How a store without keys does it."""


def called(document: bytes) -> tuple[UUID, str]:
    """Return the id and name of a stored document, without reading the rest where it can."""
    return read_name(document)


def owned(customer: Customer, claims: Iterable[Key]) -> tuple[Key, ...]:
    """Return what only this customer may have, its codes first, each once."""
    codes = (Key("code", code.text) for code in (customer.code, *customer.former_codes))
    return tuple(dict.fromkeys([*codes, *claims]))


def retired(code: CustomerCode) -> str:
    """Return what stays of a code that nobody is to have again: its SHA-256 in hexadecimal."""
    from hashlib import sha256  # noqa: PLC0415  seldom asked

    return sha256(code.text.encode()).hexdigest()
