"""`meetscale scenarios`: what can be simulated by name, and what each of them tells."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from simulations.report.axes import duration_text
from simulations.scenario.catalog import catalog, describe
from simulations.scenario.load import load
from simulations.scenario.schema import Scenario
from simulations.story import derived_numbers, timeline

_BESIDE = 64
"""Characters of a line that labels and notes take; the rest is the time axis."""
_LEAST, _MOST = 16, 72


def scenarios(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME_OR_FILE]", help="Explain this one instead of listing all."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """List the shipped scenarios, or explain one."""
    if name is None:
        _list(as_json)
        return
    scenario = load(name)
    if as_json:
        typer.echo(json.dumps(asdict(describe(scenario)), indent=2, sort_keys=True))
        return
    _explain(scenario, Console(highlight=False))


def _list(as_json: bool) -> None:
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


def _explain(scenario: Scenario, console: Console) -> None:
    lasts = duration_text(scenario.duration_seconds)
    started = f"{scenario.start:%A, %Y-%m-%d %H:%M}, {scenario.time_zone}"
    console.print(f"[bold]{scenario.title}[/bold]")
    console.print(f"{scenario.name}, {scenario.category}, {lasts} from {started}\n", markup=False)
    if scenario.description:
        console.print(f"{scenario.description.strip()}\n", markup=False)
    console.print(_pools(scenario))
    console.print()
    console.print(_axis(scenario, min(max(console.width - _BESIDE, _LEAST), _MOST)))
    told = (
        ("A good controller", tuple(f"{each.text}: {each.that}" for each in scenario.assertions)),
        ("Where it is from", scenario.provenance),
        ("Numbers that are ours", derived_numbers(scenario)),
    )
    for head, lines in told:
        console.print(f"\n[bold]{head}[/bold]")
        for line in lines:
            console.print(f"- {line}", markup=False)


def _pools(scenario: Scenario) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in ("Pool", "Usual peak", "Servers", "People on each", "Boot P50, P95"):
        table.add_column(head, no_wrap=True, justify="left" if head == "Pool" else "right")
    for pool in scenario.pools:
        spec, boot = pool.resource.spec, pool.supply.boot
        table.add_row(
            pool.name,
            f"{pool.demand.peak_participants:,}",
            f"{spec.min_replicas} to {spec.max_replicas:,}",
            f"{spec.server.participants}",
            f"{duration_text(boot.p50_seconds)}, {duration_text(boot.p95_seconds)}",
        )
    return table


def _axis(scenario: Scenario, columns: int) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    for _ in range(3):
        table.add_column(no_wrap=True)
    for row in timeline(scenario, columns=columns):
        table.add_row(row.label, row.drawn, row.note)
    return table
