"""Measured load in place of a scenario's demand: claims are checked on real traces too."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from autoscaler.errors import SpecError
from simulations.scenario.demand import DemandSpec, Measured
from simulations.scenario.schema import Scenario

_QUARTER = 900
_HOUR = 3600
_DAY = 86_400


def read_measured(path: str | Path, *, series: str | None = None) -> Measured:
    """Read one series of a CSV or Parquet file: timestamp (UTC), value, and series_id if several.

    Gaps are interpolated. Raises SpecError naming the file and what is wrong with it.
    """
    try:
        if Path(path).suffix == ".parquet":
            table = pd.read_parquet(path)
        else:
            table = pd.read_csv(path, parse_dates=["timestamp"])
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        message = f"{path}: must be a CSV or Parquet with columns timestamp and value: {reason}"
        raise SpecError(message) from error
    for column in ("timestamp", "value"):
        if column not in table:
            raise SpecError(f"{path}: column {column} is missing")
    table = _only(table, str(path), series)
    times = pd.DatetimeIndex(table["timestamp"])
    times = times.tz_localize("UTC") if times.tz is None else times.tz_convert("UTC")
    values = pd.Series(table["value"].to_numpy(dtype=np.float64), index=times).sort_index()
    if len(values) < 2 or not times.is_unique or not (values.dropna() >= 0.0).all():
        raise SpecError(f"{path}: must hold two or more values of 0 or more, at different times")
    step = values.index.to_series().diff().min()
    regular = values.resample(step).mean().interpolate(limit_direction="both")
    return Measured(
        start=regular.index[0].to_pydatetime(),
        step_seconds=int(step.total_seconds()),
        values=tuple(np.round(regular.to_numpy(), 6).tolist()),
    )


def with_measured(scenario: Scenario, measured: Measured, *, peak: int) -> Scenario:
    """Return the scenario with every pool's demand as measured, its largest value at `peak`.

    History and length are the trace's: it is replayed from the end of the scenario's history days,
    in whole quarter-hours. The story of the scenario (surges, faults, assertions) is left out.
    Raises SpecError for a trace that is too short.
    """
    first = -(-int(measured.start.timestamp()) // _QUARTER) * _QUARTER
    start = first + scenario.history_days * _DAY
    covered = len(measured.values) * measured.step_seconds
    seconds = covered - (start - first) - 2 * _QUARTER
    duration = seconds // _QUARTER * _QUARTER
    if duration < _HOUR:
        raise SpecError(
            f"measured demand covers {covered / _DAY:.1f} days:"
            f" must be more than the {scenario.history_days} days of history"
        )
    demand = DemandSpec(peak_participants=peak, measured=measured)
    pools = [pool.model_copy(update={"demand": demand}) for pool in scenario.pools]
    changes = {
        "start": datetime.fromtimestamp(start, UTC),
        "duration_seconds": duration,
        "pools": tuple(pools),
        "faults": (),
        "assertions": (),
    }
    return scenario.model_copy(update=changes)


def _only(table: pd.DataFrame, path: str, series: str | None) -> pd.DataFrame:
    if "series_id" not in table:
        return table
    known = sorted(table["series_id"].astype(str).unique())
    if series is None and len(known) == 1:
        return table
    if series not in known:
        raise SpecError(f"{path}: series is {series!r}: must be one of {', '.join(known)}")
    return table[table["series_id"].astype(str) == series]
