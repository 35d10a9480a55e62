import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.exchange.headers import grouped, header_key, heading, meaning, vocabulary


def fields(*headers):
    return [column.field for column in heading(headers).columns.values()]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("＊公司名称（必填）：", "name"),
        (" 客户 名称 ", "name"),
        ("Company  Name *", "name"),
        ("客户名称(Customer Name)", "name"),
        ("客户名称\n（与营业执照一致）", "name"),
        ("Ｅ－mail", "contacts.0.emails.0"),
        ("信用额度(万元)", "credit_limit"),
        ("税率(%)", "custom.tax_rate"),
        ("QQ", "contacts.0.messengers.qq"),
        ("联系人 2 的电话 (contacts.1.phones.0)", "contacts.1.phones.0"),
        ("自定义（custom.等级）", "custom.等级"),
    ],
)
def test_a_header_is_known_however_it_is_written(header, field):
    assert fields(header) == [field]


@pytest.mark.parametrize(
    "header", ["神秘列", "客户名称(英文)", "(required)", "x" * 5000, "a (self.x)"]
)
def test_an_unknown_header_is_told(header):
    read = heading([header])
    assert not read.columns
    assert [issue.code for issue in read.issues] == ["import.header_unknown"]


def test_every_alias_of_the_table_leads_to_its_column():
    for key, column in vocabulary().aliases.items():
        assert meaning(key) == column


def test_a_person_beside_a_company_is_the_contact():
    assert fields("公司名称", "姓名") == ["name", "contacts.0.name"]
    assert fields("姓名", "手机") == ["name", "contacts.0.phones.0"]


def test_phones_of_all_kinds_find_their_places():
    expected = ["contacts.0.phones.0", "contacts.0.phones.1", "contacts.0.phones.2.number"]
    assert fields("手机", "联系方式", "传真") == expected


def test_an_address_is_a_street_where_its_parts_have_columns():
    assert fields("地址") == ["addresses.0"]
    assert fields("省", "地址")[1] == "addresses.0.street_address"


def test_two_headers_of_one_field_are_told():
    (issue,) = heading(["客户名称", "单位名称"]).issues
    assert issue.code == "import.header_duplicate"
    assert issue.params == {"field": "name", "headers": "客户名称、单位名称"}


def test_reasons_and_counters_are_known_and_ignored():
    read = heading(["原因", "reasons", "序号", "内部编号 (id)"])
    assert not read.columns
    assert not read.issues


def test_a_group_lends_its_word():
    assert grouped("名称", "开票信息") == "开票名称"
    assert grouped("备注", "开票信息") == "备注"


@given(st.text(max_size=400))
def test_any_text_is_a_header_or_none(text):
    assert isinstance(header_key(text), str)
    heading([text])
