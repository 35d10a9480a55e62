"""The short ways for plainly typed values: they give what the long way gives, refusals included.

A blank in front, which every reader drops, is enough to send a text the long way.
"""

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.frozen import FrozenMapping
from customer_registry.domain.values import divisions, text
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.money import Money, currency_code
from customer_registry.domain.values.name_folding import _BRACKETS, key1, unbracketed
from customer_registry.domain.values.name_keys import name_parts
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.postal import postal_code
from customer_registry.domain.values.simplified import simplified
from customer_registry.domain.values.split_address import split_address
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.domain.values.terms import PaymentTerms
from customer_registry.domain.values.terms import _meant as understood
from customer_registry.testing import uscc

NAMES = "上海浦江貿易公司㐀鿿豈零〇（）()［]【〔〈·.・ ,'AbßİZ09ＡｂK１éÅ\u0301ﬁ"
LINES = "好字，。ab Z\n\r\t\u200b\u200d\u00ad\u1780éA\u0301豈〇-…"
NUMBERS = "0123456789 0123456789ABCXLNOZ-/.元万,CNYUSDcny¥无n/a"
MAIL = "abz09.@-_+*é、。<>Ｚ"
STREETS = ("世纪大道1号", None, "浦东新区", "上海市", "1号 200120", "县前街")
many = settings(max_examples=300, deadline=None)


def outcome(parse, typed, **named):
    try:
        return parse(typed, **named)
    except InvalidValue as refusal:
        return refusal.code, refusal.params, refusal.suggestion


@pytest.mark.parametrize(
    ("parse", "typed"),
    [
        (text.match_key, NAMES),
        (key1, NAMES),
        (postal_code, "0123456789A -〒"),
        (Money.parse, NUMBERS),
        (currency_code, "CNYUSDHKcny元人民币"),
        (TaxIdentifier.parse, NUMBERS),
        (EmailAddress.parse, MAIL),
        (PhoneNumber.parse, "0123456789+- 转*/"),
    ],
)
def test_a_blank_in_front_changes_nothing(parse, typed):
    @many
    @given(st.text(alphabet=typed, max_size=30))
    def expect(each):
        assume(each.strip())
        assert outcome(parse, each) == outcome(parse, f" {each}")

    expect()


@pytest.mark.parametrize(
    ("parse", "typed"),
    [
        (postal_code, "200120"),
        (Money.parse, "200000 CNY"),
        (Money.parse, "0000012 USD"),
        (Money.parse, "200000 XXX"),
        (Money.parse, f"{10**18} CNY"),
        (TaxIdentifier.parse, uscc(3)),
        (TaxIdentifier.parse, f"{uscc(3)[:-1]}I"),
        (TaxIdentifier.parse, "110108551385082"),
        (EmailAddress.parse, "Li.Lei@Example.COM"),
        (EmailAddress.parse, f"{'a' * 65}@example.com"),
        (PhoneNumber.parse, "+86 138 1000 0019"),
        (PhoneNumber.parse, "021-62345678"),
        (PhoneNumber.parse, "010-6234 5678"),
    ],
)
def test_what_people_type_most_needs_no_long_way(parse, typed):
    assert outcome(parse, typed) == outcome(parse, f" {typed}")


@many
@given(st.text(alphabet="0123456789ABCDX", max_size=24), st.sampled_from(["CN", "HK", "TW", "DE"]))
@example("12345678", "TW")
def test_a_bare_tax_number_has_the_scheme_that_the_long_way_finds(typed, country):
    assume(typed)
    for kind in ("person", "organization"):
        around = {"country": country, "kind": kind}
        spaced = outcome(TaxIdentifier.parse, f" {typed}", **around)
        assert outcome(TaxIdentifier.parse, typed, **around) == spaced


@many
@given(st.text(alphabet=NAMES, max_size=20))
def test_brackets_are_folded_as_by_the_tables(name):
    folded = text.width_folded(name.translate(_BRACKETS)).translate(_BRACKETS)
    assert unbracketed(name) == folded


@many
@given(st.text(alphabet=f"{NAMES}鍾記有限分店廠", max_size=20))
@example("\uf900有限公司\uf900山分公司")
def test_a_name_has_the_same_parts_written_in_simplified_characters(name):
    assert name_parts(name) == name_parts(simplified(unbracketed(name)))


def test_every_division_of_today_is_found_by_its_official_name_below_its_parent():
    for place in divisions._today().values():
        named = divisions.find(place.name)
        found = divisions.official(place.name, place.parent)
        assert [each for each in named if each.parent == place.parent and each is found] == [place]
        assert divisions.official(place.name, place.code) is None


@many
@given(st.text(alphabet=LINES, max_size=40))
@example("送货前请先电话联系。\n周末不收货。")
def test_a_mark_that_is_dropped_changes_no_block_of_text(typed):
    assert outcome(text.block, typed) == outcome(text.block, f"{typed}\ufeff")


@given(st.integers(-2000, 2 * 10**9), st.sampled_from(["days", "months", "due_day"]))
def test_a_number_in_terms_means_what_its_digits_mean(number, part):
    typed = outcome(PaymentTerms.from_mapping, {part: number})
    assert typed == outcome(PaymentTerms.from_mapping, {part: str(number)})


def test_terms_understood_once_mean_the_same_again():
    understood.cache_clear()
    first, again = (PaymentTerms.parse("2/10, n/30") for _ in range(2))
    assert first == again
    assert understood.cache_info().hits == 1
    assert first == PaymentTerms(text="2/10, n/30", **understood.__wrapped__("2/10, n/30"))


@pytest.mark.parametrize("street", STREETS)
@pytest.mark.parametrize(
    ("region", "district"), [("上海市", "浦东新区"), ("重庆市", "万盛区"), ("江苏省", "昆山市")]
)
def test_a_municipality_named_twice_is_split_as_its_text(region, district, street):
    address = PostalAddress(
        region=region, locality=region, district=district, street_address=street
    )
    assert address.divisions == split_address(" ".join(address.parts))


def test_a_read_only_mapping_of_another_one_is_equal_to_it():
    first = FrozenMapping({"wechat": "lilei"})
    assert FrozenMapping(first) == first == {"wechat": "lilei"}
