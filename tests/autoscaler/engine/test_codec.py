import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoscaler.engine.codec import canonical, decode, decode_state, encode, encode_state
from autoscaler.engine.decision import Decision
from autoscaler.engine.observation import Observation
from autoscaler.engine.state import State
from autoscaler.engine.step import step
from autoscaler.errors import SpecError
from autoscaler.leadtime.values import Order
from forecast.calendar import Event
from forecast.history import History
from forecast.result import Forecast
from tests.autoscaler.planner.examples import MIDNIGHT, forecast, pool, seen, servers, tick
from tests.autoscaler.planner.journeys import JOURNEYS, Journey, travel


@settings(max_examples=25)
@given(JOURNEYS)
def test_observations_decisions_and_states_come_back_as_they_were(journey: Journey) -> None:
    for passed in travel(journey, step):
        observation = decode(Observation, json.loads(canonical(passed.observation)))
        assert canonical(observation) == canonical(passed.observation)
        decision, state = step(passed.observation, passed.before)
        # By their bytes: a poisoned forecast is NaN in its decision, and no NaN equals itself.
        assert canonical(decode(Decision, json.loads(canonical(decision)))) == canonical(decision)
        kept = decode_state(json.loads(canonical(encode_state(state))))
        assert canonical(kept.pools) == canonical(state.pools)


def test_floats_keep_their_last_bit_and_their_kind() -> None:
    values = [0.1 + 0.2, 1e-300, 5.0, 5]
    assert json.loads(canonical(values)) == values
    assert canonical([5.0, 5]) == b"[5.0,5]"


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_what_json_has_no_number_for_comes_back(number: float) -> None:
    observed = seen(pool(), servers(3), participants=number)
    back = decode(Observation, json.loads(canonical(tick(MIDNIGHT, observed))))
    assert repr(back.pools[0].demand.participants) == repr(number)


def test_histories_and_forecasts_are_arrays_again() -> None:
    history = History(
        series_ids=("a", "b"),
        start=MIDNIGHT,
        step_seconds=900,
        values=np.array([[1.5, np.nan], [0.1 + 0.2, 4.0]]),
        states=np.array([[0, 2], [1, 0]], dtype=np.uint8),
    )
    back = decode(History, json.loads(canonical(history)))
    np.testing.assert_array_equal(back.values, history.values)
    np.testing.assert_array_equal(back.states, history.states)
    assert back.states.dtype == np.uint8
    assert back.series_ids == ("a", "b")
    issued = forecast({"a": [1.0, 2.0]}, spread=0.1)
    np.testing.assert_array_equal(decode(Forecast, encode(issued)).values, issued.values)


@given(
    st.sampled_from(["int8", "uint8", "int16", "float32", "bool"]),
    st.lists(st.integers(0, 255), max_size=20),
)
def test_narrow_arrays_come_back_bit_by_bit(kind: str, numbers: list[int]) -> None:
    array = np.array(numbers, dtype=np.uint8).repeat(4)
    array = (array & 1).astype(kind) if kind == "bool" else array.view(kind)
    packed = json.loads(canonical(array))
    back = decode(np.ndarray, packed)
    assert back.dtype == array.dtype
    assert back.tobytes() == array.tobytes()


def test_events_come_back_with_their_series() -> None:
    cup = Event("cup", frozenset({"b", "a"}), MIDNIGHT, MIDNIGHT + 60, 2.5, None, "sport")
    observation = replace(tick(MIDNIGHT), events=(cup,))
    assert decode(Observation, encode(observation)).events == (cup,)
    assert json.loads(canonical(cup))["series_ids"] == ["a", "b"]


def test_a_pool_with_its_forecast_takes_a_few_kilobytes() -> None:
    wave = 4000.0 + 3000.0 * np.sin(np.arange(192) / 96.0 * 2.0 * np.pi)
    issued = forecast({"media/eu": np.round(wave).tolist()}, spread=0.07)
    observation = tick(MIDNIGHT, seen(pool(), servers(40), participants=4000.5))
    _, state = step(observation, replace(State.empty(), forecast=issued))
    assert len(canonical(encode_state(state))) < 5000


@pytest.mark.parametrize(
    "data",
    [{}, {"pools": []}, {"pools": {"a": {}}}, {"pools": {}, "forecast": {"series_ids": 5}}],
)
def test_a_state_that_cannot_be_read_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(SpecError, match="stored"):
        decode_state(data)  # type: ignore[arg-type]


def test_a_field_that_an_older_version_did_not_write_takes_its_default() -> None:
    assert decode(Order, {"placed_at": 60, "servers": 3}) == Order(60, 3)


def test_a_field_without_a_default_must_be_there() -> None:
    with pytest.raises(SpecError, match="Order"):
        decode(Order, {"placed_at": 60})
