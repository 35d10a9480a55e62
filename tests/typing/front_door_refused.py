"""Calls of the front door that type checkers must refuse; nothing here is run.

Each refused line says which complaint it expects: a checker that stops complaining reports an
ignore without use, and the test fails.
"""

from customer_registry import (
    Actor,
    CompanyPolicy,
    Contact,
    Customer,
    CustomerRegistry,
    EmailAddress,
    IdentityDocument,
    Issue,
    Money,
    PhoneNumber,
)


def misspelt(registry: CustomerRegistry, customer: Customer) -> None:
    registry.register(kind="person", nmae="王芳")  # type: ignore[call-arg]
    registry.check(kind="person", colour="red")  # type: ignore[call-arg]
    registry.update(customer, garde="A")  # type: ignore[call-overload]
    registry.search(knid="person")  # type: ignore[call-arg]
    registry.find(fax="1")  # type: ignore[call-arg]
    CustomerRegistry(repositry=None)  # type: ignore[call-arg]


def without_a_version(registry: CustomerRegistry, customer: Customer) -> None:
    registry.update(customer.code, grade="B")  # type: ignore[call-overload]
    registry.update(customer.id, grade="B")  # type: ignore[call-overload]


def wrong_types(registry: CustomerRegistry, customer: Customer) -> None:
    registry.register([("kind", "person")])  # type: ignore[arg-type]
    registry.register({7: "person"})  # type: ignore[dict-item]
    registry.get(7)  # type: ignore[arg-type]
    registry.find(phone=13800138000)  # type: ignore[arg-type]
    registry.check({"grade": "A"}, of="C000001")  # type: ignore[arg-type]
    registry.change_status(customer, 7)  # type: ignore[arg-type]
    registry.search(tags=7)  # type: ignore[arg-type]
    Actor(7)  # type: ignore[arg-type]
    Money("1", "CNY")  # type: ignore[arg-type]
    CompanyPolicy("CN")  # type: ignore[call-arg]
    Contact("李雷")  # type: ignore[call-arg]


def frozen(customer: Customer, issue: Issue) -> None:
    customer.grade = "A"  # type: ignore[misc]
    issue.code = "x"  # type: ignore[misc]
    issue.params["x"] = 1  # type: ignore[index]


def perhaps_masked(document: IdentityDocument) -> str:
    return document.number  # type: ignore[return-value]


def perhaps_absent(customer: Customer) -> str:
    return customer.credit_limit.currency  # type: ignore[union-attr]


def no_value(typed: str) -> tuple[PhoneNumber, EmailAddress]:
    return typed, typed  # type: ignore[return-value]
