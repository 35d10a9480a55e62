"""A store that is sealed, or goes over to new keys, may fail at any operation: it can go on."""

import pytest
import resealing
from iofault import REASON
from preloaded import can_build
from resealing import BROKEN, SETTINGS

CONTROL = "the control of this test: a broken way of sealing has to be accused"

pytestmark = pytest.mark.skipif(not can_build(), reason=REASON)


@pytest.mark.parametrize("setting", SETTINGS)
def test_whatever_fails_nothing_is_lost_and_who_begins_again_comes_to_the_end(setting, capfd):
    assert resealing.main(["--setting", setting, "--every", "100"]) == 0, capfd.readouterr().out
    out = capfd.readouterr().out
    assert out.splitlines()[-1].endswith("sound")
    assert "killed" in out


@pytest.mark.parametrize(
    ("setting", "fault"), [("silent", "customer.replaced"), ("careless", "afterwards: plain")]
)
def test_a_broken_way_of_sealing_is_seen(setting, fault, capfd):
    assert setting in BROKEN
    asked = ["--setting", setting, "--errand", "seal", "--mode", "kill before", "--every", "12"]
    assert resealing.main(asked) == 0, CONTROL
    assert fault in capfd.readouterr().out, CONTROL
