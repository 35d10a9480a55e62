import pytest

from customer_registry import (
    Actor,
    CustomerNotFound,
    CustomerRegistry,
    IdempotencyConflict,
    StaleVersion,
    ValidationFailed,
)
from customer_registry.testing import uscc

RAW = {"kind": "person", "name": "王芳", "phone": "95588"}


@pytest.fixture
def registry():
    return CustomerRegistry()


def test_a_retry_gets_the_first_receipt(registry):
    first = registry.register(RAW, idempotency_key="k1")
    again = registry.register(RAW, idempotency_key="k1")
    assert (first.replayed, again.replayed) == (False, True)
    assert (again.customer, again.version) == (first.customer, first.version)
    assert len(registry.search()) == 1


def test_a_retry_repeats_the_warnings(registry):
    first = registry.register(RAW, idempotency_key="k1")
    again = registry.register(RAW, idempotency_key="k1")
    assert again.report.warnings == first.report.warnings
    assert [issue.code for issue in again.report] == ["phone.short_code"]


def test_keywords_and_a_mapping_of_the_same_content_are_one_request(registry):
    first = registry.register(RAW, idempotency_key="k1")
    again = registry.register(**dict(reversed(RAW.items())), idempotency_key="k1")
    assert again.replayed
    assert again.customer == first.customer


def test_a_retry_shows_the_customer_as_it_stands_and_the_version_written_then(registry):
    customer = registry.register(RAW, idempotency_key="k1").customer
    current = registry.update(customer, grade="A").customer
    again = registry.register(RAW, idempotency_key="k1")
    assert (again.customer, again.version) == (current, 1)


def test_the_same_key_with_other_content_is_a_conflict(registry):
    registry.register(RAW, idempotency_key="k1")
    with pytest.raises(IdempotencyConflict):
        registry.register({**RAW, "name": "李雷"}, idempotency_key="k1")
    assert len(registry.search()) == 1


def test_the_same_key_for_another_verb_is_a_conflict(registry):
    customer = registry.register(RAW, idempotency_key="k1").customer
    with pytest.raises(IdempotencyConflict):
        registry.update(customer, {"grade": "A"}, idempotency_key="k1")


def test_another_key_is_another_request(registry):
    registry.register(RAW, idempotency_key="k1")
    assert not registry.register(RAW, idempotency_key="k2").replayed


def test_no_key_is_no_promise(registry):
    registry.register(RAW)
    assert not registry.register(RAW).replayed


def test_keys_are_those_of_the_actor(registry):
    registry.register(RAW, idempotency_key="k1")
    other = registry.acting_as(Actor("han.meimei"))
    assert not other.register(RAW, idempotency_key="k1").replayed


def test_a_refused_request_is_not_remembered(registry):
    with pytest.raises(ValidationFailed):
        registry.register({**RAW, "name": ""}, idempotency_key="k1")
    assert not registry.register(RAW, idempotency_key="k1").replayed


@pytest.mark.parametrize("key", ["\0", "x" * 201, "\ud800"], ids=ascii)
def test_a_key_that_is_no_line_of_text_is_told(registry, key):
    with pytest.raises(ValidationFailed) as failed:
        registry.register(RAW, idempotency_key=key)
    (issue,) = failed.value.report.issues
    assert issue.path == ("idempotency_key",)
    assert failed.value.report.echo == RAW


def test_a_retried_edit_is_done_once(registry):
    customer = registry.register(RAW).customer
    first = registry.update(customer, {"grade": "A"}, idempotency_key="k1")
    again = registry.update(customer, {"grade": "A"}, idempotency_key="k1")
    assert again.replayed
    assert (again.customer, again.version) == (first.customer, 2)
    assert len(registry.history(customer)) == 2


def test_a_retried_edit_by_code_is_done_once(registry):
    registry.register(RAW)
    registry.update("C000001", {"grade": "A"}, version=1, idempotency_key="k1")
    assert registry.update("C000001", {"grade": "A"}, version=1, idempotency_key="k1").replayed


def test_an_edit_that_changes_nothing_is_remembered_too(registry):
    customer = registry.register(RAW).customer
    registry.update(customer, {}, idempotency_key="k1")
    registry.update(customer, grade="A")
    again = registry.update(customer, {}, idempotency_key="k1")
    assert (again.replayed, again.version) == (True, 1)


def test_the_same_key_for_another_version_is_a_conflict(registry):
    customer = registry.register(RAW).customer
    after = registry.update(customer, {"grade": "A"}, idempotency_key="k1").customer
    with pytest.raises(IdempotencyConflict):
        registry.update(after, {"grade": "A"}, idempotency_key="k1")


def test_the_same_key_for_another_customer_is_a_conflict(registry):
    one, other = (registry.register(kind="person", name=name).customer for name in ("王芳", "李雷"))
    registry.update(one, {"grade": "A"}, idempotency_key="k1")
    with pytest.raises(IdempotencyConflict):
        registry.update(other, {"grade": "A"}, idempotency_key="k1")


def test_a_stale_edit_is_not_remembered(registry):
    customer = registry.register(RAW).customer
    registry.update(customer, grade="A")
    for _ in range(2):
        with pytest.raises(StaleVersion):
            registry.update(customer, {"grade": "B"}, idempotency_key="k1")


def test_a_retried_change_of_status_is_done_once(registry):
    customer = registry.register(RAW).customer
    first = registry.change_status(customer, "blocked", reason="欠款", idempotency_key="k1")
    again = registry.change_status(customer, "blocked", reason="欠款", idempotency_key="k1")
    assert (first.replayed, again.replayed) == (False, True)
    assert len(registry.history(customer)) == 2


def test_a_change_of_status_for_another_reason_is_a_conflict(registry):
    customer = registry.register(RAW).customer
    registry.change_status(customer, "blocked", reason="欠款", idempotency_key="k1")
    with pytest.raises(IdempotencyConflict):
        registry.change_status(customer, "blocked", reason="投诉", idempotency_key="k1")


def test_a_retry_runs_no_hook_again():
    seen = []
    registry = CustomerRegistry(hooks=[seen.append])
    for _ in range(3):
        registry.register(RAW, idempotency_key="k1")
    assert len(seen) == 1


def test_what_is_kept_of_a_request_tells_nothing_of_it(registry):
    registry.register(kind="企业", name="甲公司", tax_identifiers=uscc(1), idempotency_key="k1")
    with registry.unit("look") as work:
        kept = work.receipts.get("system", "k1")
    assert uscc(1) not in repr(kept)
    assert len(kept.salt) == 16


def test_equal_requests_are_kept_under_other_digests(registry):
    for key in ("k1", "k2"):
        registry.register(RAW, idempotency_key=key)
    with registry.unit("look") as work:
        digests = {work.receipts.get("system", key).digest for key in ("k1", "k2")}
    assert len(digests) == 2


def test_a_retry_by_who_may_not_see_the_customer_any_more_finds_nobody(registry):
    class Closed:
        def permits(self, actor, action, customer):
            return action != "get"

    registry.register(RAW, idempotency_key="k1")
    closed = CustomerRegistry(repository=registry._office.repository, access=Closed())
    with pytest.raises(CustomerNotFound):
        closed.register(RAW, idempotency_key="k1")
