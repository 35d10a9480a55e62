"""E-mail addresses, all under the domains that RFC 2606 keeps for examples."""

import string

from customer_registry.domain.values.email import EmailAddress
from customer_registry.testing.strategies.typed import Typed, full_width, padded, st

__all__ = ["emails"]

_LETTERS = string.ascii_letters + string.digits
_WORDS = st.text(_LETTERS, min_size=1, max_size=12)
_LOCALS = st.builds(
    lambda form, word: form.format(word),
    st.sampled_from(("{}", "{}.li", "{}+erp", "{}_1", "o'{}", "{}-x")),
    _WORDS,
)
_DOMAINS = st.sampled_from(
    ("example.com", "example.org", "example.net", "mail.example.com", "erp-1.example.com")
)
_SOUND = st.builds("{}@{}".format, _LOCALS, _DOMAINS)
_SIGNS = "!#$%&'*+-/=?^_`{|}~"
_LABEL = "b" * 63


def _dressed(text: str) -> st.SearchStrategy[str]:
    local, _, domain = text.rpartition("@")
    spellings = (text, full_width(text), f"<{text}>", f"{local}@{domain.upper()}")
    return st.sampled_from(spellings).flatmap(padded)


emails: Typed[EmailAddress] = Typed(
    parse=EmailAddress.parse,
    dressed=_dressed,
    sound=_SOUND,
    edges=st.one_of(
        st.builds("{}@example.com".format, st.text(_LETTERS, min_size=64, max_size=64)),
        st.builds("{}@example.com".format, st.text(_SIGNS, min_size=1, max_size=64)),
        st.builds("{}@{}.example.com".format, _WORDS, st.sampled_from((_LABEL, "例子", "münchen"))),
        st.builds("{}@{}".format, _WORDS, st.sampled_from(("corp.test", "shop.invalid"))),
        st.sampled_from((f"a@{'.'.join(3 * [_LABEL])}.{48 * 'c'}.example.com", "用户@example.com")),
    ),
    wrong=st.one_of(
        _SOUND.map(lambda text: text.replace("@", "")),
        _SOUND.map(lambda text: text.replace("@", "@@")),
        _SOUND.map(lambda text: text.replace("@", "@.")),
        _SOUND.map(lambda text: f".{text}"),
        _SOUND.map(lambda text: text.replace("@", ".@")),
        _SOUND.map(lambda text: text.replace("example.", "example..")),
        _SOUND.map(lambda text: text.rpartition("@")[0] + "@"),
        _SOUND.map(lambda text: "@" + text.rpartition("@")[2]),
        _WORDS.map("{}@localhost".format),
        _WORDS.map("{}@[192.0.2.1]".format),
        _WORDS.map("{}@192.0.2.1".format),
        st.builds("{}@example.com".format, st.text(_LETTERS, min_size=65, max_size=80)),
        st.builds("a@{}.example.com".format, st.text(_LETTERS, min_size=64, max_size=80)),
        st.builds("{};{}".format, _SOUND, _SOUND),
    ),
)
"""E-mail addresses; at the edge the longest ones, every lawful sign, and names not in ASCII."""
