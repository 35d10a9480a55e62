"""A clerk who does everything with customers while others do the same, each call noted."""

import time
from collections.abc import Callable
from random import Random
from typing import Any

from customer_registry.domain.codes.pattern import CodePattern
from customer_registry.domain.customer import Customer, StaleVersion
from customer_registry.domain.errors import CustomerNotFound, ValidationFailed
from customer_registry.domain.journal import JournalEntry
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registry import CustomerRegistry
from customer_registry.repository import Receipt, Repository, keys_of
from customer_registry.testing.examples import make_customer, make_raw
from customer_registry.testing.promises.expect import Interrupted, interrupted
from customer_registry.testing.racing.history import Act

__all__ = ["EDITED_TOGETHER", "PARENT", "Clerk", "coveted", "entry_of", "registry_over", "tell"]

EDITED_TOGETHER = 40
"""Turns in which all clerks edit the same customer."""

PARENT = 99
"""The clerk who registers whom everybody edits."""

_WEIGHTS = {
    "register": 25,
    "edit": 20,
    "status": 8,
    "get": 17,
    "find": 12,
    "search": 10,
    "covet": 8,
    "fail": 8,
}
"""What a clerk does, and how often among a hundred or so."""


def registry_over(repository: Repository) -> CustomerRegistry:
    """Return a registry whose codes are gapless, and have one width."""
    return CustomerRegistry(repository=repository, codes=CodePattern("C{number:07}"))


class Clerk:
    """One of several clerks, turn by turn; `me` is his number."""

    def __init__(self, registry: CustomerRegistry, *, me: int, clerks: int, rng: Random) -> None:
        self.registry = registry
        self.me = me
        self.clerks = clerks
        self.rng = rng
        self.registered = 0

    def act(self, turn: int) -> Act:
        """Do something, as chance will have it."""
        (name,) = self.rng.choices([*_WEIGHTS], [*_WEIGHTS.values()])
        act: Callable[[int], Act] = getattr(self, name)
        return act(turn)

    def register(self, _turn: int) -> Act:
        """Register somebody whom nobody else does."""
        me, number = self.me, self.registered
        self.registered += 1
        return tell("register", lambda: self._registered(_raw_of(me, number)), who=f"{me}-{number}")

    def covet(self, turn: int) -> Act:
        """Register somebody whom others may register as well."""
        return self.want(turn // 10)

    def want(self, number: int) -> Act:
        """Try to register whom all want to register, by one tax number."""
        return tell("covet", lambda: self._wanted(coveted(number)), who=f"coveted-{number}")

    def fail(self, turn: int) -> Act:
        """Save a customer under the next number, and fail at the very end."""
        return tell("failed", lambda: self._failed(turn))

    def edit(self, turn: int) -> Act:
        """Read the customer whom all edit, and save him with a mark more."""
        read = self.registry.get(self._hot(turn))
        mark = f"{self.me}.{turn}"
        if self.rng.random() < 0.7:  # noqa: PLR2004  mostly notes, which everybody adds to
            fields, marked = {"notes": f"{read.notes or ''} {mark}".strip()}, "notes"
        else:
            fields, marked = {"sales_region": mark}, "sales_region"
        known = {"code": str(read.code), "base": read.version, "field": marked, "mark": mark}
        return tell("edit", lambda: _saved(self.saved(read, fields)), **known)

    def status(self, turn: int) -> Act:
        """Block the customer whom all edit, or activate him."""
        read = self.registry.get(self._hot(turn))
        wanted = "active" if read.status == "blocked" else "blocked"
        known = {"code": str(read.code), "base": read.version, "field": "status", "mark": wanted}
        return tell("status", lambda: _saved(self.registry.change_status(read, wanted)), **known)

    def get(self, turn: int) -> Act:
        """Read the customer whom all edit, or one who was registered just now."""
        code = self._hot(turn) if self.rng.random() < 0.6 else self._recent()  # noqa: PLR2004  more often where most happens
        return tell("read", lambda: {"version": self._version(code)}, code=code)

    def find(self, turn: int) -> Act:
        """Look for somebody by phone."""
        clerk, number = self._somebody(turn)
        return tell(
            "read",
            lambda: _found(self.registry.find(phone=_phone_of(clerk, number))),
            who=f"{clerk}-{number}",
        )

    def search(self, turn: int) -> Act:
        """Search for somebody by name."""
        clerk, number = self._somebody(turn)
        return tell(
            "read",
            lambda: _found(self.registry.search(_name_of(clerk, number)[1:])),
            who=f"{clerk}-{number}",
        )

    def entered(self, raw: dict[str, object]) -> CustomerCode:
        """Register a raw customer; returns the code that the clerk is told."""
        return self.registry.register(raw).customer.code

    def saved(self, read: Customer, fields: dict[str, Any]) -> Receipt:
        """Save an edit of what was read."""
        return self.registry.update(read, fields)

    def shown(self, code: str) -> Customer:
        """Return the customer with a code."""
        return self.registry.get(code)

    def _registered(self, raw: dict[str, object]) -> dict[str, object]:
        return {"code": str(self.entered(raw)), "version": 1}

    def _wanted(self, raw: dict[str, object]) -> dict[str, object]:
        try:
            return self._registered(raw)
        except ValidationFailed as failed:
            told = [each for each in failed.report.errors if each.code == "tax_id.duplicate"]
            holders = [str(issue.params["code"]) for issue in told]
            reason = [(each.code, each.path, sorted(each.params.items())) for each in failed.report]
            return {"kind": "refused", "code": "".join(holders), "text": repr(reason)}

    def _failed(self, turn: int) -> dict[str, object]:
        customer = make_customer("person", 100_000 + self.me * 10_000 + turn)
        with interrupted(), self.registry.unit("register", writing=True) as work:
            work.numbers.next("customer")
            work.customers.add(customer, keys_of(customer))
            raise Interrupted
        return {}

    def _version(self, code: str) -> int:
        try:
            return self.shown(code).version
        except CustomerNotFound:
            return 0

    def _hot(self, turn: int) -> str:
        return f"C{turn // EDITED_TOGETHER + 1:07}"

    def _recent(self) -> str:
        """Return the code of a customer who was registered just now, or soon will be."""
        (newest,) = self.registry.search(limit=1)
        number = int(newest.code.text[1:]) + self.rng.randint(-3, 1)
        return f"C{max(number, 1):07}"

    def _somebody(self, turn: int) -> tuple[int, int]:
        """Return whom some clerk registers at about this time, or whom all edit."""
        if self.rng.random() < 0.3:  # noqa: PLR2004  whom all edit is looked for as well
            return PARENT, turn // EDITED_TOGETHER
        number = self.registered - self.rng.randint(-2, 4)
        return self.rng.randrange(self.clerks), max(number, 0)


def coveted(number: int) -> dict[str, Any]:
    """Return a customer whom every clerk wants to register, by one tax number."""
    return make_raw(seed=number)


def tell(kind: str, call: Callable[[], dict[str, Any]], **known: Any) -> Act:  # noqa: ANN401  any field of an act
    """Return the act that a call makes, whatever comes of it."""
    known["began"] = time.monotonic_ns()
    known["kind"] = kind
    try:
        known.update(call())
    except StaleVersion as stale:
        version, theirs, overlap = stale.current.version, stale.theirs, stale.overlap
        known.update(kind="stale", version=version, theirs=theirs, overlap=overlap)
    except Exception as error:  # noqa: BLE001  any other error is a finding
        known.update(kind="error", text=f"{kind}: {type(error).__name__} {error}")
    return Act(ended=time.monotonic_ns(), **known)


def _name_of(clerk: int, number: int) -> str:
    """Return the name of whom a clerk registers: two Han that nobody else has."""
    return f"王{chr(0x5000 + clerk * 100 + number // 1000)}{chr(0x7000 + number % 1000)}"


def _phone_of(clerk: int, number: int) -> str:
    return f"138{clerk:02}{number:06}"


def _raw_of(clerk: int, number: int) -> dict[str, object]:
    """Return him as he is typed."""
    name, phone = _name_of(clerk, number), _phone_of(clerk, number)
    return {"kind": "person", "name": name, "phone": phone}


def _saved(receipt: Receipt) -> dict[str, object]:
    return {"version": receipt.version}


def _found(customers: Any) -> dict[str, object]:  # noqa: ANN401  a page or a tuple
    (found,) = customers or (None,)
    return {"code": found.code.text, "version": found.version} if found else {"version": 0}


def entry_of(customer: Customer) -> JournalEntry:
    """Return the entry of an act about a customer, for who writes without a registry."""
    return JournalEntry(
        at=customer.updated_at, actor="system", action="registered", customer_id=customer.id
    )
