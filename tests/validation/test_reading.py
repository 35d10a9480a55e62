"""What every reader makes of a good, an odd, a blank and a wrong thing."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from customer_registry import (
    CompanyPolicy,
    CustomerCode,
    CustomerRegistry,
    Money,
    PartyKind,
    PaymentTerms,
    PolicyError,
    ValidationFailed,
)
from customer_registry.domain.customer import RawCustomer
from customer_registry.domain.policy import CODE_LISTS
from customer_registry.testing import make_raw, resident_id, uscc
from customer_registry.validation.reading import READERS

BASE = {"kind": "organization", "name": "上海浦江贸易有限公司"}
PLAIN = ("short_name", "foreign_name", "owner", "legal_representative")


def register(policy=None, **fields):
    return CustomerRegistry(policy=policy).register({**BASE, **fields}).customer


def codes(policy=None, of=None, **fields):
    report = CustomerRegistry(policy=policy, rules=[]).check({**BASE, **fields}, of=of)
    return [issue.code for issue in report]


def paths(**fields):
    report = CustomerRegistry(rules=[]).check({**BASE, **fields})
    return [(issue.code, ".".join(map(str, issue.path))) for issue in report]


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("kind", " 企业 ", PartyKind.ORGANIZATION),
        ("kind", "B2B", PartyKind.ORGANIZATION),
        ("kind", "Natural-Person", PartyKind.PERSON),
        ("kind", "个体工商户", PartyKind.ORGANIZATION),
        ("kind", "natural_person", PartyKind.PERSON),
        ("status", "潜在", "prospect"),
        ("status", "HOLD", "blocked"),
        ("mnemonic", "ｐｊｍｙ", "PJMY"),
        ("website", "www.example.cn", "www.example.cn"),
        ("website", "https://example.cn:8080/a?b=c", "https://example.cn:8080/a?b=c"),
        ("website", "ｗｗｗ。example．cn", "www.example.cn"),
        ("grade", 3, "3"),
        ("grade", 3.0, "3"),
        ("grade", Decimal("3.50"), "3.50"),
        ("short_name", 12345678901234, "12345678901234"),
        ("credit_limit", 200000, Money(Decimal(200000), "CNY")),
        ("credit_limit", 0.1, Money(Decimal("0.1"), "CNY")),
        ("credit_limit", 1e7, Money(Decimal(10000000), "CNY")),
        ("credit_limit", "20万 USD", Money(Decimal(200000), "USD")),
        ("credit_limit", 0, Money(Decimal(0), "CNY")),
        ("payment_terms", 30, PaymentTerms.parse("30天")),
        ("payment_terms", {"days": 30}, PaymentTerms.from_mapping({"days": 30})),
        ("payment_terms", {}, None),
        ("currency", "usd", "USD"),
        ("tags", "重点，年框;重点", ("重点", "年框")),
        ("tags", ["VIP", "ｖｉｐ", "", None], ("VIP",)),
        ("tags", 7, ("7",)),
        ("tags", ["\u200b"], ()),
        ("parent", None, None),
        ("notes", " 一\r\n二 ", "一\n二"),
    ],
)
def test_a_reader_takes_what_people_type(field, typed, value):
    assert getattr(register(**{field: typed}), field) == value


@pytest.mark.parametrize("field", [*PLAIN, *CODE_LISTS])
@pytest.mark.parametrize("typed", [None, "", "  ", [], {}], ids=repr)
def test_a_blank_is_nothing(field, typed):
    assert not getattr(register(**{field: typed or None}), field)


@pytest.mark.parametrize("field", [name for name in READERS if name not in {"id", "version"}])
@pytest.mark.parametrize("typed", ["", "   ", None], ids=repr)
def test_a_blank_field_is_an_absent_one_when_a_customer_is_new(field, typed):
    told = codes(**{field: typed})
    expected = {"kind": ["required"], "name": ["name.required"]}.get(field, [])
    assert told == expected


@pytest.mark.parametrize(
    "field",
    [*PLAIN, "kind", "name", "code", "status", "mnemonic", "grade", "website", "notes", "parent"],
)
@pytest.mark.parametrize(
    "typed", [True, ["a"], {"a": 1}, b"a", math.inf, 10**41, 1e300, object()], ids=repr
)
def test_a_wrong_type_is_told_and_never_guessed(field, typed):
    assert "field.type" in codes(**{field: typed})


@pytest.mark.parametrize("field", ["contacts", "addresses", "tax_identifiers", "tags"])
@pytest.mark.parametrize("typed", [True, object(), {1, 2}, b"x"], ids=lambda it: type(it).__name__)
def test_what_is_no_list_is_told(field, typed):
    assert codes(**{field: typed}) == ["field.type"]


@pytest.mark.parametrize("part", [{"discounts": 5}, {"discounts": [5]}, {"days": "?"}], ids=str)
def test_terms_with_an_unsound_part_are_told(part):
    ((code, path),) = paths(payment_terms=part)
    assert code in {"field.type", "payment_term.range"}
    assert path.startswith("payment_terms")


def test_a_name_that_is_a_number_keeps_its_digits_to_itself():
    (issue,) = CustomerRegistry().check({**BASE, "11010519491231002X": 1}).errors
    assert "1101" not in f"{issue.path} {dict(issue.params)}"


@pytest.mark.parametrize("field", ["contacts", "addresses", "bank_accounts"])
def test_a_number_is_no_entry(field):
    assert codes(**{field: [5]}) == ["field.type"]


@pytest.mark.parametrize("field", ["contacts", "addresses", "bank_accounts", "invoice_profile"])
def test_what_has_to_have_parts_says_so(field):
    report = CustomerRegistry(rules=[]).check({**BASE, field: 5})
    assert [issue.params for issue in report] == [{"expected": "mapping"}]


@pytest.mark.parametrize("field", ["contacts", "addresses", "tags", "tax_identifiers"])
def test_more_entries_than_a_customer_has_are_refused(field):
    assert codes(**{field: ["x"] * 201}) == ["entry.too_many"]


@pytest.mark.parametrize("field", PLAIN)
def test_a_date_in_a_text_field_is_a_spreadsheet_s_mistake(field):
    assert codes(**{field: date(2026, 1, 1)}) == ["import.date_in_text"]


@pytest.mark.parametrize("typed", ["企業", "個人客戶", "公司", "B2B"])
def test_a_kind_is_read_in_either_script(typed):
    assert codes(kind=typed) == []


@pytest.mark.parametrize(("typed", "code"), [("飞", "kind.unknown"), ("\0", "text.forbidden")])
def test_a_kind_that_nobody_knows_is_told(typed, code):
    assert code in codes(kind=typed)


def test_a_status_that_nobody_knows_is_told_with_those_that_are():
    report = CustomerRegistry().check({**BASE, "status": "飞"})
    assert report.lines("zh")[0] == "状态无法识别，可填：潜在、正常、冻结、停用、黑名单"


@pytest.mark.parametrize(
    "typed",
    [
        "nowhere",
        "ftp://example.cn",
        "a b.cn",
        "http://",
        ".cn",
        "a@b.cn",
        "x..cn",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_web_address_is_told(typed):
    assert codes(website=typed) == ["website.format"]


def test_a_listed_word_takes_the_spelling_of_the_list():
    policy = CompanyPolicy(lists={"grade": ("Gold", "Silver"), "tags": ("重点",)})
    assert register(policy, grade="ＧＯＬＤ", tags="重 点").grade == "Gold"


@pytest.mark.parametrize(("field", "typed"), [("grade", "Bronze"), ("tags", ["重点", "闲"])])
def test_a_word_beyond_the_list_is_told_with_the_list(field, typed):
    policy = CompanyPolicy(lists={"grade": ("Gold", "Silver"), "tags": ("重点",)})
    report = CustomerRegistry(policy=policy, rules=[]).check({**BASE, field: typed})
    (issue,) = report.issues
    assert issue.code == "not_in_list"
    assert issue.params["allowed"] == policy.lists[field]


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", "上\u200b海公司", ["name.control_chars"]),
        ("name", "上\ue000海公司", ["name.pua_char"]),
        ("owner", "李\u200b雷", ["text.invisible"]),
        ("owner", "李\ue000雷", ["text.unusual_char"]),
        ("owner", "李\u200b\ue000雷", ["text.invisible", "text.unusual_char"]),
    ],
    ids=ascii,
)
def test_what_was_dropped_or_may_not_show_is_told(field, typed, told):
    assert codes(**{field: typed}) == told


def test_a_character_that_may_not_show_is_told_with_its_place():
    (issue,) = CustomerRegistry(rules=[]).check({**BASE, "owner": "李\ue000雷"})
    assert issue.params == {"pos": 2}


def test_a_phone_from_a_number_cell_is_told():
    assert paths(phone=13800138000) == [("phone.from_number", "phone")]
    assert register(phone=13800138000).phones[0].number == "+8613800138000"


def test_a_reader_s_warning_that_the_company_silenced_is_not_told():
    policy = CompanyPolicy(severities={"phone.from_number": None})
    assert codes(policy, phone=13800138000) == []


def test_a_phone_may_say_what_it_is_used_for():
    (phone,) = register(phone={"number": "13800138000", "use": "传真"}).phones
    assert phone.use == "传真"


def test_a_phone_with_unknown_parts_is_told():
    assert paths(phone={"number": "13800138000", "colour": 1}) == [
        ("field.unknown", "phone.colour")
    ]


def test_a_phone_with_a_use_alone_is_no_phone():
    assert register(phone={"use": "fax"}).phones == ()


def test_the_company_s_area_code_completes_a_local_number():
    policy = CompanyPolicy(area_code="010")
    assert codes(policy, phone="62345678") == ["phone.area_code_added"]
    assert str(register(policy, phone="62345678").phones[0].number) == "+861062345678"


def test_the_same_phone_twice_is_one_phone():
    (contact,) = register(contacts=[{"phones": ["13800138000", "138 0013 8000"]}]).contacts
    assert len(contact.phones) == 1


@pytest.mark.parametrize(
    ("typed", "kept", "told"),
    [
        ("ｌi@example.cn", "li@example.cn", ["email.fullwidth"]),
        ('"李雷" <li@example.cn>', "li@example.cn", []),
    ],
)
def test_an_email_is_read_as_mail_programs_write_it(typed, kept, told):
    assert codes(email=typed) == told
    assert str(register(email=typed).emails[0]) == kept


def test_a_nameless_contact_takes_the_name_before_its_email():
    (contact,) = register(contacts=[{"emails": ['"李雷" <li@example.cn>']}]).contacts
    assert contact.name == "李雷"


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "韩梅梅", "emails": ['"李雷" <li@example.cn>']},
        {"name": "韩梅梅", "emails": '"李雷" <li@example.cn>'},
    ],
)
def test_a_named_contact_keeps_its_name(typed):
    assert register(contacts=[typed]).contacts[0].name == "韩梅梅"


def test_a_text_alone_is_a_contact_s_name():
    assert register(contacts="李雷").contacts[0].name == "李雷"


@pytest.mark.parametrize(
    ("typed", "primary"),
    [
        ([{"name": "a"}, {"name": "b"}], [True, False]),
        ([{"name": "a"}, {"name": "b", "is_primary": True}], [False, True]),
        ([{"name": "a", "is_primary": "是"}, {"name": "b", "is_primary": 1}], [True, False]),
        ([{"name": "a", "is_primary": "否"}, {"name": "b", "is_primary": "√"}], [False, True]),
        ([{"name": "a", "is_primary": None}, {"name": "b", "is_primary": 0}], [True, False]),
    ],
)
def test_one_contact_is_the_primary_one(typed, primary):
    assert [contact.is_primary for contact in register(contacts=typed).contacts] == primary


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("true", "false"), ("yes", "no"), ("Y", "N"), ("1", "0"), ("on", "off"), ("是", "否"),
        ("√", "×"), (True, ""), (1, False),
    ],
)  # fmt: skip
def test_yes_and_no_are_said_in_many_words(yes, no):
    typed = [{"name": "a", "is_primary": no}, {"name": "b", "is_primary": yes}]
    first, second = register(contacts=typed).contacts
    assert (first.is_primary, second.is_primary) == (False, True)


@pytest.mark.parametrize(
    "typed", ["perhaps", 2, [], {}, object()], ids=lambda it: type(it).__name__
)
def test_what_is_neither_yes_nor_no_is_told(typed):
    assert paths(contacts=[{"name": "a", "is_primary": typed}]) == [
        ("field.type", "contacts.0.is_primary")
    ]


@pytest.mark.parametrize("tag", ["zh", "zh-CN", "zh-Hant-TW", "en-US", "yue"])
def test_a_language_is_named_by_its_tag(tag):
    assert register(contacts=[{"name": "a", "language": tag}]).contacts[0].language == tag


@pytest.mark.parametrize("tag", ["中文", "e", "zh_CN", "zh-", "zh-toolongsubtag", "1x"])
def test_what_is_no_language_tag_is_told(tag):
    assert paths(contacts=[{"name": "a", "language": tag}]) == [
        ("language.unknown", "contacts.0.language")
    ]


def test_messengers_go_by_name_and_a_blank_one_goes():
    (contact,) = register(contacts=[{"messengers": {"wechat": "wx", "qq": ""}}]).contacts
    assert contact.messengers == {"wechat": "wx"}


def test_messengers_that_are_no_mapping_are_told():
    assert paths(contacts=[{"name": "a", "messengers": "wx"}]) == [
        ("field.type", "contacts.0.messengers")
    ]


def test_an_unknown_part_of_a_contact_is_told():
    assert paths(contacts=[{"name": "a", "fax": "1"}]) == [("field.unknown", "contacts.0.fax")]


def test_a_misspelt_part_of_a_contact_is_told_with_the_part_that_is_meant():
    (issue,) = CustomerRegistry(rules=[]).check({**BASE, "contacts": [{"phone": "13800138000"}]})
    assert (issue.code, issue.suggestion) == ("field.unknown", "phones")
    assert dict(issue.params) == {"name": "phone", "hint": " (phones?)"}


def test_an_entry_without_anything_is_no_entry():
    customer = register(
        contacts=[{"name": ""}, {}, None, ""], addresses=[{"country": "CN"}], bank_accounts=[{}]
    )
    assert (customer.contacts, customer.addresses, customer.bank_accounts) == ((), (), ())


@pytest.mark.parametrize("typed", ["!", "a" * 37, True, 1.5, "１", []], ids=repr)
def test_an_entry_s_id_is_short_and_plain(typed):
    told = paths(contacts=[{"id": typed, "name": "a"}])
    assert told == ([] if typed == [] else [("entry.id", "contacts.0.id")])


def test_two_entries_with_one_id_are_told():
    contacts = [{"id": "x", "name": "a"}, {"id": "x", "name": "b"}]
    assert paths(contacts=contacts) == [("entry.twice", "contacts.1.id")]


def test_an_address_is_a_text_or_its_parts():
    text, parts = register(
        addresses=[
            "路1号",
            {"street_address": "路2号", "country": "中国", "purposes": "billing,收货"},
        ]
    ).addresses
    assert (text.street_address, text.country) == ("路1号", "CN")
    assert (parts.country, parts.purposes) == ("CN", ("billing", "收货"))


def test_a_country_that_nobody_knows_is_told():
    assert ("country.unknown", "addresses.0.country") in paths(
        addresses=[{"street_address": "x", "country": "Atlantis"}]
    )


@pytest.mark.parametrize("typed", [None, "", 5, True])
def test_a_country_that_was_not_typed_as_text_is_the_company_s(typed):
    told = codes(addresses=[{"street_address": "x", "country": typed}])
    assert told == (["country.unknown"] if typed == 5 else ["field.type"] if typed is True else [])


@pytest.mark.parametrize("typed", [10083, 10083.0])
def test_a_postal_code_that_lost_its_zero_gets_it_back(typed):
    raw = {"addresses": [{"street_address": "x", "postal_code": typed}]}
    assert register(**raw).addresses[0].postal_code == "010083"
    assert codes(**raw) == ["postal.leading_zero_restored"]


@pytest.mark.parametrize(("typed", "kept"), [(10000, "010000"), (99999, "099999")])
def test_the_first_and_the_last_number_that_lost_a_zero_get_it_back(typed, kept):
    raw = {"addresses": [{"street_address": "x", "postal_code": typed}]}
    assert register(**raw).addresses[0].postal_code == kept


@pytest.mark.parametrize("typed", [10083.5, -1008, 1008, "10083"])
def test_a_postal_code_that_lost_more_than_a_cells_zero_is_refused(typed):
    raw = {"addresses": [{"street_address": "x", "postal_code": typed}]}
    assert codes(**raw) == ["postal.format"]


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [("CN", "200000.0", "200000"), ("CN", 200000, "200000"), ("JP", "〒100-0001", "100-0001")],
)
def test_a_postal_code_is_kept_without_what_stands_around_it(country, typed, kept):
    raw = {"addresses": [{"country": country, "street_address": "x", "postal_code": typed}]}
    assert register(**raw).addresses[0].postal_code == kept


def test_a_postal_code_abroad_is_left_as_it_is():
    raw = {"addresses": [{"country": "DE", "street_address": "x", "postal_code": 10117}]}
    assert register(**raw).addresses[0].postal_code == "10117"


def test_the_first_address_names_the_country_of_phones_and_tax_numbers():
    customer = register(addresses=[{"country": "HK", "street_address": "x"}], phone="29876543")
    assert customer.phones[0].region == "HK"


def test_a_tax_number_without_a_scheme_tells_which_was_taken():
    report = CustomerRegistry().check({**BASE, "tax_identifiers": uscc(3)})
    assert [(issue.code, issue.params) for issue in report] == [
        ("tax_id.scheme_taken", {"scheme": "cn.uscc"})
    ]


@pytest.mark.parametrize(
    ("country", "typed", "scheme"),
    [
        ("HK", uscc(3), "cn.uscc"),
        ("TW", uscc(3), "cn.uscc"),
        ("CN", "DE123456788", "eu.vat"),
        ("HK", "ATU12345675", "eu.vat"),
    ],
)
def test_a_number_that_its_country_refuses_is_known_by_its_check_or_its_prefix(
    country, typed, scheme
):
    address = {"country": country, "street_address": "x"}
    (number,) = register(addresses=[address], tax_identifiers=[typed]).tax_identifiers
    assert (number.scheme, number.number) == (scheme, typed)


def test_a_tax_number_with_its_scheme_needs_no_telling():
    assert codes(tax_identifiers=[{"scheme": "cn.uscc", "number": uscc(3)}]) == []


def test_the_same_tax_number_twice_is_one():
    number = uscc(3)
    assert len(register(tax_identifiers=[number, f" {number.lower()}"]).tax_identifiers) == 1


@pytest.mark.parametrize(
    ("field", "part", "path"),
    [
        ("tax_identifiers", [{"scheme": "cn.uscc"}], "tax_identifiers.0.number"),
        ("identity_document", {"type": "passport"}, "identity_document.number"),
        ("bank_accounts", [{"bank": "工行"}], "bank_accounts.0.number"),
    ],
)
def test_a_number_that_is_missing_beside_its_sort_is_told(field, part, path):
    assert paths(**{field: part}) == [("required", path)]


def test_an_identity_document_as_a_text_is_a_resident_card():
    customer = register(kind="person", name="王芳", identity_document=resident_id(3))
    assert customer.identity_document.type == "cn.resident_id"


@pytest.mark.parametrize("field", ["tax_identifiers", "identity_document"])
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (9.1e17, "import.precision_loss"),
        (10**15, "import.precision_loss"),
        ("9.1E+17", "import.scientific"),
    ],
)
def test_a_number_that_a_spreadsheet_spoilt_is_told(field, typed, code):
    assert codes(**{field: typed}) == [code]


def test_a_number_of_fifteen_digits_has_lost_none():
    (account,) = register(bank_accounts=[{"number": 10**15 - 1}]).bank_accounts
    assert account.number == "999999999999999"


def test_an_account_that_a_spreadsheet_spoilt_is_told_once():
    told = paths(bank_accounts=[{"number": "6.2E+18"}])
    assert told == [("import.scientific", "bank_accounts.0.number")]


@pytest.mark.parametrize("typed", ["1.5E+3.2", "E+5", "1E+5x", "ABCE+12"])
def test_what_only_looks_scientific_is_judged_as_a_number(typed):
    assert "import.scientific" not in codes(identity_document={"type": "x", "number": typed})


def test_an_invoice_profile_is_read_part_by_part():
    profile = register(
        invoice_profile={
            "title": "浦江",
            "tax_number": uscc(3).lower(),
            "account": "6222 0212 3456 7890",
            "email": "Fapiao@Example.CN",
        }
    ).invoice_profile
    assert profile.tax_number == uscc(3)
    assert profile.account == "6222021234567890"
    assert profile.email == "Fapiao@example.cn"


@pytest.mark.parametrize(
    ("part", "typed", "code"),
    [
        ("tax_number", "91", "tax_id.too_short"),
        ("tax_number", 9e17, "import.precision_loss"),
        ("account", "1", "bank_account.format"),
        ("email", "x", "email.format"),
        ("colour", "x", "field.unknown"),
    ],
)
def test_an_unsound_part_of_an_invoice_profile_is_told_there(part, typed, code):
    assert paths(invoice_profile={part: typed}) == [(code, f"invoice_profile.{part}")]


@pytest.mark.parametrize(("country", "number"), [("HK", uscc(3)), ("CN", "04595257")])
def test_an_invoice_may_show_a_number_of_another_tax_country(country, number):
    address = {"country": country, "street_address": "x"}
    customer = register(addresses=[address], invoice_profile={"tax_number": number})
    assert customer.invoice_profile.tax_number == number


def test_an_invoice_shows_no_number_that_is_sound_in_no_tax_country():
    address = {"country": "HK", "street_address": "x"}
    told = codes(addresses=[address], invoice_profile={"tax_number": "91110000600037341M"})
    assert told == ["hk_br.format"]


@pytest.mark.parametrize("typed", [{}, "", {"title": ""}, {"account": " ", "tax_number": None}])
def test_a_blank_invoice_profile_is_none(typed):
    assert register(invoice_profile=typed).invoice_profile is None


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("  文本 ", "文本"),
        (5, 5),
        (True, True),
        (1.5, Decimal("1.5")),
        (Decimal("2.50"), Decimal("2.50")),
        (date(2026, 1, 2), date(2026, 1, 2)),
        (datetime(2026, 1, 2, 3, tzinfo=UTC), date(2026, 1, 2)),
        ({"decimal": "0.130"}, Decimal("0.130")),
        ({"date": "2026-01-02"}, date(2026, 1, 2)),
    ],
    ids=repr,
)
def test_a_custom_field_keeps_its_type(typed, value):
    kept = register(custom={"门店数": typed}).custom["门店数"]
    assert kept == value
    assert type(kept) is type(value)


@pytest.mark.parametrize(
    "typed",
    [
        math.inf, 10**30, Decimal("NaN"), Decimal("1e40"), [], {}, b"x",
        {"decimal": "1", "of": 2}, {"decimal": "NaN"}, {"decimal": "1e30"}, {"decimal": "x"},
        {"date": "2026-02-30"}, {"date": "2026-01-02", "of": 2},
    ],
    ids=repr,
)  # fmt: skip
def test_what_no_custom_field_can_hold_is_told(typed):
    assert paths(custom={"x": typed}) == [("field.type", "custom.x")]


@pytest.mark.parametrize("name", ["", "  ", 5, "\0", "n" * 61], ids=ascii)
def test_a_custom_field_needs_a_name(name):
    assert [code for code, _ in paths(custom={name: 1})] == ["custom.name"]


def test_a_blank_custom_field_is_none():
    assert register(custom={"x": "", "y": None}).custom == {}


@pytest.mark.parametrize(
    ("flat", "listed"),
    [
        ({"phone": "13800138000"}, "contacts"),
        ({"email": "a@example.cn"}, "contacts"),
        ({"contact": "李雷"}, "contacts"),
        ({"address": "路1号"}, "addresses"),
        ({"postal_code": "100083"}, "addresses"),
    ],
)
def test_the_small_form_makes_a_first_entry(flat, listed):
    (entry,) = getattr(register(**flat), listed)
    assert entry.id == "1-1"


@pytest.mark.parametrize("flat", ["phone", "email", "contact", "address", "postal_code"])
@pytest.mark.parametrize("typed", [None, "", " "])
def test_a_blank_small_form_makes_no_entry(flat, typed):
    customer = register(**{flat: typed})
    assert (customer.contacts, customer.addresses) == ((), ())


@pytest.mark.parametrize(
    ("flat", "typed", "listed"),
    [
        ("phone", "13800138000", {"contacts": [{"name": "李雷"}]}),
        ("postal_code", "100083", {"addresses": ["路1号"]}),
    ],
)
def test_a_flat_field_beside_its_list_is_given_twice(flat, typed, listed):
    assert (("field.twice", flat)) in paths(**{flat: typed}, **listed)


@pytest.mark.parametrize("left", [None, "", [], ()])
def test_a_form_may_show_the_list_and_the_flat_field_and_leave_one(left):
    flat = register(phone="13800138000", contacts=left, address="路1号", addresses=left)
    assert [str(phone) for phone in flat.phones] == ["+8613800138000"]
    assert flat.addresses[0].street_address == "路1号"
    listed = register(phone=left, contact="", contacts=[{"name": "李雷", "phones": "13900139000"}])
    assert [contact.name for contact in listed.contacts] == ["李雷"]
    assert [str(phone) for phone in listed.phones] == ["+8613900139000"]


@pytest.mark.parametrize("flat", ["phone", "email", "postal_code"])
def test_an_unsound_flat_field_is_told_where_it_was_typed(flat):
    (told,) = paths(**{flat: "?"})
    assert told[1] == flat


@pytest.mark.parametrize("flat", ["contact", "phone", "email", "address", "postal_code"])
def test_a_sign_that_no_text_may_hold_is_told_where_it_was_typed(flat):
    (told,) = paths(**{flat: "路\0"})
    assert told[1] == flat


@pytest.fixture
def customer():
    return register(
        contacts=[
            {"name": "李雷", "phones": ["13800138000", "021-62345678"], "emails": "a@example.cn"},
            {"name": "韩梅梅", "is_primary": True, "phones": ["13900139000", "13700137000"]},
        ],
        addresses=[
            {"street_address": "路1号", "region": "上海市", "postal_code": "200120"},
            "路2号",
        ],
    )


def edited(customer, **fields):
    registry = CustomerRegistry()
    with registry.unit("load", writing=True) as work:
        work.customers.add(customer)
    return registry.update(customer, fields).customer


def test_a_flat_phone_replaces_the_first_of_the_primary_contact(customer):
    first, primary = edited(customer, phone="13600136000").contacts
    assert [str(phone.number) for phone in primary.phones] == ["+8613600136000", "+8613700137000"]
    assert first == customer.contacts[0]


def test_a_flat_phone_that_is_there_already_moves_to_the_front(customer):
    _, primary = edited(customer, phone="13700137000").contacts
    assert [str(phone.number) for phone in primary.phones] == ["+8613700137000"]


def test_a_blank_flat_phone_takes_the_first_one_away(customer):
    _, primary = edited(customer, phone="").contacts
    assert [str(phone.number) for phone in primary.phones] == ["+8613700137000"]


def test_a_flat_phone_beside_a_list_as_it_was_replaces_the_first(customer):
    _, primary = edited(customer, **{**customer.raw(), "phone": "13600136000"}).contacts
    assert [str(phone.number) for phone in primary.phones] == ["+8613600136000", "+8613700137000"]


def test_a_blank_flat_phone_beside_the_list_takes_nothing_away(customer):
    assert edited(customer, **customer.raw(), phone="", contact=None, address=" ").version == 1


def test_a_flat_phone_beside_another_list_is_given_twice(customer):
    with pytest.raises(ValidationFailed) as refusal:
        edited(customer, contacts=[], phone="13600136000")
    assert [issue.code for issue in refusal.value.report.errors] == ["field.twice"]


def test_a_flat_contact_renames_the_primary_one(customer):
    first, primary = edited(customer, contact="韩美").contacts
    assert (first.name, primary.name, primary.id) == ("李雷", "韩美", "1-2")


def test_a_flat_address_replaces_the_street_of_the_first_one(customer):
    first, second = edited(customer, address="路9号").addresses
    assert (first.street_address, first.region, first.id) == ("路9号", "上海市", "1-1")
    assert second.street_address == "路2号"


def test_a_flat_postal_code_replaces_just_that(customer):
    first, _ = edited(customer, postal_code="200001").addresses
    assert (first.street_address, first.postal_code) == ("路1号", "200001")


def test_a_flat_field_that_says_what_is_known_changes_nothing(customer):
    assert edited(customer, phone="139 0013 9000", address="路1号").version == 1


def test_a_flat_email_makes_the_first_contact_of_a_customer_without_any():
    edited_customer = edited(register(), email="a@example.cn")
    assert [contact.id for contact in edited_customer.contacts] == ["2-1"]


def test_a_mobile_makes_the_primary_contact_of_a_customer_without_any():
    in_india = register(addresses=[{"country": "IN", "street_address": "1 MG Road"}])
    customer = edited(in_india, phone="8989889890")
    assert [str(phone) for phone in customer.primary_contact.phones] == ["+918989889890"]
    assert customer.primary_contact.is_primary


@pytest.mark.parametrize("field", ["id", "version", "code", "status", "kind", "name"])
def test_what_was_shown_may_come_back(customer, field):
    assert edited(customer, **{field: customer.raw()[field]}).version == 1


def test_echoes_may_come_back_as_a_web_form_sends_them(customer):
    after = edited(customer, version="1", id=str(customer.id), code="c000001")
    assert after.version == 1


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("id", "x", "read_only"),
        ("version", 9, "read_only"),
        ("code", "C000009", "code.immutable"),
        ("code", "", "code.immutable"),
        ("status", "blocked", "read_only"),
        ("kind", "", "required"),
        ("name", " ", "name.required"),
    ],
)
def test_what_an_edit_cannot_change_is_told(customer, field, typed, code):
    with pytest.raises(ValidationFailed) as refused:
        edited(customer, **{field: typed})
    assert code in [issue.code for issue in refused.value.report.errors]


def test_an_entry_with_an_id_nobody_knows_is_told(customer):
    with pytest.raises(ValidationFailed) as refused:
        edited(customer, contacts=[{"id": "9-9", "name": "李雷"}])
    assert [issue.code for issue in refused.value.report.errors] == ["entry.unknown"]


def test_a_partial_entry_keeps_the_parts_that_were_not_typed(customer):
    (contact,) = edited(customer, contacts=[{"id": "1-1", "title": "经理"}]).contacts
    assert (contact.name, contact.title, len(contact.phones)) == ("李雷", "经理", 2)


def test_phones_and_emails_that_come_back_are_the_same_ones(customer):
    contacts = customer.raw()["contacts"]
    contacts[0]["title"] = "经理"
    first, _ = edited(customer, contacts=contacts).contacts
    assert first.phones == customer.contacts[0].phones
    assert first.emails == customer.contacts[0].emails
    assert [phone.raw for phone in first.phones] == ["13800138000", "021-62345678"]


def test_a_part_typed_empty_is_cleared(customer):
    (contact,) = edited(customer, contacts=[{"id": "1-1", "phones": []}]).contacts
    assert (contact.name, contact.phones) == ("李雷", ())


def test_an_entry_that_was_not_typed_goes(customer):
    (address,) = edited(customer, addresses=[{"id": "1-2"}]).addresses
    assert address.street_address == "路2号"


def test_custom_fields_not_typed_stay_and_blank_ones_go():
    registry = CustomerRegistry()
    customer = registry.register({**BASE, "custom": {"a": 1, "b": 2}}).customer
    assert registry.update(customer, custom={"a": None, "c": 3}).customer.custom == {"b": 2, "c": 3}


def test_a_company_s_defaults_fill_what_was_not_typed():
    policy = CompanyPolicy.loads('[defaults.all]\ngrade = "C"\ntags = ["新"]')
    customer = register(policy)
    assert (customer.grade, customer.tags, customer.currency) == ("C", ("新",), "CNY")


@pytest.mark.parametrize("typed", ["B", None, ""])
def test_a_default_does_not_overrule_what_was_typed_even_if_it_was_nothing(typed):
    policy = CompanyPolicy.loads('[defaults.all]\ngrade = "C"')
    assert register(policy, grade=typed).grade == (typed or None)


@pytest.mark.parametrize("field", ["website", "currency", "grade"])
def test_a_default_that_cannot_be_read_is_a_mistake_of_the_policy(field):
    policy = CompanyPolicy.loads(f"[defaults.all]\n{field} = [1]")
    with pytest.raises(PolicyError, match="defaults: "):
        CustomerRegistry(policy=policy)


def test_a_default_may_be_an_entry_of_a_list():
    policy = CompanyPolicy.loads('[defaults.all]\ncontacts = ["前台"]')
    assert register(policy).contacts[0].name == "前台"


@pytest.mark.parametrize(
    ("required", "raw", "path"),
    [
        ("contacts.phones", {"contact": "李雷"}, ("contacts",)),
        ("contacts.emails", {"contact": "李雷"}, ("contacts",)),
        ("contacts.name", {"phone": "13800138000"}, ("contacts",)),
        ("phone", {"contact": "李雷"}, ("phone",)),
        ("email", {}, ("email",)),
        ("contact", {}, ("contact",)),
        ("address", {"postal_code": "100083"}, ("address",)),
        ("postal_code", {"address": "路1号"}, ("postal_code",)),
        ("contacts", {}, ("contacts",)),
        ("tax_identifiers", {}, ("tax_identifiers",)),
        ("grade", {}, ("grade",)),
        ("custom", {}, ("custom",)),
        ("credit_limit", {}, ("credit_limit",)),
    ],
)
def test_what_the_company_requires_is_told_where_people_type_it(required, raw, path):
    policy = CompanyPolicy(required={PartyKind.ORGANIZATION: (required,)})
    report = CustomerRegistry(policy=policy, rules=[]).check({**BASE, **raw})
    assert [(issue.code, issue.path) for issue in report.errors] == [("required", path)]


@pytest.mark.parametrize(
    ("required", "raw"),
    [
        ("contacts.phones", {"phone": "13800138000"}),
        ("phone", {"contacts": [{"phones": "13800138000"}]}),
        ("email", {"email": "a@example.cn"}),
        ("contacts.name", {"contact": "李雷"}),
        ("address", {"addresses": ["路1号"]}),
        ("postal_code", {"postal_code": "100083"}),
        ("credit_limit", {"credit_limit": 0}),
        ("custom", {"custom": {"x": False}}),
    ],
)
def test_what_the_company_requires_may_be_typed_in_either_form(required, raw):
    policy = CompanyPolicy(required={PartyKind.ORGANIZATION: (required,)})
    assert codes(policy, **raw) == []


def test_what_is_required_of_organisations_is_not_required_of_persons():
    policy = CompanyPolicy(required={PartyKind.ORGANIZATION: ("grade",)})
    assert codes(policy, kind="person") == []


def test_a_required_field_that_was_typed_wrong_is_told_once():
    policy = CompanyPolicy(required={PartyKind.ORGANIZATION: ("phone",)})
    assert codes(policy, phone="1") == ["phone.too_short"]


def test_a_warning_about_one_part_does_not_hide_that_another_is_missing():
    policy = CompanyPolicy(required={PartyKind.ORGANIZATION: ("contacts.emails",)})
    told = codes(policy, contacts=[{"name": "李雷", "phones": [13800138000]}])
    assert told == ["phone.from_number", "required"]


def test_a_required_list_that_was_typed_wrong_is_not_called_empty_as_well():
    policy = CompanyPolicy.loads('[required]\nall = ["tax_identifiers"]')
    assert codes(policy, tax_identifiers=["91"]) == ["tax_id.too_short"]
    assert codes(policy) == ["required"]


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ({"name": "\0"}, ["text.forbidden", "required"]),
        ({"name": "\0", "phones": ["13800138000"]}, ["text.forbidden"]),
    ],
)
def test_a_required_part_is_missed_beside_another_that_is_wrong(contact, told):
    policy = CompanyPolicy.loads('[required]\nall = ["contacts.phones"]')
    assert sorted(codes(policy, contacts=[contact])) == sorted(told)


def test_an_edit_is_not_asked_for_what_it_does_not_touch():
    registry = CustomerRegistry()
    customer = registry.register(BASE).customer
    policy = CompanyPolicy(required={PartyKind.ORGANIZATION: ("phone", "grade")})
    strict = CustomerRegistry(repository=registry._office.repository, policy=policy)
    assert strict.update(customer, owner="li.lei").customer.owner == "li.lei"


def test_clearing_what_is_required_is_told():
    policy = CompanyPolicy(required={PartyKind.ORGANIZATION: ("grade",)})
    registry = CustomerRegistry(policy=policy)
    customer = registry.register({**BASE, "grade": "A"}).customer
    report = registry.check({"grade": ""}, of=customer)
    assert [(issue.code, issue.path) for issue in report.errors] == [("required", ("grade",))]


def test_every_example_reads_back_as_it_was_kept():
    for seed in range(5):
        for kind in ("person", "organization"):
            registry = CustomerRegistry()
            customer = registry.register(make_raw(kind, seed)).customer
            assert registry.update(customer, customer.raw()).version == 1


def test_a_code_above_is_read_as_a_code():
    registry = CustomerRegistry()
    registry.register(BASE)
    below = registry.register(kind="organization", name="乙有限公司", parent="ｃ000001 ").customer
    assert below.parent == CustomerCode("C000001")


class ForeignInteger:
    """A whole number of another library's type: it is no int, and knows its index."""

    def __init__(self, number):
        self.number = number

    def __index__(self):
        if self.number is None:
            raise TypeError
        return self.number


class ForeignFloat(float):
    """A float that shows itself in its library's own way."""

    def __repr__(self):
        return f"np.float64({float(self)})"


def test_numbers_of_a_table_library_are_read_as_numbers():
    customer = (
        CustomerRegistry()
        .register(
            kind="person",
            name="王芳",
            phone=ForeignInteger(13800138000),
            credit_limit=ForeignFloat(2000.5),
            custom={"门店数": ForeignInteger(3), "面积": ForeignFloat(1.5)},
        )
        .customer
    )
    assert str(customer.phones[0]) == "+8613800138000"
    assert customer.credit_limit == Money.parse("2000.5 CNY")
    assert customer.custom == {"门店数": 3, "面积": Decimal("1.5")}


def test_the_blanks_of_a_table_library_are_blank():
    customer = (
        CustomerRegistry()
        .register(kind="person", name="王芳", phone=float("nan"), grade=ForeignFloat("nan"))
        .customer
    )
    assert (customer.phones, customer.grade) == ((), None)
    report = CustomerRegistry().check(kind="person", name=float("nan"))
    assert [issue.code for issue in report] == ["name.required"]


@pytest.mark.parametrize("said", ["/", " — ", "无", "暂无", "N/A", "ｎ／ａ", "null"])
def test_a_word_for_none_is_nothing_where_it_can_be_no_value(said):
    fields = dict.fromkeys(("phone", "email", "postal_code", "website"), said)
    accounts = [{"bank": said, "number": said}, {"bank": "工商银行", "number": "1234567890"}]
    receipt = CustomerRegistry().register(
        BASE | fields, bank_accounts=accounts, identity_document=said, tax_identifiers=said
    )
    customer = receipt.customer
    assert (customer.contacts, customer.addresses, customer.website) == ((), (), None)
    assert customer.identity_document is None
    assert [account.bank for account in customer.bank_accounts] == ["工商银行"]
    told = {issue.path[0] for issue in receipt.report if issue.code == "nothing_said"}
    assert told == {*fields, "bank_accounts", "identity_document"}
    assert [one.scheme for one in customer.tax_identifiers] == ["none"]


@pytest.mark.parametrize("said", ["无锡", "NA-1", "-1", "***", "1/2"])
def test_what_says_more_than_none_is_refused(said):
    assert "nothing_said" not in codes(phone=said)
    assert [issue.severity for issue in CustomerRegistry().check(BASE, phone=said).errors]


@pytest.mark.parametrize("said", ["/", "-", "无"])
def test_no_limit_and_no_credit_are_not_the_same_and_nobody_guesses(said):
    assert codes(credit_limit=said) == ["money.format"]


def test_a_word_for_none_clears_a_phone_in_an_edit():
    registry = CustomerRegistry()
    customer = registry.register(BASE, phone="13800138000", contact="李雷").customer
    assert registry.update(customer, phone="无").customer.phones == ()


def test_a_required_field_is_not_filled_by_a_word_for_none():
    report = CustomerRegistry(policy=CompanyPolicy(required={"organization": ("phone",)})).check(
        BASE, phone="/"
    )
    assert {issue.code for issue in report} == {"nothing_said", "required"}


class NAType:
    """What stands in a table for a missing number; it says neither yes nor no of being equal."""

    def __eq__(self, other):
        return self

    def __bool__(self):
        raise TypeError

    __hash__ = None


class NaTType(datetime):
    """What stands in a table for a missing time."""


@pytest.mark.parametrize("missing", [NAType(), NaTType(1, 1, 1)])
def test_what_a_table_library_lacks_is_blank_wherever_it_stands(missing):
    fields = dict.fromkeys(RawCustomer.__annotations__.keys() - {"id", "version"}, missing)
    customer = CustomerRegistry().register({**fields, **BASE, "phone": "13800138000"}).customer
    assert [str(phone) for phone in customer.phones] == ["+8613800138000"]
    filled = {name for name, value in customer.raw().items() if value not in (None, [], {})}
    assert filled == {"id", "version", "code", "status", "kind", "name", "contacts"}


@pytest.mark.parametrize("number", [None, 10**50])
def test_what_is_no_number_after_all_is_said(number):
    report = CustomerRegistry().check(kind="person", name="王芳", phone=ForeignInteger(number))
    assert [issue.code for issue in report.errors] == ["field.type"]
