"""Two clients of one file, in every order of their statements, lose no edit and no loaded row."""

import pytest
from interleaving import Case, explore, replay
from test_interleaving import memory_folder, person, registry

from customer_registry import StaleVersion

FIRST = "C0000001"
CONTROL = "the control of the schedules: a broken way has to be found"


def founded(repository):
    registry(repository).register(person("韩梅梅"))


def marks(mark):
    """Add a mark to the notes of the version that was there before both began."""

    def client(repository):
        return registry(repository, actor=mark).update(FIRST, version=1, notes=mark)

    return client


def blocks(repository):
    return registry(repository).change_status(FIRST, "blocked", version=1)


def marks_whatever_stands_there(mark):
    """Read, add a mark, and save over the version that stands there by then: broken."""

    def client(repository):
        opened = registry(repository, actor=mark)
        notes = f"{opened.get(FIRST).notes or ''}{mark}"
        return opened.update(opened.get(FIRST), notes=notes)

    return client


def loads(*names):
    def client(repository):
        return registry(repository).load([person(name) for name in names])

    return client


def registers(name):
    def client(repository):
        return registry(repository).register(person(name))

    return client


def one_wins(repository, ended):
    """Return what is wrong where two save the same version: one saves, the other is told of it."""
    answers = [each.answer for each in ended]
    stale = [answer for answer in answers if isinstance(answer, StaleVersion)]
    saved = [answer for answer in answers if answer not in stale]
    if len(stale) != 1 or isinstance(saved[0], Exception):
        return {f"not one winner: {answers!r}"}
    stored = registry(repository).get(FIRST)
    changed = {"notes"} if stored.notes else {"status"}
    return {
        word
        for word, is_so in {
            "the winner's version is not stored": saved[0].customer != stored,
            "the loser is told of another version": stale[0].current != stored,
            "the loser is told of other fields": set(stale[0].theirs) != changed,
        }.items()
        if is_so
    }


def both_marked(repository, ended):
    """Return what is wrong where one saves as he comes: one is told, or the marks of both stay."""
    stale = [each for each in ended if isinstance(each.answer, StaleVersion)]
    stored = registry(repository).get(FIRST).notes or ""
    return {"a lost update"} if len(stored) < 2 - len(stale) else set()


def all_there(names):
    """Return a judge of loading: each of them once, numbered without a gap."""

    def faults(repository, ended):
        errors = {repr(each.answer) for each in ended if isinstance(each.answer, Exception)}
        stored = list(registry(repository).search(limit=20))
        codes = sorted(each.code.text for each in stored)
        return errors | {
            word
            for word, is_so in {
                "not each of them once": sorted(str(each.name) for each in stored) != sorted(names),
                "gaps": codes != [f"C{at + 1:07}" for at in range(len(codes))],
            }.items()
            if is_so
        }

    return faults


def explored(*clients, judge):
    with memory_folder() as folder:
        return explore(Case(founded, clients, judge), folder)


@pytest.mark.parametrize(
    "clients",
    [(marks("a"), marks("b")), (marks("a"), blocks), (blocks, marks("b"))],
    ids=["two edits", "an edit and a status", "a status and an edit"],
)
def test_of_two_who_save_one_version_one_wins_and_the_other_is_told_in_every_order(clients):
    found = explored(*clients, judge=one_wins)
    assert found.faults == {}, found.first
    assert found.schedules > 1


def test_who_registers_beside_a_load_gets_a_number_of_his_own_in_every_order():
    judge = all_there(["韩梅梅", "王芳", "李雷", "张伟"])
    found = explored(loads("王芳", "李雷"), registers("张伟"), judge=judge)
    assert found.faults == {}, found.first
    assert found.schedules > 1


def test_the_schedules_find_who_saves_over_a_version_that_he_has_not_read(tmp_path):
    clients = (marks_whatever_stands_there("a"), marks("b"))
    case = Case(founded, clients, both_marked)
    with memory_folder() as folder:
        found = explore(case, folder)
    assert found.faults.keys() == {"a lost update"}, CONTROL
    assert found.faults["a lost update"] < found.schedules  # one after the other nobody notices
    assert replay(case, tmp_path, found.first["a lost update"]) == {"a lost update"}
