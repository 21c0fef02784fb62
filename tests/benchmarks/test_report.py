import pytest

from benchmarks.report import BEGIN, END, Table, replace_generated, to_markdown


def test_a_table_is_a_section_with_numbers_to_the_right() -> None:
    table = Table("Speed", ("grid", "seconds"), [("15 min", "1.5")], "Of 1,000 pools.")
    assert to_markdown(table) == (
        "## Speed\n\n| grid | seconds |\n| --- | ---: |\n| 15 min | 1.5 |\n\nOf 1,000 pools."
    )


def test_what_people_wrote_around_the_generated_part_stays() -> None:
    page = f"# Page\n\nby hand\n\n{BEGIN}\nold\n{END}\n\nafter\n"
    assert replace_generated(page, "new") == (
        f"# Page\n\nby hand\n\n{BEGIN}\n\nnew\n\n{END}\n\nafter\n"
    )


@pytest.mark.parametrize("page", ["# Page\n", f"# Page\n\n{BEGIN} and no end\n"])
def test_a_page_without_both_marks_gets_them_at_its_end(page: str) -> None:
    written = replace_generated(page, "new")
    assert written.startswith(page.rstrip())
    assert written.endswith(f"{BEGIN}\n\nnew\n\n{END}\n")
