from datetime import UTC, datetime
from uuid import UUID

import pytest

from customer_registry import (
    STANDARD,
    Actor,
    CodePattern,
    CodesExhausted,
    CompanyPolicy,
    CustomerCode,
    CustomerNotFound,
    CustomerRegistry,
    CustomerStatus,
    ManualCodes,
    ValidationFailed,
)
from customer_registry.registration.office import time_ordered_id
from customer_registry.registration.request import canonical
from customer_registry.testing import make_raw, uscc

NOON = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
BASE = {"kind": "organization", "name": "上海浦江贸易有限公司"}


def refused(register):
    with pytest.raises(ValidationFailed) as failed:
        register()
    return [(issue.code, issue.path) for issue in failed.value.report.errors]


def test_a_new_customer_is_active_at_version_one_from_now_on():
    customer = CustomerRegistry(clock=lambda: NOON).register(BASE).customer
    assert (customer.status, customer.version) == (CustomerStatus.ACTIVE, 1)
    assert customer.created_at == customer.updated_at == NOON


def test_a_new_customer_may_be_a_prospect():
    assert CustomerRegistry().register(BASE, status="潜在").customer.status == "prospect"


def test_a_new_customer_gets_the_id_it_was_given():
    registry = CustomerRegistry(new_id=lambda now: UUID(int=now.year), clock=lambda: NOON)
    assert registry.register(BASE).customer.id == UUID(int=2026)


def test_codes_follow_one_another():
    registry = CustomerRegistry()
    codes = [str(registry.register(make_raw("person", seed)).customer.code) for seed in range(3)]
    assert codes == ["C000001", "C000002", "C000003"]


def test_a_refused_customer_uses_no_number():
    registry = CustomerRegistry()
    refused(lambda: registry.register(BASE, website="nowhere"))
    assert str(registry.register(BASE).customer.code) == "C000001"


def test_a_customer_that_the_store_refuses_uses_no_number():
    policy = CompanyPolicy.loads('[unique]\norganization_name = "block"')
    registry = CustomerRegistry(policy=policy, rules=[])
    registry.register(BASE)
    assert refused(lambda: registry.register(BASE)) == [("name.duplicate", ("name",))]
    other = registry.register({**BASE, "name": "乙公司"}).customer
    assert str(other.code) == "C000002"


def test_a_refused_customer_leaves_nothing_behind():
    registry = CustomerRegistry(rules=[])
    registry.register(BASE, tax_identifiers=uscc(1))
    refused(lambda: registry.register(BASE, tax_identifiers=uscc(1)))
    with registry.unit("look") as work:
        assert work.journal.head()[0] == 1
        assert len(list(work.customers.iterate())) == 1


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ({"tax_identifiers": uscc(1)}, ("tax_identifiers",)),
        ({"tax_identifiers": [uscc(2), uscc(1)]}, ("tax_identifiers", 1)),
        ({"tax_identifiers": {"scheme": "cn.uscc", "number": uscc(1)}}, ("tax_identifiers",)),
    ],
)
@pytest.mark.parametrize("rules", [STANDARD, ()], ids=["by the rule", "by the store"])
def test_a_key_that_is_taken_is_told_where_it_was_typed(typed, path, rules):
    registry = CustomerRegistry(rules=rules)
    registry.register(BASE, tax_identifiers=uscc(1))
    told = refused(lambda: registry.register(name="乙公司", kind="企业", **typed))
    assert told == [("tax_id.duplicate", path)]


def test_everything_wrong_is_told_at_once_the_store_included():
    registry = CustomerRegistry()
    registry.register(BASE, tax_identifiers=uscc(1))
    told = refused(lambda: registry.register(BASE, tax_identifiers=uscc(1), website="nowhere"))
    assert told == [("tax_id.duplicate", ("tax_identifiers",)), ("website.format", ("website",))]


def test_a_failure_holds_what_was_typed_but_does_not_show_it():
    with pytest.raises(ValidationFailed) as failed:
        CustomerRegistry().register(BASE, phone="13800138")
    assert failed.value.report.echo == {**BASE, "phone": "13800138"}
    assert "13800138" not in f"{failed.value!r} {failed.value} {failed.value.args}"


def test_the_journal_tells_who_registered_whom():
    registry = CustomerRegistry(actor=Actor("han.meimei"), clock=lambda: NOON)
    customer = registry.register(BASE).customer
    (entry,) = registry.history(customer)
    assert (entry.actor, entry.action, entry.version, entry.at) == (
        "han.meimei",
        "registered",
        1,
        NOON,
    )
    assert entry.customer_id == customer.id
    assert "name" in {change.path for change in entry.changes}


def test_entries_get_ids_that_tell_when_they_came():
    customer = CustomerRegistry().register(make_raw("organization", 3)).customer
    for entries in (customer.contacts, customer.addresses, customer.bank_accounts):
        assert [entry.id for entry in entries] == ["1-1"]


def test_an_entry_keeps_an_id_it_came_with():
    contacts = [{"name": "a"}, {"id": "1-1", "name": "b"}, {"name": "c"}]
    customer = CustomerRegistry().register(BASE, contacts=contacts).customer
    assert [contact.id for contact in customer.contacts] == ["1-2", "1-1", "1-3"]


def test_a_typed_code_is_refused_where_the_policy_counts():
    told = refused(lambda: CustomerRegistry().register(BASE, code="K1"))
    assert told == [("code.manual_not_allowed", ("code",))]


def test_a_code_is_typed_where_people_decide():
    registry = CustomerRegistry(codes=ManualCodes())
    assert str(registry.register(BASE, code="k-1").customer.code) == "K-1"
    assert refused(lambda: registry.register(BASE)) == [("code.required", ("code",))]


def test_a_code_that_somebody_has_is_told():
    registry = CustomerRegistry(codes=ManualCodes())
    registry.register(BASE, code="K1")
    assert refused(lambda: registry.register({**BASE, "name": "乙公司"}, code="k1")) == [
        ("code.duplicate", ("code",))
    ]


def test_an_editable_code_may_be_typed_or_left_to_the_policy():
    registry = CustomerRegistry(codes=CodePattern("K{number:3}", mode="editable"))
    codes = [str(registry.register(BASE, code=code).customer.code) for code in ("K777", None)]
    assert codes == ["K777", "K001"]


def test_the_counter_steps_over_codes_that_people_typed():
    registry = CustomerRegistry(codes=CodePattern("K{number:3}", mode="editable"))
    registry.register(BASE, code="K001")
    registry.register(BASE, code="K002")
    assert str(registry.register(BASE).customer.code) == "K003"


def test_a_code_of_another_form_is_told():
    registry = CustomerRegistry(codes=CodePattern("K{number:3}", mode="editable"))
    report = registry.check(BASE, code="X1")
    (issue,) = [issue for issue in report if issue.code == "code.off_pattern"]
    assert issue.params == {"pattern": "K{number:3}"}


def test_numbers_that_are_used_up_are_told_beside_everything_else():
    registry = CustomerRegistry(codes=CodePattern("K{number:1}"))
    for seed in range(9):
        registry.register(make_raw("person", seed))
    with pytest.raises(CodesExhausted) as exhausted:
        registry.register(BASE, phone=13800138000)
    codes = {issue.code for issue in exhausted.value.report}
    assert {"code.sequence_overflow", "phone.from_number"} <= codes
    assert exhausted.value.report.echo["name"] == BASE["name"]


@pytest.mark.parametrize(
    ("template", "fields", "code"),
    [
        ("{kind:person=P,organization=E}{number:2}", {}, "E01"),
        ("{category}-{number:2}", {"category": "经销"}, "经销-01"),
        ("{country}{number:2}", {"address": "路1号"}, "CN01"),
        (
            "{region}{number:2}",
            {"addresses": [{"region": "上海", "street_address": "x"}]},
            "上海01",
        ),
        ("{date:%Y%m%d}{number:2}", {}, "2026112501"),
    ],
)
def test_a_code_is_made_of_the_customer_and_the_company_s_day(template, fields, code):
    policy = CompanyPolicy(time_zone="Asia/Shanghai")
    registry = CustomerRegistry(codes=CodePattern(template), policy=policy, clock=lambda: NOON)
    assert str(registry.register(BASE, **fields).customer.code) == code


@pytest.mark.parametrize(
    ("template", "field", "code"),
    [
        ("{grade}{number:2}", "grade", "code.field_missing"),
        ("{region}{number:2}", "region", "code.field_missing"),
        ("{kind:person=P}{number:2}", "kind", "code.field_unmapped"),
    ],
)
def test_a_code_that_cannot_be_made_names_the_field(template, field, code):
    registry = CustomerRegistry(codes=CodePattern(template))
    assert refused(lambda: registry.register(BASE)) == [(code, (field,))]


def test_a_code_made_of_an_unfit_word_is_refused_before_it_is_kept():
    registry = CustomerRegistry(codes=CodePattern("{category}{number:2}"))
    told = refused(lambda: registry.register(BASE, category="大 客户"))
    assert told == [("code.format", ("code",))]


def test_an_id_tells_the_order_of_registration():
    early, late = (time_ordered_id(datetime(2026, 1, day, tzinfo=UTC)) for day in (1, 2))
    assert early < late
    assert (early.version, early.variant) == (7, "specified in RFC 4122")


def test_two_ids_of_one_moment_differ():
    assert len({time_ordered_id(NOON) for _ in range(1000)}) == 1000


def test_a_receipt_tells_the_clerk_the_code():
    receipt = CustomerRegistry().register(BASE)
    assert receipt.message() == receipt.message("zh") == "保存成功，客户编码：C000001"
    assert receipt.message("en") == "Saved. Customer code: C000001"


def test_warnings_are_in_the_receipt():
    receipt = CustomerRegistry().register(BASE, phone="95588")
    assert [issue.code for issue in receipt.report.warnings] == ["phone.short_code"]
    assert not receipt.replayed


def test_a_customer_is_found_by_code_in_any_spelling_and_by_id():
    registry = CustomerRegistry()
    customer = registry.register(BASE).customer
    for name in ("c000001", "Ｃ000001", str(customer.id), customer.id, customer.code):
        assert registry.get(name) == customer


@pytest.mark.parametrize(
    "name", ["", "C9", "\0", "x" * 5000, "00000000-0000-0000-0000-000000000000"]
)
def test_a_name_nobody_has_finds_nobody(name):
    with pytest.raises(CustomerNotFound):
        CustomerRegistry().get(name)


@pytest.mark.parametrize("name", [7, None, [], b"C000001"], ids=repr)
def test_what_is_no_name_finds_nobody(name):
    registry = CustomerRegistry()
    registry.register(BASE)
    with pytest.raises(CustomerNotFound):
        registry.get(name)


def test_one_spelling_stands_for_all_orders_of_keys():
    assert canonical({"a": 1, "b": {"c": 2, "d": 3}}) == canonical({"b": {"d": 3, "c": 2}, "a": 1})


@pytest.mark.parametrize(("one", "other"), [(1, "1"), (None, ""), ([1], [2]), ({"a": 1}, {"a": 2})])
def test_other_contents_have_other_spellings(one, other):
    assert canonical(one) != canonical(other)


def test_a_code_is_a_value_of_its_own():
    assert CustomerRegistry().register(BASE).customer.code == CustomerCode("C000001")
