import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.calendar import DAY, Calendar
from forecast.errors import HistoryError
from forecast.forecaster import Forecaster
from forecast.history import History, PointState
from forecast.result import ForecastMode
from forecast.samples_table import read_samples
from tests.forecast.histories import MONDAY

OBSERVED, CENSORED, MISSING = PointState.OBSERVED, PointState.CENSORED, PointState.MISSING


def table(times: list[str], values: list[object], **columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"timestamp": times, "value": values, **columns})


def only(samples: pd.DataFrame, step_seconds: int | None = None) -> History:
    (history,) = read_samples(samples, source="load.csv", step_seconds=step_seconds).values()
    return history


def every(seconds: int, count: int) -> list[str]:
    return [f"{pd.Timestamp(MONDAY + seconds * each, unit='s')}" for each in range(count)]


def test_a_point_is_the_largest_of_its_quarter_hour_in_whatever_order_the_rows_come() -> None:
    times = every(60, 30)
    values = [float(each) for each in range(30)]
    values[3] = 500.0
    shuffled = table(times, list(values)).sample(frac=1.0, random_state=1)
    twice = pd.concat([shuffled, shuffled.head(7)])
    history = only(twice)
    assert (history.start, history.step_seconds) == (MONDAY, 900)
    assert history.values.tolist() == [[500.0, 29.0]]
    assert history.states.tolist() == [[OBSERVED, OBSERVED]]


def test_the_newest_interval_is_a_lower_bound_until_it_is_over() -> None:
    half = only(table(every(60, 22), [1.0] * 22))
    assert half.states.tolist() == [[OBSERVED, CENSORED]]


@pytest.mark.parametrize("late", [0, 1700])
def test_one_sample_per_interval_stands_for_all_of_it(late: int) -> None:
    times = [f"{pd.Timestamp(time) + pd.Timedelta(seconds=late)}" for time in every(3600, 4)]
    assert only(table(times, [1.0, 2.0, 3.0, 4.0])).states.tolist() == [[OBSERVED] * 4]


@pytest.mark.parametrize(
    ("spacing", "step"),
    [(15, 900), (300, 900), (900, 900), (1000, 1800), (3590, 3600), (7200, 7200), (DAY, DAY)],
)
def test_the_grid_is_a_quarter_hour_or_what_the_samples_are_apart(spacing: int, step: int) -> None:
    assert only(table(every(spacing, 20), [1.0] * 20)).step_seconds == step


def test_a_gap_is_missing_and_never_zero() -> None:
    times = [
        *every(900, 4),
        *(f"{pd.Timestamp(each) + pd.Timedelta('2h')}" for each in every(900, 4)),
    ]
    history = only(table(times, [7.0, 7.0, None, 7.0, 7.0, float("inf"), 7.0, 7.0]))
    assert np.isnan(history.values[0, [2, 4, 5, 6, 7, 9]]).all()
    assert (history.states[0, [2, 4, 5, 6, 7, 9]] == MISSING).all()
    assert np.isfinite(history.values).sum() == 6


def test_times_carry_their_own_zones() -> None:
    times = ["2026-03-02T01:00:00+01:00", "2026-03-01T20:00:00-05:00", "2026-03-02T02:00:00Z"]
    history = only(table(times, [1.0, 2.0, 3.0]))
    assert history.start == MONDAY
    assert history.values.tolist() == [[1.0, 2.0, 3.0]]


def test_times_that_are_numbers_are_epoch_seconds() -> None:
    numbered = pd.DataFrame({"timestamp": [MONDAY, MONDAY + 900], "value": [1.0, 2.0]})
    history = only(numbered)
    assert (history.start, history.values.tolist()) == (MONDAY, [[1.0, 2.0]])


@pytest.mark.parametrize("unit", [1000, 1 / 60])
def test_numbers_that_cannot_be_epoch_seconds_are_refused(unit: float) -> None:
    late = pd.DataFrame({"timestamp": [MONDAY * unit, MONDAY * unit + 9], "value": [1.0, 2.0]})
    with pytest.raises(HistoryError, match=r"load\.csv: timestamp is .* in row 2, must be a time"):
        only(late)


def test_each_series_has_a_grid_of_its_own() -> None:
    times, names = [*every(900, 4), *every(3600, 4)], ["a"] * 4 + ["b"] * 4
    histories = read_samples(table(times, [1.0] * 8, series_id=list(names)), source="load.csv")
    assert {name: each.step_seconds for name, each in histories.items()} == {"a": 900, "b": 3600}
    histories = read_samples(
        table(times, [1.0] * 8, series_id=list(names)), source="load.csv", step_seconds=300
    )
    assert {each.step_seconds for each in histories.values()} == {300}


def test_a_column_says_how_far_values_can_be_trusted() -> None:
    states: list[object] = ["observed", "Censored", "partial", "stale", "missing", None]
    history = only(table(every(900, 6), [1.0] * 6, state=states))
    assert history.states.tolist() == [
        [OBSERVED, CENSORED, PointState.PARTIAL, PointState.STALE, MISSING, OBSERVED]
    ]


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (table(every(900, 2), [1.0, "many"]), "value is 'many' in row 3, must be a number"),
        (table(["2026-03-02", "soon"], [1.0, 2.0]), "timestamp is 'soon' in row 3, must be a time"),
        (
            table(every(900, 2), [1.0, 2.0], state=["observed", "odd"]),
            "state is 'odd' in row 3, must be one of observed, censored, missing, stale, partial",
        ),
        (table(every(900, 1) * 2, [1.0, 2.0]), "series 'demand' has 2 values, needs at least two"),
        (
            table([*every(900, 9), "1826-03-02"], [1.0] * 10),
            "goes from 1826-03-02 00:00 to 2026-03-02 02:00, .* is one of its times wrong",
        ),
        (table([], []), "has no rows"),
        (pd.DataFrame({"time": ["2026-03-02"], "value": [1]}), "column 'timestamp' is missing"),
    ],
)
def test_what_cannot_be_read_is_named_by_file_row_and_value(
    samples: pd.DataFrame, message: str
) -> None:
    with pytest.raises(HistoryError, match=f"^load.csv: .*{message}"):
        read_samples(samples, source="load.csv")


@pytest.mark.parametrize("step", [30, 7000, 0])
def test_a_grid_that_does_not_divide_a_day_is_refused(step: int) -> None:
    with pytest.raises(HistoryError, match=f"step is {step} s, must divide a day"):
        only(table(every(900, 4), [1.0] * 4), step)


@settings(max_examples=40, deadline=None)
@given(
    value=st.sampled_from([0.0, 137.5, -5.0, 1e12, 1e-12, 1e300]),
    odd=st.sampled_from([np.nan, np.inf, -np.inf, 0.0, -1e12]),
    spacing=st.sampled_from([47, 300, 3600]),
    count=st.integers(2, 400),
    kept=st.floats(0.1, 1.0),
    seed=st.integers(0, 2**16),
)
def test_whatever_was_read_can_be_forecast(
    value: float, odd: float, spacing: int, count: int, kept: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    samples = table(every(spacing, count), [value] * count)
    samples.loc[random.random(count) > kept, "value"] = odd
    samples.loc[[0, count - 1], "value"] = value
    history = only(samples.sample(frac=1.0, random_state=seed))
    forecast, _ = Forecaster().refresh(
        history, now=history.end, horizon_steps=8, calendar=Calendar()
    )
    assert np.isfinite(forecast.values).all()
    assert (np.diff(forecast.values, axis=-1) >= 0.0).all()
    if history.end - history.start < 7 * DAY:
        assert forecast.modes == (ForecastMode.COLD_START,)
