"""The figures of a result, region by region: its pools, then the links that they use."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from simulations.report.axes import duration_text
from simulations.report.charts import capacity_chart, demand_chart
from simulations.report.columns import percent
from simulations.report.drawing import Chart
from simulations.report.frame import MOST_BUCKETS, Frame
from simulations.report.hover import link_numbers, pool_numbers
from simulations.report.link_charts import highest, link_caption, link_chart
from simulations.report.rates import unit_for
from simulations.report.why import usual_reasons
from simulations.result import ScenarioResult, Timeline

_LEAST_BUCKETS = 120
_BUCKETS_OF_ALL = 4800
"""Shared among the figures, so that many of them still make a page that opens at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart with its caption; `policy` is empty where the chart is of the demand."""

    policy: str
    caption: str
    why: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class Section:
    """One pool, the demand first, or one link; a figure per policy, and the script's numbers."""

    name: str
    kind: str
    figures: tuple[Figure, ...]
    hover: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Region:
    """Sections of one region; `glance` says how each policy fared there."""

    name: str
    glance: str
    sections: tuple[Section, ...]


def regions(result: ScenarioResult) -> tuple[Region, ...]:
    """Return the regions as pools first name them, then the links that several of them share."""
    names = [region or pool for region, pool in zip(result.regions, result.pools, strict=True)]
    link_homes = [{names[pool] for pool in users} for users in result.link_users]
    found = []
    for name in dict.fromkeys(names):
        pools = [index for index, region in enumerate(names) if region == name]
        links = [index for index, homes in enumerate(link_homes) if homes == {name}]
        sections = [
            *(_pool(result, index) for index in pools),
            *(_link(result, index) for index in links),
        ]
        found.append(Region(f"Region {name}", _glance(result, pools), tuple(sections)))
    shared = [index for index, homes in enumerate(link_homes) if len(homes) != 1]
    if shared:
        sections = [_link(result, index) for index in shared]
        found.append(Region("Links of several regions", "", tuple(sections)))
    return tuple(found)


def forecaster(result: ScenarioResult, pool: int) -> str:
    """Return the first policy that forecast a pool's demand, the first of all if none did."""
    known = (
        policy
        for policy, pools in result.timelines.items()
        if np.isfinite(pools[pool].forecast).any()
    )
    return next(known, next(iter(result.timelines)))


def _frame(result: ScenarioResult, pool: str | None) -> Frame:
    policies = len(result.policies)
    figures = len(result.pools) * (1 + policies) + len(result.links) * policies
    return Frame(
        start=result.start,
        tick_seconds=result.tick_seconds,
        ticks=result.simulated_seconds // result.tick_seconds,
        marks=tuple(mark for mark in result.marks if mark.pool in (None, pool)),
        buckets=min(MOST_BUCKETS, max(_LEAST_BUCKETS, _BUCKETS_OF_ALL // figures)),
    )


def _pool(result: ScenarioResult, index: int) -> Section:
    frame = _frame(result, result.pools[index])
    timelines = {policy: pools[index] for policy, pools in result.timelines.items()}
    first = forecaster(result, index)
    known = bool(np.isfinite(timelines[first].forecast).any())
    demand = demand_chart(frame, timelines[first], forecaster=first if known else None)
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
    figures = (Figure(policy="", caption=demand.title, why="", chart=demand), *capacity)
    return Section(result.pools[index], "Pool", figures, pool_numbers(frame, timelines))


def _link(result: ScenarioResult, index: int) -> Section:
    users = result.link_users[index]
    frame = _frame(result, result.pools[users[0]] if len(users) == 1 else None)
    link = result.links[index]
    timelines = {policy: links[index] for policy, links in result.link_timelines.items()}
    top = max(map(highest, timelines.values()))
    figures = tuple(
        Figure(
            policy=name,
            caption=link_caption(timeline, frame.tick_seconds),
            why=usual_reasons(timeline.reasons),
            chart=link_chart(frame, name, link, timeline, top=top),
        )
        for name, timeline in timelines.items()
    )
    return Section(link, "Link", figures, link_numbers(frame, timelines, unit_for(top)))


def _glance(result: ScenarioResult, pools: list[int]) -> str:
    """Say how long some pool of a region was short, by policy."""

    def short(timelines: tuple[Timeline, ...]) -> int:
        missing = [timelines[pool].required > timelines[pool].ready for pool in pools]
        return int(np.logical_or.reduce(missing).sum()) * result.tick_seconds

    def say(lasted: int) -> str:
        return f"short for {duration_text(lasted)}" if lasted else "never short"

    return " · ".join(f"{name} {say(short(each))}" for name, each in result.timelines.items())


def _caption(timeline: Timeline, tick_seconds: int) -> str:
    joins, blocked = float(timeline.joins.sum()), float(timeline.blocked.sum())
    said = [f"{percent(100.0 * blocked / joins if joins else 0.0)} of joins blocked"]
    short = np.maximum(timeline.required - timeline.ready, 0)
    worst = int(short.argmax())
    if short[worst]:
        lasted = duration_text(int((short > 0).sum()) * tick_seconds)
        said.append(
            f"short for {lasted}, "
            f"at worst {int(short[worst]):,} of {int(timeline.required[worst]):,} servers missing"
        )
    else:
        said.append("never short")
    if (asked := len(timeline.approvals)) > 0:
        waited = duration_text(sum(each.answered - each.asked for each in timeline.approvals))
        said.append(f"{'one approval' if asked == 1 else f'{asked} approvals'} waited for {waited}")
    return ", ".join(said)
