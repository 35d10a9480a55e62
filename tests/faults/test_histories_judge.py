"""The judge of histories accuses what is wrong, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.testing.racing.history import Act, Kept, judge_history


def act(kind, began, ended, **told):
    return Act(kind=kind, began=began, ended=ended, **({"code": "C1"} | told))


def registered(began=0, ended=5, code="C1", who="1-0"):
    return act("register", began, ended, who=who, code=code, version=1)


def edited(began, ended, version, mark, field="notes"):
    told = {"base": version - 1, "version": version, "field": field, "mark": mark}
    return act("edit", began, ended, **told)


def kept(version=1, notes="", code="C1", tax_number=""):
    fields = {"notes": notes, "sales_region": "", "status": "active"}
    return Kept(code=code, version=version, fields=fields, tax_number=tax_number)


def faults(acts, *store):
    return judge_history(acts, store or [kept()])


EDITED = [registered(), edited(10, 15, 2, "a"), edited(20, 25, 3, "b")]


def test_a_history_without_fault_is_not_accused():
    read = act("read", 30, 35, version=3)
    both = {"field": "notes", "theirs": ("notes",), "overlap": ("notes",)}
    stale = Act.of(act("stale", 22, 28, base=2, version=3, **both).line)
    assert not faults([*EDITED, read, stale], kept(3, "a b"))


def test_who_reads_while_somebody_writes_may_see_either_version():
    for version in (2, 3):
        assert not faults([*EDITED, act("read", 21, 24, version=version)], kept(3, "a b"))


def test_who_reads_after_a_write_was_acknowledged_has_to_see_it():
    assert faults([*EDITED, act("read", 26, 30, version=2)], kept(3, "a b")) == {"stale reads": 1}


def test_who_reads_after_another_reader_has_to_see_as_much():
    reads = [act("read", 21, 22, version=3), act("read", 23, 24, version=2)]
    assert faults([*EDITED, *reads], kept(3, "a b")) == {"stale reads": 1}


def test_who_is_acknowledged_has_to_be_found_by_phone_and_name():
    assert not faults([registered(), act("read", 4, 9, code="", who="1-0")])
    assert faults([registered(), act("read", 6, 9, code="", who="1-0")]) == {"stale reads": 1}


def test_whom_nobody_has_registered_nobody_finds():
    assert not faults([registered(), act("read", 6, 9, code="", who="7-7")])


def test_nobody_sees_a_version_before_somebody_writes_it():
    early = act("read", 6, 9, version=2)
    assert faults([*EDITED, early], kept(3, "a b"))["reads of the future"] == 1


@pytest.mark.parametrize(
    ("acts", "store"),
    [
        ([registered(), edited(10, 15, 2, "a"), edited(20, 25, 2, "b")], kept(2, "b")),
        ([registered(), edited(10, 15, 2, "a"), edited(20, 25, 3, "b")], kept(3, "b")),
        ([registered(), edited(10, 15, 2, "a")], kept(3, "a")),
        ([registered(), edited(10, 15, 2, "a"), edited(20, 25, 3, "b")], kept(2, "a b")),
    ],
    ids=["a version twice", "a mark missing", "a version of nobody", "a version missing"],
)
def test_a_lost_update_is_accused(acts, store):
    assert faults(acts, store)["lost updates"]


def test_a_conflict_names_the_fields_written_since_and_no_others():
    def told(*theirs, overlap=(), version=3):
        return act(
            "stale", 22, 28, base=1, version=version, field="notes", theirs=theirs, overlap=overlap
        )

    acts = [registered(), edited(10, 15, 2, "a"), edited(20, 25, 3, "s", "sales_region")]
    store = Kept(code="C1", version=3, fields={"notes": "a", "sales_region": "s", "status": ""})
    sound = told("notes", "sales_region", overlap=("notes",))
    assert not faults([*acts, sound], store)
    for wrong in (
        told("notes", overlap=("notes",)),
        told("notes", "sales_region"),
        told("notes", "sales_region", overlap=("notes",), version=1),
    ):
        assert faults([*acts, wrong], store)["conflicts told wrongly"] == 1


def test_a_tax_number_that_two_get_is_accused():
    acts = [act("covet", 0, 5, who="c", code=code, version=1) for code in ("C1", "C2")]
    found = faults(acts, kept(tax_number="9"), kept(code="C2", tax_number="9"))
    assert found["tax numbers twice"] == 2


def test_who_is_refused_for_a_tax_number_is_told_who_has_it():
    winner = act("covet", 0, 5, who="c", code="C1", version=1)
    assert not faults([winner, act("refused", 1, 6, who="c")], kept(tax_number="9"))
    wrong = act("refused", 1, 6, who="c", code="C2")
    assert faults([winner, wrong], kept(tax_number="9")) == {"refused for nobody": 1}


def test_an_error_is_accused_and_so_is_bad_numbering():
    assert faults([registered(), act("error", 6, 9, text="StorageBusy")]) == {"errors": 1}
    assert faults([registered(code="C2")], kept(code="C2")) == {"gaps": 1}


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=20), st.data())
def test_what_one_register_would_answer_is_never_accused(spans, data):
    """Calls that take effect at one moment between their beginning and their end are sound."""
    moments = sorted(
        ((data.draw(st.integers(at, at + lasts)), at, at + lasts) for at, lasts in spans),
        key=lambda span: span[0],
    )
    acts, version, notes = [registered(-9, -1)], 1, ""
    for at, (_, began, ended) in enumerate(moments):
        if data.draw(st.booleans()):
            version, notes = version + 1, f"{notes} {at}".strip()
            acts.append(edited(began, ended, version, str(at)))
        else:
            acts.append(act("read", began, ended, version=version))
    assert not faults(acts, kept(version, notes))
