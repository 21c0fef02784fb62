"""What policies cost and risk, each at its best setting: `make bench-policies`.

Dials are turned on some seeds, and what the goals compare is from others.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.machine import describe_machine
from benchmarks.policy_tables import frontier_tables, goals_table, settings_to_report
from benchmarks.report import replace_generated, to_markdown, to_rich
from benchmarks.runs import run_all
from simulations.policies.registry import POLICIES
from simulations.scenario.load import load
from simulations.sweep.frontier import frontiers, labels

SCENARIOS = ("ordinary-week", "overnight-10x")
TUNING, REPORTED = 1000, 2000
"""First seeds."""
_PAGE = Path("docs/benchmarks/policies.md")


def main(
    scenario: Annotated[list[str] | None, typer.Option(help="Only this one (repeatable).")] = None,
    policy: Annotated[list[str] | None, typer.Option(help="Only this one (repeatable).")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Tuned on so many, reported on as many.")] = 3,
    jobs: Annotated[int, typer.Option(min=1)] = os.cpu_count() or 1,
    page: Annotated[Path, typer.Option(help="Where the tables go.")] = _PAGE,
) -> None:
    """Tune, run, print the tables and write them into the page."""
    console = Console()
    worlds = [load(name) for name in scenario or SCENARIOS]
    names = policy or [name for name, each in POLICIES.items() if each.dial]
    whole = set(labels(names, {}))
    everything = dict.fromkeys((each.name for each in worlds), whole)
    tuned = frontiers(run_all(worlds, everything, first_seed=TUNING, seeds=seeds, jobs=jobs))
    chosen = settings_to_report(tuned)
    shown = frontiers(run_all(worlds, chosen, first_seed=REPORTED, seeds=seeds, jobs=jobs))
    tables = [goals_table(tuned, shown), *frontier_tables(tuned)]
    for table in tables:
        console.print(to_rich(table))
    if scenario is None and policy is None:
        head = (
            f"{datetime.now(UTC):%Y-%m-%d}, {describe_machine()}. {seeds} seeds to tune on, "
            f"{seeds} others reported."
        )
        before = page.read_text(encoding="utf-8") if page.exists() else "# Policies\n"
        generated = "\n\n".join([head, *map(to_markdown, tables)])
        page.write_text(replace_generated(before, generated), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
