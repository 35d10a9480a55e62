from importlib import resources

import pytest

from customer_registry.domain.values import divisions
from customer_registry.domain.values.divisions import by_code, children, find, spellings

TODAY = divisions._today()


def codes(name, within=None):
    return [place.code for place in find(name, within)]


def test_the_list_says_where_it_is_from_and_of_which_day():
    text = resources.files(divisions.__package__).joinpath("divisions.txt").read_text("utf-8")
    assert f"# date {divisions.DATA_DATE}\n" in text
    assert "dmfw.mca.gov.cn" in text
    assert len(text.encode()) < 150_000


def test_the_list_has_every_province_prefecture_and_county():
    levels = [place.level for place in TODAY.values()]
    counts = {level: levels.count(level) for level in ("province", "prefecture", "county")}
    assert counts == {"province": 34, "prefecture": 333, "county": 2847}


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("500157", ("重庆市", "两江新区")),
        ("422801", ("湖北省", "恩施土家族苗族自治州", "恩施市")),
        ("653228", ("新疆维吾尔自治区", "和田地区", "和康县")),
        ("653229", ("新疆维吾尔自治区", "和田地区", "和安县")),
        ("653132", ("新疆维吾尔自治区", "喀什地区", "岑岭县")),
        ("659012", ("新疆维吾尔自治区", "白杨市")),
        ("540481", ("西藏自治区", "林芝市", "米林市")),
        ("540581", ("西藏自治区", "山南市", "错那市")),
        ("429021", ("湖北省", "神农架林区")),
        ("441900", ("广东省", "东莞市")),
        ("710000", ("台湾省",)),
    ],
)
def test_a_division_of_today_is_found_by_its_code(code, path):
    place = by_code(code)
    assert place.path == path
    assert place.retired is None
    assert place.successors == ()


@pytest.mark.parametrize(
    ("code", "name", "year", "successors"),
    [
        ("500105", "江北区", 2025, {"500157"}),
        ("500112", "渝北区", 2025, {"500157", "500109"}),
        ("320829", "洪泽县", 2016, {"320813"}),
        ("542600", "林芝地区", 2015, {"540400"}),
        ("110103", "崇文区", 2010, {"110101"}),
        ("330103", "下城区", 2021, {"330105"}),
        ("510200", "重庆市", 1997, {"500000"}),
    ],
)
def test_an_abolished_division_tells_what_stands_in_its_place(code, name, year, successors):
    place = by_code(code)
    assert (place.name, place.retired, set(place.successors)) == (name, year, successors)


def test_a_renamed_division_keeps_its_code():
    assert by_code("420600").name == "襄阳市"
    assert [(place.code, place.successors) for place in find("襄樊市")] == [("420600", ("420600",))]


def test_a_code_that_no_list_had_is_nothing():
    assert by_code("990000") is None
    assert by_code("") is None


@pytest.mark.parametrize(
    ("code", "parent"),
    [
        ("542621", "542600"),
        ("320829", "320800"),
        ("500105", "500000"),
        ("542600", "540000"),
        ("510200", "510000"),
    ],
)
def test_an_abolished_division_lay_in_the_one_of_its_time(code, parent):
    assert by_code(code).parent == parent


def test_every_successor_and_every_parent_is_in_the_list():
    places = divisions._read()
    assert all(code in TODAY for place in places for code in place.successors)
    assert all(by_code(place.parent) for place in places if place.parent)
    assert all(place.parent in TODAY for place in TODAY.values() if place.parent)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("朝阳区", ["110105", "220104"]),
        ("鼓楼区", ["320106", "320302", "350102", "410204"]),
        ("吉林", ["220000", "220200"]),
        ("恩施州", ["422800"]),
        ("黔南州", ["522700"]),
        ("内蒙古", ["150000"]),
        ("新疆", ["650000"]),
        ("巴州", ["511902", "652800"]),
        ("东乡族自治县", ["622926"]),
        ("江北区", ["330205", "500105", "510211"]),
        ("东京", []),
        ("", []),
    ],
)
def test_a_name_finds_its_divisions_those_of_today_first(name, found):
    assert codes(name) == found


@pytest.mark.parametrize(
    ("name", "within", "found"),
    [
        ("朝阳区", "110000", ["110105"]),
        ("朝阳区", "220000", ["220104"]),
        ("朝阳区", "220100", ["220104"]),
        ("朝阳区", "310000", []),
        ("江北区", "500000", ["500105", "510211"]),
        ("洪泽县", "320800", ["320829"]),
        ("林芝县", "540400", ["542621"]),
        ("襄城区", "420600", ["420602"]),
    ],
)
def test_a_name_may_be_looked_for_within_a_larger_division(name, within, found):
    assert codes(name, within) == found


def test_hong_kong_macau_taiwan_and_four_cities_have_no_parts():
    bare = {code for code, place in TODAY.items() if place.level != "county" and not children(code)}
    assert bare == {"710000", "810000", "820000", "441900", "442000", "460400", "620200"} | {
        code for code in bare if code.startswith("4603")
    }


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("150000", "内蒙古自治区 内蒙古 内蒙"),
        ("450000", "广西壮族自治区 广西 广西省 广西自治区"),
        ("540000", "西藏自治区 西藏"),
        ("640000", "宁夏回族自治区 宁夏 宁夏省 宁夏自治区"),
        ("650000", "新疆维吾尔自治区 新疆 新疆省 新疆自治区"),
        ("710000", "台湾省 台湾"),
        ("152500", "锡林郭勒盟 锡盟 锡林郭勒"),
        ("652700", "博尔塔拉蒙古自治州 博尔塔拉州 博州 博尔塔拉"),
        ("652800", "巴音郭楞蒙古自治州 巴音郭楞州 巴州 巴音郭楞"),
        ("653000", "克孜勒苏柯尔克孜自治州 克孜勒苏州 克州 克孜勒苏"),
        ("532800", "西双版纳傣族自治州 西双版纳州 版纳 西双版纳"),
        ("150724", "鄂温克族自治旗 鄂温克旗"),
        ("622926", "东乡族自治县 东乡县 东乡"),
        ("440300", "深圳市 深圳"),
        ("810000", "香港特别行政区 香港"),
    ],
)
def test_a_division_goes_by_its_full_name_and_by_its_short_ones(code, names):
    assert spellings(by_code(code)) == set(names.split())


def test_a_short_name_has_two_characters_at_least():
    assert all(len(name) > 1 for place in TODAY.values() for name in spellings(place))
