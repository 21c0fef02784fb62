"""The two charts of a pool: what people wanted, and what served them under a policy."""

import numpy as np

from forecast.arrays import FloatArray
from simulations.report.axes import Scale
from simulations.report.downsample import kept_ticks
from simulations.report.drawing import Chart, Curve
from simulations.report.frame import Frame
from simulations.report.parts import (
    AXIS,
    BELOW_PLOT,
    HEADROOM,
    LANE,
    TOP,
    lanes,
    named,
    shortages,
    y_ticks,
)
from simulations.report.paths import between, line, steps
from simulations.result import Timeline


def demand_chart(frame: Frame, timeline: Timeline, *, forecaster: str | None) -> Chart:
    """Draw the demand and the forecast of the policy `forecaster` (None: nobody forecasts)."""
    bottom = 122.0
    drawn = [("demand", "wanted", timeline.demand)]
    if forecaster is not None:
        drawn.append(("forecast", "forecast", timeline.forecast))
    top = max(1.0, *(float(np.nanmax(values)) for _, _, values in drawn))
    y = Scale(0, top * HEADROOM, bottom, TOP)
    ticks = kept_ticks([values for _, _, values in drawn], buckets=frame.buckets)
    described = (
        "" if forecaster is None else f", and as {forecaster} forecast it one lead time ahead"
    )
    return Chart(
        title=f"Participants who want to be in meetings{described}",
        unit="",  # the title says it
        bottom=bottom,
        height=bottom + AXIS,
        curves=named(
            [
                Curve(kind, line(ticks, values, frame.x, y), label, y(_last(values)))
                for kind, label, values in drawn
            ],
            lowest=bottom,
        ),
        marks=frame.mark_spans(),
        labels=frame.mark_labels(),
        x_ticks=frame.axis(),
        y_ticks=y_ticks(top, y),
    )


def capacity_chart(frame: Frame, policy: str, timeline: Timeline, *, top: int) -> Chart:
    """Draw required and ready servers under a policy; `top` is the highest of all policies."""
    bottom = 148.0
    y = Scale(0, max(1, top) * HEADROOM, bottom, TOP)
    drawn = (
        ("floor", "asked for", timeline.floor),
        ("ordered", "on its way", timeline.ready + timeline.pending),
        ("ready", "ready", timeline.ready),
        ("required", "required", timeline.required),
    )
    ticks = kept_ticks([values for _, _, values in drawn], buckets=frame.buckets)
    strips = lanes(
        bottom + BELOW_PLOT,
        (
            "refused",
            "joins refused",
            frame.shares(timeline.blocked, timeline.joins, "joins refused"),
        ),
        ("nodata", "no metrics", frame.spans(timeline.no_data, "no metrics")),
        ("blind", "blind", frame.spans(timeline.blind, "blind")),
        ("surge", "surge", frame.spans(timeline.surge, "surge")),
        ("approval", "approval", frame.approvals(timeline.approvals, _servers)),
    )
    return Chart(
        title=f"Servers under {policy}",
        unit="servers",
        bottom=bottom,
        height=bottom + BELOW_PLOT + LANE * len(strips) + AXIS,
        curves=named(
            [
                Curve(kind, steps(ticks, values, frame.x, y), label, y(float(values[-1])))
                for kind, label, values in drawn
            ],
            lowest=bottom,
        ),
        filled=between(ticks, np.zeros_like(timeline.ready), timeline.ready, frame.x, y),
        shortages=shortages(frame, timeline.ready, timeline.required, y, _servers),
        lanes=strips,
        marks=frame.mark_spans(),
        x_ticks=frame.axis(),
        y_ticks=y_ticks(top, y),
    )


def _servers(count: float) -> str:
    return f"{count:,.0f} servers"


def _last(values: FloatArray) -> float:
    return float(values[np.isfinite(values)][-1])
