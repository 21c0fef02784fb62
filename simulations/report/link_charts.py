"""The chart of a link under a policy: what was needed of it, and what it could carry."""

import numpy as np

from simulations.report.axes import Scale, Tick, duration_text, round_steps
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
)
from simulations.report.paths import between, line, steps
from simulations.report.rates import rate_text, unit_for
from simulations.result import LinkTimeline

_PORT_SHOWN = 1.3
"""Times the highest other curve: a port above that would flatten everything else."""


def highest(timeline: LinkTimeline) -> float:
    """Return the highest that must be on the chart, Mbit/s: the port only where it is near."""
    top = max(1.0, float(timeline.wanted.max()), float(timeline.ordered.max()))
    return max(top, timeline.port_mbps) if timeline.port_mbps <= _PORT_SHOWN * top else top


def link_chart(
    frame: Frame, policy: str, link: str, timeline: LinkTimeline, *, top: float
) -> Chart:
    """Draw needed, ordered and delivered Mbit/s; `top` is the highest of all policies."""
    bottom = 122.0
    y = Scale(0, top * HEADROOM, bottom, TOP)
    unit = unit_for(top)
    drawn = [
        ("ordered", "ordered", timeline.ordered),
        ("ready", "delivered", timeline.bought),
    ]
    ticks = kept_ticks(
        [*(values for _, _, values in drawn), timeline.wanted, timeline.carried],
        buckets=frame.buckets,
    )
    curves = [
        Curve(kind, steps(ticks, values, frame.x, y), label, y(float(values[-1])))
        for kind, label, values in drawn
    ]
    needed = timeline.wanted
    curves.append(
        Curve("required", line(ticks, needed, frame.x, y), "needed", y(float(needed[-1])))
    )
    if timeline.port_mbps <= top:
        port = np.full(len(needed), timeline.port_mbps)
        curves.insert(
            0, Curve("port", steps(ticks[:1], port, frame.x, y), "port", y(timeline.port_mbps))
        )
    strips = lanes(
        bottom + BELOW_PLOT,
        ("approval", "approval", frame.approvals(timeline.approvals, rate_text)),
    )
    return Chart(
        title=f"Egress of {link} under {policy}",
        unit=unit.name,
        bottom=bottom,
        height=bottom + BELOW_PLOT + LANE * len(strips) + AXIS,
        curves=named(curves, lowest=bottom),
        filled=between(ticks, np.zeros_like(needed), timeline.carried, frame.x, y),
        shortages=shortages(frame, timeline.most, needed, y, rate_text),
        lanes=strips,
        marks=frame.mark_spans(),
        x_ticks=frame.axis(),
        y_ticks=tuple(
            Tick(y(value * unit.mbps), f"{value:,g}") for value in round_steps(top / unit.mbps)
        ),
    )


def link_caption(timeline: LinkTimeline, tick_seconds: int) -> str:
    """Say how long the link was full, what its port is, and what people were asked."""
    short = np.maximum(timeline.wanted - timeline.most, 0.0)
    worst = int(short.argmax())
    said = ["never full"]
    if short[worst] > 0.0:
        lasted = duration_text(int((short > 0.0).sum()) * tick_seconds)
        missing, wanted = rate_text(float(short[worst])), rate_text(float(timeline.wanted[worst]))
        said = [f"full for {lasted}, at worst {missing} of {wanted} missing"]
    if (asked := len(timeline.approvals)) > 0:
        waited = sum(each.answered - each.asked for each in timeline.approvals)
        times = "once" if asked == 1 else f"{asked} times"
        said.append(f"approval asked for {times}, waited for {duration_text(waited)}")
    return "; ".join([*said, f"port {rate_text(timeline.port_mbps)}"])
