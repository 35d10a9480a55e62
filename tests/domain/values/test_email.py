import email_validator
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.email import (
    _PLAIN,
    EmailAddress,
    _canonical,
    _checked,
    split_display,
)

LOCALS = st.text("aZ09.-_+'=/张é", max_size=66)
LABELS = st.text("axnZ09-例。.", max_size=64)
TOPS = st.sampled_from(
    ["com", "CN", "test", "LOCAL", "localhost", "example", "公司", "c1", "1", ""]
)
ADDRESSES = st.builds(
    lambda local, labels, top: f"{local}@{'.'.join([*labels, top])}",
    LOCALS,
    st.lists(LABELS, max_size=4),
    TOPS,
)
ASCII_ADDRESSES = st.from_regex(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,20}@[a-zA-Z0-9.-]{0,20}"
    r"(a|xn--|ab--|--|\.)[a-z0-9-]{0,64}\.(com|test|arpa|c0m|m-n|a)",
    fullmatch=True,
)


LONGEST = f"é@{'.'.join(['b' * 63] * 3)}.{'b' * 55}.com"
"""An address of 254 bytes that is not plain ASCII."""


def refusal(typed):
    with pytest.raises(InvalidValue) as caught:
        EmailAddress.parse(typed)
    return caught.value


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("zhang.san@example.com", "zhang.san@example.com"),
        (" Li.Lei@Example.COM ", "Li.Lei@example.com"),
        ("Info@Example.com", "Info@example.com"),
        ("ｚｈａｎｇ＠ｑｑ．ｃｏｍ", "zhang@qq.com"),
        ("\u200ba@b.com\ufeff", "a@b.com"),
        ("\u3000a@b.com\n", "a@b.com"),
        ("<a@b.com>", "a@b.com"),
        ("＜a@b.com＞", "a@b.com"),
        ("o'neil+tag/x=1@mail.b-c.co.uk", "o'neil+tag/x=1@mail.b-c.co.uk"),
        ("张三@例子.公司", "张三@例子.公司"),
        ("张三@例子。公司", "张三@例子.公司"),
        ("a@XN--FSQU00A.xn--55qx5d", "a@例子.公司"),
        ("a@faß.de", "a@faß.de"),
        ("a@host.Test", "a@host.test"),
        ("a@host.example", "a@host.example"),
        ("a@host.invalid", "a@host.invalid"),
        ("a@host.localhost", "a@host.localhost"),
        ("a@例子.local", "a@例子.local"),
        ("a" * 64 + "@b.com", "a" * 64 + "@b.com"),
        (LONGEST, LONGEST),
    ],
)
def test_an_address_is_kept_in_its_canonical_form(typed, canonical):
    assert str(EmailAddress.parse(typed)) == canonical


def test_an_address_a_byte_too_long_is_refused():
    assert len(LONGEST.encode()) == 254
    assert refusal(LONGEST.replace("b.com", "bb.com")).code == ("email.too_long")


@pytest.mark.parametrize(
    "typed",
    [
        *("", "@", "li.lei", "@b.com", "a@", "a@b", "a@localhost", "a@@b.com", "a b@c.com"),
        *("a..b@c.com", ".a@c.com", "a.@c.com", "a@-b.com", "a@b-.com", "a@ab--c.com", "a@b..com"),
        *("a@b.c1", "a@1.2.3.4", "a@[1.2.3.4]", "a@[IPv6:::1]", '"a b"@c.com', '"a"@c.com'),
        *("a@b_c.com", "a@" + "b" * 64 + ".com", "a@xn--zzzzzzzz.com", "a\\b@c.com"),
        "zhang san@qq.com",
    ],
)
def test_what_is_no_address_is_refused(typed):
    assert refusal(typed).code == "email.format"


@pytest.mark.parametrize(
    "typed",
    [
        "a" * 65 + "@b.com",
        "张" * 22 + "@b.com",
        "a@" + ("b" * 62 + ".") * 4 + "com",
        "a" * 1_000_000,
        "@" * 1_000_000,
    ],
)
def test_an_address_beyond_the_standards_is_too_long(typed):
    assert refusal(typed).code == "email.too_long"


@pytest.mark.parametrize(
    "typed",
    [
        "a@b.com;c@d.com",
        "a@b.com，c@d.com",
        "a@b.com c@d.com",
        "a@b.com / c@d.com",
        "a@b.com或c@d.com",
        "a@b.com和c@d.com",
    ],
)
def test_several_addresses_are_split_and_never_guessed(typed):
    refused = refusal(typed)

    assert (refused.code, refused.params["parts"]) == ("email.multiple", ["a@b.com", "c@d.com"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zhang。san@qq.com", "zhang.san@qq.com"),
        ("a@qq，com", "a@qq.com"),
        ("a@qq,com", "a@qq.com"),
        ("a@qq.com;", "a@qq.com"),
        ("a@qq.com。", "a@qq.com"),
        ("李雷 <li.lei@qq.com>", "li.lei@qq.com"),
        ("mailto:a@qq.com", "a@qq.com"),
        ("邮箱：a@qq.com", "a@qq.com"),
        ("E-mail: a@qq.com", "a@qq.com"),
        ("a@qq.com（李雷）", "a@qq.com"),
        ("李雷 a@qq.com", "a@qq.com"),
        ('"li.lei"@qq.com', "li.lei@qq.com"),
        ("qq.com, a@qq.com", "a@qq.com"),
        ("zhang、san@qq.com", "zhang.san@qq.com"),
        (".a@qq.com", None),
        ("a b@qq.com", None),
    ],
)
def test_a_slip_of_the_keyboard_is_refused_with_what_was_meant(typed, meant):
    refused = refusal(typed)

    assert (refused.code, refused.suggestion) == ("email.format", meant)


@pytest.mark.parametrize("typed", ["a@b\x00.com", "a\u202e@b.com", "a@\ud800.com"])
def test_forbidden_characters_are_refused_as_in_any_text(typed):
    assert refusal(typed).code == "text.forbidden"


@pytest.mark.parametrize(
    ("typed", "name", "address"),
    [
        ('"Lei, Li" <a@b.com>', "Lei, Li", "a@b.com"),
        ('"Li \\"Leo\\" Lei" <a@b.com>', 'Li "Leo" Lei', "a@b.com"),
        ("李雷＜a@b.com＞", "李雷", "a@b.com"),
        ("<a@b.com>", None, "a@b.com"),
        ("MAILTO:a@b.com?subject=Hi", None, "a@b.com"),
        (" a@b.com ", None, "a@b.com"),
        ("a <b", None, "a <b"),
        ('"a<b" <a@b.com>', "a<b", "a@b.com"),
        ("Li <a@b.com>; Wang <c@d.com>", None, "Li <a@b.com>; Wang <c@d.com>"),
        ("<a@b.com> <c@d.com>", None, "<a@b.com> <c@d.com>"),
    ],
)
def test_a_display_name_is_told_from_the_address(typed, name, address):
    assert split_display(typed) == (name, address)


def test_duplicates_compare_the_whole_address_caseless():
    assert EmailAddress.parse("Li.Lei@b.com").key == EmailAddress.parse("li.lei@B.com").key


def test_two_domains_that_only_look_alike_are_no_duplicates():
    assert EmailAddress.parse("a@faß.de").key != EmailAddress.parse("a@fass.de").key


def test_an_address_tells_its_parts_and_whether_it_travels_everywhere():
    plain, foreign = EmailAddress.parse("a@b.test"), EmailAddress.parse("张三@b.com")

    assert (plain.local, plain.domain, plain.is_international, plain.is_reserved) == (
        "a",
        "b.test",
        False,
        True,
    )
    assert (foreign.is_international, foreign.is_reserved) == (True, False)


def test_the_representation_keeps_the_address_to_itself():
    assert repr(EmailAddress.parse("a@b.com")) == "EmailAddress(is_international=False)"


def test_a_host_that_changes_the_librarys_globals_changes_nothing(monkeypatch):
    monkeypatch.setattr(email_validator, "ALLOW_QUOTED_LOCAL", True)
    monkeypatch.setattr(email_validator, "CHECK_DELIVERABILITY", True)
    monkeypatch.setattr(email_validator, "ALLOW_SMTPUTF8", False)

    assert refusal('"a b"@c.com').code == "email.format"
    assert EmailAddress.parse("张三@例子.公司").is_international


@given(st.text() | ADDRESSES | st.text("a@.。,;<>\"'\\ \u200d张ǅΣ⒈", max_size=40))
@example("a@\u0378.com")
@example("a@a\u200d.com")
@example("a@xn--a.com")
@example("a@1.xn--4dbc.com")
@example("ﬀ@b.com")
def test_any_text_gives_an_address_that_reads_back_or_a_refusal(typed):
    try:
        address = EmailAddress.parse(typed)
    except InvalidValue as refused:
        canonical = refused.suggestion
    else:
        canonical = str(address)
    if canonical is not None:
        assert str(EmailAddress.parse(canonical)) == canonical
        assert len(canonical.encode()) <= 254


@given(ASCII_ADDRESSES | ADDRESSES)
@example("A.b@" + "c" * 63 + ".De")
@example("a@b--c.d-e.com")
@example("a@a-.com")
def test_the_short_way_for_plain_addresses_gives_what_the_library_gives(text):
    outcomes = []
    for way in (_canonical, _checked):
        try:
            outcomes.append(way(text))
        except InvalidValue:
            outcomes.append(None)

    assert outcomes[0] == outcomes[1]


def test_the_short_way_is_taken_by_common_addresses_only():
    assert _PLAIN.fullmatch("li.lei@example.com")
    for unusual in ("a@xn--fsqu00a.com", "a@b", "a@b.c1", "a@b.com\n", "张@b.com"):
        assert not _PLAIN.fullmatch(unusual)
