"""The form a screen shows is the form the registry reads, and its schema says the same."""

import json
from datetime import date
from decimal import Decimal
from functools import cache

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from customer_registry import CompanyPolicy, CustomerRegistry, PartyKind, describe_form
from customer_registry.domain.customer import SMALL_FORM, custom_shape
from customer_registry.testing import customers, make_raw, raw_customers
from customer_registry.validation import tables
from customer_registry.validation.reading import READERS

OPEN = CompanyPolicy()
STRICT = CompanyPolicy.loads(
    """
    [required]
    all = ["phone", "grade"]
    organization = ["tax_identifiers", "addresses", "contacts.emails"]
    person = ["address", "identity_document"]
    [defaults]
    organization = { payment_method = "转账" }
    [lists]
    grade = ["A", "B", "C"]
    tags = ["重点", "年框"]
    [max_length]
    short_name = 6
    [codes]
    mode = "manual"
    [custom."门店数"]
    type = "number"
    minimum = 0
    maximum = 1000000000000
    label = { zh = "门店数量", en = "shops" }
    required = ["organization"]
    [custom."开业"]
    type = "date"
    [custom."连锁"]
    type = "bool"
    [custom."仓库"]
    type = "choice"
    choices = ["东", "西"]
    required = true
    [custom."账套"]
    pattern = "[A-Z]{2}[0-9]{3}"
    max_length = 10
    """
)
LENIENT = CompanyPolicy.loads(
    """
    [lists]
    grade = ["A"]
    [severity]
    not_in_list = "warning"
    format = "warning"
    "custom.maximum" = "warning"
    "custom.unknown" = "warning"
    [custom.size]
    type = "number"
    maximum = 5
    [custom.team]
    pattern = "[A-Z]+"
    [custom.colour]
    type = "choice"
    choices = ["red"]
    """
)
POLICIES = {"open": OPEN, "strict": STRICT}
KINDS = list(PartyKind)


def every(fields, *above):
    """Yield every field with the path to it."""
    for field in fields:
        yield (*above, field.name), field
        yield from every(field.fields, *above, field.name)


def form(policy, kind, language="zh"):
    return describe_form(kind, policy, language)


@cache
def checker(policy, kind):
    schema = form(POLICIES.get(policy, LENIENT), kind).json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def as_json(raw):
    """What reaches a registry by JSON: dates of custom fields with their type beside them."""
    own = raw.get("custom")
    shaped = {name: custom_shape(value) for name, value in own.items()} if own else own
    return json.loads(json.dumps({**raw, "custom": shaped} if own else raw))


def typed(path, value, fields):
    """A raw customer that says one thing, at one place."""
    name, *below = path
    field = next(each for each in fields if each.name == name)
    said = typed(below, value, field.fields) if below else value
    return {name: [said] if field.many and name != "tags" else said}


def told(policy, kind, raw):
    return CustomerRegistry(policy=policy).check({"kind": kind, "name": "王芳", **raw})


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_has_every_field_that_is_read_in_the_groups_order(kind):
    described = form(STRICT, kind)
    assert [group.label for group in described.groups] == [
        "基本信息", "联系方式", "地址信息", "税务", "其他",
    ]  # fmt: skip
    names = [field.name for field in described.fields]
    assert len(names) == len(set(names))
    assert set(names) == {*READERS, *SMALL_FORM} - {"id", "version"}
    assert {field.name: field.stands_for for field in described.fields if field.stands_for} == (
        dict(SMALL_FORM)
    )


def test_every_part_that_is_read_has_its_place_in_the_form():
    for path, field in every(form(OPEN, "organization").fields):
        if field.type == "parts" and path != ("custom",):
            unread = typed((*path, "colour"), "blue", every_with("colour", field, path))
            report = told(OPEN, "organization", unread)
            assert "field.unknown" in [issue.code for issue in report], path
            for part in field.fields:
                report = told(OPEN, "organization", typed((*path, part.name), "x", FIELDS))
                assert "field.unknown" not in [issue.code for issue in report], (path, part.name)


FIELDS = form(OPEN, "organization").fields


def every_with(name, field, path):
    """The form's fields, one of which has a part more."""
    more = attrs.evolve(field.fields[0], name=name, many=False, fields=())
    return put(FIELDS, path, attrs.evolve(field, fields=(*field.fields, more)))


def put(fields, path, changed):
    name, *below = path
    return tuple(
        (attrs.evolve(each, fields=put(each.fields, below, changed)) if below else changed)
        if each.name == name
        else each
        for each in fields
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_told_in_both_languages(kind, language):
    for path, field in every(form(OPEN, kind, language).fields):
        assert field.label[:1] == field.label[:1].upper()
        assert field.help, path
        assert not field.help.endswith((".", "。")), path
        if field.type not in {"parts", "names"} and path != ("kind",):
            assert field.example, path


def test_every_text_of_the_form_stands_in_both_languages():
    pairs = list(texts(tables.table("forms")))
    assert len(pairs) > 100
    assert all(len(pair) == 2 and all(pair) for pair in pairs)


def texts(about):
    for part in about.values():
        if isinstance(part, dict):
            yield from texts(part)
        elif isinstance(part, list):
            yield part


def exemplary(fields):
    """A form filled in with its own examples."""
    filled = {}
    for field in fields:
        value = exemplary(field.fields) if field.fields else field.example
        if value:
            filled[field.name] = [value] if field.many else value
    return filled


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_form_filled_in_with_its_own_examples_is_taken_without_a_word(kind, language):
    fields = form(OPEN, kind, language).fields
    small = exemplary(field for field in fields if field.type != "parts")
    large = exemplary(field for field in fields if not field.stands_for)
    for raw in (small, large):
        raw |= {"kind": str(kind)}
        raw.pop("parent")  # there is nobody yet
        assert told(OPEN, kind, raw).lines(language) == ()
        assert checker("open", kind).is_valid(raw)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_longest_text_is_the_longest_that_is_read(policy, kind):
    described = form(policy, kind)
    counted = 0
    for path, field in every(described.fields):
        if field.max_length is None or field.many:
            continue
        counted += 1
        longest, longer = (
            told(policy, kind, typed(path, "甲" * length, described.fields))
            for length in (field.max_length, field.max_length + 1)
        )
        limits = [each.params["max"] for each in longer if each.code == "too_long"]
        assert limits == [field.max_length], path
        assert "too_long" not in [issue.code for issue in longest], path
    assert counted > 30


def test_every_longest_list_is_the_longest_that_is_read():
    described = form(OPEN, "organization")
    for path, field in every(described.fields):
        if field.many:
            raw = typed(path, ["x"] * (field.most + 1), described.fields)
            raw = {path[0]: raw[path[0]][0]} if len(path) == 1 and path != ("tags",) else raw
            codes = [issue.code for issue in told(OPEN, "organization", raw)]
            assert field.most == 200
            assert codes, path


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_the_schema_requires_is_what_the_registry_reports_as_required(policy, kind):
    described, schema = form(policy, kind), form(policy, kind).json_schema()
    report = CustomerRegistry(policy=policy).check({"kind": kind})
    reported = {issue.path[0] for issue in report if issue.code.endswith("required")}
    alone = set(schema["required"]) - {"kind"}
    either = [{each["required"][0] for each in way["anyOf"]} for way in schema.get("allOf", [])]
    assert alone <= reported
    assert all(reported & ways for ways in either)
    starred = {field.name for field in described.fields if field.required} - {"kind"}
    assert reported <= starred


def test_what_is_required_may_be_typed_flat_or_in_its_list():
    person = checker("strict", "person")
    raw = {
        "kind": "person", "name": "王芳", "grade": "A", "code": "K1", "phone": "13800138000",
        "address": "中关村大街1号", "identity_document": "11010519491231002X",
        "custom": {"仓库": "东"},
    }  # fmt: skip
    listed = {name: value for name, value in raw.items() if name not in {"phone", "address"}}
    listed |= {"contacts": [{"phones": ["13800138000"]}], "addresses": ["中关村大街1号"]}
    lacking = {name: value for name, value in raw.items() if name != "phone"}
    registry = CustomerRegistry(policy=STRICT)
    for shape, fine in ((raw, True), (listed, True), (lacking, False)):
        assert person.is_valid(shape) is fine
        assert registry.check(shape).ok is fine


ASKED_FOR = {
    "grade": "A", "tags": ["重点"], "code": "K1", "short_name": "浦江",
    "custom": {"门店数": 1, "仓库": "东", "开业": "2026-01-05", "连锁": True, "账套": "AB001"},
}  # fmt: skip


@given(raws=raw_customers(), strict=st.booleans())
def test_what_registers_without_an_error_is_valid_by_the_schema(raws, strict):
    policy, kind = ("strict" if strict else "open"), PartyKind(raws["kind"])
    raw = as_json({**make_raw(kind, 3), **raws, **ASKED_FOR} if strict else raws)
    assume(CustomerRegistry(policy=POLICIES[policy]).check(raw).ok)
    assert [error.message for error in checker(policy, kind).iter_errors(raw)] == []


@given(customer=customers())
def test_what_a_customer_shows_for_a_new_one_is_valid_by_the_schema(customer):
    raw = customer.raw(as_new=True)
    assert [error.message for error in checker("open", customer.kind).iter_errors(raw)] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "spoilt",
    [
        {"nmae": "x"},
        {"name": ""},
        {"name": None},
        {"name": "甲" * 201},
        {"grade": "Z"},
        {"short_name": "甲" * 7},
        {"contacts": [{"nmae": "x"}]},
        {"contacts": [{"name": "x" * 101}]},
        {"contacts": [{"language": "?"}]},
        {"contacts": ["李雷"] * 201},
        {"contacts": [{"name": "李雷", "id": "x" * 37}]},
        {"contacts": [{"messengers": {"x" * 61: "y"}}]},
        {"contacts": [{"messengers": {"wechat": "x" * 101}}]},
        {"contacts": [{"messengers": "wechat"}]},
        {"contacts": True},
        {"tags": ["重点", "没有"]},
        {"bank_accounts": [{"bank": "工行"}]},
        {"custom": {"没有": 1}},
        {"custom": {"门店数": -1}},
        {"custom": {"门店数": [1]}},
        {"custom": {"门店数": {"decimal": "1", "of": 2}}},
        {"custom": {"开业": True}},
        {"custom": {"开业": {"date": "2026-01-05", "of": 2}}},
        {"custom": {"连锁": [True]}},
        {"custom": {"仓库": "南"}},
        {"custom": {"账套": "ab1"}},
        {"custom": {"仓库": None}},
        {"tax_identifiers": [{"scheme": "??", "number": "1"}]},
        {"notes": ["x"]},
    ],
    ids=str,
)
def test_what_the_schema_refuses_the_registry_refuses_too(kind, spoilt):
    raw = {**make_raw(kind, 3, grade="A", code="K1"), "custom": {"门店数": 1, "仓库": "东"}}
    raw.pop("short_name", None)
    check = checker("strict", kind)
    assert [error.message for error in check.iter_errors(raw)] == []
    assert CustomerRegistry(policy=STRICT).check(raw).ok
    if isinstance(spoilt.get("custom"), dict):
        spoilt = {"custom": {**raw["custom"], **spoilt["custom"]}}
    assert not check.is_valid({**raw, **spoilt})
    assert not CustomerRegistry(policy=STRICT).check({**raw, **spoilt}).ok


def test_what_a_company_only_warns_about_limits_no_screen():
    raw = {
        "kind": "person",
        "name": "王芳",
        "grade": "Z",
        "custom": {"size": 9, "team": "a", "colour": "blue", "x": 1},
    }
    assert CustomerRegistry(policy=LENIENT).check(raw).ok
    assert checker("lenient", "person").is_valid(raw)


def test_a_company_sees_its_own_fields_by_its_own_names():
    (shops, *_others) = next(
        field.fields
        for field in form(STRICT, "organization", "en").fields
        if field.name == "custom"
    )
    assert (shops.name, shops.label, shops.type, shops.required) == (
        "门店数", "shops", "number", True,
    )  # fmt: skip
    assert (shops.minimum, shops.maximum) == (0, 10**12)


def test_a_default_of_the_company_stands_in_the_form_and_is_not_asked_for():
    policy = CompanyPolicy.loads(
        """
        [required]
        all = ["payment_method", "currency", "industry"]
        [defaults]
        all = { payment_method = "转账" }
        category = { "经销商" = { industry = "批发" } }
        """
    )
    described = {field.name: field for field in form(policy, "person").fields}
    assert described["payment_method"].default == "转账"
    assert described["currency"].default == "CNY"
    assert not {"payment_method", "currency", "industry"} & {
        name for name, field in described.items() if field.required
    }


def test_the_code_is_asked_for_only_where_people_give_it():
    assert "code" not in [field.name for field in form(OPEN, "person").fields]
    code = next(field for field in form(STRICT, "person").fields if field.name == "code")
    assert code.required


def test_a_person_is_asked_in_other_words_than_a_company():
    person, company = (form(OPEN, kind).fields[1] for kind in ("person", "organization"))
    assert (person.example, company.example) == ("欧阳修", "上海浦江贸易有限公司")


def test_a_form_is_plain_data_that_json_holds():
    as_data = attrs.asdict(form(OPEN, "person"))
    assert json.loads(json.dumps(as_data, ensure_ascii=False))["groups"][0]["label"] == "基本信息"


def test_bounds_of_days_and_amounts_come_out_as_json():
    policy = CompanyPolicy.loads(
        '[custom.day]\ntype = "date"\nminimum = 2020-01-01\n'
        '[custom.rate]\ntype = "number"\nminimum = 0.5\ndefault = 1.5\n'
        '[custom.since]\ntype = "date"\ndefault = 2020-01-02'
    )
    schema = json.loads(json.dumps(form(policy, "person").json_schema()))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    parts = schema["properties"]["custom"]["anyOf"][0]["properties"]
    assert (parts["rate"]["default"], parts["since"]["default"]) == (1.5, "2020-01-02")
    assert parts["rate"]["anyOf"][0]["minimum"] == 0.5
    day, rate, _since = next(f.fields for f in form(policy, "person").fields if f.name == "custom")
    assert (day.minimum, rate.minimum) == (date(2020, 1, 1), Decimal("0.5"))


def test_a_kind_that_is_none_is_the_callers_mistake():
    with pytest.raises(ValueError, match="robot"):
        describe_form("robot")


def test_a_blank_is_nothing_in_the_schema_too():
    blank = {
        "kind": "person", "name": "王芳", "grade": "", "notes": None, "identity_document": "",
        "invoice_profile": "", "payment_terms": "", "tags": "", "custom": "", "addresses": "",
        "contacts": [{"name": "", "messengers": "", "language": "", "is_primary": ""}],
        "tax_identifiers": [""], "bank_accounts": [""],
    }  # fmt: skip
    assert CustomerRegistry().check(blank).ok
    assert [error.message for error in checker("open", "person").iter_errors(blank)] == []


def test_the_longest_names_of_free_entries_are_taken_by_schema_and_registry():
    entry = {"name": "李雷", "id": "x" * 36, "messengers": {"x" * 60: "y" * 100}}
    raw = {"kind": "person", "name": "王芳", "contacts": [entry]}
    assert CustomerRegistry().check(raw).ok
    assert checker("open", "person").is_valid(raw)


def test_the_schema_tells_people_what_the_form_tells_them():
    properties = form(STRICT, "person", "en").json_schema()["properties"]
    for field in form(STRICT, "person", "en").fields:
        told = properties[field.name]
        assert (told["title"], told["description"]) == (field.label, field.help)
        assert told.get("examples", [None]) == [field.example]
        assert told.get("default") == field.default


def test_a_list_that_is_required_may_not_be_empty():
    raw = {**make_raw("organization", 3, **ASKED_FOR), "tax_identifiers": []}
    assert not CustomerRegistry(policy=STRICT).check(raw).ok
    messages = [error.message for error in checker("strict", "organization").iter_errors(raw)]
    assert len(messages) == 1


def test_values_that_carry_their_type_are_taken_by_schema_and_registry():
    raw = {**make_raw("person", 3), **ASKED_FOR}
    raw["custom"] = {**raw["custom"], "门店数": {"decimal": "12"}, "开业": {"date": "2026-01-05"}}
    raw["payment_terms"] = {
        "text": "", "anchor": "invoice", "eom": True, "months": 1, "days": 10, "due_day": 5,
        "prepaid_percent": 30, "discounts": [{"percent": 2, "days": 10}], "installments": [],
    }  # fmt: skip
    report = CustomerRegistry(policy=STRICT).check(raw)
    assert report.ok, report.lines("en")
    assert [error.message for error in checker("strict", "person").iter_errors(raw)] == []


@pytest.mark.parametrize("value", [["x"], {"x": 1}, {"decimal": 1}], ids=str)
def test_a_free_field_of_the_company_takes_one_plain_value(value):
    raw = {"kind": "person", "name": "王芳", "custom": {"尺码": value}}
    assert not CustomerRegistry().check(raw).ok
    assert not checker("open", "person").is_valid(raw)


def test_entries_come_back_with_the_id_they_were_shown_with_and_nothing_else_does():
    fields = every(form(STRICT, "organization").fields)
    assert {path for path, field in fields if field.with_id} == {
        ("contacts",), ("addresses",), ("bank_accounts",),
    }  # fmt: skip


def test_a_part_is_called_by_its_own_label():
    labels = {path: field.label for path, field in every(form(OPEN, "organization").fields)}
    assert labels["contacts", "title"] == "职务"
    assert labels["contacts", "phones", "use"] == "用途"
    assert labels["bank_accounts", "cnaps"] == "联行号"
