"""What a policy file says of codes, and each mistake in it with its line and key."""

from datetime import date, timedelta

import pytest

from customer_registry import (
    CodeContext,
    CodePattern,
    CodeRules,
    CompanyPolicy,
    LevelCodes,
    ManualCodes,
    PolicyError,
    ReservationRules,
)
from customer_registry.domain.codes.policy import CodeMode, Guarantee

RULES = """
[codes]
mode = "editable"
[[codes.rules]]
pattern = "P{number:5,range=person}"
when = { kind = "person" }
[[codes.rules]]
pattern = "E{number:5}"
guarantee = "unique"
block = 50
[[codes.rules]]
pattern = "E{date:%y}{number:5,range=new}"
since = 2027-01-01
"""


def mistakes(text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as refused:
        CompanyPolicy.loads(text)
    return refused.value.mistakes


def test_a_pattern_is_read_with_its_mode_guarantee_and_block():
    text = (
        '[codes]\npattern = "KH{number:5}"\nmode = "editable"\nguarantee = "unique"\nblock = 100\n'
    )
    codes = CompanyPolicy.loads(text).codes
    assert codes == CodePattern("KH{number:5}", mode="editable", guarantee="unique", block=100)


def test_people_may_give_all_codes():
    assert CompanyPolicy.loads('[codes]\nmode = "manual"\n').codes == ManualCodes()


def test_a_level_plan_is_read():
    assert CompanyPolicy.loads('[codes]\nlevels = "2-3-4"\n').codes == LevelCodes("2-3-4")


def test_several_rules_are_read_in_their_order():
    codes = CompanyPolicy.loads(RULES).codes
    assert isinstance(codes, CodeRules)
    assert codes.mode is CodeMode.EDITABLE
    assert [rule.since for rule in codes.rules] == [None, None, date(2027, 1, 1)]
    assert [dict(rule.when) for rule in codes.rules] == [{"kind": "person"}, {}, {}]
    assert codes.rules[1].pattern.guarantee is Guarantee.UNIQUE
    assert str(codes.preview(CodeContext({}, date(2027, 3, 1)))) == "E2700001"


def test_what_open_forms_are_granted_is_read_with_the_fiscal_year():
    text = "fiscal_year_start = 4\n[reservations]\nminutes = 5\nper_actor = 2\nrefill = false\n"
    policy = CompanyPolicy.loads(text)
    assert policy.fiscal_year_start == 4
    assert policy.reservations == ReservationRules(
        lasting=timedelta(minutes=5), per_actor=2, refill=False
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("codes = 1", "line 1: codes is a table"),
        ('[codes]\npatern = "C{number}"', "line 2: codes knows no 'patern'; did you mean pattern?"),
        ("[codes]\npattern = 1", "line 2: codes.pattern is a text"),
        ('[codes]\npattern = "C"', "line 2: codes.pattern: a pattern has exactly one {number}"),
        (
            '[codes]\npattern = "{number:0}{x}"',
            "line 2: codes.pattern: position 11: unknown {x}",
        ),
        (
            '[codes]\nmode = "auto"\npattern = "{number}"',
            "line 2: codes.mode is one of automatic, manual, editable, not 'auto'",
        ),
        (
            '[codes]\npattern = "{number}"\nguarantee = "random"',
            "line 3: codes.guarantee is one of gapless, unique, not 'random'",
        ),
        (
            '[codes]\npattern = "{number}"\nblock = 0',
            "line 3: codes.block is a whole number from 1 to 10000",
        ),
        (
            '[codes]\npattern = "{number}"\nblock = true',
            "line 3: codes.block is a whole number from 1 to 10000",
        ),
        (
            '[codes]\npattern = "{number}"\nlevels = "2-3"',
            "line 1: codes has pattern and levels; leave one of them",
        ),
        ('[codes]\nlevels = "2-x"', "line 2: codes.levels: level 2: the width is 1 to 18"),
        ("[codes]\nlevels = 2", "line 2: codes.levels is a text"),
        (
            '[codes]\nlevels = "2-3"\nguarantee = "unique"',
            "line 3: codes.guarantee says nothing beside codes.levels",
        ),
        (
            '[codes]\nblock = 5\n[[codes.rules]]\npattern = "{number}"',
            "line 2: codes.block says nothing beside codes.rules",
        ),
        (
            '[codes]\nmode = "manual"\nblock = 5',
            "line 3: codes.block says nothing beside manual codes",
        ),
        ("[codes]\nrules = 1", "line 2: codes.rules is a list of tables, each [[codes.rules]]"),
        ("[codes]\nrules = []", "line 2: codes.rules: a company has at least one rule"),
        ("[codes]\nrules = [1]", "line 2: codes.rules is a table"),
        (
            '[[codes.rules]]\npattern = "{number}"\nsince = "2027"',
            "line 3: codes.rules.since is a day such as 2027-01-01",
        ),
        (
            '[[codes.rules]]\npattern = "{number}"\nsince = 2027-01-01T00:00:00',
            "line 3: codes.rules.since is a day such as 2027-01-01",
        ),
        (
            '[[codes.rules]]\npattern = "{number}"\nsince = 2027-01-01',
            "line 1: codes.rules: one rule at least has no since",
        ),
        (
            '[[codes.rules]]\npattern = "{number}"\nwhen = "person"',
            "line 3: codes.rules.when is a table",
        ),
        (
            '[[codes.rules]]\npattern = "{number}"\nwhen = { kind = 1 }',
            "line 3: codes.rules.when.kind is a text",
        ),
        (
            '[[codes.rules]]\npattern = "{number}"\nwhen = { colour = "red" }',
            "line 1: codes.rules: rule 1: when colour is no field",
        ),
        (
            '[[codes.rules]]\npattern = "{number}"\nwhom = "x"',
            "line 3: codes.rules knows no 'whom'",
        ),
        (
            '[[codes.rules]]\npattern = "{number:3}"\n[[codes.rules]]\npattern = "C"',
            "line 4: codes.rules.pattern: a pattern has exactly one {number}",
        ),
        (
            'codes.rules = [{ pattern = "{number:3,range=a}" }, { pattern = "{number:3}" }]',
            "line 1: codes.rules: rules 1 and 2 may give the same code",
        ),
        ("[reservations]\nminutes = 0", "line 2: reservations.minutes is a whole number from 1 to"),
        ("[reservations]\nper_actor = 1.5", "line 2: reservations.per_actor is a whole number"),
        ('[reservations]\nrefill = "no"', "line 2: reservations.refill is true or false"),
        ("[reservations]\nhours = 1", "line 2: reservations knows no 'hours'"),
        ("fiscal_year_start = 13", "line 1: fiscal_year_start is a whole number from 1 to 12"),
        (
            '[codes]\npattern = "{custom.shop}-{number}"\n[custom.branch]\ntype = "text"',
            "line 1: codes: the company declares no custom field 'shop'",
        ),
    ],
    ids=lambda text: text[:40],
)
def test_a_mistake_about_codes_is_told_with_its_line_and_key(text, told):
    found = mistakes(text)
    assert any(each.startswith(told) for each in found), found


def test_all_mistakes_about_codes_are_told_at_once():
    text = '[codes]\nmode = "auto"\nblock = 0\npattern = "{x}{number:y}"\nhue = 1\n'
    assert [told.partition(":")[0] for told in mistakes(text)] == [
        "line 2",
        "line 3",
        "line 4",
        "line 4",
        "line 5",
    ]
