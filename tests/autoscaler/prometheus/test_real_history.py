"""Four weeks in a real Prometheus, read once and then only what is new."""

import math
import time
from collections.abc import Callable, Iterator

import numpy as np
import numpy.testing as npt
import pytest
import requests

from autoscaler.prometheus.source import HISTORY_BINS, PrometheusDemand
from forecast.history import PointState
from tests.autoscaler.prometheus.pools import pool
from tests.servers.exporter import History
from tests.servers.prometheus import Prometheus

pytestmark = [pytest.mark.prometheus, pytest.mark.timeout(120)]

DAY = 86_400
BIN = 900


def scraped(
    series: str, value: Callable[[int], float | None], *, start: int, end: int, step: int = 60
) -> History:
    """Return a series as scraped: every `step` seconds, where there is a value."""

    def samples() -> Iterator[tuple[float, float]]:
        for moment in range(start, end, step):
            if (told := value(moment)) is not None:
                yield moment, told

    return History(series, samples())


def test_four_weeks_are_read_once_and_then_only_what_is_new(prometheus: Prometheus) -> None:
    now = int(time.time())
    end = now // BIN * BIN
    start = end - HISTORY_BINS * BIN
    outage = range(end - 3 * DAY, end - 3 * DAY + 2 * 3600)
    half_down = range(end - 5 * DAY, end - 5 * DAY + 3600)
    refusing = range(end - 7 * DAY, end - 7 * DAY + 3600)

    def wave(moment: int) -> float:
        return round(500.0 + 400.0 * math.sin(2.0 * math.pi * moment / DAY))

    def first(moment: int) -> float | None:
        return None if moment in outage or moment in half_down else wave(moment)

    def second(moment: int) -> float | None:
        return None if moment in outage else 10.0

    def up_first(moment: int) -> float | None:
        return None if moment in outage else float(moment not in half_down)

    def failures(moment: int) -> float:
        return float(min(max(moment - refusing.start, 0), 3600))

    def at(metric: str, pool_name: str, target: str, more: str = "") -> str:
        return f'{metric}{{sfu_pool="{pool_name}",job="sfu",instance="{target}"{more}}}'

    demand, failed = "livekit_participant_total", "livekit_participant_join_total"
    span = {"start": start - DAY, "end": now}
    prometheus.load(
        [
            scraped(at(demand, "eu", "a:1"), first, **span),
            scraped(at(demand, "eu", "b:1"), second, **span),
            scraped(at("up", "eu", "a:1"), up_first, **span),
            scraped(at("up", "eu", "b:1"), second, **span),
            scraped(at(failed, "eu", "b:1", ',state="signal_failed"'), failures, **span),
            scraped(at(demand, "young", "c:1"), lambda _: 3.0, start=end - 9 * BIN, end=now),
        ]
    )
    prometheus.start()
    asked: list[str] = []
    session = requests.Session()
    session.hooks["response"].append(lambda response, **_: asked.append(response.url))
    source = PrometheusDemand(prometheus.url, session=session)
    pools = [
        pool("eu"),
        pool("young"),
        pool("own", query='sum(livekit_participant_total{instance="b:1"}) or vector(0)'),
    ]
    history = source.history(pools, now=now)

    assert (history.start, history.end, history.step_seconds) == (start, end, BIN)
    bins = np.arange(start, end, BIN)
    looks = bins[:, None] + np.arange(0, BIN, 60)
    peaks = np.vectorize(wave)(looks).max(axis=1) + 10.0
    values, states = history.values[0], history.states[0]

    def within(span: range) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        inside: np.ndarray[tuple[int], np.dtype[np.bool_]] = (bins >= span.start) & (
            bins < span.stop
        )
        return inside

    # A sample is repeated for five minutes, so the first bin of a loss still sees it.
    lost = within(range(outage.start + BIN, outage.stop))
    partial = within(half_down)
    censored = within(refusing)
    other = ~(within(outage) | partial | censored)
    assert (states[lost] == PointState.MISSING).all()
    assert (states[partial] == PointState.PARTIAL).all()
    assert (states[censored] == PointState.CENSORED).all()
    assert (states[other] == PointState.OBSERVED).all()
    npt.assert_array_equal(values[other], peaks[other])
    npt.assert_allclose(values[censored], peaks[censored] + 60.0, rtol=0.02)

    assert (history.states[1, :-9] == PointState.MISSING).all()
    npt.assert_array_equal(history.values[1, -9:], 3.0)

    own = history.values[2]
    npt.assert_array_equal(own[~within(outage)], 10.0)
    assert np.isnan(own[lost]).all(), "the query's default is no observation"

    source.history(pools, now=end + 400)
    asked.clear()
    again = source.history(pools, now=end + 400)
    assert asked == [], "everything is settled"
    npt.assert_array_equal(again.values, history.values)
    source.history(pools, now=end + BIN)
    assert len(asked) == 2, "the new bin, once for the presets and once for the query"
