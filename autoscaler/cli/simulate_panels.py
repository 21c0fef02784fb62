"""One pool or one link under one policy, drawn over time."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from autoscaler.cli.drawing import BLACK, BLUE, GREEN, ORANGE, PINK, SKY, time_axis
from autoscaler.cli.simulate_strips import draw_strips, link_strips, pool_strips
from forecast.arrays import FloatArray, IntArray
from simulations.report.downsample import kept_ticks
from simulations.report.rates import unit_for
from simulations.result import LinkTimeline, Mark, ScenarioResult, Timeline

_BUCKETS = 400
_DAY = 86_400.0


def draw_demand(axes: Axes, result: ScenarioResult, policy: str, index: int) -> None:
    """Draw what people wanted of a pool, and what a policy expected one lead time ahead."""
    timeline: Timeline = result.timelines[policy][index]
    drawn = [(timeline.demand, "wanted", BLACK, "-", 0.9)]
    if np.isfinite(timeline.forecast).any():
        drawn.insert(0, (timeline.forecast, f"forecast of {policy}", PINK, "--", 1.0))
    _lines(axes, result, drawn, also=())
    _marks(axes, [each for each in result.marks if each.pool in (None, result.pools[index])])
    axes.set_ylabel("participants", fontsize="x-small")


def draw_pool(axes: Axes, result: ScenarioResult, policy: str, index: int) -> None:
    """Draw required and ready servers, what was on its way, and what was missing."""
    timeline: Timeline = result.timelines[policy][index]
    _draw(
        axes,
        result,
        lines=(
            (timeline.ready + timeline.pending, "ordered", SKY, "--", 1.0),
            (timeline.ready, "ready or delivered", BLUE, "-", 1.8),
            (timeline.floor, "asked for", GREEN, ":", 1.0),
            (timeline.required, "needed", BLACK, "-", 0.8),
        ),
        had=timeline.ready,
        needed=timeline.required,
    )
    _marks(axes, [each for each in result.marks if each.pool in (None, result.pools[index])])
    draw_strips(axes, result, pool_strips(result, timeline))
    axes.set_ylabel("servers", fontsize="x-small")


def draw_link(axes: Axes, result: ScenarioResult, policy: str, index: int) -> None:
    """Draw what was needed of a link, what was delivered and ordered, and its port."""
    timeline: LinkTimeline = result.link_timelines[policy][index]
    unit = unit_for(max(float(timeline.wanted.max()), float(timeline.ordered.max())))
    port = np.full(len(timeline.wanted), timeline.port_mbps)
    _draw(
        axes,
        result,
        lines=(
            (port / unit.mbps, "port", PINK, "-.", 1.0),
            (timeline.ordered / unit.mbps, "ordered", SKY, "--", 1.0),
            (timeline.bought / unit.mbps, "ready or delivered", BLUE, "-", 1.8),
            (timeline.wanted / unit.mbps, "needed", BLACK, "-", 0.8),
        ),
        had=timeline.most / unit.mbps,
        needed=timeline.wanted / unit.mbps,
    )
    _marks(axes, [each for each in result.marks if each.pool is None])
    draw_strips(axes, result, link_strips(result, timeline))
    axes.set_ylabel(unit.name, fontsize="x-small")


_Series = FloatArray | IntArray
_Line = tuple[_Series, str, str, str, float]


def _draw(
    axes: Axes,
    result: ScenarioResult,
    *,
    lines: Sequence[_Line],
    had: _Series,
    needed: _Series,
) -> None:
    lower = np.minimum(had, needed)
    ticks = _lines(axes, result, lines, also=(lower, needed - lower))
    axes.fill_between(
        _days(result, ticks),
        lower[ticks],
        needed[ticks],
        where=(needed > lower)[ticks].tolist(),
        step="post",
        facecolor=ORANGE,
        alpha=0.55,
        hatch="/////",
        edgecolor=ORANGE,
        linewidth=0.0,
        label="shortage",
        zorder=1.5,  # under the lines, which say how much it is
    )


def _lines(
    axes: Axes, result: ScenarioResult, lines: Sequence[_Line], *, also: Sequence[_Series]
) -> IntArray:
    """Draw lines over the time axis; return the ticks kept, at which `also` is seen too."""
    ticks = kept_ticks([*(values for values, *_ in lines), *also], buckets=_BUCKETS)
    at = _days(result, ticks)
    for values, label, colour, dashes, width in lines:
        axes.plot(
            at,
            values[ticks],
            color=colour,
            linestyle=dashes,
            linewidth=width,
            label=label,
            drawstyle="steps-post",
        )
    axes.set_xlim(at[0], at[-1])
    time_axis(axes)
    axes.set_xlabel("")
    axes.tick_params(labelsize="x-small")
    axes.xaxis.get_offset_text().set_visible(False)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    return ticks


def _days(result: ScenarioResult, ticks: IntArray) -> FloatArray:
    at: FloatArray = (result.start + (ticks + 1) * result.tick_seconds) / _DAY
    return at


def _marks(axes: Axes, marks: Sequence[Mark]) -> None:
    """Shade faults, surges and events; what recurs is named once, at its first beginning."""
    named: set[str] = set()
    for mark in marks:
        axes.axvspan(mark.start / _DAY, mark.end / _DAY, color="#999999", alpha=0.16, linewidth=0.0)
        if mark.label in named:
            continue
        axes.annotate(
            mark.label,
            (max(mark.start / _DAY, axes.get_xlim()[0]), 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(2, -8 - 8 * (len(named) % 3)),
            textcoords="offset points",
            fontsize="xx-small",
            annotation_clip=True,
        )
        named.add(mark.label)
