"""The same work as a web developer would do it: pydantic 2 before SQLAlchemy 2's ORM."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import phonenumbers
from peers.grams import grams
from peers.uscc import is_uscc
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    StringConstraints,
)
from sqlalchemy import JSON, Engine, String, create_engine, event, insert, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

__all__ = ["Customer", "get", "load", "load_in_bulk", "opened", "register"]


class Base(DeclarativeBase):
    """What the tables have in common."""


class Counter(Base):
    """The last number of a range."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class Customer(Base):
    """A customer."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str] = mapped_column(String(20), index=True)
    email: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(400))
    postal_code: Mapped[str] = mapped_column(String(6))
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    grade: Mapped[str] = mapped_column(String(1))
    credit_limit: Mapped[str] = mapped_column(String(20))
    tags: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]


class Audit(Base):
    """Who did what."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(20))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)


def _phone(typed: str) -> str:
    try:
        number = phonenumbers.parse(typed, "CN")
    except phonenumbers.NumberParseException as error:
        raise ValueError("no phone number") from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError("no phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _uscc(typed: str) -> str:
    if not is_uscc(typed):
        raise ValueError("no unified social credit code")
    return typed


Filled = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class CustomerIn(BaseModel):
    """What a form gives."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="forbid")

    kind: Literal["person", "organization"]
    name: Filled
    contact: Filled
    phone: Annotated[str, AfterValidator(_phone)]
    email: EmailStr
    address: Filled
    postal_code: Annotated[str, StringConstraints(pattern="^[0-9]{6}$")]
    uscc: Annotated[str, BeforeValidator(str.upper), AfterValidator(_uscc)] = Field(
        alias="tax_identifiers"
    )
    grade: Literal["A", "B", "C", "D"]
    credit_limit: Annotated[Decimal, Field(ge=0)]
    tags: list[str]


def opened(path: Path) -> sessionmaker[Session]:
    """Return what makes sessions on the file, made if it is not there."""
    engine = create_engine(f"sqlite:///{path}")
    _as_durable_as_ours(engine)
    Base.metadata.create_all(engine)
    sessions = sessionmaker(engine)
    with sessions.begin() as session:
        session.add(Counter(name="customer", value=0))
        session.execute(text("CREATE VIRTUAL TABLE search USING fts5 (grams, content='')"))
    return sessions


def _as_durable_as_ours(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")


def register(sessions: sessionmaker[Session], row: Mapping[str, object]) -> str:
    """Return the code of a new customer, which is stored, audited and indexed."""
    given = CustomerIn.model_validate(row)
    with sessions.begin() as session:
        number = _draw(session, 1)
        customer = Customer(**_stored(given, number))
        session.add(customer)
        session.add(_audit(customer.code, customer.created_at, given))
        session.execute(_INDEX, {"id": number, "grams": grams(given.name, given.contact)})
        return customer.code


def load(sessions: sessionmaker[Session], rows: Iterable[Mapping[str, object]]) -> None:
    """Save new customers in one transaction, each an object of the session."""
    given = [CustomerIn.model_validate(row) for row in rows]
    with sessions.begin() as session:
        customers = [Customer(**stored) for stored in _numbered(session, given)]
        told = zip(customers, given, strict=True)
        session.add_all(customers)
        session.add_all(_audit(to.code, to.created_at, by) for to, by in told)
        words = [{"id": each.id, "grams": grams(each.name, each.contact)} for each in customers]
        session.execute(_INDEX, words)


def load_in_bulk(sessions: sessionmaker[Session], rows: Iterable[Mapping[str, object]]) -> None:
    """Save new customers in one transaction, by insert statements of many rows."""
    given = [CustomerIn.model_validate(row) for row in rows]
    with sessions.begin() as session:
        stored = list(_numbered(session, given))
        told = zip(stored, given, strict=True)
        session.execute(insert(Customer), stored)
        session.execute(insert(Audit), [_told(to["code"], to["created_at"], by) for to, by in told])
        words = [{"id": to["id"], "grams": grams(to["name"], to["contact"])} for to in stored]
        session.execute(_INDEX, words)


def get(sessions: sessionmaker[Session], code: str) -> Customer:
    """Return a customer by code, in a session of its own as a request has one."""
    with sessions() as session:
        return session.scalars(select(Customer).where(Customer.code == code)).one()


_DRAW = text("UPDATE counter SET value = value + :many WHERE name = 'customer' RETURNING value")
_INDEX = text("INSERT INTO search (rowid, grams) VALUES (:id, :grams)")


def _draw(session: Session, many: int) -> int:
    return int(session.execute(_DRAW, {"many": many}).scalar_one())


def _numbered(session: Session, given: list[CustomerIn]) -> Iterator[dict[str, Any]]:
    first = _draw(session, len(given)) - len(given) + 1
    return (_stored(each, number) for number, each in enumerate(given, first))


def _stored(given: CustomerIn, number: int) -> dict[str, Any]:
    at = datetime.now(UTC)
    columns = {**given.model_dump(), "credit_limit": str(given.credit_limit)}
    return {**columns, "id": number, "code": f"C{number:06}", "created_at": at}


def _told(code: str, at: datetime, given: CustomerIn) -> dict[str, Any]:
    changes = given.model_dump(mode="json")
    return {"at": at, "action": "register", "code": code, "changes": changes}


def _audit(code: str, at: datetime, given: CustomerIn) -> Audit:
    return Audit(**_told(code, at, given))
