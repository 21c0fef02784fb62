"""Every answer of Prometheus is rows or one sentence, and every wait ends."""

import time

import pytest

from autoscaler.errors import PrometheusError
from autoscaler.prometheus.client import (
    PrometheusClient,
    PrometheusDownError,
    PrometheusSlowError,
    QueryRefusedError,
)
from tests.autoscaler.prometheus.fake import Answer, FakePrometheus, refusal, series, success
from tests.autoscaler.prometheus.pools import NOW, row

BARE = "the query gives a bare number or string, it must give a series of participants"


def client(url: str, *, seconds: float = 5.0) -> PrometheusClient:
    return PrometheusClient(url, instant_seconds=seconds, range_seconds=seconds)


def test_an_instant_query_gives_its_rows_and_is_sent_once_with_a_limit() -> None:
    with FakePrometheus(lambda _: series([row(3.0, pool="eu")])) as fake:
        rows = client(f"{fake.url}/").instant("up", lookback_delta="60s")
    assert rows == [row(3.0, pool="eu")]
    assert fake.requests == [
        {
            "query": "up",
            "timeout": "4.500",
            "partial_response": "false",
            "lookback_delta": "60s",
        }
    ]


def test_a_range_query_asks_for_both_ends() -> None:
    with FakePrometheus(lambda _: series([])) as fake:
        client(fake.url).range("up", start=NOW, end=NOW + 900, step_seconds=900)
    (request,) = fake.requests
    assert (request["start"], request["end"], request["step"]) == (
        str(NOW),
        str(NOW + 900),
        "900",
    )


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        (
            refusal(400, "bad_data", "1:7: parse error: unclosed left parenthesis"),
            QueryRefusedError,
            "Prometheus refused the query: 1:7: parse error: unclosed left parenthesis",
        ),
        (
            refusal(422, "execution", "query processing would load too many samples into memory"),
            QueryRefusedError,
            "Prometheus refused the query: query processing would load too many samples into"
            " memory",
        ),
        (
            Answer(401, "who are you"),
            QueryRefusedError,
            "Prometheus refused the query: status 401 Unauthorized",
        ),
        (
            Answer(503, "Service Unavailable"),
            PrometheusDownError,
            "Prometheus cannot be reached: status 503 Service Unavailable",
        ),
        (success({"resultType": "scalar", "result": [1.0, "42"]}), QueryRefusedError, BARE),
        (success({"resultType": "string", "result": [1.0, "abc"]}), QueryRefusedError, BARE),
        (
            Answer(200, "<html>log in</html>"),
            QueryRefusedError,
            "{url} does not answer as Prometheus does",
        ),
        (Answer(200, "[]"), QueryRefusedError, "{url} does not answer as Prometheus does"),
        (success(None), QueryRefusedError, "{url} does not answer as Prometheus does"),
    ],
)
def test_what_is_no_series_is_one_sentence(
    answer: Answer, kind: type[PrometheusError], sentence: str
) -> None:
    with FakePrometheus(lambda _: answer) as fake:
        with pytest.raises(kind) as refused:
            client(fake.url).instant("q")
        assert str(refused.value) == sentence.format(url=fake.url)
        assert len(fake.requests) == 1, "nothing is retried"


@pytest.mark.parametrize(
    ("answer", "too_much"),
    [
        (refusal(422, "execution", "too many samples"), True),
        (refusal(503, "timeout", "query timed out"), True),
        (refusal(400, "bad_data", "parse error"), False),
    ],
)
def test_a_query_that_is_too_large_is_told_from_a_wrong_one(answer: Answer, too_much: bool) -> None:
    with FakePrometheus(lambda _: answer) as fake, pytest.raises(QueryRefusedError) as refused:
        client(fake.url).instant("q")
    assert refused.value.too_much is too_much


def test_nobody_listening_is_said_at_once() -> None:
    with FakePrometheus(lambda _: series([])) as fake:
        url = fake.url
    with pytest.raises(PrometheusDownError) as down:
        client(url).instant("up")
    assert (
        str(down.value) == f"Prometheus at {url} cannot be reached: [Errno 111] Connection refused"
    )


def test_a_silent_prometheus_is_waited_for_once_and_no_longer_than_said() -> None:
    began = time.monotonic()
    silent = Answer(200, "{}", seconds=0.6)
    with FakePrometheus(lambda _: silent) as fake, pytest.raises(PrometheusSlowError) as slow:
        client(fake.url, seconds=0.1).instant("up")
    assert str(slow.value) == f"Prometheus at {fake.url} did not answer within 0.1 s"
    assert len(fake.requests) == 1
    assert time.monotonic() - began < 0.6, "four tries with pauses would take longer"
