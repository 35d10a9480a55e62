"""What several tests of stores need."""

import signal

import pytest


@pytest.fixture
def interruptible():
    """Let SIGINT interrupt, also where tests were started in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
