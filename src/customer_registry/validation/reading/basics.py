"""Readers of names, words and plain texts."""

from collections.abc import Iterable

from customer_registry.domain.customer import CustomerStatus, PartyKind
from customer_registry.domain.values import text
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.masks import stands_for
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.simplified import simplified
from customer_registry.validation.reading.typed import (
    Reader,
    each,
    is_blank,
    is_none_said,
    line,
    parsed,
    tell_characters,
    text_of,
)
from customer_registry.validation.scene import Scene

__all__ = [
    "kind_meant",
    "listed",
    "read_code",
    "read_echo",
    "read_kind",
    "read_mnemonic",
    "read_name",
    "read_notes",
    "read_parent",
    "read_status",
    "read_tags",
    "read_website",
    "read_words",
    "short",
    "status_meant",
]

_WORD = 100
_NOTES = 4000
_ADDRESS = 500

_KINDS = {
    PartyKind.PERSON: """
        person individual natural_person consumer b2c c 个人 个人客户 自然人 散客 c端
    """,
    PartyKind.ORGANIZATION: """
        organization organisation company enterprise business corporate corporation b2b b
        企业 企业客户 公司 公司客户 单位 单位客户 法人 机构 组织 政府 事业单位
        个体工商户 个体户 个体 b端
    """,
}
_KIND_WORDS = {word: kind for kind, words in _KINDS.items() for word in words.split()}

_STATUSES = {
    CustomerStatus.PROSPECT: "prospect lead potential 潜在 潜在客户 意向",
    CustomerStatus.ACTIVE: "active enabled normal 正常 启用 在用 有效 正式 活跃",
    CustomerStatus.BLOCKED: "blocked frozen hold 冻结 锁定 暂停",
    CustomerStatus.INACTIVE: "inactive disabled 停用 禁用 失效 无效 注销",
    CustomerStatus.BLACKLISTED: "blacklisted blacklist 黑名单",
}
_STATUS_WORDS = {word: status for status, words in _STATUSES.items() for word in words.split()}

_TAG_BREAKS = str.maketrans(dict.fromkeys(",，;；、|", "\n"))


def read_kind(typed: object, scene: Scene, _before: object = None) -> PartyKind | None:
    """Read a customer's kind, in the words of the trade too: 企业, 个人, company."""
    if isinstance(typed, str) and typed in _KIND_WORDS:
        return _KIND_WORDS[typed]
    word = line(typed, scene)
    kind = None if word is None else kind_meant(word)
    if word is not None and kind is None:
        scene.say("kind.unknown")
    return kind


def kind_meant(word: str) -> PartyKind | None:
    """Return the kind that a word of the trade means: 企业, company, b2b."""
    return _KIND_WORDS.get(simplified(text.match_key(word)).replace("-", "_"))


def status_meant(word: str) -> CustomerStatus | None:
    """Return the status that a word of the trade means: 停用, hold."""
    return _STATUS_WORDS.get(text.match_key(word))


def read_status(typed: object, scene: Scene, before: object) -> CustomerStatus | None:
    """Read a status in the words of the trade; an edit may only repeat it."""
    word = line(typed, scene)
    status = None if word is None else status_meant(word)
    if word is not None and status is None:
        scene.say("status.unknown", params={"allowed": [str(each) for each in CustomerStatus]})
    elif before is not None and status is not before:
        scene.say("read_only")
    return status


def read_code(typed: object, scene: Scene, before: object) -> CustomerCode | None:
    """Read a typed code; an edit may only repeat it."""
    code = parsed(CustomerCode.parse, typed, scene)
    if before is not None and code != before:
        scene.say("code.immutable")
    return code


def read_echo(typed: object, scene: Scene, before: object) -> object:
    """Read what only the registry writes: an echo of the stored value is fine."""
    if not is_blank(typed) and (before is None or text_of(typed, scene) != str(before)):
        scene.say("read_only")
    return before


def read_name(typed: object, scene: Scene, before: PartyName | None) -> PartyName | None:
    """Read the customer's name as its kind writes it; a mask of a person's is that name."""
    person = scene.kind is PartyKind.PERSON
    if person and before and isinstance(typed, str) and stands_for(typed, before, "person_name"):
        return before
    name = parsed(lambda words: PartyName.parse(words, scene.kind), typed, scene)
    if name is not None:
        tell_characters(str(typed), name.text, scene, "name.control_chars", "name.pua_char")
    return name


def read_parent(typed: object, scene: Scene, _before: object) -> CustomerCode | None:
    """Read the code of the customer above."""
    return parsed(CustomerCode.parse, typed, scene)


def short(longest: int = _WORD) -> Reader:
    """Return the reader of a plain line of text."""

    def read(typed: object, scene: Scene, _before: object) -> str | None:
        return line(typed, scene, longest=longest)

    return read


def listed(field: str) -> Reader:
    """Return the reader of a word that the company may list."""

    def read(typed: object, scene: Scene, _before: object) -> str | None:
        word = line(typed, scene)
        return None if word is None else _of_list(field, word, scene)

    return read


def read_notes(typed: object, scene: Scene, _before: object) -> str | None:
    """Read a text of several lines."""
    return parsed(lambda words: text.block(words, longest=_NOTES), typed, scene) or None


def read_mnemonic(typed: object, scene: Scene, _before: object) -> str | None:
    """Read the letters by which people find a customer quickly."""
    word = line(typed, scene)
    return None if word is None else text.width_folded(word).upper()


def read_website(typed: object, scene: Scene, _before: object) -> str | None:
    """Read a web address, with or without its scheme."""
    written = line(typed, scene, longest=_ADDRESS)
    if written is None or is_none_said(written, scene):
        return None
    address = text.width_folded(written).replace("。", ".")
    if not _is_website(address):
        scene.say("website.format")
    return address


def read_tags(typed: object, scene: Scene, _before: object) -> tuple[str, ...]:
    """Read tags from a list, or from one text with commas of any kind."""
    read = listed("tags")
    return _distinct(read(one, here, None) for here, one in each(_split(typed), scene))


def read_words(typed: object, scene: Scene, _before: object) -> tuple[str, ...]:
    """Read words that no company lists, from a list or from one text with commas."""
    return _distinct(line(one, here) for here, one in each(_split(typed), scene))


def _split(typed: object) -> object:
    if not isinstance(typed, str):
        return typed
    return [part for part in typed.translate(_TAG_BREAKS).split("\n") if part.strip()]


def _distinct(words: Iterable[str | None]) -> tuple[str, ...]:
    """Return the words without those that only case or width tell apart."""
    first: dict[str, str] = {}
    for word in words:
        if word:
            first.setdefault(text.match_key(word), word)
    return tuple(first.values())


def _of_list(field: str, word: str, scene: Scene) -> str:
    """Return the listed spelling of a word; where nothing is listed every word is fine."""
    words = scene.policy.lists.get(field, ())
    if not words:
        return word
    same = (each for each in words if text.match_key(each) == text.match_key(word))
    found = next(same, None)
    if found is None:
        scene.say("not_in_list", params={"value": word, "allowed": words})
    return found or word


def _is_website(address: str) -> bool:
    scheme, _, rest = address.rpartition("://")
    host = rest.partition("/")[0].partition(":")[0]
    labels = host.split(".")
    return (
        scheme.lower() in {"", "http", "https"}
        and " " not in address
        and len(labels) > 1
        and all(labels)
        and not any(sign in host for sign in "@,，<>\"'")
    )
