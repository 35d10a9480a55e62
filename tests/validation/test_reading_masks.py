"""A form that was shown masks may be sent back: they change nothing, and nothing else is a mask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import CustomerRegistry, Severity, ValidationFailed
from customer_registry.domain.policy import FIXED_CODES
from customer_registry.domain.values.masks import mask
from customer_registry.testing import resident_id

CARD, OTHER_CARD = "6228480012345671", "6217001234567890123"
ID = resident_id(4)
PERSON = {
    "kind": "person",
    "name": "张三丰",
    "contacts": [
        {
            "name": "李雷",
            "phones": [{"number": "13800138000", "use": "mobile"}, "010-62345678 转 801"],
            "emails": ["lilei@example.com", "z@example.com"],
        }
    ],
    "addresses": [{"street_address": "北京市海淀区中关村大街27号"}],
    "tax_identifiers": [ID],
    "identity_document": ID,
    "bank_accounts": [{"number": CARD}, {"number": OTHER_CARD, "holder": "张三丰"}],
    "invoice_profile": {
        "title": "张三丰",
        "account": CARD,
        "tax_number": ID,
        "phone": "13800138000",
        "email": "lilei@example.com",
    },
    "legal_representative": "李四",
}


@pytest.fixture
def registry():
    return CustomerRegistry()


@pytest.fixture
def customer(registry):
    return registry.register(PERSON).customer


def masked_form(*, strict=False):
    """What a screen shows to somebody who may not see the numbers."""

    def hidden(text, kind):
        return mask(text, kind, strict=strict)

    return {
        "name": hidden("张三丰", "person_name"),
        "contacts": [
            {
                "id": "1-1",
                "name": hidden("李雷", "person_name"),
                "phones": [
                    {"number": hidden("+86 138 0013 8000", "mobile"), "use": "mobile"},
                    hidden("010-6234 5678 转 801", "landline"),
                ],
                "emails": [
                    hidden("lilei@example.com", "email"),
                    hidden("z@example.com", "email"),
                ],
            }
        ],
        "addresses": [
            {"id": "1-1", "street_address": hidden("北京市海淀区中关村大街27号", "address")}
        ],
        "tax_identifiers": [{"scheme": "cn.resident_id", "number": hidden(ID, "identity_number")}],
        "identity_document": {"type": "身份证", "number": hidden(ID, "identity_number")},
        "bank_accounts": [
            {"id": "1-1", "number": hidden(CARD, "bank_account")},
            {"id": "1-2", "number": hidden(OTHER_CARD, "bank_card")},
        ],
        "invoice_profile": {
            "title": hidden("张三丰", "person_name"),
            "account": hidden(CARD, "bank_account"),
            "tax_number": hidden(ID, "identity_number"),
            "phone": hidden("13800138000", "mobile"),
            "email": hidden("lilei@example.com", "email"),
        },
        "legal_representative": hidden("李四", "person_name"),
    }


@pytest.mark.parametrize("strict", [False, True])
def test_a_form_of_masks_sent_back_changes_nothing(registry, customer, strict):
    receipt = registry.update(customer, masked_form(strict=strict))
    assert receipt.customer == customer
    assert receipt.report.issues == ()


@pytest.mark.parametrize("field", sorted(masked_form()))
def test_each_masked_field_alone_changes_nothing(registry, customer, field):
    assert registry.update(customer, {field: masked_form()[field]}).version == customer.version


def test_the_small_form_may_be_masked_too(registry, customer):
    receipt = registry.update(
        customer,
        contact="李*",
        phone="138****8000",
        email="l****@example.com",
        address="北京市海淀区********",
    )
    assert receipt.customer == customer


def test_a_mask_in_the_small_form_stands_for_the_first_of_its_kind_only(registry, customer):
    report = registry.check(phone="010-****5678 转 ***", of=customer)
    assert [issue.code for issue in report.errors] == ["masked"]
    second = mask("z@example.com", "email")
    after = registry.update(customer, email=second).customer
    assert [str(each) for each in after.emails] == [second, "z@example.com"]


def test_what_stands_beside_a_mask_is_saved(registry, customer):
    accounts = [{"id": "1-1", "number": "************5671", "bank": "农业银行"}, {"id": "1-2"}]
    after = registry.update(customer, bank_accounts=accounts).customer
    assert [(each.number, each.bank) for each in after.bank_accounts] == [
        (CARD, "农业银行"),
        (OTHER_CARD, None),
    ]


@pytest.mark.parametrize("shown", ["张**", mask("张三丰", "person_name", strict=True)])
def test_the_masked_holder_of_an_account_is_the_holder_that_was_there(registry, customer, shown):
    accounts = [{"id": "1-1"}, {"id": "1-2", "holder": shown, "bank": "农业银行"}]
    _first, second = registry.update(customer, bank_accounts=accounts).customer.bank_accounts
    assert (second.holder, second.bank) == ("张三丰", "农业银行")


def test_a_masked_phone_may_change_its_use(registry, customer):
    contacts = masked_form()["contacts"]
    contacts[0]["phones"][0] = {"number": "138****8000", "use": "work"}
    after = registry.update(customer, contacts=contacts).customer
    assert [(str(each), each.use) for each in after.phones] == [
        ("+8613800138000", "work"),
        ("+861062345678;ext=801", None),
    ]


def test_a_masked_document_may_change_its_type(registry, customer):
    document = {"type": "passport", "number": mask(ID, "identity_number")}
    after = registry.update(customer, identity_document=document).customer
    assert (after.identity_document.type, after.identity_document.number) == ("passport", ID)


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ({"phone": "139****8000"}, ("phone",)),
        ({"identity_document": "110105********0021"}, ("identity_document",)),
        ({"tax_identifiers": ["110105********0021"]}, ("tax_identifiers", 0)),
        (
            {"bank_accounts": [{"id": "1-1", "number": "****9999"}]},
            ("bank_accounts", 0, "number"),
        ),
        ({"invoice_profile": {"account": "＊＊＊＊9999"}}, ("invoice_profile", "account")),
        ({"invoice_profile": {"tax_number": "1*"}}, ("invoice_profile", "tax_number")),
        ({"bank_accounts": [{"number": "************5671"}]}, ("bank_accounts", 0, "number")),
        ({"contacts": [{"phones": ["138****8000"]}]}, ("contacts", 0, "phones", 0)),
    ],
)
def test_a_mask_of_nothing_here_is_refused_as_one(registry, customer, typed, path):
    (issue,) = registry.check(typed, of=customer).errors
    assert (issue.code, issue.path, issue.severity) == ("masked", path, Severity.ERROR)
    assert not issue.params
    with pytest.raises(ValidationFailed):
        registry.update(customer, typed)
    assert registry.get(customer.id) == customer


def test_a_mask_is_no_number_of_a_new_customer(registry):
    for field in ("phone", "identity_document"):
        report = registry.check(kind="person", name="王芳", **{field: PERSON_MASKS[field]})
        assert [issue.code for issue in report.errors] == ["masked"]


PERSON_MASKS = {"phone": "138****8000", "identity_document": "110105********0021"}


@pytest.mark.parametrize("typed", ["62345678*801", "010-62345678 * 801"])
def test_a_star_before_an_extension_is_no_mask(registry, typed):
    report = registry.check(kind="person", name="王芳", phone=typed)
    assert "masked" not in {issue.code for issue in report}


def test_a_share_under_special_treatment_keeps_its_star(registry):
    receipt = registry.register(kind="organization", name="*ST华微电子股份有限公司")
    assert str(receipt.customer.name) == "*ST华微电子股份有限公司"
    after = registry.update(receipt.customer, name="华**").customer
    assert str(after.name) == "华**"


def test_two_numbers_with_one_mask_stay_in_their_places(registry):
    phones = ["13811118000", "13822228000"]
    customer = registry.register(kind="person", name="王芳", contacts=[{"phones": phones}]).customer
    masks = {"contacts": [{"id": "1-1", "phones": ["138****8000", "138****8000"]}]}
    assert registry.update(customer, masks).customer == customer
    (issue,) = registry.check(
        {"contacts": [{"id": "1-1", "phones": ["138****8000"]}]}, of=customer
    ).errors
    assert issue.code == "masked"


def test_a_mask_that_only_one_has_is_found_in_any_place(registry, customer):
    form = {"contacts": [{"id": "1-1", "phones": ["010-****5678 转 ***"]}]}
    assert [str(each) for each in registry.update(customer, form).customer.phones] == [
        "+861062345678;ext=801"
    ]


def test_a_mask_is_none_of_another_contacts_number(registry, customer):
    form = {"contacts": [{"id": "1-1"}, {"name": "韩梅梅", "phones": ["138****8000"]}]}
    (issue,) = registry.check(form, of=customer).errors
    assert (issue.code, issue.path) == ("masked", ("contacts", 1, "phones", 0))


def test_no_company_lets_a_mask_pass():
    assert "masked" in FIXED_CODES


ANYTHING = st.text(st.characters() | st.sampled_from("*＊•0123456789@省市区 "), max_size=30)


@given(ANYTHING)
def test_any_text_in_place_of_a_mask_is_read_or_refused(typed):
    registry = CustomerRegistry()
    customer = registry.register(PERSON).customer
    form = {
        "name": typed,
        "contacts": [{"id": "1-1", "name": typed, "phones": [typed], "emails": [typed]}],
        "tax_identifiers": [typed],
        "identity_document": typed,
        "bank_accounts": [{"id": "1-1", "number": typed}],
        "invoice_profile": {"account": typed, "tax_number": typed, "title": typed},
    }
    assert all(issue.line("zh") for issue in registry.check(form, of=customer))
