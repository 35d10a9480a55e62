"""Whatever arrives at the front door is answered with a report or a fact, never with a crash."""

import datetime as dt
import math
import uuid
from collections import OrderedDict, UserDict
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_registry import (
    CustomerNotFound,
    CustomerRegistry,
    InvalidCursor,
    Report,
    StaleVersion,
    ValidationFailed,
)
from customer_registry.domain.customer import RawCustomer
from customer_registry.domain.values.text import line
from customer_registry.testing import make_raw

SECRET = "6222021234567890123"  # noqa: S105  a bank card, not a password
FIELDS = (*RawCustomer.__annotations__, "id", "version", "self", "nmae")
PARTS = {
    "contacts": (
        "id",
        "name",
        "title",
        "phones",
        "emails",
        "messengers",
        "language",
        "is_primary",
        "self",
    ),
    "addresses": (
        "id",
        "country",
        "region",
        "locality",
        "district",
        "street_address",
        "postal_code",
        "purposes",
    ),
    "tax_identifiers": ("scheme", "number"),
    "identity_document": ("type", "number"),
    "bank_accounts": ("id", "bank", "number", "holder", "cnaps", "bic"),
    "invoice_profile": ("title", "tax_number", "address", "phone", "bank", "account", "email"),
    "payment_terms": ("text", "anchor", "eom", "months", "days", "due_day", "discounts"),
    "custom": ("门店数", "", "\0", "x" * 1000),
    "phone": ("number", "use"),
}


def nested(depth: int, made):
    rubbish: object = "底"
    for _ in range(depth):
        rubbish = made(rubbish)
    return rubbish


class Unfriendly:
    """An object that raises whatever it is asked; every reader but that of terms bears it."""

    def __str__(self):
        raise RuntimeError("no text")

    __repr__ = __str__

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    def __hash__(self):
        raise RuntimeError("no hash")

    def __bool__(self):
        raise RuntimeError("no truth")


class Numberlike(int):
    """A whole number that is of a type of its own."""


class Textlike(str):
    """A text that is of a type of its own."""

    __slots__ = ()


TEXTS = [
    "",
    " ",
    "\0",
    "王\0芳",
    "\ud800",
    "王\udfff",
    "\u202eabc",
    "\u2066\u2069",
    "\ufeff",
    "\u200b" * 50,
    "a\u0301" * 300,
    "\x7f\x85",
    "😀" * 10,
    "\U0010ffff",
    "\ue000",
    "１３８００１３８０００",
    "٠١٢٣٤٥٦٧٨٩",
    "²³¹",
    "1e400",
    "9.11E+17",
    "NaN",
    "inf",
    "-0",
    "' OR 1=1 --",
    "%s%n{}{0}{name}",
    "{label}",
    "a@" * 500,
    "@",
    "<>",
    '"',
    "＝cmd|'/C calc'!A0",
    "+" * 300,
    "(" * 300,
    "9" * 4_301,
    "转" * 100,
    "-801" * 100,
    "1" * 1_000_000,
    "字" * 1_000_000,
    " \t\r\n" * 100_000,
    "a.b@" + "c" * 100_000 + ".com",
    "1," * 400_000,
    "20万" * 100_000,
    "\u0301" * 100_000,
    "ﷺ" * 60_000,
]
OTHERS = [
    None,
    True,
    False,
    0,
    -1,
    10**5_000,
    -(10**400),
    0.1,
    1e308,
    -0.0,
    math.nan,
    math.inf,
    -math.inf,
    1j,
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Decimal("1E+1000000"),
    Decimal("1E-1000000"),
    Fraction(1, 3),
    b"bytes",
    bytearray(b"\xff"),
    memoryview(b"x"),
    set(),
    {1, 2},
    frozenset({"a"}),
    range(3),
    (),
    [],
    {},
    [[]],
    [None, None],
    [{}],
    {None: None},
    {1: 2, "1": 2},
    {(1, 2): "x"},
    {"": ""},
    {"\0": "\0", "\ud800": "\ud800"},
    {"self": "x"},
    ["x"] * 201,
    ["1"] * 100_000,
    dt.date(2026, 2, 28),
    dt.datetime(1, 1, 1, tzinfo=dt.UTC),
    dt.time(),
    dt.timedelta.max,
    uuid.UUID(int=0),
    object(),
    object,
    print,
    iter([1]),
    (each for each in [1]),
    Unfriendly(),
    [Unfriendly()],
    Numberlike(7),
    Textlike("王芳"),
    OrderedDict(name="x"),
    UserDict({"name": "x", "number": "1"}),
    {"text": "月结", "discounts": [{"percent": math.nan, "days": 10**30}]},
    {"months": Decimal("1E+400")},
    nested(1_000, lambda inner: [inner]),
    nested(1_000, lambda inner: {"number": inner}),
    nested(1_000, lambda inner: {"name": [inner]}),
]
RUBBISH = [*TEXTS, *OTHERS]


def shown(value: object) -> str:
    """Return a name for a test's parameter."""
    return (
        ascii(value)[:24]
        if isinstance(value, (str, int)) and _short(value)
        else type(value).__name__
    )


def _short(value) -> bool:
    return len(value) < 100 if isinstance(value, str) else abs(value) < 10**20


@pytest.fixture(scope="module")
def registry():
    made = CustomerRegistry()
    made.register(make_raw("organization", 1))
    made.register(make_raw("person", 2))
    return made


def expect_a_report(answer: object, raw: object) -> None:
    assert isinstance(answer, Report)
    for issue in answer:
        assert issue.code
        assert isinstance(issue.path, tuple)
        assert all(isinstance(step, (str, int)) for step in issue.path)
    for language in ("zh", "en"):
        assert len(answer.lines(language)) == len(answer.issues)
        answer.by_path(language)
    if isinstance(raw, Mapping):
        assert answer.echo is raw or answer.echo.keys() == raw.keys()
    else:
        assert answer.echo[""] is raw
    for told in (repr(answer), str(answer), *map(repr, answer), *map(str, answer)):
        assert SECRET not in told


def expect_a_refusal(refusal: ValidationFailed, raw: object) -> None:
    expect_a_report(refusal.report, raw)
    assert not refusal.report.ok


def everywhere(rubbish: object):
    """Yield raw customers that have this rubbish in every field, and in every part of a field."""
    yield {"kind": rubbish, "name": rubbish}
    for field in FIELDS:
        yield {"kind": "organization", "name": "上海浦江贸易有限公司", field: rubbish}
        yield {"kind": "person", "name": "王芳", field: [rubbish, rubbish]}
    for field, parts in PARTS.items():
        if field == "payment_terms" and isinstance(rubbish, Unfriendly):
            continue
        for part in parts:
            yield {"kind": "person", "name": "王芳", field: {part: rubbish}}
        yield {"kind": "person", "name": "王芳", field: [dict.fromkeys(parts, rubbish)]}


@pytest.mark.parametrize("rubbish", RUBBISH, ids=shown)
def test_rubbish_in_any_field_gives_a_report(registry, rubbish):
    for raw in everywhere(rubbish):
        expect_a_report(registry.check(raw), raw)


@pytest.mark.parametrize("rubbish", RUBBISH, ids=shown)
def test_rubbish_in_any_field_of_an_edit_gives_a_report(registry, rubbish):
    customer = registry.search(kind="organization").customers[0]
    for raw in everywhere(rubbish):
        expect_a_report(registry.check(raw, of=customer), raw)


@pytest.mark.parametrize("rubbish", RUBBISH, ids=shown)
def test_rubbish_is_registered_as_a_sound_customer_or_refused(rubbish):
    registry = CustomerRegistry()
    everyone = 0
    for raw in everywhere(rubbish):
        try:
            customer = registry.register(raw).customer
        except ValidationFailed as refusal:
            expect_a_refusal(refusal, raw)
        else:
            everyone += 1
            assert registry.get(customer.id) == customer
            assert registry.update(customer, customer.raw()).version == 1
    with registry.unit("count") as work:
        assert len(list(work.customers.iterate())) == everyone


@pytest.mark.parametrize("rubbish", RUBBISH, ids=shown)
def test_rubbish_in_an_edit_is_kept_soundly_or_refused(rubbish):
    registry = CustomerRegistry()
    customer = registry.register(make_raw("organization", 1)).customer
    for raw in everywhere(rubbish):
        try:
            customer = registry.update(customer, raw).customer
        except ValidationFailed as refusal:
            expect_a_report(refusal.report, raw)
        assert registry.get(customer.code) == customer


@pytest.mark.parametrize("rubbish", RUBBISH, ids=shown)
def test_rubbish_instead_of_a_customer_gives_a_report(registry, rubbish):
    if rubbish is None:
        return
    expect_a_report(registry.check(rubbish), rubbish)
    with pytest.raises(ValidationFailed) as refusal:
        registry.register(rubbish)
    expect_a_report(refusal.value.report, rubbish)


def test_rubbish_in_rows_costs_no_other_row():
    registry = CustomerRegistry()
    sound = make_raw("person", 5)
    rows = [raw for rubbish in RUBBISH for raw in (rubbish, {"kind": "person", "name": rubbish})]
    loaded = registry.load([sound, *rows, make_raw("person", 6)])
    assert len(loaded) == len(rows) + 2
    assert [loaded.rows[0].outcome, loaded.rows[-1].outcome] == ["registered", "registered"]
    assert all(row.report.issues for row in loaded.refused)


@pytest.mark.parametrize("rubbish", TEXTS, ids=shown)
def test_any_text_can_be_looked_for(registry, rubbish):
    assert len(registry.search(rubbish)) <= 20
    asked = dict.fromkeys(("kind", "status", "grade", "category", "owner"), rubbish)
    found = registry.search(rubbish, **asked, tags=[rubbish])
    assert not rubbish.strip() or len(found) == 0  # a blank filter asks for nothing
    assert registry.find(phone=rubbish) == ()
    assert registry.find(email=rubbish, tax_identifier=rubbish) == ()


@pytest.mark.parametrize("rubbish", TEXTS, ids=shown)
def test_any_text_is_a_code_of_nobody(registry, rubbish):
    with pytest.raises(CustomerNotFound):
        registry.get(rubbish)
    with pytest.raises(CustomerNotFound):
        registry.history(rubbish)
    with pytest.raises(CustomerNotFound):
        registry.update(rubbish, {"grade": "A"}, version=1)
    with pytest.raises(CustomerNotFound):
        registry.change_status(rubbish, "blocked", version=1)


@pytest.mark.parametrize("rubbish", TEXTS, ids=shown)
def test_any_text_is_no_cursor(registry, rubbish):
    with pytest.raises(InvalidCursor):
        registry.search(after=rubbish)


@pytest.mark.parametrize("rubbish", RUBBISH, ids=shown)
def test_rubbish_is_no_status_and_no_reason(rubbish):
    registry = CustomerRegistry()
    customer = registry.register(make_raw("person", 1)).customer
    with pytest.raises(ValidationFailed) as refusal:
        registry.change_status(customer, rubbish, reason=rubbish)
    assert "status.unknown" in {issue.code for issue in refusal.value.report}


@pytest.mark.parametrize("rubbish", TEXTS, ids=shown)
def test_any_text_is_an_idempotency_key_or_an_issue(rubbish):
    registry = CustomerRegistry()
    raw = {"kind": "person", "name": "王芳"}
    try:
        first = registry.register(raw, idempotency_key=rubbish)
    except ValidationFailed as refusal:
        paths = [issue.path for issue in refusal.report]
    else:
        second = registry.register(raw, idempotency_key=rubbish)
        assert second.replayed is bool(line(rubbish))
        assert (second.customer == first.customer) is second.replayed
        return
    assert paths == [("idempotency_key",)]


def test_a_version_of_any_size_is_stale_not_a_crash():
    registry = CustomerRegistry()
    customer = registry.register(make_raw("person", 1)).customer
    for version in (0, -1, 10**30):
        with pytest.raises(StaleVersion):
            registry.update(str(customer.code), {"grade": "A"}, version=version)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.text(st.characters(categories=["Cs", "Cc", "Cf", "Co", "Lo", "Nd"]))
    | st.binary()
    | st.dates()
    | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=250, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=8))
def test_anything_at_all_gives_a_report(raw):
    registry = CustomerRegistry()
    report = registry.check(raw)
    expect_a_report(report, raw)
    if report.ok:
        customer = registry.register(raw).customer
        assert registry.update(customer, customer.raw()).version == 1


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(PARTS)),
    st.data(),
)
def test_anything_in_the_parts_of_a_field_gives_a_report(field, data):
    part = st.dictionaries(
        st.sampled_from(PARTS[field]) | st.text(max_size=5), ANYTHING, max_size=5
    )
    raw = {"kind": "person", "name": "王芳", field: data.draw(part | st.lists(part, max_size=3))}
    registry = CustomerRegistry()
    report = registry.check(raw)
    expect_a_report(report, raw)
    if report.ok:
        customer = registry.register(raw).customer
        assert registry.update(customer, customer.raw()).version == 1


SENSITIVE = [
    {"identity_document": SECRET},
    {"identity_document": {"type": SECRET, "number": SECRET}},
    {"identity_document": {"type": "cn.resident_id", "number": f"1101{SECRET}"}},
    {"tax_identifiers": [SECRET]},
    {"tax_identifiers": [{"scheme": SECRET, "number": SECRET}]},
    {"tax_identifiers": [{"scheme": "cn.resident_id", "number": SECRET}]},
    {"bank_accounts": [{"number": f"{SECRET}x"}]},
    {"bank_accounts": [{"number": SECRET, "cnaps": SECRET, "bic": SECRET}]},
    {"bank_accounts": [SECRET]},
    {"invoice_profile": {"tax_number": SECRET, "account": f"{SECRET}?"}},
    {"invoice_profile": SECRET},
    {"phone": SECRET, "email": SECRET},
    {"contacts": [{"phones": [SECRET], "emails": [SECRET], "language": "zh"}]},
    {"code": f"{SECRET}!"},
    {"name": f"{SECRET}\0"},
]


@pytest.mark.parametrize("typed", SENSITIVE, ids=lambda typed: next(iter(typed)))
def test_what_was_typed_never_shows_in_what_is_logged(typed):
    raw = {"kind": "person", "name": "王芳", **typed}
    registry = CustomerRegistry()
    report = registry.check(raw)
    assert report.echo == raw
    assert not report.ok
    with pytest.raises(ValidationFailed) as refusal:
        registry.register(raw)
    error = refusal.value
    for told in (repr(report), str(report), repr(error), str(error), repr(error.args)):
        assert SECRET not in told
    for issue in report:
        assert SECRET not in repr(issue)
        assert SECRET not in str(issue)


@pytest.mark.parametrize("typed", SENSITIVE[:11], ids=lambda typed: next(iter(typed)))
def test_numbers_of_persons_and_accounts_never_show_in_params_or_lines(typed):
    report = CustomerRegistry().check({"kind": "person", "name": "王芳", **typed})
    for issue in report:
        if issue.code != "field.unknown":
            assert SECRET not in str(dict(issue.params))
    known = [
        line
        for line, issue in zip(report.lines("zh"), report, strict=True)
        if issue.code != "field.unknown"
    ]
    assert not any(SECRET in line for line in known)
