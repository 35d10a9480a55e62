"""The wheel as a host installs it, in an environment of its own: its types are known unasked."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("phonenumbers", "email_validator", "cattrs", "attr", "customer_registry.domain")
TYPES = (
    "BankAccount Contact CountryCode Customer CustomerCode EmailAddress IdentityDocument "
    "InvoiceProfile Money PartyName PaymentTerms PhoneNumber PostalAddress TaxIdentifier"
).split()


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    """Return a function that runs a program in a fresh environment with the built wheel."""
    folder = tmp_path_factory.mktemp("host")
    _run(sys.executable, "-m", "venv", "--without-pip", folder / "env")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    _run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder / "wheel", ROOT)
    python = folder / "env" / "bin" / "python"
    inside = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))
    _run(*pip, "install", "--no-deps", "--target", inside, *(folder / "wheel").glob("*.whl"))
    ours = _run(sys.executable, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    (inside / "dependencies.pth").write_text(ours)  # a path file in there is not followed
    return lambda program: _run(python, "-W", "error", "-c", program)


def _run(*command) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_host_runs_the_wheel_and_not_the_tree(host):
    place = host("import customer_registry; print(customer_registry.__file__)")
    assert "site-packages" in place
    assert str(ROOT) not in place


def test_a_host_asks_for_a_value_by_its_type_alone(host):
    program = (
        "from hypothesis import find, strategies as st\n"
        "import customer_registry as c\n"
        f"for name in {TYPES}:\n"
        "    cls = getattr(c, name)\n"
        "    print(isinstance(find(st.from_type(cls), lambda _: True), cls), end=' ')\n"
        "phone = find(st.from_type(c.PhoneNumber), lambda phone: True)\n"
        "print(c.PhoneNumber.parse(phone.raw) == phone)\n"
        "raw = find(st.from_type(c.RawCustomer), lambda raw: True)\n"
        "print(c.CustomerRegistry().check(raw).ok)\n"
    )
    assert set(host(program).split()) == {"True"}


def test_without_the_entry_point_a_host_gets_phones_that_are_none(host):
    program = (
        "import os; os.environ['HYPOTHESIS_NO_PLUGINS'] = '1'\n"
        "from customer_registry import PhoneNumber\n"
        "from hypothesis import find, strategies as st\n"
        "print(repr(find(st.from_type(PhoneNumber), lambda _: True).raw))\n"
    )
    assert host(program) == "''"


def test_it_does_not_matter_which_is_imported_first(host):
    program = (
        "from customer_registry import PhoneNumber\n"
        "from hypothesis import find, strategies as st\n"
        "phone = find(st.from_type(PhoneNumber), lambda phone: True)\n"
        "print(PhoneNumber.parse(phone.raw) == phone)\n"
    )
    assert host(program) == "True"


def test_importing_hypothesis_loads_nothing_of_ours_that_weighs(host):
    program = (
        "import sys, hypothesis\n"
        f"print([name for name in {HEAVY} if name in sys.modules])\n"
        "print('customer_registry.testing._hypothesis' in sys.modules)\n"
    )
    assert host(program).splitlines() == ["[]", "True"]


def test_importing_hypothesis_costs_a_host_a_few_milliseconds(host):
    program = (
        "import hypothesis, sys, time\n"
        "for name in [name for name in sys.modules if name.startswith('customer_registry')]:\n"
        "    del sys.modules[name]\n"
        "began = time.process_time()\n"
        "from customer_registry.testing._hypothesis import register\n"
        "register()\n"
        "print((time.process_time() - began) * 1000)\n"
    )
    assert min(float(host(program)) for _ in range(3)) < 10


def test_an_environment_without_hypothesis_is_not_disturbed(host):
    program = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import customer_registry.testing._hypothesis\n"
        "from customer_registry import PhoneNumber\n"
        "print(PhoneNumber.parse('13800138000'))\n"
    )
    assert host(program) == "+8613800138000"
