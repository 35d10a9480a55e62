import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import CustomerRegistry, MissingExtra, PartyName, mnemonic


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("中国银行", "ZGYH"),
        ("3M中国", "3MZG"),
        ("六安市", "LAS"),
        ("重庆银行", "CQYH"),
        ("长沙", "CS"),
        ("厦门", "XM"),
        ("ABC科技", "ABCKJ"),
        ("ＡＢＣ（上海）有限公司", "ABCSHYXGS"),
        ("臺灣銀行", "TWYH"),
        ("乾坤科技", "QKKJ"),
        ("吕氏", "LS"),
        ("Café Zürich", "CAFEZURICH"),
        ("𠮷野家", "YJ"),
        ("()", ""),
    ],
)
def test_a_mnemonic_has_the_initials_and_keeps_letters_and_digits(name, letters):
    assert mnemonic(name).text == letters


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("曾国藩", "ZGF"),
        ("解晓东", "XXD"),
        ("仇和", "QH"),
        ("單雄信", "SXX"),
        ("查良镛", "ZLY"),
        ("尉迟恭", "YCG"),
        ("万俟卨", "MQX"),
        ("单于", "CY"),
        ("王曾", "WC"),
        ("阿卜来提·如则托合提", "ABLTRZTHT"),
        ("Li Lei", "LILEI"),
    ],
)
def test_a_persons_surname_is_read_as_one(name, letters):
    assert mnemonic(name, "person").text == letters


def test_a_customers_name_has_the_mnemonic_of_its_text():
    assert mnemonic(PartyName.parse("重庆银行")).text == "CQYH"


def test_a_company_has_no_surname():
    assert mnemonic("单晶硅公司").text == "DJGGS"


@pytest.mark.parametrize(
    ("name", "kind", "whole"),
    [
        ("覃辉", "person", "QH TH"),
        ("乐嘉", "person", "YJ LJ"),
        ("行知学校", "organization", "XZXX HZXX"),
        ("银行", "organization", "YH"),
    ],
)
def test_an_open_reading_offers_both(name, kind, whole):
    assert str(mnemonic(name, kind)) == whole


def test_a_customer_is_found_by_either_reading():
    registry = CustomerRegistry()
    typed = {"kind": "person", "name": "覃辉", "mnemonic": str(mnemonic("覃辉", "person"))}
    customer = registry.register(typed).customer
    for asked in ("qh", "TH"):
        assert registry.search(asked).customers == (customer,)


def test_the_longest_name_fits_its_field():
    typed = str(mnemonic("乐" * 200))
    assert CustomerRegistry().check(kind="person", name="乐乐", mnemonic=typed).issues == ()


def test_a_name_is_looked_at_to_its_greatest_length_and_no_further():
    assert mnemonic("·" * 199 + "中国").text == "Z"
    assert mnemonic("中" * 40).text == "Z" * 32


def test_a_customer_without_a_mnemonic_gets_none_unasked():
    assert CustomerRegistry().register(kind="person", name="覃辉").customer.mnemonic is None


def test_without_pypinyin_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypinyin", None)
    with pytest.raises(MissingExtra, match=r"customer-registry\[zh\]"):
        mnemonic("中国银行")


@given(
    st.text(st.characters(codec=None, exclude_categories=()), max_size=60) | st.text("乐覃长AB1 ·"),
    st.sampled_from(["person", "organization"]),
)
def test_a_mnemonic_of_any_text_is_capitals_and_digits(name, kind):
    letters = str(mnemonic(name, kind)).replace(" ", "")
    assert letters == "" or (letters.isascii() and letters.isalnum() and letters == letters.upper())
