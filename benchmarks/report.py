"""Tables for people: on the terminal, and in the generated part of a page of docs."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table as RichTable

BEGIN = "<!-- generated from here -->"
END = "<!-- generated up to here -->"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under columns; `note` is a paragraph below.

    The first column is text, the others are `numbers` unless said otherwise.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    numbers: bool = True


def cell(value: float | None, digits: int = 3) -> str:
    """Write a number with so many decimals, or a dash for none."""
    return "–" if value is None else f"{value:.{digits}f}"


def to_rich(table: Table) -> RichTable:
    """Return it for a terminal."""
    shown = RichTable(title=table.title, caption=table.note or None, box=box.SIMPLE)
    for at, column in enumerate(table.columns):
        shown.add_column(column, justify="right" if at and table.numbers else "left")
    for row in table.rows:
        shown.add_row(*row)
    return shown


def to_markdown(table: Table) -> str:
    """Return it as a section of a page."""
    rule = ["---"] + ["---:" if table.numbers else "---"] * (len(table.columns) - 1)
    lines = ["| " + " | ".join(row) + " |" for row in (table.columns, rule, *table.rows)]
    parts = [f"## {table.title}", "\n".join(lines), table.note]
    return "\n\n".join(part for part in parts if part)


def replace_generated(page: str, generated: str) -> str:
    """Return the page with what lies between the two marks replaced; without marks, at its end."""
    block = f"{BEGIN}\n\n{generated}\n\n{END}"
    if BEGIN not in page or END not in page:
        return f"{page.rstrip()}\n\n{block}\n"
    return page[: page.index(BEGIN)] + block + page[page.index(END) + len(END) :]
