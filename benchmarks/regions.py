"""What planning regions together saves: `python -m benchmarks.regions`, for the regions' page.

Twenty random worlds, tuned to nothing, and a table over the shift between the regions' clocks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import numpy as np
from rich.console import Console

from autoscaler.planner.envelope import FloatArray
from autoscaler.planner.regions import (
    Demands,
    Region,
    Supply,
    plan_alone,
    plan_at_home,
    plan_jointly,
)
from benchmarks.machine import describe_machine
from benchmarks.report import Table, replace_generated, to_markdown, to_rich
from simulations.scenario.demand import DayShape
from simulations.world.curve import SHAPES

WORLDS = 20
_PAGE = Path("docs/benchmarks/regions.md")
_QUARTERS = np.arange(0.0, 24.0, 0.25)
_GOAL = 0.05
_HOURS = 720
_BAR = 40


@dataclass(frozen=True, slots=True)
class Measured:
    """One world: cost over the bound, and what is saved of each way to plan separately."""

    regions: int
    uncovered: int
    over_bound: float
    saved_of_alone: float
    saved_of_home: float
    seconds: float
    """Of a processor, for the joint plan."""


def random_world(seed: int) -> Demands:
    """Return three to six regions with clocks, sizes, prices and places of their own.

    Latency is as the crow flies on a map 200 ms wide and 100 high; people may be served 120 ms
    away. A participant is sent 1.3 Mbit/s, links are bought by the Gbit/s and planned 80 % full.
    """
    rng = np.random.default_rng(seed)
    count = int(rng.integers(3, 7))
    offsets = rng.uniform(-11.0, 12.0, count)
    peaks = np.exp(rng.uniform(np.log(3_000), np.log(100_000), count))
    places = rng.uniform((0.0, 0.0), (200.0, 100.0), (count, 2))
    regions = tuple(
        Region(
            f"region-{index}",
            Supply(300.0, float(rng.uniform(0.8, 2.0)) * _HOURS),
            _gigabits(float(rng.uniform(0.2, 1.0))),
        )
        for index in range(count)
    )
    paths = np.stack([_day(*each) for each in zip(peaks, offsets, strict=True)], axis=1)
    noise = np.exp(0.05 * rng.standard_normal(paths.shape))
    latency = np.linalg.norm(places[:, None] - places[None], axis=-1)
    return Demands(regions, paths * noise, latency, 120.0)


def shifted(hours: float, *, regions: int, shape: DayShape) -> Demands:
    """Return regions alike, 50,000 people each, their clocks `hours` apart one after the other."""
    alike = tuple(
        Region(f"region-{index}", Supply(300.0, 1.2 * _HOURS), _gigabits(0.45))
        for index in range(regions)
    )
    paths = [_day(50_000.0, hours * index, shape) for index in range(regions)]
    return Demands(alike, np.stack(paths, axis=1), np.zeros((regions, regions)), 1.0)


def measure(demands: Demands) -> Measured:
    """Plan one world each way."""
    begun = process_time()
    joint = plan_jointly(demands)
    seconds = process_time() - begun
    cost = joint.provision.cost
    return Measured(
        regions=len(demands.regions),
        uncovered=len(joint.uncovered),
        over_bound=cost / joint.cost_bound - 1.0,
        saved_of_alone=1.0 - cost / plan_alone(demands).cost,
        saved_of_home=1.0 - cost / plan_at_home(demands).cost,
        seconds=seconds,
    )


def worlds_table(measured: Sequence[Measured]) -> Table:
    """Return the median and the range over the worlds."""
    rows = [
        _summary("cost above the linear programme's optimum", measured, lambda m: m.over_bound, 2),
        _summary("saved of each region alone", measured, lambda m: m.saved_of_alone),
        _summary(
            "saved of own peaks with the cheapest backup", measured, lambda m: m.saved_of_home
        ),
    ]
    times = [each.seconds * 1000.0 for each in measured]
    rows.append(
        [
            "processor time, ms",
            *(f"{value:.0f}" for value in (np.median(times), min(times), max(times))),
        ]
    )
    uncovered = sum(each.uncovered for each in measured)
    regions = sum(each.regions for each in measured)
    met = max(each.over_bound for each in measured) <= _GOAL
    return Table(
        f"{len(measured)} random worlds",
        ("", "median", "least", "most"),
        rows,
        f"Goal: within {_GOAL:.0%} of the optimum in every world: {'met' if met else 'missed'}. "
        f"{uncovered} of {regions} regions have nobody within 120 ms and are uncovered.",
    )


def each_world_table(measured: Sequence[Measured]) -> Table:
    """Return a row per world."""
    rows = [
        [
            str(seed),
            str(each.regions),
            str(each.uncovered),
            f"{each.over_bound:.2%}",
            f"{each.saved_of_alone:.0%}",
            f"{each.saved_of_home:.0%}",
        ]
        for seed, each in enumerate(measured)
    ]
    columns = ("world", "regions", "uncovered", "above optimum", "saved of alone", "of own peaks")
    return Table("World by world", columns, rows)


def shift_table(shifts: Sequence[float]) -> Table:
    """Return what is saved by regions alike, by the shift between their clocks."""
    kinds = [(2, DayShape.OFFICE), (2, DayShape.EVENING), (3, DayShape.OFFICE)]
    rows = []
    for hours in shifts:
        saved = [
            measure(shifted(hours, regions=count, shape=shape)).saved_of_alone
            for count, shape in kinds
        ]
        rows.append([f"{hours:g} h", *(f"{each:.0%}" for each in saved)])
    heads = [f"{count} regions, {shape.value.lower()}" for count, shape in kinds]
    return Table("Saving by the shift between clocks", ("shift", *heads), rows)


def shift_chart(shifts: Sequence[float]) -> str:
    """Return two regions' saving as bars of text."""
    lines = []
    for hours in shifts:
        saved = measure(shifted(hours, regions=2, shape=DayShape.OFFICE)).saved_of_alone
        lines.append(f"{hours:4g} h  {'#' * round(saved * 2 * _BAR):<{_BAR}}  {saved:.0%}")
    return "\n".join(["Two regions alike, office days:", "", "```", *lines, "```"])


def main() -> None:
    """Measure, print, and write the page."""
    console = Console()
    measured = [measure(random_world(seed)) for seed in range(WORLDS)]
    shifts = [float(hours) for hours in range(13)]
    tables = [worlds_table(measured), shift_table(shifts), each_world_table(measured)]
    for table in tables:
        console.print(to_rich(table))
    worlds, by_shift, each = (to_markdown(table) for table in tables)
    head = f"{datetime.now(UTC):%Y-%m-%d}, {describe_machine()}."
    generated = "\n\n".join([head, worlds, by_shift, shift_chart(shifts), each])
    page = _PAGE.read_text(encoding="utf-8")
    _PAGE.write_text(replace_generated(page, generated), encoding="utf-8")


def _gigabits(price: float) -> Supply:
    return Supply(1000.0 * 0.8 / 1.3, 1000.0 * price)


def _day(peak: float, offset: float, shape: DayShape = DayShape.OFFICE) -> FloatArray:
    curve = SHAPES[shape]
    share = np.interp((_QUARTERS + offset) % 24.0, np.arange(25), (*curve, curve[0]))
    path: FloatArray = peak * share
    return path


def _summary(
    name: str,
    measured: Sequence[Measured],
    value: Callable[[Measured], float],
    digits: int = 0,
) -> list[str]:
    values = [value(each) for each in measured]
    shown = (float(np.median(values)), min(values), max(values))
    return [name, *(f"{each:.{digits}%}" for each in shown)]


if __name__ == "__main__":
    main()
