import attrs
import pytest

from customer_registry import Contact, EmailAddress, PhoneNumber
from customer_registry.testing import make_customer


def test_a_contact_shows_nothing_personal():
    contact = make_customer(seed=3).contacts[0]
    assert repr(contact) == "Contact(id=None, is_primary=True)"


def test_messengers_cannot_be_changed_from_outside():
    given = {"wechat": "wx_1"}
    contact = Contact(messengers=given)
    given["wechat"] = "wx_2"
    assert contact.messengers == {"wechat": "wx_1"}
    with pytest.raises(TypeError):
        contact.messengers["qq"] = "1"


def test_contacts_are_equal_when_all_their_parts_are():
    phone, email = PhoneNumber.parse("13800138000"), EmailAddress.parse("a@example.cn")
    one, other = (Contact(name="李雷", phones=(phone,), emails=(email,)) for _ in range(2))
    assert one == other
    assert len({one, other}) == 1
    assert one != attrs.evolve(other, messengers={"wechat": "x"})


def test_a_contact_is_frozen():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Contact().name = "李雷"
