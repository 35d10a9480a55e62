# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of edits that wait for a second person."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs

from customer_registry.repository import Repository, WaitingEdit
from customer_registry.testing.promises.expect import Interrupted, interrupted, same

__all__ = ["EditPromises"]

_AT = datetime(2026, 11, 24, 8, 30, 0, 250, tzinfo=UTC)
_ONE, _OTHER = UUID(int=1), UUID(int=2)
_FIELDS = {
    "credit_limit": "50000 CNY",
    "bank_accounts": [{"id": None, "bank": "中国银行", "number": "6217000010001234567"}],
    "notes": "第一行\n第二行 𠮷",
    "custom": {"押金": {"decimal": "1.50"}, "连锁": True, "门店数": 3},
}


class EditPromises:
    """Add, get, of and drop."""

    def test_an_edit_comes_back_as_it_was(self, repository: Repository) -> None:
        edit = _edit(1)
        with repository.write() as work:
            work.edits.add(edit)
        with repository.read() as work:
            same(work.edits.get(edit.id), edit, "get gives the edit back as it was")
            same(work.edits.of(), (edit,), "of gives the edit back as it was")
            same(work.edits.get(UUID(int=99)), None, "get gives None for an unknown edit")

    def test_edits_come_oldest_first_of_a_customer_or_of_all(self, repository: Repository) -> None:
        late, early = _edit(1, at=_AT + timedelta(days=1)), _edit(2)
        other = _edit(3, about=_OTHER, at=_AT + timedelta(hours=1))
        with repository.write() as work:
            for edit in (late, early, other):
                work.edits.add(edit)
        with repository.read() as work:
            same(work.edits.of(_ONE), (early, late), "of gives a customer's edits, oldest first")
            same(work.edits.of(), (early, other, late), "of gives all edits, oldest first")
            bare = tuple(attrs.evolve(each, fields={}) for each in (early, other, late))
            same(work.edits.listed(), bare, "listed gives them all without their fields")

    def test_a_dropped_edit_waits_no_more(self, repository: Repository) -> None:
        with repository.write() as work:
            work.edits.add(_edit(1))
            work.edits.add(_edit(2))
        with repository.write() as work:
            work.edits.drop(UUID(int=1))
            work.edits.drop(UUID(int=99))
        with repository.read() as work:
            same([each.id.int for each in work.edits.of()], [2], "drop drops that edit only")

    def test_a_failed_transaction_leaves_edits_as_they_were(self, repository: Repository) -> None:
        with repository.write() as work:
            work.edits.add(_edit(1))
        with interrupted(), repository.write() as work:
            work.edits.add(_edit(2))
            work.edits.drop(UUID(int=1))
            raise Interrupted
        with repository.read() as work:
            same(work.edits.of(), (_edit(1),), "a failed transaction leaves edits as they were")


def _edit(number: int, *, about: UUID = _ONE, at: datetime = _AT) -> WaitingEdit:
    return WaitingEdit(
        id=UUID(int=number),
        customer_id=about,
        version=3,
        actor="韩梅梅",
        at=at,
        until=at + timedelta(days=14),
        fields=_FIELDS,
    )
