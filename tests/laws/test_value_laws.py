"""What holds for every value type and every function that reads typed text, new ones included."""

import importlib
import inspect
import pkgutil

import email_validator
import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from customer_registry import EmailAddress, InvalidValue, PhoneNumber
from customer_registry.domain import values
from customer_registry.domain.messages import catalogue
from customer_registry.domain.values.phone_kind import PhoneKind
from customer_registry.testing import strategies
from customer_registry.testing.strategies import Typed, emails, mobiles

MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages(values.__path__, f"{values.__name__}.")
    if not found.name.rpartition(".")[2].startswith("_")
]


def _readers():
    """Yield every public `parse`, every `canonical`, and every function of something `typed`."""
    for module in MODULES:
        for name in module.__all__:
            public = getattr(module, name)
            if getattr(public, "__module__", "") != module.__name__:
                continue
            called = f"{module.__name__.removeprefix(values.__name__ + '.')}.{name}"
            if inspect.isclass(public) and hasattr(public, "parse"):
                yield f"{called}.parse", public.parse
            elif inspect.isfunction(public) and _first(public) == "typed":
                yield called, public


def _first(function) -> str:
    return next(iter(inspect.signature(function).parameters), "")


READERS = dict(_readers())
TIDYING = {
    name: reader
    for name, reader in READERS.items()
    if inspect.signature(reader).return_annotation in {str, "str", "Self"}
    or name.endswith(".parse")
}
EVERY_READER = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
EVERY_TIDYING = pytest.mark.parametrize("reader", TIDYING.values(), ids=TIDYING)

_SCHEMES = (
    *("cn.uscc", "cn.taxpayer", "cn.org_code", "cn.resident_id", "hk.brn", "hk.id", "tw.ubn"),
    *("mo.tax", "eu.vat", "de.tax", "unchecked", "none", "us.ein"),
)
CHOICES = {
    "region": ("CN", "HK", "US", "DE", "TW", "IT"),
    "kind": ("organization", "person"),
    "scheme": (None, *_SCHEMES),
    "type": ("cn.resident_id", "hk.id", "passport", "cn.tw_permit", "身份证"),
    "country": ("CN", "HK", "US", "TW", "GB", "LV"),
    "currency": ("CNY", "JPY"),
    "value": ("13800138000", "*ST华微", "王芳", ""),
}
"""What a reader is told beside the text, by parameter: one of these where it must or may be."""


@st.composite
def told(draw, reader):
    """Return arguments for what a reader has to be told, and for some of what it may be told."""
    asked = {}
    for name, parameter in list(inspect.signature(reader).parameters.items())[1:]:
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            continue
        choices = CHOICES.get(name, ())
        if parameter.default is inspect.Parameter.empty:
            asked[name] = draw(st.sampled_from([each for each in choices if each is not None]))
        elif parameter.default in choices and draw(st.booleans()):
            asked[name] = draw(st.sampled_from(choices))
    return asked


KINDS = [
    made for name in strategies.__all__ if isinstance(made := getattr(strategies, name), Typed)
]
STRANGE = st.characters(
    categories=["Cs", "Cc", "Cf", "Co", "Cn", "Nd", "Nl", "No", "Mn", "Zs", "So"]
)
ANY_TEXT = st.one_of(
    st.text(st.characters(), max_size=60),
    st.text(STRANGE, max_size=40),
    st.text("0123456789-+() .,;/#*@<>xX转元天%期IOQ·\u0301\u200d\ud800", max_size=40),
    st.builds(str.__mul__, st.text(st.characters(), max_size=3), st.integers(0, 3000)),
)
TYPED = st.one_of(*(kind.anything() for kind in KINDS))


@st.composite
def nearly_right(draw):
    """Return a right text with something strange put in or taken out."""
    text = draw(TYPED)
    at = draw(st.integers(0, len(text)))
    put_in, left_out = draw(st.text(STRANGE, max_size=2)), draw(st.integers(0, 2))
    return text[:at] + put_in + text[at + left_out :]


def test_there_is_something_to_read():
    assert {"phone.PhoneNumber.parse", "identifiers.cn_uscc.canonical"} <= READERS.keys()
    assert len(READERS) > 30


@EVERY_READER
@settings(max_examples=150, deadline=None)
@given(data=st.data(), text=st.one_of(ANY_TEXT, nearly_right()))
def test_any_text_is_read_or_refused_by_a_code_that_has_a_sentence(reader, data, text):
    try:
        reader(text, **data.draw(told(reader)))
    except InvalidValue as refusal:
        told_by = catalogue("en").sentences
        assert refusal.code in told_by  # noqa: PT017  not every text is refused


@EVERY_TIDYING
@settings(max_examples=150, deadline=None)
@given(data=st.data(), text=st.one_of(TYPED, nearly_right(), ANY_TEXT))
def test_reading_twice_is_reading_once(reader, data, text):
    asked = data.draw(told(reader))
    try:
        once = reader(text, **asked)
    except InvalidValue:
        return
    assert reader(str(once), **asked) == once


def test_the_laws_find_a_reader_that_breaks_them():
    def careless(typed):
        return typed.strip()[1:] if int(typed) else typed

    with pytest.raises(ValueError, match="invalid literal"):
        test_any_text_is_read_or_refused_by_a_code_that_has_a_sentence.hypothesis.inner_test(
            careless, _Drawn(), "x"
        )
    with pytest.raises(AssertionError):
        test_reading_twice_is_reading_once.hypothesis.inner_test(careless, _Drawn(), "1234")


class _Drawn:
    def draw(self, _):
        return {}


NEARLY_MOBILE = st.builds(
    lambda prefix, number, more: prefix + number + more,
    st.sampled_from(("", "+86", "+86 ", "86", "+86-", "0086", "+87 ", " ")),
    st.one_of(mobiles(), mobiles.boundary(), st.text("0123456789 -", min_size=9, max_size=14)),
    st.sampled_from(("", "", "1", " ", "-")),
).filter(lambda text: text.count("+") < 2)


@settings(max_examples=1000, deadline=None)
@given(NEARLY_MOBILE)
@example("13800138000")
@example("+86 12800138000")
def test_a_mobile_number_is_what_the_library_takes_it_for(text):
    ours, theirs = _phone(text), _library_phone(text)
    if ours and ours.kind is PhoneKind.MOBILE and ours.extension is None:
        assert theirs is not None
        assert _e164(theirs) == ours.number
    if theirs and phonenumbers.number_type(theirs) == phonenumbers.PhoneNumberType.MOBILE:
        assert ours is not None
        assert _e164(theirs) == ours.number


@settings(max_examples=600, deadline=None)
@given(NEARLY_MOBILE)
def test_a_mobile_number_typed_plainly_is_read_as_one_typed_with_a_label(text):
    plain, labelled = _phone(text), _phone(f"电话：{text}")
    assert plain == labelled


def _phone(text):
    try:
        return PhoneNumber.parse(text)
    except InvalidValue:
        return None


def _library_phone(text):
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _e164(number):
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_PIECES = st.text("aZ0._-+'!#", max_size=8)
NEARLY_MAILBOX = st.one_of(
    emails(),
    emails.boundary().filter(lambda text: not text.endswith(("test", "invalid"))),
    st.builds(
        "{}@{}.{}".format, _PIECES, st.text("aZ0.-_", max_size=9), st.text("cO1-", max_size=4)
    ),
    st.builds("{}@{}.com".format, st.text("ab.", max_size=70), st.text("x-.", max_size=70)),
    st.builds("{}@xn--{}.com".format, _PIECES, st.text("a0-", max_size=8)),
)


@settings(max_examples=1500, deadline=None)
@given(NEARLY_MAILBOX)
@example("a@b-.com")
@example("a@1.com")
@example("a@b.c")
@example("a@xn--fiqs8s.com")
@example("Li.Lei@Example.COM")
def test_an_ascii_mailbox_is_judged_as_the_library_judges_it(text):
    try:
        checked = email_validator.validate_email(text, check_deliverability=False)
    except ValueError:
        with pytest.raises(InvalidValue):
            EmailAddress.parse(text)
    else:
        assert str(EmailAddress.parse(text)) == f"{text.rpartition('@')[0]}@{checked.domain}"
