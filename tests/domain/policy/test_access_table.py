"""The table `[access]` of a policy file."""

import pytest

from customer_registry import CompanyPolicy, PolicyError
from customer_registry.domain.access import Sight
from customer_registry.domain.access.roles import AccessRules, Role, Scope

FULL = """
[access.roles.sales]
actions = ["get", "search", "update"]
deny = ["erase"]
scope = "own"
[access.roles.sales.fields]
default = "seen"
contacts = "edited"
bank_accounts = "masked"
"custom.会员号" = "hidden"
[access.roles.boss]
actions = "all"
[access.actors]
system = ["boss", "sales"]
"""


def test_a_file_declares_what_python_declares():
    sales = Role(
        actions={"get", "search", "update"},
        deny={"erase"},
        scope=Scope.OWN,
        fields={
            "contacts": Sight.EDITED,
            "bank_accounts": Sight.MASKED,
            "custom.会员号": Sight.HIDDEN,
        },
        default=Sight.SEEN,
    )
    made = AccessRules({"sales": sales, "boss": Role(actions="all")}, {"system": ("boss", "sales")})
    assert CompanyPolicy.loads(FULL).access == made
    assert CompanyPolicy(access=made).access == made
    assert CompanyPolicy().access is None


def test_a_table_without_roles_permits_nothing():
    access = CompanyPolicy.loads("[access]").access
    assert access == AccessRules()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("access = 1", "access is a table"),
        ("[access]\nrole = {}", "line 2: access knows no 'role'; did you mean roles?"),
        ("[access.roles]\nx = 1", "line 2: access.roles.x is a table"),
        ("[access.roles.x]\nacts = []", "access.roles.x knows no 'acts'; did you mean actions?"),
        (
            '[access.roles.x]\nactions = ["get", "serch"]',
            "line 2: access.roles.x.actions knows no 'serch'; did you mean search?",
        ),
        ('[access.roles.x]\ndeny = "get"', "access.roles.x.deny is a list of texts"),
        ('[access.roles.x]\nscope = "mine"', "access.roles.x.scope is one of own, department"),
        (
            '[access.roles.x.fields]\nnotes = "seeen"',
            "line 2: access.roles.x.fields.notes is one of hidden, masked, seen, edited, not 'see",
        ),
        (
            '[access.roles.x.fields]\nphone = "seen"',
            "line 2: access.roles.x.fields: no field is called 'phone'",
        ),
        (
            '[access.roles.x.fields]\ngrade = "hidden"',
            "line 2: access.roles.x.fields: grade cannot be masked",
        ),
        (
            '[access.roles.boss]\n[access.actors]\nsystem = ["bos"]',
            "line 3: access.actors.system knows no 'bos'; did you mean boss?",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_nearest_word(text, told):
    with pytest.raises(PolicyError) as refused:
        CompanyPolicy.loads(text)
    assert told in str(refused.value)
