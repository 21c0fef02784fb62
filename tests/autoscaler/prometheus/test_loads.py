"""What every pool's servers carried: one set of questions for all pools of a preset."""

from collections.abc import Mapping

import pytest

from autoscaler.capacity.samples import Column
from autoscaler.errors import PrometheusError
from autoscaler.prometheus.loads import REQUESTS, WINDOW_SECONDS, PrometheusLoads
from tests.autoscaler.prometheus.fake import Answer, FakePrometheus, refusal, series
from tests.autoscaler.prometheus.pools import NOW, points, pool

POOLS = [pool("eu"), pool("us")]


def loads(request: Mapping[str, str]) -> Answer:
    """Answer with participants and egress of one server in each pool, and of a third's."""
    moments = range(int(request["start"]), int(request["end"]) + 1, WINDOW_SECONDS)
    return series(
        [
            points(
                dict.fromkeys(moments, value * size),
                facet=facet,
                job="sfu",
                instance="a:1",
                sfu_pool=name,
            )
            for name, size in (("eu", 1.0), ("us", 2.0), ("other", 3.0))
            for facet, value in (("participants", 50.0), ("egressMbps", 100.0))
        ]
    )


def test_all_pools_of_a_preset_are_asked_for_at_once_the_newest_hour_first() -> None:
    with FakePrometheus(loads) as fake:
        told = PrometheusLoads(fake.url).loads(POOLS, now=NOW)
    assert len(fake.requests) == REQUESTS
    assert all('sfu_pool!=""' in query for query in fake.queries)
    assert "sum by (job, instance, sfu_pool)" in fake.queries[0]
    assert int(fake.requests[0]["end"]) == NOW
    assert int(fake.requests[1]["end"]) == NOW - 3600
    assert told.keys() == {"sfu/eu", "sfu/us"}
    # the first window has none before it: whether the server was there all along is not known
    assert len(set(told["sfu/us"].times.tolist())) == REQUESTS * 12 - 1
    assert set(told["sfu/us"].columns[Column.EGRESS].tolist()) == {200.0}


def test_what_was_read_before_a_refusal_counts() -> None:
    def script(request: Mapping[str, str]) -> Answer:
        late = int(request["end"]) >= NOW - 3600
        return loads(request) if late else refusal(422, "execution", "too many samples")

    with FakePrometheus(script) as fake:
        told = PrometheusLoads(fake.url).loads(POOLS, now=NOW)
    assert len(told["sfu/eu"].times) == 23


def test_without_any_answer_it_says_why() -> None:
    with (
        FakePrometheus(lambda _: refusal(422, "execution", "too many samples")) as fake,
        pytest.raises(PrometheusError, match="too many samples"),
    ):
        PrometheusLoads(fake.url).loads(POOLS, now=NOW)


def test_an_sfu_that_tells_no_load_is_not_asked() -> None:
    with FakePrometheus(loads) as fake:
        assert PrometheusLoads(fake.url).loads([pool("j", preset="Jicofo")], now=NOW) == {}
    assert fake.requests == []


def test_none_is_asked_after_the_time_is_up() -> None:
    clock = iter(range(0, 1000, 50))
    with FakePrometheus(loads) as fake:
        source = PrometheusLoads(fake.url, seconds=120.0, monotonic=lambda: float(next(clock)))
        told = source.loads(POOLS, now=NOW)
    assert len(fake.requests) == 1
    assert len(told["sfu/eu"].times) == 11
