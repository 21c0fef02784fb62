"""What is booked, by a pool's own query."""

import numpy as np
import pytest

from autoscaler.ports.demand import BookingsRead
from autoscaler.prometheus.source import PrometheusDemand
from tests.autoscaler.prometheus.fake import Answer, FakePrometheus, refusal, success
from tests.autoscaler.prometheus.pools import NOW, points, pool
from tests.forecast.histories import history

START = NOW - 3600
BOOKED = {"query": "sum(booked)", "knownAheadSeconds": 1200}
PAST = history(np.ones((2, 4)), end=NOW, step=900, names=("sfu/eu", "sfu/us"))


def matrix(*series: object) -> Answer:
    return success({"resultType": "matrix", "result": list(series)})


def read(answer: Answer) -> tuple[BookingsRead, FakePrometheus]:
    with FakePrometheus(lambda _: answer) as fake:
        source = PrometheusDemand(fake.url)
        pools = [pool("eu", bookings=BOOKED), pool("us")]
        return source.bookings(pools, history=PAST, now=NOW), fake


def test_an_interval_holds_what_was_booked_so_long_before_it_began() -> None:
    answer = matrix(points({START - 1200: 7.0, START - 300: 8.0, NOW - 300: 9.0}))
    told, fake = read(answer)
    assert [(each["start"], each["end"], each["step"]) for each in fake.requests] == [
        (str(START - 1200), str(NOW - 300), "900")
    ]
    assert told.silence == {}
    assert told.bookings is not None
    assert (told.bookings.series_ids, told.bookings.start) == (("sfu/eu",), START)
    assert told.bookings.known_ahead == {"sfu/eu": 1200}
    nothing = [np.nan] * 3
    np.testing.assert_array_equal(told.bookings.values, [[7.0, 8.0, *nothing, 9.0]])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (matrix(), "bookings.query gives no interval one series of participants"),
        (
            matrix(points({START - 1200: 7.0}, a="x"), points({START - 1200: 8.0}, a="y")),
            "bookings.query gives no interval one series of participants",
        ),
        (
            matrix(points({START - 1200: -7.0})),
            "bookings.query gives no interval one series of participants",
        ),
        (refusal(400, "bad_data", "parse error"), "Prometheus refused the query: parse error"),
    ],
)
def test_bookings_that_cannot_be_read_are_unknown_with_a_reason(
    answer: Answer, reason: str
) -> None:
    told, _ = read(answer)
    assert told.silence == {"sfu/eu": reason}
    assert told.bookings is None or not told.bookings.known_ahead


def test_a_prometheus_that_is_down_is_asked_once() -> None:
    with FakePrometheus(lambda _: matrix()) as fake:
        url = fake.url
    pools = [pool(name, bookings=BOOKED) for name in ("eu", "us")]
    told = PrometheusDemand(url).bookings(pools, history=PAST, now=NOW)
    assert told.bookings is None
    assert told.silence.keys() == {"sfu/eu", "sfu/us"}


def test_nobody_is_asked_without_bookings() -> None:
    with FakePrometheus(lambda _: matrix()) as fake:
        told = PrometheusDemand(fake.url).bookings([pool("eu")], history=PAST, now=NOW)
    assert (told, fake.requests) == (BookingsRead(None, {}), [])
