"""Texts that have broken other programs, by what is wrong with them; all of them our own."""

import unicodedata

_PAYLOADS = (
    "' OR '1'='1",
    "'; DROP TABLE customers; --",
    '" OR ""="',
    "1; SELECT pg_sleep(9)",
    "%' ESCAPE '!' --",
    "admin'/*",
    "x' UNION SELECT NULL,NULL--",
    "\\'; DELETE FROM customers WHERE 1=1; #",
    "_%_%_%",
    "NEAR(a b)",
    '"a" AND "b" OR NOT c*',
    "name:王芳^2",
)
_FORMULAS = (
    "=1+1",
    "=SUM(A1:A9)",
    '=HYPERLINK("http://example.com","x")',
    "+1-1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "|calc",
    "%0A=1",
    "=cmd|'/C notepad'!'A1'",
)
_TEMPLATES = (
    "%s%s%s%n",
    "%d %x %(name)s",
    "{}",
    "{0}{1}",
    "{name}",
    "{self.__class__.__mro__}",
    "{label}: {value}",
    "${7*7}",
    "{{7*7}}",
    "#{7*7}",
    "<%= 7*7 %>",
    "$(whoami)",
    "`id`",
    "{%s}" % ("x" * 50),
    "{:>99999999}",
    "%99999999d",
)
_MARKUP = (
    "<script>alert(1)</script>",
    "<b onmouseover=alert(1)>王芳</b>",
    "&lt;&amp;&#0;",
    "<![CDATA[x]]>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>",
    "]]>",
    "<?xml version='1.0'?>",
    "_x0041_x000D_",
    "javascript:alert(1)",
    "data:text/html,<i>",
    "\\u0000\\ud800",
    '{"$ne": null}',
    '["__proto__"]',
    "__proto__",
    "constructor",
    "__class__",
)
_PATHS = (
    "../../etc/passwd",
    "C:\\Windows\\system32",
    "\\\\server\\share",
    "/dev/null",
    "CON",
    "nul.txt",
    "file.txt::$DATA",
    "~root",
    ";rm -rf .",
    "|| true",
    "a\nb; c",
    "http://[::1]:99999/",
    "LDAP://x)(cn=*",
    "*)(uid=*",
)
_WORDS_OF_PROGRAMS = (
    "null NULL None nil undefined undef NaN nan Infinity -Infinity inf true false True yes no on "
    "off 0x0 0b1 0o7 1_000 1e309 -1e309 1e-400 .5 5. +.5 -.e1 1,000.00 1.000,00 ½ ⅷ ௧ ๑ ۱ "
    "0 00 -0 -1 +1 0.0 1/0 2147483648 9223372036854775808 18446744073709551616 1E+02 1.38E+10"
).split()
_NUMBERS = ("9" * 400, "0" * 300, "1" + "0" * 199, "-" * 200, "1." * 100, "0." + "3" * 150)
_DATES = ("2026-02-30", "0000-00-00", "9999-12-31T23:59:60Z", "1900/1/0", "民国115年", "44927")
_DIGITS = (
    "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎",
    "𝟣𝟥𝟪𝟢𝟢𝟣𝟥𝟪𝟢𝟢𝟢",
    "１３８００１３８０００",
    "①③⑧⓪⓪①③⑧⓪⓪⓪",
    "一三八〇〇一三八〇〇〇",
    "壹叁捌零零",
    "١٣٨٠٠١٣٨٠٠٠",
    "१३८००१३८०००",
    "¹³⁸₀₀",
    "⒈⒊⒏",
    "㈠㈢㈧",
    "1\u20e33\u20e38\u20e3",
    "ⅠⅢⅧ",
    "1३8٠0",
)
_LETTERS = (
    "𝕏𝕐ℤ",
    "𝓐𝓫𝔠𝖉",
    "Ａｂｃ＠ｅｘａｍｐｌｅ．ｃｏｍ",
    "ⓐⓑⓒ",
    "ᴬᴮᶜ",
    "АВСЕНКМОРТХ",
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "ßẞﬁﬂﬃ",
    "İıiI",
    "ŉǰΐ",
    "Ǆǅǆ",
    "ꭰꮿᏸ",
    "ſﬅ",
    "\u212a\u212b\u2126",
    "㍿㏇℀",
    "ﷺ﷽",
    "㈱㈲㊑",
    "ㄅㄆㄇㄈ",
    "ｱｲｳﾞﾟ",
    "각ᄀ\u1161\u11a8",
)
_HAN = (
    "𠮷野家",
    "䶮𬭎㛃〇",
    "\u9fff\u4dbf\U0002a6df\U0003134a",
    "\uf900\ufa0e\U0002f800",
    "⼀⼁⺀⺁",
    "戸户戶",
    "真\U000e0100",
    "辻\ufe00",
    "\ue000\uf8ff",
    "\U000f0000\U0010fffd",
    "々〻〆ヶ",
    "⿰氵⿱",
    "囧烫烫烫屯屯锟斤拷",
    "é¿™ä¸ªå®¢æˆ·",
    "Íõ·¼",
)
_INVISIBLE = [
    chr(code)
    for code in (
        *(0xAD, 0x34F, 0x115F, 0x1160, 0x17B4, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0x2061),
        *(0x2062, 0x3164, 0xFE0F, 0xFEFF, 0xFFA0, 0xE0001),
    )
]
_SPACES = [
    chr(code) for code in (*range(0x2000, 0x200B), 0x9, 0xA0, 0x1680, 0x202F, 0x205F, 0x3000)
]
_CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r"]
_TURNED = [
    chr(code) for code in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
]
_HALVES = ("\ud800", "\udbff", "\udc00", "\udfff", "\ud83d\ude00", "\ude00\ud83d", "王\udc80芳")
_NO_CHARACTERS = (
    "\ufffe",
    "\uffff",
    "\U0001fffe",
    "\U0010ffff",
    "\ufdd0",
    "\ufffd",
    "\ufff9\ufffb",
)
_BREAKS = ("a\nb", "a\r\nb", "a\rb", "a\vb", "a\fb", "a\x85b", "a\u2028b", "a\u2029b", "\n\n\n")
_WRITTEN_LEFTWARDS = ("شركة المثال", "חברה לדוגמה", "مرحبا abc 123", "בַּקֹ֣שֶׁת", "لله\u200dلا")
_EMOJI = (
    "😀",
    "👩\u200d👩\u200d👧\u200d👦",
    "👍🏿",
    "🇨🇳🇭🇰",
    "🏴\U000e0067\U000e0062\U000e007f",
    "❤\ufe0f❤\ufe0e",
    "1\ufe0f\u20e3",
    "🧑\u200d" * 12,
    "😀王😀芳",
    "☎📱",
)
_ZALGO = (
    "Z\u0334\u0349a\u0321\u0353l\u0337g\u0316o\u0338",
    "e" + "\u0301" * 90,
    "王" + "\u0336" * 40,
    "\u0301\u0300\u0302",
    "ก็็็็็็",
    "क्षत्रिय्य्य",
    "ཧཱུྃ",
    "a\u0345\u0301\u0327",
    "\u1100\u1161" * 40,
)
_SIGNS = tuple("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~·—…、。，；：？！《》【】（）￥×÷°§¶†‡※№™®©€£¥₿")
_LONG = ("a" * 255, "字" * 201, "好" * 3999, "a b " * 999, "，" * 500, "\u00df" * 200, "x\n" * 900)

BY_KIND = {
    "payloads": _PAYLOADS,
    "formulas": _FORMULAS,
    "templates": _TEMPLATES,
    "markup": _MARKUP,
    "paths": _PATHS,
    "words of programs": _WORDS_OF_PROGRAMS,
    "numbers": _NUMBERS,
    "dates": _DATES,
    "digits": _DIGITS,
    "letters": _LETTERS,
    "han": _HAN,
    "invisible": [text for char in _INVISIBLE for text in (char, f"王{char}芳")],
    "spaces": [text for char in _SPACES for text in (char, f"a{char}b", f"{char}王芳{char}")],
    "controls": [f"王{char}" for char in _CONTROLS],
    "turned": [text for char in _TURNED for text in (f"abc{char}", f"{char}13800138000")],
    "halves": _HALVES,
    "no characters": _NO_CHARACTERS,
    "breaks": _BREAKS,
    "written leftwards": _WRITTEN_LEFTWARDS,
    "emoji": _EMOJI,
    "zalgo": _ZALGO,
    "signs": _SIGNS,
    "long": _LONG,
    "decomposed": [
        unicodedata.normalize("NFD", text) for text in ("Đỗ Thị Hà", "ガギグ", "한국", "Ångström")
    ],
}
HOSTILE = tuple(dict.fromkeys(text for texts in BY_KIND.values() for text in texts))
