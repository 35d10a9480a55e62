"""Hundreds of hostile texts in every field: told or kept, never a crash, never lost."""

import pytest
from hostile_texts import BY_KIND, HOSTILE

from customer_registry import CustomerRegistry, InvalidValue, SQLiteRepository, ValidationFailed
from customer_registry.domain.customer import SMALL_FORM, RawCustomer
from customer_registry.domain.values.text import block, line

PERSON = {"kind": "person", "name": "王芳"}
PLAIN = ("short_name", "foreign_name", "industry", "department", "legal_representative", "notes")
FIELDS = [name for name in RawCustomer.__annotations__ if name != "kind"]
EVERY_KIND = pytest.mark.parametrize("texts", BY_KIND.values(), ids=BY_KIND)


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    path = tmp_path_factory.mktemp("hostile") / "customers.db"
    with CustomerRegistry(repository=SQLiteRepository(path)) as made:
        yield made


def inside(text):
    """Yield raw customers with the text in all the parts of a field."""
    yield {**PERSON, "contacts": [{"name": text, "title": text, "messengers": {"wechat": text}}]}
    yield {**PERSON, "contacts": [{"phones": [text], "emails": [text], "language": text}]}
    yield {**PERSON, "contacts": [{"phones": [{"number": "13800138000", "use": text}]}]}
    yield {**PERSON, "addresses": [{"street_address": text, "locality": text, "country": text}]}
    yield {
        **PERSON,
        "addresses": [{"street_address": "1", "postal_code": text, "purposes": [text]}],
    }
    yield {**PERSON, "tax_identifiers": [{"scheme": text, "number": text}]}
    yield {**PERSON, "identity_document": {"type": text, "number": text}}
    yield {**PERSON, "bank_accounts": [{"bank": text, "number": text, "holder": text}]}
    yield {**PERSON, "invoice_profile": {"title": text, "address": text, "email": text}}
    yield {**PERSON, "payment_terms": {"text": text, "anchor": text}}
    yield {**PERSON, "custom": {"备注": text, text: "1"}, "tags": [text, text]}
    yield {text: text, **PERSON}


def raws(text):
    yield from ({**PERSON, name: text} for name in FIELDS)
    yield {"kind": text, "name": text}
    yield {"kind": "organization", "name": text, **dict.fromkeys(PLAIN, text)}
    yield {**PERSON, **dict.fromkeys(SMALL_FORM, text)}
    yield from inside(text)


def test_there_are_hundreds():
    assert len(HOSTILE) > 400


@EVERY_KIND
def test_a_hostile_text_in_any_field_gives_a_report_in_both_languages(registry, texts):
    for text in texts:
        for raw in raws(text):
            report = registry.check(raw)
            assert report.echo == raw
            for language in ("zh", "en"):
                assert len(report.lines(language)) == len(report.issues)


@EVERY_KIND
def test_a_hostile_text_is_stored_and_comes_back_as_it_was_or_is_refused(registry, texts):
    for text in texts:
        for raw in ({**PERSON, **dict.fromkeys(PLAIN, text)}, *inside(text)):
            try:
                customer = registry.register(raw).customer
            except ValidationFailed as refusal:
                assert refusal.report.echo == raw  # noqa: PT017  not every text is refused
                continue
            again = registry.get(customer.code)
            assert again == customer
            assert again.raw() == customer.raw()


@EVERY_KIND
def test_a_hostile_text_in_a_text_field_is_kept_whole_or_refused(registry, texts):
    for text in texts:
        for name in PLAIN:
            tidied = _tidied(text, block if name == "notes" else line)
            try:
                customer = registry.register({**PERSON, name: text}).customer
            except ValidationFailed:
                continue
            assert getattr(registry.get(customer.code), name) == (tidied or None)


def _tidied(text, tidy):
    try:
        return tidy(text, longest=4000)
    except InvalidValue:
        return "refused"


@EVERY_KIND
def test_a_hostile_text_finds_only_who_has_it(registry, texts):
    for text in texts:
        assert len(registry.search(text, limit=5)) <= 5
        assert registry.find(phone=text) is not None
        assert registry.find(email=text, tax_identifier=text) is not None
