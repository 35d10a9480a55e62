from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.exchange.headers import (
    grouped,
    header_key,
    heading,
    lent_by,
    meaning,
    vocabulary,
)


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


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("联系人1 联系人2", "contacts.0.name contacts.1.name"),
        ("联系人2电话 联系人2手机", "contacts.1.phones.0 contacts.1.phones.1"),
        ("联系人2邮箱 第二联系人", "contacts.1.emails.0 contacts.1.name"),
        ("Contact_1 Contact_2_Phone", "contacts.0.name contacts.1.phones.0"),
        ("电话1 电话2 手机(2)", "contacts.0.phones.0 contacts.0.phones.1 contacts.0.phones.2"),
        ("联系电话1 备用电话", "contacts.0.phones.0 contacts.0.phones.1"),
        ("联系人 联系人二 电话一", "contacts.0.name contacts.1.name contacts.0.phones.0"),
        ("地址 地址2 经营地址3", "addresses.0 addresses.1 addresses.2"),
        (
            "地址2 收货地址 收货邮编",
            "addresses.1 addresses.2.street_address addresses.2.postal_code",
        ),
        ("邮箱 邮箱2", "contacts.0.emails.0 contacts.0.emails.1"),
        ("税号 税号2", "tax_identifiers.0 tax_identifiers.1"),
        ("银行账号2 开户行2", "bank_accounts.1.number bank_accounts.1.bank"),
    ],
)
def test_a_number_names_one_more_of_its_kind_or_its_entry(headers, expected):
    assert fields(*headers.split()) == expected.split()
    assert not heading(headers.split()).issues


def test_a_numbered_phone_belongs_to_the_contact_of_that_number_where_there_is_one():
    found = fields("联系人1", "电话1", "联系人2", "电话2", "备用联系人", "备用电话")
    assert found[:4] == [
        "contacts.0.name",
        "contacts.0.phones.0",
        "contacts.1.name",
        "contacts.1.phones.0",
    ]
    assert found[4:] == ["contacts.2.name", "contacts.2.phones.0"]


def test_a_recipient_has_the_phone_and_address_of_deliveries():
    assert fields("联系人", "收货人", "收货电话", "收货地址") == [
        "contacts.0.name",
        "contacts.1.name",
        "contacts.1.phones.0",
        "addresses.1.street_address",
    ]


@pytest.mark.parametrize("header", ["客户名称2", "信用额度2", "2", "联系人0", "第二", "NAME2"])
def test_a_number_behind_a_field_that_has_no_second_is_unknown(header):
    assert not fields(header)


def test_an_account_number_beside_a_bank_is_the_banks():
    assert fields("Customer", "Account No.") == ["name", "code"]
    assert fields("Customer", "Bank", "Account No.", "Account Name") == [
        "name",
        "bank_accounts.0.bank",
        "bank_accounts.0.number",
        "bank_accounts.0.holder",
    ]


FILES = {
    "ERP": (
        "客户编码|客户名称|客户简称|所属分类码|税号|开户银行|银行账户|地址|邮政编码|电话|"
        "传真|联系人|手机|Email地址|信用额度|分管部门|专管业务员|收付款协议|建档人|备注"
    ),
    "贸易": (
        "往来单位编号|单位全名|单位简称|单位地址|单位电话|联系人电话|联系人手机|"
        "联系人邮箱|默认经手人|应收上限|价格等级"
    ),
    "CRM": (
        "客户名称|客户级别|客户来源|客户状态|所属行业|联系人1|联系人2|电话1|电话2|手机1|"
        "手机2|备用电话|备用联系人|销售代表|创建时间|创建人"
    ),
    "开票": (
        "公司名|开票抬头|纳税人识别号|注册地址|注册电话|开户行|开户行账号|收件人|"
        "收件人电话|收件地址|座机号码|省/市"
    ),
    "SAP": ("KUNNR|NAME1|STRAS|ORT01|PSTLZ|REGIO|LAND1|TELF1|TELFX|STCD1|SMTP_ADDR"),
    "English": (
        "Customer|VAT No.|Account No.|Contact 1|Phone 2|E-mail Address|Billing Street|"
        "Billing City|Billing Zip/Postal Code|Billing Country|Account Owner|"
        "Parent Account|Address Line 2|Payment Terms"
    ),
    "database": (
        "customer_name|customer_code|contact_name|contact_phone|email_address|"
        "credit_limit|created_at"
    ),
}


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_the_headers_of_common_systems_are_known(file):
    headers = file.split("|")
    read = heading(headers)
    assert len(read.columns) == len(headers)
    assert len({column.field for column in read.columns.values()}) >= len(headers) - 1
    assert not read.issues


def test_an_address_is_a_street_where_its_parts_have_columns():
    assert fields("地址") == ["addresses.0"]
    assert fields("省", "地址")[1] == "addresses.0.street_address"


def test_two_headers_of_one_field_are_told():
    (issue,) = heading(["客户名称", "单位名称"]).issues
    assert issue.code == "import.header_duplicate"
    assert issue.params == {"field": "name", "headers": "客户名称、单位名称"}
    assert issue.line("zh") == "多个表头都指客户名称：客户名称、单位名称"
    (issue,) = heading(["客户名称", "职务", "联系人职务"]).issues
    assert issue.line("en") == "Several headers mean job title of contact 1: 职务、联系人职务"


def test_the_codes_of_a_bank_are_two_fields():
    assert fields("SWIFT", "联行号") == ["bank_accounts.0.bic", "bank_accounts.0.cnaps"]
    assert not heading(["客户名称", "SWIFT", "联行号"]).issues


def test_many_columns_of_one_kind_are_numbered_at_once():
    began = process_time()
    read = heading(["客户名称", *["电话"] * 5000])
    assert read.columns[5000].field == "contacts.0.phones.4999"
    assert process_time() - began < 3


def test_a_header_may_be_in_traditional_characters():
    assert fields("客戶名稱", "行動電話") == ["name", "contacts.0.phones.0"]
    assert grouped("名稱", "開票資訊") == "名稱"


def test_reasons_and_counters_are_known_and_ignored():
    read = heading(["原因", "reasons", "序号", "内部编号 (id)"])
    assert not read.columns
    assert not read.issues


def test_a_group_lends_its_word():
    assert grouped("名称", "开票信息") == "开票名称"
    assert grouped("备注", "开票信息") == "备注"
    assert grouped("电话", "联系人 2") == "联系人2电话"
    assert lent_by("客户信息") == ""


@given(st.text(max_size=400))
def test_any_text_is_a_header_or_none(text):
    assert isinstance(header_key(text), str)
    heading([text])
