"""Counters in a dictionary, and the day on which most of these tests play."""

from datetime import date

from customer_registry import CodeContext

TODAY = date(2026, 11, 24)


class Counters:
    """Number ranges that nothing but a test draws from."""

    def __init__(self, **passed: int):
        self.passed = passed

    def next(self, name: str) -> int:
        self.passed[name] = self.peek(name)
        return self.passed[name]

    def peek(self, name: str) -> int:
        return self.passed.get(name, 0) + 1

    def raise_to(self, name: str, number: int) -> None:
        self.passed[name] = max(number, self.passed.get(name, 0))


def on(today: date = TODAY, **fields: str | None) -> CodeContext:
    return CodeContext(fields, today)
