"""What the store alone finds taken is told where it was typed."""

import pytest

from customer_registry import CompanyPolicy, CustomerRegistry, ValidationFailed
from customer_registry.testing import resident_id

POLICY = CompanyPolicy.loads(
    '[unique]\nphone = "block"\nemail = "block"\norganization_name = "block"'
)
TAKEN = {
    "kind": "organization",
    "name": "上海浦江贸易有限公司",
    "contacts": [{"phones": ["13800138000"], "emails": ["a@example.cn"]}],
    "tax_identifiers": [{"scheme": "cn.resident_id", "number": resident_id(4)}],
}


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        (
            {"contacts": [{"phones": ["13900139000"]}, {"phones": ["13700137000", "13800138000"]}]},
            ("contacts", 1, "phones", 1),
        ),
        ({"phone": "13900139000", "email": "a@example.cn"}, ("email",)),
        ({"phone": "13800138000", "email": "b@example.cn"}, ("phone",)),
        ({"name": TAKEN["name"]}, ("name",)),
        ({"tax_identifiers": TAKEN["tax_identifiers"]}, ("tax_identifiers", 0)),
    ],
)
def test_what_another_has_meanwhile_is_told_where_it_was_typed(typed, path):
    registry = CustomerRegistry(rules=[], policy=POLICY)  # as if each was judged before the other
    registry.register(TAKEN)
    with pytest.raises(ValidationFailed) as refused:
        registry.register({"kind": "organization", "name": "甲公司", **typed})
    assert [issue.path for issue in refused.value.report.errors] == [path]
