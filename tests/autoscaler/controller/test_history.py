"""When the forecaster's history is asked for."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future

import numpy as np
import pytest

from autoscaler.controller.history import HistoryFeed
from autoscaler.errors import PrometheusError
from autoscaler.resources.sfupool import SFUPool
from forecast.history import History
from tests.autoscaler.controller.fakes import START, AtOnce, FakeDemand, sfupool

POOLS = [sfupool("eu")]


class Source(FakeDemand):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []
        self.refusal: Exception | None = None

    def history(self, pools: Sequence[SFUPool], *, now: int) -> History:
        self.asked.append(now - START)
        if self.refusal is not None:
            raise self.refusal
        return History(
            series_ids=tuple(pool.key for pool in pools),
            start=START,
            step_seconds=900,
            values=np.zeros((len(pools), 1)),
            states=np.zeros((len(pools), 1), dtype=np.uint8),
        )


def test_it_is_asked_for_at_start_and_when_a_quarter_hour_has_passed() -> None:
    source = Source()
    feed = HistoryFeed(source, AtOnce())

    arrived = [
        feed.poll(POOLS, now=START + seconds) is not None for seconds in (0, 5, 895, 900, 905)
    ]

    assert arrived == [True, False, False, True, False]
    assert source.asked == [0, 900]


@pytest.mark.parametrize("refusal", [PrometheusError("503"), ZeroDivisionError()])
def test_a_failure_is_tried_again_a_minute_later(refusal: Exception) -> None:
    source = Source()
    source.refusal = refusal
    feed = HistoryFeed(source, AtOnce())

    for seconds in (0, 5, 55, 60, 65):
        assert feed.poll(POOLS, now=START + seconds) is None

    assert source.asked == [0, 60]


def test_a_new_pool_gets_its_forecast_within_a_minute() -> None:
    source = Source()
    feed = HistoryFeed(source, AtOnce())
    feed.poll(POOLS, now=START)

    more = [*POOLS, sfupool("us")]
    arrived = [feed.poll(more, now=START + seconds) for seconds in (5, 60)]

    assert arrived[0] is None
    assert arrived[1] is not None
    assert arrived[1].series_ids == ("media/eu", "media/us")


def test_a_slow_answer_delays_no_tick_and_is_not_asked_for_twice() -> None:
    source, pending = Source(), []

    class Later:
        def submit(self, job: Callable[[], History], /) -> Future[History]:
            future: Future[History] = Future()
            pending.append((job, future))
            return future

    feed = HistoryFeed(source, Later())
    assert feed.poll(POOLS, now=START) is None
    assert feed.poll(POOLS, now=START + 1000) is None
    ((job, future),) = pending
    future.set_result(job())

    assert feed.poll(POOLS, now=START + 1005) is not None


def test_without_pools_nothing_is_asked_for() -> None:
    source = Source()

    assert HistoryFeed(source, AtOnce()).poll([], now=START) is None
    assert source.asked == []
