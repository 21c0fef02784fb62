"""What a link carries, by its own query in bit/s."""

from collections.abc import Mapping

import pytest

from autoscaler.ports.demand import Usage
from autoscaler.prometheus.source import PrometheusDemand
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.load import load_as
from tests.autoscaler.prometheus.fake import Answer, FakePrometheus, refusal, series
from tests.autoscaler.prometheus.pools import NOW, row


def link(name: str = "transit", query: str | None = "sum(sent)") -> EgressLink:
    spec: dict[str, object] = {
        "portMbps": 2000,
        "committedMbps": 400,
        "stepMbps": 100,
        "maxMbps": 2000,
        "tiers": [{"upToMbps": 2000, "leadTimeSeconds": 3600}],
    }
    if query is not None:
        spec["usage"] = {"query": query}
    metadata = {"name": name, "namespace": "media", "uid": name, "generation": 1}
    return load_as(EgressLink, {"metadata": metadata, "spec": spec})


def read(answer: Answer) -> Usage:
    with FakePrometheus(lambda _: answer) as fake:
        return PrometheusDemand(fake.url).usage([link()], now=NOW)["media/transit"]


def test_bits_become_megabits() -> None:
    assert read(series([row(1.5e9)])) == Usage(1500.0)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (series([]), "usage.query gives no series: it must give one"),
        (series([row(1.0, a="x"), row(2.0, a="y")]), "usage.query gives 2 series"),
        (series([row("NaN")]), "usage.query gives nan, which is no number of bit/s"),
        (series([row(-1.0)]), "usage.query gives -1, which is no number of bit/s"),
        (refusal(400, "bad_data", "parse error"), "Prometheus refused the query: parse error"),
    ],
)
def test_anything_else_is_unknown_with_its_reason(answer: Answer, reason: str) -> None:
    usage = read(answer)
    assert usage.mbps is None
    assert reason in usage.reason


def test_a_link_is_asked_for_every_half_a_minute() -> None:
    sent = iter([1e6, 2e6])

    def script(request: Mapping[str, str]) -> Answer:
        return series([row(next(sent))])

    with FakePrometheus(script) as fake:
        source = PrometheusDemand(fake.url)
        seen = [source.usage([link()], now=NOW + s)["media/transit"].mbps for s in (0, 29, 30)]
    assert seen == [1.0, 1.0, 2.0]
    assert len(fake.requests) == 2


def test_a_link_without_a_query_is_not_asked_for() -> None:
    with FakePrometheus(lambda _: series([])) as fake:
        assert PrometheusDemand(fake.url).usage([link(query=None)], now=NOW) == {}
    assert fake.requests == []


def test_one_that_cannot_be_reached_is_asked_once() -> None:
    unreachable = PrometheusDemand("http://127.0.0.1:1", timeout_seconds=0.2)
    links = [link("a"), link("b")]
    found = unreachable.usage(links, now=NOW)
    assert {usage.mbps for usage in found.values()} == {None}
    assert all("cannot be reached" in usage.reason for usage in found.values())
