"""Whether what was just measured of a pool may be planned with. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from autoscaler.capacity.calibration import LEAST_BLOCKS, Calibration, calibrate
from autoscaler.capacity.measured import Figure, Measured, Rooms, moved
from autoscaler.capacity.samples import Column, Samples
from forecast.arrays import round_significant

LEAST_SECONDS = 3600
"""Samples of a shorter time are of one kind of meetings."""
LATE_WINDOWS = 3
"""Samples whose newest window ended longer ago are stale."""
FADING = 0.99
"""How much of the fullest server seen is left after a fit that saw none as full: half in three
days."""
DIGITS = 4
RESPONSES: Mapping[Column, str] = {
    Column.EGRESS: "egress",
    Column.PACKETS_OUT: "packets",
    Column.CORES: "cores",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to plan with from now on, and why figures were not taken, by what they are of.

    `refused`: there were samples enough and they disagree. `waiting`: there were not, yet.
    """

    measured: Measured | None
    refused: Mapping[Column, str] = field(default_factory=dict)
    waiting: str = ""


def judge(samples: Samples, before: Measured | None, *, now: int) -> Verdict:
    """Return what to plan with after these samples; what they do not tell stays as `before`."""
    times, window = samples.times, samples.window_seconds
    if not all(np.isfinite(told).all() for told in samples.columns.values()):
        return Verdict(measured=before, waiting="what was measured is no number")
    if not len(times):
        return Verdict(measured=before, waiting="nothing was measured")
    start, end = int(times.min()) - window, int(times.max())
    if now - end > LATE_WINDOWS * window:
        return Verdict(measured=before, waiting=f"the newest window ended {now - end} s ago")
    if end - start < LEAST_SECONDS:
        waiting = f"{end - start} s of samples, {LEAST_SECONDS} are needed"
        return Verdict(measured=before, waiting=waiting)
    try:
        found = calibrate(samples)
    except (ArithmeticError, ValueError, RuntimeError) as error:
        refused = dict.fromkeys(RESPONSES, f"cannot be fitted: {error}")
        return Verdict(measured=before, refused=refused)
    figures, refused = _figures(found, before, start=start, end=end)
    rooms = _rooms(found, samples, end=end)
    if not figures and rooms is None:
        return Verdict(measured=before, refused=refused, waiting=_waiting(found))
    last = before or Measured(since=now)
    measured = Measured(
        since=last.since,
        egress=figures.get("egress", last.egress),
        packets=figures.get("packets", last.packets),
        cores=figures.get("cores", last.cores),
        idle_cores=_rounded(found.idle_cores) if "cores" in figures else last.idle_cores,
        fullest=_rounded(max(found.fullest, FADING * last.fullest)),
        rooms=rooms or last.rooms,
    )
    return Verdict(measured=measured, refused=refused)


def _figures(
    found: Calibration, before: Measured | None, *, start: int, end: int
) -> tuple[dict[str, Figure], dict[Column, str]]:
    figures: dict[str, Figure] = {}
    refused: dict[Column, str] = {}
    for column, name in RESPONSES.items():
        asked, doubt = found.asks(column), found.doubt(column)
        if doubt:
            # Nobody there, or streams that never varied, is no disagreement.
            if math.isfinite(asked.within) and found.fits[column].blocks >= LEAST_BLOCKS:
                refused[column] = doubt
            continue
        known = None if before is None else before.figures.get(column)
        figures[name] = Figure(
            value=_rounded(asked.value),
            within=_rounded(asked.within),
            planned=_rounded(moved(asked.dearest, known)),
            start=start,
            end=end,
            samples=found.fits[column].samples,
        )
    return figures, refused


def _rooms(found: Calibration, samples: Samples, *, end: int) -> Rooms | None:
    enough = len(np.unique(samples.blocks)) >= LEAST_BLOCKS
    if not enough or not (found.room_size > 0.0 and math.isfinite(found.largest_room)):
        return None
    return Rooms(
        mean_size=_rounded(found.room_size),
        largest=_rounded(found.largest_room),
        at_once=_rounded(found.rooms),
        end=end,
    )


def _waiting(found: Calibration) -> str:
    doubts = (f"{column}: {doubt}" for column in RESPONSES if (doubt := found.doubt(column)))
    return "; ".join(doubts)


def _rounded(value: float) -> float:
    """Round, so that another BLAS does not measure something else."""
    return float(round_significant(np.array([value], dtype=np.float64), digits=DIGITS)[0])
