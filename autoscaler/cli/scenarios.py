"""`meetscale scenarios`: what can be simulated by name."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from simulations.report.axes import duration_text
from simulations.scenario.catalog import catalog


def scenarios(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """List the shipped scenarios."""
    entries = catalog()
    if as_json:
        typer.echo(json.dumps([asdict(entry) for entry in entries], indent=2, sort_keys=True))
        return
    table = Table(box=None, pad_edge=False)
    for head in ("Scenario", "Category", "Lasts", "What happens"):
        table.add_column(head, no_wrap=head != "What happens")
    for entry in entries:
        lasts = duration_text(entry.duration_seconds)
        table.add_row(entry.name, entry.category, lasts, entry.title)
    Console().print(table)
