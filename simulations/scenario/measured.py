"""Measured load in place of a scenario's demand: claims are checked on real traces too."""

import re
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from autoscaler.errors import SpecError
from forecast.arrays import IntArray
from forecast.columns import check_columns, epoch_seconds, numbers, series_names
from simulations.scenario.demand import MOST_MEASURED, DemandSpec, Measured
from simulations.scenario.schema import Scenario

_QUARTER = 900
_HOUR = 3600
_DAY = 86_400
_LEAST_KNOWN = 0.5
"""Share of the intervals: a load that is mostly interpolated is none that was measured."""
_NAMED = 20
_OF_THE_STORY = re.compile(r"(pools\.demand|faults|events)\b")


def read_measured(table: pd.DataFrame, *, source: str, series: str | None = None) -> Measured:
    """Read one series: columns timestamp, value, and series_id if there are several.

    Rows may be in any order and twice (the largest value of a time counts); times may have any
    zones, UTC where they have none. The grid is the usual spacing; gaps are interpolated. Raises
    SpecError or HistoryError with `source`, the row and the value that is wrong.
    """
    check_columns(table, source=source)
    chosen = _only(table, source, series)
    times = epoch_seconds(table["timestamp"], source=source)
    values = numbers(table["value"], source=source)
    wrong = (chosen & ((values < 0.0) | np.isinf(values))).to_numpy()
    if wrong.any():
        row = int(np.argmax(wrong))
        raise SpecError(
            f"{source}: value is {values.iloc[row]:g} in row {row + 2},"
            " must be 0 or more, and finite"
        )
    at = pd.to_datetime(times[chosen].to_numpy(), unit="s", utc=True)
    told = pd.Series(values[chosen].to_numpy(), index=at).groupby(level=0).max()
    if told.count() < 2 or told.max() <= 0.0:
        raise SpecError(f"{source}: must hold values at two or more times, one of them above 0")
    step = _usual_step(np.unique(times[chosen].to_numpy()))
    if (told.index[-1] - told.index[0]).total_seconds() / step > MOST_MEASURED:
        raise SpecError(
            f"{source}: goes from {told.index[0]:%Y-%m-%d} to {told.index[-1]:%Y-%m-%d}, must be at"
            f" most {MOST_MEASURED:,} intervals of {step} s"
        )
    regular = told.resample(pd.Timedelta(seconds=step)).mean()
    if (known := float(regular.notna().mean())) < _LEAST_KNOWN:
        raise SpecError(
            f"{source}: has a value in {known:.0%} of its intervals of {step} s,"
            f" must have one in {_LEAST_KNOWN:.0%}"
        )
    regular = regular.interpolate(limit_direction="both")
    return Measured(
        start=regular.index[0].to_pydatetime(),
        step_seconds=step,
        values=tuple(np.round(regular.to_numpy(), 6).tolist()),
    )


def with_measured(
    scenario: Scenario, measured: Measured, *, peak: int, source: str = "from a file"
) -> Scenario:
    """Return the scenario with every pool's demand as measured, its largest value at `peak`.

    History and length are the trace's: it is replayed from the end of the scenario's history days,
    in whole quarter-hours. The story of the scenario (surges, faults, events, assertions) is left
    out.
    Raises SpecError for a trace that is too short.
    """
    first = -(-int(measured.start.timestamp()) // _QUARTER) * _QUARTER
    start = first + scenario.history_days * _DAY
    covered = len(measured.values) * measured.step_seconds
    seconds = covered - (start - first) - 2 * _QUARTER
    duration = seconds // _QUARTER * _QUARTER
    if duration < _HOUR:
        raise SpecError(
            f"the measured load covers {covered / _DAY:.1f} days: must be more than the"
            f" {scenario.history_days} days of history, fewer of which --set historyDays=N asks for"
        )
    told = f"Demand as measured, {source}, its largest value at {peak:,} participants"
    demand = DemandSpec(peak_participants=peak, measured=measured)
    pools = [pool.model_copy(update={"demand": demand}) for pool in scenario.pools]
    changes = {
        "start": datetime.fromtimestamp(start, UTC),
        "duration_seconds": duration,
        "pools": tuple(pools),
        "faults": (),
        "assertions": (),
        "events": (),
        "title": f"{scenario.title}, on a measured load",
        "provenance": (told, *scenario.provenance),
        "derived": tuple(each for each in scenario.derived if not _OF_THE_STORY.match(each)),
    }
    return scenario.model_copy(update=changes)


def _usual_step(times: IntArray) -> int:
    """Return the median spacing in seconds, of two the smaller: gaps are longer, not shorter."""
    return int(np.quantile(np.diff(times), 0.5, method="lower"))


def _only(table: pd.DataFrame, source: str, series: str | None) -> pd.Series:
    names = series_names(table)
    known = sorted(names.unique())
    if series is None and len(known) == 1:
        return pd.Series(True, index=table.index)
    if series not in known:
        shown = ", ".join(known[:_NAMED]) + (", ..." if len(known) > _NAMED else "")
        what = "several series" if series is None else f"no series {series!r}"
        raise SpecError(f"{source}: has {what}, --series must be one of {shown}")
    return names == series
