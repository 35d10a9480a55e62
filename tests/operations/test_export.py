"""Exports: who gets which customers how, what the journal says of it, and in which order."""

import random
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_registry import (
    Actor,
    CodePattern,
    CompanyPolicy,
    CustomerRegistry,
    InMemoryRepository,
    NotPermitted,
    PolicyError,
    StorageFull,
    UnreadableFile,
)
from customer_registry.domain.access import MASKABLE, Sight
from customer_registry.domain.access.roles import AccessRules, Role
from customer_registry.exchange import export as write_file
from customer_registry.exchange import open_sheet
from customer_registry.operations import export, report, watch
from customer_registry.testing import make_raw, resident_id

AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
POLICY = """
time_zone = "Asia/Shanghai"
working_hours = [8, 18]
[lists]
grade = ["A", "B"]
tags = ["重点", "展会"]
[custom]
"会员号" = { type = "text", searchable = true }
"""
MASKING = Role(
    actions="all",
    scope="own",
    default=Sight.SEEN,
    fields={"contacts": Sight.MASKED, "notes": Sight.HIDDEN, "custom.会员号": Sight.HIDDEN},
)
DESK = Actor("li.lei", roles={"desk"})
SECRETS = {"phone": "13812345678", "notes": "喜欢龙井茶", "member": "VIP-77120"}


@pytest.fixture
def registry(repository):
    return CustomerRegistry(repository=repository, policy=CompanyPolicy.loads(POLICY))


def register(registry, name, **fields):
    return registry.register(kind="person", name=name, **fields).customer


def told(registry):
    """Return what the journal says of exports: actor, and what it tells by path."""
    return [
        (entry.actor, {change.path: change.after for change in entry.changes})
        for entry in registry.changes()
        if entry.action == "exported"
    ]


def names_in(path):
    return [row.raw["name"] for row in open_sheet(path).rows]


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx"])
def test_everybody_is_exported_oldest_first_and_the_journal_says_so(registry, tmp_path, name):
    for each in ("王芳", "李雷", "韩梅梅"):
        register(registry, each)
    assert export(registry.acting_as(Actor("boss")), tmp_path / name) == 3
    assert names_in(tmp_path / name) == ["王芳", "李雷", "韩梅梅"]
    assert told(registry) == [("boss", {"export.file": name, "export.customers": 3})]


def test_an_export_of_nobody_is_told_too(registry, tmp_path):
    assert export(registry, tmp_path / "none.csv") == 0
    assert told(registry) == [("system", {"export.file": "none.csv", "export.customers": 0})]


def test_a_filter_means_what_it_means_to_a_search(registry, tmp_path):
    register(registry, "王芳", grade="A", tags=["重点"])
    register(registry, "李雷", grade="B")
    register(registry, "王小明", grade="B", custom={"会员号": "VIP-1"})
    for filters in (
        {"text": "王"},
        {"grade": "B"},
        {"tags": "重点"},
        {"kind": "自然人"},
        {"status": "停用"},
        {"custom": {"会员号": "vip-1"}},
        {"created_from": date(2100, 1, 1)},
        {"text": "王", "grade": "B"},
    ):
        export(registry, tmp_path / "some.csv", **filters)
        found = [str(each.name) for each in registry.search(**filters)]
        assert names_in(tmp_path / "some.csv") == found[::-1]


def test_the_journal_tells_words_of_lists_and_days_and_of_all_else_only_that_it_was_asked(
    registry, tmp_path
):
    register(registry, "王芳")
    export(
        registry,
        tmp_path / "some.csv",
        text=SECRETS["phone"],
        kind="自然人",
        status="active",
        grade="a",
        owner="han.meimei",
        category=resident_id(5),
        tags=["重点"],
        custom={"会员号": SECRETS["member"]},
        created_from=date(2026, 1, 1),
        updated_until=None,
        region="",
    )
    (entry,) = [each for each in registry.changes() if each.action == "exported"]
    filters = {each.path: each.after for each in entry.changes if "filter" in each.path}
    hidden = {each.path for each in entry.changes if each.hidden}
    assert filters == {
        "export.filter.text": None,
        "export.filter.kind": "person",
        "export.filter.status": "active",
        "export.filter.grade": "a",
        "export.filter.owner": None,
        "export.filter.category": None,
        "export.filter.tags": ["重点"],
        "export.filter.custom.会员号": None,
        "export.filter.created_from": "2026-01-01",
    }
    assert hidden == {path for path, value in filters.items() if value is None}


@settings(max_examples=60, deadline=None)
@given(
    words=st.dictionaries(
        st.sampled_from(
            [
                "text",
                "kind",
                "status",
                "grade",
                "category",
                "owner",
                "department",
                "sales_region",
                "region",
                "tags",
            ]
        ),
        st.sampled_from(
            [resident_id(7), "6228480402564890018", "13812345678", "A", "person", "active"]
        ),
    )
)
def test_nothing_that_is_typed_into_a_filter_reaches_the_journal_unless_it_is_a_listed_word(words):
    registry = CustomerRegistry(policy=CompanyPolicy.loads(POLICY))
    with TemporaryDirectory() as folder:
        export(registry, f"{folder}/some.csv", **words)
    with registry.unit("changes") as work:
        bodies = b"".join(link.body for link in work.journal.links())
    assert not any(secret.encode() in bodies for secret in words.values() if len(secret) > 8)


def test_a_masked_reader_exports_his_own_with_masks_and_without_hidden_fields(repository, tmp_path):
    policy = CompanyPolicy.loads(POLICY)
    whole = CustomerRegistry(repository=repository, policy=policy)
    for owner, name in (("li.lei", "王芳"), ("li.lei", "李雷"), ("han.meimei", "魏华")):
        register(
            whole,
            name,
            owner=owner,
            phone=SECRETS["phone"],
            notes=SECRETS["notes"],
            custom={"会员号": SECRETS["member"]},
        )
    desk = CustomerRegistry(
        repository=repository,
        policy=policy,
        access=AccessRules({"desk": MASKING}),
        actor=DESK,
    )
    assert export(desk, tmp_path / "mine.csv") == 2
    text = (tmp_path / "mine.csv").read_text("utf-8-sig")
    assert "王芳" in text
    assert "138****5678" in text
    assert "魏华" not in text
    assert [name for name, secret in SECRETS.items() if secret in text] == []
    assert "notes" not in text
    assert "备注" not in text
    assert "会员号" not in text
    assert export(desk, tmp_path / "found.csv", text=SECRETS["phone"]) == 0


def test_who_may_not_export_gets_no_file_and_is_told_in_the_journal(repository, tmp_path):
    CustomerRegistry(repository=repository).register(kind="person", name="王芳")
    reading = Role(actions="all", deny={"export"}, default=Sight.EDITED)
    registry = CustomerRegistry(
        repository=repository, access=AccessRules({"desk": reading}), actor=DESK
    )
    with pytest.raises(NotPermitted):
        export(registry, tmp_path / "all.csv")
    assert list(tmp_path.glob("*all.csv*")) == []
    with repository.read() as work:
        assert [entry.action for entry in work.journal.since(1)] == ["denied"]


SIGHTS = st.fixed_dictionaries(
    {name: st.sampled_from([Sight.HIDDEN, Sight.MASKED, Sight.SEEN]) for name in MASKABLE}
)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), sights=SIGHTS)
def test_no_cell_of_an_export_holds_what_the_reader_does_not_see(seed, sights):
    """Each field that is masked or hidden holds a canary; it must not be in the file."""
    store, canaries = InMemoryRepository(), canaries_of(seed)
    fields = {name: value for name, (value, _) in canaries.items()}
    CustomerRegistry(repository=store).register(kind="person", name="王芳", **fields)
    role = Role(actions="all", default=Sight.SEEN, fields=sights)
    desk = CustomerRegistry(repository=store, access=AccessRules({"desk": role}), actor=DESK)
    with TemporaryDirectory() as folder:
        export(desk, f"{folder}/all.csv")
        text = Path(folder, "all.csv").read_text("utf-8-sig")
    shown = {name for name, (_, canary) in canaries.items() if canary in text}
    assert shown == {name for name in canaries if sights[name] is Sight.SEEN}


def canaries_of(seed):
    """Return what is typed into fields that can be masked, and the text that gives it away."""
    chance = random.Random(seed)  # noqa: S311  no secret
    digits = "".join(chance.choices("123456789", k=8))
    identity, account = resident_id(seed), f"62284804{digits}"
    return {
        "contacts": ([{"name": "李小龙", "phones": [f"138{digits}"]}], f"138 {digits[:4]}"),
        "identity_document": (identity, identity),
        "bank_accounts": ([{"bank": "中国农业银行", "number": account}], account),
        "notes": (f"备忘{digits}", f"备忘{digits}"),
        "custom": ({"会员号": f"VIP{digits}"}, f"VIP{digits}"),
    }


class Failing:
    """A repository whose writing transactions fail from now on."""

    def __init__(self, store):
        self.store = store

    def __getattr__(self, name):
        return getattr(self.store, name)

    def write(self):
        raise StorageFull("no room")


def told_after(registry, path, **filters):
    """An export that writes the file first, and lets the journal know afterwards."""
    del filters
    with registry.unit("export") as work:
        raws = [customer.raw() for _, customer in work.customers.iterate()]
    write_file(path, raws)
    with registry._office.unit("export", writing=True):
        raise AssertionError("the journal took it")


def judge_untold(act, folder):
    """Say what left the registry although the journal could not take it."""
    store = InMemoryRepository()
    CustomerRegistry(repository=store).register(kind="person", name="王芳")
    registry = CustomerRegistry(repository=Failing(store))
    with pytest.raises(StorageFull):
        act(registry, folder / "all.csv")
    return [path.name for path in folder.iterdir()]


def test_nothing_leaves_that_the_journal_did_not_take(tmp_path):
    assert judge_untold(export, tmp_path) == []


def test_the_judge_accuses_an_export_that_tells_afterwards(tmp_path):
    assert judge_untold(told_after, tmp_path) == ["all.csv"]


def test_no_customer_is_in_any_file_at_the_moment_the_journal_takes_the_entry(tmp_path):
    seen = []

    class Looking(Failing):
        def write(self):
            seen.extend(path.read_bytes() for path in tmp_path.iterdir())
            return self.store.write()

    store = InMemoryRepository()
    CustomerRegistry(repository=store).register(kind="person", name="王芳")
    export(CustomerRegistry(repository=Looking(store)), tmp_path / "all.csv")
    assert seen == [b""]


def test_where_the_file_then_cannot_be_written_the_entry_stays_and_no_half_of_it(
    registry, tmp_path
):
    (tmp_path / "all.csv").mkdir()
    with pytest.raises(UnreadableFile):
        export(registry, tmp_path / "all.csv")
    assert list(tmp_path.glob("~*")) == []
    assert len(told(registry)) == 1


def test_a_file_name_that_is_no_unicode_is_told_as_far_as_it_is(tmp_path):
    registry = CustomerRegistry()
    export(registry, f"{tmp_path}/王\udcff.csv")
    assert told(registry)[0][1]["export.file"] == "王?.csv"


@pytest.mark.parametrize("name", ["all.txt", "all", "nowhere/all.csv", "a\0b.csv"])
def test_a_place_that_takes_no_file_is_refused_before_anything_is_told(registry, tmp_path, name):
    with pytest.raises(UnreadableFile):
        export(registry, tmp_path / name)
    assert told(registry) == []


def test_what_is_no_filter_is_an_ordinary_mistake(registry, tmp_path):
    with pytest.raises(TypeError):
        export(registry, tmp_path / "all.csv", colour="red")
    with pytest.raises(TypeError, match="not filtered by before"):
        export(registry, tmp_path / "all.csv", before=2)
    with pytest.raises(PolicyError):
        export(registry, tmp_path / "all.csv", custom={"门店": "城西"})
    assert told(registry) == []


def test_a_new_file_is_for_its_owner_and_an_old_one_as_open_as_it_was(registry, tmp_path):
    target = tmp_path / "all.csv"
    export(registry, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    target.chmod(0o640)
    export(registry, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.parametrize(("hour", "is_told"), [(7, True), (8, False), (17, False), (18, True)])
def test_an_export_outside_the_companys_working_hours_is_told(tmp_path, hour, is_told):
    at = datetime(2026, 11, 24, hour, 30, tzinfo=UTC) - timedelta(hours=8)
    registry = CustomerRegistry(policy=CompanyPolicy.loads(POLICY), clock=lambda: at)
    export(registry.acting_as(Actor("li.lei")), tmp_path / "all.csv")
    alerts = [(each.detector, each.actor) for each in watch(registry)]
    assert alerts == ([("export_at_night", "li.lei")] if is_told else [])
    assert report(registry).alerts == watch(registry).alerts
    if is_told:
        (alert,) = watch(registry)
        assert alert.message("en") == "li.lei exported data outside working hours (entry 1)"


def test_the_audit_counts_exports_and_the_customers_in_them(tmp_path):
    policy = CompanyPolicy(working_hours=(8, 18))
    registry = CustomerRegistry(policy=policy, clock=lambda: AT)
    for seed in range(3):
        registry.register(make_raw(seed=seed))
    for _ in range(2):
        export(registry, tmp_path / "all.csv")
    told = report(registry)
    assert told.counts.actions["exported"] == 2
    assert told.counts.exported == 6
    assert "6 customers written to files" in told.text("en")
    assert "期间导出客户 6 个" in told.text("zh")
    assert "customers exported" in told.html("en")
    assert '"exported_customers": 6' in told.json()
    assert "from 18 to 8 o&#x27;clock" in told.html("en")


def test_an_export_can_be_imported_again(tmp_path):
    registry = CustomerRegistry()
    for seed in range(5):
        registry.register(make_raw(seed=seed))
    export(registry, tmp_path / "all.csv")
    rows = [row.raw for row in open_sheet(tmp_path / "all.csv").rows]
    loaded = CustomerRegistry(codes=CodePattern("C{number:06}", mode="editable")).load(rows)
    assert [row.outcome for row in loaded.rows] == ["registered"] * 5


def test_the_journal_keeps_no_long_number_of_a_file_s_name(tmp_path):
    registry = CustomerRegistry()
    export(registry, tmp_path / f"张三 {resident_id(1)}.csv")
    (entry,) = registry.changes()
    named = {change.path: change.after for change in entry.changes}
    assert named["export.file"] == "张三 ….csv"
