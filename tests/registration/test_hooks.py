import pytest

from customer_registry import CustomerRegistry, ValidationFailed

RAW = {"kind": "person", "name": "王芳"}


def broken(receipt):
    raise RuntimeError(f"host's bug about {receipt.customer.name}")


class Broken:
    def __call__(self, receipt):
        raise RuntimeError("host's bug")


def test_a_hook_hears_of_every_committed_save_once():
    heard = []
    registry = CustomerRegistry(hooks=[lambda receipt: heard.append(receipt.version)])
    customer = registry.register(RAW).customer
    customer = registry.update(customer, grade="A").customer
    registry.change_status(customer, "blocked")
    assert heard == [1, 2, 3]


def test_a_hook_can_read_what_was_saved():
    found = []

    def look(receipt):
        found.append(registry.get(receipt.customer.code))

    registry = CustomerRegistry(hooks=[look])
    assert found == [] != [registry.register(RAW).customer] == found


def test_a_hook_that_fails_is_told_and_undoes_nothing():
    registry = CustomerRegistry(hooks=[broken])
    receipt = registry.register(RAW)
    assert registry.get("C000001") == receipt.customer
    assert receipt.report.lines("zh") == ("保存成功，但后续处理“broken”失败",)
    assert receipt.report.ok


def test_a_hook_without_a_name_is_told_by_its_type():
    receipt = CustomerRegistry(hooks=[Broken()]).register(RAW)
    assert receipt.report.issues[-1].params == {"hook": "Broken"}


def test_a_hook_that_fails_stops_no_other():
    heard = []
    CustomerRegistry(hooks=[broken, heard.append, Broken()]).register(RAW)
    assert len(heard) == 1


def test_a_failing_hook_tells_nothing_of_the_customer():
    receipt = CustomerRegistry(hooks=[broken]).register(RAW)
    assert "王芳" not in str(receipt.report.lines("zh"))


def test_a_refused_customer_is_heard_of_by_no_hook():
    heard = []
    registry = CustomerRegistry(hooks=[heard.append])
    with pytest.raises(ValidationFailed):
        registry.register({**RAW, "name": ""})
    registry.check(RAW)
    assert heard == []


def test_what_changes_nothing_is_heard_of_by_no_hook():
    heard = []
    registry = CustomerRegistry(hooks=[heard.append])
    customer = registry.register(RAW).customer
    registry.update(customer, {})
    registry.change_status(customer, "active")
    assert len(heard) == 1
