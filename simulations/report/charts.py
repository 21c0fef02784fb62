"""The two charts of a pool: what people wanted, and what served them under a policy."""

from collections.abc import Sequence

import numpy as np

from forecast.arrays import FloatArray
from simulations.report.axes import Scale, Tick, round_steps
from simulations.report.downsample import kept_ticks, runs
from simulations.report.drawing import Chart, Curve, Lane, Shape, spread
from simulations.report.frame import Frame
from simulations.report.paths import between, line, steps
from simulations.result import Timeline

_TOP = 16.0
_LANE = 13.0
_LABEL_GAP = 13.0
_ABOVE_ZERO = 5.0
"""Pixels between the lowest name and the zero line, so that it is not read as a lane's."""
_BELOW_PLOT = 6.0
_AXIS = 20.0
_HEADROOM = 1.05
_BUCKETS = 400


def demand_chart(frame: Frame, timeline: Timeline, *, forecaster: str | None) -> Chart:
    """Draw the demand and the forecast of the policy `forecaster` (None: nobody forecasts)."""
    bottom = 122.0
    drawn = [("demand", "wanted", timeline.demand)]
    if forecaster is not None:
        drawn.append(("forecast", "forecast", timeline.forecast))
    top = max(1.0, *(float(np.nanmax(values)) for _, _, values in drawn))
    y = Scale(0, top * _HEADROOM, bottom, _TOP)
    ticks = kept_ticks([values for _, _, values in drawn], buckets=_BUCKETS)
    described = (
        "" if forecaster is None else f", and as {forecaster} forecast it one lead time ahead"
    )
    return Chart(
        title=f"Participants who want to be in meetings{described}",
        unit="participants",
        bottom=bottom,
        height=bottom + _AXIS,
        curves=_named(
            [
                Curve(kind, line(ticks, values, frame.x, y), label, y(_last(values)))
                for kind, label, values in drawn
            ],
            lowest=bottom,
        ),
        marks=frame.mark_spans(),
        labels=frame.mark_labels(),
        x_ticks=frame.axis(),
        y_ticks=_y_ticks(top, y),
    )


def capacity_chart(frame: Frame, policy: str, timeline: Timeline, *, top: int) -> Chart:
    """Draw required and ready servers under a policy; `top` is the highest of all policies."""
    bottom = 148.0
    y = Scale(0, max(1, top) * _HEADROOM, bottom, _TOP)
    drawn = (
        ("floor", "asked for", timeline.floor),
        ("ordered", "on its way", timeline.ready + timeline.pending),
        ("ready", "ready", timeline.ready),
        ("required", "required", timeline.required),
    )
    ticks = kept_ticks([values for _, _, values in drawn], buckets=_BUCKETS)
    lanes = _lanes(frame, timeline, bottom + _BELOW_PLOT)
    return Chart(
        title=f"Servers under {policy}",
        unit="servers",
        bottom=bottom,
        height=bottom + _BELOW_PLOT + _LANE * len(lanes) + _AXIS,
        curves=_named(
            [
                Curve(kind, steps(ticks, values, frame.x, y), label, y(float(values[-1])))
                for kind, label, values in drawn
            ],
            lowest=bottom,
        ),
        filled=between(ticks, np.zeros_like(timeline.ready), timeline.ready, frame.x, y),
        shortages=_shortages(frame, timeline, y),
        lanes=lanes,
        marks=frame.mark_spans(),
        x_ticks=frame.axis(),
        y_ticks=_y_ticks(top, y),
    )


def _shortages(frame: Frame, timeline: Timeline, y: Scale) -> tuple[Shape, ...]:
    lower = np.minimum(timeline.ready, timeline.required)
    short = timeline.required - lower
    kept = kept_ticks([timeline.required, lower, short], buckets=_BUCKETS)
    shapes = []
    for first, after in runs(short > 0):
        within = kept[(kept >= first) & (kept < after)]
        ticks = np.unique(np.concatenate([[first], within, [after - 1]]))
        title = frame.when(first, after, f"short of up to {int(short[first:after].max())} servers")
        shapes.append(Shape(between(ticks, lower, timeline.required, frame.x, y), title))
    return tuple(shapes)


def _lanes(frame: Frame, timeline: Timeline, top: float) -> tuple[Lane, ...]:
    refused = frame.shares(timeline.blocked, timeline.joins, "joins refused")
    possible = (
        ("refused", "joins refused", refused),
        ("nodata", "no metrics", frame.spans(timeline.no_data, "no metrics")),
        ("blind", "blind", frame.spans(timeline.blind, "blind")),
        ("surge", "surge", frame.spans(timeline.surge, "surge")),
    )
    there = [each for each in possible if each[2]]
    return tuple(
        Lane(kind, label, top + index * _LANE, spans)
        for index, (kind, label, spans) in enumerate(there)
    )


def _named(curves: Sequence[Curve], *, lowest: float) -> tuple[Curve, ...]:
    """Move the curves' names apart."""
    places = spread(
        [curve.label_y for curve in curves], gap=_LABEL_GAP, lowest=lowest - _ABOVE_ZERO
    )
    return tuple(
        Curve(curve.kind, curve.path, curve.label, place)
        for curve, place in zip(curves, places, strict=True)
    )


def _y_ticks(top: float, y: Scale) -> tuple[Tick, ...]:
    return tuple(Tick(y(value), f"{value:,.0f}") for value in round_steps(top))


def _last(values: FloatArray) -> float:
    return float(values[np.isfinite(values)][-1])
