import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.values.written_address import filled, tidied


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("", ""),
        (" ", ""),
        ("\n", ""),
        (" \n  \n", ""),
        ("foo\n\n", "foo"),
        (",foo", "foo"),
        (",,foo", "foo"),
        (", , foo", "foo"),
        ("foo, , bar", "foo, bar"),
        ("foo,,", "foo"),
        ("foo, , ", "foo"),
        (",/–foo,/–", "foo"),
        ("foo, /bar", "foo/bar"),
        ("foo, /, bar", "foo, bar"),
        ("foo,/bar\nfoo, –\n/bar, foo", "foo/bar\nfoo\nbar, foo"),
        ("南山区，，科技园、", "南山区，科技园"),
        ("St sample, 15/B", "St sample, 15/B"),
        ("12 / 3", "12 / 3"),
    ],
)
def test_no_separator_is_left_over(written, tidy):
    assert tidied(written) == tidy
    assert tidied(tidy) == tidy


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("{street}\n{city}", "St sample, 15\nCity"),
        ("{party}\n{street}\n{city}", "Party 1\nSt sample, 15\nCity"),
        ("{street}, {district}, {city}", "St sample, 15, City"),
        ("{street}\n{planet}\n{city}", "St sample, 15\nCity"),
        ("{street.__class__}{0}{city}", "City"),
        ("", ""),
    ],
)
def test_a_template_takes_what_is_there_and_leaves_out_the_rest(template, written):
    parts = {"street": "St sample, 15", "city": "City", "party": "Party 1", "district": None}
    assert filled(template, parts) == written


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("{street} {building}/{unit}/{floor}/{room}", "St sample 15/B/1/3"),
        ("{building} {street} {unit}", "15 St sample B"),
        ("{street} {building} box {unit}", "St sample 15 box B"),
        ("{street}{building}号{unit}单元{floor}层{room}室", "St sample15号B单元1层3室"),
    ],
)
def test_a_host_writes_the_parts_of_a_house_by_its_own_template(template, written):
    house = {"street": "St sample", "building": 15, "unit": "B", "floor": 1, "room": 3}
    assert filled(template, house) == written


@given(st.text(st.sampled_from("ab ,/–，\n"), max_size=30))
def test_tidying_twice_is_tidying_once(written):
    once = tidied(written)
    assert tidied(once) == once
    assert [sign for sign in once if sign.isalpha()] == [sign for sign in written if sign.isalpha()]
