"""A reporting tool reads plain columns with plain SQL, as the library would tell them."""

import sqlite3

import pytest

from customer_registry import CustomerRegistry
from customer_registry.testing import make_raw

COLUMNS = (
    "code name short_name kind status grade category industry owner department sales_region "
    "contact phone email country region city district tags created_at updated_at version"
).split()
CONTACTS = [
    {"name": "一", "emails": ["yi@a.example"], "phones": ["13800138001"]},
    {"name": "二", "phones": ["010-62345678 转 801", "13800138002"], "is_primary": True},
]


@pytest.fixture
def path(tmp_path):
    """A store of customers of many shapes."""
    path = tmp_path / "customers.db"
    with CustomerRegistry.open(path) as registry:
        for seed in range(20):
            registry.register(make_raw("person" if seed % 3 == 0 else "organization", seed))
        registry.register(kind="person", name="王芳")
        registry.register(kind="organization", name="甲公司", contacts=CONTACTS, tags=["乙", "甲"])
        registry.register(kind="organization", name="乙公司", contacts=[{"name": "无号"}])
        registry.register(kind="organization", name="Müller GmbH", addresses=[ABROAD])
        registry.change_status("C000002", "blocked", reason="欠款", version=1)
    return path


ABROAD = {"country": "DE", "locality": "Berlin", "street_address": "Hauptstr. 1"}


@pytest.fixture
def reader(path):
    """A plain connection that trusts no schema, as careful tools open foreign files."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


def rows(reader):
    return {row["code"]: row for row in reader.execute("SELECT * FROM customer_registry_report")}


def test_the_columns_are_those_of_the_documentation(reader):
    asked = reader.execute("SELECT * FROM customer_registry_report LIMIT 0")
    assert [column[0] for column in asked.description] == COLUMNS


def test_every_customer_is_told_as_the_library_tells_them(path, reader):
    told = rows(reader)
    with CustomerRegistry.open(path) as registry:
        customers = list(registry.search(limit=100))
    assert len(told) == len(customers) == 24
    for customer in customers:
        row, address = told[str(customer.code)], customer.address_for("")
        contact, phone, email = (
            customer.primary_contact,
            customer.phone_for(""),
            customer.primary_email,
        )
        for name in COLUMNS[2:11]:
            assert row[name] == getattr(customer, name)
        assert row["name"] == str(customer.name)
        assert row["contact"] == (contact and contact.name)
        assert row["phone"] == (phone and str(phone))
        assert row["email"] == (email and str(email))
        assert row["country"] == (address and address.country)
        assert row["region"] == (address and address.region)
        assert row["city"] == (address and address.locality)
        assert row["district"] == (address and address.district)
        assert row["tags"] == (", ".join(customer.tags) or None)
        assert row["created_at"] == f"{customer.created_at:%Y-%m-%d %H:%M:%S}"
        assert row["updated_at"] == f"{customer.updated_at:%Y-%m-%d %H:%M:%S}"
        assert row["version"] == customer.version


def test_the_primary_contact_speaks_first_and_the_others_for_what_he_lacks(reader):
    row = next(row for row in rows(reader).values() if row["name"] == "甲公司")
    assert (row["contact"], row["phone"]) == ("二", "+861062345678;ext=801")
    assert (row["email"], row["tags"]) == ("yi@a.example", "乙, 甲")


def test_what_is_usual_is_told_although_documents_leave_it_out(reader):
    told = {row["name"]: row for row in rows(reader).values()}
    assert told["王芳"]["status"] == "active"
    assert told["王芳"]["country"] is None
    assert told["Müller GmbH"]["country"] == "DE"
    blocked = reader.execute("SELECT * FROM customer_registry_report WHERE status = 'blocked'")
    assert [row["code"] for row in blocked] == ["C000002"]


def test_nothing_sensitive_is_told(path, reader):
    with CustomerRegistry.open(path) as registry:
        customers = list(registry.search(limit=100))
    secrets = {account.number for each in customers for account in each.bank_accounts}
    secrets |= {each.identity_document.number for each in customers if each.identity_document}
    secrets |= {tax.number for each in customers for tax in each.tax_identifiers}
    assert len(secrets) > 30
    told = " ".join(str(value) for row in rows(reader).values() for value in row)
    assert not [secret for secret in secrets if str(secret) in told]
