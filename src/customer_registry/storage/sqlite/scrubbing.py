"""Take out of the file the words that nobody is found by any more.

FTS5 only notes that a word has gone; the word itself stays until the parts of its index that tell
of it are merged. Merging all of them takes some seconds for a million customers, so it is done in
steps, between which others write.
"""

from customer_registry.storage.tables.statements import Statements

__all__ = ["merge_words"]

_STEP = 500
"""Pages of the index that a step writes, about."""

_MERGE = """
INSERT INTO customer_registry_search (customer_registry_search, rank) VALUES ('merge', :pages)
"""
_CHANGES = "SELECT total_changes()"
_CHANGES_OF_NOTHING = 2
"""SQLite counts fewer when there was nothing left to merge."""


def merge_words(statements: Statements, *, first: bool) -> bool:
    """Merge a step of the search index; return whether there may be more to merge.

    The first step marks all parts of the index that there are to be merged into one.
    """
    before = statements.one(_CHANGES) or (0,)
    statements.change(_MERGE, {"pages": -_STEP if first else _STEP})
    after = statements.one(_CHANGES) or (0,)
    return first or after[0] - before[0] >= _CHANGES_OF_NOTHING
