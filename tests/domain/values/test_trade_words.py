import pytest

from customer_registry.domain.values.trade_words import split_trade


@pytest.mark.parametrize(
    ("words", "trade"),
    [
        ("贸易 商贸 经贸 工贸 外贸 国际贸易 进出口 进出口贸易", "贸易"),
        ("科技 技术", "科技"),
        ("餐饮 餐厅 饭店", "餐饮"),
        ("地产 房地产 置业", "地产"),
        ("装饰 装潢 装修", "装饰"),
        ("通信 通讯", "通信"),
        ("药业 医药 制药", "药业"),
        ("服饰 服装", "服饰"),
        ("trading trade", "trading"),
        ("technology technologies tech", "technology"),
        ("electronics electronic", "electronics"),
        ("international intl", "international"),
    ],
)
def test_words_of_one_trade_are_one_word(words, trade):
    for word in words.split():
        assert split_trade(f"浦江{word}") == ("浦江", {trade})


@pytest.mark.parametrize("word", "发展 国际 集团 股份 企业 group holdings holding".split())
def test_a_word_that_says_nothing_of_the_trade_is_dropped(word):
    assert split_trade(f"浦江{word}") == ("浦江", frozenset())


@pytest.mark.parametrize(
    ("stem", "brand", "trade"),
    [
        ("浦江", "浦江", set()),
        ("", "", set()),
        ("浦江电子商务科技", "浦江", {"电子商务", "科技"}),
        ("贸易", "", {"贸易"}),
        ("科技浦江", "科技浦江", set()),
    ],
)
def test_the_trade_stands_behind_the_brand(stem, brand, trade):
    assert split_trade(stem) == (brand, trade)
