import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from customer_registry import Actor, CustomerRegistry
from customer_registry.__main__ import main
from customer_registry.cli import commands, run
from customer_registry.cli.commands import Commands
from customer_registry.cli.errors import explained
from customer_registry.cli.sheets import registered
from customer_registry.cli.speech import Speech
from customer_registry.domain import errors
from customer_registry.domain.issues import Issue, Report
from customer_registry.exchange import open_sheet
from customer_registry.validation.rules import STANDARD

HOME = Path(__file__).parents[1]
SAMPLE = HOME / "docs" / "examples" / "客户档案.xlsx"
SAMPLE_AS_TEXT = SAMPLE.with_suffix(".csv")
WANG = ["--kind", "person", "--name", "王芳", "--phone", "13800138000"]


class Call:
    """What a command answered: its status, and both of its sides."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err
        self.said = out + err
        assert "Traceback" not in self.said
        assert "\x1b" not in self.said

    def count(self, label):
        return int(re.search(rf"^\s*{re.escape(label)}\s+(\d+)", self.out, re.MULTILINE)[1])


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "CUSTOMER_REGISTRY_DB", "LC_ALL", "LC_MESSAGES", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")


@pytest.fixture
def call(capsys):
    def called(*arguments, **environment):
        status = run([str(each) for each in arguments], {**os.environ, **environment})
        captured = capsys.readouterr()
        return Call(status, captured.out, captured.err)

    return called


@pytest.fixture
def filled(call):
    """An import of the sample into customers.db."""
    return call("import", SAMPLE, "--into", "customers.db")


@pytest.fixture
def table(tmp_path):
    def written(*rows, name="名单.csv"):
        path = tmp_path / name
        path.write_text("\n".join(",".join(row) for row in rows), "utf-8")
        return path

    return written


# import


def test_the_sample_becomes_customers_and_every_row_is_accounted_for(filled):
    assert filled.status == 0
    done, refused = filled.count("登记成功"), filled.count("未导入")
    repeated, known = filled.count("文件内重复"), filled.count("以前已登记")
    assert done + refused + repeated + known == filled.count("合计（行）") == 336
    assert (repeated, known) == (7, 0)
    assert 0.85 <= done / 336 <= 0.92
    assert "C000001、C000002、C000003 等" in filled.out


def _lines(text):
    """Return the lines without blanks and rules, a wrapped cell joined: a page is narrower."""
    joined = re.sub(r"\n {30,}", "", text)
    return [re.sub(r"[\s─]", "", line) for line in joined.splitlines()]


@pytest.mark.parametrize(("page", "language"), [("README.md", "en"), ("docs/zh/README.md", "zh")])
def test_the_readme_quotes_what_the_import_really_says(call, page, language):
    shown = (HOME / page).read_text("utf-8")
    command = re.search(r"&& customer-registry (import .*)", shown)[1].split()
    quoted = re.search(r"^```text\n(.*?)^```", shown, re.DOTALL | re.MULTILINE)[1]
    Path("docs/examples").mkdir(parents=True)
    shutil.copy(SAMPLE, "docs/examples")
    said = _lines(call(*command, "--lang", language).out)
    assert [line for line in _lines(quoted) if line not in said] == []


def test_workers_change_nothing_in_what_an_import_says(filled, call):
    for kept in Path().glob("*未导入*"):
        kept.unlink()
    again = call("import", SAMPLE, "--into", "d.db", "--workers", "2")
    assert again.out == filled.out.replace("customers.db", "d.db")
    assert call("import", SAMPLE, "--into", "d.db", "--workers", "-1").status == 2


def test_importing_twice_registers_nobody_twice(filled, call):
    again = call("import", SAMPLE, "--into", "customers.db")
    assert again.status == 0
    assert again.count("登记成功") == 0
    assert again.count("以前已登记") == filled.count("登记成功")


def test_each_refused_row_stands_there_with_its_number_and_all_its_reasons(call, table):
    file = table(
        ["客户名称", "客户类型", "手机", "邮箱"],
        ["李雷", "个人", "1380013", "li.lei"],
        ["", "个人", "13800138001", ""],
    )
    refused = call("import", file, "--into", "c.db")
    assert refused.status == 0
    first, second, third = refused.out.partition("原因")[2].splitlines()[2:5]
    assert re.match(r"\s*2\s+李雷\s.*手机号码应为11位（当前7位）", first)
    assert "电子邮箱格式不正确" in second
    assert re.match(r"\s*3\s+（无名称）\s+客户名称不能为空", third)


def test_strict_makes_refusals_a_failure(call, table):
    file = table(["客户名称", "客户类型"], ["", "个人"], ["李雷", "个人"])
    assert call("import", file, "--into", "c.db", "--strict").status == 1
    assert call("import", table(["客户名称", "客户类型"], ["李雷", "个人"]), "--into", "c.db",
                "--strict").status == 0  # fmt: skip


def test_refused_rows_are_written_corrected_and_imported(call, table):
    file = table(
        ["客户名称", "客户类型", "手机"],
        ["李雷", "个人", "1380013"],
        ["韩梅梅", "个人", "13800138001"],
    )
    assert "客户档案" not in call("import", file, "--into", "c.db").out
    kept = Path("名单-未导入.csv")
    text = kept.read_text("utf-8-sig")
    assert text.splitlines()[0] == "客户名称,客户类型,手机,原因"
    assert "手机号码应为11位" in text
    kept.write_text(text.replace("1380013,", "13800138002,"), "utf-8-sig")
    corrected = call("import", kept, "--into", "c.db")
    assert (corrected.count("登记成功"), corrected.count("未导入")) == (1, 0)
    assert "无法识别的列" not in corrected.out


def test_a_refused_file_that_somebody_is_correcting_is_never_overwritten(call, table):
    file = table(["客户名称", "客户类型"], ["", "个人"])
    call("import", file, "--into", "c.db")
    call("import", file, "--into", "c.db")
    assert not Path("名单-未导入-2.csv").exists()
    kept = Path("名单-未导入.csv")
    corrected = kept.read_text("utf-8-sig").replace(",个人", "王芳,个人")
    kept.write_text(corrected, "utf-8-sig")
    assert "名单-未导入-2.csv" in call("import", file, "--into", "c.db").out
    assert kept.read_text("utf-8-sig") == corrected


def test_the_sample_as_gb18030_text_says_the_same_but_for_the_damage_of_numbers(call, filled):
    text = call("import", SAMPLE_AS_TEXT, "--into", "text.db")
    assert abs(text.count("登记成功") - filled.count("登记成功")) <= 5
    assert Path("客户档案-未导入.csv").exists()


def test_a_row_without_a_type_takes_the_one_that_was_named(call, table):
    file = table(["客户名称"], ["王芳"])
    assert call("import", file, "--into", "c.db").count("未导入") == 1
    named = call("import", file, "--into", "c.db", "--kind", "person")
    assert named.count("登记成功") == 1


def test_codes_of_the_file_are_kept_and_the_others_counted(call, table):
    file = table(
        ["客户编码", "客户名称", "客户类型"], ["C000007", "王芳", "个人"], ["", "李雷", "个人"]
    )
    assert "C000007、C000001" in call("import", file, "--into", "c.db").out


def test_a_cell_with_an_error_refuses_its_row_together_with_the_other_reasons(call):
    import xlsxwriter  # noqa: PLC0415  only this test writes a workbook by hand

    book = xlsxwriter.Workbook("名单.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["客户名称", "客户类型", "手机", "邮箱"])
    sheet.write_row(1, 0, ["王芳", "个人", "", "li.lei"])
    sheet.write_formula(1, 2, "=NA()", None, "#N/A")
    book.close()
    refused = call("import", "名单.xlsx", "--into", "c.db")
    assert refused.count("未导入") == 1
    assert "单元格含有公式错误值“#N/A”" in refused.out
    assert "电子邮箱格式不正确" in refused.out


def test_a_tax_number_twice_in_a_file_names_the_code_of_the_first(call, table):
    tax = "91110000600037341L"
    file = table(
        ["客户名称", "客户类型", "税号"], ["甲有限公司", "企业", tax], ["乙有限公司", "企业", tax]
    )
    refused = call("import", file, "--into", "c.db")
    assert "税号已被客户“C000001 甲有限公司”使用" in refused.out


def test_the_policy_decides_about_codes_and_required_fields(call, table):
    Path("policy.toml").write_text(
        '[codes]\npattern = "KH{number:04}"\n[required]\nperson = ["phone"]\n', "utf-8"
    )
    file = table(
        ["客户名称", "客户类型", "手机"], ["王芳", "个人", ""], ["李雷", "个人", "13800138000"]
    )
    decided = call("import", file, "--into", "c.db", "--policy", "policy.toml")
    assert "KH0001" in decided.out
    assert "电话不能为空" in decided.out


def test_the_same_import_speaks_english(call):
    english = call("import", SAMPLE, "--into", "c.db", "--lang", "en")
    assert english.count("Registered") + english.count("Refused") == 329
    assert "Customer name is required" in english.out
    assert Path("客户档案-refused.xlsx").exists()


def test_a_stopped_import_says_how_far_it_came_and_goes_on_from_there(call, monkeypatch):
    def stopped_after_a_batch(registry, sheet, kind, tick, *, workers):
        def stopping(done):
            tick(done)
            raise KeyboardInterrupt

        return registered(registry, sheet, kind, stopping, workers=workers)

    with monkeypatch.context() as patched:
        patched.setattr(commands, "registered", stopped_after_a_batch)
        stopped = call("import", SAMPLE, "--into", "c.db", "--workers", "2")
    assert stopped.status == 130
    assert "336 行中已有 200 行处理完毕" in stopped.err
    rest = call("import", SAMPLE, "--into", "c.db")
    assert rest.count("以前已登记") > 150
    assert rest.count("以前已登记") + rest.count("登记成功") == 299


def test_what_is_stopped_before_it_read_anything_says_so(call, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "open_sheet", stopped)
    assert call("import", SAMPLE, "--into", "c.db").err == "\n已中断。\n"


# check


def test_check_writes_nothing_at_all(call):
    before = sorted(Path.cwd().iterdir())
    checked = call("check", SAMPLE)
    assert checked.status == 0
    assert checked.count("可以登记") + checked.count("不能登记") == 329
    assert sorted(Path.cwd().iterdir()) == before
    assert call("check", SAMPLE, "--strict").status == 1


def test_check_names_the_row_of_a_customer_that_has_no_code_yet(call, table):
    tax = "91110000600037341L"
    file = table(
        ["客户名称", "客户类型", "税号"], ["甲有限公司", "企业", tax], ["乙有限公司", "企业", tax]
    )
    assert "税号已被客户“第 2 行 甲有限公司”使用" in call("check", file).out


def test_check_against_a_database_knows_who_is_registered(call, filled, table):
    before = Path("customers.db").read_bytes()
    checked = call("check", SAMPLE, "--in", "customers.db")
    assert checked.count("以前已登记") == filled.count("登记成功")
    assert checked.count("可以登记") == 0
    assert Path("customers.db").read_bytes() == before
    call("register", "--in", "customers.db", "--kind", "企业", "--name", "甲有限公司",
         "--tax-identifier", "91110000600037341L")  # fmt: skip
    file = table(["客户名称", "客户类型", "税号"], ["乙有限公司", "企业", "91110000600037341L"])
    assert "甲有限公司”使用" in call("check", file, "--in", "customers.db").out


def test_check_against_a_database_that_is_not_there_makes_none(call, table):
    missing = call("check", table(["客户名称"], ["王芳"]), "--in", "no.db")
    assert missing.status == 2
    assert not Path("no.db").exists()


# register, show, find, history, export


def test_a_customer_is_registered_shown_found_and_remembered(call):
    saved = call("register", "--in", "c.db", *WANG, "--tags", "重点", "--tags", "华东",
                 "--address", "上海市浦东新区世纪大道1号")  # fmt: skip
    assert (saved.status, saved.out) == (0, "保存成功，客户编码：C000001\n")
    shown = call("show", "C000001", "--in", "c.db").out
    assert re.search(r"^客户名称\s+王芳$", shown, re.MULTILINE)
    assert "重点、华东" in shown
    assert "世纪大道1号" in shown
    found = call("find", "王芳", "--in", "c.db").out
    assert re.search(r"^C000001\s+王芳\s+个人\s+正常\s+\+86 138 0013 8000", found, re.MULTILINE)
    history = call("history", "C000001", "--in", "c.db").out
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d\s+\S+\s+新增\s+客户编码\s+C000001", history)


def test_a_refusal_says_everything_and_saves_nothing(call):
    refused = call("register", "--in", "c.db", "--kind", "person", "--phone", "138",
                   "--email", "li.lei")  # fmt: skip
    assert refused.status == 1
    assert refused.out == ""
    assert "客户名称不能为空" in refused.err
    assert "电子邮箱格式不正确" in refused.err
    assert call("find", "--in", "c.db").status == 1


def test_warnings_do_not_block_and_are_told(call):
    call("register", "--in", "c.db", *WANG)
    warned = call("register", "--in", "c.db", *WANG)
    assert warned.status == 0
    assert "该电话号码已被客户“C000001 王芳”使用" in warned.out


def test_a_customer_comes_as_json_from_a_file_or_from_standard_input(call, monkeypatch):
    raw = {"kind": "person", "name": "王芳", "contacts": [{"phones": ["13800138000"]}]}
    Path("one.json").write_text(json.dumps(raw), "utf-8")
    assert call("register", "--in", "c.db", "--json", "one.json").status == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(raw | {"name": "李雷"})))
    assert call("register", "--in", "c.db", "--json", "-").status == 0
    twice = call("register", "--in", "c.db", "--json", "one.json", "--name", "韩梅梅")
    assert twice.status == 1
    assert "客户名称重复填写" in twice.err


@pytest.mark.parametrize("text", ["{", "[1]", "null", "[" * 100_000, "\x00"])
def test_what_is_no_json_object_is_said_to_be_none(call, text):
    Path("one.json").write_text(text, "utf-8")
    refused = call("register", "--in", "c.db", "--json", "one.json")
    assert refused.status == 2
    assert "JSON" in refused.err


def test_json_that_is_not_there_is_said_to_be_missing(call):
    assert call("register", "--in", "c.db", "--json", "no.json").status == 2


def test_a_rich_customer_is_shown_with_everything_and_its_history_hides_what_is_sensitive(call):
    raw = {
        "kind": "organization",
        "name": "上海浦江贸易有限公司",
        "contacts": [
            {
                "name": "李雷",
                "phones": [{"number": "021-62345679", "use": "fax"}],
                "messengers": {"wechat": "lilei"},
            }
        ],
        "addresses": [{"locality": "上海市", "postal_code": "200120", "purposes": ["shipping"]}],
        "bank_accounts": [{"bank": "中国银行", "number": "123456789012"}],
        "invoice_profile": {"title": "浦江", "account": "210987654321"},
        "payment_terms": "月结30天",
        "custom": {"reg": "500万"},
    }
    Path("one.json").write_text(json.dumps(raw), "utf-8")
    assert call("register", "--in", "c.db", "--json", "one.json").status == 0
    shown = call("show", "C000001", "--in", "c.db").out
    for part in ("+86 21 6234 5679 传真", "wechat lilei", "200120  收货", "月结30天", "500万"):
        assert part in shown
    history = call("history", "C000001", "--in", "c.db").out
    assert "银行账户 1 的账号  已变更（内容不显示）" in history
    assert "123456789012" not in history
    assert "210987654321" not in history


def test_an_edit_shows_what_was_and_what_became(call):
    from customer_registry import CustomerRegistry, SQLiteRepository  # noqa: PLC0415  the only host here

    with CustomerRegistry(repository=SQLiteRepository("c.db")) as registry:
        kept = registry.register(kind="person", name="王芳", phone="13800138000", grade="A")
        edited = registry.update(kept.customer, contacts=[], grade="B", notes=None)
        registry.change_status(edited.customer, "blocked", reason="欠款")
    history = call("history", "C000001", "--in", "c.db").out
    assert "客户等级  A → B" in history
    assert "联系人的电话" in history.replace(" ", "")
    assert "状态  正常 → 冻结" in history
    assert "原因 欠款" in history
    english = call("history", "C000001", "--in", "c.db", "--lang", "en").out
    assert "Status  active → blocked" in english


def test_a_pattern_is_explained_in_the_language_of_the_reader(call):
    zh = call("codes", "explain", "KH{date:%y%m}-{number:04,reset=month}", LANG="zh_CN.UTF-8")
    en = call("codes", "explain", "KH{date:%y%m}-{number:04,reset=month}", LANG="C")
    assert (zh.status, en.status) == (0, 0)
    assert "例如：KH2611-0001、KH2611-0002" in zh.out
    assert "For example: KH2611-0001, KH2611-0002" in en.out


def test_the_rule_of_the_company_is_explained_where_no_pattern_is_typed(call):
    Path("policy.toml").write_text('[codes]\npattern = "{grade}{number:3}"', "utf-8")
    told = call("codes", "explain", "--policy", "policy.toml", LANG="C")
    assert "For example: A001, A002" in told.out
    Path("policy.toml").write_text('[codes]\nmode = "manual"', "utf-8")
    by_hand = call("codes", "explain", "--policy", "policy.toml", LANG="C")
    assert (by_hand.status, by_hand.out) == (0, "People give the codes; there is no rule.\n")


def test_a_pattern_with_mistakes_is_refused_with_all_of_them(call):
    told = call("codes", "explain", "C{nmuber}{number:x}", LANG="C")
    assert told.status == 2
    assert "position 2: unknown {nmuber}" in told.err
    assert "position 10: the width is a whole number" in told.err


def test_what_a_pattern_leaves_open_is_told(call):
    told = call("codes", "explain", "{grade}{number}", LANG="C")
    assert told.status == 0
    assert "where {grade} ends and the number begins" in told.err


def test_the_next_code_is_shown_and_not_taken(call):
    call("register", "--in", "c.db", "--kind", "person", "--name", "王芳")
    shown = [call("codes", "preview", "--in", "c.db", "--kind", "person").out for _ in range(2)]
    assert shown == ["C000002\n", "C000002\n"]
    told = call(
        "register", "--in", "c.db", "--kind", "person", "--name", "李娜", LANG="zh_CN.UTF-8"
    )
    assert "C000002" in told.out


def test_an_audit_says_how_the_numbering_stands_and_fails_for_a_gap(call):
    call("register", "--in", "c.db", "--kind", "person", "--name", "王芳")
    sound = call("codes", "audit", "--in", "c.db", LANG="C")
    assert sound.status == 0
    assert "The numbering is sound" in sound.out
    with CustomerRegistry.open("c.db") as registry, registry.unit("x", writing=True) as work:
        work.numbers.raise_to("customer", 7)
    gap = call("codes", "audit", "--in", "c.db", LANG="C")
    assert gap.status == 1
    assert "Gaps that nothing explains: 2-7" in gap.out


def test_finding_tells_when_more_follow_and_when_there_is_nobody(call, filled):
    some = call("find", "有限公司", "--in", "customers.db", "--limit", "5")
    assert len(re.findall(r"^C\d{6} ", some.out, re.MULTILINE)) == 5
    assert "--limit" in some.err
    nobody = call("find", "查无此人", "--in", "customers.db")
    assert (nobody.status, nobody.out) == (1, "")
    assert "查无此人" in nobody.err


@pytest.mark.parametrize("command", ["show", "history"])
def test_a_code_that_nobody_has_is_not_found(call, command):
    call("register", "--in", "c.db", *WANG)
    missing = call(command, "C999999", "--in", "c.db")
    assert missing.status == 1
    assert "找不到客户“C999999”" in missing.err


@pytest.mark.parametrize("name", ["全部.xlsx", "全部.csv"])
def test_an_export_comes_back_as_the_same_customers(call, filled, name):
    written = call("export", name, "--in", "customers.db")
    assert written.status == 0
    assert f"{filled.count('登记成功')} 个客户" in written.out
    back = call("import", name, "--into", "copy.db")
    assert back.count("登记成功") == filled.count("登记成功")
    assert back.count("未导入") == 0


def test_an_export_never_overwrites_unless_told(call):
    call("register", "--in", "c.db", *WANG)
    Path("全部.csv").write_text("mine", "utf-8")
    refused = call("export", "全部.csv", "--in", "c.db")
    assert refused.status == 2
    assert Path("全部.csv").read_text("utf-8") == "mine"
    assert call("export", "全部.csv", "--in", "c.db", "--force").status == 0
    assert len(open_sheet("全部.csv").rows) == 1


def test_the_journal_tells_of_an_export(call, monkeypatch):
    call("register", *WANG, "--in", "c.db")
    monkeypatch.setattr(commands, "actor", lambda: Actor("li.lei"))
    assert call("export", "全部.csv", "--in", "c.db").status == 0
    with CustomerRegistry.open("c.db") as registry:
        entry = list(registry.changes())[-1]
    assert (entry.actor, entry.action) == ("li.lei", "exported")
    assert [change.after for change in entry.changes] == ["全部.csv", 1]


def test_an_export_keeps_to_the_rights_that_the_policy_declares(call, monkeypatch):
    call("register", *WANG, "--in", "c.db")
    Path("policy.toml").write_text(
        """
        [access.roles.desk]
        actions = ["get", "export"]
        fields = { default = "seen", contacts = "masked" }
        [access.actors]
        "li.lei" = ["desk"]
        """,
        "utf-8",
    )
    monkeypatch.setattr(commands, "actor", lambda: Actor("li.lei"))
    allowed = call("export", "全部.csv", "--in", "c.db", "--policy", "policy.toml")
    text = Path("全部.csv").read_text("utf-8-sig")
    assert (allowed.status, "138****8000" in text, "13800138000" in text) == (0, True, False)
    monkeypatch.setattr(commands, "actor", lambda: Actor("somebody"))
    refused = call("export", "其他.csv", "--in", "c.db", "--policy", "policy.toml")
    assert (refused.status, Path("其他.csv").exists()) == (1, False)


def test_an_export_that_cannot_be_written_leaves_what_was_there(call):
    call("register", "--in", "c.db", *WANG)
    Path("全部.pdf").write_text("mine", "utf-8")
    assert call("export", "全部.pdf", "--in", "c.db", "--force").status == 2
    assert call("export", "no/全部.csv", "--in", "c.db").status == 2
    assert Path("全部.pdf").read_text("utf-8") == "mine"
    assert {path.name for path in Path.cwd().iterdir() if path.name[0] == "~"} == set()


# what goes wrong


@pytest.mark.parametrize(
    "command", [["find"], ["show", "C1"], ["history", "C1"], ["export", "a.csv"]]
)
def test_no_command_that_reads_makes_a_database(call, command):
    missing = call(*command, "--in", "no.db")
    assert missing.status == 2
    assert "没有数据库 no.db" in missing.err
    assert list(Path.cwd().iterdir()) == []


def test_the_environment_may_name_the_database(call):
    assert "CUSTOMER_REGISTRY_DB" in call("register", *WANG).err
    assert call("register", *WANG, CUSTOMER_REGISTRY_DB="c.db").status == 0
    assert "王芳" in call("find", CUSTOMER_REGISTRY_DB="c.db").out


def test_a_damaged_database_is_called_that(call):
    Path("c.db").write_bytes(b"no database at all, only some text that is long enough" * 40)
    for command in (["find"], ["register", *WANG]):
        damaged = call(*command, "--in", "c.db")
        assert damaged.status == 2
        assert "已损坏，或根本不是数据库" in damaged.err


def test_a_database_of_an_earlier_version_is_migrated_when_asked(call):
    shutil.copy(Path(__file__).parent / "golden" / "schema1.db", "old.db")
    refused = call("find", "--in", "old.db", LANG="zh_CN.UTF-8")
    assert refused.status == 2
    assert "customer-registry migrate --in old.db" in refused.err
    assert call("migrate", "--in", "old.db").status == 0
    assert "浦江贸易有限公司" in call("find", "浦江", "--in", "old.db").out
    assert Path("old.db-schema1").exists()


def test_the_database_of_another_program_is_left_alone(call):
    with sqlite3.connect("c.db") as other:
        other.execute("create table orders (number integer)")
    other.close()
    before = Path("c.db").read_bytes()
    foreign = call("register", "--in", "c.db", *WANG)
    assert foreign.status == 2
    assert "其他程序的数据库" in foreign.err
    assert Path("c.db").read_bytes() == before


def test_a_folder_that_is_not_there_is_said_to_be_missing(call):
    missing = call("import", SAMPLE, "--into", "no/c.db")
    assert missing.status == 2
    assert "文件夹" in missing.err


def test_a_store_of_another_kind_is_refused(call):
    assert call("find", "--in", "oracle://localhost/crm").status == 2


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("名单.pdf", b"%PDF", "不支持的文件类型"),
        ("名单.xlsx", b"no workbook", "文件已损坏"),
        ("名单.csv", b"", "文件没有数据行"),
        ("名单.csv", b"1,2\n3,4\n", "找不到表头行"),
    ],
)
def test_a_file_that_cannot_be_read_makes_no_database(call, name, content, sentence):
    Path(name).write_bytes(content)
    unreadable = call("import", name, "--into", "c.db")
    assert unreadable.status == 2
    assert sentence in unreadable.err
    assert not Path("c.db").exists()


def test_a_missing_file_and_a_wrong_policy_are_told(call, table):
    assert "找不到文件" in call("import", "no.xlsx", "--into", "c.db").err
    Path("policy.toml").write_text('regon = "CN"\n', "utf-8")
    wrong = call("check", table(["客户名称"], ["王芳"]), "--policy", "policy.toml")
    assert wrong.status == 2
    assert "regon" in wrong.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["impot"], "没有命令“impot”"),
        (["import"], "缺少 FILE"),
        (["show", "a", "b"], "多余的内容：b"),
        (["find", "--foo"], "没有选项“--foo”"),
        (["find", "--in"], "--in 后面缺少内容"),
        (["find", "--limit", "many"], "--limit 的内容“many”不正确"),
        (["import", "a", "--kind", "firm"], "可填：organization、person"),
        (["find", "--in", "a", "--in", "b"], "写了不止一次"),
        (["find", "--lang", "fr"], "可填：zh、en"),
    ],
)
def test_a_misspelt_command_is_explained(call, arguments, sentence):
    misspelt = call(*arguments)
    assert misspelt.status == 2
    assert misspelt.out == ""
    assert sentence in misspelt.err


def test_a_fault_of_ours_is_one_sentence_and_a_traceback_only_on_request(call, monkeypatch, capsys):
    def broken(self, *_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(Commands, "find", broken)
    fault = call("find")
    assert fault.status == 70
    assert "ZeroDivisionError" in fault.err
    assert run(["find", "--debug"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_without_the_xlsx_extra_it_says_what_to_install(call, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    missing = call("import", SAMPLE, "--into", "c.db")
    assert missing.status == 2
    assert 'python -m pip install "customer-registry[xlsx]"' in missing.err


@pytest.mark.parametrize("locale", ["zh_CN", "C"])
@pytest.mark.parametrize("absent", ["cyclopts", "rich.console"])
def test_without_the_cli_extra_it_says_what_to_install(capsys, monkeypatch, absent, locale):
    for name in [name for name in sys.modules if name.startswith("customer_registry.cli")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, absent, None)
    monkeypatch.setenv("LC_ALL", locale)
    assert main() == 2
    assert 'python -m pip install "customer-registry[cli]"' in capsys.readouterr().err


def test_a_fault_inside_the_command_line_is_not_taken_for_a_missing_extra(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("customer_registry.cli")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "customer_registry.exchange", None)
    with pytest.raises(ImportError):
        main()


# languages, help, terminals


@pytest.mark.parametrize(
    ("environment", "title"),
    [
        ({"LANG": "zh_TW.UTF-8"}, "命令"),
        ({"LANG": "C"}, "Commands"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "Commands"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN"}, "命令"),
        ({"LANG": ""}, "Commands"),
    ],
)
def test_the_locale_chooses_the_language(call, environment, title):
    assert title in call("--help", **environment).out.splitlines()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "command", ["import", "check", "register", "find", "show", "history", "export", "rules"]
)
def test_every_command_explains_itself_and_all_its_options(call, command, language):
    page = call(command, "--help", "--lang", language)
    assert page.status == 0
    lines = [line for line in page.out.splitlines() if re.match("  [-A-Z]", line)]
    assert lines
    assert all(re.fullmatch(r"  [-A-Za-z ]+?\s{2,}\S.*", line) for line in lines)


def test_the_version_is_told(call):
    assert call("--version").out == "customer-registry 0.1.0\n"


@pytest.mark.parametrize("columns", ["40", "80", "120"])
def test_no_code_and_no_number_is_cut_however_narrow_the_terminal(
    filled, call, monkeypatch, columns
):
    monkeypatch.setenv("COLUMNS", columns)
    narrow = call("import", SAMPLE, "--into", "customers.db").out
    assert set(re.findall(r"C\d+", narrow)) == set(re.findall(r"C\d{6}", filled.out)) - {
        "C000001", "C000002", "C000003",
    }  # fmt: skip


def test_what_was_typed_cannot_steer_the_terminal(call, table):
    file = table(["客户名称", "客户类型"], ["[red]王\x1b[31m芳[/red]", "个人"])
    refused = call("import", file, "--into", "c.db")
    assert "[red]王" in refused.out


def test_a_word_wider_than_the_terminal_is_cut_and_a_long_name_shortened(call, table, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    file = table(["客户名称", "客户类型"], ["W" * 500, "个人"])
    narrow = call("import", file, "--into", "c.db").out
    assert all(len(line) <= 40 for line in narrow.splitlines() if "W" in line)
    assert 60 <= narrow.count("W") < 70


def test_more_than_a_page_is_found_when_asked_for(call, table):
    rows = [[f"客户{number}", "个人"] for number in range(1010)]
    call("import", table(["客户名称", "客户类型"], *rows), "--into", "c.db")
    found = call("find", "--in", "c.db", "--limit", "1005")
    assert len(re.findall(r"^C\d{6} ", found.out, re.MULTILINE)) == 1005
    assert "--limit" in found.err
    assert call("find", "--in", "c.db", "--limit", "2000").err == ""


def test_a_lone_surrogate_on_the_command_line_is_refused_not_fatal(call):
    refused = call("register", "--in", "c.db", "--kind", "person", "--name", "王\udcff")
    assert refused.status == 1


_FACTS = [
    errors.CodesExhausted(width=4, maximum=9999),
    errors.IdempotencyConflict(),
    errors.InvalidCursor(),
    errors.InvalidValue("too_long", max=10, len=11),
    errors.NotPermitted("export"),
    errors.PolicyError(["region is a country code"]),
    errors.UnreadableFile("import.empty"),
    errors.ValidationFailed(Report([Issue("name.required", ("name",))])),
    errors.CommitOutcomeUnknown(),
    errors.TamperedRecord("entry 3"),
    errors.MissingExtra("xlsx"),
    errors.KeyUnavailable("no key"),
    errors.BackupDamaged(),
    errors.WrongBackupKey("0123456789abcdef"),
    errors.WrongBackupKey(None),
    errors.OlderBackup(3, 7),
    *(
        kind("…")
        for kind in errors.StorageError.__subclasses__()
        if kind is not errors.CommitOutcomeUnknown
    ),
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("error", _FACTS, ids=lambda error: type(error).__name__)
def test_every_fact_that_can_go_wrong_has_its_sentence(error, language):
    status, lines = explained(error, Speech(language), "c.db")
    assert status in {1, 2}
    assert all(lines)
    assert "None" not in " ".join(lines)


def test_both_languages_fill_the_same_blanks():
    texts = tomllib.loads(
        resources.files("customer_registry.cli").joinpath("texts.toml").read_text("utf-8")
    )
    for table in texts.values():
        for key, (chinese, english) in table.items():
            blanks = [set(re.findall(r"{\w*}", text)) for text in (chinese, english)]
            assert blanks[0] == blanks[1], key


def module(*arguments, **environment):
    command = [sys.executable, "-m", "customer_registry", *map(str, arguments)]
    kept = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    return subprocess.run(
        command, env={**kept, "PYTHONUTF8": "1", **environment}, capture_output=True, check=False
    )


def test_the_module_imports_and_finds_as_a_process_of_its_own():
    imported = module("import", SAMPLE, "--into", "c.db")
    assert imported.returncode == 0
    assert imported.stderr == b""
    found = module("find", "有限公司", "--in", "c.db", LANG="en_US.UTF-8")
    assert found.returncode == 0
    assert b"organization" in found.stdout
    assert b"\x1b" not in imported.stdout + found.stdout


def test_the_command_takes_its_arguments_from_the_process(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["customer-registry", "find", "--in", "no.db"])
    assert main() == 2
    assert "没有数据库 no.db" in capsys.readouterr().err


def test_the_module_says_in_one_sentence_what_is_wrong():
    wrong = module("import", "no.xlsx", "--into", "c.db")
    assert wrong.returncode == 2
    assert wrong.stderr.decode() == "错误：找不到文件“no.xlsx”\n"


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_narrow_terminal_never_cuts_a_code_or_a_phone(call, monkeypatch, columns, lang):
    with CustomerRegistry.open("narrow.db") as registry:
        customer = registry.register(
            kind="organization",
            name="上海瑞丰昌电子商务股份有限公司",
            contacts=[{"name": "欧阳子涵", "phones": ["13800138000"]}],
            addresses=[{"locality": "上海市", "street_address": "世纪大道1号"}],
        ).customer
    monkeypatch.setenv("COLUMNS", str(columns))
    found = call("find", "瑞丰", "--in", "narrow.db", "--lang", lang)
    assert found.status == 0
    assert str(customer.code) in found.out
    assert "+86 138 0013 8000" in found.out


def test_several_words_are_looked_for_together(call):
    with CustomerRegistry.open("words.db") as registry:
        registry.register(kind="organization", name="远航纺织公司")
        registry.register(kind="organization", name="远航物流公司")
    found = call("find", "远航", "纺织", "--in", "words.db")
    assert "远航纺织公司" in found.out
    assert "远航物流公司" not in found.out


def test_no_customer_at_all_is_no_page(call):
    assert call("find", "--limit", "0", "--in", "words.db").status == 2


def test_the_environment_names_the_policy(call):
    Path("policy.toml").write_text('[codes]\npattern = "KH{number:03}"', "utf-8")
    done = call("register", *WANG, "--in", "p.db", CUSTOMER_REGISTRY_POLICY="policy.toml")
    assert "KH001" in done.out


@pytest.mark.parametrize(("language", "weight"), [("zh", "提醒"), ("en", "Warning")])
def test_the_rules_are_shown_with_their_codes_in_the_language_asked_for(call, language, weight):
    shown = call("rules", "--lang", language)
    assert shown.status == 0
    assert f"· {weight} phone.mvno  " in shown.out
    assert len(re.findall(r"^ *[0-9]+\.  ", shown.out, re.MULTILINE)) == len(STANDARD)


def test_the_rules_carry_the_weights_of_the_companys_own_policy(call, tmp_path):
    (tmp_path / "p.toml").write_text('[severity]\n"phone.mvno" = "error"\n"phone.iot" = "off"')
    shown = call("rules", "--policy", tmp_path / "p.toml")
    assert "· 错误 phone.mvno" in shown.out
    assert "· 关闭 phone.iot " in shown.out
    (tmp_path / "p.toml").write_text('[severity]\n"phone.mvmo" = "error"')
    assert call("rules", "--policy", tmp_path / "p.toml").status == 2


# verify, health


@pytest.fixture
def small(call):
    call("register", "--in", "c.db", "--kind", "person", "--name", "王芳")
    return "c.db"


def test_a_sound_database_is_verified(call, small):
    sound = call("verify", small, LANG="C")
    assert sound.status == 0
    assert sound.out == "c.db agrees with itself: 1 customers, 1 journal entries.\n"
    assert sound.err == ""


def test_what_disagrees_is_listed_and_fails(call, small):
    with sqlite3.connect(small) as raw:
        raw.execute("UPDATE customer_registry_customers SET version = 2")
    raw.close()
    bent = call("verify", "--in", small)
    assert bent.status == 1
    assert "customer.row  C000001" in bent.out


def test_a_database_that_is_damaged_through_and_through_is_unusable(call, small):
    Path(small).write_bytes(b"\0" * 4096)
    assert call("verify", small).status == 2


def test_the_state_of_a_database_is_told(call, small):
    call("verify", small)
    told = call("health", small, LANG="C")
    assert told.status == 0
    assert "Journal mode wal, synchronous full." in told.out
    assert "A verification last found nothing wrong at" in told.out


@pytest.mark.parametrize("command", ["verify", "health"])
def test_a_database_is_never_made_by_looking_at_it(call, command):
    assert call(command, "none.db").status == 2
    assert not Path("none.db").exists()
