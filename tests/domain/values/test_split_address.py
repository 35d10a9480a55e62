import time
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import InvalidValue, PostalAddress
from customer_registry.domain.values import divisions
from customer_registry.domain.values.split_address import (
    _without_postal_code,
    _written_out,
    official_parts,
    split_address,
)

LINES = [
    line
    for line in Path(__file__).with_name("chinese_addresses.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
CUT = [line for line in LINES if not line.startswith("?")]
SEVERAL = [line for line in LINES if line.startswith("?")]
ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
PIECES = st.lists(
    st.sampled_from(
        """中国 北京市 北京 朝阳区 朝阳 吉林 吉林市 广东省 深圳 南山区 重庆市 江北区 市辖区
        县 区 市 路
        海南 东莞市 长安镇 518057 100083
        邮编：518057 （100083） 27号 , ， 、 / - A座101 工业园区 路1号""".split()
    ),
    max_size=8,
)


def parts(split):
    return [split.region, split.locality, split.district, split.street_address]


def test_the_list_of_addresses_is_as_long_as_it_claims():
    assert len(LINES) > 300


@pytest.mark.parametrize("line", CUT)
def test_an_address_is_cut_where_its_divisions_end(line):
    cut, _, code = line.partition(" @")
    split = split_address(cut.replace("|", ""))
    assert parts(split) == [part or None for part in cut.split("|")]
    assert (split.division.code if split.division else "") == code
    assert split.candidates == ()


@pytest.mark.parametrize("line", SEVERAL)
def test_an_address_of_several_places_stays_whole(line):
    typed, codes = line.removeprefix("? ").split(" : ")
    split = split_address(typed)
    assert {place.code for place in split.candidates} == set(codes.split())
    assert parts(split) == [None, None, None, typed]
    assert split.doubtful in typed


@pytest.mark.parametrize("line", [line for line in CUT if line.count("|") == 3 and "@" in line])
def test_spaces_and_commas_between_the_parts_change_nothing(line):
    cut = line.partition(" @")[0]
    for between in (" ", "，", ", ", "/"):
        typed = between.join(part for part in cut.split("|") if part)
        assert parts(split_address(typed)) == [part or None for part in cut.split("|")]


def test_every_division_of_today_is_recognised_by_its_path_with_and_without_the_province():
    for place in divisions._today().values():
        written = "".join(place.path)
        assert split_address(f"{written}人民路1号").division == place
        if len(place.path) == 3:
            assert split_address(f"{''.join(place.path[1:])}人民路1号").division == place


@pytest.mark.parametrize(
    ("typed", "postal_code", "street"),
    [
        ("深圳市南山区科技园 518057", "518057", "科技园"),
        ("深圳市南山区科技园，518057", "518057", "科技园"),
        ("518057 深圳市南山区科技园", "518057", "科技园"),
        ("518057深圳市南山区科技园", "518057", "科技园"),
        ("深圳市南山区科技园518057", "518057", "科技园"),
        ("深圳市南山区科技园(518057)", "518057", "科技园"),
        ("深圳市南山区科技园（邮编：518057）", "518057", "科技园"),
        ("深圳市南山区科技园 邮政编码 518057", "518057", "科技园"),
        ("深圳市南山区 518057 科技园", "518057", "科技园"),
        ("深圳市南山区科技园 １００083", "100083", "科技园"),
        ("深圳市南山区科技园101083", None, "科技园101083"),
        ("深圳市南山区科技园 090001", None, "科技园 090001"),
        ("深圳市南山区科技园A-518057", None, "科技园A-518057"),
        ("深圳市南山区科技园5180571", None, "科技园5180571"),
    ],
)
def test_a_postal_code_is_found_where_people_write_it(typed, postal_code, street):
    split = split_address(typed)
    assert (split.postal_code, split.street_address) == (postal_code, street)
    assert split.division.code == "440305"


@pytest.mark.parametrize(
    ("typed", "country"),
    [("中国广东省深圳市", "中国"), ("中国，广东省深圳市", "中国"), ("China 广东省深圳市", "China")],
)
def test_the_country_in_front_is_told_apart(typed, country):
    split = split_address(typed)
    assert (split.country, split.region) == (country, "广东省")


def test_the_word_that_names_several_places_is_told_without_those_above_it():
    split = split_address("河北省桥西区自强路")
    assert split.doubtful == "桥西区"
    assert {place.parent for place in split.candidates} == {"130100", "130700"}


def test_the_longest_name_of_a_division_is_the_one_meant():
    assert split_address("内蒙古大学学府路1号").division is None
    assert split_address("山东青岛市南区香港中路").locality == "青岛"
    assert split_address("内蒙呼和浩特市新城区").region == "内蒙"


@pytest.mark.parametrize(
    "typed", ["陕西省新城区东大街1号", "陕西新城区东大街1号", "内蒙古新城区中山路1号"]
)
def test_a_quarter_that_any_town_may_have_is_no_county_below_a_province(typed):
    split = split_address(typed)
    assert split.division.level == "province"
    assert split.street_address.startswith("新城区")


def test_six_digits_joined_to_a_place_of_another_province_are_no_postal_code():
    assert split_address("100083深圳市南山区科技园").postal_code is None
    assert split_address("100083 深圳市南山区科技园").postal_code == "100083"


def test_an_address_has_400_characters_at_most():
    assert split_address("深圳市" + "路" * 397).street_address == "路" * 397
    with pytest.raises(InvalidValue, match="too_long"):
        split_address("深圳市" + "路" * 398)


def test_the_representation_keeps_the_address_to_itself():
    typed = ["中国广东省深圳市南山区科技园路1号 518057", "安微省合肥市", "朝阳区建国路1号"]
    for split in map(split_address, typed):
        shown = {part.partition("=")[0] for part in repr(split)[13:-1].split(", ")}
        assert not shown & {"country", "region", "locality", "district", "street_address"}
        assert not shown & {"postal_code", "doubtful", "unknown"}


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        ("惠州市惠州市惠城区江北1号", [None, "惠州市惠州市", "惠城区", "江北1号"]),
        ("广东省广东省深圳市南山区1号", ["广东省广东省", "深圳市", "南山区", "1号"]),
        ("北京北京市朝阳区1号", ["北京", "北京市", "朝阳区", "1号"]),
    ],
)
def test_a_division_typed_twice_is_one_and_hides_no_smaller_one(typed, cut):
    split = split_address(typed)
    assert parts(split) == cut
    assert split.division.level == "county"
    assert not split.retired


def test_a_name_of_former_times_is_told_and_not_rewritten():
    split = split_address("重庆市江北区红旗河沟1号")
    assert split.district == "江北区"
    assert [place.successors for place in split.retired] == [("500157",)]


@pytest.mark.parametrize(
    ("typed", "unknown"),
    [
        ("广东省深川市南山区", "深川市"),
        ("安微省合肥市", "安微省"),
        ("广东省花市大街1号", None),
        ("北京市菜市口大街1号", None),
        ("广东省永辉超市", None),
        ("江苏省城市花园", None),
    ],
)
def test_a_province_or_city_that_no_list_has_is_told(typed, unknown):
    assert split_address(typed).unknown == unknown


def test_an_address_splits_into_its_parts():
    assert PostalAddress.split("广东省深圳市南山区科技园 518057") == PostalAddress(
        region="广东省",
        locality="深圳市",
        district="南山区",
        street_address="科技园",
        postal_code="518057",
    )


def test_an_address_without_anything_visible_is_not_split():
    with pytest.raises(InvalidValue, match="required"):
        PostalAddress.split(" ")


def signs(text):
    """The letters, digits and Chinese characters of a text, in the order of the alphabet."""
    return sorted(char for char in text if char.isalnum())


@given(PIECES)
def test_nothing_that_was_typed_is_lost(pieces):
    typed = "".join(pieces)
    split = split_address(typed)
    kept = "".join(filter(None, (split.country, *parts(split), split.postal_code)))
    assert signs(kept.replace("邮编", "")) == signs(typed.replace("邮编", ""))


@given(ANYTHING | PIECES.map("".join))
def test_any_text_is_split_or_refused(typed):
    try:
        split = split_address(typed)
    except InvalidValue:
        return
    assert split.division is None or split.candidates == ()


@given(PIECES.map("".join))
def test_a_street_line_stays_a_street_line(typed):
    split = split_address(typed)
    if split.division is None:
        assert split.region is split.locality is split.district is None


@pytest.mark.parametrize(
    "piece", ["北京市", "吉林", "市辖区", "中国", "1", " ", "，", "省", "518057 ", "（", "北京市县"]
)
def test_a_long_hostile_text_is_split_in_no_time(piece):
    begun = time.perf_counter()
    for typed in (piece * (50_000 // len(piece)), (piece * 400)[:400]):
        try:
            split_address(typed)
        except InvalidValue as refused:
            assert refused.code == "too_long"  # noqa: PT017  refused or split, both are right
    assert time.perf_counter() - begun < 0.5


@pytest.mark.parametrize("street", ["人民路6号", "朝阳区路12号A座", None])
def test_official_names_are_read_the_short_way_as_the_long_way_reads_them(street):
    counties = [place for place in divisions._today().values() if place.level == "county"]
    short = 0
    for county in counties:
        region, *between, district = county.path
        locality = between[0] if between else None
        quick = official_parts(region, locality, district, street)
        if quick is not None:
            written = " ".join(filter(None, (region, locality, district, street)))
            assert quick == split_address(written)
            short += 1
    assert short > 0.9 * len(counties)


@pytest.mark.parametrize("tail", ["", "世纪大道1号", "场路2号", "区街", "市场", "城区路", "1号"])
def test_an_address_in_official_names_is_split_as_any_other_would_be(tail):
    counties = [place for place in divisions._today().values() if place.level == "county"]
    chance = Random(7)  # noqa: S311  the same names every time
    names = sorted(divisions._names())
    short = 0
    for county in counties:
        region, *_, district = county.path
        tails = [tail, *chance.sample(names, 3)]
        for head, end in product(("".join(county.path), region + district), tails):
            quick = _written_out(head + end)
            assert quick in {None, _without_postal_code(head + end)}
            short += quick is not None
    assert short > len(counties)


@pytest.mark.parametrize(
    "parts",
    [
        ("广东", "深圳市", "南山区", "科技园"),
        ("广东省", "深圳市", "朝阳区", "科技园"),
        ("湖北省", None, "仙桃市", "路1号"),
        ("广东省", "深圳市", None, "科技园"),
        ("广东省", "深圳市", "南山区", "科技园 518057"),
        ("广东省", "深圳市", "南山区", "科技园518057"),
        (None, None, None, "科技园"),
    ],
)
def test_the_short_way_leaves_all_else_to_the_long_one(parts):
    assert official_parts(*parts) is None
