"""What a fault test has to say against the store: how often, and where first."""

from collections import Counter

import attrs

__all__ = ["Accused"]


@attrs.define
class Accused:
    """Faults by their words, and where the first of each kind was."""

    faults: Counter[str] = attrs.field(factory=Counter)
    first: dict[str, int | str] = attrs.field(factory=dict)

    def accuse(self, faults: set[str], where: int | str) -> None:
        """Count faults, and remember where the first of its kind was."""
        self.faults.update(faults)
        for fault in faults:
            self.first.setdefault(fault, where)

    def add(self, other: "Accused") -> None:
        """Count what somebody else found as well, each first at the earlier place."""
        self.faults += other.faults
        for fault, where in other.first.items():
            self.first[fault] = min(self.first.get(fault, where), where)

    @property
    def counted(self) -> list[tuple[str, int]]:
        """The faults in the order of their words, each with how often it was found."""
        return sorted(self.faults.items())

    def __bool__(self) -> bool:
        return bool(self.faults)
