"""The goals on real load of other services: `make bench-traces`.

The traces are those of the folder that MEETSCALE_BENCH_DATA names, scaled to participants. What a
policy is set to on one of them was tuned on all the others: on three quarters of these it must be
safe, for some (a day of news) no setting is.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from rich.console import Console

from autoscaler.cli.tables import read_table
from autoscaler.errors import SpecError
from benchmarks.machine import describe_machine
from benchmarks.policy_tables import (
    AT_EQUAL_BLOCKED,
    AT_EQUAL_COST,
    ORDINARY_COST,
    SURGE_COST,
    best,
    goals,
    label,
    reaches,
    told,
)
from benchmarks.report import Table, replace_generated, to_markdown, to_rich
from benchmarks.runs import run_all
from forecast.errors import MeetscaleError
from simulations.report.table import OWN
from simulations.scenario.load import load
from simulations.scenario.measured import read_measured, with_measured
from simulations.scenario.schema import Scenario
from simulations.sweep.frontier import Point, frontiers, labels

PEAK = 30_000
WORLD = "ordinary-week"
"""Whose servers and boots the load meets."""
DAYS = 3
SURGES = {"wc98-kick-off": ("wc98", "1998-06-13T00:00:00Z")}
"""Beside every trace's last days, these days of one: series and end."""
_FIRST_SEED = 2000
_MOST = 0.75
_PAGE = Path("docs/benchmarks/traces.md")
_POLICIES = (OWN, *AT_EQUAL_BLOCKED, *AT_EQUAL_COST)


def main(
    seeds: Annotated[int, typer.Option(min=1, help="Runs of each; only boots differ.")] = 1,
    jobs: Annotated[int, typer.Option(min=1)] = os.cpu_count() or 1,
    page: Annotated[Path, typer.Option(help="Where the table goes.")] = _PAGE,
) -> None:
    """Run every setting on every trace, print what was reached and write it into the page."""
    try:
        worlds = traces(os.environ.get("MEETSCALE_BENCH_DATA"))
    except MeetscaleError as error:
        Console(stderr=True).print(str(error))
        raise typer.Exit(2) from error
    settings = set(labels(_POLICIES, {}))
    everything = {each.name: settings for each in worlds}
    rows = run_all(worlds, everything, first_seed=_FIRST_SEED, seeds=seeds, jobs=jobs)
    points = frontiers(rows)
    tables = traces_table(points), dials_table(points)
    for table in tables:
        Console().print(to_rich(table))
    head = f"{datetime.now(UTC):%Y-%m-%d}, {describe_machine()}. {seeds} seed(s)."
    before = page.read_text(encoding="utf-8") if page.exists() else "# Real traces\n"
    page.write_text(
        replace_generated(before, "\n\n".join([head, *map(to_markdown, tables)])), "utf-8"
    )


def traces(folder: str | None) -> list[Scenario]:
    """Return a scenario for every series of the panel: its last days, and the surges among it.

    Raises SpecError where the folder is not named or holds no panel, or where its series do not
    cover the days.
    """
    if folder is None:
        raise SpecError("MEETSCALE_BENCH_DATA is not set, must name the folder of traces")
    path = Path(folder) / "forecast" / "panel.csv"
    if not path.is_file():
        raise SpecError(f"MEETSCALE_BENCH_DATA: {path} does not exist")
    panel = read_table(path)
    windows = {name: (name, None) for name in sorted(panel["series_id"].unique())}
    return [_trace(panel, path, name, *window) for name, window in {**windows, **SURGES}.items()]


def _trace(panel: pd.DataFrame, path: Path, name: str, series: str, end: str | None) -> Scenario:
    """Return the days before `end` (None: of the series) with their history, at `PEAK`."""
    plan = load(WORLD)
    times = pd.to_datetime(panel["timestamp"], utc=True)
    chosen = panel["series_id"] == series
    until = times[chosen].max() if end is None else pd.Timestamp(end)
    begin = until - pd.Timedelta(days=plan.history_days + DAYS, hours=1)
    part = panel[chosen & (times >= begin) & (times <= until)]
    if part.empty:
        raise SpecError(f"{path}: has nothing of {series!r} before {until:%Y-%m-%d}")
    world = with_measured(plan, read_measured(part, source=str(path)), peak=PEAK)
    return world.model_copy(update={"name": name})


def traces_table(points: Sequence[Point]) -> Table:
    """Return a row per trace; what was chosen for it was tuned on the other traces."""
    rows = []
    tuned = on_the_others(points)
    for name in dict.fromkeys(each.scenario for each in points):
        wanted = SURGE_COST if name in SURGES else ORDINARY_COST
        ours = best(tuned, points, name)
        found = goals(tuned, points, name)
        reached = {
            each.against: each.why if each.share is None else f"{each.share:.0%}" for each in found
        }
        met = ours is not None and reaches(ours, cost=wanted)
        rows.append(
            (
                name,
                "–" if ours is None else f"{label(ours)}: {told(ours)}",
                f"{wanted:.2f}",
                *(reached.get(each, "–") for each in (*AT_EQUAL_BLOCKED, *AT_EQUAL_COST)),
                f"{int(met) + sum(each.met for each in found)} of {1 + len(found)}",
            )
        )
    return Table(
        "Goals by trace",
        ("trace", OWN, "cost wanted", *AT_EQUAL_BLOCKED, *AT_EQUAL_COST, "goals met"),
        rows,
        f"`{OWN}` at the dial that was cheapest on the other traces, within 0.1 % blocked joins on "
        "three quarters of them (blocked joins, node-hours over the bound's). The next two: how "
        "many fewer node-hours that is than they need at theirs (25 %, and more than none, wanted);"
        " the rest: how many fewer joins are blocked than by them at their safest dial that costs "
        "no more (80 % wanted).",
        numbers=False,
    )


def dials_table(points: Sequence[Point]) -> Table:
    """Return a row per trace and a column per setting of ours."""
    ours = [each for each in points if each.policy == OWN]
    found = {(each.scenario, label(each)): told(each) for each in ours}
    settings = tuple(dict.fromkeys(label(each) for each in ours))
    rows = [
        (name, *(found[name, each] for each in settings))
        for name in dict.fromkeys(each.scenario for each in ours)
    ]
    return Table(f"Every dial of {OWN}", ("trace", *settings), rows)


def on_the_others(points: Sequence[Point]) -> list[Point]:
    """Return, for each setting and trace, what it did on the others, under that trace's name.

    That is the mean cost, and the blocked joins that three quarters of them stay below. One trace
    has no others: there is nothing to tune on.
    """
    return [
        replace(
            each,
            blocked_joins_pct=float(np.quantile([o.blocked_joins_pct for o in others], _MOST)),
            cost_vs_bound=float(np.mean([o.cost_vs_bound for o in others])),
        )
        for each in points
        if (
            others := [
                other
                for other in points
                if label(other) == label(each) and other.scenario != each.scenario
            ]
        )
    ]


if __name__ == "__main__":
    typer.run(main)
