"""The commands about backups, keys, sealing and the audit, in both languages."""

import json
import os
import shutil
import sqlite3

import pytest

from customer_registry import CustomerRegistry, Keyring
from customer_registry.cli import run

WANG = ["--kind", "person", "--name", "王芳", "--phone", "13800138000"]


class Call:
    """What a command answered: its status, and both of its sides."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err
        assert "Traceback" not in out + err


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "CUSTOMER_REGISTRY_DB", "CUSTOMER_REGISTRY_KEYRING", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


@pytest.fixture
def call(capsys):
    def called(*arguments, **environment):
        status = run([str(each) for each in arguments], {**os.environ, **environment})
        captured = capsys.readouterr()
        return Call(status, captured.out, captured.err)

    return called


@pytest.fixture
def database(call):
    call("register", "--in", "c.db", *WANG)
    call("new-key", "key")
    return "c.db"


def test_a_night_with_a_backup_and_a_morning_with_a_restore(call, database, tmp_path):
    (tmp_path / "backups").mkdir()
    for _ in range(3):
        done = call("backup", database, "--to", "backups", "--key-file", "key", "--keep", 2)
        assert (done.status, done.err) == (0, "")
    assert "read back and sound: 1 customers" in done.out
    files = sorted((tmp_path / "backups").iterdir())
    assert len(files) == 2
    checked = call("verify-backup", files[-1], "--key-file", "key")
    assert (checked.status, "is sound" in checked.out) == (0, True)
    restored = call("restore", files[-1], "--into", "new.db", "--key-file", "key")
    assert (restored.status, "is restored" in restored.out) == (0, True)
    assert call("verify", "new.db").status == 0
    assert "王芳" in call("find", "--in", "new.db").out


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda content: content[:-1], "altered or cut off"),
        (lambda content: b"PK" + content, "no backup"),
    ],
)
def test_a_damaged_backup_ends_with_status_one(call, database, tmp_path, spoil, said):
    call("backup", database, "--to", "b.backup", "--key-file", "key")
    file = tmp_path / "b.backup"
    file.write_bytes(spoil(file.read_bytes()))
    for command in (["verify-backup", file], ["restore", file, "--into", "new.db"]):
        refused = call(*command, "--key-file", "key")
        assert (refused.status, said in refused.err) == (1, True)
    assert not (tmp_path / "new.db").exists()


def test_another_key_ends_with_status_one(call, database):
    call("backup", database, "--to", "b.backup", "--key-file", "key")
    call("new-key", "other")
    for asked in (["--key-file", "other"], ["--plain"]):
        refused = call("verify-backup", "b.backup", *asked)
        assert (refused.status, "another key" in refused.err) == (1, True)


def test_a_backup_that_nobody_sealed_is_not_taken_for_one(call, database):
    call("backup", database, "--to", "b.backup", "--plain")
    refused = call("verify-backup", "b.backup", "--key-file", "key", "--lang", "zh")
    assert (refused.status, "--plain" in refused.err) == (1, True)
    assert call("verify-backup", "b.backup", "--plain").status == 0


def test_a_newer_database_is_given_up_at_a_word_only(call, database):
    call("backup", database, "--to", "b.backup", "--key-file", "key")
    for name in ("李娜", "张伟"):
        call("register", "--in", database, "--kind", "person", "--name", name)
    asked = ["restore", "b.backup", "--into", database, "--key-file", "key"]
    refused = call(*asked)
    assert (refused.status, "--accept-older" in refused.err) == (1, True)
    assert "李娜" in call("find", "--in", database).out
    assert call(*asked, "--accept-older").status == 0
    assert "李娜" not in call("find", "--in", database).out


def test_a_database_that_is_open_is_left_alone(call, database):
    call("backup", database, "--to", "b.backup", "--key-file", "key")
    with CustomerRegistry.open(database):
        refused = call("restore", "b.backup", "--into", database, "--key-file", "key")
    assert refused.status == 2


@pytest.mark.parametrize("asked", [[], ["--plain", "--key-file", "key"]])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_key_or_none_has_to_be_said(call, database, asked, language):
    refused = call("backup", database, "--to", "b.backup", *asked, "--lang", language)
    assert (refused.status, "--key-file" in refused.err) == (2, True)


def test_what_cannot_be_is_told_before_anything_is_done(call, database, tmp_path):
    refused = call("backup", database, "--to", "b.backup", "--key-file", "key", "--keep", 3)
    assert (refused.status, "--keep" in refused.err) == (2, True)
    assert call("backup", database, "--key-file", "key").status == 2
    assert call("backup", "no.db", "--to", "b", "--key-file", "key").status == 2
    assert call("restore", "no.backup", "--into", "new.db", "--key-file", "key").status == 2
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "command",
    [
        ["verify"],
        ["health"],
        ["report"],
        ["seal", "--keyring", "ring"],
        ["rotate", "--keyring", "ring"],
        ["backup", "--plain", "--to", "b.backup"],
        ["migrate", "--in"],
        ["find", "--in"],
        ["show", "C000001", "--in"],
        ["history", "C000001", "--in"],
        ["export", "all.csv", "--in"],
        ["check", "some.csv", "--in"],
        ["codes", "preview", "--in"],
        ["codes", "audit", "--in"],
    ],
    ids=" ".join,
)
def test_what_needs_a_database_makes_none_of_an_empty_file(call, tmp_path, command, language):
    call("new-keyring", "ring")
    (tmp_path / "some.csv").write_text("名称\n王芳\n", "utf-8")
    empty = tmp_path / "empty.db"
    empty.touch()
    there = {*tmp_path.iterdir()}
    refused = call(*command, "empty.db", "--lang", language)
    assert (refused.status, refused.out, "empty.db" in refused.err) == (2, "", True)
    assert refused.err.count("\n") == 1
    assert (empty.read_bytes(), {*tmp_path.iterdir()}) == (b"", there)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_file_of_heads_that_was_emptied_ends_with_status_one(call, database, tmp_path, language):
    call("backup", database, "--to", "b.backup", "--key-file", "key")
    (tmp_path / "heads").touch()
    for command in (
        ["verify", database],
        ["restore", "b.backup", "--into", "new.db", "--key-file", "key"],
    ):
        refused = call(*command, "--head-file", "heads", "--lang", language)
        assert (refused.status, "heads" in refused.err) == (1, True)
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("command", "file"),
    [
        (["backup", "c.db", "--to", "nofolder/x.backup", "--key-file", "key"], "nofolder/x.backup"),
        (["backup", "c.db", "--to", "key", "--key-file", "key"], "key"),
        (["verify-backup", "nothere", "--key-file", "key"], "nothere"),
        (["restore", "nothere", "--into", "new.db", "--key-file", "key"], "nothere"),
    ],
)
def test_an_error_about_a_backup_names_its_file(call, database, command, file, language):
    refused = call(*command, "--lang", language)
    said = f"Error: {file} cannot" if language == "en" else f"错误：无法使用 {file}："
    assert (refused.status, said in refused.err, ".db" in refused.err) == (2, True, False)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_another_registrys_backup_is_never_written_over(call, database, tmp_path, language):
    call("register", "--in", "other.db", *WANG)
    call("backup", "other.db", "--to", "o.backup", "--key-file", "key")
    before = (tmp_path / "o.backup").read_bytes()
    asked = ["backup", database, "--to", "o.backup", "--key-file", "key"]
    refused = call(*asked, "--lang", language)
    assert (refused.status, "o.backup" in refused.err) == (2, True)
    assert (tmp_path / "o.backup").read_bytes() == before


def test_memory_is_no_database_to_restore_to(call, database, tmp_path):
    call("backup", database, "--to", "b.backup", "--key-file", "key")
    refused = call("restore", "b.backup", "--into", "memory:", "--key-file", "key")
    assert (refused.status, "memory:" in refused.err) == (2, True)
    assert not (tmp_path / "memory:").exists()


def test_a_database_that_does_not_say_whose_it_is_is_told(call, database):
    call("backup", database, "--to", "b.backup", "--key-file", "key")
    raw = sqlite3.connect(database)
    raw.execute("DELETE FROM customer_registry_meta")
    raw.commit()
    raw.close()
    refused = call("restore", "b.backup", "--into", database, "--key-file", "key")
    assert (refused.status, "damaged" in refused.err) == (2, True)


@pytest.mark.skipif(os.name == "nt", reason="no modes here")
def test_what_a_command_writes_is_for_its_owner_alone(call, database, tmp_path):
    before = os.umask(0o022)
    try:
        (tmp_path / "rows.csv").write_text("名称,类型\n王芳,个人\n,个人\n", "utf-8")
        call("import", "rows.csv", "--into", "new.db")
        call("export", "all.csv", "--in", database)
        for name in ("r.html", "r.json"):
            call("report", database, "--to", name)
        written = ["new.db", "all.csv", "r.html", "r.json", "rows-refused.csv"]
        modes = {name: oct((tmp_path / name).stat().st_mode & 0o777) for name in written}
        assert modes == dict.fromkeys(written, "0o600")
        (tmp_path / "all.csv").chmod(0o640)
        call("export", "all.csv", "--in", database, "--force")
        assert (tmp_path / "all.csv").stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(before)


class TestKeyFiles:
    def test_a_key_is_for_its_owner_alone_and_never_written_over(self, call, tmp_path):
        assert call("new-key", "key").status == 0
        written = (tmp_path / "key").read_text()
        assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
        assert len(bytes.fromhex(written.strip())) == 32
        refused = call("new-key", "key")
        assert (refused.status, "exists" in refused.err) == (2, True)
        assert (tmp_path / "key").read_text() == written
        assert call("new-key", "no folder/key").status == 2

    def test_the_key_is_not_shown(self, call, tmp_path):
        told = call("new-key", "key")
        assert (tmp_path / "key").read_text().strip() not in told.out + told.err

    @pytest.mark.parametrize("content", ["", "password", "00" * 31, "zz" * 32, "00" * 33])
    def test_a_file_that_is_no_key_is_told(self, call, database, tmp_path, content):
        (tmp_path / "key").write_text(content)
        refused = call("backup", database, "--to", "b.backup", "--key-file", "key")
        assert (refused.status, "no key of 32 bytes" in refused.err) == (2, True)

    @pytest.mark.parametrize(
        "content",
        [
            "correct horse battery staple!!!\n",
            "12345678901234567890123456789012",
            "客户登记库备份的密钥aa",
            "00" * 32 + "\n\n",
            " " + "00" * 32,
            "00 " * 32,
        ],
    )
    def test_what_somebody_typed_is_no_key(self, call, database, tmp_path, content):
        (tmp_path / "key").write_text(content, "utf-8")
        refused = call("backup", database, "--to", "b.backup", "--key-file", "key")
        assert (refused.status, "no key of 32 bytes" in refused.err) == (2, True)

    def test_bytes_as_they_are_are_a_key_as_well(self, call, database, tmp_path):
        (tmp_path / "key").write_bytes(bytes(range(32)))
        assert call("backup", database, "--to", "b.backup", "--key-file", "key").status == 0

    def test_a_key_that_others_may_read_is_not_used(self, call, database, tmp_path):
        (tmp_path / "key").chmod(0o644)
        refused = call("backup", database, "--to", "b.backup", "--key-file", "key")
        assert (refused.status, "chmod 600" in refused.err) == (2, True)


class TestKeyrings:
    @pytest.fixture
    def keyring(self, call):
        assert call("new-keyring", "ring").status == 0
        return "ring"

    def test_a_database_is_sealed_and_goes_over_to_new_keys(self, call, database, keyring):
        for command in ("seal", "rotate"):
            done = call(command, database, "--keyring", keyring)
            assert (done.status, done.err) == (0, "")
        assert call("verify", database, f"--keyring={keyring}").status == 0
        assert call("verify", database, CUSTOMER_REGISTRY_KEYRING=keyring).status == 0

    @pytest.mark.parametrize("command", ["seal", "rotate"])
    def test_without_keys_nothing_is_sealed(self, call, database, command):
        refused = call(command, database)
        assert (refused.status, "--keyring" in refused.err) == (2, True)

    def test_what_has_to_be_called_first_is_told(self, call, database, keyring):
        plain = call("rotate", database, "--keyring", keyring)
        assert (plain.status, "seal" in plain.err) == (2, True)
        assert call("seal", database, "--keyring", keyring).status == 0
        Keyring.load(keyring).with_new_sealing_key().save("newer")
        older = call("seal", database, "--keyring", "newer", "--lang", "zh")
        assert (older.status, "请改用 rotate" in older.err) == (2, True)

    def test_a_keyring_is_never_written_over(self, call, keyring):
        assert call("new-keyring", keyring).status == 2
        assert call("new-keyring", "no folder/ring").status == 2

    def test_a_keyring_that_is_not_there_is_told(self, call, database):
        refused = call("verify", database, "--keyring", "no.ring", "--lang", "zh")
        assert (refused.status, "密钥" in refused.err) == (2, True)

    @pytest.mark.parametrize(
        ("language", "said"), [("zh", "其余内容要有密钥环才能核对"), ("en", "The rest takes")]
    )
    def test_verifying_a_sealed_database_without_its_keyring_says_what_is_missing(
        self, call, keyring, language, said
    ):
        call("register", "--in", "s.db", *WANG, "--keyring", keyring)
        told = call("verify", "s.db", "--lang", language)
        assert told.status == 1
        assert said in told.out
        assert "--keyring" in told.out
        assert ("不一致" in told.out, "does not agree" in told.out) == (False, False)
        assert call("verify", "s.db", "--keyring", keyring).status == 0
        assert "--keyring" not in call("verify", "s.db", "--keyring", keyring).out

    def test_verifying_with_another_keyring_says_that_it_is_another(self, call, keyring):
        call("register", "--in", "s.db", *WANG, "--keyring", keyring)
        call("new-keyring", "other")
        told = call("verify", "s.db", "--keyring", "other", "--lang", "en")
        assert (told.status, "has not these keys" in told.out) == (1, True)

    def test_what_disagrees_beside_is_told_as_such(self, call, keyring):
        call("register", "--in", "s.db", *WANG, "--keyring", keyring)
        with sqlite3.connect("s.db") as raw:
            raw.execute("UPDATE customer_registry_numbers SET drawn = 7")
        told = call("verify", "s.db", "--lang", "en")
        assert "does not agree with itself" in told.out
        assert "--keyring" in told.out

    def test_a_sealed_database_is_backed_up_and_taken_back(self, call, keyring):
        call("register", "--in", "s.db", *WANG, "--keyring", keyring)
        call("new-key", "key")
        call("backup", "s.db", "--to", "b.backup", "--key-file", "key", "--keyring", keyring)
        asked = ["restore", "b.backup", "--into", "n.db", "--key-file", "key"]
        refused = call(*asked)
        assert (refused.status, "keyring" in refused.err) == (2, True)
        assert call(*asked, "--keyring", keyring).status == 0
        assert call("verify", "n.db", "--keyring", keyring).status == 0


class TestReports:
    def test_a_report_is_told_or_written(self, call, database, tmp_path):
        told = call("report", database, "--lang", "zh")
        assert told.status == 0
        assert told.out
        for name in ("r.html", "r.json"):
            assert call("report", database, "--to", name).status == 0
        assert (tmp_path / "r.html").read_text("utf-8").startswith("<!")
        json.loads((tmp_path / "r.json").read_text("utf-8"))

    def test_a_report_is_of_a_time(self, call, database):
        assert (
            call("report", database, "--since", "2026-01-01", "--until", "2026-01-31").status == 0
        )
        refused = call("report", database, "--since", "2026-02-01", "--until", "2026-01-31")
        assert (refused.status, "ends before" in refused.err) == (2, True)

    def test_a_report_is_a_page_or_json(self, call, database):
        refused = call("report", database, "--to", "r.pdf")
        assert (refused.status, ".html" in refused.err) == (2, True)


def test_heads_kept_elsewhere_are_held_against_a_database(call, database, tmp_path):
    from customer_registry import HeadFile  # noqa: PLC0415  one test's

    with CustomerRegistry.open(database, on_head=HeadFile("heads")) as registry:
        registry.register(kind="person", name="李娜")
    assert call("verify", database, "--head-file", "heads").status == 0
    call("backup", database, "--to", "b.backup", "--key-file", "key")
    shutil.copy("b.backup", "old.backup")
    with CustomerRegistry.open(database, on_head=HeadFile("heads")) as registry:
        for name in ("张伟", "刘洋"):
            registry.register(kind="person", name=name)
    asked = ["--key-file", "key", "--head-file", "heads"]
    refused = call("restore", "old.backup", "--into", "new.db", *asked)
    assert (refused.status, "--accept-older" in refused.err) == (1, True)


class TestCopy:
    def test_a_database_is_copied_and_the_command_may_be_repeated(self, call, database):
        first, again = (call("copy", database, "new.db") for _ in range(2))
        assert (first.status, again.status) == (0, 0)
        assert "is in new.db, read back and sound: 1 customers, 2 journal entries" in first.out
        assert "is in new.db already" in again.out
        assert call("verify", "new.db").status == 0
        assert "王芳" in call("find", "--in", "new.db").out

    @pytest.mark.parametrize(
        ("language", "same", "other"),
        [
            ("en", "The same registry is in b.db", "something else"),
            ("zh", "止于第 2 条", "其他内容"),
        ],
    )
    def test_a_place_that_is_taken_stays_as_it_is(self, call, database, language, same, other):
        call("copy", database, "b.db")
        call("register", "--in", database, "--kind", "person", "--name", "李雷")
        call("register", "--in", "o.db", *WANG)
        for source, said in ((database, same), ("o.db", other)):
            refused = call("copy", source, "b.db", "--lang", language)
            assert refused.status == 1
            assert said in refused.err
        assert "李雷" not in call("find", "--in", "b.db").out

    @pytest.mark.parametrize(
        ("source", "target", "said"),
        [
            ("c.db", "memory:", "ends with the command"),
            ("c.db", "./c.db", "both what to copy and where to"),
            ("no.db", "new.db", "no database no.db"),
            ("c.db", "no/new.db", "no/new.db cannot be opened"),
        ],
    )
    def test_what_cannot_be_copied_is_told_at_once(self, call, database, source, target, said):
        refused = call("copy", source, target)
        assert refused.status == 2
        assert said in refused.err
        assert call("history", "C000001", "--in", database).status == 0

    def test_a_sealed_database_is_copied_with_its_keyring(self, call):
        call("new-keyring", "ring")
        call("register", "--in", "s.db", "--keyring", "ring", *WANG)
        assert "A key is not here" in call("copy", "s.db", "t.db").err
        assert call("copy", "s.db", "t.db", "--keyring", "ring").status == 0
        assert call("verify", "t.db", "--keyring", "ring").status == 0
