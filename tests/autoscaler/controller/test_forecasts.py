"""When a forecast is made, and that no tick waits for it."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest

from autoscaler.controller.forecasts import Forecasts
from autoscaler.engine.config import EngineConfig
from autoscaler.engine.observation import Observation
from autoscaler.engine.state import State
from autoscaler.errors import PrometheusError
from autoscaler.ports.demand import BookingsRead
from autoscaler.resources.sfupool import SFUPool
from forecast.bookings import Bookings
from forecast.history import History
from tests.autoscaler.controller.fakes import START, AtOnce, FakeDemand, sfupool

POOLS = [sfupool("eu")]
DAYS = 8


class Source(FakeDemand):
    """Eight flat days."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []
        self.refusal: Exception | None = None
        self.webinars = np.zeros(DAYS * 96)

    def history(self, pools: Sequence[SFUPool], *, now: int) -> History:
        self.asked.append(now - START)
        if self.refusal is not None:
            raise self.refusal
        shape = (len(pools), DAYS * 96)
        return History(
            series_ids=tuple(pool.key for pool in pools),
            start=now // 900 * 900 - DAYS * 86_400,
            step_seconds=900,
            values=np.full(shape, 500.0) + self.webinars,
            states=np.zeros(shape, dtype=np.uint8),
        )


def at(seconds: int) -> Observation:
    return Observation(now=START + seconds, pools=())


def forecasts(source: Source) -> Forecasts:
    return Forecasts(source, AtOnce(), config=EngineConfig())


def test_what_is_booked_is_forecast() -> None:
    booked = np.zeros(DAYS * 96 + 20)
    booked[np.random.default_rng(1).permutation(DAYS * 96)[:80]] = 800.0
    booked[DAYS * 96 + 10] = 800.0
    source = Source()
    source.webinars = booked[: DAYS * 96]
    start = START // 900 * 900 - DAYS * 86_400
    told = Bookings((POOLS[0].key,), start, 900, booked[None], (86_400,))
    medians = []
    for source.booked in (BookingsRead(None, {}), BookingsRead(told, {})):
        made = forecasts(source).renew(State.empty(), at(0), POOLS).forecast
        assert made is not None
        medians.append(made.values[0, 10, 0])
    assert medians[1] > medians[0] + 150.0


def test_without_bookings_the_forecast_goes_on_and_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source = Source()
    source.booked = BookingsRead(None, {"media/eu": "503"})
    assert forecasts(source).renew(State.empty(), at(0), POOLS).forecast is not None
    assert "the forecast of media/eu goes on without bookings: 503" in caplog.text


def test_it_is_made_at_start_and_when_a_quarter_hour_has_passed() -> None:
    source, state, made = Source(), State.empty(), []
    feed = forecasts(source)

    for seconds in (0, 5, 895, 900, 905):
        before, state = state, feed.renew(state, at(seconds), POOLS)
        made.append(state.forecast is not before.forecast)

    assert made == [True, False, False, True, False]
    assert source.asked == [0, 900]


@pytest.mark.parametrize("refusal", [PrometheusError("503"), ZeroDivisionError()])
def test_a_failure_is_tried_again_a_minute_later_and_the_last_one_stays(
    refusal: Exception,
) -> None:
    source = Source()
    feed = forecasts(source)
    state = feed.renew(State.empty(), at(0), POOLS)
    source.refusal = refusal

    after = [feed.renew(state, at(seconds), POOLS) for seconds in (900, 905, 955, 960, 965)]

    assert all(each.forecast is state.forecast for each in after)
    assert source.asked == [0, 900, 960]


def test_a_new_pool_gets_its_forecast_within_a_minute() -> None:
    source = Source()
    feed = forecasts(source)
    state = feed.renew(State.empty(), at(0), POOLS)

    more = [*POOLS, sfupool("us")]
    for seconds in (5, 60):
        state = feed.renew(state, at(seconds), more)

    assert source.asked == [0, 60]
    assert state.forecast is not None
    assert state.forecast.series_ids == ("media/eu", "media/us")


def test_a_slow_one_delays_no_tick_and_what_ticks_did_meanwhile_stays() -> None:
    source: Source = Source()
    pending: list[tuple[Callable[[], State], Future[State]]] = []

    class Later:
        def submit(self, job: Callable[[], State], /) -> Future[State]:
            future: Future[State] = Future()
            pending.append((job, future))
            return future

    feed = Forecasts(source, Later(), config=EngineConfig())
    before = feed.renew(State.empty(), at(0), POOLS)
    meanwhile = replace(before, pools={})
    assert feed.renew(meanwhile, at(1000), POOLS) is meanwhile
    ((job, future),) = pending
    future.set_result(job())

    after = feed.renew(meanwhile, at(1005), POOLS)

    assert before.forecast is None
    assert after.forecast is not None
    assert after.pools is meanwhile.pools


def test_without_pools_nothing_is_asked_for() -> None:
    source = Source()

    forecasts(source).renew(State.empty(), at(0), [])

    assert source.asked == []
