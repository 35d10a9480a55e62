"""The disk that fails does what it is told, and its log tells what was done."""

from pathlib import Path

import pytest
from iofault import REASON, Operation, read_log, run_on_it
from preloaded import can_build

pytestmark = pytest.mark.skipif(not can_build(), reason=REASON)

PROGRAM = """
import os, sys
sys.path.insert(0, {here!r})
from pathlib import Path
from iofault import MODES, Disk
from children import in_a_child, told_of

folder = Path(sys.argv[1])
disk = Disk()
disk.watch(folder / "live", folder / "log")
path = str(folder / "live" / "a")


def work():
    file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    written = os.pwrite(file, b"12345678", 0)
    os.fsync(file)
    os.ftruncate(file, 4)
    os.close(file)
    os.rename(path, path + "b")
    os.unlink(path + "b")
    assert written == 8, "short"


def failing(mode, at):
    disk.fail(MODES[mode], at)
    print(mode, at, *in_a_child(lambda tell: tell(told_of(work))), Path(path).exists(), flush=True)
    disk.count("")
    Path(path).unlink(missing_ok=True)
    Path(path + "b").unlink(missing_ok=True)


disk.count("owtsdm")
work()
print(disk.counted, flush=True)
for mode, at in [
    ("EIO once", 1), ("EIO once", 3), ("EIO once", 6), ("EIO once", 7), ("ENOSPC from then on", 2),
    ("short write", 1), ("kill before", 2), ("kill in the middle", 1),
]:
    failing(mode, at)
"""


@pytest.fixture
def ran(tmp_path, capfd):
    """What the program printed, line by line, and the folder it worked in."""
    (tmp_path / "live").mkdir()
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(here=str(Path(__file__).parent)))
    assert run_on_it(program, tmp_path).returncode == 0
    return capfd.readouterr().out.splitlines(), tmp_path


def test_the_operation_that_is_asked_for_fails_and_no_other(ran):
    lines, _ = ran
    assert lines == [
        "6",
        "EIO once 1 bare OSError in work False",
        "EIO once 3 bare OSError in work True",
        "EIO once 6 bare OSError in work False",
        "EIO once 7 done False",
        "ENOSPC from then on 2 bare OSError in work True",
        "short write 1 bare AssertionError in work False",
        "kill before 2 killed True",
        "kill in the middle 1 killed True",
    ]


def test_the_log_tells_what_was_done_in_its_order(ran):
    _, folder = ran
    first = list(read_log(folder / "log"))[:6]
    assert first == [
        Operation("o", "a"),
        Operation("w", "a", content=b"12345678"),
        Operation("s", "a"),
        Operation("t", "a", number=4),
        Operation("m", "a", "ab"),
        Operation("d", "ab"),
    ]


def test_half_a_write_before_a_kill_stands_in_the_log(ran):
    _, folder = ran
    *_, before_it_was_removed, _ = read_log(folder / "log")
    assert before_it_was_removed == Operation("w", "a", content=b"1234")
