"""All pools at once: who shares a request, and that one pool's trouble is not another's."""

from collections.abc import Mapping

import numpy as np
import numpy.testing as npt
import pytest

from autoscaler.engine.observation import DemandState
from autoscaler.errors import PrometheusError
from autoscaler.prometheus.source import HISTORY_BINS, PrometheusDemand
from forecast.arrays import FloatArray
from forecast.history import History, PointState
from tests.autoscaler.prometheus.fake import (
    Answer,
    FakePrometheus,
    Script,
    refusal,
    series,
    success,
)
from tests.autoscaler.prometheus.pools import NOW, points, pool, row, rows

FINE = {"age": 1.0, "live": 2.0, "was_live": 2.0}


class Seconds:
    """A monotonic clock that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_pools_of_one_preset_share_one_request_on_a_quiet_tick() -> None:
    answer = series(
        [
            *rows("eu", participants=80, empty=1, egress=3e6, **FINE),
            *rows("us", participants=0, **FINE),
        ]
    )
    with FakePrometheus(lambda _: answer) as fake:
        readings = PrometheusDemand(fake.url).read([pool("eu"), pool("us")], now=NOW)
    eu, us = readings["sfu/eu"], readings["sfu/us"]
    assert len(fake.requests) == 1
    assert (eu.demand.state, eu.demand.participants) == (DemandState.OBSERVED, 80.0)
    assert (eu.empty_servers, eu.egress_mbps, eu.demand.sample_time) == (1, 3.0, NOW - 1)
    assert us.demand.state is DemandState.ZERO


def test_only_pools_with_mute_targets_are_asked_who_is_missing() -> None:
    def script(request: Mapping[str, str]) -> Answer:
        if '"missing"' in request["query"]:
            return series(rows("eu", missing=1))
        mute = rows("eu", participants=80, mute=1, **{**FINE, "live": 1.0})
        return series([*mute, *rows("us", participants=9, **FINE)])

    with FakePrometheus(script) as fake:
        readings = PrometheusDemand(fake.url).read([pool("eu"), pool("us")], now=NOW)
    assert readings["sfu/eu"].demand.state is DemandState.PARTIAL
    assert readings["sfu/us"].demand.state is DemandState.OBSERVED
    assert 'sfu_pool="eu"' in fake.queries[1]
    assert 'sfu_pool!=""' not in fake.queries[1]


def test_a_pool_whose_newest_sample_is_old_is_stale() -> None:
    answer = series([*rows("us", participants=9, **FINE), *rows("eu", participants=80, age=200)])
    with FakePrometheus(lambda _: answer) as fake:
        readings = PrometheusDemand(fake.url).read([pool("eu"), pool("us")], now=NOW)
    eu = readings["sfu/eu"]
    assert (eu.demand.state, eu.demand.participants) == (DemandState.STALE, 80.0)
    assert eu.reason == "the newest sample is 200 s old, staleAfterSeconds is 60"


def test_a_jump_is_held_against_joins_and_egress() -> None:
    def script(request: Mapping[str, str]) -> Answer:
        if '"joined"' in request["query"]:
            return series(rows("eu", joined=4))
        jump = rows("eu", participants=900, before=300, **FINE)
        return series([*jump, *rows("us", participants=9, before=8, **FINE)])

    with FakePrometheus(script) as fake:
        readings = PrometheusDemand(fake.url).read([pool("eu"), pool("us")], now=NOW)
    assert readings["sfu/eu"].demand.state is DemandState.CONTRADICTED
    assert readings["sfu/us"].demand.state is DemandState.OBSERVED


@pytest.mark.parametrize(
    "answer", [refusal(422, "execution", "too much"), Answer(200, "{}", seconds=0.5)]
)
def test_a_jump_is_believed_when_nobody_can_be_asked(answer: Answer) -> None:
    def script(request: Mapping[str, str]) -> Answer:
        if '"joined"' in request["query"]:
            return answer
        return series(rows("eu", participants=900, before=300, **FINE))

    with FakePrometheus(script) as fake:
        readings = PrometheusDemand(fake.url, timeout_seconds=0.2).read([pool("eu")], now=NOW)
    assert readings["sfu/eu"].demand.state is DemandState.OBSERVED


def test_a_bad_query_is_its_own_pools_trouble_only() -> None:
    parse = 'invalid parameter "query": 1:5: parse error: unclosed left parenthesis'

    def script(request: Mapping[str, str]) -> Answer:
        if request["query"] == "sum(":
            return refusal(400, "bad_data", parse)
        if request["query"] == '"eu"':
            return success({"resultType": "string", "result": [1.0, "eu"]})
        if request.get("time") == "0":
            return series([])
        if request["query"] == "sum(x)":
            return series([row(5.0)])
        return series(rows("eu", participants=80, **FINE))

    pools = [
        pool("bad", query="sum("),
        pool("text", query='"eu"'),
        pool("good", query="sum(x)"),
        pool("eu"),
    ]
    with FakePrometheus(script) as fake:
        readings = PrometheusDemand(fake.url).read(pools, now=NOW)
    assert {key: reading.demand.state.value for key, reading in readings.items()} == {
        "sfu/eu": "Observed",
        "sfu/bad": "Empty",
        "sfu/text": "Empty",
        "sfu/good": "Observed",
    }
    assert readings["sfu/bad"].reason == f"Prometheus refused the query: {parse}"
    assert "string" in readings["sfu/text"].reason


def test_one_presets_refusal_leaves_the_other_presets_alone() -> None:
    def script(request: Mapping[str, str]) -> Answer:
        if "jitsi" in request["query"]:
            return refusal(422, "execution", "many-to-many")
        return series(rows("eu", participants=80, **FINE))

    with FakePrometheus(script) as fake:
        readings = PrometheusDemand(fake.url).read([pool("jvb", preset="JVB"), pool("eu")], now=NOW)
    assert readings["sfu/eu"].demand.state is DemandState.OBSERVED
    assert readings["sfu/jvb"].reason == "Prometheus refused the query: many-to-many"


def test_a_prometheus_that_is_gone_blinds_every_pool_at_once() -> None:
    with FakePrometheus(lambda _: series([])) as fake:
        source = PrometheusDemand(fake.url)
    readings = source.read([pool("eu"), pool("own", query="sum(x)")], now=NOW)
    for reading in readings.values():
        assert (reading.demand.state, reading.demand.participants) == (DemandState.EMPTY, None)
        assert "Connection refused" in reading.reason
    assert readings.keys() == {"sfu/eu", "sfu/own"}


def test_queries_that_are_too_slow_do_not_hold_the_tick_for_long() -> None:
    clock = Seconds()

    def script(request: Mapping[str, str]) -> Answer:
        clock.now += 4.0
        return series([row(5.0)])

    pools = [pool(f"p{i}", query=f"sum(x{i})") for i in range(6)]
    with FakePrometheus(script) as fake:
        source = PrometheusDemand(fake.url, timeout_seconds=5.0, monotonic=clock)
        readings = source.read(pools, now=NOW)
    late = [reading.reason for reading in readings.values() if reading.reason]
    assert len(fake.requests) < 6
    assert set(late) >= {"Prometheus did not get to it within 10 s"}


def flat(request: Mapping[str, str]) -> Answer:
    """Answer every range query with the number of the quarter-hour, of pools eu and us."""
    start, end = int(request["start"]), int(request["end"])
    values: dict[int, float | str] = {t: t // 900 % 10_000 for t in range(start, end + 1, 900)}
    return series([points(values, sfu_pool=name, facet="peak") for name in ("eu", "us")])


def quarters(history: History) -> FloatArray:
    numbers = history.start // 900 + np.arange(history.points)
    return (numbers % 10_000).astype(np.float64)


def spans(fake: FakePrometheus) -> list[tuple[int, int]]:
    """Return from when to when each request asked, in quarter-hours before now, newest first."""
    now = NOW // 900
    return [(now - int(one["start"]) // 900, now - int(one["end"]) // 900) for one in fake.requests]


def test_the_past_is_read_once_and_then_only_what_is_new() -> None:
    with FakePrometheus(flat) as fake:
        source = PrometheusDemand(fake.url)
        history = source.history([pool("eu"), pool("us")], now=NOW)
        assert (history.series_ids, history.points) == (("sfu/eu", "sfu/us"), HISTORY_BINS)
        assert history.end == NOW // 900 * 900
        npt.assert_array_equal(history.values, [quarters(history)] * 2)
        assert len(fake.requests) == 29, "a request a day, for all pools"
        assert spans(fake)[0] == (96, 1), "the newest day first"

        fake.requests.clear()
        source.history([pool("eu"), pool("us")], now=NOW + 60)
        assert spans(fake) == [(1, 1)], "the last bin again: samples may be late"

        fake.requests.clear()
        history = source.history([pool("eu"), pool("us")], now=NOW + 3600)
        assert spans(fake) == [(1, -3)]
        npt.assert_array_equal(history.values, [quarters(history)] * 2)

        for asked in ([(-3, -3)], []):
            fake.requests.clear()
            source.history([pool("eu"), pool("us")], now=NOW + 3600 + 400)
            assert spans(fake) == asked, "five minutes after its end a bin is settled"


def test_a_pool_that_comes_later_is_read_alone() -> None:
    with FakePrometheus(flat) as fake:
        source = PrometheusDemand(fake.url)
        source.history([pool("eu")], now=NOW + 400)
        fake.requests.clear()
        history = source.history([pool("eu"), pool("us")], now=NOW + 400)
        assert len(fake.requests) == 29
        assert all('sfu_pool="us"' in query for query in fake.queries)
        npt.assert_array_equal(history.values, [quarters(history)] * 2)


def test_an_outage_leaves_a_gap_and_wipes_nothing() -> None:
    with FakePrometheus(flat) as fake:
        source = PrometheusDemand(fake.url)
        before = source.history([pool("eu")], now=NOW)
        fake.script = lambda _: Answer(503, "Service Unavailable")
        with pytest.raises(PrometheusError, match="cannot be reached"):
            source.history([pool("eu")], now=NOW + 1800)
        fake.script = flat
        fake.requests.clear()
        after = source.history([pool("eu")], now=NOW + 1800)
    assert spans(fake) == [(1, -1)]
    npt.assert_array_equal(after.values[:, :-3], before.values[:, 2:-1])
    npt.assert_array_equal(after.values, [quarters(after)])


def too_large(limit: int) -> Script:
    """Refuse range queries of more than `limit` bins."""

    def script(request: Mapping[str, str]) -> Answer:
        if int(request["end"]) - int(request["start"]) >= limit * 900:
            return refusal(422, "execution", "query processing would load too many samples")
        return flat(request)

    return script


def test_what_is_too_much_at_once_is_asked_in_halves() -> None:
    with FakePrometheus(too_large(30)) as fake:
        history = PrometheusDemand(fake.url).history([pool("eu")], now=NOW)
    npt.assert_array_equal(history.values, [quarters(history)])
    assert spans(fake)[:4] == [(96, 1), (48, 1), (24, 1), (48, 25)]
    assert len(fake.requests) == 2 + 4 * 29, "what was too much once is not tried again"


@pytest.mark.parametrize(
    "script",
    [too_large(0), lambda _: refusal(400, "bad_data", "parse error")],
    ids=["too much even for one bin", "wrong"],
)
def test_a_question_that_is_always_refused_is_given_up_and_missing(script: Script) -> None:
    with FakePrometheus(script) as fake:
        history = PrometheusDemand(fake.url).history([pool("eu")], now=NOW)
        assert len(fake.requests) <= 8
    assert (history.states == PointState.MISSING).all()


def test_history_stops_when_its_time_is_over_and_goes_on_later() -> None:
    clock = Seconds()

    def slow(request: Mapping[str, str]) -> Answer:
        clock.now += 10.0
        return flat(request)

    with FakePrometheus(slow) as fake:
        source = PrometheusDemand(fake.url, history_seconds=60.0, monotonic=clock)
        history = source.history([pool("eu")], now=NOW)
        assert len(fake.requests) == 6
        assert np.isfinite(history.values[0]).sum() == 6 * 96
        assert np.isfinite(history.values[0, -6 * 96 :]).all(), "the newest first"
        for _ in range(5):
            history = source.history([pool("eu")], now=NOW)
        assert np.isfinite(history.values).all()


def test_a_prometheus_that_tells_nothing_of_the_past_is_an_error() -> None:
    with FakePrometheus(flat) as fake:
        source = PrometheusDemand(fake.url)
    with pytest.raises(PrometheusError, match="Connection refused"):
        source.history([pool("eu")], now=NOW)


def test_without_pools_there_is_nothing_to_ask() -> None:
    with FakePrometheus(flat) as fake:
        source = PrometheusDemand(fake.url)
        assert source.read([], now=NOW) == {}
        assert source.history([], now=NOW).series_ids == ()
        assert fake.requests == []
