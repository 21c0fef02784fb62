"""Who is on which server, as one question tells it for all pools of a group."""

from __future__ import annotations

from typing import Any

import pytest

from autoscaler.planner.emptying import Spells
from autoscaler.ports.servers import Occupancy, Seat
from autoscaler.prometheus.occupancy import PrometheusOccupancy
from autoscaler.prometheus.promql import FACET
from autoscaler.resources.sfupool import SFUPool
from tests.autoscaler.prometheus.fake import Answer, FakePrometheus, refusal, series
from tests.autoscaler.prometheus.pools import NOW, pool, row, rows

EU = pool("eu")


def told(target: dict[str, str], **facets: float | str) -> list[dict[str, Any]]:
    labels = {"sfu_pool": "eu", "job": "sfu", **target}
    return [row(value, **labels, **{FACET: facet}) for facet, value in facets.items()]


def read(answer: Answer, *pools: SFUPool) -> dict[str, Occupancy]:
    with FakePrometheus(lambda _: answer) as fake:
        occupancy = PrometheusOccupancy(fake.url)
        known = dict(occupancy.occupancy(pools or (EU,), now=NOW))
        occupancy.close()
    return known


def test_targets_are_somebodys_by_name_or_by_address() -> None:
    answer = series(
        [
            *told({"instance": "10.0.0.1:7880"}, rooms=2, participants=9, age=1.2),
            *told(
                {"instance": "sfu", "pod": "sfu-1", "namespace": "media"},
                rooms=0,
                participants=0,
                age=0,
            ),
            *rows("eu", occupied=36_000, emptied=12),
        ]
    )

    assert read(answer)["sfu/eu"] == Occupancy(
        (
            Seat(
                pod="", namespace="", address="10.0.0.1", rooms=2, participants=9, seen_at=NOW - 2
            ),
            Seat(
                pod="sfu-1", namespace="media", address="sfu", rooms=0, participants=0, seen_at=NOW
            ),
        ),
        Spells(36_000, 12),
    )


@pytest.mark.parametrize(
    "facets",
    [
        {"rooms": 0.0, "participants": 0.0},
        {"rooms": 0.0, "age": 0.0},
        {"rooms": "NaN", "participants": 0.0, "age": 0.0},
    ],
)
def test_a_target_that_does_not_tell_everything_is_nobodys(facets: dict[str, float | str]) -> None:
    answer = series(told({"instance": "10.0.0.1:7880"}, **facets))

    assert read(answer)["sfu/eu"].seats == ()


def test_a_prometheus_that_does_not_answer_knows_nobody() -> None:
    assert read(refusal(503, "unavailable", "starting")) == {}


@pytest.mark.parametrize("preset", ["Jicofo", "Janus"])
def test_presets_that_do_not_tell_servers_apart_are_not_asked(preset: str) -> None:
    one = pool("eu", preset=preset, matchLabels={"sfu_pool": "eu"})
    with FakePrometheus(lambda _: series([])) as fake:
        assert PrometheusOccupancy(fake.url).occupancy((one,), now=NOW) == {}
        assert fake.queries == []
