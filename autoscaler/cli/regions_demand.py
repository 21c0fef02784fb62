"""What regions' people ask for over time: as measured, or as an office day has it."""

from pathlib import Path

import numpy as np

from autoscaler.cli.demand import from_file
from autoscaler.cli.regions_file import RegionsFile
from autoscaler.cli.values import iso
from autoscaler.errors import SpecError
from autoscaler.planner.envelope import FloatArray
from forecast.calendar import DAY
from simulations.scenario.demand import DayShape
from simulations.world.curve import SHAPES

_QUARTERS = np.arange(0.0, 24.0, 0.25)
_LONGEST = 7 * DAY
"""The last week of a file is planned for: it has every hour of it once."""


def office_days(file: RegionsFile) -> FloatArray:
    """Return a day of each region by its peak and its clock, (quarter-hours, regions)."""
    curve = SHAPES[DayShape.OFFICE]
    days = []
    for region in file.regions:
        if region.peak_participants is None:
            raise SpecError(
                f"region {region.name} has no peakParticipants: say it, or give --demand FILE"
            )
        local = (_QUARTERS + region.utc_offset_hours) % 24.0
        days.append(region.peak_participants * np.interp(local, np.arange(25), (*curve, curve[0])))
    return np.stack(days, axis=1)


def measured(path: Path, file: RegionsFile) -> FloatArray:
    """Return the last week of a table whose series are called like the regions. Raises SpecError.

    A tick at which one of them is not known is left out.
    """
    told = {name: history for name, (history, _) in from_file(path).items()}
    if lacking := [name for name in file.names if name not in told]:
        raise SpecError(
            f"--demand {path} has no series {lacking[0]!r}, there are {', '.join(told)}: "
            "series_id must be the region's name"
        )
    histories = [told[name] for name in file.names]
    steps = sorted({history.step_seconds for history in histories})
    if len(steps) > 1:
        raise SpecError(
            f"--demand {path}: series come every {' and every '.join(map(str, steps))} s, "
            "must all come as often"
        )
    end = min(history.end for history in histories)
    start = max(end - _LONGEST, *(history.start for history in histories))
    if start >= end:
        raise SpecError(
            f"--demand {path}: one series ends at {iso(end)}, another begins at {iso(start)}: "
            "must have a time in common"
        )
    paths = np.concatenate([history.spanning(start, end).values for history in histories]).T
    known: FloatArray = paths[np.isfinite(paths).all(axis=1)]
    if not known.size:
        raise SpecError(f"--demand {path}: there is no time at which all regions are known")
    return known
