"""Both catalogues say the same things, and every code that can be raised has a sentence."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache, wraps
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest

import customer_registry
from customer_registry import (
    Actor,
    CodeContext,
    CodePattern,
    CompanyPolicy,
    CustomerRegistry,
    Issue,
    LevelCodes,
    ManualCodes,
    Report,
    RuleSet,
    ValidationFailed,
)
from customer_registry.domain.messages import LANGUAGES, catalogue
from customer_registry.domain.policy import DUPLICATE_CODES, FIXED_CODES
from customer_registry.testing import FakeVerifier, make_raw, resident_id, uscc
from customer_registry.validation import tables
from customer_registry.validation.rules import STANDARD
from customer_registry.validation.rules.verification import verified_by

SOURCE = Path(customer_registry.__file__).parent
RAISERS = frozenset({"InvalidValue", "Issue", "UnreadableFile", "say", "_warning"})

NOT_RAISED_YET = {
    "code.in_use": "deleting is the host's; the sentence is for its screens",
    "conflict": "a host's screen tells StaleVersion with it",
    "found.none": "a host's screen tells an empty page with it",
    "import.leading_zero_suspected": "the import has an issue of its own",
    "import.row": "a host's import screen tells a row with it",
    "import.summary": "a host's import screen tells the counts with it",
    "load.row_type": "rows of a wrong type are told as raw.type",
    "saved_with_warnings": "a host's screen tells a receipt's warnings with it",
    "status.blocked": "a host's sales screen tells it",
}
SPOKEN_BY_A_SCREEN = frozenset(
    """
    customer.not_found customer.unseen erased erased.backups erased.traces permission.denied
    permission.refused saved submitted
    """.split()
)
RAISED_BY_A_TABLE = frozenset({*DUPLICATE_CODES.values(), "name.required", "required"})
NAMED_BY_A_READER = frozenset(
    {"name.control_chars", "name.pua_char", "text.invisible", "text.unusual_char"}
)


class Raised(NamedTuple):
    code: str
    where: str
    names: frozenset[str] | None


@cache
def raised() -> tuple[Raised, ...]:
    """Every code written out in a raising call, and the names of its params where they show."""
    return tuple(
        found
        for file in sorted(SOURCE.rglob("*.py"))
        if (where := file.relative_to(SOURCE).as_posix())
        and not where.startswith(("cli/", "testing/"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        for found in codes_of(node, where)
    )


def codes_of(call: ast.Call, where: str) -> Iterator[Raised]:
    name = getattr(call.func, "attr", getattr(call.func, "id", None))
    if name not in RAISERS or not call.args:
        return
    for code in ast.walk(call.args[0]):
        if isinstance(code, ast.Constant) and isinstance(code.value, str) and "." in code.value:
            yield Raised(code.value, f"{where}:{call.lineno}", names_of(call, str(name)))
        elif code is call.args[0] and isinstance(code, ast.Constant):
            yield Raised(str(code.value), f"{where}:{call.lineno}", names_of(call, str(name)))


def names_of(call: ast.Call, raiser: str) -> frozenset[str] | None:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if None in given:
        return None
    if raiser in {"InvalidValue", "UnreadableFile", "_warning"}:
        return None if len(call.args) > 1 else frozenset(given) - {"suggestion"}
    typed = given.get("params") or (call.args[3] if raiser == "Issue" and len(call.args) > 3 else 0)
    if not typed:
        return frozenset()
    if not isinstance(typed, ast.Dict):
        return None
    return frozenset(key.value for key in typed.keys if isinstance(key, ast.Constant))


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("part", ["sentences", "labels", "words", "grammar"])
def test_both_catalogues_have_the_same_names(part):
    zh, en = (getattr(catalogue(language), part) for language in LANGUAGES)
    assert zh.keys() == en.keys()


@pytest.mark.parametrize("part", ["sentences", "labels", "words"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_sorted_so_that_a_line_has_one_place(language, part):
    names = list(getattr(catalogue(language), part))
    assert names == sorted(names)


def test_both_catalogues_have_the_same_placeholders():
    zh, en = (catalogue(language) for language in LANGUAGES)
    wanted = {code: placeholders(sentence) - {"label"} for code, sentence in zh.sentences.items()}
    given = {code: placeholders(sentence) - {"label"} for code, sentence in en.sentences.items()}
    assert wanted == given


def test_both_grammars_put_the_same_parts_together():
    zh, en = (catalogue(language).grammar for language in LANGUAGES)
    assert all(placeholders(zh[name]) == placeholders(en[name]) for name in zh)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_or_label_is_empty_or_ends_with_a_full_stop(language):
    spoken = catalogue(language)
    for text in (*spoken.sentences.values(), *spoken.labels.values(), *spoken.words.values()):
        assert text == text.strip()
        assert text
        assert not text.endswith((".", "。"))


def test_every_code_that_is_raised_has_a_sentence():
    assert len(raised()) > 100
    unspoken = {f"{one.code} in {one.where}" for one in raised()}
    spoken = catalogue("zh").sentences
    assert {told for told in unspoken if told.partition(" in ")[0] not in spoken} == set()


def test_every_sentence_is_raised_or_has_a_reason_to_wait():
    codes = {one.code for one in raised()} | RAISED_BY_A_TABLE | NAMED_BY_A_READER
    waiting = catalogue("zh").sentences.keys() - codes - SPOKEN_BY_A_SCREEN
    assert waiting == NOT_RAISED_YET.keys()


def test_every_raising_line_gives_what_its_sentence_asks_for():
    spoken = catalogue("zh").sentences
    lacking = [
        (one.code, one.where, sorted(missing))
        for one in raised()
        if one.names is not None
        and (missing := placeholders(spoken[one.code]) - {"label"} - one.names)
    ]
    assert lacking == []


ABROAD = "numbers abroad are kept, right or not; a rule that a host adds weighs what is wrong"
NOT_FIXED = {
    "not_in_list": "a company may let a grade beyond its list pass with a warning",
    "tax_id.not_checked": ABROAD,
    "tax_number.check_digit": ABROAD,
    "tax_number.component": ABROAD,
    "tax_number.format": ABROAD,
}
FIXED_BY_READERS = frozenset(
    """
    code.field_missing code.field_unmapped code.immutable code.reserved code.retired
    code.sequence_overflow code.too_many_reserved conflict.unseen consent.basis custom.bool
    custom.date custom.name custom.number duplicate.unseen entry.id entry.too_many entry.twice
    entry.unknown field.not_permitted field.twice import.date_in_text import.precision_loss
    import.scientific kind.unknown masked raw.type read_only status.unknown
    """.split()
)


def test_what_a_value_refuses_can_only_be_an_error():
    refused = {one.code for one in raised() if one.where.startswith("domain/values/")}
    assert refused - FIXED_CODES == NOT_FIXED.keys()


def test_what_can_only_be_an_error_is_refused_by_a_value_or_a_reader():
    refused = {one.code for one in raised() if one.where.startswith("domain/values/")}
    assert FIXED_CODES - refused == FIXED_BY_READERS


def hong_kong(**fields):
    return {"kind": "organization", "name": "港亞有限公司", **fields}


RAWS: list[object] = [
    None,
    7,
    {},
    {"kind": "火星人", "name": "甲公司", "nmae": 1, "self": 2, 7: 1},
    {"kind": "person", "name": "王"},
    {"kind": "person", "name": "王*"},
    {"kind": "person", "name": "王2小"},
    {"kind": "person", "name": "欧阳上官司马诸葛"},
    {"kind": "person", "name": "张\ue000三"},
    {"kind": "person", "name": "张\u200b三"},
    {"kind": "organization", "name": "浦江"},
    {"name": "Pujiang Co., Ltd.", "addresses": [{"country": "CN", "street_address": "路1号"}]},
    {"kind": "organization", "name": "甲\x00公司"},
    {"kind": "organization", "name": "甲" * 300},
    {"name": "甲公司", "id": "1", "version": 9, "status": "飞", "code": "K 1!"},
    {"name": "甲公司", "code": "K1"},
    {"name": "甲公司", "consents": [{"purpose": "开票", "basis": "随便"}]},
    {"name": "甲公司", "short_name": "甲\u200b", "foreign_name": "A\ue001", "owner": ["x"]},
    {"name": "甲公司", "website": "nowhere", "parent": "C999", "currency": "QQQ"},
    {"name": "甲公司", "credit_limit": "很多", "payment_terms": "月结30天", "grade": "Z"},
    {"name": "甲公司", "credit_limit": "-5", "payment_terms": "看情况", "grade": 3.5},
    {"name": "甲公司", "payment_terms": {"days": 99999}, "custom": {"": 1, "x": object()}},
    {"name": "甲公司", "payment_terms": {"due_day": 77}, "custom": 5},
    {"name": "甲公司", "payment_terms": {"day": 1, "anchor": "moon"}},
    {"name": "甲公司", "tags": ["甲"] * 300, "notes": "x" * 5000},
    {"name": "甲公司", "phone": "1", "contacts": []},
    {"name": "甲公司", "phone": "1", "email": "li", "postal_code": "1"},
    {"name": "甲公司", "phone": "/", "website": "无"},
    *(
        {"name": "甲公司", "phone": phone}
        for phone in (
            "1390013800",
            "22900138000",
            "12900138000",
            "13800138000 13900139000",
            "800-CALL-NOW",
            "1.38E+10",
            "138001380001234567890",
            13800138000,
            "+999 1",
            "95588转1234567",
            "14900138000",
            "1440013800000",
            "14500138000",
            "17000138000",
            "17400138000",
            "19400138000",
            "62345678",
            "021-62345678转1234567",
            "010-1234567",
            "95588",
            "+44 1",
            "+852 1",
            "+1 000 000 0000",
            "+870 773 111 632",
            True,
        )
    ),
    *(
        {"name": "甲公司", "email": email}
        for email in (
            "a@b@c",
            "ａ@example.cn",
            "a@例子.中国",
            "张@example.cn",
            "a@x.test",
            "a****@example.cn",
            "a@b.cn,c@d.cn",
            f"{'a' * 65}@b.cn",
        )
    ),
    *(
        {"name": "甲公司", "tax_identifiers": number}
        for number in (
            [{"scheme": "cn.uscc", "number": "91"}],
            "9111000060003734IN",
            "91110000600037341N",
            "9X1100006000373411",
            "91A10000600037341L",
            "0" * 18,
            "54330110ME1234563A",
            "914403007152672630",
            "110108551385082",
            "110108551385083",
            "11010549123100201",
            "11010519491231002X01",
            "L11010519491231002X",
            "E1234567890123456701",
            9.1e17,
            "9.1E+17",
            [{"scheme": "??", "number": "1"}],
            [{"scheme": "eu.vat", "number": "DE1"}],
            [{"scheme": "cn.uscc"}],
            [{"scheme": "de.vat", "number": "136695978"}],
            [{"scheme": "cz.rc", "number": "710341/2745"}],
            [{"scheme": "xk.tax", "number": "1"}],
            [{"scheme": "lei", "number": "1"}],
            [{"scheme": "lei", "number": "5493001KJTIIGC8Y1R21"}],
            ["无", "9144030071526726XG"],
            "12",
            [{"scheme": "cn.org_code", "number": "123"}],
            [{"scheme": "cn.org_code", "number": "123456781"}],
            [{"scheme": "cn.taxpayer", "number": "12"}],
            [{"scheme": "cn.taxpayer", "number": "11010519491231002101"}],
            [{"scheme": "tw.ubn", "number": "12"}],
            [{"scheme": "tw.ubn", "number": "12345678"}],
            [{"scheme": "hk.brn", "number": "12"}],
            [{"scheme": "cn.taxpayer", "number": "0" * 15}],
            [{"scheme": "hk.brn", "number": "2837074"}],
            [{"scheme": "mo.tax", "number": "12"}],
            [{"scheme": "mo.tax", "number": "81234567"}],
        )
    ),
    *(
        {"kind": "person", "name": "王芳", "identity_document": document}
        for document in (
            "110105",
            "1101051949123100ZX",
            "110105194912310021",
            "110105491231002",
            "99010519491231002X",
            "110105194902310026",
            "000105194912310024",
            "110105209912310029",
            resident_id(4),
            {"type": "hk.id", "number": "A1"},
            {"type": "hk.id", "number": "A1234567"},
            {"type": "passport", "number": "!"},
            {"type": "渔民证", "number": "5"},
            {"type": "123456", "number": "5"},
            {"type": "passport"},
        )
    ),
    *(
        {"name": "甲公司", "bank_accounts": [account]}
        for account in (
            {"number": "12"},
            {"bank": "工行"},
            {"number": "6228480012345678", "cnaps": "102100099997"},
            {"number": "GB00WEST12345698765432", "bic": "1"},
            {"number": "XX57WEST12345698765432", "bic": "ICBKQQBJ"},
            {"number": "DE29123456789012 3456"},
            {"number": "12345678", "cnaps": "1", "id": "!", "extra": 1},
            {"number": "12345678", "cnaps": "102100099996"},
            7,
        )
    ),
    {"name": "甲公司", "invoice_profile": {"title": "甲公司", "email": "x", "colour": 1}},
    {"name": "甲公司", "invoice_profile": {"title": "甲公司"}},
    {"name": "甲公司", "invoice_profile": "现金"},
    {"name": "甲公司", "invoice_profile": {"invoice_type": "专票"}, "payment_terms": "票到90天"},
    {"name": "甲公司", "phone": "138****8000"},
    *(
        {"name": "甲公司", "addresses": [address]}
        for address in (
            {"street_address": "路1号", "postal_code": "999077"},
            {"street_address": "路1号", "postal_code": "090000"},
            {"street_address": "路1号", "postal_code": 10083},
            {"region": "上海市", "street_address": "路1号", "postal_code": "100083"},
            {"street_address": "朝阳区建国路1号"},
            {"street_address": "重庆市江北区红旗河沟1号"},
            {"region": "广东省", "locality": "深川市", "street_address": "路1号"},
            {"country": "AE", "postal_code": "00000"},
            {"country": "FR", "postal_code": "7500"},
            {"country": "DE", "postal_code": "1" * 20},
            {"country": "DE", "postal_code": "12_34"},
            {"country": "??", "postal_code": "!"},
        )
    ),
    {"name": "甲公司", "contacts": [{"name": "李雷", "language": "?", "is_primary": "perhaps"}]},
    {"name": "甲公司", "contacts": [{"id": "1", "name": "李"}, {"id": "1", "name": "韩"}]},
    {
        "name": "Alpha SPRL",
        "addresses": [{"country": "BE", "street_address": "Rue 1"}],
        "tax_identifiers": ["EU528003646", {"scheme": "eu.vat", "number": "DE1"}],
    },
    {"name": "甲公司", "contacts": ["李雷"]},
    {"name": "甲公司", "contacts": 5},
    {"name": "甲公司", "notes": __import__("datetime").date(2026, 1, 1)},
]


def what_was_refused(call) -> Iterator[Issue]:
    try:
        yield from call().report
    except ValidationFailed as failed:
        yield from failed.report


@cache
def said(rules: RuleSet = STANDARD) -> tuple[Issue, ...]:
    """What a registry says to the corpus: on registration, in edits and beside a twin."""
    policy = CompanyPolicy.loads(
        'area_code = "010"\n[lists]\ngrade = ["A", "B"]\n[required]\nperson = ["phone"]'
    )
    registry = CustomerRegistry(policy=policy, rules=rules)
    local = CustomerRegistry(rules=rules)
    twin = make_raw("organization", 3, grade="A", code=None, tax_identifiers=[uscc(3)])
    known = registry.register(twin).customer
    person = registry.register(make_raw("person", 4, grade="A")).customer
    nearly = str(known.name).replace("有限公司", "公司")
    found = [*registry.check(kind="organization", name=nearly)]
    for typed in (*RAWS, twin, make_raw("person", 4, grade="A")):
        raw = {"kind": "organization", **typed} if isinstance(typed, dict) else typed
        found += [*registry.check(raw), *local.check(raw), *registry.check(raw, of=known)]
    found += registry.check({"contacts": [{"id": "nobody", "name": "甲"}]}, of=known)
    found += registry.check({"parent": str(known.code), "code": "X"}, of=known)
    found += registry.check({"name": "", "kind": ""}, of=person)
    found += what_was_refused(lambda: registry.change_status(known, "moon"))
    found += what_was_refused(lambda: registry.change_status(known, "prospect"))
    found += what_was_refused(lambda: registry.change_status(known, "blacklisted"))
    found += what_was_refused(
        lambda: registry.register({"name": "甲公司"}, name="乙公司", kind="organization")
    )
    register = FakeVerifier({uscc(3): "refuted", uscc(4): "unknown"})
    verifying = CustomerRegistry(rules=[verified_by(register)])
    numbers = [uscc(3), uscc(4)]
    found += verifying.check(kind="organization", name="甲公司", tax_identifiers=numbers)
    asking = CustomerRegistry(policy=CompanyPolicy.loads('[consent]\nnotes = "备忘"'))
    found += asking.check(kind="person", name="王芳", notes="喜欢乌龙茶")
    manual = CustomerRegistry(codes=ManualCodes())
    manual.register(kind="person", name="王芳", code="K1")
    found += manual.check(kind="person", name="王芳")
    found += manual.check(kind="person", name="王芳", code="K1")
    found += what_is_said_of_codes()
    found += (issue for row in registry.load([twin, twin, 5]) for issue in row.report)
    found += what_breaks_a_declaration(rules)
    found += what_is_said_to_who_may_not_see_all(rules)
    return tuple(found)


def what_is_said_of_codes() -> Iterator[Issue]:
    checked = CustomerRegistry(codes=CodePattern("C{number:05}{check:damm}", mode="editable"))
    one, other = (checked.acting_as(Actor(name)) for name in ("li.lei", "han.meimei"))
    kept, given_back = str(one.reserve_code().code), one.reserve_code()
    given_back.release()
    wang = {"kind": "person", "name": "王芳"}
    far = str(CodePattern("C{number:05}{check:damm}").preview(CodeContext({}, date.min), 9000))
    for code in ("C000010", far, "K1", kept):
        yield from other.check(wang, code=code)
    yield from one.check(wang, code=str(given_back))
    yield from CustomerRegistry().check(wang, code="C000001")
    levels = CustomerRegistry(codes=LevelCodes("2-3", mode="editable"))
    for code in ("01001", "0100"):
        yield from levels.check(wang, code=code)


def what_breaks_a_declaration(rules: RuleSet) -> Iterator[Issue]:
    policy = CompanyPolicy.loads(
        '[formats]\nmnemonic = "[A-Z]{2,8}"\n[custom]\nfounded = { type = "date" }\n'
        'listed = { type = "bool" }\nshops = { type = "number", minimum = 1, maximum = 9 }'
    )
    registry = CustomerRegistry(policy=policy, rules=rules)
    wrong = {"founded": "去年", "listed": "?", "shops": "many", "shop": 1}
    for custom in (wrong, {"shops": 0}, {"shops": 10}):
        yield from registry.check(kind="person", name="王芳", mnemonic="1", custom=custom)


def what_is_said_to_who_may_not_see_all(rules: RuleSet) -> Iterator[Issue]:
    policy = CompanyPolicy.loads(
        '[severity]\n"name.foreign_only" = "error"\n[unique]\nphone = "block"\n'
        '[access.roles.desk]\nactions = "all"\nscope = "own"\n'
        '[access.roles.desk.fields]\ndefault = "edited"\naddresses = "masked"\n'
        '[access.roles.boss]\nactions = "all"\n[access.roles.boss.fields]\ndefault = "edited"'
    )
    registry = CustomerRegistry(policy=policy, rules=rules)
    desk, boss = (registry.acting_as(Actor(role, roles={role})) for role in ("desk", "boss"))
    fields = {"kind": "organization", "owner": "desk", "addresses": ["上海市浦东新区张江路1号"]}
    theirs = boss.register(fields, name="上海浦江贸易有限公司").customer
    boss.register(kind="person", name="王芳", phone="13800138000")
    yield from desk.check({"name": "Pujiang Trading", "addresses": []}, of=theirs)
    taken = {"kind": "person", "name": "李雷", "phone": "13800138000"}
    yield from what_was_refused(lambda: desk.register(taken))


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_said_of_a_customer_says_it_without_a_gap(language):
    gaps = {
        issue.code
        for issue in said()
        if "?" in issue.line(language) and "?" not in str(dict(issue.params))
    }
    assert gaps == set()


def test_nothing_that_is_said_holds_a_number_of_a_person_or_an_account():
    told = [(issue.code, str(dict(issue.params)), issue.line()) for issue in said()]
    assert [one for one in told if re.search("[0-9]{12}", "".join(one[1:]))] == []


def test_the_corpus_meets_everything_that_readers_and_rules_can_say():
    rooms = ("domain/values/", "validation/")
    sayable = {one.code for one in raised() if one.where.startswith(rooms)} | RAISED_BY_A_TABLE
    unmet = sayable - {issue.code for issue in said()}
    assert unmet == set()


def test_every_standard_rule_tells_the_company_what_it_holds_for():
    assert all((rule.__doc__ or "").strip() for rule in STANDARD)


def listening(rule, heard: set[tuple[str, str]]):
    """The same rule, which also tells what it says and how it weighs."""

    @wraps(rule)
    def told(**facts):
        for issue in rule(**facts):
            heard.add((issue.code, issue.severity))
            yield issue

    return told


@cache
def heard() -> dict[str, set[tuple[str, str]]]:
    """Every rule's codes with their severities, as the corpus hears them."""
    by_rule: dict[str, set[tuple[str, str]]] = {rule.__name__: set() for rule in STANDARD}
    said(RuleSet(listening(rule, by_rule[rule.__name__]) for rule in STANDARD))
    return by_rule


EXPLAINED = tables.table("explaining")


SILENT = {
    "identity_birth_date_is_past": "a reader that knows the day refuses the number before",
}


@pytest.mark.parametrize("name", [rule.__name__ for rule in STANDARD if rule.__name__ in SILENT])
def test_a_rule_that_another_forestalls_says_nothing(name):
    assert heard()[name] == set()


@pytest.mark.parametrize(
    "name", [rule.__name__ for rule in STANDARD if rule.__name__ not in SILENT]
)
def test_what_a_company_signs_of_a_rule_is_what_the_rule_says(name):
    signed = EXPLAINED["rules"][name]["codes"]
    weighed = {code: severity for code, severity in signed.items() if severity != "unique"}
    by_keys = {code for code, severity in signed.items() if severity == "unique"}
    assert {told for told in heard()[name] if told[0] not in by_keys} == set(weighed.items())
    assert by_keys <= {code for code, _ in heard()[name]} & set(DUPLICATE_CODES.values())


def test_what_a_company_signs_of_reading_is_what_the_readers_say():
    by_rules = {code for rule in EXPLAINED["rules"].values() for code in rule["codes"]}
    readers = ("validation/reading/", "validation/engine.py")
    codes = {one.code for one in raised() if one.where.startswith(readers)} | NAMED_BY_A_READER
    refused = {one.code for one in raised() if one.where.startswith("domain/values/")}
    read = {
        (issue.code, issue.severity)
        for issue in said()
        if issue.code in (codes | refused) - FIXED_CODES - by_rules
    }
    assert read == set(EXPLAINED["reading"].items())


def lines(issue: Issue, echo: dict[str, object]) -> tuple[str, str]:
    report = Report([issue], echo)
    return report.lines("zh")[0], report.lines("en")[0]


def test_a_contact_always_carries_its_number():
    issue = Issue("email.format", ("contacts", 0, "emails", 0))
    echo = {"contacts": [{"emails": ["li.lei"]}]}
    assert lines(issue, echo) == (
        "联系人 1 的邮箱：电子邮箱格式不正确",
        "E-mail of contact 1: Email address is not valid",
    )


def test_several_phones_of_a_contact_are_numbered():
    issue = Issue("phone.invalid", ("contacts", 1, "phones", 1))
    echo = {"contacts": [{}, {"phones": ["1", "2"]}]}
    assert lines(issue, echo) == (
        "联系人 2 的电话 2：电话号码格式不正确",
        "Phone 2 of contact 2: Phone number is not valid",
    )


def test_the_first_of_several_is_numbered_too():
    issue = Issue("uscc.check_digit", ("tax_identifiers", 0))
    zh, _ = lines(issue, {"tax_identifiers": ["1", "2"]})
    assert zh.startswith("税号 1：")


def test_a_single_tax_number_is_not_numbered():
    issue = Issue("uscc.check_digit", ("tax_identifiers", 0))
    zh, en = lines(issue, {"tax_identifiers": ["1"]})
    assert zh == "税号：统一社会信用代码校验位不正确，请核对"
    assert en == "Tax number: Unified social credit code check character is wrong"


def test_a_sentence_that_names_its_field_stands_alone():
    assert lines(Issue("name.required", ("name",)), {}) == (
        "客户名称不能为空",
        "Customer name is required",
    )


def test_a_label_in_the_sentence_is_not_said_twice():
    issue = Issue("required", ("contacts", 2, "name"))
    assert lines(issue, {}) == ("联系人 3 的姓名不能为空", "Name of contact 3 is required")


def test_a_field_without_a_label_is_called_by_its_name():
    assert lines(Issue("required", ("custom", "门店数")), {})[0] == "自定义字段“门店数”不能为空"


def test_an_issue_about_nothing_in_particular_has_no_label():
    assert lines(Issue("raw.type"), {"": 5}) == (
        "填写的内容不是一条客户记录",
        "What was given is not a customer record",
    )


def test_schemes_and_statuses_are_said_in_words_and_lists_with_their_comma():
    issue = Issue("status.unknown", ("status",), params={"allowed": ["active", "blocked"]})
    assert lines(issue, {}) == (
        "状态无法识别，可填：正常、冻结",
        "Status is not known; use one of active, blocked",
    )


def test_a_number_of_a_country_whose_scheme_nobody_told_is_said_in_words():
    issue = Issue("tax_id.scheme_taken", ("tax_identifiers",), params={"scheme": "de.tax"})
    assert lines(issue, {}) == ("已按“DE 税号”识别", "Read as tax number in DE")


def test_a_typed_word_is_not_taken_for_the_name_of_a_field():
    issue = Issue("identity.type_unknown", ("identity_document", "type"), params={"type": "id"})
    assert lines(issue, {})[0] == "证件的类型：未校验的证件类型“id”"


def test_what_a_spreadsheet_may_have_done_is_said_behind_what_is_wrong():
    rounded = {"scheme": "cn.uscc", "number": "914403001922038000"}
    report = CustomerRegistry().check(kind="organization", name="甲公司", tax_identifiers=[rounded])
    assert report.errors[0].line("zh") == (
        "税号的号码：统一社会信用代码校验位不正确，请核对"
        "（可能的原因：数字超过15位，末尾已被Excel置0，无法还原，请以文本格式重新导入）"
    )
    assert "(perhaps: Excel kept only 15 digits" in report.errors[0].line("en")


def test_a_code_without_a_sentence_is_said_itself():
    assert catalogue("zh").sentence("house.rule", {}) == "house.rule"


def test_a_missing_parameter_leaves_a_question_mark_and_no_crash():
    assert catalogue("en").sentence("phone.mobile_length", {}).endswith("(got ?)")


def test_a_host_lays_its_own_sentence_over_ours():
    spoken = catalogue("zh").overlaid({"name.required": "请填写名称"})
    assert spoken.sentence("name.required", {}) == "请填写名称"
    assert spoken.sentence("raw.type", {}) == catalogue("zh").sentence("raw.type", {})


def test_nothing_laid_over_leaves_the_catalogue_as_it_is():
    assert catalogue("zh").overlaid({}) is catalogue("zh")


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh", "zh"), ("zh-Hant-TW", "zh"), ("ZH_CN", "zh"), ("en", "en"), ("fr", "en"), ("", "en")],
)
def test_every_language_tag_has_a_catalogue(tag, language):
    assert catalogue(tag).language == language
