"""Children of a process that has everything loaded: made in milliseconds, heard through a pipe."""

import os
import sys
import traceback
from collections.abc import Callable

import attrs

from customer_registry import RegistryError

__all__ = ["Child", "Tell", "in_a_child", "told_of"]

Tell = Callable[[str], None]


@attrs.frozen
class Child:
    """A child at work: its process id, and where it is heard."""

    pid: int
    _pipe: int

    @classmethod
    def doing(cls, work: Callable[[Tell], object]) -> "Child":
        """Start a child that does some work and ends; the parent should have no threads."""
        heard, told = os.pipe()
        if (pid := os.fork()) == 0:
            status = 1
            try:
                work(lambda line: os.write(told, f"{line}\n".encode()))
                status = 0
            except BaseException:  # noqa: BLE001  nothing of the parent's may run in the child
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        os.close(told)
        return cls(pid, heard)

    def kill(self) -> None:
        """Kill it at once (SIGKILL)."""
        os.kill(self.pid, 9)

    def ended(self) -> tuple[list[str], bool]:
        """Wait for its end; return the lines it told, and whether it was killed.

        Raises RuntimeError where the work failed of itself.
        """
        with os.fdopen(self._pipe, encoding="utf-8") as pipe:
            told = pipe.read().splitlines()
        _, status = os.waitpid(self.pid, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            raise RuntimeError("a child failed; its reason stands above")
        return told, os.WIFSIGNALED(status)


def in_a_child(work: Callable[[Tell], object]) -> list[str]:
    """Do some work in a child, and return the lines that it told; `killed` is the last if so."""
    told, killed = Child.doing(work).ended()
    return [*told, "killed"] if killed else told


def told_of(work: Callable[[], object]) -> str:
    """Return how some work ends: `done`, the name of an error of ours, or that of a bare one."""
    try:
        work()
    except RegistryError as error:
        return type(error).__name__
    except Exception as error:  # noqa: BLE001  any other error is a finding
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"bare {type(error).__name__} in {where.name}"
    return "done"
