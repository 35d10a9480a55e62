from datetime import UTC, datetime, timedelta, timezone

import pytest

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.domain.verification import Remembering, Verification, asked
from customer_registry.testing import FakeVerifier

NUMBER = TaxIdentifier("be.vat", "BE0477472701")
OTHER = TaxIdentifier("be.vat", "BE0123456749")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


def test_a_time_is_kept_in_utc():
    at = datetime(2026, 11, 24, 20, tzinfo=timezone(timedelta(hours=8)))
    answer = Verification(outcome="confirmed", source=" VIES ", at=at)
    assert (answer.at.isoformat(), answer.source) == ("2026-11-24T12:00:00+00:00", "VIES")


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        Verification(outcome="confirmed", source="VIES", at=datetime(2026, 11, 24))  # noqa: DTZ001


@pytest.mark.parametrize("wrong", [{"outcome": "perhaps"}, {"source": "\ud800"}])
def test_what_no_register_says_is_refused(wrong):
    with pytest.raises((ValueError, InvalidValue)):
        Verification(**{"outcome": "confirmed", "source": "VIES", "at": NOON, **wrong})


def test_a_function_is_a_verifier():
    def vies(number):
        return Verification(outcome="refuted", source="VIES", at=NOON)

    answer = asked(vies, NUMBER)
    assert answer.is_refuted
    assert not answer.is_confirmed


def test_a_register_out_of_reach_is_unknown_and_named():
    verifier = FakeVerifier({str(NUMBER): TimeoutError("no route")})
    answer = asked(verifier, NUMBER, clock=Clock())
    assert (answer.outcome, answer.source, answer.at) == ("unknown", "FakeVerifier", NOON)


@pytest.mark.parametrize("said", [True, "confirmed"])
def test_an_answer_that_is_none_is_the_programmers_mistake_and_named(said):
    def vies(number):
        return said

    with pytest.raises(TypeError, match=f"vies returned a {type(said).__name__}, no Verification"):
        asked(vies, NUMBER)
    with pytest.raises(TypeError, match="no Verification"):
        asked(Remembering(vies), NUMBER)


def test_a_register_has_nothing_to_say_of_other_numbers():
    assert asked(FakeVerifier({}), NUMBER) is None


def test_a_number_that_was_confirmed_is_not_asked_for_again():
    clock = Clock()
    register = FakeVerifier({str(NUMBER): "confirmed", str(OTHER): "refuted"}, clock=clock)
    verifier = Remembering(register, timedelta(days=30), clock)
    first = verifier(NUMBER)
    clock.now += timedelta(days=29)
    assert verifier(NUMBER) == first
    assert verifier(OTHER).is_refuted
    assert verifier(OTHER).is_refuted
    assert register.asked == [str(NUMBER), str(OTHER)]


def test_an_old_answer_is_asked_for_again():
    clock = Clock()
    register = FakeVerifier({str(NUMBER): ["confirmed", "refuted"]}, clock=clock)
    verifier = Remembering(register, timedelta(days=30), clock)
    verifier(NUMBER)
    clock.now += timedelta(days=30)
    assert verifier(NUMBER).is_refuted


def test_what_is_not_known_yet_is_asked_for_each_time():
    register = FakeVerifier({str(NUMBER): ["unknown", "unknown", "confirmed"]})
    verifier = Remembering(register)
    outcomes = [verifier(NUMBER).outcome for _ in range(4)]
    assert outcomes == ["unknown", "unknown", "confirmed", "confirmed"]
    assert len(register.asked) == 3


def test_a_fault_is_not_remembered():
    register = FakeVerifier({str(NUMBER): OSError()})
    verifier = Remembering(register)
    assert asked(verifier, NUMBER).outcome == "unknown"
    assert asked(verifier, NUMBER).outcome == "unknown"
    assert len(register.asked) == 2


def test_the_memory_of_a_verifier_has_an_end():
    numbers = [TaxIdentifier("be.vat", f"BE{number}") for number in range(4)]
    register = FakeVerifier({str(number): "confirmed" for number in numbers})
    verifier = Remembering(register, most=2)
    for number in [*numbers, numbers[0], numbers[3]]:
        verifier(number)
    assert register.asked == ["BE0", "BE1", "BE2", "BE3", "BE0"]
