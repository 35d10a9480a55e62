# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of its files: nothing of an erased customer is left in them."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from unittest import SkipTest

from customer_registry.domain.policy import CompanyPolicy
from customer_registry.domain.policy.custody import ApprovalRules
from customer_registry.operations import erase
from customer_registry.registry import CustomerRegistry
from customer_registry.repository import Repository
from customer_registry.testing.promises.expect import told

__all__ = ["TracePromises", "spellings"]

_SHORT = 8
"""Bytes from which on a text is looked for in hexadecimal and base64; shorter ones are chance."""

_FIRST, _SECOND = "𪚥𠔻𫜵", "𬺓𰻝𪛖"
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "name": _FIRST,
        "name after an edit": _SECOND,
        "e-mail": "qzxjvkwb",
        "street": "Xyloquartz",
        "notes": "Vexillum-Quorum",
        "edit that waits": "Zugzwang-Pending",
        "bank account": "6222075533907755",
        "identity number": "ZX90775533QW",
    }
)
"""What is known of the customer, in words that nothing else in a store is like."""


class TracePromises:
    """Erase and scrub, and look into everything that is stored."""

    def test_an_erasure_leaves_no_trace_in_what_is_stored(
        self, repository: Repository, stored_bytes: Callable[[], bytes] | None
    ) -> None:
        if stored_bytes is None:
            raise SkipTest("give a fixture `stored_bytes` to have this looked at")
        registry = CustomerRegistry(repository=repository, policy=_POLICY)
        _known_of(registry)
        told(any(_traces(stored_bytes())), _BLIND)
        erasure = erase(registry, registry.get("C000001"), "at the customer's request")
        told(erasure.scrubbed, "scrub(whole=True) does its work where nobody else reads")
        left = ", ".join(sorted(set(_traces(stored_bytes()))))
        told(not left, f"{_NOTHING}\n  left: {left}")


_BLIND = (
    "stored_bytes gives all that is stored: of a customer who was just saved nothing is in it,"
    " in no spelling; decompress and decrypt what you give"
)
_NOTHING = (
    "after erase and scrub(whole=True) nothing of the customer is left in what is stored:"
    " no page, log, older file, backup copy or tombstone"
)
_POLICY = CompanyPolicy(approval=ApprovalRules(fields=["notes"]))


def spellings(text: str) -> Iterator[tuple[str, bytes]]:
    r"""Yield the ways in which a text may be stored, each with its name.

    >>> [name for name, _ in spellings("𪚥")]
    ['UTF-8', 'UTF-16', 'UTF-16 (big-endian)', 'JSON']
    """
    plain = text.encode()
    yield "UTF-8", plain
    yield "UTF-16", text.encode("utf-16-le")
    yield "UTF-16 (big-endian)", text.encode("utf-16-be")
    if not text.isascii():
        yield "JSON", json.dumps(text)[1:-1].encode()
    if len(plain) >= _SHORT:
        yield "hexadecimal", plain.hex().encode()
        yield "hexadecimal", plain.hex().upper().encode()
        for shift in range(3):  # whole groups of four, wherever the text begins
            coded = base64.b64encode(b"\0" * shift + plain)
            yield "base64", coded[4 if shift else 0 : (shift + len(plain)) // 3 * 4]


def _traces(stored: bytes) -> Iterator[str]:
    """Yield of what there are traces, and how they are spelt."""
    for field, words in _WORDS.items():
        marks = (words,) if words.isascii() else (words, *words)
        for mark in marks:
            yield from (f"{field} in {name}" for name, each in spellings(mark) if each in stored)


def _known_of(registry: CustomerRegistry) -> None:
    """Register a customer, edit him, let an edit wait, and let another's receipt name him."""
    phone = "13907755339"
    customer = registry.register(
        kind="person",
        name=_FIRST,
        phone=phone,
        email=f"{_WORDS['e-mail']}@example.com",
        addresses=[{"country": "GB", "street_address": f"1 {_WORDS['street']} Road"}],
        bank_accounts=[{"bank": "ICBC", "number": _WORDS["bank account"]}],
        identity_document={"type": "passport", "number": _WORDS["identity number"]},
        notes=_WORDS["notes"],
        idempotency_key="first",
    ).customer
    registry.register(kind="person", name="Li Lei", phone=phone, idempotency_key="second")
    registry.update(customer, name=_SECOND)
    registry.update(registry.get(customer.code), notes=_WORDS["edit that waits"])
