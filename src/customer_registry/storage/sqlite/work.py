"""One unit of work on a SQLite file."""

from collections.abc import Iterator

from customer_registry.repository import Inspected
from customer_registry.storage.sqlite.scrubbing import merge_words
from customer_registry.storage.tables import work

__all__ = ["Work"]


class Work(work.Work):
    """One transaction, or one snapshot, of a file."""

    def merge_words(self, *, first: bool) -> bool:
        """Take words that find nobody out of the index, a step; return whether more may follow."""
        return merge_words(self._statements, first=first)

    def inspect(self) -> Iterator[Inspected]:
        """Yield what is wrong with how the file keeps its customers, and every customer once."""
        from customer_registry.storage.sqlite.inspecting import inspect  # noqa: PLC0415  seldom

        return inspect(self._statements, self._sealed)
