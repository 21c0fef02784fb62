"""One pool or one link under one policy, drawn over time."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from autoscaler.cli.drawing import BLACK, BLUE, GREEN, ORANGE, PINK, SKY, time_axis
from forecast.arrays import BoolArray, FloatArray, IntArray
from simulations.report.downsample import kept_ticks
from simulations.report.rates import unit_for
from simulations.result import Approval, LinkTimeline, Mark, ScenarioResult, Timeline

_BUCKETS = 150
_DAY = 86_400.0
_STRIP = (-0.07, -0.015)
"""Where, in parts of the axes' height, it is said when something was so."""


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
    _approvals(axes, timeline.approvals)
    _strip(axes, result, timeline.no_data | timeline.blind, "no metrics or blind")
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
    _approvals(axes, timeline.approvals)
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
    every = [*(values for values, *_ in lines), lower, needed - lower]
    ticks = kept_ticks(every, buckets=_BUCKETS)
    at = (result.start + (ticks + 1) * result.tick_seconds) / _DAY
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
    axes.fill_between(
        at,
        lower[ticks],
        needed[ticks],
        where=(needed > lower)[ticks].tolist(),
        step="post",
        facecolor=ORANGE,
        alpha=0.7,
        hatch="////",
        edgecolor=ORANGE,
        label="shortage",
        zorder=3,
    )
    axes.set_xlim(at[0], at[-1])
    time_axis(axes)
    axes.set_xlabel("")
    axes.tick_params(labelsize="x-small")
    axes.xaxis.get_offset_text().set_visible(False)


def _marks(axes: Axes, marks: Sequence[Mark]) -> None:
    """Shade faults and surges, the name of each at its beginning."""
    for row, mark in enumerate(marks):
        axes.axvspan(mark.start / _DAY, mark.end / _DAY, color="#999999", alpha=0.16, linewidth=0.0)
        axes.annotate(
            mark.label,
            (max(mark.start / _DAY, axes.get_xlim()[0]), 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(2, -8 - 8 * (row % 3)),
            textcoords="offset points",
            fontsize="xx-small",
            annotation_clip=True,
        )


def _approvals(axes: Axes, approvals: Sequence[Approval]) -> None:
    """Mark below the plot when an answer was waited for."""
    for index, each in enumerate(approvals):
        axes.plot(
            [each.asked / _DAY, each.answered / _DAY],
            [_STRIP[0]] * 2,
            color=PINK,
            linewidth=3.0,
            solid_capstyle="butt",
            transform=axes.get_xaxis_transform(),
            clip_on=False,
            label="approval waited for" if index == 0 else None,
        )


def _strip(axes: Axes, result: ScenarioResult, flags: BoolArray, label: str) -> None:
    """Mark below the plot when something was so."""
    if not flags.any():
        return
    at = (result.start + np.arange(len(flags) + 1) * result.tick_seconds) / _DAY
    axes.fill_between(
        at,
        *_STRIP,
        where=np.append(flags, False).tolist(),
        step="post",
        facecolor="white",
        edgecolor=BLACK,
        hatch="xxxx",
        linewidth=0.3,
        transform=axes.get_xaxis_transform(),
        clip_on=False,
        label=label,
    )
