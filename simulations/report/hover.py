"""What a hover shows: every figure's numbers at a few hundred ticks."""

from typing import Any

import numpy as np

from forecast.arrays import FloatArray, IntArray
from simulations.report.axes import moment_text
from simulations.report.downsample import worst_ticks
from simulations.report.frame import Frame
from simulations.report.why import top_reasons
from simulations.result import Timeline

_POINTS = 480
_COUNTS = ("required", "ready", "pending", "draining")


def hover_numbers(frame: Frame, timelines: dict[str, Timeline]) -> dict[str, Any]:
    """Return one pool's numbers for the script, by policy; the figure of the demand is "".

    Every point is one real tick, the one in its part of the run that was shortest of servers.
    """
    short = np.add.reduce(
        [np.maximum(each.required - each.ready, 0) for each in timelines.values()]
    )
    ticks = worst_ticks(short, buckets=_POINTS)
    return {
        "times": [moment_text(frame.time_of(tick + 1)) for tick in ticks.tolist()],
        "places": [frame.x(tick + 1) for tick in ticks.tolist()],
        "figures": {
            "": _demand(timelines, ticks),
            **{name: _capacity(each, ticks) for name, each in timelines.items()},
        },
    }


def _demand(timelines: dict[str, Timeline], ticks: IntArray) -> dict[str, list[Any]]:
    wanted = next(iter(timelines.values())).demand
    forecasts = {
        f"forecast of {name}": _known(each.forecast[ticks])
        for name, each in timelines.items()
        if np.isfinite(each.forecast).any()
    }
    return {"wanted": _known(wanted[ticks]), **forecasts}


def _capacity(timeline: Timeline, ticks: IntArray) -> dict[str, list[Any]]:
    numbers: dict[str, list[Any]] = {
        name: getattr(timeline, name)[ticks].tolist() for name in _COUNTS
    }
    numbers["asked for"] = timeline.floor[ticks].tolist()
    if any(timeline.reasons):
        numbers["why"] = [top_reasons(timeline.reasons[tick]) for tick in ticks.tolist()]
    return numbers


def _known(values: FloatArray) -> list[int | None]:
    """Whole participants; what is not a number is nothing, because JSON has no word for it."""
    return [round(value) if np.isfinite(value) else None for value in values.tolist()]
