"""Numbers of the mainland, Hong Kong, Macau and Taiwan as a registry judges them, fact by fact."""

import datetime as dt

import pytest

from customer_registry import CustomerRegistry, Severity

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)

# as typed | kept, or the fault | what wants a look, or the check character that was expected
FACTS = {
    "cn.uscc": """
91100000100003962T | 91100000100003962T |
12100000400000624D | 12100000400000624D |
91110000600037341L | 91110000600037341L |
91110000600037341l | 91110000600037341L |
9 1 110000 600037341L | 91110000600037341L |
9144-0300-7152-6726-XG | 9144030071526726XG |
93410100MA45XY124P | 93410100MA45XY124P |
11110000000001230C | 11110000000001230C |
31110000E00018675X | 31110000E00018675X |
52110108MJ01234562 | 52110108MJ01234562 |
5310000050001234X6 | 5310000050001234X6 |
81110105MC1234566Q | 81110105MC1234566Q |
A1100000MB1234562N | A1100000MB1234562N |
Y1110000MD123456XX | Y1110000MD123456XX |
54330110ME1234563A | 54330110ME1234563A | uscc.category_unknown
9144030071526762XG | uscc.check_digit | 3
914403001922038000 | uscc.check_digit | 1
91110000600037341M | uscc.check_digit | L
111111111111111111 | uscc.check_digit | 5
A1110000600037341L | uscc.check_digit | K
914403007152672XG | uscc.length |
12345 | uscc.length |
91330100716105852V | uscc.charset |
""",
    "cn.org_code": """
D2143569X | D2143569-X |
71092609-4 | 71092609-4 |
71526726-X | 71526726-X |
71092609-5 | org_code.check_digit | 4
""",
    "cn.taxpayer": """
110108551385082 | 110108551385082 | tax_id.legacy15
110108551385083 | 110108551385083 | tax_id.unverified
11010519491231002X01 | 11010519491231002X01 | tax_id.individual_business
11010549123100201 | 11010549123100201 | tax_id.individual_business
L9144030071526726XG | L9144030071526726XG | tax_id.temporary
1234567890 | tax_id.format |
""",
    "tw.ubn": """
00501503 | 00501503 |
10458570 | 10458570 |
00000074 | 00000074 |
88117254 | 88117254 |
12345601 | 12345601 |
90183275 | 90183275 |
00501502 | tw_ubn.check_digit |
88117250 | tw_ubn.check_digit |
12345600 | tw_ubn.check_digit |
90183272 | tw_ubn.check_digit |
""",
    "hk.brn": """
66820292-000-06-23-5 | 66820292 |
2837074 | 2837074 | hk.looks_like_cr_number
ABC12345 | hk_br.format |
""",
    "mo.tax": """
81234567 | 81234567 | mo.unverified
""",
    "id": """
11010519491231002x | 11010519491231002X |
810000199003078818 | 810000199003078818 |
820000198506154322 | 820000198506154322 |
830000197805051232 | 830000197805051232 |
91112419890115003X | 91112419890115003X |
931840198206280010 | 931840198206280010 |
KAZ110090123105 | KAZ110090123105 |
110105491231002 | 110105491231002 | id.legacy15
110105194912310021 | id.check_digit | X
99010519491231002X | id.check_digit | 3
110105203001010013 | id.birth_date |
11010520300101001X | id.birth_date |
1101051949123100 | id.length |
""",
    "hk.id": """
A123456(3) | A1234563 |
A123456(4) | hkid.check_digit | 3
""",
}
ROWS = [
    (scheme, *(part.strip() for part in row.split("|")))
    for scheme, rows in FACTS.items()
    for row in rows.strip().splitlines()
]


def judged(scheme, typed):
    registry = CustomerRegistry(clock=lambda: NOW)
    if scheme in {"id", "hk.id"}:
        of = "cn.resident_id" if scheme == "id" else scheme
        document = {"type": of, "number": typed}
        return registry, {"kind": "person", "name": "王芳", "identity_document": document}
    numbers = [{"scheme": scheme, "number": typed}]
    return registry, {"kind": "organization", "name": "甲贸易有限公司", "tax_identifiers": numbers}


def told(report):
    return [one for one in report if one.path[0] in {"tax_identifiers", "identity_document"}]


@pytest.mark.parametrize(("scheme", "typed", "kept", "look"), [r for r in ROWS if "." not in r[2]])
def test_a_sound_number_is_registered_with_its_warnings(scheme, typed, kept, look):
    registry, raw = judged(scheme, typed)
    receipt = registry.register(raw)
    customer = receipt.customer
    value = customer.identity_document or customer.tax_identifiers[0]
    assert str(value) == kept
    assert [one.code for one in told(receipt.report)] == ([look] if look else [])


@pytest.mark.parametrize(("scheme", "typed", "fault", "check"), [r for r in ROWS if "." in r[2]])
def test_an_unsound_number_is_refused_by_its_fault(scheme, typed, fault, check):
    registry, raw = judged(scheme, typed)
    (issue,) = told(registry.check(raw))
    assert (issue.code, issue.severity) == (fault, Severity.ERROR)
    assert issue.params.get("expected_check", "") == check
