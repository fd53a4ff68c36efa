"""Reading YAML: places, what the CLI makes of it, and refusing what is hostile."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millpond.bundle.reader import MAX_BYTES, MAX_SIZE, read_yaml
from millpond.bundle.value import Value
from millpond.errors import MillpondError


def read(folder: Path, text: str) -> Value:
    file = folder / "x.yml"
    file.write_text(text, encoding="utf-8")
    return read_yaml(file)


def failure(folder: Path, text: str) -> tuple[str, int, int]:
    with pytest.raises(MillpondError) as caught:
        read(folder, text)
    at = caught.value.at
    assert at is not None
    return caught.value.code.name, at.line, at.column


def test_every_key_and_value_knows_its_place(tmp_path: Path) -> None:
    root = read(tmp_path, "a:\n  b: [1, two]\n  'c': \"x y\"\n")
    b, c = root.get("a", "b"), root.get("a", "c")
    assert b is not None and c is not None and b.key_at is not None and c.key_at is not None
    assert (b.key_at.line, b.key_at.column, b.at.line, b.at.column) == (2, 3, 2, 6)
    two = b.elements()[1]
    assert (two.at.line, two.at.column, two.at.end_column) == (2, 10, 13)
    assert (c.key_at.column, c.at.column, c.at.end_column) == (3, 8, 13)


def test_an_empty_file_is_null(tmp_path: Path) -> None:
    assert read(tmp_path, "").data is None
    assert read(tmp_path, "# nothing\n").data is None


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeffa: 1\n").plain() == {"a": 1}


def test_quoted_scalars_and_tagged_ones_are_text(tmp_path: Path) -> None:
    root = read(tmp_path, "a: '1'\nb: \"true\"\nc: !!str 12\nd: ! 5\ne: !!int 3\nf: !!float 3\n")
    assert root.plain() == {"a": "1", "b": "true", "c": "12", "d": "5", "e": 3, "f": 3.0}


def test_an_alias_is_the_anchors_value_under_its_own_key(tmp_path: Path) -> None:
    root = read(tmp_path, "a: &x {k: 1}\nb: *x\n")
    b = root.get("b")
    assert b is not None and b.key_at is not None
    assert b.plain() == {"k": 1}
    assert (b.key_at.line, b.at.line) == (2, 1)
    assert b.anchored


def test_merge_keys_give_way_to_the_mappings_own(tmp_path: Path) -> None:
    text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  c: 3\n  <<: [*x, *y]\n"
    z = read(tmp_path, text).get("z")
    assert z is not None
    assert z.plain() == {"a": 1, "b": 2, "c": 3}


def test_a_quoted_merge_key_is_a_key(tmp_path: Path) -> None:
    assert read(tmp_path, "'<<': 1\n").plain() == {"<<": 1}


def test_a_null_key_is_the_text_null(tmp_path: Path) -> None:
    assert read(tmp_path, "null: 1\n").plain() == {"null": 1}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", ("YAML_DUPLICATE_KEY", 3, 1)),
        ("a:\n  b: 1\n  'b': 2\n", ("YAML_DUPLICATE_KEY", 3, 3)),
        ("x: &x {}\ny:\n  <<: *x\n  <<: *x\n", ("YAML_DUPLICATE_KEY", 4, 3)),
        ("a: b: c\n", ("YAML_INVALID", 1, 5)),
        ("a:\n\t- x\n", ("YAML_INVALID", 2, 1)),
        ("a: *nowhere\n", ("YAML_INVALID", 1, 4)),
        ("a: &a [*a]\n", ("YAML_INVALID", 1, 8)),
        ("a: 1\n---\nb: 1\n", ("YAML_INVALID", 2, 1)),
        ("a: \x00\n", ("YAML_INVALID", 1, 4)),
        ("ok: 1\n7: a\n", ("YAML_INVALID", 2, 1)),
        ("[a]: 1\n", ("YAML_INVALID", 1, 1)),
        ("a: &x 1\n*x : 2\n", ("YAML_INVALID", 2, 1)),
        ("<<: 3\n", ("YAML_INVALID", 1, 5)),
        ("a: !!int many\n", ("YAML_INVALID", 1, 4)),
        ("%YAML 7.0\n---\na: 1\n", ("YAML_INVALID", 1, 1)),
        ('a: "\\UFFFFFFFF"\n', ("YAML_INVALID", 1, 1)),
        ("a: !!python/object/apply:os.system [x]\n", ("YAML_TAG_UNSUPPORTED", 1, 4)),
        ("a: !!binary aGk=\n", ("YAML_TAG_UNSUPPORTED", 1, 4)),
        ("a: !mine x\n", ("YAML_TAG_UNSUPPORTED", 1, 4)),
    ],
)
def test_a_mistake_is_reported_where_it_is(
    tmp_path: Path, text: str, place: tuple[str, int, int]
) -> None:
    assert failure(tmp_path, text) == place


def test_a_duplicate_names_the_line_of_the_first(tmp_path: Path) -> None:
    with pytest.raises(MillpondError) as caught:
        read(tmp_path, "a: 1\nb: 2\na: 3\n")
    assert caught.value.params == {"key": "a", "first_line": 1}


BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 100_000, id="flow depth"),
        pytest.param("".join(" " * i + "a:\n" for i in range(1000)), id="block depth"),
        pytest.param("- " * 500 + "x", id="list depth"),
        pytest.param(BOMB, id="aliases"),
        pytest.param("".join(f"k{i}: v\n" for i in range(MAX_SIZE + 1)), id="values"),
        pytest.param("a: " + "x" * MAX_BYTES, id="bytes"),
    ],
)
def test_hostile_input_is_refused_quickly(tmp_path: Path, text: str) -> None:
    start = time.process_time()
    assert failure(tmp_path, text)[0] == "YAML_LIMIT_EXCEEDED"
    assert time.process_time() - start < 10


def test_depth_through_aliases_counts(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 80)]
    assert failure(tmp_path, "\n".join(lines))[0] == "YAML_LIMIT_EXCEEDED"


def test_a_file_that_is_not_text_names_the_place(tmp_path: Path) -> None:
    file = tmp_path / "x.yml"
    file.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(MillpondError) as caught:
        read_yaml(file)
    at = caught.value.at
    assert at is not None
    assert (caught.value.code.name, at.line, at.column) == ("BUNDLE_FILE_UNREADABLE", 2, 4)


def test_a_folder_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(MillpondError) as caught:
        read_yaml(tmp_path)
    assert caught.value.code.name == "BUNDLE_FILE_UNREADABLE"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!|>'\"%#,?\n \t<01~", max_size=40))
def test_any_text_is_read_or_refused_with_a_place(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    try:
        read(tmp_path_factory.getbasetemp(), text)
    except MillpondError as error:
        assert error.at is not None
