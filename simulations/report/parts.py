"""What the charts of pools and links have in common."""

from collections.abc import Callable, Sequence

import numpy as np

from forecast.arrays import FloatArray, IntArray
from simulations.report.axes import Scale, Tick, duration_text, moment_text, round_steps
from simulations.report.downsample import kept_ticks, runs
from simulations.report.drawing import Curve, Lane, Shape, Span, spread
from simulations.report.frame import Frame
from simulations.report.paths import between

TOP = 16.0
LANE = 14.0
BELOW_PLOT = 6.0
AXIS = 20.0
HEADROOM = 1.05
_LABEL_GAP = 14.0
_ABOVE_ZERO = 5.0
"""Pixels between the lowest name and the zero line, so that it is not read as a lane's."""


def named(curves: Sequence[Curve], *, lowest: float) -> tuple[Curve, ...]:
    """Move the curves' names apart."""
    places = spread(
        [curve.label_y for curve in curves], gap=_LABEL_GAP, lowest=lowest - _ABOVE_ZERO
    )
    return tuple(
        Curve(curve.kind, curve.path, curve.label, place)
        for curve, place in zip(curves, places, strict=True)
    )


def y_ticks(top: float, y: Scale) -> tuple[Tick, ...]:
    """Return round numbers from zero up."""
    return tuple(Tick(y(value), _short(value)) for value in round_steps(top))


def _short(count: float) -> str:
    return f"{count:,.0f}" if count < 1e6 else f"{count / 1e6:g} M"


def lanes(top: float, *possible: tuple[str, str, tuple[Span, ...]]) -> tuple[Lane, ...]:
    """Return strips from `top` downwards, those left out in which nothing was."""
    there = [each for each in possible if each[2]]
    return tuple(
        Lane(kind, label, top + index * LANE, spans)
        for index, (kind, label, spans) in enumerate(there)
    )


def shortages(
    frame: Frame,
    had: IntArray | FloatArray,
    needed: IntArray | FloatArray,
    y: Scale,
    say: Callable[[float], str],
) -> tuple[Shape, ...]:
    """Return the areas in which less was there than needed; `say` writes how much was missing."""
    lower = np.minimum(had, needed)
    short = needed - lower
    kept = kept_ticks([needed, lower, short], buckets=frame.buckets)
    shapes = []
    for first, after in runs(short > 0, gap=frame.gap):
        within = kept[(kept >= first) & (kept < after)]
        ticks = np.unique(np.concatenate([[first], within, [after - 1]]))
        stretch = short[first:after]
        lasted = duration_text(int((stretch > 0).sum()) * frame.tick_seconds)
        began = moment_text(frame.time_of(first))
        title = f"short of up to {say(float(stretch.max()))} from {began} for {lasted}"
        shapes.append(Shape(between(ticks, lower, needed, frame.x, y), title))
    return tuple(shapes)
