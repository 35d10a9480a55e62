"""The whole benchmark runs and measures every budget; its figures are printed, never judged."""

import re
import subprocess
import sys
from pathlib import Path

from customer_registry.domain.errors import MissingExtra

SCRIPT = Path(__file__).with_name("everything.py")
NAMES = [
    "R1 register a small form",
    "R1 small form / raw parts",
    "R1 small form / script",
    "R1 small form / ORM",
    "R2 get a small form",
    "R2 ORM / get",
    "R1 register, whole form",
    "R1 register / raw parts, whole form",
    "R2 get, whole form",
    "B1 load",
    "B1 load / script",
    "B1 load / ORM",
    "B1 load / ORM's bulk inserts",
    "B2 load with two workers / one",
    "I1 import",
    "I1 first receipt in memory",
    "M1 register, largest / smallest",
    "M1 find, largest / smallest",
    "C1 four processes / one",
    "C1 longest wait",
    "C1 fastest process / slowest",
    "C1 errors",
    "W1 largest WAL",
    "S1 text p95 at 100",
    "S1 worst sort's p95 at 100",
    "S1 text p95 at 300",
    "S1 worst sort's p95 at 300",
    "S2 get, largest / smallest",
    "S2 find, largest / smallest",
]
PAGE = "before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nafter\n"


def run(*arguments, program=(str(SCRIPT),)):
    command = [sys.executable, *program, *arguments]
    return subprocess.run(command, capture_output=True, check=False, text=True)


def test_the_benchmark_measures_every_budget_and_writes_the_table(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE, "utf-8")
    done = run("--quick", "--into", str(page))
    assert done.returncode == 0, done.stderr
    text = page.read_text("utf-8")
    assert text.startswith("before\n<!-- measured: begin -->")
    assert text.endswith("<!-- measured: end -->\nafter\n")
    assert "old" not in text
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    measured = {row[0]: row[1] for row in rows[1:]}
    assert list(measured) == NAMES
    values = {name: float(re.sub(r"[^0-9.]", "", told)) for name, told in measured.items()}
    assert [name for name, value in values.items() if value <= 0] in ([], ["C1 errors"])


def test_a_peer_that_is_not_installed_is_asked_for_by_its_extra():
    program = (
        f"import sys; sys.path.insert(0, {str(SCRIPT.parent)!r}); sys.argv = ['everything.py']\n"
        "import importlib.util as util; found = util.find_spec\n"
        "util.find_spec = lambda name, *rest: name != 'pydantic' and found(name, *rest) or None\n"
        "import everything; everything.main(['--quick', '--only', 'I1'])"
    )
    done = run(program=("-c", program))
    assert done.stderr.splitlines()[-1].endswith(str(MissingExtra("bench")))


def test_some_budgets_are_measured_alone():
    done = run("--quick", "--only", "M1")
    assert [line[:2] for line in done.stdout.splitlines()[1:]] == ["M1", "M1"]
