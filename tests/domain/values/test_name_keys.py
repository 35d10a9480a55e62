import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.values.branches import split_branch
from customer_registry.domain.values.legal_forms import split_legal_form
from customer_registry.domain.values.name_folding import key1
from customer_registry.domain.values.name_keys import key2, key3, name_parts, sound_key
from customer_registry.domain.values.organization_words import says_what_it_is
from customer_registry.domain.values.places import split_places
from customer_registry.domain.values.simplified import simplified

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
PIECES = st.lists(
    st.sampled_from(
        """
        上海 上海市 浦东新区 浦江 臺灣 貿易 有限公司 股份 公司 集团 （
        ） 分公司 支行 银行 店 Co. Ltd , 县 自治区 第一
        """.split()
    ),
    max_size=8,
).map("".join)
NAMES = ANYTHING | PIECES


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("阿里巴巴(中国)网络技术有限公司", "阿里巴巴 ( 中国 ) 网络技术有限公司", 1),
        ("阿里巴巴（中国）网络技术有限公司", "阿里巴巴〔中国〕网络技术有限公司", 1),
        ("华为技术有限公司", "华为技术有限责任公司", 2),
        ("华为技术有限公司", "華為技術股份有限公司", 2),
        ("鍾氏有限公司", "鐘氏有限公司", 2),
        ("浦江（集团）有限公司", "浦江集团有限公司", 2),
        ("浦江中心（有限合伙）", "浦江中心（普通合伙）", 2),
        ("华为技术有限公司北京分公司", "华为技术有限责任公司北京分公司", 2),
        ("Acme Trading Co., Ltd.", "Acme Trading Limited", 2),
        ("株式会社日立", "日立株式会社", 2),
        ("上海浦江贸易有限公司", "浦江贸易（上海）有限公司", 3),
        ("上海市浦东新区浦江贸易有限公司", "浦江贸易有限公司", 3),
        ("内蒙古自治区浦江乳业有限公司", "内蒙古浦江乳业有限公司", 3),
        ("恩施土家族苗族自治州浦江茶叶有限公司", "恩施州浦江茶叶有限公司", 3),
        ("华为", "华为技术有限公司", None),
        ("华为技术有限公司", "华为技术有限公司北京分公司", None),
        ("上海银行股份有限公司", "北京银行股份有限公司", None),
        ("北京大学", "南京大学", None),
        ("老王商店", "老王饭店", None),
        ("浦江机械厂", "浦江机械有限公司", None),
    ],
)
def test_two_names_share_their_keys_from_the_strictest_that_they_share(one, other, shared):
    same = [number for number, key in enumerate((key1, key2, key3), 1) if key(one) == key(other)]
    assert same == ([] if shared is None else list(range(shared, 4)))


@pytest.mark.parametrize(
    ("name", "rest", "form"),
    [
        ("上海浦江贸易有限责任公司", "上海浦江贸易", "有限责任公司"),
        ("上海浦江貿易股份有限公司", "上海浦江貿易", "股份有限公司"),
        ("浦江（集团）有限公司", "浦江", "(集团)有限公司"),
        ("老王店（个体工商户）", "老王店", "(个体工商户)"),
        ("公司", "公司", ""),
        ("株式会社", "株式会社", ""),
        ("有限公司", "有限公司", ""),
        ("株式会社有限公司", "株式会社有限公司", ""),
        ("（集团）有限公司", "(集团)", "有限公司"),
        ("Co., Ltd.", "Co.", "Ltd."),
        ("株式会社日立", "日立", "株式会社"),
        ("㈱日立", "日立", "(株)"),
        ("澳門浦江一人有限公司", "澳門浦江", "一人有限公司"),
        ("Acme Co., Ltd.", "Acme", "Co., Ltd."),
        ("Acme CO.,LTD", "Acme", "CO., LTD"),
        ("Acme S. A. de C. V.", "Acme", "S. A. de C. V."),
        ("Acme S. de R. L. de C. V.", "Acme", "S. de R. L. de C. V."),
        ("Acme GmbH & Co. KG", "Acme", "GmbH & Co. KG"),
        ("Acme Pty Ltd", "Acme", "Pty Ltd"),
        ("PT Acme Tbk", "Acme", "PT Tbk"),
        ("Mexico", "Mexico", ""),
        ("Ltd", "Ltd", ""),
        ("", "", ""),
    ],
)
def test_a_name_is_split_from_its_legal_form(name, rest, form):
    assert split_legal_form(name) == (rest, form)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("上海浦江贸易有限公司北京分公司", "上海浦江贸易有限公司"),
        ("上海浦江貿易有限公司北京分公司", "上海浦江貿易有限公司"),
        ("上海浦江贸易有限公司浦东分公司张江营业部", "上海浦江贸易有限公司"),
        ("上海浦江食品有限公司国贸店", "上海浦江食品有限公司"),
        ("上海浦江食品有限公司（国贸门店）", "上海浦江食品有限公司"),
        ("上海浦江机械有限公司第二分厂", "上海浦江机械有限公司"),
        ("中国农业银行上海市浦东支行", "中国农业银行"),
        ("广东浦江律师事务所深圳分所", "广东浦江律师事务所"),
        ("Acme Ltd. (Shanghai Branch)", "Acme Ltd."),
        ("北京分公司", ""),
        ("Shanghai Branch", ""),
    ],
)
def test_a_branch_names_its_head_office(name, head):
    assert split_branch(name)[0] == head
    assert split_branch(name)[1] != ""


@pytest.mark.parametrize(
    "name",
    [
        "上海浦江贸易有限公司",
        "老王烟酒营业部",
        "城东街道办事处",
        "浦江分店管理有限公司",
        "中国银行",
        "公司",
        "",
    ],
)
def test_a_head_office_is_no_branch(name):
    assert split_branch(name) == (name, "")


@pytest.mark.parametrize(
    ("core", "rest"),
    [
        ("上海浦江贸易", "浦江贸易"),
        ("广东省深圳市南山区浦江贸易", "浦江贸易"),
        ("长兴县浦江五金", "浦江五金"),
        ("昆山市浦江五金", "浦江五金"),
        ("浦江(中国)贸易", "浦江贸易"),
        ("红星(美凯龙)家居", "红星美凯龙家居"),
        ("朝阳区浦江餐饮", "浦江餐饮"),
        ("上海市场研究", "市场研究"),
        ("超级都市传媒", "超级都市传媒"),
        ("上海万达区块链", "万达区块链"),
        ("上海银行", "上海银行"),
        ("黄山旅游", "黄山旅游"),
        ("阿里巴巴网络", "阿里巴巴网络"),
        ("shanghaipujiang", "pujiang"),
    ],
)
def test_a_name_loses_its_places_and_nothing_of_its_own(core, rest):
    assert split_places(core)[0] == rest


def test_a_name_without_a_form_may_say_what_it_is_at_its_end():
    assert says_what_it_is("老王小吃店")
    assert says_what_it_is("老王小吃店（城东）")
    assert not says_what_it_is("老王")
    assert not says_what_it_is("老王小吃店）")


def test_a_character_without_a_simplified_form_stays():
    assert simplified("王芳·䶮〇乾") == "王芳·䶮〇乾"


def test_names_that_sound_alike_share_a_sound_key():
    assert sound_key("上海盛达贸易有限公司") == sound_key("北京圣达商贸有限公司")
    assert sound_key("上海盛达贸易有限公司") != sound_key("上海盛达贸易有限公司北京分公司")


@given(NAMES)
def test_a_looser_key_follows_from_a_stricter_one(name):
    parts = name_parts(name)
    assert key3(name) == parts.stem + parts.branch
    assert key1(key1(name)) == key1(name)
    assert simplified(simplified(name)) == simplified(name)


@given(NAMES, NAMES)
def test_names_that_share_the_third_key_share_the_sound_key(one, other):
    if (
        name_parts(one).stem == name_parts(other).stem
        and name_parts(one).branch == name_parts(other).branch
    ):
        assert sound_key(one) == sound_key(other)


@given(NAMES)
def test_a_split_loses_nothing_but_spaces_and_width(name):
    head, branch = split_branch(name)
    assert key1(head + branch) == key1(name)


@pytest.mark.parametrize(
    "piece",
    ["(", "()", "公司", "有限公司", "分公司", "市", "自治", "co ", "a ", "\ud800"],
    ids=ascii,
)
def test_a_hostile_text_is_read_in_no_time(piece):
    began = time.process_time()
    key3(piece * (50_000 // len(piece)))
    split_legal_form(piece * 500)
    assert time.process_time() - began < 1
