import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.policy.toml_lines import lines_of

WHOLE = '''\
# a = 1
region = "CN" # [b]
"quoted key" = "x = 1 # y"
'literal.key'.inner = \'a # "b\'
"escaped\\u002e\\"" = 1

[ required ] # "
person = [
  "phone",  # first = 1
  'e]mail',

  [1, [2]],
]
text = """
[not.a.table]
key = 1 \\""" ""still
"""
raw = \'\'\'
[neither]\'\'\'
inline = { a = 1, "b.c" = { d = [1,
2] }, e.f = 2 }
[defaults.category."重点"]
grade="A"
[[list]]
x = 1
[[list]]
x = 2
[list.deep]
y = 3
'''


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("region",), 2),
        (("quoted key",), 3),
        (("literal.key",), 4),
        (("literal.key", "inner"), 4),
        (('escaped."',), 5),
        (("required",), 7),
        (("required", "person"), 8),
        (("required", "person", 0), 9),
        (("required", "person", 1), 10),
        (("required", "person", 2), 12),
        (("required", "person", 2, 1, 0), 12),
        (("required", "text"), 14),
        (("required", "raw"), 18),
        (("required", "inline", "a"), 20),
        (("required", "inline", "b.c", "d", 1), 21),
        (("required", "inline", "e", "f"), 21),
        (("defaults",), 22),
        (("defaults", "category", "重点", "grade"), 23),
        (("list", 0, "x"), 25),
        (("list", 1, "x"), 27),
        (("list", 1, "deep", "y"), 29),
    ],
)
def test_a_key_is_found_on_its_line(keys, line):
    assert lines_of(WHOLE)[keys] == line


def ways(value: object, way: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    entries = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return {way} - {()} | {below for name, each in entries for below in ways(each, (*way, name))}


def test_exactly_the_keys_that_the_parser_reads_are_found():
    assert lines_of(WHOLE).keys() == ways(tomllib.loads(WHOLE))


NAMES = st.text('ab ."\\#=[]重\t', max_size=4)
LEAVES = st.one_of(
    st.integers().map(str),
    st.sampled_from(["true", "1.5", "2024-01-05", "07:32:00", "-inf"]),
    st.text('ab#=[]{}",\\重\n', max_size=6).map(
        lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    ),
    st.text("ab#=[]{}\",\\重'\n", max_size=6).map(
        lambda text: "'''" + text.replace("''", "' ").rstrip("'") + "'''"
    ),
    st.text('ab#=[]{}",\n', max_size=6).map(
        lambda text: '"""' + text.replace('""', '" ').rstrip('"') + '"""'
    ),
)


def quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda each: "[ # ]\n" + ",\n".join(each) + "\n]")
        | st.dictionaries(NAMES, inner, max_size=3).map(
            lambda table: (
                "{" + ", ".join(f"{quoted(name)}= {value}" for name, value in table.items()) + "}"
            )
        )
    ),
    max_leaves=5,
)
TABLES = st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=3), max_size=3)


@given(TABLES)
def test_of_any_text_exactly_the_keys_that_the_parser_reads_are_found(tables):
    text = "".join(
        f"# [x]\n[{quoted(name)}]\n"
        + "".join(f"{quoted(key)} = {value} # = 1\n" for key, value in table.items())
        for name, table in tables.items()
    )
    lines = lines_of(text)
    assert lines.keys() == ways(tomllib.loads(text))
    rows = text.split("\n")
    assert all(f"[{quoted(name)}]" == rows[lines[(name,)] - 1] for name in tables)
    assert all(
        rows[lines[name, key] - 1].startswith(f"{quoted(key)} = ")
        for name, table in tables.items()
        for key in table
    )
