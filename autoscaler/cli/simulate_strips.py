"""Strips below a plot that say when something was so."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from autoscaler.cli.drawing import BLACK, ORANGE, PINK
from forecast.arrays import BoolArray
from simulations.report.downsample import runs
from simulations.result import Approval, LinkTimeline, ScenarioResult, Timeline

_DAY = 86_400.0
_GAP, _HIGH = 0.02, 0.045
"""Parts of the axes' height, between strips and of one."""
_PAD, _POINTS = 3.0, 5.0
"""Points between the axis and its labels, and what a strip takes of them."""
_COLUMNS = 400
_MANY_PCT = 1.0
_YELLOW = "#e69f00"


@dataclass(frozen=True, slots=True)
class Strip:
    """When something was so, by tick, and how it looks."""

    label: str
    flags: BoolArray
    colour: str
    hatch: str = ""


def pool_strips(result: ScenarioResult, timeline: Timeline) -> list[Strip]:
    """Return what is told below a pool's chart."""
    many = timeline.blocked * 100.0 > timeline.joins * _MANY_PCT
    return [
        Strip(f"over {_MANY_PCT:g} % of joins refused", many, ORANGE),
        Strip("no metrics", timeline.no_data, "#dddddd", "...."),
        Strip("blind", timeline.blind, "white", "xxxxxx"),
        Strip("surge", timeline.surge, _YELLOW, "||||"),
        Strip("approval waited for", _waits(result, timeline.approvals), PINK),
    ]


def link_strips(result: ScenarioResult, timeline: LinkTimeline) -> list[Strip]:
    """Return what is told below a link's chart."""
    return [Strip("approval waited for", _waits(result, timeline.approvals), PINK)]


def draw_strips(axes: Axes, result: ScenarioResult, strips: Sequence[Strip]) -> None:
    """Draw the strips that have something to tell, and the time's labels below them."""
    there = [strip for strip in strips if strip.flags.any()]
    for row, strip in enumerate(there):
        spans = runs(strip.flags, gap=strip.flags.size // _COLUMNS)
        start, tick = result.start / _DAY, result.tick_seconds / _DAY
        axes.broken_barh(
            [(start + first * tick, (after - first) * tick) for first, after in spans],
            (-(row + 1) * (_GAP + _HIGH), _HIGH),
            facecolor=strip.colour,
            edgecolor=BLACK,
            hatch=strip.hatch,
            linewidth=0.3,
            transform=axes.get_xaxis_transform(),
            clip_on=False,
            label=strip.label,
        )
    axes.tick_params(axis="x", length=0, pad=_PAD + _POINTS * len(there))


def _waits(result: ScenarioResult, approvals: Sequence[Approval]) -> BoolArray:
    flags = np.zeros(result.simulated_seconds // result.tick_seconds, dtype=np.bool_)
    for each in approvals:
        first = max(each.asked - result.start, 0) // result.tick_seconds
        flags[first : max((each.answered - result.start) // result.tick_seconds, first + 1)] = True
    return flags
