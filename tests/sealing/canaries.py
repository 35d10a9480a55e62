"""Canaries: sensitive values that no other text is like, and where they are looked for."""

import base64
import traceback
from collections.abc import Iterable
from pathlib import Path

from customer_registry import CompanyPolicy, CustomField, RegistryError

__all__ = ["CANARIES", "CUSTOMERS", "POLICY", "caught", "files_of", "found_in", "person", "shown"]

CUSTOMERS = 100
_MARK = "90775533"
"""Eight digits that every canary begins with, and nothing else holds."""

CANARIES = tuple(f"{_MARK}{at:08}" for at in range(CUSTOMERS * 5))
POLICY = CompanyPolicy(custom_fields={"证件": CustomField(name="证件", sensitive=True)})


def person(at: int) -> dict[str, object]:
    """Return a person as typed, with five canaries."""
    identity, tax, account, invoice, custom = CANARIES[at * 5 : at * 5 + 5]
    return {
        "kind": "person",
        "name": f"王芳{chr(0x4E00 + at)}",
        "identity_document": {"type": "other", "number": identity},
        "tax_identifiers": [{"scheme": "unchecked", "number": tax}],
        "bank_accounts": [{"bank": "中国工商银行", "number": account}],
        "invoice_profile": {"title": "个人", "bank": "中国工商银行", "account": invoice},
        "custom": {"证件": custom},
    }


def found_in(content: bytes) -> int:
    """Return how often canaries are met, in whichever way they are spelt."""
    spelt = _spellings(_MARK)
    whole = sum(canary.encode() in content for canary in CANARIES)
    return whole + sum(content.count(each) for each in spelt)


def _spellings(text: str) -> set[bytes]:
    """Return a text in UTF-8 and UTF-16, in hexadecimal and base64, and parted by separators."""
    plain = text.encode()
    parted = {
        sign.join(text[at : at + size] for at in range(0, len(text), size)).encode()
        for sign in " -._/,"
        for size in (2, 3, 4)
    }
    coded = {text.encode("utf-16-le"), text.encode("utf-16-be")}
    coded |= {plain.hex().encode(), plain.hex().upper().encode(), text[::-1].encode()}
    for shift in range(3):  # whole groups of four, wherever the text begins in base64
        encoded = base64.b64encode(b"\0" * shift + plain)
        coded.add(encoded[4 if shift else 0 : (shift + len(plain)) // 3 * 4])
    return {plain, *parted, *coded}


def shown(things: Iterable[object]) -> bytes:
    """Return what logs and debuggers are shown of things."""
    return "\n".join(map(repr, things)).encode()


def caught(act) -> bytes:
    """Return what an act that has to fail says, with its traceback."""
    try:
        act()
    except RegistryError as error:
        lines = getattr(getattr(error, "report", None), "lines", lambda _: ())
        told = "".join(traceback.format_exception(error))
        return shown([error, str(error), told, error.__dict__, lines("zh"), lines("en")])
    raise AssertionError("nothing was refused")


def files_of(folder: Path) -> bytes:
    """Return all that lies in a folder."""
    return b"\n".join(each.read_bytes() for each in folder.iterdir() if each.is_file())
