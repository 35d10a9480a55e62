import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import eu_vat
from customer_registry.domain.values.identifiers.schemes import schemes

FITTING = """
ATU13585627 BE0428759497 BE1000000016 BG175074752 BG8032056031 CY10259033P CZ25123891 CZ7103192745
DE136695976 DK13585628 EE100594102 EL094259216 ESB64717838 ES54362315K ESX2482300W EU372022452
FI20774740 FR83404833048 FRK7399859412 HR33392005961 HU12892312 IE6433435F IE6433435OA IE8D79739I
IM3720000224 IT00743110157 LT119511515 LT100001919017 LU15027442 LV40003521600 MT11679112
NL004495445B01 PL8567346215 PT501964843 RO18547290 SE123456789701 SI50223054 SK2022749619
XI980780684 XIGD001 XIHA599
""".split()


@pytest.mark.parametrize("number", FITTING)
def test_a_number_of_the_published_form_fits(number):
    assert eu_vat.fits(number)
    assert eu_vat.canonical(number) == number
    assert eu_vat.canonical(number.lower()) == number


def test_every_member_has_an_example():
    assert {number[:2] for number in FITTING} == {*eu_vat.MEMBERS, "XI", "EU", "IM"}
    assert len(eu_vat.MEMBERS) == 27


@pytest.mark.parametrize("number", FITTING)
def test_a_number_too_short_or_too_long_does_not_fit(number):
    assert not eu_vat.fits(number[:2])
    assert not eu_vat.fits(f"{number}00000000")


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("be 0477.472.701", "", "BE0477472701"),
        ("BE (0)468.561.072", "", "BE0468561072"),
        ("477472701", "BE", "BE0477472701"),
        ("0477472701", "be", "BE0477472701"),
        ("GR 094259216", "", "EL094259216"),
        ("94259216", "GR", "EL094259216"),
        ("ＤＥ１２３４５６７８８", "", "DE123456788"),
        ("EU528003646", "BE", "EU528003646"),
        ("123456788", "US", "123456788"),
        ("123456788", "", "123456788"),
        ("DE 1234/5", "", "DE12345"),
    ],
)
def test_it_is_written_with_its_prefix_and_nothing_else(typed, country, kept):
    assert eu_vat.canonical(typed, country) == kept
    assert eu_vat.canonical(kept) == kept


@pytest.mark.parametrize(
    ("number", "scheme", "whole"),
    [
        ("0477472701", "be.vat", "BE0477472701"),
        ("0477472701", "be.tax", "BE0477472701"),
        ("477 472 701", "be.tax", "BE0477472701"),
        ("094259216", "gr.tax", "EL094259216"),
        ("404833048", "fr.siren", ""),
        ("201/123/12340", "de.tax", ""),
        ("EU528003646", "be.tax", ""),
        ("980780684", "gb.vat", ""),
        ("123456788", "ca.tax", ""),
    ],
)
def test_a_national_number_is_the_same_as_that_of_the_union(number, scheme, whole):
    assert eu_vat.of_country(number, scheme) == whole


def test_the_national_schemes_are_known():
    assert {eu_vat.scheme_of(number) for number in FITTING} <= schemes().keys()
    assert eu_vat.scheme_of("US1") == ""


def test_members_are_told_by_country_or_prefix():
    assert all(map(eu_vat.is_member, ["FR", "GR", "el", "BE"]))
    assert not any(map(eu_vat.is_member, ["US", "GB", "XI", "EU", "CH", ""]))


@given(st.text(st.characters(), max_size=40), st.sampled_from(["", "BE", "GR", "ES", "??"]))
def test_any_text_is_written_once_and_for_all_or_is_refused(typed, country):
    try:
        number = eu_vat.canonical(typed, country)
        eu_vat.readings(typed)
    except InvalidValue:
        return
    assert eu_vat.canonical(number) == number
