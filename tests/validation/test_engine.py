"""What a company's own rules and policy do with a customer."""

from datetime import date
from functools import wraps
from uuid import UUID

import pytest

from customer_registry import (
    STANDARD,
    CompanyPolicy,
    CustomerRegistry,
    Issue,
    PolicyError,
    RuleSet,
    Severity,
    ValidationFailed,
)
from customer_registry.testing import make_raw
from customer_registry.validation.rules.names import personal_name_is_usual

ORGANIZATION = {"kind": "organization", "name": "上海浦江贸易有限公司"}


def found(rule, raw=ORGANIZATION, *, policy=None, of=None):
    registry = CustomerRegistry(rules=[rule], policy=policy)
    return registry.check(raw, of=of).issues


def name_is_short(name):
    if len(str(name)) > 5:
        yield Issue("name.unusually_long", severity="warning")


def test_a_rule_that_names_no_path_speaks_of_its_first_field():
    assert [issue.path for issue in found(name_is_short)] == [("name",)]


def test_a_rule_may_name_its_path():
    def grade_is_told(name, grade):
        if grade is None:
            yield Issue("required", ("grade",))

    assert [issue.path for issue in found(grade_is_told)] == [("grade",)]


@pytest.mark.parametrize("entry", [False, True])
def test_a_rule_may_want_its_fields_by_name(entry):
    asked = []

    def counted(rule):
        @wraps(rule)
        def told(**facts):
            asked.append(sorted(facts))
            yield from rule(**facts)

        return told

    def of_phones(*, name, phone, kind):
        yield Issue("name.odd", params={"value": f"{name} {kind} {phone.region}"})

    @counted
    def of_kinds(kind, name):
        yield Issue("name.odd", params={"value": f"{name} {kind}"})

    rule, ends = (of_phones, " CN") if entry else (of_kinds, "")
    (issue,) = found(rule, {**ORGANIZATION, "phone": "13800138000"})
    assert issue.params["value"] == f"上海浦江贸易有限公司 organization{ends}"
    assert asked == ([] if entry else [["kind", "name"]])


def test_rules_may_be_added_and_taken_away():
    more = STANDARD + [name_is_short]  # noqa: RUF005  gives a set
    assert len(more) == len(STANDARD) + 1
    assert list(more - [name_is_short]) == list(STANDARD)


def test_a_rule_added_twice_runs_once():
    twice = RuleSet([name_is_short]) + RuleSet([name_is_short])
    assert list(twice) == [name_is_short]


def test_adding_and_taking_away_leaves_the_standard_as_it_is():
    before = tuple(STANDARD)
    _ = STANDARD + [name_is_short]  # noqa: RUF005  gives a set
    _ = STANDARD - [personal_name_is_usual]
    assert tuple(STANDARD) == before


def test_a_rule_that_was_taken_away_is_silent():
    raw = {"kind": "person", "name": "王2芳"}
    registry = CustomerRegistry(rules=STANDARD - [personal_name_is_usual])
    assert "name.digits" not in [issue.code for issue in registry.check(raw)]
    assert "name.digits" in [issue.code for issue in CustomerRegistry().check(raw)]


def test_a_misspelt_parameter_fails_when_the_set_is_built():
    def rule(credit_limt):
        yield Issue("required")

    with pytest.raises(
        PolicyError, match=r"rule: no field 'credit_limt'; did you mean credit_limit"
    ):
        _ = STANDARD + [rule]  # noqa: RUF005  gives a set


def test_a_parameter_like_no_field_is_refused_without_a_guess():
    def rule(xyzzy):
        yield Issue("required")

    with pytest.raises(PolicyError) as refused:
        RuleSet([rule])
    assert refused.value.mistakes == ("rule: no field 'xyzzy'",)


def test_a_rule_that_reads_nothing_is_refused():
    def rule(today):
        yield Issue("required")

    with pytest.raises(PolicyError, match="a rule reads at least one field"):
        RuleSet([rule])


def test_a_rule_about_two_kinds_of_entries_at_once_is_refused():
    def rule(phone, email):
        yield Issue("required")

    with pytest.raises(PolicyError, match="one entry at a time, not phone and email"):
        RuleSet([rule])


def test_a_rule_without_a_name_of_its_own_can_be_used():
    class Rule:
        def __call__(self, name):
            yield Issue("name.digits", severity="info")

    assert [issue.code for issue in found(Rule())] == ["name.digits"]


def test_a_rule_does_not_run_on_a_field_that_is_not_sound():
    def rule(name):
        raise AssertionError("never asked")
        yield

    assert [issue.code for issue in found(rule, {"kind": "person", "name": "\0"})] == [
        "text.forbidden"
    ]


@pytest.mark.parametrize("code", ["website.format", "not_in_list"])
def test_a_rule_does_not_run_on_a_field_that_the_company_lets_no_one_save(code):
    def rule(website, grade):
        raise AssertionError("never asked")
        yield

    policy = CompanyPolicy.loads('[lists]\ngrade = ["A"]')
    unsound = {"website": "nowhere"} if code == "website.format" else {"grade": "Z"}
    assert [each.code for each in found(rule, {**ORGANIZATION, **unsound}, policy=policy)] == [code]


def test_a_rule_runs_when_another_field_is_not_sound():
    raw = {**ORGANIZATION, "website": "nowhere"}
    codes = {issue.code for issue in found(name_is_short, raw)}
    assert codes == {"website.format", "name.unusually_long"}


def test_an_absent_optional_field_is_sound():
    seen = []

    def rule(name, grade, contacts, custom, credit_limit):
        seen.append((grade, contacts, dict(custom), credit_limit))
        yield from ()

    found(rule)
    assert seen == [(None, (), {}, None)]


def test_a_rule_about_an_entry_runs_once_for_each_sound_one():
    def rule(phone):
        yield Issue("phone.invalid", severity="info", params={"region": phone.region})

    raw = {**ORGANIZATION, "contacts": [
        {"name": "李雷", "phones": ["13800138000", "1"]},
        {"name": "韩梅梅", "phones": [{"number": "+852 2987 6543"}]},
    ]}  # fmt: skip
    told = [(issue.path, issue.params) for issue in found(rule, raw) if issue.params.get("region")]
    assert told == [
        (("contacts", 0, "phones", 0), {"region": "CN"}),
        (("contacts", 1, "phones", 0), {"region": "HK"}),
    ]


@pytest.mark.parametrize(
    ("entry", "raw", "path"),
    [
        ("contact", {"contacts": [None, {"name": "李雷"}]}, ("contacts", 1)),
        ("contact", {"contact": "李雷"}, ()),
        ("email", {"contacts": {"emails": "a@example.cn"}}, ("contacts", "emails")),
        ("email", {"email": "a@example.cn"}, ("email",)),
        ("address", {"addresses": ["路1号"]}, ("addresses", 0)),
        ("tax_identifier", {"tax_identifiers": "91110000600037341L"}, ("tax_identifiers",)),
        ("bank_account", {"bank_accounts": [{"number": "12345678"}]}, ("bank_accounts", 0)),
    ],
)
def test_an_issue_of_an_entry_stands_where_the_entry_was_typed(entry, raw, path):
    namespace = {"Issue": Issue}
    exec(f"def rule({entry}):\n    yield Issue('house.rule', ('part',))", namespace)  # noqa: S102  a parameter's name is the subject
    issues = found(namespace["rule"], {**ORGANIZATION, **raw})
    assert [issue.path for issue in issues if issue.code == "house.rule"] == [(*path, "part")]


def test_a_rule_about_an_entry_may_read_the_customer_too():
    def rule(phone, kind):
        yield Issue("phone.invalid", severity="info", params={"kind": str(kind)})

    issues = found(rule, {**ORGANIZATION, "phone": "13800138000"})
    assert [issue.params["kind"] for issue in issues] == ["organization"]


def test_a_rule_may_ask_for_the_day_the_policy_and_what_was_stored():
    seen = []

    def rule(name, today, policy, before):
        seen.append((today, policy.region, before))
        yield from ()

    policy = CompanyPolicy(region="HK")
    found(rule, policy=policy)
    assert seen == [(seen[0][0], "HK", None)]
    assert isinstance(seen[0][0], date)


def test_a_rule_may_ask_the_store_and_know_whom_it_judges():
    seen = []

    def rule(name, customers, this):
        seen.append(this)
        yield from ()

    registry = CustomerRegistry(rules=[rule])
    receipt = registry.register(ORGANIZATION)
    assert seen == [receipt.customer.id]
    assert isinstance(seen[0], UUID)


def test_a_rule_that_needs_only_the_id_runs_as_well():
    def rule(name, this):
        yield Issue("name.digits", severity="info", params={"this": this})

    issues = found(rule)
    assert isinstance(issues[0].params["this"], UUID)


def test_the_policy_has_the_last_word_about_severity():
    policy = CompanyPolicy(severities={"name.unusually_long": Severity.ERROR})
    registry = CustomerRegistry(rules=[name_is_short], policy=policy)
    with pytest.raises(ValidationFailed) as refused:
        registry.register(ORGANIZATION)
    assert [issue.code for issue in refused.value.report.errors] == ["name.unusually_long"]


def test_a_silenced_code_is_not_told():
    policy = CompanyPolicy(severities={"name.unusually_long": None})
    assert found(name_is_short, policy=policy) == ()


def test_a_reader_s_warning_can_be_made_an_error_that_drops_the_field():
    policy = CompanyPolicy(severities={"phone.from_number": Severity.ERROR})
    report = CustomerRegistry(policy=policy).check(ORGANIZATION, phone=13800138000)
    assert not report.ok


@pytest.fixture
def edited():
    """A registry with a rule about names and grades, a customer, and what the rule was asked."""
    asked = []

    def rule(name, grade):
        asked.append(grade)
        yield from ()

    registry = CustomerRegistry(rules=[rule])
    customer = registry.register(ORGANIZATION).customer
    asked.clear()
    return registry, customer, asked


def test_an_edit_runs_only_the_rules_about_what_it_touches(edited):
    registry, customer, asked = edited
    registry.update(customer, owner="li.lei")
    assert asked == []


def test_an_edit_runs_a_rule_if_it_touches_one_of_its_fields(edited):
    registry, customer, asked = edited
    registry.update(customer, grade="A")
    assert asked == ["A"]


def test_a_field_typed_again_as_it_is_touches_nothing(edited):
    registry, customer, asked = edited
    registry.update(customer, customer.raw())
    assert asked == []


@pytest.mark.parametrize(
    ("entry", "raw"),
    [
        ("contact", {"contacts": [{"name": "李雷"}]}),
        ("phone", {"contacts": [{"phones": ["13800138000"]}]}),
        ("email", {"contacts": [{"emails": ["a@example.cn"]}]}),
        ("address", {"addresses": ["路1号"]}),
        ("tax_identifier", {"tax_identifiers": ["91110000600037341L"]}),
        ("bank_account", {"bank_accounts": [{"number": "12345678"}]}),
    ],
)
def test_an_edit_of_a_list_runs_the_rules_about_its_entries(entry, raw):
    asked = []
    namespace = {"asked": asked}
    exec(f"def rule({entry}):\n    asked.append({entry})\n    yield from ()", namespace)  # noqa: S102  a parameter's name is the subject
    registry = CustomerRegistry(rules=[namespace["rule"]])
    customer = registry.register(ORGANIZATION).customer
    registry.update(customer, raw)
    assert len(asked) == 1


def test_a_customer_registered_under_older_rules_can_still_be_edited():
    registry = CustomerRegistry(rules=[])
    customer = registry.register(kind="person", name="王2芳").customer
    policy = CompanyPolicy(severities={"name.digits": Severity.ERROR})
    strict = CustomerRegistry(repository=registry._office.repository, policy=policy)
    assert strict.update(customer, owner="li.lei").customer.owner == "li.lei"


def test_an_edit_touches_an_entry_only_if_it_differs():
    asked = []

    def rule(contact):
        asked.append(contact.name)
        yield from ()

    registry = CustomerRegistry(rules=[rule])
    raw = {**ORGANIZATION, "contacts": [{"name": "李雷"}, {"name": "韩梅梅"}]}
    customer = registry.register(raw).customer
    asked.clear()
    contacts = customer.raw()["contacts"]
    contacts[1]["title"] = "经理"
    registry.update(customer, contacts=contacts)
    assert asked == ["韩梅梅"]


@pytest.mark.parametrize(
    "raw", [None, 5, "王芳", [("name", "王芳")], {"王芳"}], ids=lambda raw: type(raw).__name__
)
def test_what_is_no_mapping_is_no_customer(raw):
    report = CustomerRegistry()._office.judge(raw).report
    assert [issue.code for issue in report][:1] == ["raw.type"]
    assert report.echo == {"": raw}


def test_what_is_missing_comes_first_and_the_rest_as_typed():
    report = CustomerRegistry().check({"website": "nowhere", "email": "x", "nmae": "y"})
    assert [issue.path for issue in report] == [
        ("kind",),
        ("name",),
        ("website",),
        ("email",),
        ("nmae",),
    ]


@pytest.mark.parametrize(
    ("key", "hint", "suggestion"),
    [("nmae", " (name?)", "name"), ("zzz", "", None), (7, "", None), ("x\0y", "", None)],
)
def test_an_unknown_field_is_told_with_the_nearest(key, hint, suggestion):
    report = CustomerRegistry().check({**ORGANIZATION, key: 1})
    (issue,) = report.errors
    assert (issue.code, issue.params["hint"], issue.suggestion) == (
        "field.unknown",
        hint,
        suggestion,
    )


class Touchy:
    """Somebody's object whose equality fails."""

    def __eq__(self, other):
        raise RuntimeError("host's bug")

    __hash__ = None


def test_an_object_that_cannot_be_compared_stops_no_edit():
    registry = CustomerRegistry()
    customer = registry.register({**ORGANIZATION, "custom": {"x": 1}}).customer
    report = registry.check({"custom": {"x": Touchy()}}, of=customer)
    assert [issue.code for issue in report.errors] == ["field.type"]


def test_a_hong_kong_number_is_not_suggested_where_none_would_be_one():
    report = CustomerRegistry().check(ORGANIZATION, phone="0852-1234567")
    (issue,) = report.warnings
    assert (issue.code, issue.suggestion) == ("phone.unverified_landline", None)


def test_a_standard_customer_makes_no_rule_stumble():
    for kind in ("organization", "person"):
        for seed in range(20):
            assert CustomerRegistry().check(make_raw(kind, seed)).ok


@pytest.mark.parametrize("countries", [("CN", "HK"), ("HK", "CN")])
def test_a_number_without_prefix_is_dialled_in_the_country_of_the_first_address(countries):
    addresses = [{"country": country, "street_address": "路1号"} for country in countries]
    raw = {**ORGANIZATION, "contacts": [{"phones": ["2987 6543"]}], "addresses": addresses}
    (contact,) = CustomerRegistry().register(raw).customer.contacts
    assert contact.phones[0].region == countries[0]


def test_a_wrong_phone_of_the_small_form_keeps_nothing_from_being_said_of_the_email():
    registry = CustomerRegistry()
    customer = registry.register(ORGANIZATION).customer
    report = registry.check({"phone": "1", "email": "a@b.invalid"}, of=customer)
    assert [issue.code for issue in report] == ["phone.too_short", "email.special_domain"]


def test_a_company_that_turns_out_to_be_a_person_is_written_as_a_person_is():
    registry = CustomerRegistry()
    customer = registry.register(kind="organization", name="李 雷").customer
    assert str(customer.name) == "李 雷"
    assert str(registry.update(customer, kind="person").customer.name) == "李雷"
