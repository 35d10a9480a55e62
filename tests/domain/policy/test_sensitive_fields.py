import pytest

from customer_registry import CompanyPolicy, CustomerRegistry, CustomField, FieldType, PolicyError
from customer_registry.domain.values.masked import SensitiveText


def test_a_policy_calls_a_custom_text_sensitive():
    policy = CompanyPolicy.loads('[custom."证件"]\nsensitive = true\n')
    assert policy.custom_fields["证件"].sensitive
    registry = CustomerRegistry(policy=policy)
    customer = registry.register(kind="person", name="王芳", custom={"证件": "A1234567"}).customer
    assert isinstance(customer.custom["证件"], SensitiveText)
    assert "A1234567" not in repr(customer.custom)
    assert registry.update(customer, customer.raw()).version == 1


def test_nobody_searches_by_what_is_sensitive():
    with pytest.raises(PolicyError, match="nobody searches"):
        CustomField(name="证件", sensitive=True, searchable=True)


@pytest.mark.parametrize("kind", [FieldType.NUMBER, FieldType.DATE, FieldType.BOOL])
def test_what_is_sensitive_is_a_text(kind):
    with pytest.raises(PolicyError, match="is a text"):
        CustomField(name="薪资", type=kind, sensitive=True)


def test_whether_a_field_is_sensitive_is_yes_or_no():
    with pytest.raises(PolicyError, match="true or false"):
        CompanyPolicy.loads('[custom."证件"]\nsensitive = "yes"\n')
