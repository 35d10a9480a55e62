# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of a search: who is found, in which order, and nobody else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from customer_registry.domain.customer import Customer, CustomerStatus
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.repository import CustomerQuery, Repository
from customer_registry.testing.examples import make_customer
from customer_registry.testing.promises.expect import added, codes, same, searched, told

__all__ = ["SearchPromises"]

_PUJIANG = make_customer(
    seed=101,
    code=CustomerCode("KH-0001"),
    name=PartyName("上海浦江（集团）贸易有限公司"),
    short_name="浦江贸易",
    foreign_name="Pujiang Trading Co., Ltd.",
    mnemonic="SHPJ",
    former_codes=(CustomerCode("OLD-77"),),
    contacts=(
        Contact(
            id="1-1",
            name="李雷",
            phones=(PhoneNumber.parse("13800138000"), PhoneNumber.parse("021-62345678 转 801")),
            emails=(EmailAddress.parse("li.lei@pujiang.example.com"),),
        ),
    ),
    grade="A",
    category="经销商",
    owner="han.meimei",
    tags=("重点", "年框"),
)
_XIHU = make_customer(
    seed=102,
    code=CustomerCode("KH-0002"),
    name=PartyName("杭州西湖科技有限公司"),
    short_name="西湖",
    foreign_name="West Lake Technology",
    mnemonic="HZXH",
    contacts=(Contact(id="1-1", name="韩梅梅", phones=(PhoneNumber.parse("13912345678"),)),),
    status=CustomerStatus.BLOCKED,
    grade="B",
    category="终端客户",
    owner="li.lei",
    tags=("重点客户",),
)
_WANG = make_customer(
    "person",
    103,
    code=CustomerCode("KH-0003"),
    name=PartyName("王𠮷"),
    contacts=(),
    grade="A",
    category=None,
    owner=None,
    tags=(),
)

_FACETS = ("kind", "status", "grade", "category", "owner")
_HOSTILE = (
    '"',
    '""',
    "'; DROP TABLE customers; --",
    "NEAR(",
    "NEAR(浦 江, 5)",
    "浦江 AND",
    "OR",
    "NOT 浦江",
    "*",
    "浦*江",
    "^",
    "-",
    "--",
    "(",
    "{name}: 浦江",
    "name:浦江",
    "§",
    "§everyone",
    "§kind§person",
    "%",
    "_",
    "\\",
    "\0",
    "浦江\0",
    "\ud800",
    "\udfff浦",
    "\u202e江浦",
    "\ufffe",
    "?",
    ":1",
    "$1",
    " ",
    "\n\t",
)
_LONG = (
    "浦" * 100_000,
    "a" * 100_000,
    "".join(chr(0x4E00 + at * 7 % 20_000) for at in range(33_000)),
    " ".join(f"w{at}" for at in range(14_000)),
    '"' * 100_000,
    "(" * 100_000,
    " OR ".join(["浦江"] * 12_000),
)


class SearchPromises:
    """Texts, facets, order, pages, and what people type that is no text at all."""

    def test_an_empty_text_finds_everyone_newest_first(self, repository: Repository) -> None:
        _stock(repository)
        expected = ["KH-0003", "KH-0002", "KH-0001"]
        same(searched(repository), expected, "an empty text finds everyone, newest first")
        same(searched(repository, "  "), expected, "a blank text finds everyone, newest first")

    def test_one_chinese_character_finds(self, repository: Repository) -> None:
        _expect(repository, "浦", "KH-0001")
        _expect(repository, "杭", "KH-0002")

    def test_two_chinese_characters_find_where_they_stand_side_by_side(
        self, repository: Repository
    ) -> None:
        _expect(repository, "浦江", "KH-0001")
        _expect(repository, "江浦")
        _expect(repository, "海江")

    def test_a_longer_phrase_is_found_whole_only(self, repository: Repository) -> None:
        _expect(repository, "贸易有限公司", "KH-0001")
        _expect(repository, "有限公司", "KH-0002", "KH-0001")
        _expect(repository, "上海浦江公司")

    def test_all_pairs_in_place_but_not_the_phrase_find_nobody(
        self, repository: Repository
    ) -> None:
        scattered = make_customer(seed=1, name=PartyName("江贸浦江易贸公司"), short_name=None)
        added(repository, scattered)
        same(searched(repository, "浦江贸"), [], "a phrase stands whole, not pair by pair")

    def test_a_phrase_reads_over_brackets(self, repository: Repository) -> None:
        _expect(repository, "浦江集团贸易", "KH-0001")
        _expect(repository, "浦江(集团)", "KH-0001")
        _expect(repository, "浦江（集团）贸易", "KH-0001")

    def test_a_rare_character_finds(self, repository: Repository) -> None:
        _expect(repository, "𠮷", "KH-0003")
        _expect(repository, "王𠮷", "KH-0003")

    def test_the_beginning_of_a_latin_word_finds_in_any_case_and_width(
        self, repository: Repository
    ) -> None:
        for text in ("puj", "PUJIANG", "Trad", "pujiang trading", "ＰＵＪＩ", "shpj"):
            _expect(repository, text, "KH-0001")
        _expect(repository, "lake", "KH-0002")
        _expect(repository, "rading")

    def test_a_code_finds_whole_former_or_from_its_beginning(self, repository: Repository) -> None:
        for text in ("KH-0001", "kh-0001", "KH0001", "OLD-77", "old"):
            _expect(repository, text, "KH-0001")
        _expect(repository, "KH-0", "KH-0003", "KH-0002", "KH-0001")

    def test_a_phone_finds_whole_grouped_and_by_its_last_four_digits(
        self, repository: Repository
    ) -> None:
        for text in ("13800138000", "138 0013 8000", "+86 138-0013-8000", "8000", "62345678"):
            _expect(repository, text, "KH-0001")
        _expect(repository, "5678", "KH-0002", "KH-0001")
        _expect(repository, "021 6234 5678", "KH-0001")

    def test_an_email_address_finds(self, repository: Repository) -> None:
        _expect(repository, "li.lei@pujiang.example.com", "KH-0001")
        _expect(repository, "LI.LEI@PUJIANG", "KH-0001")

    def test_a_contact_finds_its_customer(self, repository: Repository) -> None:
        _expect(repository, "韩梅梅", "KH-0002")

    def test_all_parts_of_a_text_have_to_be_met(self, repository: Repository) -> None:
        _expect(repository, "浦江 贸易", "KH-0001")
        _expect(repository, "浦江 李雷 puj", "KH-0001")
        _expect(repository, "浦江 西湖")

    def test_facets_narrow_a_search(self, repository: Repository) -> None:
        _expect(repository, "", "KH-0003", kind="person")
        _expect(repository, "", "KH-0002", "KH-0001", kind="organization")
        _expect(repository, "", "KH-0002", status="blocked")
        _expect(repository, "", "KH-0003", "KH-0001", grade="A")
        _expect(repository, "", "KH-0001", category="经销商")
        _expect(repository, "", "KH-0002", owner="li.lei")
        _expect(repository, "", "KH-0001", kind="organization", grade="A")
        _expect(repository, "公司", "KH-0001", grade="A")
        _expect(repository, "", grade="没有")

    def test_every_tag_asked_for_is_there_and_whole(self, repository: Repository) -> None:
        _expect(repository, "", "KH-0001", tags={"重点"})
        _expect(repository, "", "KH-0001", tags={"重点", "年框"})
        _expect(repository, "", tags={"重点", "重点客户"})

    def test_a_facet_is_never_found_as_a_text(self, repository: Repository) -> None:
        for text in ("年框", "blocked", "organization", "everyone"):
            _expect(repository, text)

    def test_digits_are_found_from_four_on_wherever_they_stand(
        self, repository: Repository
    ) -> None:
        for text in ("0138", "浦江 0138", "380013", "浦江 138 0013", "2345"):
            _expect(repository, text, *(["KH-0002"] if text == "2345" else []), "KH-0001")
        _expect(repository, "013")

    def test_filters_of_place_and_of_custom_fields_narrow_a_search(
        self, repository: Repository
    ) -> None:
        here = make_customer(
            seed=1,
            code=CustomerCode("W-1"),
            addresses=(PostalAddress(region="浙江省"), PostalAddress(region="上海市")),
            department="销售二部",
            sales_region="华东",
            custom={"门店数": 3, "等级": "甲"},
        )
        there = make_customer(seed=2, code=CustomerCode("W-2"), addresses=(), custom={"等级": "乙"})
        added(repository, here, there)
        questions: dict[str, dict[str, Any]] = {
            "浙江, one of two": {"region": "浙江"},
            "上海市, the other": {"region": "上海市"},
            "a department": {"department": "销售二部"},
            "a custom number": {"custom": {"门店数": 3}},
            "two custom fields": {"custom": {"门店数": 3, "等级": "甲"}},
        }
        for name, asked in questions.items():
            same(searched(repository, **asked), ["W-1"], f"search {name}")
        nobody: tuple[dict[str, Any], ...] = (
            {"region": "江苏"},
            {"custom": {"门店数": "3"}},
            {"custom": {"店": 3}},
        )
        for asked in nobody:
            same(searched(repository, **asked), [], f"search {asked}")

    def test_periods_hold_their_first_moment_and_not_their_last(
        self, repository: Repository
    ) -> None:
        at = datetime(2026, 3, 1, 10, 30, 7, 500, tzinfo=UTC)
        edited = at + timedelta(days=40)
        added(repository, make_customer(seed=1, created_at=at, updated_at=edited))
        step = timedelta(microseconds=1)
        for since, until, found in (
            (at, at + step, True),
            (at - timedelta(days=900), None, True),
            (None, at + step, True),
            (None, at, False),
            (at + step, None, False),
            (at, at, False),
        ):
            codes_found = searched(repository, created_from=since, created_before=until)
            same(bool(codes_found), found, f"search from {since} to before {until}")
        same(len(searched(repository, updated_from=edited)), 1, "the last edit counts as updated")
        same(len(searched(repository, updated_before=edited)), 0, "the first version is gone")

    def test_a_count_is_of_all_pages(self, repository: Repository) -> None:
        _fill(repository, range(7))
        with repository.read() as work:
            for query, expected in (
                (CustomerQuery(limit=2), 7),
                (CustomerQuery(text="贸易", limit=2, before=3), 7),
                (CustomerQuery(text="第3贸易公司"), 1),
                (CustomerQuery(tags=frozenset({"偶数"})), 4),
                (CustomerQuery(text="*"), 0),
            ):
                same(work.customers.count(query), expected, f"count {query.text!r}")

    def test_an_edit_changes_what_is_found_but_not_the_order(self, repository: Repository) -> None:
        _stock(repository)
        after = attrs.evolve(_PUJIANG, version=2, grade="C", short_name="新名")
        with repository.write() as work:
            told(work.customers.replace(after), "replace gives True for the direct predecessor")
        same(searched(repository), ["KH-0003", "KH-0002", "KH-0001"], "age is age of registration")
        same(searched(repository, grade="A"), ["KH-0003"], "an old facet no longer finds")
        same(searched(repository, "新名"), ["KH-0001"], "a new text finds")

    def test_pages_join_without_gap_or_repetition(self, repository: Repository) -> None:
        _fill(repository, range(25))
        for limit in (1, 4, 5, 24, 25, 26):
            found = _walk(repository, CustomerQuery(text="贸易", limit=limit))
            expected = [f"E{seed:06}" for seed in reversed(range(25))]
            same(found, expected, f"pages of {limit} give everyone once, newest first")

    def test_the_last_page_has_no_place_to_go_on_from(self, repository: Repository) -> None:
        _fill(repository, range(4))
        with repository.read() as work:
            for limit, more in ((3, True), (4, False), (5, False)):
                found = work.customers.search(CustomerQuery(limit=limit))
                same(len(found.customers), min(limit, 4), "a page holds at most its limit")
                same(found.last is not None, more, f"`last` says whether more than {limit} follow")

    def test_pages_stay_whole_while_customers_are_added(self, repository: Repository) -> None:
        _fill(repository, range(10))
        seen: list[str] = []
        before, newcomer = None, 10
        while before is not None or not seen:
            with repository.read() as work:
                found = work.customers.search(CustomerQuery(text="贸易", limit=3, before=before))
            seen += codes(found.customers)
            before = found.last
            _fill(repository, [newcomer])
            newcomer += 1
        expected = [f"E{seed:06}" for seed in reversed(range(10))]
        same(seen, expected, "newcomers neither repeat nor hide whom the first page began with")

    def test_pages_of_facets_join_too(self, repository: Repository) -> None:
        _fill(repository, range(12))
        found = _walk(repository, CustomerQuery(grade="A", tags=frozenset({"偶数"}), limit=2))
        same(found, [f"E{seed:06}" for seed in range(10, -1, -2)], "pages of facets join")

    def test_what_people_type_is_never_query_syntax(self, repository: Repository) -> None:
        _stock(repository)
        expected = {
            '"': [],
            "*": [],
            "§": [],
            "\0": [],
            "%": [],
            "浦江 OR 西湖": [],
            "浦江 NOT 西湖": [],
            "NEAR(浦 江)": [],
            "浦江*": ["KH-0001"],
            '"浦江"': ["KH-0001"],
            "-puj": ["KH-0001"],
            "(浦江)": ["KH-0001"],
        }
        for text, found in expected.items():
            promise = f"the text {text!r} is words to find, not a query language"
            same(searched(repository, text), found, promise)

    def test_hostile_text_is_answered_never_raised(self, repository: Repository) -> None:
        _stock(repository)
        for text in (*_HOSTILE, *_LONG):
            _expect_an_answer(repository, CustomerQuery(text=text))
            facets: dict[str, Any] = dict.fromkeys(_FACETS, text)
            _expect_an_answer(repository, CustomerQuery(tags=frozenset({text}), **facets))
        same(searched(repository, "浦江"), ["KH-0001"], "the store works as before")


def _stock(repository: Repository) -> None:
    added(repository, _PUJIANG, _XIHU, _WANG)


def _expect(repository: Repository, text: str, *expected: str, **facets: object) -> None:
    """Expect a search among the three customers to find these, newest first."""
    if not searched(repository):
        _stock(repository)
    asked = f"{text!r}" + "".join(f" {name}={value!r}" for name, value in facets.items())
    same(searched(repository, text, **facets), list(expected), f"search {asked}")


def _expect_an_answer(repository: Repository, query: CustomerQuery) -> None:
    try:
        with repository.read() as work:
            work.customers.search(query)
    except Exception as error:
        asked = ascii(query.text or query.grade)
        raise AssertionError(
            f"a search never raises\n  asked:  {asked[:60]}\n  raised: {error!r:.200}"
        ) from error


def _fill(repository: Repository, seeds: range | list[int]) -> None:
    """Register customers that a search for 贸易 finds, those of even seeds tagged."""
    with repository.write() as work:
        for seed in seeds:
            work.customers.add(_trader(seed))


def _trader(seed: int) -> Customer:
    tags = ("偶数",) if seed % 2 == 0 else ()
    return make_customer(seed=seed, name=PartyName(f"第{seed}贸易公司"), grade="A", tags=tags)


def _walk(repository: Repository, query: CustomerQuery) -> list[str]:
    """Return the codes on all pages of a query."""
    seen: list[str] = []
    for _ in range(100):
        with repository.read() as work:
            found = work.customers.search(query)
        seen += codes(found.customers)
        if found.last is None:
            return seen
        query = attrs.evolve(query, before=found.last)
    raise AssertionError("paging never comes to an end: `last` has to fall from page to page")
