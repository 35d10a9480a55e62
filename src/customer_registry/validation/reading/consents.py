"""The reader of consents: what a customer's data serve, and on what basis."""

from collections.abc import Mapping, Sequence
from datetime import date

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.custody import Consent, LawfulBasis
from customer_registry.domain.values.text import match_key
from customer_registry.validation.reading.typed import each, line, refuse_unknown
from customer_registry.validation.scene import Scene

__all__ = ["basis_meant", "read_consents"]

_PARTS = ("purpose", "basis", "text_version", "given_on", "withdrawn_on")
_WORDS: Mapping[str, LawfulBasis] = {
    **{basis.value.replace("_", ""): basis for basis in LawfulBasis},
    "同意": LawfulBasis.CONSENT,
    "授权": LawfulBasis.CONSENT,
    "合同": LawfulBasis.CONTRACT,
    "履行合同": LawfulBasis.CONTRACT,
    "法定义务": LawfulBasis.LEGAL_OBLIGATION,
    "法定职责": LawfulBasis.LEGAL_OBLIGATION,
    "紧急情况": LawfulBasis.VITAL_INTERESTS,
    "公共利益": LawfulBasis.PUBLIC_INTEREST,
    "正当利益": LawfulBasis.LEGITIMATE_INTERESTS,
    "已公开": LawfulBasis.MADE_PUBLIC,
}


def basis_meant(word: str) -> LawfulBasis | None:
    """Return the basis that a word of the law means, Chinese or English."""
    return _WORDS.get(match_key(word).replace("_", "").replace(" ", ""))


def read_consents(typed: object, scene: Scene, _before: Sequence[Consent]) -> tuple[Consent, ...]:
    """Read a list of consents, as mappings or as bare purposes."""
    read = [_read_consent(one, here) for here, one in each(typed, scene)]
    return tuple(dict.fromkeys(consent for consent in read if consent is not None))


def _read_consent(typed: object, scene: Scene) -> Consent | None:
    parts: Mapping[str, object] = typed if isinstance(typed, Mapping) else {"purpose": typed}
    refuse_unknown(parts, _PARTS, scene)
    purpose = line(parts.get("purpose"), scene.below("purpose"))
    if purpose is None and not scene.failed:
        scene.below("purpose").say("required")
    basis = _read_basis(parts.get("basis"), scene.below("basis"))
    version = line(parts.get("text_version"), scene.below("text_version"))
    given = _read_day(parts.get("given_on"), scene.below("given_on"))
    withdrawn = _read_day(parts.get("withdrawn_on"), scene.below("withdrawn_on"))
    if purpose is None or basis is None or scene.failed:
        return None
    return Consent(
        purpose=purpose,
        basis=basis,
        text_version=version,
        given_on=given,
        withdrawn_on=withdrawn,
    )


def _read_basis(typed: object, scene: Scene) -> LawfulBasis | None:
    word = line(typed, scene)
    if word is None:
        return LawfulBasis.CONSENT
    basis = basis_meant(word)
    if basis is None:
        scene.say("consent.basis", params={"allowed": [str(each) for each in LawfulBasis]})
    return basis


def _read_day(typed: object, scene: Scene) -> date | None:
    if isinstance(typed, date):
        return typed if type(typed) is date else date(typed.year, typed.month, typed.day)
    word = line(typed, scene)
    if word is None:
        return None
    try:
        return date.fromisoformat(word.replace("/", "-"))
    except ValueError:
        scene.refuse(InvalidValue("custom.date"))
        return None
