"""What is worth a second look at an identity document, and what only today's date can tell."""

from collections.abc import Iterator
from datetime import date

from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.identifiers import cn_resident_id
from customer_registry.domain.values.identity import IdentityDocument

__all__ = ["RULES"]

_NUMBER = ("identity_document", "number")
_TYPE = ("identity_document", "type")


def identity_birth_date_is_past(
    identity_document: IdentityDocument | None, today: date
) -> Iterator[Issue]:
    """A person is born when a document is given out (GB 11643-1999)."""
    born = identity_document.birth_date if identity_document else None
    if born and born > today:
        yield Issue("id.birth_date", _NUMBER)


def identity_area_is_known(identity_document: IdentityDocument | None) -> Iterator[Issue]:
    """A resident's number begins with the code of a province (GB/T 2260)."""
    number = _resident_number(identity_document)
    if number and not cn_resident_id.area_known(number):
        yield Issue("id.area_unknown", _NUMBER, Severity.WARNING)


def identity_number_is_current(identity_document: IdentityDocument | None) -> Iterator[Issue]:
    """A citizen gives 18 characters; those of 15 were withdrawn on 2013-01-01."""
    number = _resident_number(identity_document)
    if number and cn_resident_id.kind(number) == "id15":
        upgraded = cn_resident_id.upgraded(number)
        yield Issue("id.legacy15", _NUMBER, Severity.WARNING, suggestion=upgraded)


def identity_number_has_its_usual_form(
    identity_document: IdentityDocument | None,
) -> Iterator[Issue]:
    """A passport or permit number has the usual form of its type, which changes with the issuer."""
    if identity_document and not identity_document.looks_right:
        yield Issue("identity.format", _NUMBER, Severity.WARNING)


def identity_type_is_checked(identity_document: IdentityDocument | None) -> Iterator[Issue]:
    """A document is of a type whose numbers are known; others are kept, not checked."""
    if identity_document and not identity_document.is_checked:
        params = {"type": identity_document.type}
        yield Issue("identity.type_unknown", _TYPE, Severity.WARNING, params)


def _resident_number(document: IdentityDocument | None) -> str | None:
    if document is None or document.type != cn_resident_id.SCHEME:
        return None
    return document.number if isinstance(document.number, str) else None


RULES = (
    identity_birth_date_is_past,
    identity_area_is_known,
    identity_number_is_current,
    identity_number_has_its_usual_form,
    identity_type_is_checked,
)
