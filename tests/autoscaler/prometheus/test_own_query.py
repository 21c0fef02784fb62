"""Queries that owners wrote: one series is a number, anything else is a sentence."""

from collections.abc import Mapping

import pytest

from autoscaler.engine.observation import DemandState
from autoscaler.ports.demand import Reading
from autoscaler.prometheus.client import PrometheusClient
from autoscaler.prometheus.own_query import OwnQueries
from tests.autoscaler.prometheus.fake import Answer, FakePrometheus, refusal, series
from tests.autoscaler.prometheus.pools import NOW, pool, row

DEMAND = pool("own", query="sum(visitors)").spec.demand


def queries(fake: FakePrometheus) -> OwnQueries:
    return OwnQueries(PrometheusClient(fake.url, instant_seconds=5.0, range_seconds=5.0))


def read(*, fresh: Answer, old: Answer | None = None, in_1970: Answer | None = None) -> Reading:
    """Read a query for which Prometheus has a fresh answer, an old one, and one without data."""

    def script(request: Mapping[str, str]) -> Answer:
        if request.get("time") == "0":
            return in_1970 or series([])
        return fresh if "lookback_delta" in request else old or series([])

    with FakePrometheus(script) as fake:
        return queries(fake).read(DEMAND, now=NOW)


@pytest.mark.parametrize(
    ("reading", "state", "participants", "reason"),
    [
        (read(fresh=series([row(7.0)])), DemandState.OBSERVED, 7.0, ""),
        (read(fresh=series([row(0.0)])), DemandState.ZERO, 0.0, ""),
        (read(fresh=series([])), DemandState.EMPTY, None, "the query gives no series"),
        (
            read(fresh=series([]), old=series([row(7.0)])),
            DemandState.STALE,
            7.0,
            "every sample is older than staleAfterSeconds 60",
        ),
        (
            read(fresh=series([row("NaN")])),
            DemandState.EMPTY,
            None,
            "the query gives NaN, which is no number of participants",
        ),
        (
            read(fresh=series([row("+Inf")])),
            DemandState.EMPTY,
            None,
            "the query gives inf, which is no number of participants",
        ),
        (
            read(fresh=series([row(1.0, pod="a", job="x"), row(2.0, pod="b", job="x")])),
            DemandState.EMPTY,
            None,
            "the query gives 2 series that differ in pod: it must give one, as sum() does",
        ),
        (
            read(fresh=series([row(0.0)]), in_1970=series([row(0.0)])),
            DemandState.EMPTY,
            None,
            "the query gives 0 even where there is no data, so that 0 proves nothing:"
            " leave out the default, such as `or vector(0)`",
        ),
        (
            read(fresh=series([row(7.0)]), in_1970=series([row(0.0)])),
            DemandState.OBSERVED,
            7.0,
            "",
        ),
        (
            read(fresh=series([row(0.0)]), in_1970=refusal(422, "execution", "too far back")),
            DemandState.ZERO,
            0.0,
            "",
        ),
        (
            read(fresh=series([{"metric": {}, "histogram": [1.0, {}]}])),
            DemandState.EMPTY,
            None,
            "the query gives NaN, which is no number of participants",
        ),
    ],
    ids=[
        "one series",
        "zero",
        "no series",
        "only old samples",
        "NaN",
        "infinite",
        "two series",
        "zero by default",
        "a number beside a default",
        "a store that does not look back",
        "a histogram",
    ],
)
def test_state_and_reason(
    reading: Reading, state: DemandState, participants: float | None, reason: str
) -> None:
    assert (reading.demand.state, reading.demand.participants, reading.reason) == (
        state,
        participants,
        reason,
    )


def test_samples_count_for_as_long_as_they_are_not_stale() -> None:
    with FakePrometheus(lambda _: series([row(7.0)])) as fake:
        queries(fake).read(pool("own", query="q", staleAfterSeconds=30).spec.demand, now=NOW)
    assert fake.requests[0]["lookback_delta"] == "30s"


def test_the_default_is_asked_for_once() -> None:
    with FakePrometheus(lambda _: series([row(7.0)])) as fake:
        own = queries(fake)
        for _ in range(3):
            own.read(DEMAND, now=NOW)
    assert [request.get("time") for request in fake.requests] == [None, "0", None, None]
