"""Every mistake of a policy file is told at once, each with its line."""

import pickle

import pytest

from customer_registry import CompanyPolicy, CustomerRegistry, PolicyError

WRONG = """\
regoin = "CN"
currency = "QQQ"
time_zone = "Mars"
area_code = "1"
special_domains = ["corp.local", "a b"]

[required]
persons = ["phone"]
organization = [
  "phone",
  "contact.phones",  # the list of contacts
]

[defaults.person]
garde = "A"

[defaults.category."重点户"]
source = "官网"

[severity]
"emial.format" = "error"
"uscc.check_digit" = "off"
"name.digits" = "loud"

[lists]
grade = ["A", "B", "a"]
category = ["重点", "散客"]
"sales-region" = ["华东"]

[formats]
mnemonic = "(a+)+"
owner = { pattern = "[A-Z]+", example = "li" }

[max_length]
notes = 0

[unique]
phone = "blok"

[codes]
pattern = "KH"

[custom.founded]
type = "x"
[custom.shops]
type = "number"
minimum = 9
maximum = 1
[custom.tier]
type = "choice"
pattern = "A"
[custom."ref#"]
mim_length = 1
label.de = "x"

[messages.zh]
"name.required" = "{label"
"label.grad" = "级别"
"""

TOLD = (
    "line 1: the file knows no 'regoin'; did you mean region?",
    "line 2: currency is a code such as CNY, not 'QQQ'",
    "line 3: time_zone: this machine knows no zone 'Mars'; is the package tzdata installed?",
    "line 4: area_code is one of mainland China, such as 010 or 0755",
    "line 5: special_domains: 'a b' is no domain",
    "line 8: required knows no 'persons'; did you mean person?",
    "line 11: required.organization knows no 'contact.phones'; did you mean contacts.phones?",
    "line 15: defaults.person knows no 'garde'; did you mean grade?",
    "line 17: defaults.category: lists.category has no '重点户'; did you mean 重点?",
    'line 21: severity knows no "emial.format"; did you mean email.format?',
    'line 22: severity."uscc.check_digit" stays an error: there is nothing sound to store',
    "line 23: severity.\"name.digits\" is one of error, warning, info, off, not 'loud'",
    "line 26: lists.grade has 'a' twice, or blank",
    "line 28: lists knows no 'sales-region'; did you mean sales_region?",
    "line 31: formats.mnemonic: position 5: repeats what may match in several ways",
    "line 32: formats.owner: the example does not fit the pattern",
    "line 35: max_length.notes is a whole number from 1 to 4000",
    "line 38: unique.phone is one of block, warn, off, not 'blok'; did you mean block?",
    "line 41: codes.pattern: a pattern has exactly one {number}, this one 0",
    "line 44: custom.founded.type is one of text, number, date, choice, bool, not 'x'",
    "line 47: custom.shops.minimum is above its maximum",
    "line 49: custom.tier is a choice and needs choices",
    "line 51: custom.tier.pattern says nothing about a choice",
    "line 53: custom.\"ref#\" knows no 'mim_length'; did you mean max_length?",
    "line 54: custom.\"ref#\".label knows no 'de'",
    'line 57: messages.zh."name.required": words in braces are names such as {label}',
    "line 58: messages.zh knows no 'label.grad'; did you mean label.grade?",
)


def refusal(text: str) -> PolicyError:
    with pytest.raises(PolicyError) as refused:
        CompanyPolicy.loads(text)
    return refused.value


def test_every_mistake_of_a_file_is_told_at_once_with_its_line():
    assert refusal(WRONG).mistakes == TOLD


def test_the_path_of_the_file_stands_once_in_front(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text('region = 1\n\ncurrency = "QQQ"\n', "utf-8")
    with pytest.raises(PolicyError) as refused:
        CompanyPolicy.load(file)
    told = str(refused.value)
    assert told.startswith(f"{file}: line 1: region is a text; ")
    assert told.count(str(file)) == 1
    assert all(mistake.startswith("line ") for mistake in refused.value.mistakes)
    assert str(pickle.loads(pickle.dumps(refused.value))) == told  # noqa: S301  our own


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\na = 2", "line 2"),
        ("[b]\n[b]", "line 2"),
        ('x = "', "line 1"),
        ("x = 2024-13-01", "line 1"),
    ],
)
def test_a_text_that_is_no_toml_or_says_something_twice_is_told_with_its_line(text, line):
    (told,) = refusal(text).mistakes
    assert told.startswith("not TOML: ")
    assert line in told


@pytest.mark.parametrize("text", ['a = 1\n[custom.门店数]\ntype = "number"', '门店 = "A"'])
def test_a_name_that_toml_wants_in_quotes_is_told_so(text):
    assert refusal(text).mistakes[0].endswith('; write it in quotes, "门店数"')


@pytest.mark.parametrize("text", ["a = 门店数", "x = 2024-13-01 # 门店数", "[custom"])
def test_quotes_are_not_advised_where_no_name_lacks_them(text):
    assert "quotes" not in refusal(text).mistakes[0]


@pytest.mark.parametrize("text", ["x = " + "[" * 5000, "x = " + "9" * 5000])
def test_a_text_too_deep_or_a_number_too_long_is_a_mistake_too(text):
    assert refusal(text).mistakes[0].startswith("not TOML: ")


def test_defaults_that_cannot_be_read_are_told_with_their_lines_when_the_registry_is_made(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text(
        '[defaults.all]\ncredit_limit = "many"\n[defaults.person]\ncurrency = "QQQ"\n'
        '[defaults.category.x]\ncredit_limit = "sometime"\n'
        '[custom.shops]\ntype = "number"\ndefault = "few"\nlabel = "门店数"\n',
        "utf-8",
    )
    with pytest.raises(PolicyError) as refused:
        CustomerRegistry(policy=CompanyPolicy.load(file))
    assert str(refused.value).startswith(f"{file}: line 2: defaults: ")
    assert [told.split(":")[0] for told in refused.value.mistakes] == [
        "line 2",
        "line 4",
        "line 6",
        "line 9",
    ]
    assert "门店数 is not a valid number" in refused.value.mistakes[-1]


def test_a_policy_made_in_python_tells_its_mistakes_without_lines():
    with pytest.raises(PolicyError) as refused:
        CompanyPolicy(region="XX", unique={"phon": "block"})
    assert refused.value.mistakes == (
        "region is a country code such as CN, not 'XX'",
        "unique knows no 'phon'; did you mean phone?",
    )
