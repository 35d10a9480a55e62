"""What people do with a registry, day by day, and what they count on."""

import sqlite3

import pytest

from customer_registry import (
    Actor,
    CompanyPolicy,
    CustomerNotFound,
    CustomerRegistry,
    IdempotencyConflict,
    SQLiteRepository,
    StorageUnavailable,
    ValidationFailed,
)
from customer_registry.operations import verify
from customer_registry.registration.load import Outcome

USCC = "91110000600037341L"


class OwnCustomersOnly:
    """Everybody sees the customers they own."""

    def permits(self, actor, action, customer):
        return customer is None or customer.owner == actor.id


def test_a_limit_without_a_currency_is_in_the_customers_own():
    registry = CustomerRegistry()
    raw = {"kind": "organization", "name": "浦江公司", "currency": "USD"}
    customer = registry.register(raw, credit_limit="1000").customer
    assert str(customer.credit_limit) == "1000 USD"
    assert str(registry.update(customer, credit_limit=2000).customer.credit_limit) == "2000 USD"


def test_who_may_not_see_a_customer_finds_it_nowhere():
    registry = CustomerRegistry(access=OwnCustomersOnly())
    boss, other = (registry.acting_as(Actor(name)) for name in ("boss", "other"))
    customer = boss.register(kind="person", name="李四", phone="13800138000", owner="boss").customer
    with pytest.raises(CustomerNotFound):
        other.get(customer.code)
    assert other.search("李四").customers == ()
    assert other.find(phone="13800138000") == ()
    assert boss.find(phone="13800138000") == (customer,)


def test_rows_that_another_registered_do_not_stop_a_load():
    registry = CustomerRegistry(access=OwnCustomersOnly()).acting_as(Actor("a"))
    theirs = {"kind": "person", "name": "甲乙", "owner": "b"}
    mine = {"kind": "person", "name": "丙丁", "owner": "a"}
    registry.load([theirs])
    outcomes = [row.outcome for row in registry.load([mine, theirs])]
    assert outcomes == [Outcome.REGISTERED, Outcome.REPLAYED]


def test_a_row_equal_to_a_refused_one_is_refused_for_its_own_reasons():
    registry = CustomerRegistry()
    registry.register(kind="organization", name="甲公司", tax_identifiers=[USCC])
    row = {"kind": "organization", "name": "乙公司", "tax_identifiers": [USCC]}
    assert len(registry.load([row, row]).refused) == 2


def test_two_who_shared_a_key_before_it_became_unique_can_still_be_edited():
    repository = CustomerRegistry()._office.repository
    lenient = CustomerRegistry(repository=repository)
    for name in ("甲乙", "丙丁"):
        lenient.register(kind="person", name=name, phone="13800138000")
    strict = CustomerRegistry(
        repository=repository, policy=CompanyPolicy.loads('[unique]\nphone = "block"')
    )
    second = strict.get("C000002")
    assert strict.change_status(second, "blocked").customer.status == "blocked"
    assert strict.update("C000002", {"notes": "欠款"}, version=2).version == 3
    with pytest.raises(ValidationFailed):
        strict.register(kind="person", name="戊己", phone="13800138000")


def test_a_person_may_want_the_invoice_in_a_companys_name():
    profile = {"title": "浦江贸易公司", "tax_number": USCC}
    report = CustomerRegistry().check(kind="person", name="王芳", invoice_profile=profile)
    assert report.ok


def test_a_sole_trader_is_an_organization():
    receipt = CustomerRegistry().register(kind="个体", name="张记小吃店")
    assert receipt.customer.kind == "organization"


def test_a_mainland_number_is_known_behind_a_foreign_address():
    receipt = CustomerRegistry().register(
        kind="organization",
        name="浦江公司",
        addresses=[{"country": "HK", "street_address": "中環"}],
        tax_identifiers=[USCC],
    )
    assert receipt.customer.tax_identifiers[0].scheme == "cn.uscc"


def test_a_file_that_was_replaced_takes_no_more_customers(tmp_path):
    registry = CustomerRegistry(repository=SQLiteRepository(tmp_path / "a.db"))
    registry.register(kind="person", name="王芳")
    (tmp_path / "a.db").rename(tmp_path / "old.db")
    with pytest.raises(StorageUnavailable, match="moved or replaced"):
        registry.register(kind="person", name="李雷")
    with pytest.raises(StorageUnavailable):
        registry.get("C000001")


def test_a_name_too_long_for_the_disk_is_told(tmp_path):
    with pytest.raises(StorageUnavailable):
        SQLiteRepository(tmp_path / ("长" * 120))


@pytest.mark.parametrize("tail", ["1234567", "4567", "11234567", "9911234567", "0991 1234567"])
def test_a_landline_is_found_by_its_last_digits(tail):
    registry = CustomerRegistry()
    customer = registry.register(kind="person", name="王芳", phone="0991-1234567 转 801").customer
    assert registry.search(tail).customers == (customer,)


def test_a_phone_is_found_as_it_is_shown():
    registry = CustomerRegistry()
    customer = registry.register(kind="person", name="王芳", phone="021-62345678转801").customer
    assert registry.search(customer.phones[0].national).customers == (customer,)


def test_a_persons_foreign_tax_number_is_as_secret_as_any():
    registry = CustomerRegistry()
    customer = registry.register(
        kind="person",
        name="Ann Lee",
        addresses=[{"country": "US", "street_address": "1 Main St"}],
        tax_identifiers=["123-45-6789"],
    ).customer
    assert registry.search("123456789").customers == ()
    (change,) = (
        change
        for change in registry.history(customer)[0].changes
        if change.path.startswith("tax_identifiers")
    )
    assert change.hidden
    assert registry.find(tax_identifier="123-45-6789") == (customer,)


def test_another_country_looks_again_at_the_postal_code():
    registry = CustomerRegistry()
    address = {"country": "US", "street_address": "1 Main St", "postal_code": "94105"}
    customer = registry.register(kind="person", name="Ann Lee", addresses=[address]).customer
    moved = [{"id": customer.addresses[0].id, "country": "CN"}]
    report = registry.check(addresses=moved, of=customer)
    assert [issue.code for issue in report.errors] == ["postal.format"]


def test_another_kind_looks_again_at_name_and_requirements():
    policy = CompanyPolicy.loads('[required]\norganization = ["tax_identifiers"]')
    registry = CustomerRegistry(policy=policy)
    customer = registry.register(kind="person", name="王芳").customer
    report = registry.check(kind="organization", name="x公司", of=customer)
    assert ("required", ("tax_identifiers",)) in [(i.code, i.path) for i in report.errors]
    shop = CustomerRegistry()
    trader = shop.register(kind="organization", name="阿卜•店").customer
    assert str(shop.update(trader, kind="person").customer.name) == "阿卜·店"


@pytest.mark.parametrize("cleared", ["phone", "address"])
def test_what_is_cleared_leaves_no_empty_entry(cleared):
    registry = CustomerRegistry()
    raw = {"kind": "person", "name": "王芳", "phone": "13800138000", "address": "中关村大街1号"}
    customer = registry.update(registry.register(raw).customer, {cleared: ""}).customer
    assert {"phone": customer.contacts, "address": customer.addresses}[cleared] == ()


def test_a_journal_that_was_rewritten_as_text_is_found(tmp_path):
    with CustomerRegistry.open(tmp_path / "a.db") as registry:
        registry.register(kind="person", name="王芳")
    raw = sqlite3.connect(tmp_path / "a.db")
    raw.execute("DROP TRIGGER customer_registry_journal_stands")
    raw.execute("UPDATE customer_registry_journal SET body = replace(body, '王', '李')")
    raw.commit()
    raw.close()
    with CustomerRegistry.open(tmp_path / "a.db") as registry:
        found = [each.code for each in verify(registry).disagreements]
    assert found == ["journal.broken", "store.schema"]


def test_a_counter_that_ran_ahead_is_found():
    registry = CustomerRegistry()
    registry.register(kind="person", name="王芳")
    with registry.unit("repair", writing=True) as work:
        work.numbers.raise_to("customer", 100)
    assert [each.code for each in verify(registry).disagreements] == ["numbers.ahead"]


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_blank_idempotency_key_is_none(blank):
    registry = CustomerRegistry()
    raw = {"kind": "person", "name": "王芳"}
    codes = {registry.register(raw, idempotency_key=blank).customer.code for _ in range(2)}
    assert len(codes) == 2


def test_a_retried_edit_may_name_the_customer_in_another_way():
    registry = CustomerRegistry()
    customer = registry.register(kind="person", name="王芳").customer
    first = registry.update(customer, {"grade": "A"}, idempotency_key="k")
    again = registry.update("C000001", {"grade": "A"}, version=1, idempotency_key="k")
    assert again.replayed
    assert again.customer == first.customer
    with pytest.raises(IdempotencyConflict):
        registry.update("C000001", {"grade": "B"}, version=1, idempotency_key="k")


def test_a_number_typed_into_a_wrong_field_is_not_repeated():
    number = "11010519491231002X"
    report = CustomerRegistry().check(
        kind="person",
        name="王芳",
        parent=number,
        currency=number,
        payment_terms=number,
        addresses=[{"country": number}],
        contacts=[{"language": number}],
    )
    assert not [issue for issue in report if number in str(dict(issue.params))]


def test_terms_that_mean_several_things_say_which_and_take_the_one_chosen():
    registry = CustomerRegistry()
    receipt = registry.register(kind="organization", name="浦江公司", payment_terms="月结30天")
    (told,) = receipt.report.lines("zh")
    assert "开票后30天、开票后月末加30天、开票后月末加1个月" in told
    chosen = receipt.customer.payment_terms.readings[0]
    again = registry.update(receipt.customer, payment_terms=chosen)
    assert again.customer.payment_terms == chosen
    assert again.report.lines("zh") == ()


def test_own_values_may_be_given_where_text_is_typed():
    registry = CustomerRegistry()
    one = registry.register(kind="person", name="王芳", phone="13800138000", email="w@example.com")
    phone, email = one.customer.phones[0], one.customer.emails[0]
    other = registry.register(
        kind="person", name=one.customer.name, phone=phone, parent=one.customer.code
    )
    assert other.customer.phones == (phone,)
    assert registry.update(other.customer, email=email).customer.emails == (email,)


def test_a_page_is_read_like_a_list():
    registry = CustomerRegistry()
    customer = registry.register(kind="person", name="王芳").customer
    assert registry.search("王")[0] == customer


def test_one_row_alone_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError, match="write \\[row\\]"):
        CustomerRegistry().load({"kind": "person", "name": "王芳"})


def returns_a_number(name):
    return 1


def yields_a_text(name):
    yield "x"


@pytest.mark.parametrize("rule", [returns_a_number, yields_a_text])
def test_a_rule_that_yields_no_issues_is_named(rule):
    with pytest.raises(TypeError, match=f"{rule.__name__} has to yield issues"):
        CustomerRegistry(rules=[rule]).check(kind="person", name="王芳")


class Count(int):
    """A host's own kind of number."""


def test_a_hosts_own_number_is_kept_as_a_plain_one():
    registry = CustomerRegistry()
    custom = {"门店数": Count(3)}
    customer = registry.register(kind="person", name="王芳", custom=custom).customer
    assert type(customer.custom["门店数"]) is int
    assert registry.update(customer, customer.raw()).version == customer.version
