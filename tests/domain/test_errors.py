import pytest

from customer_registry import (
    CodesExhausted,
    CommitOutcomeUnknown,
    InvalidValue,
    Issue,
    MissingExtra,
    NotPermitted,
    PolicyError,
    Report,
    StaleVersion,
    UnreadableFile,
    ValidationFailed,
)
from customer_registry.testing import make_customer


def test_a_refused_value_becomes_an_issue_where_it_was_typed():
    refusal = InvalidValue("too_long", suggestion="甲", max=5)
    issue = refusal.issue(("name",))
    assert issue == Issue("too_long", ("name",), params={"max": 5}, suggestion="甲")


def test_a_refused_value_is_a_value_error_that_tells_only_its_code():
    refusal = InvalidValue("id.length", suggestion="11010519491231002X", len=5)
    assert isinstance(refusal, ValueError)
    assert (str(refusal), refusal.args) == ("id.length", ("id.length",))


def test_a_failure_names_each_code_once_and_errors_only():
    issues = [Issue("a", "name"), Issue("b", severity="warning"), Issue("a", "name"), Issue("c")]
    assert str(ValidationFailed(Report(issues))) == "not saved: a at name, c at the whole"


def test_a_missing_extra_says_what_to_install():
    missing = MissingExtra("xlsx")
    assert missing.extra == "xlsx"
    assert 'python -m pip install "customer-registry[xlsx]"' in str(missing)


def test_an_unreadable_file_says_why_in_a_sentence_and_in_both_languages():
    unreadable = UnreadableFile("import.too_large", max=50)
    assert str(unreadable).endswith("(files up to 50 MB); split it")
    assert "上限 50 MB" in unreadable.issue.line("zh")


@pytest.mark.parametrize("key", [None, "k1"])
def test_an_unknown_outcome_carries_the_key_for_the_retry(key):
    assert CommitOutcomeUnknown(key).idempotency_key == key


def test_a_refused_action_is_named_with_whom_to_ask():
    refused = NotPermitted("update", "王主管")
    assert (str(refused), refused.whom_to_ask) == ("not permitted: update; ask 王主管", "王主管")


@pytest.mark.parametrize("mistakes", ["one", ["one"], iter(["one"])], ids=["text", "list", "any"])
def test_one_mistake_or_many_are_told_alike(mistakes):
    assert PolicyError(mistakes).mistakes == ("one",)


def test_a_stale_version_tells_the_code_and_nothing_more_of_the_customer():
    customer = make_customer("person", 3, version=7)
    stale = StaleVersion(customer, ["name"], [])
    assert str(stale) == f"{customer.code} is at version 7 by now"
    assert str(customer.name) not in f"{stale!r} {stale.args}"


def test_used_up_numbers_are_a_report_of_their_own():
    (issue,) = CodesExhausted(width=2, maximum=99).report
    assert (issue.code, issue.params) == ("code.sequence_overflow", {"width": 2, "max": 99})
