"""A host is killed between its order and our customer: both are there, or neither is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


def killed(*arguments):
    """Run the command in a process of its own, because this one may have threads."""
    program = [sys.executable, Path(__file__).with_name("joining.py"), *arguments]
    return subprocess.run(program, capture_output=True, text=True, timeout=300, check=False)


def test_killed_hosts_leave_no_order_without_customer_and_lose_nothing_they_were_told():
    done = killed("--kills", "50")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith("sound")


def test_kills_show_a_host_that_commits_the_customer_apart():
    done = killed("--kills", "400", "--apart")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "a customer without his order" in done.stdout
