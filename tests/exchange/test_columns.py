import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.exchange.cells import SpoiltCell, starts_a_formula, typed
from customer_registry.exchange.columns import flatten, raw_of, unflatten
from customer_registry.exchange.headers import Column, heading


def read(headers, *cells):
    return raw_of(cells, heading(headers).columns)


def only(headers, *cells):
    raw, issues = read(headers, *cells)
    assert not issues
    return raw


def test_a_row_becomes_a_raw_customer():
    headers = ["公司名称", "联系人", "手机", "传真", "省", "地址", "收货地址", "账期(天)", "标签"]
    cells = [
        "浦江",
        "李雷",
        13800138000.0,
        "021-62345678",
        "上海",
        "路1号",
        "仓库",
        30.0,
        "重点,华东",
    ]
    assert only(headers, *cells) == {
        "name": "浦江",
        "contacts": [
            {"name": "李雷", "phones": [13800138000, {"number": "021-62345678", "use": "fax"}]}
        ],
        "addresses": [
            {"region": "上海", "street_address": "路1号"},
            {"street_address": "仓库", "purposes": ["shipping"]},
        ],
        "payment_terms": "30天",
        "tags": ["重点", "华东"],
    }


@pytest.mark.parametrize(
    ("header", "cell", "status"),
    [
        ("是否停用", "是", "inactive"),
        ("是否停用", "否", "active"),
        ("blocked", "YES", "blocked"),
        ("hold", 1.0, "blocked"),
        ("启用状态", "√", "active"),
        ("active", False, "inactive"),
        ("客户状态", "黑名单", "blacklisted"),
        ("禁用状态", "禁用", "inactive"),
        ("客户状态", "待定", "待定"),
    ],
)
def test_a_state_is_read_through_its_header(header, cell, status):
    assert only([header], cell) == {"status": status}


@pytest.mark.parametrize(
    ("header", "cell", "raw"),
    [
        ("邮编", 1000.0, {"addresses": [{"postal_code": 1000}]}),
        ("备注", 2024.0, {"notes": "2024"}),
        ("QQ", 10001.0, {"contacts": [{"messengers": {"qq": "10001"}}]}),
        ("信用额度(万元)", 1.5, {"credit_limit": 15000}),
        ("信用额度(USD)", "2,000", {"credit_limit": "2000 USD"}),
        ("账期", "月结30天", {"payment_terms": "月结30天"}),
        ("账期(月)", 2, {"payment_terms": "2个月"}),
        ("联行号", "BKCHCNBJ300", {"bank_accounts": [{"bic": "BKCHCNBJ300"}]}),
        ("SWIFT", "102100099996", {"bank_accounts": [{"cnaps": "102100099996"}]}),
        ("SWIFT", "BKCHCNB", {"bank_accounts": [{"bic": "BKCHCNB"}]}),
        ("身份证号", 1.5, {"identity_document": {"number": 1.5, "type": "cn.resident_id"}}),
        ("成立日期", dt.date(2024, 1, 5), {"custom": {"founded": "2024-01-05"}}),
        ("税率", 0.13, {"custom": {"tax_rate": 0.13}}),
    ],
)
def test_numbers_and_dates_become_what_the_field_takes(header, cell, raw):
    assert only([header], cell) == raw


def test_an_explicit_type_of_document_wins_over_the_header():
    raw = only(["身份证号", "证件类型"], "X1", "护照")
    assert raw == {"identity_document": {"number": "X1", "type": "护照"}}


def test_the_first_filled_of_two_columns_counts_and_another_value_is_told():
    headers = ["客户名称", "单位名称"]
    assert read(headers, "", "乙")[0] == {"name": "乙"}
    raw, (issue,) = read(headers, "甲", "乙")
    assert raw == {"name": "甲"}
    assert (issue.code, issue.path) == ("field.twice", ("name",))


def test_the_same_tax_number_in_two_columns_is_one():
    assert only(["税号", "统一社会信用代码"], "91A", "91A") == {"tax_identifiers": ["91A"]}


def test_damage_is_named_at_its_field():
    _, issues = read(["客户名称", "客户编码"], "#N/A", dt.date(2024, 3, 1))
    assert [(issue.code, issue.path) for issue in issues] == [
        ("import.cell_error", ("name",)),
        ("import.date_in_text", ("code",)),
    ]
    _, (formula,) = read(["备注"], "=1+1")
    assert formula.code == "import.formula"


def test_damage_is_named_where_it_stands_in_the_raw_customer():
    raw, (issue,) = read(["客户名称", "联系人", "联系人3", "联系人3邮箱"], "甲", "", "乙", "#N/A")
    assert raw["contacts"][0]["name"] == "乙"
    assert issue.path == ("contacts", 0, "emails", 0)


def test_damage_displaces_what_another_column_says_of_its_field():
    raw, _ = read(["客户名称", "单位名称"], "甲", "#N/A")
    assert raw == {"name": SpoiltCell("#N/A")}
    columns = dict(enumerate([Column(field="addresses.0"), Column(field="addresses.0.region")]))
    assert raw_of(["某路1号", "#N/A"], columns)[0] == {
        "addresses": [{"region": SpoiltCell("#N/A")}]
    }


def test_the_lines_of_an_address_are_joined():
    assert only(["Address Line 1", "Address Line 2"], "1 High St", "Flat 2") == {
        "addresses": [{"street_address": "1 High St Flat 2"}]
    }
    headers = ["区", "街道", "详细地址"]
    assert only(headers, "浦东新区", "陆家嘴街道", "世纪大道1号")["addresses"] == [
        {"district": "浦东新区", "street_address": "陆家嘴街道 世纪大道1号"}
    ]
    assert only(headers, "", "", "世纪大道1号")["addresses"] == [{"street_address": "世纪大道1号"}]


def test_only_echoes_and_blanks_are_left_out_of_a_flat_row():
    flat = flatten(
        {"id": "1", "version": 2, "name": "王芳", "notes": None, "contacts": [{"id": "a"}]}
    )
    assert flat == {"name": "王芳"}


TEXT = st.text(min_size=1, max_size=12).filter(lambda text: typed(f"'{text}") == text)
PHONE = TEXT | st.fixed_dictionaries({"number": TEXT, "use": TEXT})
CONTACT = st.fixed_dictionaries(
    {"name": TEXT},
    optional={
        "title": TEXT,
        "phones": st.lists(PHONE, min_size=1, max_size=3),
        "emails": st.lists(TEXT, min_size=1, max_size=2),
        "messengers": st.dictionaries(st.text(max_size=5), TEXT, min_size=1, max_size=2),
        "is_primary": st.booleans(),
    },
)
TAGS = st.lists(TEXT, min_size=1, max_size=3)
VALUES = TEXT | st.integers() | st.booleans() | st.dates() | st.decimals(allow_nan=False)
RAW = st.fixed_dictionaries(
    {"name": TEXT},
    optional={
        "status": st.sampled_from(["active", "blocked", "prospect"]),
        "contacts": st.lists(CONTACT, min_size=1, max_size=3),
        "addresses": st.lists(
            st.fixed_dictionaries({"street_address": TEXT}, optional={"purposes": TAGS}),
            min_size=1,
            max_size=2,
        ),
        "tax_identifiers": st.lists(
            TEXT | st.fixed_dictionaries({"scheme": TEXT, "number": TEXT}), min_size=1, max_size=2
        ),
        "bank_accounts": st.lists(st.fixed_dictionaries({"number": TEXT}), min_size=1, max_size=2),
        "invoice_profile": st.fixed_dictionaries({"title": TEXT}),
        "payment_terms": TEXT
        | st.fixed_dictionaries({"eom": st.booleans(), "days": st.integers()}),
        "tags": TAGS,
        "notes": TEXT,
        "custom": st.dictionaries(st.text(max_size=6), VALUES, min_size=1, max_size=3),
    },
)


@given(RAW)
def test_a_flat_row_gives_back_the_raw_customer(raw):
    assert unflatten(flatten(raw)) == raw


@given(RAW)
def test_no_cell_of_a_flat_row_starts_a_formula(raw):
    assert not any(map(starts_a_formula, flatten(raw).values()))


def test_values_of_custom_fields_keep_their_types():
    custom = {"a": Decimal("1.50"), "b": dt.date(2024, 1, 5), "c": True, "d": 5, "e": "5", "f": [1]}
    back = unflatten(flatten({"name": "x", "custom": custom}))
    assert back["custom"] == custom
    assert [type(value) for value in back["custom"].values()] == [
        type(value) for value in custom.values()
    ]


def test_values_that_a_raw_customer_spells_out_for_json_are_not_lost():
    custom = {
        "a": {"decimal": "1.50"},
        "b": {"date": "2026-01-01"},
        "c": {"decimal": "x"},
        "d": {"decimal": "1", "date": "2026-01-01"},
        "e": {"date": 5},
    }
    flat = flatten({"name": "x", "custom": custom})
    assert flat["custom.a:decimal"] == "1.50"
    assert flat["custom.b:date"] == "2026-01-01"
    spoken = {"a": Decimal("1.50"), "b": dt.date(2026, 1, 1)}
    assert unflatten(flat)["custom"] == custom | spoken


def test_a_damaged_form_stays_text():
    raw = unflatten({"custom.a:json": "{", "custom.b:date": "soon", "custom.c:decimal": "x"})
    assert raw == {"custom": {"a": "{", "b": "soon", "c": "x"}}
