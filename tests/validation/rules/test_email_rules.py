import pytest

from customer_registry.domain.issues import Severity
from customer_registry.domain.policy import CompanyPolicy
from customer_registry.domain.values.email import EmailAddress
from customer_registry.validation.rules.emails import (
    RULES,
    email_domain_receives_mail,
    email_is_carried_everywhere,
    email_is_written_out,
)


def warnings(typed, policy=None):
    address = EmailAddress.parse(typed)
    told = list(email_is_carried_everywhere(address))
    return [*told, *email_domain_receives_mail(address, policy or CompanyPolicy())]


@pytest.mark.parametrize("typed", ["a@qq.com", "a@example.com", "a@host.example", "a@test.com"])
def test_an_ordinary_address_asks_for_no_second_look(typed):
    assert warnings(typed) == []


@pytest.mark.parametrize("typed", ["张三@例子.公司", "张三@qq.com", "a@例子.公司"])
def test_an_international_address_is_kept_with_a_warning(typed):
    (issue,) = warnings(typed)

    assert (issue.code, issue.severity) == ("email.idn", Severity.WARNING)


@pytest.mark.parametrize("top", ["test", "invalid", "localhost", "local", "internal"])
def test_a_reserved_domain_is_kept_with_a_warning_that_names_it(top):
    (issue,) = warnings(f"a@Mail.{top.upper()}")

    assert (issue.code, issue.severity) == ("email.special_domain", Severity.WARNING)
    assert issue.params == {"domain": f"mail.{top}"}


@pytest.mark.parametrize("typed", ["a@corp.local", "a@Mail.Corp.LOCAL", "a@host.test"])
def test_a_company_accepts_its_own_domains_and_all_below_them(typed):
    assert warnings(typed, CompanyPolicy(special_domains=("Corp.local", "test"))) == []


@pytest.mark.parametrize("typed", ["a@mycorp.local", "a@local.test", "a@corp.local.invalid"])
def test_a_company_accepts_no_domain_beside_its_own(typed):
    (issue,) = warnings(typed, CompanyPolicy(special_domains=("corp.local",)))

    assert issue.code == "email.special_domain"


def test_every_rule_is_listed():
    assert (
        email_is_carried_everywhere,
        email_domain_receives_mail,
        email_is_written_out,
    ) == RULES


@pytest.mark.parametrize(("typed", "told"), [("l****@example.cn", True), ("a*b@example.cn", False)])
def test_a_mask_of_an_address_is_no_address(typed, told):
    issues = list(email_is_written_out(EmailAddress.parse(typed)))
    assert [issue.code for issue in issues] == ["email.looks_masked"] * told
