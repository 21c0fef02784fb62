"""A scenario as people read it before they run it: what happens when, in lines of text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from forecast.arrays import IntArray
from simulations.marks import marks
from simulations.scenario.schema import Scenario
from simulations.world.latent import latent

_BLOCKS = "▁▂▃▄▅▆▇█"
_LONGEST_LABEL = 24
_MOST_VALUES = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A line on the time axis: whose it is, and one character for each stretch of time."""

    label: str
    drawn: str
    note: str


def timeline(scenario: Scenario, *, columns: int) -> tuple[Row, ...]:
    """Return demand by pool (the highest in each stretch), then faults, surges and events."""
    return (*_demand(scenario, columns), *_happenings(scenario, columns))


def moment(scenario: Scenario, at: int) -> str:
    """Return epoch seconds on the scenario's own clock: `Mon 23 Mar 09:05`."""
    local = datetime.fromtimestamp(at, ZoneInfo(scenario.time_zone))
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def derived_numbers(scenario: Scenario) -> tuple[str, ...]:
    """Return the paths of the numbers that are ours, each with its values where they are few."""
    document = scenario.model_dump(mode="json", by_alias=True)
    lines = []
    for path in scenario.derived:
        found = list(_values_at(document, path.split(".")))
        if not all(isinstance(each, int | float | str) for each in found):
            found = []
        texts = dict.fromkeys(each if isinstance(each, str) else f"{each:,}" for each in found)
        lines.append(f"{path}: {'; '.join(texts)}" if 0 < len(texts) <= _MOST_VALUES else path)
    return tuple(lines)


def _values_at(node: Any, steps: list[str]) -> Iterator[Any]:
    """Yield what is at a path; a list has what its entries have."""
    if isinstance(node, list):
        for each in node:
            yield from _values_at(each, steps)
    elif not steps:
        yield node
    elif isinstance(node, dict) and node.get(steps[0]) is not None:
        yield from _values_at(node[steps[0]], steps[1:])


def _demand(scenario: Scenario, columns: int) -> list[Row]:
    rows = []
    for pool in scenario.pools:
        wanted = latent(pool, scenario).scored
        rows.append(Row(pool.name, _bars(wanted, columns), f"up to {wanted.max():,}"))
    return rows


def _bars(values: IntArray, columns: int) -> str:
    edges = np.linspace(0, values.size, columns + 1).astype(np.int64)[:-1]
    highest = np.maximum.reduceat(values, edges)
    levels = highest * (len(_BLOCKS) - 1) // max(int(highest.max()), 1)
    return "".join(_BLOCKS[level] for level in levels)


def _happenings(scenario: Scenario, columns: int) -> list[Row]:
    found = [(f"{each.kind} {each.label}", each.start, each.end) for each in marks(scenario)]
    first = scenario.epoch(scenario.start)
    last = first + scenario.duration_seconds
    rows = [
        Row(_short(label), _span(begin - first, end - first, last - first, columns), note)
        for label, begin, end in sorted(set(found), key=lambda each: each[1:])
        for note in [f"{moment(scenario, begin)} to {moment(scenario, min(end, last))}"]
    ]
    late = [(each.name, each.start) for each in scenario.faults]
    late += [(each.name, each.start) for pool in scenario.pools for each in pool.demand.surges]
    for name, start in dict.fromkeys(late):
        if scenario.epoch(start) >= last:
            note = f"never: {start:%Y-%m-%d %H:%M} is after the end"
            rows.append(Row(_short(name), "·" * columns, note))
    return rows


def _span(begin: int, end: int, whole: int, columns: int) -> str:
    first = min(max(begin * columns // whole, 0), columns - 1)
    stop = min(max(-(-end * columns // whole), first + 1), columns)
    return "·" * first + "━" * (stop - first) + "·" * (columns - stop)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"
