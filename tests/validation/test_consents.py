"""Scenarios of purposes: what a customer's data serve, and what the company demands for it."""

from datetime import date

import pytest

from customer_registry import CompanyPolicy, CustomerRegistry, ValidationFailed
from customer_registry.domain.values.custody import Consent, LawfulBasis
from customer_registry.validation.reading.consents import basis_meant

DEMANDING = CompanyPolicy.loads("""
[consent]
identity_document = "开具发票"
bank_accounts = "支付货款"
""")
DOCUMENT = "11010519491231002X"
GIVEN = {
    "purpose": "开具发票",
    "basis": "合同",
    "text_version": "2026-01",
    "given_on": "2026-03-01",
}


@pytest.fixture
def registry(repository):
    return CustomerRegistry(repository=repository, policy=DEMANDING)


def refused(act):
    with pytest.raises(ValidationFailed) as failed:
        act()
    return [(issue.code, issue.path) for issue in failed.value.report.errors]


def person(registry, **fields):
    return registry.register({"kind": "person", "name": "王芳", **fields}).customer


def test_a_consent_is_kept_with_its_basis_and_its_days(registry):
    customer = person(registry, consents=[GIVEN, "短信通知"])
    assert registry.get(customer.id).consents == (
        Consent(
            purpose="开具发票",
            basis=LawfulBasis.CONTRACT,
            text_version="2026-01",
            given_on=date(2026, 3, 1),
        ),
        Consent(purpose="短信通知"),
    )
    assert registry.update(customer, customer.raw()).version == 1


def test_a_field_of_which_the_company_wants_the_purpose_is_refused_without_it(registry):
    assert refused(lambda: person(registry, identity_document=DOCUMENT)) == [
        ("consent.required", ("identity_document",))
    ]
    report = registry.check(kind="person", name="王芳", identity_document=DOCUMENT)
    assert report.lines("zh") == ("登记证件须说明用途“开具发票”及其依据，请补充授权信息",)
    assert person(registry, identity_document=DOCUMENT, consents=[GIVEN]).consents


def test_another_purpose_does_not_serve(registry):
    wrong = [{**GIVEN, "purpose": "短信通知"}]
    assert refused(lambda: person(registry, identity_document=DOCUMENT, consents=wrong)) == [
        ("consent.required", ("identity_document",))
    ]


def test_a_consent_that_was_withdrawn_serves_no_more(registry):
    customer = person(registry, identity_document=DOCUMENT, consents=[GIVEN])
    withdrawn = [{**GIVEN, "withdrawn_on": "2026-09-01"}]
    assert refused(lambda: registry.update(customer, consents=withdrawn)) == [
        ("consent.required", ("identity_document",))
    ]
    cleared = registry.update(customer, consents=withdrawn, identity_document=None).customer
    assert not cleared.consents[0].is_valid


def test_an_edit_of_something_else_is_not_refused(registry, repository):
    lenient = CustomerRegistry(repository=repository)
    customer = person(lenient, identity_document=DOCUMENT)
    assert registry.update(customer, grade="A").version == 2
    assert [issue.code for issue in registry.check(of=customer).errors] == ["consent.required"]


def test_the_journal_tells_the_consents(registry):
    customer = person(registry, consents=[GIVEN])
    (entry,) = registry.history(customer)
    shown = {change.path: change.after for change in entry.changes}
    assert shown["consents"][0]["purpose"] == "开具发票"
    assert shown["consents"][0]["basis"] == "contract"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ([{"basis": "consent"}], ("required", ("consents", 0, "purpose"))),
        ([{**GIVEN, "basis": "随便"}], ("consent.basis", ("consents", 0, "basis"))),
        ([{**GIVEN, "given_on": "2026-02-30"}], ("custom.date", ("consents", 0, "given_on"))),
        ([{**GIVEN, "by": "x"}], ("field.unknown", ("consents", 0, "by"))),
        (object(), ("field.type", ("consents",))),
        ([["开具发票"]], ("field.type", ("consents", 0, "purpose"))),
    ],
)
def test_what_is_no_consent_is_told_where_it_was_typed(registry, typed, found):
    assert refused(lambda: person(registry, consents=typed)) == [found]


@pytest.mark.parametrize(
    ("word", "basis"),
    [("同意", "consent"), ("Legal obligation", "legal_obligation"), ("履行合同", "contract")],
)
def test_the_law_is_understood_in_both_languages(word, basis):
    assert basis_meant(word) is LawfulBasis(basis)
    assert basis_meant("heart's desire") is None
