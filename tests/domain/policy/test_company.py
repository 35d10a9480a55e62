import re

import pytest

from customer_registry import (
    CodePattern,
    CompanyPolicy,
    CustomerRegistry,
    Issue,
    ManualCodes,
    PartyKind,
    PolicyError,
    Severity,
)
from customer_registry.domain.policy import FIXED_CODES, UNIQUE_KEYS, Unique

WHOLE = """
region = "hong kong"
currency = "hkd"
time_zone = "Asia/Shanghai"
area_code = "0755"
whom_to_ask = "王主管"

[required]
all = ["contacts.phones"]
organization = ["tax_identifiers", "contacts.phones"]

[defaults.all]
grade = "C"
source = "展会"

[defaults.person]
grade = "D"

[severity]
"name.digits" = "error"
"uscc.category_unknown" = "off"
"phone.mvno" = "info"

[lists]
grade = ["A", "B", "C", "D"]

[unique]
phone = "block"
email = "off"

[codes]
pattern = "KH{number:05}"
mode = "editable"

[messages.zh]
"name.required" = "请填写名称"
"""


def mistakes(text: str) -> tuple[str, ...]:
    """What a file gets wrong, without the lines."""
    with pytest.raises(PolicyError) as refused:
        CompanyPolicy.loads(text)
    return tuple(re.sub("^line [0-9]+: ", "", told) for told in refused.value.mistakes)


def test_a_company_that_decided_nothing_has_the_usual_policy():
    assert CompanyPolicy.loads("") == CompanyPolicy()


def test_a_file_without_decisions_about_uniqueness_keeps_the_usual_ones():
    policy = CompanyPolicy()
    assert (policy.region, policy.currency, policy.time_zone) == ("CN", "CNY", "UTC")
    assert dict(policy.unique) == dict(UNIQUE_KEYS)
    assert policy.required == {}
    assert policy.codes is None


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("region", "HK"),
        ("currency", "HKD"),
        ("time_zone", "Asia/Shanghai"),
        ("area_code", "0755"),
        ("whom_to_ask", "王主管"),
        (
            "required",
            {
                PartyKind.PERSON: ("contacts.phones",),
                PartyKind.ORGANIZATION: ("contacts.phones", "tax_identifiers"),
            },
        ),
        (
            "defaults",
            {
                PartyKind.PERSON: {"grade": "D", "source": "展会"},
                PartyKind.ORGANIZATION: {"grade": "C", "source": "展会"},
            },
        ),
        (
            "severities",
            {
                "name.digits": Severity.ERROR,
                "uscc.category_unknown": None,
                "phone.mvno": Severity.INFO,
            },
        ),
        ("lists", {"grade": ("A", "B", "C", "D")}),
        ("codes", CodePattern("KH{number:05}", mode="editable")),
        ("sentences", {"zh": {"name.required": "请填写名称"}}),
    ],
)
def test_every_part_of_a_policy_file_is_read(part, expected):
    assert getattr(CompanyPolicy.loads(WHOLE), part) == expected


def test_a_key_the_file_does_not_name_keeps_its_usual_uniqueness():
    policy = CompanyPolicy.loads(WHOLE)
    assert policy.uniqueness("phone") is Unique.BLOCK
    assert policy.uniqueness("email") is Unique.OFF
    assert policy.uniqueness("tax_identifier") is Unique.BLOCK
    assert policy.uniqueness("organization_name") is Unique.WARN
    assert policy.uniqueness("shoe_size") is Unique.OFF


def test_a_policy_built_with_one_key_keeps_the_others_as_usual():
    policy = CompanyPolicy(unique={"phone": Unique.OFF})
    assert policy.uniqueness("tax_identifier") is Unique.BLOCK


def test_a_policy_is_read_from_a_file(tmp_path):
    file = tmp_path / "政策.toml"
    file.write_text(WHOLE, "utf-8")
    assert CompanyPolicy.load(file) == CompanyPolicy.loads(WHOLE)
    assert CompanyPolicy.load(str(file)).region == "HK"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PolicyError, match=r"nowhere\.toml: No such file"):
        CompanyPolicy.load(tmp_path / "nowhere.toml")


def test_a_file_in_another_encoding_is_named(tmp_path):
    file = tmp_path / "gbk.toml"
    file.write_bytes('whom_to_ask = "王"'.encode("gbk"))
    with pytest.raises(PolicyError, match="no UTF-8 text"):
        CompanyPolicy.load(file)


def test_a_text_that_is_no_toml_says_where():
    (told,) = mistakes("region = \ncurrency = 1")
    assert told.startswith("not TOML: ")
    assert "line 1" in told


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('regoin = "CN"', "the file knows no 'regoin'; did you mean region?"),
        ("colour = 1", "the file knows no 'colour'"),
        ('region = "Atlantis"', "region is a country code such as CN, not 'Atlantis'"),
        ("region = 86", "region is a text"),
        ('currency = "QQQ"', "currency is a code such as CNY, not 'QQQ'"),
        ("currency = 5", "currency is a text"),
        (
            'time_zone = "Asia/Pudong"',
            "time_zone: this machine knows no zone 'Asia/Pudong'; is the package tzdata installed?",
        ),
        ('time_zone = "../etc/passwd"', "time_zone: this machine knows no zone '../etc/passwd'"),
        ('time_zone = ""', "time_zone: this machine knows no zone ''"),
        ("time_zone = 8", "time_zone is a text"),
        ('area_code = "21"', "area_code is one of mainland China, such as 010 or 0755"),
        ('area_code = "0７55"', "area_code is one of mainland China, such as 010 or 0755"),
        ("area_code = 21", "area_code is a text"),
        ("whom_to_ask = 1", "whom_to_ask is a text"),
        ('required = ["phone"]', "required is a table"),
        ("[required]\ncompany = []", "required knows no 'company'"),
        ('[required]\nperson = "phone"', "required.person is a list of texts"),
        ("[required]\nperson = [1]", "required.person is a list of texts"),
        (
            '[required]\nperson = ["contact.phones"]',
            "required.person knows no 'contact.phones'; did you mean contacts.phones?",
        ),
        ("defaults = 1", "defaults is a table"),
        ("[defaults]\nperson = 1", "defaults.person is a table"),
        ('[defaults.person]\ngarde = "A"', "defaults.person knows no 'garde'; did you mean grade?"),
        ('[defaults.person]\nname = "A"', "defaults.person knows no 'name'"),
        ("severity = 1", "severity is a table"),
        (
            '[severity]\n"name.digits" = "loud"',
            "severity.\"name.digits\" is one of error, warning, info, off, not 'loud'",
        ),
        ('[severity]\n"name.digits" = []', 'severity."name.digits" is one of'),
        ('[severity]\nname.digits = "off"', 'severity: write "name.digits" in quotes'),
        ("[custom.x]\nlabel = 1", "custom.x.label is a text, or one per language"),
        ('[custom.x]\nrequired = "yes"', "custom.x.required is true, false or a list of kinds"),
        ("[formats]\nphone = '1'", "formats knows no 'phone'"),
        ("lists = 1", "lists is a table"),
        ('[lists]\ngrades = ["A"]', "lists knows no 'grades'; did you mean grade?"),
        ('[lists]\ngrade = "A"', "lists.grade is a list of texts"),
        ("unique = 1", "unique is a table"),
        ('[unique]\nphones = "off"', "unique knows no 'phones'; did you mean phone?"),
        ("[unique]\nphone = true", "unique.phone is one of block, warn, off, not True"),
        ("codes = 1", "codes is a table"),
        ('[codes]\npatern = "C{number}"', "codes knows no 'patern'; did you mean pattern?"),
        ("[codes]\npattern = 1", "codes.pattern is a text"),
        ('[codes]\npattern = "C{nmuber}"', "codes.pattern: position 2: unknown {nmuber}"),
        ('[codes]\npattern = "{number}"\nmode = "auto"', "codes.mode is one of automatic, manual"),
        ("messages = 1", "messages is a table"),
        ("[messages.de]", "messages knows no 'de'"),
        ("[messages]\nzh = 1", "messages.zh is a table"),
        ('[messages.zh]\n"name.required" = 1', 'messages.zh."name.required" is a text'),
    ],
    ids=lambda text: text[:50],
)
def test_what_a_policy_file_gets_wrong_is_told(text, mistake):
    assert any(told.startswith(mistake) for told in mistakes(text)), mistakes(text)


def test_all_mistakes_of_a_policy_file_are_told_at_once():
    told = mistakes(
        'regoin = "CN"\ncurrency = "QQQ"\ntime_zone = "Mars"\n[unique]\nfax = "off"\n'
        '[severity]\n"name.digits" = "loud"\n[codes]\npattern = "{"'
    )
    assert len(told) == 6


def test_a_mistake_for_all_kinds_is_told_once():
    assert mistakes('[required]\nall = ["phnoe"]') == (
        "required.all knows no 'phnoe'; did you mean phone?",
    )


def test_a_policy_error_reads_as_one_sentence_of_all_mistakes():
    with pytest.raises(PolicyError, match=r"area_code .*; line 2: whom_to_ask is a text"):
        CompanyPolicy.loads('area_code = "1"\nwhom_to_ask = 1')


def test_codes_may_be_left_to_people():
    assert CompanyPolicy.loads('[codes]\nmode = "manual"').codes == ManualCodes()


def test_codes_typed_by_people_may_have_to_follow_a_pattern():
    policy = CompanyPolicy.loads('[codes]\nmode = "manual"\npattern = "K{number:3}"')
    assert policy.codes == CodePattern("K{number:3}", mode="manual")


def test_codes_given_in_python_and_in_the_policy_are_refused():
    policy = CompanyPolicy.loads('[codes]\npattern = "K{number:3}"')
    with pytest.raises(PolicyError, match="both here and in the policy"):
        CustomerRegistry(policy=policy, codes=CodePattern("C{number}"))


def test_the_codes_of_the_policy_are_the_registry_codes():
    policy = CompanyPolicy.loads('[codes]\npattern = "K{number:3}"')
    receipt = CustomerRegistry(policy=policy).register(kind="person", name="王芳")
    assert str(receipt.customer.code) == "K001"


@pytest.mark.parametrize("word", ["warning", "info", "off"])
@pytest.mark.parametrize("code", ["uscc.check_digit", "email.format", "name.required"])
def test_what_cannot_be_stored_cannot_be_silenced(code, word):
    with pytest.raises(PolicyError, match="stays an error: there is nothing sound to store"):
        CompanyPolicy.loads(f'[severity]\n"{code}" = "{word}"')


def test_what_cannot_be_stored_may_be_called_an_error():
    lines = "\n".join(f'"{code}" = "error"' for code in sorted(FIXED_CODES))
    CustomerRegistry(policy=CompanyPolicy.loads(f"[severity]\n{lines}"))


def test_a_severity_for_a_code_nobody_raises_is_refused_with_the_nearest():
    told = mistakes('regoin = "CN"\n[severity]\n"name.digit" = "off"\n"house.rule" = "off"')
    assert 'severity knows no "name.digit"; did you mean name.digits?' in told
    assert len(told) == 3


@pytest.mark.parametrize(
    "made",
    [
        {"unique": {"phne": "block"}},
        {"unique": {"phone": "blokc"}},
        {"required": {"person": ("nope",)}},
        {"required": {"persons": ("phone",)}},
        {"lists": {"grad": ("A",)}},
        {"defaults": {"person": {"phone": "1"}}},
        {"region": "XX"},
        {"currency": "XXXX"},
        {"area_code": "1"},
        {"time_zone": "Mars/Olympus"},
    ],
    ids=str,
)
def test_a_policy_made_in_python_is_judged_as_a_file_is(made):
    with pytest.raises(PolicyError):
        CompanyPolicy(**made)


def test_a_key_that_blocks_in_python_blocks():
    registry = CustomerRegistry(policy=CompanyPolicy(unique={"phone": "block"}))
    registry.register(kind="person", name="王芳", phone="13800138000")
    report = registry.check(kind="person", name="李雷", phone="13800138000")
    assert [issue.code for issue in report.errors] == ["phone.duplicate"]


@pytest.mark.parametrize(("word", "weighs"), [("warning", ["tax_id.duplicate"]), ("off", [])])
def test_a_duplicate_that_is_no_error_does_not_block(word, weighs):
    policy = CompanyPolicy.loads(f'[severity]\n"tax_id.duplicate" = "{word}"')
    registry = CustomerRegistry(policy=policy)
    shared = {"kind": "organization", "tax_identifiers": ["91110000600037341L"]}
    registry.register(shared, name="浦江贸易公司")
    receipt = registry.register(shared, name="西湖科技公司")
    assert [issue.code for issue in receipt.report.warnings] == weighs


def test_a_file_that_a_spreadsheet_editor_marked_is_read(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text('region = "HK"', encoding="utf-8-sig")
    assert CompanyPolicy.load(file).region == "HK"


def test_a_company_may_weigh_the_code_of_its_own_rule_once_it_has_a_sentence():
    policy = CompanyPolicy.loads(
        '[severity]\n"house.rule" = "off"\n[messages.zh]\n"house.rule" = "不行"'
    )
    assert policy.weighed(Issue("house.rule")) is None
    CustomerRegistry(policy=policy)


@pytest.mark.parametrize(
    ("decided", "severity"),
    [
        ({}, Severity.WARNING),
        ({"name.digits": Severity.ERROR}, Severity.ERROR),
        ({"name.digits": None}, None),
    ],
)
def test_an_issue_weighs_what_the_company_decided(decided, severity):
    weighed = CompanyPolicy(severities=decided).weighed(Issue("name.digits", severity="warning"))
    assert (weighed and weighed.severity) == severity


def test_the_usual_time_zone_needs_no_table_of_zones():
    assert str(CompanyPolicy().zone) == "UTC"


def test_a_zone_is_looked_up_when_it_is_used():
    with pytest.raises(PolicyError, match="tzdata"):
        _ = CompanyPolicy(time_zone="Asia/Pudong").zone


def test_a_policy_made_in_python_takes_weights_as_words():
    policy = CompanyPolicy(severities={"phone.mvno": "off", "name.digits": "error"})
    assert policy.severities == {"phone.mvno": None, "name.digits": Severity.ERROR}
    report = CustomerRegistry(policy=policy).check(kind="person", name="王芳", phone="17000138000")
    assert report.issues == ()


@pytest.mark.parametrize(
    ("wrong", "mistake"),
    [
        ({"severities": {"phone.mvno": "loud"}}, 'severity."phone.mvno" is one of error'),
        ({"formats": {"owner": "[A-Z]+"}}, "formats.owner is a TextFormat"),
    ],
)
def test_a_policy_made_in_python_is_judged_when_it_is_made(wrong, mistake):
    with pytest.raises(PolicyError) as refused:
        CompanyPolicy(**wrong)
    assert refused.value.mistakes[0].startswith(mistake)


@pytest.mark.parametrize("hours", ["[8, 18]", "[22, 6]", "[0, 24]"])
def test_working_hours_are_two_hours_of_the_day(hours):
    assert list(CompanyPolicy.loads(f"working_hours = {hours}").working_hours) == eval(hours)  # noqa: S307  the list above


@pytest.mark.parametrize(
    "hours", ["8", "[8]", "[8, 8]", "[8, 25]", "[-1, 8]", '["8", "18"]', "[8.0, 18]", "[8, 12, 18]"]
)
def test_other_working_hours_are_a_mistake(hours):
    told = "working_hours is two different hours from 0 to 24, such as [8, 18]"
    assert mistakes(f"working_hours = {hours}") == (told,)


def test_working_hours_given_in_python_are_judged_as_well():
    assert CompanyPolicy(working_hours=[8, 18]).working_hours == (8, 18)
    for wrong in (8, (8, 8), "8-18"):
        with pytest.raises(PolicyError, match="two different hours"):
            CompanyPolicy(working_hours=wrong)
