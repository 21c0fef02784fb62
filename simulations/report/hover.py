"""What a hover shows: every figure's numbers at a few hundred ticks."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from forecast.arrays import FloatArray, IntArray
from simulations.report.axes import moment_text
from simulations.report.downsample import worst_ticks
from simulations.report.frame import Frame
from simulations.report.rates import RateUnit, rate_text
from simulations.report.why import top_reasons
from simulations.result import LinkTimeline, Timeline

_COUNTS = ("required", "ready", "pending", "draining")


def pool_numbers(frame: Frame, timelines: dict[str, Timeline]) -> dict[str, Any]:
    """Return one pool's numbers for the script, by policy; the figure of the demand is "".

    Every point is one real tick, the one in its part of the run that was shortest of servers.
    """
    short = np.add.reduce(
        [np.maximum(each.required - each.ready, 0) for each in timelines.values()]
    )
    ticks = worst_ticks(short, buckets=frame.buckets)
    return {
        **_places(frame, ticks),
        "unit": "",
        "figures": {
            "": _demand(timelines, ticks),
            **{name: _capacity(each, ticks) for name, each in timelines.items()},
        },
    }


def link_numbers(
    frame: Frame, timelines: dict[str, LinkTimeline], unit: RateUnit
) -> dict[str, Any]:
    """Return one link's numbers, by policy, at the ticks at which most was missing."""
    short = np.add.reduce([np.maximum(each.wanted - each.most, 0.0) for each in timelines.values()])
    ticks = worst_ticks(short, buckets=frame.buckets)
    return {
        **_places(frame, ticks),
        "unit": f" {unit.name}",
        "figures": {name: _rates(each, ticks, unit) for name, each in timelines.items()},
    }


def _places(frame: Frame, ticks: IntArray) -> dict[str, list[Any]]:
    return {
        "times": [moment_text(frame.time_of(tick + 1)) for tick in ticks.tolist()],
        "places": [frame.x(tick + 1) for tick in ticks.tolist()],
    }


def _demand(timelines: dict[str, Timeline], ticks: IntArray) -> dict[str, list[Any]]:
    wanted = next(iter(timelines.values())).demand
    forecasts = {
        f"forecast of {name}": _known(each.forecast[ticks])
        for name, each in timelines.items()
        if np.isfinite(each.forecast).any()
    }
    return {"wanted": _known(wanted[ticks]), **forecasts}


def _capacity(timeline: Timeline, ticks: IntArray) -> dict[str, Any]:
    numbers: dict[str, Any] = {name: getattr(timeline, name)[ticks].tolist() for name in _COUNTS}
    numbers["asked for"] = timeline.floor[ticks].tolist()
    if any(timeline.reasons):
        numbers["why"] = _once([top_reasons(timeline.reasons[tick]) for tick in ticks.tolist()])
    return numbers


def _rates(timeline: LinkTimeline, ticks: IntArray, unit: RateUnit) -> dict[str, Any]:
    curves = (
        ("needed", timeline.wanted),
        ("carried", timeline.carried),
        ("delivered", timeline.bought),
        ("ordered", timeline.ordered),
    )
    numbers: dict[str, Any] = {
        name: np.round(values[ticks] / unit.mbps, 2).tolist() for name, values in curves
    }
    if any(timeline.reasons):
        reasons = [timeline.reasons[tick] for tick in ticks.tolist()]
        numbers["why"] = _once([top_reasons(each, say=rate_text) for each in reasons])
    return numbers


def _once(texts: Sequence[str]) -> dict[str, list[Any]]:
    """Write every text once, and where each of them stands: most hold for many ticks."""
    different = list(dict.fromkeys(texts))
    index = {text: place for place, text in enumerate(different)}
    return {"texts": different, "at": [index[text] for text in texts]}


def _known(values: FloatArray) -> list[int | None]:
    """Whole participants; what is not a number is nothing, because JSON has no word for it."""
    return [round(value) if np.isfinite(value) else None for value in values.tolist()]
