"""What roles grant, deny and show."""

import attrs
import pytest

from customer_registry import Actor, PolicyError
from customer_registry.domain.access import ACTIONS, MASKABLE, Sight
from customer_registry.domain.access.roles import AccessRules, Role, Scope
from customer_registry.testing import make_customer

DESK = Actor("li.lei", roles={"desk"}, attributes={"department": "销售部", "region": "华东"})
THEIRS = make_customer(owner="li.lei", department="销售部", sales_region="华东")
OTHER = make_customer(owner="han.meimei", department="财务部", sales_region="华北")
NOBODYS = make_customer(owner=None, department=None, sales_region=None)


def rules(**role):
    return AccessRules({"desk": Role(**role)})


def test_nothing_is_granted_that_no_role_grants():
    assert not AccessRules().permits(DESK, "get", THEIRS)
    assert not rules(actions={"get"}).permits(DESK, "update", THEIRS)
    assert not rules(actions={"get"}).permits(Actor("x", roles={"unheard"}), "get", THEIRS)
    assert AccessRules().sight(DESK, "notes", THEIRS) is Sight.HIDDEN


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_all_is_every_act_and_one_denied_by_name_is_taken_again(action):
    assert rules(actions="all").permits(DESK, action, THEIRS)
    assert not rules(actions="all", deny={action}).permits(DESK, action, THEIRS)
    assert not rules(actions={action}, deny="all").permits(DESK, action, THEIRS)


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_reaches_its_own_and_nobodys_only_with_all(scope):
    access = rules(actions={"get"}, scope=scope)
    assert access.permits(DESK, "get", THEIRS)
    assert access.permits(DESK, "get", None)
    for customer in (OTHER, NOBODYS):
        assert access.permits(DESK, "get", customer) is (scope is Scope.ALL)


@pytest.mark.parametrize(
    ("word", "scope"),
    [
        ("own", Scope.OWN),
        ("department", Scope.DEPARTMENT),
        ("region", Scope.REGION),
        ("all", Scope.ALL),
    ],
)
def test_a_scope_is_known_by_its_word(word, scope):
    assert Role(scope=word).scope is scope


@pytest.mark.parametrize("scope", ["department", "region"])
def test_an_actor_without_the_attribute_reaches_nobody(scope):
    access = rules(actions={"get"}, scope=scope)
    bare = Actor("li.lei", roles={"desk"})
    assert not access.permits(bare, "get", NOBODYS)
    assert not access.permits(bare, "get", THEIRS)


def test_several_roles_grant_together_and_a_denial_in_one_wins():
    wide = Role(actions={"get", "update"}, scope="own", default=Sight.EDITED)
    narrow = Role(actions={"get"}, deny={"erase"}, fields={"notes": Sight.MASKED})
    both = Actor("li.lei", roles={"wide", "narrow"})
    access = AccessRules({"wide": wide, "narrow": narrow})
    assert access.permits(both, "update", THEIRS)
    assert access.permits(both, "get", OTHER)
    assert not access.permits(both, "update", OTHER)
    assert access.sight(both, "notes", THEIRS) is Sight.EDITED
    assert access.sight(both, "notes", OTHER) is Sight.MASKED
    assert access.sight(both, "contacts", OTHER) is Sight.HIDDEN


def test_a_field_hidden_by_name_is_hidden_whatever_other_roles_show():
    hiding = Role(actions={"get"}, fields={"notes": Sight.HIDDEN}, default=Sight.SEEN)
    showing = Role(actions={"get"}, default=Sight.EDITED)
    access = AccessRules({"hiding": hiding, "showing": showing})
    both = Actor("x", roles={"hiding", "showing"})
    assert access.sight(both, "notes", THEIRS) is Sight.HIDDEN
    assert access.sight(both, "contacts", THEIRS) is Sight.EDITED


def test_a_companys_own_field_has_its_sight_or_that_of_all_of_them():
    role = Role(fields={"custom": Sight.MASKED, "custom.门店": Sight.SEEN}, default=Sight.EDITED)
    access = AccessRules({"desk": role})
    assert access.sight(DESK, "custom.门店", THEIRS) is Sight.SEEN
    assert access.sight(DESK, "custom.会员号", THEIRS) is Sight.MASKED
    assert access.sight(DESK, "notes", THEIRS) is Sight.EDITED


def test_an_actor_has_the_roles_that_the_company_gives_to_his_id():
    access = AccessRules({"boss": Role(actions={"get"})}, {"system": ("boss",)})
    assert access.permits(Actor("system"), "get", THEIRS)
    assert not access.permits(Actor("another"), "get", THEIRS)


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ({"actions": {"gett"}}, "no act is called 'gett'; did you mean get?"),
        ({"deny": {"earse"}}, "no act is called 'earse'; did you mean erase?"),
        (
            {"fields": {"contact": Sight.MASKED}},
            "no field is called 'contact'; did you mean contacts",
        ),
        ({"fields": {"contacts.phones": Sight.SEEN}}, "no field is called 'contacts.phones'"),
        ({"fields": {"grade": Sight.MASKED}}, "grade cannot be masked; it is seen or edited"),
    ],
)
def test_what_cannot_be_meant_is_refused(role, told):
    with pytest.raises(PolicyError, match=told):
        Role(**role)


def test_every_maskable_field_may_have_every_sight():
    for field in MASKABLE:
        for sight in Sight:
            assert Role(fields={field: sight}).sight(field) is sight


def test_rules_are_values():
    assert rules(actions={"get"}) == rules(actions={"get"})
    assert attrs.evolve(Role(), scope="own").scope is Scope.OWN


@pytest.mark.parametrize("field", ["owner", "department", "sales_region"])
def test_what_a_scope_rests_on_is_edited_only_by_name(field):
    by_default, by_name = Role(default=Sight.EDITED), Role(fields={field: Sight.EDITED})
    assert (by_default.sight(field), by_name.sight(field)) == (Sight.SEEN, Sight.EDITED)
    assert by_default.sight(field, fresh=True) is Sight.EDITED
    assert by_default.sight("grade") is Sight.EDITED
