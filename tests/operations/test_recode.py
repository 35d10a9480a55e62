"""Scenarios of a new code: the one way in which a code changes, and the old one goes on finding."""

import pytest

from customer_registry import (
    Actor,
    CodePattern,
    CompanyPolicy,
    CustomerCode,
    CustomerNotFound,
    CustomerRegistry,
    LevelCodes,
    ManualCodes,
    NotPermitted,
    Severity,
    StaleVersion,
    ValidationFailed,
)
from customer_registry.operations import preview_code, recode, verify

HAN = Actor("han.meimei")


@pytest.fixture
def opened(repository):
    def opened(codes="KH{number:03}", mode="automatic", **kinds):
        policy = CodePattern(codes, mode=mode) if isinstance(codes, str) else codes
        return CustomerRegistry(repository=repository, codes=policy, **kinds)

    return opened


@pytest.fixture
def registry(opened):
    return opened()


def registered(registry, **fields):
    return registry.register({"kind": "person", "name": "王芳", **fields}).customer


def refused(act):
    with pytest.raises(ValidationFailed) as failed:
        act()
    return [(issue.code, issue.path) for issue in failed.value.report.errors]


def warned(receipt):
    return [issue.code for issue in receipt.report.warnings]


def test_a_customer_gets_a_new_code_and_is_found_by_both(registry):
    customer = registered(registry)
    receipt = recode(registry, customer, "kh007", " 并入集团编码 ")
    assert str(receipt.customer.code) == "KH007"
    assert receipt.customer.former_codes == (CustomerCode("KH001"),)
    assert (receipt.version, receipt.report.issues) == (2, ())
    assert registry.get("KH001") == registry.get("KH007") == receipt.customer
    assert registry.get(customer.id).code == CustomerCode("KH007")
    assert [str(each.code) for each in registry.search("KH001")] == ["KH007"]


def test_the_journal_names_both_codes_the_actor_and_the_reason(registry):
    customer = registered(registry)
    recode(registry.acting_as(HAN), customer, "KH007", " 并入集团编码 ")
    entry = registry.history("KH001")[-1]
    assert (entry.action, entry.reason, entry.actor) == ("recoded", "并入集团编码", "han.meimei")
    changed = {change.path: (change.before, change.after) for change in entry.changes}
    assert changed["code"] == ("KH001", "KH007")
    assert set(changed) == {"code"}


def test_a_code_may_be_given_as_a_value(registry):
    customer = registered(registry)
    new = CustomerCode("KH007")
    assert recode(registry, customer, new, "合并").customer.code == new


def test_former_codes_stand_in_their_order_and_all_find(registry):
    customer = registered(registry)
    for code in ("KH005", "KH006", "KH007"):
        customer = recode(registry, customer, code, "调整").customer
    assert [str(each) for each in customer.former_codes] == ["KH001", "KH005", "KH006"]
    assert {registry.get(code).id for code in ("KH001", "KH005", "KH006")} == {customer.id}


def test_a_customer_may_get_back_a_code_of_his_own(registry):
    customer = recode(registry, registered(registry), "KH007", "合并").customer
    again = recode(registry, customer, "KH001", "撤销合并").customer
    assert (str(again.code), [str(each) for each in again.former_codes]) == ("KH001", ["KH007"])
    assert registry.get("KH007") == again
    assert str(registered(registry).code) == "KH002"


def test_the_code_he_has_already_writes_nothing(registry):
    heard = []
    customer = registered(registry)
    listening = CustomerRegistry(repository=registry._office.repository, hooks=[heard.append])
    receipt = recode(listening, customer, "ｋｈ001", "合并")
    assert (receipt.customer, receipt.version) == (customer, 1)
    assert (len(registry.history(customer)), heard) == (1, [])


def test_the_hooks_hear_of_a_new_code_after_it_is_saved(opened):
    heard = []
    registry = opened(hooks=[lambda receipt: heard.append(registry.get("KH007") and receipt)])
    customer = registered(opened())
    receipt = recode(registry, customer, "KH007", "合并")
    assert heard == [receipt]


@pytest.mark.parametrize("reason", ["", "  ", None, 5])
def test_a_new_code_needs_a_reason(registry, reason):
    customer = registered(registry)
    required = [("reason.required", ("reason",))]
    assert refused(lambda: recode(registry, customer, "KH007", reason)) == required
    assert registry.get("KH001").version == 1


def test_everything_that_is_wrong_is_said_at_once(registry):
    customer, other = registered(registry), registered(registry)
    found = refused(lambda: recode(registry, customer, str(other.code), ""))
    assert found == [("code.duplicate", ("code",)), ("reason.required", ("reason",))]
    found = refused(lambda: recode(registry, customer, "KH 7!", "甲" * 1001))
    assert found == [("code.format", ("code",)), ("too_long", ("reason",))]


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("", "code.required"),
        (None, "code.required"),
        ("客户，一", "code.format"),
        ("K" * 41, "too_long"),
        ("K\ud800", "text.forbidden"),
        (["KH007"], "field.type"),
    ],
)
def test_what_is_no_code_is_refused(registry, new, code):
    customer = registered(registry)
    assert refused(lambda: recode(registry, customer, new, "合并")) == [(code, ("code",))]
    assert registry.get(customer.id) == customer


def test_another_customers_code_is_refused_whether_present_or_former(registry):
    customer, other = registered(registry), registered(registry)
    recode(registry, other, "KH009", "合并")
    for code in ("KH002", "kh009"):
        duplicate = [("code.duplicate", ("code",))]
        assert refused(lambda code=code: recode(registry, customer, code, "合并")) == duplicate
    assert registry.get("KH001") == customer


def test_a_former_code_is_nobodys_to_register_with(opened):
    registry = opened(mode="editable")
    recode(registry, registered(registry), "KH007", "合并")
    assert refused(lambda: registered(registry, code="KH001")) == [("code.duplicate", ("code",))]


@pytest.mark.parametrize("mode", ["automatic", "editable", "manual"])
def test_a_code_off_the_rule_is_warned_of_in_every_mode(opened, mode):
    registry = opened(mode=mode)
    typed = {"code": "KH001"} if mode == "manual" else {}
    receipt = recode(registry, registered(registry, **typed), "集团-01", "集团编码")
    assert warned(receipt) == ["code.off_pattern"]
    assert registry.get("KH001").code == CustomerCode("集团-01")


def test_a_company_may_refuse_codes_off_the_rule(opened):
    policy = CompanyPolicy(severities={"code.off_pattern": Severity.ERROR})
    registry = opened(policy=policy)
    customer = registered(registry)
    off_rule = [("code.off_pattern", ("code",))]
    assert refused(lambda: recode(registry, customer, "X1", "集团编码")) == off_rule


def test_a_wrong_check_digit_is_refused(opened):
    registry = opened("KH{number:03}{check:luhn}")
    customer = registered(registry)
    right = str(preview_code(registry))
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    check = [("code.check_digit", ("code",))]
    assert refused(lambda: recode(registry, customer, wrong, "调整")) == check
    assert str(recode(registry, customer, right, "调整").customer.code) == right


def test_a_code_kept_for_somebody_elses_form_is_refused(registry):
    customer = registered(registry)
    with registry.acting_as(HAN).reserve_code() as code:
        reserved = [("code.reserved", ("code",))]
        assert refused(lambda: recode(registry, customer, code, "合并")) == reserved
    assert recode(registry, customer, code, "合并").customer.code == code


def test_a_code_kept_for_the_actors_own_form_is_taken_from_it(registry):
    customer = registered(registry)
    reserved = registry.reserve_code()
    assert recode(registry, customer, reserved.code, "合并").customer.code == reserved.code
    assert reserved.release() is False
    assert str(registered(registry).code) == "KH003"


def test_a_refused_new_code_leaves_the_form_its_code(registry):
    customer = registered(registry)
    with registry.reserve_code() as code:
        refused(lambda: recode(registry, customer, code, ""))
        assert registered(registry, code=str(code)).code == code


def test_a_code_far_ahead_is_warned_of_and_the_counter_stays(opened):
    registry = opened("KH{number:06}")
    receipt = recode(registry, registered(registry), "KH999999", "集团编码")
    assert warned(receipt) == ["code.far_ahead"]
    assert str(registered(registry).code) == "KH000002"


def test_the_counter_steps_over_a_new_code(registry):
    customer, _ = registered(registry), registered(registry)
    customer = recode(registry, customer, "KH003", "调整").customer
    recode(registry, customer, "KH005", "调整")
    assert [str(registered(registry).code) for _ in range(2)] == ["KH004", "KH006"]


def test_a_customer_who_was_saved_meanwhile_is_not_recoded(registry):
    customer = registered(registry)
    registry.update(customer, grade="A")
    with pytest.raises(StaleVersion) as stale:
        recode(registry, customer, "KH007", "合并")
    assert stale.value.theirs == ("grade",)
    assert registry.get("KH001").version == 2


def test_an_edit_of_a_version_before_the_new_code_is_stale(registry):
    customer = registered(registry)
    recode(registry, customer, "KH007", "合并")
    with pytest.raises(StaleVersion):
        registry.update(customer, grade="A")


def test_a_form_still_cannot_change_the_code(registry):
    customer = recode(registry, registered(registry), "KH007", "合并").customer
    immutable = [("code.immutable", ("code",))]
    assert refused(lambda: registry.update(customer, code="KH001")) == immutable
    assert registry.update(customer, customer.raw()).version == customer.version


def test_a_customer_who_is_not_here_is_not_found(registry):
    stranger = registered(CustomerRegistry())
    with pytest.raises(CustomerNotFound):
        recode(registry, stranger, "KH007", "合并")


def test_who_may_not_recode_does_not(opened):
    class NoRecoding:
        def permits(self, actor, action, customer):
            return action != "recode"

    registry = opened(access=NoRecoding())
    customer = registered(registry)
    with pytest.raises(NotPermitted):
        recode(registry, customer, "KH007", "合并")


def test_customers_below_go_on_finding_who_stands_above_them(registry):
    above = registered(registry)
    below = registered(registry, parent=str(above.code))
    recode(registry, above, "KH009", "合并")
    assert registry.get(registry.get(below.code).parent).code == CustomerCode("KH009")
    assert registry.update(below, grade="A").version == 2


def test_a_level_code_goes_below_a_parent_that_is_there(opened):
    registry = opened(LevelCodes("2-3"))
    above, leaf = registered(registry), registered(registry, parent="01")
    missing = [("code.parent_missing", ("code",))]
    assert refused(lambda: recode(registry, leaf, "02001", "调整")) == missing
    length = [("code.level_length", ("code",))]
    assert refused(lambda: recode(registry, leaf, "0200", "调整")) == length
    recode(registry, above, "02", "调整")
    assert str(recode(registry, leaf, "02001", "调整").customer.code) == "02001"
    assert registry.get("01001").id == leaf.id


def test_a_code_that_people_gave_is_changed_likewise(opened):
    registry = opened(ManualCodes())
    customer = registered(registry, code="旧-1")
    assert recode(registry, customer, "新-1", "统一").customer.former_codes == (customer.code,)


def test_a_recoded_registry_agrees_with_its_journal(registry):
    customer = registered(registry)
    recode(registry, customer, "KH002", "调整")
    registered(registry)
    assert verify(registry).ok
