import pytest

from customer_registry.domain.issues import Severity
from customer_registry.domain.values.email import EmailAddress
from customer_registry.validation.rules.emails import RULES


def warnings(typed):
    address = EmailAddress.parse(typed)
    return [issue for rule in RULES for issue in rule(address)]


@pytest.mark.parametrize("typed", ["a@qq.com", "a@example.com", "a@host.example", "a@test.com"])
def test_an_ordinary_address_asks_for_no_second_look(typed):
    assert warnings(typed) == []


@pytest.mark.parametrize("typed", ["张三@例子.公司", "张三@qq.com", "a@例子.公司"])
def test_an_international_address_is_kept_with_a_warning(typed):
    (issue,) = warnings(typed)

    assert (issue.code, issue.severity) == ("email.idn", Severity.WARNING)


@pytest.mark.parametrize("top", ["test", "invalid", "localhost", "local"])
def test_a_reserved_domain_is_kept_with_a_warning_that_names_it(top):
    (issue,) = warnings(f"a@Mail.{top.upper()}")

    assert (issue.code, issue.severity) == ("email.special_domain", Severity.WARNING)
    assert issue.params == {"domain": f"mail.{top}"}
