"""Pairs of names of organisations, judged by hand before `likeness` was run over them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import PartyName, likeness

SAME = """
上海浦江贸易有限公司 = 上海浦江贸易 有限公司
腾讯（深圳）有限公司 = 腾讯(深圳)有限公司
腾讯〔深圳〕有限公司 = 腾讯［深圳］有限公司
ＡＢＣ有限公司 = abc有限公司
Acme Co., Ltd. = ACME CO LTD
O'Neil Inc. = ONEIL INC
Foo Trading S.p.A. = Foo Trading S. p. A.
Pujiang Trading Sp. z o.o. = Pujiang Trading Sp. z o. o.
阿·乙有限公司 = 阿•乙有限公司
""".strip().splitlines()

NEAR = """
华为技术有限公司 = 华为技术有限责任公司
华为技术有限公司 = 华为技术股份有限公司
上海浦江贸易有限公司 = 上海浦江贸易公司
上海浦江貿易有限公司 = 上海浦江贸易有限公司
臺灣積體電路製造股份有限公司 = 台湾积体电路制造股份有限公司
鍾氏商行有限公司 = 钟氏商行有限公司
上海浦江贸易有限公司 = 浦江贸易(上海)公司
上海浦江贸易有限公司 = 上海市浦江贸易有限公司
上海浦江贸易有限公司 = 浦江贸易有限公司
上海浦江贸易有限公司 = 上海浦东新区浦江贸易有限公司
广东省深圳市浦江电子有限公司 = 深圳浦江电子有限公司
深圳市南山区浦江电子有限公司 = 深圳市浦江电子有限公司
昆山市浦江五金厂 = 浦江五金厂
长兴县浦江五金厂 = 浦江五金厂
浦江（集团）有限公司 = 浦江集团有限公司
浦江集团股份有限公司 = 浦江股份有限公司
浦江投资管理中心（有限合伙） = 浦江投资管理中心（普通合伙）
老王小吃店（个体工商户） = 老王小吃店
阿里巴巴（中国）网络技术有限公司 = 阿里巴巴网络技术有限公司
上海盛达贸易有限公司 = 上海圣达贸易有限公司
上海浦江贸易有限公司 = 上海浦姜贸易有限公司
上海浦江贸易有限公司 = 上海铺江贸易有限公司
北京宏图科技有限公司 = 北京鸿图科技有限公司
北京宏图科技有限公司 = 北京宏途科技有限公司
杭州诚信建材有限公司 = 杭州成信建材有限公司
杭州阿里巴巴网络有限公司 = 杭州阿里巴已网络有限公司
浙江东方龙马建材有限公司 = 浙江东方龙吗建材有限公司
北京金色阳光文化传媒有限公司 = 北京金色阳关文化传媒有限公司
上海浦江商贸有限公司 = 上海浦江贸易有限公司
上海浦江国际贸易有限公司 = 上海浦江贸易有限公司
上海浦江经贸发展有限公司 = 上海浦江贸易有限公司
上海浦江技术有限公司 = 上海浦江科技有限公司
上海浦江科技发展有限公司 = 上海浦江科技有限公司
上海浦江实业发展有限公司 = 上海浦江实业有限公司
上海浦江网络科技有限公司 = 上海浦江科技有限公司
上海浦江服装有限公司 = 上海浦江服饰有限公司
华为技术有限公司北京分公司 = 华为技术有限责任公司北京分公司
株式会社日立製作所 = 日立製作所株式会社
株式会社山田商店 = 有限会社山田商店
Acme Co., Ltd. = Acme Limited
Acme Inc. = Acme Incorporated
Acme Inc. = Acme LLC
Acme Trading Co., Ltd. = Acme Trading Limited
Acme Trading Co., Ltd. = Acme Trade Co., Ltd.
Siemens AG = Simens A.G.
Siemens AG = Ziemens AG
Siemens AG = Siemens GmbH
Microsoft Corporation = Microsfot Corp.
Johnson Electric Ltd = Jonson Electric Ltd
Shanghai Pujiang Trading Co., Ltd. = Pujiang Trading (Shanghai) Co., Ltd.
Pujiang (China) Co., Ltd. = Pujiang Co., Ltd.
PT Astra Otoparts Tbk = Astra Otoparts
""".strip().splitlines()

BETWEEN = """
上海浦江贸易有限公司 = 上海浦江贸易有限公司北京分公司
上海浦江贸易有限公司上海分公司 = 上海浦江贸易有限公司北京分公司
华为 = 华为技术有限公司
浦江有限公司 = 浦江贸易有限公司
上海浦江贸易有限公司 = 上海浦江建筑有限公司
上海浦江贸易有限公司 = 上海大浦江贸易有限公司
上海盛达贸易有限公司 = 北京圣达贸易有限公司
上海浦江电子科技有限公司 = 上海浦江生物科技有限公司
Acme Trading Ltd = Acme Engineering Ltd
Acme Ltd = Acmeon Ltd
Omega Ltd = Omego Ltd
""".strip().splitlines()

FAR = """
上海浦江贸易有限公司 = 上海浦东贸易有限公司
上海浦江贸易有限公司 = 上海黄埔贸易有限公司
上海浦江贸易有限公司 = 北京长城贸易有限公司
上海东方贸易有限公司 = 上海西方贸易有限公司
北京华联科技有限公司 = 北京华谊科技有限公司
北京华联科技有限公司 = 北京中联科技有限公司
杭州西湖文化传媒有限公司 = 杭州东湖文化传媒有限公司
杭州阿里巴巴网络有限公司 = 杭州大里巴巴网络有限公司
杭州天目网络科技有限公司 = 杭州天河网络科技有限公司
广州恒大建材有限公司 = 广州恒安建材有限公司
深圳大疆创新科技有限公司 = 深圳大地创新科技有限公司
中国工商银行股份有限公司 = 中国农业银行股份有限公司
中国建设银行股份有限公司 = 交通银行股份有限公司
上海银行股份有限公司 = 北京银行股份有限公司
北京大学 = 清华大学
北京大学 = 南京大学
杭州市第一人民医院 = 杭州市第二人民医院
杭州市第一中学 = 杭州市第十一中学
中铁三局集团有限公司 = 中铁八局集团有限公司
三一重工股份有限公司 = 徐州重工股份有限公司
老王小吃店 = 老李小吃店
老王五金店 = 老张五金店
王家村村民委员会 = 李家村村民委员会
城东街道办事处 = 城西街道办事处
招商局集团有限公司 = 中粮集团有限公司
小米科技有限责任公司 = 大米科技有限责任公司
百度在线网络技术有限公司 = 京东在线网络技术有限公司
国美电器有限公司 = 苏宁电器有限公司
格力电器股份有限公司 = 美的电器股份有限公司
海尔集团公司 = 海信集团公司
中兴通讯股份有限公司 = 中星微电子有限公司
大同企業社 = 永和豆漿店
香港浦江貿易有限公司 = 香港九龍貿易有限公司
北京律诚律师事务所 = 北京金杜律师事务所
株式会社日立製作所 = 株式会社東芝
Acme Trading Co., Ltd. = Apex Trading Co., Ltd.
Acme Inc. = Zenith Inc.
Siemens AG = Bosch GmbH
Toyota Motor Corporation = Honda Motor Co., Ltd.
General Electric Co. = General Motors Co.
Bank of America = Bank of China
Shanghai Pujiang Trading Co., Ltd. = Shanghai Lingang Trading Co., Ltd.
Shell plc = Dell plc
Ford Ltd = Fort Ltd
Foo Technologies LLC = Bar Technologies LLC
Sun Trading Ltd = Son Trading Ltd
Deutsche Bank AG = Deutsche Bahn AG
British Airways plc = British Telecom plc
Novo Nordisk A/S = Novartis AG
上海浦江贸易有限公司 = Shanghai Pujiang Trading Co., Ltd.
""".strip().splitlines()

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
PIECES = st.lists(
    st.sampled_from(
        """
        上海 北京市 浦江 浦东 铺江 阿里巴巴 贸易 科技 有限公司 公司
        （集团） 分公司 ( ) 市 县 Acme Co. , Ltd 三
        """.split()
    ),
    max_size=6,
).map("".join)
NAMES = ANYTHING | PIECES


def pairs(lines):
    return [tuple(line.split(" = ")) for line in lines]


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_another_spelling_of_a_name_is_wholly_alike(one, other):
    assert likeness(one, other) == 1


@pytest.mark.parametrize(("one", "other"), pairs(NEAR))
def test_what_may_be_one_company_is_near(one, other):
    assert 0.85 <= likeness(one, other) < 1


@pytest.mark.parametrize(("one", "other"), pairs(BETWEEN))
def test_what_shares_the_trade_name_alone_is_not_near(one, other):
    assert 0.6 <= likeness(one, other) < 0.85


@pytest.mark.parametrize(("one", "other"), pairs(FAR))
def test_another_trade_name_is_far_whatever_the_trade(one, other):
    assert likeness(one, other) < 0.6


def test_a_name_of_trade_words_alone_is_compared_by_its_characters():
    assert likeness("贸易有限公司", "浦江贸易有限公司") == 0.42


@given(NAMES, NAMES)
def test_any_two_texts_are_alike_from_nothing_to_one_and_either_way(one, other):
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)


@given(NAMES)
def test_a_name_is_wholly_like_its_own_key(name):
    assert likeness(name, name) == 1
    assert likeness(name, PartyName(name).key) == 1


def test_names_of_customers_are_compared_as_their_texts_are():
    one, other = (PartyName.parse(each) for each in ("上海浦江贸易有限公司", "浦江贸易公司"))
    assert likeness(one, other) == likeness(str(one), str(other)) > 0.85


def test_a_wrong_character_of_the_right_sound_is_near_wherever_the_trade_name_ends():
    assert likeness("江苏协和电子有限公司", "江苏协禾电子有限公司") > 0.85
    assert likeness("江苏协和电子有限公司", "浙江协禾电子有限公司") < 0.85


def test_a_long_text_is_compared_at_once():
    assert likeness("浦江" * 25_000, "浦东" * 25_000) < 0.85
