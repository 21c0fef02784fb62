"""What policies cost and risk, each at its best setting: `make bench-policies`.

Dials are turned on some seeds, and what the goals compare is from others. Traces are real load of
other services, scaled to participants, from the folder that MEETSCALE_BENCH_DATA names.
"""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from benchmarks.machine import describe_machine
from benchmarks.policy_tables import Wanted, frontier_tables, goals_table, settings_to_report
from benchmarks.report import replace_generated, to_markdown, to_rich
from simulations.policies.registry import POLICIES
from simulations.scenario.load import load
from simulations.scenario.measured import read_measured, with_measured
from simulations.scenario.schema import Scenario
from simulations.sweep.carry_out import carry_out
from simulations.sweep.frontier import Point, frontiers, labels
from simulations.sweep.task import Row, Task

SCENARIOS = ("ordinary-week", "overnight-10x")
TRACES = ("callcenter", "wc98")
PEAK = 30_000
TUNING, REPORTED = 1000, 2000
"""First seeds."""
_PAGE = Path("docs/benchmarks/policies.md")
_TRACE_DAYS = 3


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
    if scenario is None:
        worlds += _traces()
    names = policy or [name for name, each in POLICIES.items() if each.dial]
    whole = set(labels(names, {}))
    tuned = _run(
        worlds, dict.fromkeys((each.name for each in worlds), whole), TUNING, seeds=seeds, jobs=jobs
    )
    shown = _run(worlds, settings_to_report(tuned), REPORTED, seeds=seeds, jobs=jobs)
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


def _traces() -> list[Scenario]:
    folder = os.environ.get("MEETSCALE_BENCH_DATA")
    if folder is None:
        return []
    found = []
    for series in TRACES:
        measured = read_measured(Path(folder) / "forecast" / "panel.csv", series=series)
        plan = with_measured(load("ordinary-week"), measured, peak=PEAK)
        length = min(plan.duration_seconds, _TRACE_DAYS * 86_400)
        found.append(
            plan.model_copy(update={"name": f"trace-{series}", "duration_seconds": length})
        )
    return found


def _run(
    worlds: Sequence[Scenario], policies: Wanted, first_seed: int, *, seeds: int, jobs: int
) -> tuple[Point, ...]:
    tasks = [
        Task(scenario=world, settings=(), seed=seed, policies=tuple(sorted(policies[world.name])))
        for world in worlds
        for seed in range(first_seed, first_seed + seeds)
    ]
    return frontiers(_rows(tasks, jobs=jobs))


def _rows(tasks: Sequence[Task], *, jobs: int) -> Iterable[Row]:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with (
        ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn")) as processes,
        Progress(console=Console(stderr=True), transient=True) as bars,
    ):
        bar = bars.add_task("runs", total=len(tasks))
        for rows in carry_out(tasks, processes):
            bars.update(bar, advance=1)
            yield from rows


if __name__ == "__main__":
    typer.run(main)
