"""What a capable developer would write in an afternoon, on sqlite3: the peer that costs least."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from peers.grams import grams
from peers.uscc import is_uscc

__all__ = ["get", "load", "opened", "register"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT OR IGNORE INTO counter VALUES ('customer', 0);
CREATE TABLE IF NOT EXISTS customer (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL,
    contact TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL, address TEXT NOT NULL,
    postal_code TEXT NOT NULL, uscc TEXT NOT NULL UNIQUE, grade TEXT NOT NULL,
    credit_limit TEXT NOT NULL, tags TEXT NOT NULL, created_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS customer_phone ON customer (phone);
CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL, code TEXT NOT NULL,
    changes TEXT NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5 (grams, content='');
"""
_DRAW = "UPDATE counter SET value = value + :many WHERE name = 'customer' RETURNING value"
_ADD = """
INSERT INTO customer VALUES (:id, :code, :kind, :name, :contact, :phone, :email, :address,
    :postal_code, :uscc, :grade, :credit_limit, :tags, :created_at)
"""
_AUDIT = "INSERT INTO audit (at, action, code, changes) VALUES (?, 'register', ?, ?)"
_INDEX = "INSERT INTO search (rowid, grams) VALUES (?, ?)"


def opened(path: Path) -> sqlite3.Connection:
    """Return a connection to the file, made if it is not there."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(_SCHEMA)
    return connection


def validated(row: Mapping[str, object]) -> dict[str, str]:
    """Return what is to be stored; raises ValueError with everything wrong."""
    texts = {name: str(value).strip() for name, value in row.items() if name != "tags"}
    wrong = [name for name in ("name", "contact", "address") if not texts[name]]
    texts["uscc"] = texts.pop("tax_identifiers").upper()
    if not is_uscc(texts["uscc"]):
        wrong.append("uscc")
    try:
        number = phonenumbers.parse(texts["phone"], "CN")
        if not phonenumbers.is_valid_number(number):
            wrong.append("phone")
        texts["phone"] = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        wrong.append("phone")
    try:
        texts["email"] = validate_email(texts["email"], check_deliverability=False).normalized
    except EmailNotValidError:
        wrong.append("email")
    if len(texts["postal_code"]) != 6 or not texts["postal_code"].isdecimal():
        wrong.append("postal_code")
    if texts["grade"] not in {"A", "B", "C", "D"}:
        wrong.append("grade")
    try:
        if Decimal(texts["credit_limit"]) < 0:
            wrong.append("credit_limit")
    except InvalidOperation:
        wrong.append("credit_limit")
    if wrong:
        raise ValueError(f"wrong: {', '.join(wrong)}")
    tags = row["tags"]
    return {**texts, "tags": json.dumps(tags, ensure_ascii=False)}


def register(connection: sqlite3.Connection, row: Mapping[str, object]) -> str:
    """Return the code of a new customer, which is stored, audited and indexed."""
    return load(connection, [row])[0]


def load(connection: sqlite3.Connection, rows: Iterable[Mapping[str, object]]) -> list[str]:
    """Return the codes of new customers, saved in one transaction."""
    customers = [validated(row) for row in rows]
    at = datetime.now(UTC).isoformat()
    connection.execute("BEGIN IMMEDIATE")
    try:
        (last,) = connection.execute(_DRAW, {"many": len(customers)}).fetchone()
        for number, each in enumerate(customers, last - len(customers) + 1):
            each.update(id=number, code=f"C{number:06}", created_at=at)  # type: ignore[arg-type]  # a number
        connection.executemany(_ADD, customers)
        told = [(at, each["code"], json.dumps(each, ensure_ascii=False)) for each in customers]
        connection.executemany(_AUDIT, told)
        words = [(each["id"], grams(each["name"], each["contact"])) for each in customers]
        connection.executemany(_INDEX, words)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return [each["code"] for each in customers]


def get(connection: sqlite3.Connection, code: str) -> dict[str, object]:
    """Return a customer by code; raises LookupError."""
    row = connection.execute("SELECT * FROM customer WHERE code = ?", (code,)).fetchone()
    if row is None:
        raise LookupError(code)
    return {**row, "tags": json.loads(row["tags"])}
