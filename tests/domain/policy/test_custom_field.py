from datetime import date
from decimal import Decimal

import pytest

from customer_registry import CompanyPolicy, PartyKind, PolicyError
from customer_registry.domain.policy import CustomField, FieldType, TextFormat

DECLARED = """
[custom."等级"]
type = "choice"
label = { zh = "客户等次", en = "Tier" }
choices = ["甲", "乙"]
required = ["organization"]
default = "乙"

[custom.founded]
type = "date"
label = "成立日期"
help.zh = "见营业执照"
minimum = 1900-01-01

[custom.shops]
type = "number"
minimum = 0.5
maximum = 9
required = true

[custom.vip]
type = "bool"

[custom.reference]
pattern = '\\d{4}'
example = "0001"
max_length = 10
"""


def test_the_fields_a_company_declares_are_read():
    fields = CompanyPolicy.loads(DECLARED).custom_fields
    assert list(fields) == ["等级", "founded", "shops", "vip", "reference"]
    assert fields["等级"] == CustomField(
        name="等级",
        type=FieldType.CHOICE,
        labels={"zh": "客户等次", "en": "Tier"},
        choices=("甲", "乙"),
        required=(PartyKind.ORGANIZATION,),
        default="乙",
    )
    assert fields["founded"].minimum == date(1900, 1, 1)
    assert fields["founded"].labels == {"zh": "成立日期", "en": "成立日期"}
    assert fields["founded"].help == {"zh": "见营业执照"}
    assert fields["shops"].minimum == Decimal("0.5")
    assert fields["vip"].type is FieldType.BOOL
    assert (fields["reference"].pattern, fields["reference"].max_length) == (r"\d{4}", 10)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [("等级", {"organization"}), ("shops", {"person", "organization"}), ("vip", set())],
)
def test_a_field_is_required_of_the_kinds_that_are_named(name, kinds):
    field = CompanyPolicy.loads(DECLARED).custom_fields[name]
    assert {str(kind) for kind in PartyKind if field.is_required(kind)} == kinds


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"name": ""}, "cannot be the name"),
        ({"name": "a\nb"}, "cannot be the name"),
        ({"name": "x" * 61}, "cannot be the name"),
        ({"type": "nunber"}, "custom.x.type is one of .* did you mean number"),
        ({"type": "choice"}, "needs choices"),
        ({"type": "choice", "choices": ("A", "ａ")}, "has 'ａ' twice, or blank"),
        ({"type": "choice", "choices": (" ",)}, "twice, or blank"),
        ({"choices": ("A",)}, "custom.x.choices says nothing about a text"),
        ({"type": "bool", "minimum": 1}, "custom.x.minimum says nothing about a bool"),
        ({"type": "date", "minimum": 1}, "custom.x.minimum is a date"),
        ({"type": "number", "maximum": date(2024, 1, 5)}, "custom.x.maximum is a number"),
        ({"type": "number", "maximum": Decimal("inf")}, "custom.x.maximum is a number"),
        ({"type": "number", "maximum": True}, "custom.x.maximum is a number"),
        ({"type": "number", "minimum": 2, "maximum": 1}, "minimum is above its maximum"),
        ({"pattern": "(a+)+"}, "custom.x.pattern: position 5: repeats"),
        ({"pattern": "a", "example": "b"}, "example does not fit"),
        ({"max_length": 5000}, "whole number from 1 to 4000"),
        ({"required": ("company",)}, "custom.x.required is one of person, organization"),
        ({"labels": {"de": "x"}}, "custom.x.label knows no 'de'"),
        ({"default": {}}, "custom.x.default is one value"),
    ],
    ids=str,
)
def test_a_declaration_that_cannot_be_meant_is_refused(declared, told):
    with pytest.raises(PolicyError, match=told):
        CustomField(**{"name": "x", **declared})


def test_a_field_stands_under_its_own_name():
    with pytest.raises(PolicyError, match="'a' stands for 'b'"):
        CompanyPolicy(custom_fields={"a": CustomField(name="b")})


def test_a_format_may_be_a_pattern_alone_or_show_an_example():
    policy = CompanyPolicy.loads(
        '[formats]\nowner = "[A-Z]+"\nmnemonic = { pattern = "[A-Z]{2}", example = "HW" }'
    )
    assert policy.formats == {
        "owner": TextFormat("[A-Z]+"),
        "mnemonic": TextFormat("[A-Z]{2}", "HW"),
    }


@pytest.mark.parametrize(
    ("word", "rank"), [("AAA", 0), ("aa", 1), ("Ａ", 2), ("B", None), ("", None), (None, None)]
)
def test_a_word_ranks_by_its_place_in_the_list(word, rank):
    policy = CompanyPolicy(lists={"credit_rating": ("AAA", "AA", "A")})
    assert policy.rank("credit_rating", word) == rank
    assert policy.rank("grade", word) is None


def test_special_domains_are_kept_in_lower_case():
    policy = CompanyPolicy.loads('special_domains = ["Corp.Local", "test"]')
    assert policy.special_domains == ("corp.local", "test")
    assert CompanyPolicy(special_domains=("A.test",)).special_domains == ("a.test",)
