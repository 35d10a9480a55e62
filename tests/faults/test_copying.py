"""A copy that fails at any operation is whole or not there, and whoever calls again comes to it."""

import copying
import pytest
from copying import BROKEN, SETTINGS
from iofault import REASON
from preloaded import can_build

CONTROL = "the control of this test: a broken way of copying has to be accused"

pytestmark = pytest.mark.skipif(not can_build(), reason=REASON)


@pytest.mark.parametrize("setting", SETTINGS)
def test_whatever_fails_the_copy_is_whole_or_not_there_and_then_it_is_there(setting, capfd):
    assert copying.main(["--setting", setting, "--every", "250"]) == 0, capfd.readouterr().out
    out = capfd.readouterr().out
    assert out.splitlines()[-1].endswith("sound")
    assert all(how in out for how in ("done", "killed", "StorageFull"))


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ("batches", "meanwhile: between"),
    ],
)
def test_a_broken_way_of_copying_is_seen(setting, fault, capfd):
    assert setting in BROKEN
    asked = ["--setting", setting, "--mode", "kill before", "--every", "5"]
    assert copying.main(asked) == 0, CONTROL
    assert fault in capfd.readouterr().out, CONTROL
