"""What is issued, remembered, learned from, and put in place of a forecast that loses."""

from dataclasses import replace

import numpy as np
import pytest

from forecast.arrays import FloatArray, UInt8Array
from forecast.calendar import DAY, HOUR, WEEK, Calendar, Event
from forecast.history import History, PointState
from forecast.models.naive import weekly_naive
from forecast.models.task import Task
from forecast.record import Record
from forecast.result import Forecast, ForecastMode
from forecast.scorecard import Standing, StandingChange
from forecast.tracking import track
from tests.forecast.histories import QUARTER_HOUR, history, office_weeks

QUANTILES = (0.5, 0.9, 0.95, 0.99)
WEEKS = 4 * 7 * 96
SURGE, COLD = ForecastMode.OUTSIDE_HISTORY, ForecastMode.COLD_START


def issued(
    levels: FloatArray,
    past: History,
    *,
    start: int,
    mode: ForecastMode = ForecastMode.NORMAL,
) -> Forecast:
    """What a model might have made: the same quantiles (series, quantiles) for two days."""
    names = past.series_ids
    return Forecast(
        series_ids=names,
        issued_at=start,
        start=start,
        step_seconds=past.step_seconds,
        quantiles=QUANTILES,
        values=np.repeat(levels[:, None, :], 2 * DAY // past.step_seconds, axis=1),
        modes=(mode,) * len(names),
        models=("model",) * len(names),
        reasons=((),) * len(names),
    )


def foreseen(past: History, now: int) -> Forecast:
    """What somebody would forecast who knows what is to come."""
    ahead = np.nan_to_num(past.spanning(now, now + 2 * DAY).values)
    raw = issued(np.ones((1, 4)), past, start=now)
    return replace(raw, values=np.repeat(ahead[..., None], 4, axis=-1))


def walk(
    past: History,
    steps: int,
    *,
    levels: tuple[float, ...] = (100.0, 110.0, 115.0, 125.0),
    mode: ForecastMode = ForecastMode.NORMAL,
    record: Record | None = None,
    events: tuple[Event, ...] = (),
    blind: frozenset[str] = frozenset(),
) -> tuple[Forecast, Record]:
    """Let the last steps of a history come one by one, and one more."""
    rows = np.tile(np.array(levels), (len(past.series_ids), 1))
    for back in range(steps, -1, -1):
        now = past.end - back * past.step_seconds
        raw = issued(rows, past, start=now, mode=mode)
        known = past.window(past.start, now)
        shown, record = track(raw, known, record=record, events=events, blind=blind)
    assert record is not None
    return shown, record


def flat(value: float, *, last: float, quarters: int, states: UInt8Array | None = None) -> History:
    """Four weeks of `value`, and then `quarters` of `last`."""
    values = np.full(WEEKS + quarters, value)
    values[WEEKS:] = last
    return history(values, states=states)


def counts(record: Record) -> list[float]:
    rounded: list[float] = np.round(record.scores.count[0]).tolist()
    return rounded


def test_forecasts_are_scored_when_their_time_has_come() -> None:
    """After two hours: eight 15-minute forecasts, ..., one of two hours, none of four."""
    _, record = walk(flat(100.0, last=112.0, quarters=8), 8)
    assert counts(record) == [8.0, 7.0, 5.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    assert record.leads == (1, 2, 4, 8, 16, 32, 96, 192)
    covered = record.scores.covered[0, 0] / record.scores.count[0, 0]
    np.testing.assert_allclose(covered, [0.0, 0.0, 1.0, 1.0])


def test_every_tick_may_ask_and_each_quarter_counts_once() -> None:
    past = flat(100.0, last=112.0, quarters=4)
    _, once = walk(past, 4)
    record = once
    for _ in range(3):
        _, record = walk(past, 0, record=record)
    np.testing.assert_array_equal(record.waiting.levels, once.waiting.levels)
    assert counts(record) == counts(once)


def test_what_came_while_nobody_looked_is_scored_later() -> None:
    """The record ends an hour before; the forecasts of then are scored, and no other."""
    past = flat(100.0, last=112.0, quarters=8)
    _, before = walk(past.window(past.start, past.end - 4 * QUARTER_HOUR), 4)
    _, after = walk(past, 0, record=before)
    assert counts(after) == [5.0, 5.0, 5.0, 1.0, 0.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "state", [PointState.CENSORED, PointState.PARTIAL, PointState.STALE, PointState.MISSING]
)
def test_only_demand_that_was_seen_teaches(state: PointState) -> None:
    states = np.zeros(WEEKS + 8, dtype=np.uint8)
    states[WEEKS:] = state
    _, record = walk(flat(100.0, last=500.0, quarters=8, states=states), 8)
    assert not record.scores.count.any()
    assert not record.factors.any()


def test_nor_does_an_announced_event_nor_what_is_forecast_blindly() -> None:
    past = flat(100.0, last=500.0, quarters=8)
    match = Event("match", None, past.end - 7200, past.end, 5.0, None)
    for _, record in (walk(past, 8, events=(match,)), walk(past, 8, blind=frozenset({"pool-0"}))):
        assert not record.scores.count.any()
        assert not record.factors.any()


@pytest.mark.parametrize("mode", [SURGE, COLD])
def test_outside_history_is_scored_and_moves_no_tracker(mode: ForecastMode) -> None:
    shown, record = walk(flat(100.0, last=500.0, quarters=8), 8, mode=mode)
    assert record.scores.count.any()
    assert not record.factors.any()
    assert shown.modes == (mode,)


def test_bands_that_are_too_narrow_widen_where_they_were_found_so() -> None:
    shown, record = walk(flat(100.0, last=160.0, quarters=40), 40)
    assert (record.factors[0, :5] > 0.0).all()
    assert not record.factors[0, -1].any()  # nothing is known of two days ahead yet
    assert shown.values[0, 0, 2] > 115.0
    assert shown.values[0, 191, 2] == 115.0
    assert (shown.values[..., 0] == 100.0).all()
    assert "times as far above the median" in shown.reasons[0][0]


BAD = (3000.0, 3300.0, 3400.0, 3600.0)


def test_a_model_that_loses_is_replaced_by_naive() -> None:
    past = history(office_weeks(35, noise=0.02, step=HOUR), step=HOUR)
    shown, record = walk(past, 4 * 24, levels=BAD)
    assert record.standings[0] == Standing.DEMOTED
    assert shown.models == ("seasonal-naive-weekly",)
    assert shown.modes == (ForecastMode.NORMAL,)
    assert shown.reasons[0][0].startswith("demoted to seasonal-naive; since then ")
    task = Task(past.window(past.end - 4 * WEEK, past.end), 48, QUANTILES, Calendar())
    np.testing.assert_allclose(shown.values[0], weekly_naive(task), rtol=1e-3, atol=0.01)


def test_it_comes_back_when_it_wins_and_both_changes_are_told_once() -> None:
    past = history(office_weeks(45, noise=0.2, step=HOUR), step=HOUR)
    record: Record | None = None
    changes: list[StandingChange] = []
    begin = past.end - 14 * DAY
    for now in range(begin, past.end, HOUR):
        raw = foreseen(past, now)
        if now < begin + 4 * DAY:
            raw = replace(raw, values=1.8 * raw.values)
        shown, record = track(raw, past.window(past.start, now), record=record)
        changes += record.changes
    down, up = changes
    assert (down.before, down.after) == (Standing.TRUSTED, Standing.DEMOTED)
    assert (up.before, up.after) == (Standing.DEMOTED, Standing.TRUSTED)
    assert (down.at - begin) // DAY == 3
    assert (up.at - begin) // DAY == 7  # the last bad forecasts were for two days ahead
    assert up.series_id == "pool-0"
    assert "times as much as seasonal-naive over 3.0 days" in up.reason
    assert shown.models == ("model",)


def test_in_a_surge_the_model_speaks_whatever_its_standing() -> None:
    past = history(office_weeks(35, noise=0.02, step=HOUR), step=HOUR)
    _, record = walk(past, 4 * 24, levels=BAD)
    shown, _ = walk(past, 0, levels=(9000.0, 9300.0, 9400.0, 9600.0), mode=SURGE, record=record)
    assert (shown.models, shown.modes) == (("model",), (SURGE,))
    assert shown.values[0, 0, 0] == 9000.0


def test_a_young_pool_is_shown_and_not_acted_on_until_it_has_won_for_a_week() -> None:
    past = history(office_weeks(17, noise=0.2, step=HOUR), step=HOUR)
    record: Record | None = None
    modes = []
    for now in range(past.end - 9 * DAY, past.end, HOUR):
        known = past.window(past.start, now)
        shown, record = track(foreseen(past, now), known, record=record)
        modes.append(shown.modes[0])
        if len(modes) == 4 * 24 + 1:
            assert shown.reasons[0][-1] == (
                "young: the model beat seasonal-naive for 4.0 of 7 days needed"
            )
    assert modes.index(ForecastMode.NORMAL) == 7 * 24


def test_two_weeks_of_history_when_the_record_begins_are_enough() -> None:
    for days, mode in ((13, COLD), (14, ForecastMode.NORMAL)):
        shown, _ = walk(history(office_weeks(days)), 0)
        assert shown.modes == (mode,)


def test_series_that_come_and_go_leave_the_others_as_they_are() -> None:
    values = np.stack([office_weeks(30, seed=seed) for seed in range(3)])
    three = history(values, names=("a", "b", "c"))
    _, record = walk(three.select(("a", "b")), 12)
    _, alone = walk(three.select(("b",)), 12)
    shown, mixed = walk(three.select(("c", "b")), 0, record=record)
    assert mixed.series_ids == ("c", "b")
    assert not mixed.scores.count[0].any()
    np.testing.assert_array_equal(mixed.scores.ours[1], alone.scores.ours[0])
    np.testing.assert_array_equal(mixed.waiting.levels[1], alone.waiting.levels[0])
    assert (mixed.waiting.levels[0] >= 0).sum() == 4 * len(mixed.leads)  # issued at once
    assert shown.modes == (ForecastMode.NORMAL, ForecastMode.NORMAL)


def test_another_grid_begins_anew() -> None:
    past = flat(100.0, last=112.0, quarters=8)
    _, record = walk(past, 8)
    hourly = history(office_weeks(30, step=HOUR), step=HOUR)
    _, fresh = track(issued(np.ones((1, 4)), hourly, start=hourly.end), hourly, record=record)
    assert fresh.leads == (1, 2, 4, 8, 24, 48)
    assert not fresh.scores.count.any()


def test_constant_demand_forecast_exactly_is_covered() -> None:
    _, record = walk(flat(500.0, last=500.0, quarters=96), 96, levels=(500.0,) * 4)
    assert record.standings[0] == Standing.TRUSTED
    np.testing.assert_array_equal(record.scores.covered[0, :, 0], record.scores.count[0])
