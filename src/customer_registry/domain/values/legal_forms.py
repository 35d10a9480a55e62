"""Legal forms: which one an organisation's name carries, and the name without it."""

import unicodedata

from customer_registry.domain.values.name_folding import unbracketed
from customer_registry.domain.values.simplified import simplified

__all__ = ["is_latin", "split_legal_form", "unaccented"]

_MAINLAND = """
    有限责任公司 有限公司 股份有限公司 股份公司 集团公司 总公司 公司 股份合作公司
    集团股份有限公司 集团有限责任公司 集团有限公司 集团 (集团)
    (有限合伙) (普通合伙) (特殊普通合伙) (特殊的普通合伙) (个人独资) (个体工商户)
    农民专业合作社联合社 农民专业合作社 专业合作社联合社 专业合作社
"""
"""公司法 (2023) art. 7, 合伙企业法, 市场主体登记管理条例实施细则 (2022), 农民专业合作社法."""

_HONG_KONG_MACAU_TAIWAN = "一人有限公司 无限公司 两合公司"
_JAPAN_KOREA = """
    株式会社 有限会社 合同会社 合资会社 合名会社 (株) (有) (同) 주식회사 유한회사 (주) (유)
"""
_HAN_FORMS = tuple(
    sorted(
        f"{_MAINLAND} {_HONG_KONG_MACAU_TAIWAN} {_JAPAN_KOREA}".split(),
        key=lambda form: (-len(form), form),
    )
)
_BY_LAST = {
    last: tuple(form for form in _HAN_FORMS if form.endswith(last))
    for last in {form[-1] for form in _HAN_FORMS}
}
_IN_FRONT = tuple(form for form in _HAN_FORMS if form in _JAPAN_KOREA.split())

_LATIN_FORMS = frozenset(
    """
    co company coltd colimited companylimited companyltd ltd limited ltdco
    inc incorporated coinc corp corporation llc lc llp lp lllp plc pllc
    pte pteltd ptelimited pty ptyltd ptylimited pvt pvtltd privatelimited sdnbhd bhd opc
    gmbh ag kg kgaa ohg ug gbr gmbhcokg gmbhandcokg agcokg ek eg mbh gesmbh
    sa sas sasu sarl eurl snc sca scs sprl srl srls spa sapa ss sociedadanonima
    bv nv bvba vof sl slu sll sau lda limitada unipessoallda ltda eireli
    sadecv sderldecv sapidecv spa cia ltee
    ab hb as asa oy oyj aps ks ans is ehf hf
    spzoo spzook sro vos doo dooel dd ad ead ood eood kft zrt nyrt bt rt uab sia ou srlscs
    ooo oao zao pao ao jsc ojsc cjsc pjsc too tov ооо оао зао пао ао тоо ип тов
    asirketi ltdsti anonimsirketi limitedsirketi tic
    kk gk yk tbk wll fze fzco fzllc spc saoc saog
    """.split()
)
_LATIN_IN_FRONT = frozenset(
    "pt cv ooo oao zao pao ao jsc ооо оао зао пао ао тоо ип uab sia".split()
)
_MOST_WORDS = 7
"""Words that a Latin form is written with at most: `S. de R. L. de C. V.`"""


def split_legal_form(name: str) -> tuple[str, str]:
    """Return an organisation's name without its legal form, and the form; `""` where it has none.

    Only forms that companies write one for another are split off; 厂, 店, 医院 belong to the name.
    Brackets come back as `()`, full-width letters as plain ones, a Chinese name without spaces.

    >>> split_legal_form("上海浦江贸易有限责任公司")
    ('上海浦江贸易', '有限责任公司')
    >>> split_legal_form("Acme Trading Co., Ltd.")
    ('Acme Trading', 'Co., Ltd.')
    >>> split_legal_form("市第一人民医院")
    ('市第一人民医院', '')
    """
    folded = unbracketed(name)
    return _split_latin(folded) if is_latin(folded) else _split_han("".join(folded.split()))


def is_latin(name: str) -> bool:
    """Return whether a name is written in letters with spaces, Latin or Cyrillic ones."""
    return name.isascii() or not any(char > "\u1fff" and char.isalpha() for char in name)


def unaccented(word: str) -> str:
    """Return a word without accents and other marks: `a.ş.` as `a.s.`."""
    if word.isascii():
        return word
    marked = unicodedata.normalize("NFKD", word)
    return "".join(char for char in marked if not unicodedata.combining(char))


def _split_han(name: str) -> tuple[str, str]:
    """Split the forms off a Chinese name; a form alone stays a name."""
    plain = simplified(name)
    start = 0
    if plain.startswith(_IN_FRONT):
        start = next(len(form) for form in _IN_FRONT if plain.startswith(form))
    end = len(plain)
    while end and (shorter := _shortened(plain, start, end)):
        end = shorter
    if start >= end:
        return name, ""
    return name[start:end], name[:start] + name[end:]


def _shortened(plain: str, start: int, end: int) -> int | None:
    """Return where a name ends without its last form, None where it has none to lose."""
    name = plain[start:end]
    form = next(filter(name.endswith, _BY_LAST.get(name[-1:], ())), None)
    return None if form is None else end - len(form)


def _split_latin(name: str) -> tuple[str, str]:
    """Split the forms off a name of words."""
    words = name.replace(",", ", ").split()
    bare = [_bare(word) for word in words]
    start = 1 if len(words) > 1 and bare[0] in _LATIN_IN_FRONT else 0
    end = len(words)
    while shorter := _fewer(bare, start, end):
        end = shorter
    rest = " ".join(words[start:end]).strip(" ,")
    return (rest, " ".join(words[:start] + words[end:])) if rest else (name, "")


def _fewer(bare: list[str], start: int, end: int) -> int | None:
    for count in range(min(_MOST_WORDS, end - start - 1), 0, -1):
        if "".join(bare[end - count : end]) in _LATIN_FORMS:
            return end - count
    return None


def _bare(word: str) -> str:
    """Return a word's letters and digits, caseless and without accents: `Sàrl` is `sarl`."""
    return "".join(filter(str.isalnum, unaccented(word.casefold())))
