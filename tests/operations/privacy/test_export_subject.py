"""Scenarios of a person who asks what is held."""

import json
from datetime import UTC, datetime

import pytest

from customer_registry import Actor, CompanyPolicy, CustomerRegistry
from customer_registry.operations import export_subject, hold, restrict

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
POLICY = CompanyPolicy.loads('[approval]\nfields = ["credit_limit"]')


@pytest.fixture
def registry(repository):
    return CustomerRegistry(
        repository=repository, policy=POLICY, clock=lambda: AT, actor=Actor("clerk")
    )


@pytest.fixture
def customer(registry):
    registry.register(kind="person", name="李雷", phone="13912345678")
    return registry.register(
        {
            "kind": "person",
            "name": "欧阳娜娜",
            "phone": "13912345678",
            "identity_document": "11010519491231002X",
            "tags": ["重点"],
            "consents": ["开票"],
            "custom": {"门店数": 2},
        },
        idempotency_key="订单-7",
    ).customer


def exported(registry, customer):
    return json.loads(export_subject(registry, customer).json())


def test_it_names_its_format_and_its_time(registry, customer):
    told = exported(registry, customer)
    assert told["format"] == "customer-registry/subject/1"
    assert told["exported_at"] == AT.isoformat()
    assert set(told) == {
        "format",
        "exported_at",
        "customer",
        "journal",
        "receipts",
        "waiting_edits",
        "parent_of",
    }


def test_the_customer_is_whole_sensitive_values_included(registry, customer):
    held = hold(registry, customer, "诉讼").customer
    told = exported(registry, held)["customer"]
    assert {name: told[name] for name in held.raw()} == json.loads(json.dumps(held.raw()))
    assert told["identity_document"]["number"] == "11010519491231002X"
    assert told["custody"]["hold"] == {"reason": "诉讼", "until": None}
    assert (told["created_at"], told["updated_at"]) == (AT.isoformat(), AT.isoformat())
    assert (told["approval"], told["verified_at"], told["merged_into"]) == ("none", None, None)
    assert told["former_codes"] == []


def test_the_journal_is_told_entry_by_entry(registry, customer):
    edited = registry.update(customer, grade="A").customer
    first, last = exported(registry, edited)["journal"]
    assert (first["number"], first["actor"], first["action"]) == (2, "clerk", "registered")
    assert {"field": "identity_document.number", "sensitive": True} in first["changes"]
    assert last == {
        "number": 3,
        "at": AT.isoformat(),
        "actor": "clerk",
        "action": "updated",
        "version": 2,
        "reason": None,
        "changes": [{"field": "grade", "before": None, "after": "A"}],
    }


def test_receipts_and_what_they_say_are_told(registry, customer):
    (receipt,) = exported(registry, customer)["receipts"]
    assert receipt == {
        "actor": "clerk",
        "key": "订单-7",
        "at": AT.isoformat(),
        "version": 1,
        "issues": ["phone.duplicate"],
    }


def test_edits_that_wait_are_told(registry, customer):
    registry.update(customer, credit_limit="100")
    (edit,) = exported(registry, customer)["waiting_edits"]
    assert (edit["actor"], edit["fields"]) == ("clerk", {"credit_limit": "100 CNY"})
    assert (edit["at"], edit["until"]) == (AT.isoformat(), "2026-12-08T09:00:00+00:00")


def test_who_names_it_as_a_parent_is_counted_and_not_named(registry, customer):
    registry.register(kind="organization", name="娜娜工作室", parent=str(customer.code))
    told = export_subject(registry, customer)
    assert told.children == json.loads(told.json())["parent_of"] == 1
    for other in ("娜娜工作室", "C000003", "李雷", "C000001"):
        assert other not in told.json() + told.text()
    assert "欧阳娜娜" in told.json(), "JSON as people can read it"


def test_the_text_has_a_line_for_each_filled_field_and_each_act(registry, customer):
    zh = export_subject(registry, customer).text().splitlines()
    assert "客户名称：欧阳娜娜" in zh
    assert "标签：重点" in zh
    assert "授权与依据的用途：开票" in zh
    assert "自定义字段“门店数”：2" in zh
    assert not [line for line in zh if line.endswith(("None", "False", "："))]
    assert zh[-1].startswith("2026-11-24 09:00  clerk  registered  code, status, kind, name")
    en = export_subject(registry, customer).text("en").splitlines()
    assert "Customer name: 欧阳娜娜" in en
    assert en[-1] == "2026-11-24 09:00  clerk  subject_exported"


def test_the_journal_says_that_it_was_made_and_the_customer_stays(registry, customer):
    export_subject(registry.acting_as(Actor("dpo")), customer)
    entry = registry.history(customer)[-1]
    assert (entry.actor, entry.action, entry.version) == ("dpo", "subject_exported", 1)
    assert registry.get(customer.id) == customer


def test_nothing_of_it_shows_in_a_repr(registry, customer):
    kept = restrict(registry, customer, "本人异议").customer
    shown = repr(export_subject(registry, kept))
    assert "欧阳娜娜" not in shown
    assert "11010519491231002X" not in shown
    assert "本人异议" not in shown


def test_the_text_tells_reasons_and_edits_that_wait(registry, customer):
    held = hold(registry, customer, "诉讼").customer
    registry.update(held, credit_limit="100")
    lines = export_subject(registry, held).text().splitlines()
    assert "2026-11-24 09:00  clerk  held  custody.hold  诉讼" in lines
    assert lines[-2:] == [
        "2026-11-24 09:00  clerk  修改已提交，由另一人审核后生效",
        "信用额度：100 CNY",
    ]
