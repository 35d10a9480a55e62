"""An error or a kill at any operation leaves a store as it was or as it was to be, and says so."""

import io_errors
import pytest
from errands import MISTAKEN, SETTINGS
from iofault import REASON
from preloaded import can_build

CONTROL = "the control of this test: a store that is mistaken has to be accused"

pytestmark = pytest.mark.skipif(not can_build(), reason=REASON)


@pytest.mark.parametrize("setting", SETTINGS)
def test_whatever_fails_a_store_is_before_or_after_and_never_between(setting, capfd):
    asked = ["--setting", setting, "--every", "90"]
    assert io_errors.main(asked) == 0, capfd.readouterr().out
    out = capfd.readouterr().out
    assert out.splitlines()[-1].endswith("sound")
    told = {"done", "killed", "StorageFull", "CommitOutcomeUnknown", "StorageError"}
    assert all(how in out for how in told)


def test_a_lock_that_fails_is_told_before_saving_and_hidden_afterwards(capfd):
    asked = ["--setting", "auto", "--errand", "register", "--mode", "no lock once", "--every", "1"]
    assert io_errors.main(asked) == 0, capfd.readouterr().out
    assert "StorageUnavailable" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ("swallowing", "done, and not saved"),
        ("sure", "StorageError, and yet saved"),
    ],
)
def test_a_mistake_about_a_failed_commit_is_seen(setting, fault, capfd):
    asked = ["--setting", setting, "--errand", "reserve", "--mode", "EIO once", "--every", "1"]
    assert setting in MISTAKEN
    assert io_errors.main(asked) == 0, CONTROL
    assert fault in capfd.readouterr().out, CONTROL
