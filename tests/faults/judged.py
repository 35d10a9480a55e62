"""Two ways to judge what an errand leaves that failed at an operation of the disk."""

from abc import abstractmethod
from collections import Counter
from pathlib import Path
from typing import Self

import attrs
from children import Tell, in_a_child, told_of
from failing import Trial
from iofault import Disk, Fault
from stored import Stored, stored_at

__all__ = ["BeforeOrAfter", "MeanwhileAndAgain"]


@attrs.frozen
class BeforeOrAfter(Trial):
    """A file that holds what it held before, or what the errand leaves, and nothing between."""

    before: Stored = attrs.field(factory=Stored)
    after: Stored = attrs.field(factory=Stored)

    @classmethod
    def prepared(cls, folder: Path, setting: str, errand: str, disk: Disk) -> Self:
        """Return the trial, its files made and the errand done once without a fault."""
        trial = super().prepared(folder, setting, errand, disk)
        trial.lay_out()
        before = trial.stored()
        trial.lay_out()
        in_a_child(lambda _: trial.do())
        return attrs.evolve(trial, before=before, after=trial.stored())

    @property
    @abstractmethod
    def path(self) -> Path:
        """The file that is judged."""

    def stored(self) -> Stored:
        """Return what the file holds; nothing where it is not there."""
        return stored_at(self.path) if self.path.exists() else Stored()


@attrs.frozen
class MeanwhileAndAgain(Trial):
    """What is sound as it is found, and right when a new process has done the errand again."""

    @abstractmethod
    def judge(self, told: str, tell: Tell) -> None:
        """Tell what is wrong with what is found, beside what was told of the errand."""

    def faults(self, fault: Fault, at: int, ended: Counter[str]) -> set[str]:
        """Let an operation fail; judge what is left, what was told, and a new process."""
        (told, *_) = self.failed(fault, at, lambda tell: tell(told_of(self.do)))
        ended[told] += 1
        found = {told} if told.startswith("bare") else set()
        found |= {f"meanwhile: {each}" for each in in_a_child(lambda tell: self.judge(told, tell))}
        return found | {f"again: {each}" for each in in_a_child(self._again)}

    def _again(self, tell: Tell) -> None:
        if (told := told_of(self.do)) != "done":
            tell(told)
        self.judge("done", tell)
