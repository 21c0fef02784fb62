import json
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from autoscaler.engine.codec import canonical, decode_state, encode_state
from autoscaler.engine.config import HORIZON_STEPS, EngineConfig
from autoscaler.engine.journal import JournalLines, replay
from autoscaler.engine.observation import DemandState, Observation
from autoscaler.engine.refresh import keep_rows, refresh, surging
from autoscaler.engine.state import State
from autoscaler.engine.step import step
from forecast.calendar import DAY, Place
from forecast.history import History, PointState
from forecast.result import Forecast, ForecastMode
from forecast.verdict import GROWTH
from tests.autoscaler.planner.examples import (
    MIDNIGHT,
    QUARTER,
    forecast,
    pool,
    seen,
    servers,
    tick,
)


def median(issued: Forecast, name: str) -> list[float]:
    rows: list[float] = issued.values[issued.series_ids.index(name), :, 0].tolist()
    return rows


def test_a_blind_pool_keeps_its_last_trusted_forecast_on_the_new_grid() -> None:
    last = forecast({"a": [1.0, 2.0, 3.0, 4.0], "b": [10.0, 20.0, 30.0, 40.0]})
    issued = forecast({"b": [7.0] * 4, "a": [8.0] * 4}, start=MIDNIGHT + 2 * QUARTER)
    kept = keep_rows(issued, last, {"a"})
    assert median(kept, "a") == [3.0, 4.0, 0.0, 0.0]  # past its end it asks for nothing
    assert median(kept, "b") == [7.0] * 4


def test_its_mode_is_kept_with_it() -> None:
    last = forecast({"a": [1.0]}, mode=ForecastMode.OUTSIDE_HISTORY)
    assert keep_rows(forecast({"a": [8.0]}), last, {"a"}).modes == (ForecastMode.OUTSIDE_HISTORY,)


def test_a_forecast_that_has_ended_leaves_nothing() -> None:
    last = forecast({"a": [1.0, 2.0]})
    issued = forecast({"a": [8.0, 8.0]}, start=MIDNIGHT + 9 * QUARTER)
    assert median(keep_rows(issued, last, {"a"}), "a") == [0.0, 0.0]


def test_what_cannot_be_compared_is_replaced() -> None:
    issued = forecast({"a": [8.0, 8.0]})
    assert keep_rows(issued, None, {"a"}) is issued
    assert keep_rows(issued, forecast({"a": [1.0]}, step_seconds=60), {"a"}) is issued
    assert keep_rows(issued, forecast({"a": [1.0]}, start=MIDNIGHT + QUARTER), {"a"}) is issued
    assert median(keep_rows(issued, forecast({"b": [1.0]}), {"a"}), "a") == [8.0, 8.0]


def test_a_pool_whose_history_could_not_be_had_keeps_its_forecast_too() -> None:
    kept = keep_rows(forecast({"a": [8.0]}), forecast({"a": [1.0], "b": [2.0]}), {"b"})
    assert kept.series_ids == ("a", "b")
    assert (median(kept, "a"), median(kept, "b")) == ([8.0], [2.0])


class TestWithTheForecaster:
    """Two weeks of a daily wave: 200 participants at night, 1,800 at noon."""

    history = History(
        series_ids=("media/eu",),
        start=MIDNIGHT - 14 * DAY,
        step_seconds=QUARTER,
        values=(1000.0 - 800.0 * np.cos(np.arange(14 * 96) / 96.0 * 2.0 * np.pi))[None, :],
        states=np.zeros((1, 14 * 96), dtype=np.uint8),
    )

    def tick(self, now: int, participants: float | None = 200.0) -> Observation:
        state = DemandState.EMPTY if participants is None else DemandState.OBSERVED
        observed = seen(pool(), servers(3), participants=participants, state=state)
        return replace(tick(now, observed), history=self.history)

    def test_a_history_becomes_the_forecast_that_is_decided_on(self) -> None:
        decision, state = step(self.tick(MIDNIGHT), State.empty())
        assert state.forecast is not None
        assert state.forecast.steps == HORIZON_STEPS
        (decided,) = decision.pools
        assert decided.forecast_mode is ForecastMode.NORMAL
        assert decided.steps  # the morning is on its way

    def test_without_forecasting_there_is_none(self) -> None:
        config = EngineConfig(forecasting=False)
        decision, state = step(self.tick(MIDNIGHT), State.empty(), config=config)
        assert (state.forecast, decision.pools[0].steps) == (None, ())

    def test_refreshing_first_changes_nothing(self) -> None:
        observation, state = refresh(self.tick(MIDNIGHT), State.empty(), config=EngineConfig())
        assert observation.history is None
        decision, _ = step(observation, state)
        assert decision == step(self.tick(MIDNIGHT), State.empty())[0]

    def test_a_blind_pool_keeps_the_forecast_of_when_it_was_seen(self) -> None:
        _, state = step(self.tick(MIDNIGHT), State.empty())
        later = self.tick(MIDNIGHT + QUARTER, participants=None)
        _, blind = step(later, state)
        assert state.forecast is not None
        assert blind.forecast is not None
        assert median(blind.forecast, "media/eu")[:-1] == median(state.forecast, "media/eu")[1:]

    def test_the_record_survives_a_restart_and_goes_on_as_if_there_was_none(self) -> None:
        _, state = step(self.tick(MIDNIGHT), State.empty())
        _, state = step(self.tick(MIDNIGHT + QUARTER), state)
        kept = decode_state(json.loads(canonical(encode_state(state))))
        later = self.tick(MIDNIGHT + 2 * QUARTER)
        _, after = step(later, state)
        _, restarted = step(later, kept)
        assert after.record is not None
        assert canonical(restarted.record) == canonical(after.record)
        assert canonical(restarted.forecast) == canonical(after.forecast)

    def test_a_young_pool_is_decided_for_without_its_forecast(self) -> None:
        young = replace(
            self.tick(MIDNIGHT), history=self.history.window(MIDNIGHT - 8 * DAY, MIDNIGHT)
        )
        decision, state = step(young, State.empty())
        assert decision.pools[0].forecast_mode is ForecastMode.COLD_START
        assert state.forecast is not None
        assert state.forecast.reasons[0] == (
            "young: the model beat seasonal-naive for 0.0 of 7 days needed",
        )

    def test_a_tick_with_its_history_replays_without_what_the_forecaster_remembered(self) -> None:
        _, before = step(self.tick(MIDNIGHT), State.empty())
        later = self.tick(MIDNIGHT + 900)
        decision, _ = step(later, before)
        lines = JournalLines().of(before=before, observation=later, decision=decision)
        (again,) = replay(lines)
        assert again.again == again.recorded == canonical(decision)


def test_a_pool_in_a_surge_is_named_to_the_forecaster_until_calm_is_seen() -> None:
    last = forecast({"a": [1.0], "b": [1.0]})
    outside = replace(last, models=("seasonal-regression", GROWTH))
    assert surging(outside) == frozenset({"b"})
    assert surging(None) == frozenset()


def test_a_pool_s_days_repeat_by_the_clocks_that_it_names() -> None:
    new_york = "America/New_York"
    now = int(datetime(2026, 3, 9, 4, tzinfo=UTC).timestamp())  # a night after the clocks changed
    begin = now - 28 * DAY
    hours = Place(new_york).local_time(begin + QUARTER * np.arange(28 * 96)).hour
    office = np.where((hours >= 9.0) & (hours < 17.0), 1000.0, 20.0)
    names = ("media/here", "media/utc")
    past = History(
        series_ids=names,
        start=begin,
        step_seconds=QUARTER,
        values=np.stack([office, office]),
        states=np.zeros((2, office.size), dtype=np.uint8),
    )
    here = seen(pool(names[0], time_zone=new_york), servers(1), participants=20.0)
    utc = seen(pool(names[1]), servers(1), participants=20.0)
    observation = replace(tick(now, here, utc), history=past)
    _, state = refresh(observation, State.empty(), config=EngineConfig())
    assert state.forecast is not None
    nine = int(datetime(2026, 3, 9, 9, tzinfo=ZoneInfo(new_york)).timestamp())
    first = (nine - now) // QUARTER
    assert median(state.forecast, names[0])[first] > 700.0
    assert median(state.forecast, names[1])[first] < 100.0  # an hour late


def test_a_young_pool_is_forecast_by_the_shape_that_it_may_borrow() -> None:
    old = TestWithTheForecaster.history
    values = np.concatenate([old.values, np.full((1, old.points), np.nan)])
    values[1, -8:] = 0.1 * old.values[0, -8:]
    both = replace(
        old,
        series_ids=("media/eu", "media/new"),
        values=values,
        states=np.where(np.isnan(values), PointState.MISSING, PointState.OBSERVED).astype(np.uint8),
    )
    young = seen(pool("media/new", shape_from="media/eu"), servers(1), participants=20.0)
    observation = tick(MIDNIGHT, seen(pool(), servers(3), participants=200.0), young)
    _, state = refresh(replace(observation, history=both), State.empty(), config=EngineConfig())
    assert state.forecast is not None
    assert state.forecast.modes == (ForecastMode.NORMAL, ForecastMode.COLD_START)
    assert "the shape is that of media/eu" in state.forecast.reasons[1][-1]
