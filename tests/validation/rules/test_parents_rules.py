import pytest

from customer_registry import CustomerRegistry


@pytest.fixture
def registry():
    """A registry in which C000003 stands below C000002, and that below C000001."""
    registry = CustomerRegistry()
    for at, name in enumerate(("甲集团", "乙公司", "丙公司")):
        parent = {"parent": f"C{at:06}"} if at else {}
        registry.register(kind="organization", name=name, **parent)
    return registry


def told(registry, code, parent):
    report = registry.check({"parent": parent}, of=registry.get(code))
    return [(issue.code, issue.path) for issue in report.errors]


def test_a_customer_may_stand_below_another(registry):
    assert told(registry, "C000003", "C000001") == []


def test_a_new_customer_may_stand_below_another(registry):
    assert registry.check(kind="organization", name="丁公司", parent="c000003").ok


def test_a_customer_that_nobody_registered_has_no_customers_below(registry):
    assert told(registry, "C000003", "C000009") == [("parent.unknown", ("parent",))]


def test_the_unknown_parent_is_named(registry):
    report = registry.check(kind="organization", name="丁公司", parent="x9")
    assert report.lines("zh")[-1] == "上级客户“X9”不存在"


def test_a_customer_does_not_stand_below_itself(registry):
    assert told(registry, "C000001", "C000001") == [("parent.cycle", ("parent",))]


@pytest.mark.parametrize("below", ["C000002", "C000003"])
def test_a_customer_does_not_stand_below_one_below_it(registry, below):
    assert told(registry, "C000001", below) == [("parent.cycle", ("parent",))]


def test_a_customer_may_let_go_of_its_parent(registry):
    assert registry.update(registry.get("C000003"), parent=None).customer.parent is None


def test_a_circle_that_is_there_already_does_not_hang_the_next_edit(registry):
    lax = CustomerRegistry(repository=registry._office.repository, rules=[])
    lax.update(registry.get("C000001"), parent="C000003")
    assert registry.check(kind="organization", name="丁公司", parent="C000002").ok


def test_a_parent_that_lost_its_own_parent_is_still_a_parent(registry):
    lax = CustomerRegistry(repository=registry._office.repository, rules=[])
    lax.update(registry.get("C000002"), parent="C777777")
    assert registry.check(kind="organization", name="丁公司", parent="C000002").ok
