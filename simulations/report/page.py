"""The page: one file, no network, readable without scripts and in print."""

from dataclasses import dataclass
from pathlib import Path

import jinja2
import numpy as np

from simulations.report.axes import duration_text, moment_text
from simulations.report.charts import capacity_chart, demand_chart
from simulations.report.drawing import Chart
from simulations.report.frame import Frame
from simulations.report.hover import hover_numbers
from simulations.report.table import COLUMNS, percent, rows
from simulations.report.why import usual_reasons
from simulations.result import ScenarioResult, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart with its caption; `policy` is empty where the chart is of the demand."""

    policy: str
    caption: str
    why: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class PoolSection:
    """One pool: the demand first, then one figure per policy."""

    name: str
    figures: tuple[Figure, ...]


def render(result: ScenarioResult) -> str:
    """Return the HTML of a result. Same result, same page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"allow_nan": False}
    by_pool = [
        (
            name,
            _frame(result, name),
            {policy: pools[index] for policy, pools in result.timelines.items()},
        )
        for index, name in enumerate(result.pools)
    ]
    return environment.get_template("page.html").render(
        result=result,
        simulated=duration_text(result.simulated_seconds),
        began=moment_text(result.start),
        columns=COLUMNS,
        rows=rows(result),
        pools=[_section(name, frame, timelines) for name, frame, timelines in by_pool],
        hover=[hover_numbers(frame, timelines) for _, frame, timelines in by_pool],
    )


def _frame(result: ScenarioResult, pool: str) -> Frame:
    return Frame(
        start=result.start,
        tick_seconds=result.tick_seconds,
        ticks=result.simulated_seconds // result.tick_seconds,
        marks=tuple(mark for mark in result.marks if mark.pool in (None, pool)),
    )


def _section(pool: str, frame: Frame, timelines: dict[str, Timeline]) -> PoolSection:
    forecaster = next(
        (name for name, each in timelines.items() if np.isfinite(each.forecast).any()), None
    )
    demand = demand_chart(
        frame, timelines[forecaster or next(iter(timelines))], forecaster=forecaster
    )
    top = max(
        int(np.maximum(each.required, each.ready + each.pending).max())
        for each in timelines.values()
    )
    capacity = [
        Figure(
            policy=name,
            caption=_caption(timeline, frame.tick_seconds),
            why=usual_reasons(timeline.reasons),
            chart=capacity_chart(frame, name, timeline, top=top),
        )
        for name, timeline in timelines.items()
    ]
    return PoolSection(
        pool, (Figure(policy="", caption=demand.title, why="", chart=demand), *capacity)
    )


def _caption(timeline: Timeline, tick_seconds: int) -> str:
    joins, blocked = float(timeline.joins.sum()), float(timeline.blocked.sum())
    share = percent(100.0 * blocked / joins if joins else 0.0)
    short = np.maximum(timeline.required - timeline.ready, 0)
    worst = int(short.argmax())
    if not short[worst]:
        return f"{share} of joins blocked, never short"
    lasted = duration_text(int((short > 0).sum()) * tick_seconds)
    return (
        f"{share} of joins blocked, short for {lasted}, "
        f"at worst {int(short[worst])} of {int(timeline.required[worst])} servers missing"
    )
