"""A simulation's result for people: at a terminal, in a browser, as a picture."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simulations.report.axes import duration_text
from simulations.report.columns import COLUMNS
from simulations.report.page import render
from simulations.report.table import rows
from simulations.result import ScenarioResult


def print_result(result: ScenarioResult, console: Console) -> None:
    """Print what ran, a row per policy, and each assertion."""
    simulated = duration_text(result.simulated_seconds)
    console.print(f"[bold]{escape(result.title)}[/]", highlight=False)
    console.print(
        f"{result.scenario}, seed {result.seed}: {simulated} in {result.wall_seconds:.1f} s",
        highlight=False,
    )
    console.print()
    console.print(_table(result), highlight=False)
    if result.assertions:
        console.print()
    for each in result.assertions:
        sign = "[green]✓ holds [/]" if each.passed else "[red]✗ failed[/]"
        console.print(f"{sign} {escape(each.text)}", highlight=False)


def write_report(result: ScenarioResult, path: Path) -> None:
    """Write the report in the format that the file's name says; OSError passes through."""
    if path.suffix.lower() == ".png":
        from autoscaler.cli.simulate_plot import plot_result

        plot_result(result, path=path)
    else:
        path.write_text(render(result), encoding="utf-8")


def _table(result: ScenarioResult) -> Table:
    lines = rows(result)
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column("Policy", overflow="fold")  # a name may break, a number may not
    brief = [index for index, column in enumerate(COLUMNS) if column.brief]
    for index in brief:
        column = COLUMNS[index]
        head = f"{column.head} {column.unit}".strip()
        head = "\n".join(head.rsplit(" ", 1))
        table.add_column(head, justify="right", no_wrap=True)
    for line in lines:
        texts = [line.cells[index].text for index in brief]
        table.add_row(line.policy, *texts, style="bold" if line.kind == "own" else None)
    return table
