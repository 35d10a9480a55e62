"""The public names: sorted, importable, told in a docstring, and cheap to import."""

import inspect
import subprocess
import sys
from typing import get_type_hints

import pytest

import customer_registry
from customer_registry import testing

HEAVY = ("phonenumbers", "email_validator", "cattrs", "sqlite3")
LATE = (
    "calendar",
    "customer_registry.domain.messages",
    "customer_registry.domain.policy",
    "customer_registry.registration.verbs",
    "customer_registry.repository",
    "customer_registry.validation",
    "json",
    "random",
)
ROOMS = {"customer_registry": customer_registry, "customer_registry.testing": testing}
NAMES = [(room, name) for room, module in ROOMS.items() for name in module.__all__]


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("room", ROOMS)
def test_the_public_names_are_sorted_and_each_stands_once(room):
    names = ROOMS[room].__all__
    constants_first = sorted(set(names), key=lambda name: (not name.isupper(), name))
    assert list(names) == constants_first


@pytest.mark.parametrize(("room", "name"), NAMES)
def test_a_public_name_can_be_imported(room, name):
    assert getattr(ROOMS[room], name) is not None


@pytest.mark.parametrize(("room", "name"), NAMES)
def test_a_public_name_tells_what_it_is(room, name):
    value = getattr(ROOMS[room], name)
    told = vars(value).get("__doc__") if inspect.isclass(value) else inspect.getdoc(value)
    assert (told or "").strip()


@pytest.mark.parametrize("room", ROOMS)
def test_every_lazy_name_is_public_and_listed_for_completion(room):
    module = ROOMS[room]
    assert set(module._ROOM_OF) == set(module.__all__)
    assert set(module.__all__) <= set(dir(module))


@pytest.mark.parametrize("room", ROOMS)
def test_a_name_that_is_not_there_is_an_ordinary_mistake(room):
    with pytest.raises(AttributeError, match="has no attribute 'Customers'"):
        _ = ROOMS[room].Customers


def test_a_star_import_brings_exactly_the_public_names():
    program = (
        "before = set(globals())\nfrom customer_registry import *\n"
        "print(*sorted(set(globals()) - before - {'before'}))"
    )
    assert run(program).split() == sorted(customer_registry.__all__)


@pytest.mark.parametrize("heavy", HEAVY)
def test_importing_the_package_loads_nothing_heavy(heavy):
    program = f"import sys, customer_registry; print({heavy!r} in sys.modules)"
    assert run(program) == "False"


@pytest.mark.parametrize("late", LATE)
def test_naming_the_registry_loads_none_of_what_its_verbs_need(late):
    program = (
        f"import sys; from customer_registry import CustomerRegistry;print({late!r} in sys.modules)"
    )
    assert run(program) == "False"


@pytest.mark.parametrize("heavy", ["phonenumbers", "email_validator", "sqlite3"])
def test_a_registry_in_memory_loads_nothing_it_does_not_need(heavy):
    program = (
        "import sys; from customer_registry import CustomerRegistry; CustomerRegistry();"
        f"print({heavy!r} in sys.modules)"
    )
    assert run(program) == "False"


def test_every_error_is_one_of_ours():
    errors = [
        value
        for name in customer_registry.__all__
        if inspect.isclass(value := getattr(customer_registry, name))
        and issubclass(value, Exception)
    ]
    assert len(errors) > 15
    assert all(issubclass(error, customer_registry.RegistryError) for error in errors)


def test_the_types_of_the_front_door_can_be_looked_up():
    assert get_type_hints(customer_registry.CustomerRegistry.get)["return"] is (
        customer_registry.Customer
    )
