"""E-mail addresses: what the standards allow, in the form in which they are stored."""

import re
from collections.abc import Iterator
from typing import Self

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.late_pattern import late_pattern
from customer_registry.domain.values.text import line, width_folded

__all__ = ["EmailAddress", "split_display"]

_LONGEST_TYPED = 1000
_LONGEST_LOCAL = 64  # bytes, RFC 5321
_LONGEST = 254  # bytes, RFC 3696 as corrected

_ATOM = r"[A-Za-z0-9_!#$%&'*+\-/=?^`{|}~]+"
_LABEL = r"(?!..--)[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
_TOP = r"(?!..--)(?:[A-Za-z0-9][A-Za-z0-9\-]{0,61})?[A-Za-z]"
_PLAIN = late_pattern(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+{_TOP})")
_BETWEEN = r"(?:[\s;,、|/]|或|和)+"
_WRONG_STOP = r"(?<! )[。,、](?! )"
_AROUND = (  # labels, remarks, a Chinese name in front
    r"://|[;,、:|()\[\]]+|(?<![\u2e80-\U0003ffff])[\u2e80-\U0003ffff]+ "
)
_QUOTED = r'^"([^"]*)"@'
_RESERVED = frozenset(("alt", "arpa", "internal", "invalid", "local", "localhost", "onion", "test"))
_STAND_IN = "com"


@attrs.frozen(repr=False)
class EmailAddress:
    """An e-mail address: the domain in lower case and in Unicode, the name before it as typed.

    >>> str(EmailAddress.parse(" Li.Lei@Example.COM "))
    'Li.Lei@example.com'
    """

    text: str

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Return the address that `typed` holds, alone or in angle brackets.

        Raises InvalidValue `email.format`, `email.multiple` (with the `parts`) or
        `email.too_long`. Nothing is looked up: whether mail arrives is another question.
        """
        return cls(_plain(typed) or _canonical(_tidy(typed)))

    @property
    def local(self) -> str:
        """The part before the @."""
        return self.text.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """The part behind the @."""
        return self.text.rpartition("@")[2]

    @property
    def key(self) -> str:
        """What look-ups and duplicates compare: the name caseless, the domain as it stands.

        >>> EmailAddress.parse("Li.Lei@Example.com").key
        'li.lei@example.com'
        """
        local, _, domain = self.text.rpartition("@")
        return f"{local.casefold()}@{domain}"  # faß.de and fass.de are two domains

    @property
    def is_international(self) -> bool:
        """Whether the address holds more than ASCII, which some mail systems do not carry."""
        return not self.text.isascii()

    @property
    def is_reserved(self) -> bool:
        """Whether the domain lies under a name reserved from use by RFC or ICANN."""
        return self.domain.rpartition(".")[2] in _RESERVED

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"{type(self).__name__}(is_international={self.is_international})"


def split_display(typed: str) -> tuple[str | None, str]:
    """Return the name and the address in `typed`, neither of them checked.

    >>> split_display('"Lei, Li" <li.lei@example.com>')
    ('Lei, Li', 'li.lei@example.com')
    >>> split_display("mailto:li.lei@example.com?subject=Hi")
    (None, 'li.lei@example.com')
    """
    text = typed.strip().replace("＜", "<").replace("＞", ">")
    if text[:7].lower() == "mailto:":
        return None, text[7:].partition("?")[0].strip()
    head, opened, tail = text.rpartition("<")
    if not (opened and tail.endswith(">")) or "@" in head.partition("<")[2].partition(">")[0]:
        return None, text  # Li <li@example.com>; Wang <wang@example.com>: two, and none is lost
    return _unquoted(head.strip()) or None, tail[:-1].strip()


def _unquoted(name: str) -> str:
    if len(name) > 1 and name[0] == name[-1] == '"':
        return re.sub(r"\\(.)", r"\1", name[1:-1]).strip()
    return name


def _tidy(typed: str) -> str:
    """Return `typed` in NFKC, without what surrounds it."""
    if len(typed) > _LONGEST_TYPED:
        raise InvalidValue("email.too_long")
    text = width_folded(line(typed, longest=_LONGEST_TYPED)).strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1].strip()
    return text


def _canonical(text: str) -> str:
    """Return the canonical form of a tidy address, by the library unless it is a plain one."""
    if plain := _plain(text):
        return plain
    try:
        return _checked(text)
    except InvalidValue as refusal:
        raise _explained(refusal, text) from refusal


def _plain(text: str) -> str | None:
    """Return the canonical form of an address in plain ASCII; None for any other text."""
    if len(text) > _LONGEST or (found := _PLAIN.fullmatch(text)) is None:
        return None
    local, domain = found.groups()
    return f"{local}@{domain.lower()}" if len(local) <= _LONGEST_LOCAL else None


def _checked(text: str) -> str:
    """Return the canonical form by email-validator.

    It refuses reserved domains with no way to ask for less, so another stands in for their
    last label while it looks; that they receive no mail is for a rule to say.
    """
    local, at, domain = text.partition("@")
    if _length(local) > _LONGEST_LOCAL or _length(text) > _LONGEST:
        raise InvalidValue("email.too_long" if at and "@" not in domain else "email.format")
    if "。" in local or "、" in local:  # lawful, yet always a slip of the Chinese keyboard
        raise InvalidValue("email.format")
    head, dot, top = domain.rpartition(".")
    if dot and top.lower() in _RESERVED:
        checked = _by_library(f"{local}@{head}.{_STAND_IN}").removesuffix(_STAND_IN) + top.lower()
    else:
        checked = _by_library(text)
    canonical = f"{local}@{checked}"
    if _tidy(canonical) != canonical or _length(canonical) > _LONGEST:
        raise InvalidValue("email.format")
    return canonical


def _by_library(text: str) -> str:
    """Return the domain of a sound address; every option is given, so no global decides."""
    from email_validator import validate_email  # noqa: PLC0415  costs 30 ms to import

    try:
        return validate_email(
            text,
            allow_smtputf8=True,
            allow_empty_local=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
            strict=False,
            check_deliverability=False,
            test_environment=False,
            globally_deliverable=True,
        ).domain
    except ValueError as error:  # its own refusals and those of idna
        raise InvalidValue("email.format") from error


def _explained(refusal: InvalidValue, text: str) -> InvalidValue:
    """Return `refusal` as several addresses if they are, or with the address that was meant."""
    parts = [part for part in re.split(_BETWEEN, text) if "@" in part.strip("@")]
    if len(parts) > 1:
        return InvalidValue("email.multiple", parts=parts)
    for meant in _readings(text):
        try:
            return InvalidValue(refusal.code, suggestion=_checked(meant), **refusal.params)
        except InvalidValue:
            continue
    return refusal


def _readings(text: str) -> Iterator[str]:
    """Yield what the typist may have meant: a Chinese or wrong stop, a name or label in front."""
    alone = text.strip(" ,;、").rstrip(".。")
    yield from (alone, split_display(alone)[1], re.sub(_QUOTED, r"\1@", alone))
    yield re.sub(_WRONG_STOP, ".", alone)
    yield from (part.strip() for part in re.split(_AROUND, alone) if "@" in part)


def _length(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
