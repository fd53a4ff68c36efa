from pathlib import Path

from millpond.codes import all_codes


def test_the_generated_pages_are_up_to_date(root: Path) -> None:
    from generate_docs import pages

    for name, text in pages().items():
        written = (root / "docs" / name).read_text(encoding="utf-8")
        assert written == text, f"docs/{name} is stale: run `make docs`"


def test_every_code_has_a_row_of_four_cells() -> None:
    from generate_docs import pages

    rows = [line for line in pages()["errors.md"].splitlines() if line.startswith("| `")]
    assert len(rows) == len(all_codes())
    assert {row.replace("\\|", "").count("|") for row in rows} == {5}
