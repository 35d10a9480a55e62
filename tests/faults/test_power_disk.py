"""The disk that loses power leaves all that may be found after a cut, and nothing else."""

from clerk import chance
from iofault import Operation
from power_disk import PowerDisk

SECTORS = [bytes([each]) * 512 for each in b"abcd"]
WRITTEN = b"".join(SECTORS)


def disk(*operations, shows_deleted=False):
    made = PowerDisk(chance(1), shows_deleted)
    for operation in operations:
        made.do(operation)
    return made


def images(made, times=400):
    """Return the different images, each as its names and contents."""
    return {tuple(made.image().items()) for _ in range(times)}


def made(name="f"):
    return Operation("o", name)


def wrote(content=WRITTEN, at=0, name="f"):
    return Operation("w", name, number=at, content=content)


def synced(name="f"):
    return Operation("s", name)


FOLDER = Operation("D", "live")


def test_what_was_synced_with_its_folder_is_there():
    assert images(disk(made(), wrote(), synced(), FOLDER)) == {(("f", WRITTEN),)}


def test_a_new_file_may_be_gone_as_long_as_its_folder_is_not_synced():
    assert images(disk(made(), wrote(), synced())) == {(), (("f", WRITTEN),)}


def test_every_sector_since_the_last_sync_may_be_old_or_new():
    found = images(disk(made(), wrote(bytes(2048)), synced(), FOLDER, wrote()))
    contents = {dict(each)["f"] for each in found}
    assert len(contents) == 16
    for content in contents:
        sectors = [content[at : at + 512] for at in range(0, 2048, 512)]
        assert all(each in {bytes(512), new} for each, new in zip(sectors, SECTORS, strict=True))


def test_what_a_failed_sync_lost_is_lost_though_the_next_succeeds():
    failed, zeros = Operation("x", "f"), bytes(2048)
    old = (made(), wrote(zeros), synced(), FOLDER)
    assert images(disk(*old, wrote(), failed, synced())) == {(("f", zeros),)}
    assert images(disk(*old, wrote(), failed, wrote(), synced())) == {(("f", WRITTEN),)}


def test_a_file_may_have_grown_without_its_content():
    lengths = {len(dict(each)["f"]) for each in images(disk(made(), FOLDER, wrote()))}
    assert lengths == {0, 512, 1024, 1536, 2048}
    assert any(
        dict(each)["f"] in {bytes(2048), b"\xa5" * 2048}
        for each in images(disk(made(), FOLDER, wrote()))
    )


def test_a_file_may_be_cut_or_not():
    cut = Operation("t", "f", number=512)
    found = images(disk(made(), wrote(), synced(), FOLDER, cut))
    assert found == {(("f", WRITTEN),), (("f", WRITTEN[:512]),)}


def test_a_file_taken_away_may_come_back_until_its_folder_is_synced():
    gone = Operation("d", "f")
    assert images(disk(made(), wrote(), synced(), FOLDER, gone)) == {(), (("f", WRITTEN),)}
    assert images(disk(made(), wrote(), synced(), FOLDER, gone, FOLDER)) == {()}


def test_a_file_is_renamed_as_a_whole_or_not_at_all():
    renamed = Operation("m", "f", "g")
    found = images(disk(made(), wrote(), synced(), FOLDER, renamed))
    assert found == {(("f", WRITTEN),), (("g", WRITTEN),)}


def test_shared_memory_and_locks_are_gone_with_the_power():
    assert images(disk(made("f-shm"), made("f-lock"), FOLDER)) == {()}


def test_a_bad_disk_shows_what_a_deleted_file_held():
    old = (made(), wrote(), synced(), FOLDER, Operation("d", "f"), FOLDER)
    new = (*old, made(), FOLDER, wrote(bytes(2048)))
    assert any(b"a" * 512 in dict(each)["f"] for each in images(disk(*new, shows_deleted=True)))
    assert not any(b"a" * 512 in dict(each)["f"] for each in images(disk(*new)))
