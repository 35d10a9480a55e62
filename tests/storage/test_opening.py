"""A store is opened by where it is; one of a stranger's package by the scheme of its address."""

import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from customer_registry import CustomerRegistry, MissingExtra, StorageMissing, StorageUnavailable
from customer_registry.cli import run
from customer_registry.cli.their_words import their_words
from customer_registry.operations import backup, copy, restore, verify
from customer_registry.storage.opening import is_address, shown

PACKAGE = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "1"

[tool.hatch.build.targets.wheel]
only-include = ["{module}.py"]

[project.entry-points."customer_registry.repositories"]
"""
THEIRS = '''
"""Customers in a file with another name for it."""

from customer_registry import (
    MissingExtra,
    SQLiteRepository,
    StorageCorrupt,
    StorageMissing,
    StorageUnavailable,
)


def opened(where, *, create, migrate, keyring):
    path = where.partition("://")[2].rpartition("@")[2]
    return SQLiteRepository(path, create=create, migrate=migrate, keyring=keyring)


def stiff(where):
    return opened(where, create=True, migrate=False, keyring=None)


def hollow(where, **how):
    return object()


def closed(where, **how):
    raise StorageUnavailable("their server is not there")


def damaged(where, **how):
    raise StorageCorrupt(f"{where}: 00000003.json is cut off in the record of 13812345678")


def lost(where, **how):
    raise StorageMissing(f"no bucket crm for {where}")


def silent(where, **how):
    raise StorageCorrupt


def bare(where, **how):
    raise MissingExtra("theirs")


number = 7
'''
SCHEMES = """
theirs = "their_store:opened"
their-own = "their_store:opened"
stiff = "their_store:stiff"
hollow = "their_store:hollow"
closed = "their_store:closed"
bare = "their_store:bare"
damaged = "their_store:damaged"
lost = "their_store:lost"
silent = "their_store:silent"
nameless = "their_store:nowhere"
gone = "their_store_of_before:opened"
number = "their_store:number"
twice = "their_store:opened"
"""
PASSWORD = "hunter2"  # noqa: S105  a fixture


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Install two packages of strangers, as pip does, in a folder of their own."""
    made, target = tmp_path_factory.mktemp("packages"), tmp_path_factory.mktemp("site")
    sources = []
    for name, schemes in (
        ("their-store", SCHEMES),
        ("other-store", 'twice = "other_store:opened"'),
    ):
        module = name.replace("-", "_")
        folder = made / name
        folder.mkdir()
        (folder / "pyproject.toml").write_text(PACKAGE.format(name=name, module=module) + schemes)
        (folder / f"{module}.py").write_text(THEIRS)
        sources.append(folder)
    offline = ["--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", "-q", *offline, "--target", target, *sources]
    subprocess.run(command, check=True, capture_output=True)
    return target


@pytest.fixture
def theirs(installed, monkeypatch, tmp_path):
    """Let the packages be found, and stand in an empty folder."""
    monkeypatch.syspath_prepend(str(installed))
    monkeypatch.chdir(tmp_path)
    yield
    for module in ("their_store", "other_store"):
        sys.modules.pop(module, None)


@pytest.mark.usefixtures("theirs")
@pytest.mark.parametrize("scheme", ["theirs", "their-own", "THEIRS"])
def test_a_strangers_package_is_found_by_the_scheme_of_its_address(scheme):
    with CustomerRegistry.open(f"{scheme}://a.db") as registry:
        customer = registry.register(kind="person", name="王芳").customer
    with CustomerRegistry.open(f"{scheme}://a.db", create=False) as again:
        assert again.get("C000001") == customer
    assert Path("a.db").exists()


@pytest.mark.usefixtures("theirs")
def test_it_is_told_not_to_make_what_is_not_there():
    with pytest.raises(StorageMissing):
        CustomerRegistry.open("theirs://a.db", create=False)
    assert not Path("a.db").exists()


@pytest.mark.usefixtures("theirs")
def test_a_registry_is_copied_there_and_a_backup_restored_there():
    key = bytes(32)
    with CustomerRegistry.open("a.db") as registry:
        registry.register(kind="person", name="王芳")
        copy(registry, "theirs://b.db")
        made = backup(registry, "a.backup", key=key)
    restore(made.path, "theirs://c.db", key=key)
    for where in ("theirs://b.db", "theirs://c.db"):
        with CustomerRegistry.open(where, create=False) as registry:
            assert verify(registry).ok
            assert str(registry.get("C000001").name) == "王芳"


@pytest.mark.usefixtures("theirs")
@pytest.mark.parametrize(
    ("scheme", "said"),
    [
        (
            "oracle",
            "no store is known for oracle://; there are files, memory:, postgresql://, bare:",
        ),
        ("oracle", "theirs://"),
        ("gone", "their_store_of_before:opened of their-store cannot be loaded: ModuleNotFound"),
        ("nameless", "their_store:nowhere of their-store cannot be loaded: AttributeError"),
        ("stiff", "is not called as (where, *, create, migrate, keyring)"),
        ("number", "is not called as"),
        ("hollow", "gave a object, which is no repository: "),
        ("hollow", "snapshot"),
        ("closed", "their server is not there"),
        ("twice", "other_store:opened of other-store and their_store:opened of their-store both"),
    ],
)
def test_what_cannot_be_opened_is_told_without_a_password(scheme, said):
    with pytest.raises(StorageUnavailable) as refused:
        CustomerRegistry.open(f"{scheme}://sa:{PASSWORD}@db.example.com/crm?password={PASSWORD}")
    assert said in str(refused.value)
    assert PASSWORD not in "".join(traceback.format_exception(refused.value, chain=True))


@pytest.mark.usefixtures("theirs")
def test_what_it_raises_in_our_words_is_raised():
    with pytest.raises(MissingExtra, match="theirs"):
        CustomerRegistry.open("bare://a.db")


@pytest.mark.parametrize("name", ["a:b.db", "C:b.db", "x://a.db", "客户.db", "postgresql.db"])
def test_a_name_without_a_scheme_is_a_file(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    with CustomerRegistry.open(name) as registry:
        registry.register(kind="person", name="王芳")
    assert Path(name).exists()


def test_the_addresses_of_other_libraries_are_understood(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for address in (f"sqlite:///{tmp_path}/customers.db", "sqlite:///customers.db"):
        with CustomerRegistry.open(address) as registry:
            registry.register(kind="person", name="王芳")
    with CustomerRegistry.open("customers.db") as registry:
        assert len(registry.search("王芳")) == 2
    for address in ("sqlite://", "sqlite:///:memory:"):
        with CustomerRegistry.open(address) as registry:
            assert not registry.search()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["customers.db", "customers.db-lock"]
    with pytest.raises(StorageUnavailable, match=r"^PostgreSQL "):
        CustomerRegistry.open("postgresql+psycopg://crm@127.0.0.1:1/crm")


@pytest.mark.parametrize(
    ("where", "is_one"),
    [
        (r"C:\crm\a.db", False),
        ("C:/crm/a.db", False),
        ("C://crm/a.db", False),
        ("memory:", False),
        ("folder/postgresql://x", False),
        ("postgresql://x", True),
        ("my.own+store-2://x", True),
    ],
)
def test_only_a_scheme_of_two_letters_or_more_makes_an_address(where, is_one):
    assert is_address(where) == is_one


@pytest.mark.parametrize(
    "where",
    [
        "postgresql://sa:hunter2@db/crm",
        "postgresql://sa:hun@ter2@db/crm",
        "postgresql://sa:hun/ter2@db/crm",
        "postgresql://sa:hun?ter2@db/crm",
        "postgresql://sa:hun#ter2@db/crm",
        "postgresql://db/crm?user=sa&password=hunter2",
        "postgresql://db/crm?user=sa&password=hun@ter2",
        "postgresql://sa:x@db/crm?password=hun@ter2",
        "theirs://hunter2@db",
    ],
)
def test_an_address_is_shown_without_what_opens_it(where):
    for secret in ("hunter2", "ter2", "hun", "sa"):
        assert secret not in shown(where)


@pytest.fixture
def call(capsys, monkeypatch):
    monkeypatch.setenv("LANG", "en_GB.UTF-8")

    def called(*arguments):
        status = run([str(each) for each in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return called


@pytest.mark.usefixtures("theirs")
def test_the_command_line_goes_the_same_way_and_shows_no_password(call):
    where = f"theirs://sa:{PASSWORD}@b.db"
    wang = ["--kind", "person", "--name", "王芳"]
    assert call("register", "--in", "a.db", *wang)[0] == 0
    for told in ("read back and sound", "in theirs://b.db already"):
        status, out, err = call("copy", "a.db", where)
        assert (status, err) == (0, "")
        assert told in out
        assert PASSWORD not in out
    assert "王芳" in call("find", "--in", where)[1]
    for command in (["verify", where], ["health", where], ["migrate", "--in", where]):
        status, out, err = call(*command)
        assert status == 0
        assert PASSWORD not in out + err
    for command in (
        ["find", "--in", f"oracle://sa:{PASSWORD}@db"],
        ["copy", "a.db", f"hollow://{PASSWORD}@"],
    ):
        status, out, err = call(*command)
        assert status == 2
        assert PASSWORD not in out + err
        assert "cannot be opened: " in err


@pytest.mark.usefixtures("theirs")
@pytest.mark.parametrize(
    ("scheme", "ours", "said"),
    [
        ("damaged", "is damaged, or no database at all", "00000003.json is cut off"),
        ("lost", "There is no database", "no bucket crm"),
        ("closed", "cannot be opened", "their server is not there"),
    ],
)
def test_the_command_line_tells_what_their_store_says_itself(call, scheme, ours, said):
    status, out, err = call("verify", f"{scheme}://sa:{PASSWORD}@disk/crm?token={PASSWORD}2")
    assert (status, out) == (2, "")
    assert ours in err
    assert err.count(said) == 1
    for secret in (PASSWORD, "13812345678"):
        assert secret not in err


@pytest.mark.usefixtures("theirs")
def test_a_store_that_says_nothing_itself_is_told_in_our_words_alone(call):
    _, _, err = call("verify", "silent://disk/crm")
    assert len(err.splitlines()) == 1


def test_of_our_own_stores_our_words_are_enough(call, tmp_path):
    (tmp_path / "a.db").write_bytes(b"no database at all" * 100)
    _, _, err = call("verify", tmp_path / "a.db")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "said",
    [
        "login failed for user sa with 'hun ter2'",
        "login failed for user sa with hun%20ter2",
        "cannot reach theirs://sa:other-secret@db2",
        "password=other-secret was refused",
        "the record of 6228 4804 0256 4890 018 is cut",
        "the record of 11010519491231002X is cut",
        "证件11010519491231002X，手机号13800138000",
        "tel１３８００１３８０００ is there twice",
        "password is other-secret",
        "{'password': 'other-secret'}",
    ],
)
def test_what_a_store_says_is_told_without_secrets(said):
    words = their_words(StorageUnavailable(said), "theirs://sa:hun%20ter2@db")
    secrets = ("ter2", "other-secret", "6228", "0018", "1949", "002X", "0013", "００１３")
    assert [secret for secret in secrets if secret in words] == []


def test_a_store_that_says_too_much_is_cut_short():
    words = their_words(StorageUnavailable("x" * 10_000), "theirs://db")
    assert len(words) == 301
