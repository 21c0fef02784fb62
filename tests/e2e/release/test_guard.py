"""Exactly the released servers go, whoever asks for fewer: everybody else's identity is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.servers.process import until

if TYPE_CHECKING:
    from tests.e2e.release.stage import Stage

pytestmark = [pytest.mark.plane, pytest.mark.prometheus, pytest.mark.live]

HELD, SIZED, SPREAD = "held", "sized", "spread"


@pytest.fixture(scope="module")
def consolidating(stage: Stage) -> tuple[str, set[str]]:
    """Karpenter has had cause to empty nodes since the first test; one server may go."""
    servers = sorted(stage.names(SPREAD))
    assert len({stage.node_of(name) for name in servers}) == len(servers)
    stage.unfill()
    return servers[0], set(servers[1:])


def test_an_unreleased_server_is_not_evicted_and_a_released_one_is(
    stage: Stage, consolidating: object
) -> None:
    first, *others = sorted(stage.names(HELD))

    assert stage.evict(first) == 429
    stage.label(first)
    assert stage.evict(first) == 201

    until(lambda: first not in stage.names(HELD), what="the evicted server gone")
    assert stage.names(HELD) >= set(others)
    assert stage.evict(others[0]) == 429
    until(lambda: len(stage.names(HELD)) == 4, what="its replacement")


def test_a_rollout_takes_released_servers_only(stage: Stage) -> None:
    before = stage.names(HELD)
    stage.change(HELD, {"template": {"metadata": {"annotations": {"version": "2"}}}})
    until(lambda: len(stage.names(HELD)) > len(before), what="the rollout's first new server")
    stage.team.records.await_condition(HELD, "Releasing", "False", "ReleaseNever")

    stage.stay(HELD, before, seconds=3)
    goes = min(before)
    stage.label(goes)

    until(lambda: goes not in stage.names(HELD), what="the released server gone")
    stage.stay(HELD, before - {goes}, seconds=2)


def test_a_deployment_scaled_down_by_somebody_loses_released_servers_only(stage: Stage) -> None:
    before = stage.names(HELD)
    stage.change(HELD, {"replicas": 2})

    stage.stay(HELD, before, seconds=3)
    goes = set(sorted(before)[:2])
    for name in goes:
        stage.label(name)

    until(lambda: not goes & stage.names(HELD), what="the released servers gone", timeout=60)
    stage.stay(HELD, before - goes, seconds=2)


def test_meetscale_itself_takes_exactly_the_empty_servers(stage: Stage) -> None:
    everybody = stage.names(SIZED)
    occupied = set(sorted(everybody)[::2])
    assert stage.team.pools.size(SIZED) == len(everybody)

    stage.occupy(occupied, each=80.0)

    until(lambda: stage.names(SIZED) == occupied, what="the empty ones gone", timeout=120)
    stage.stay(SIZED, occupied, seconds=2)
    assert stage.team.pools.size(SIZED) == len(occupied)
    released = [e for e in stage.team.records.events(SIZED) if e["reason"] == "ServersReleased"]
    named = " ".join(event["note"] for event in released)
    assert any(name in named for name in everybody - occupied)
    assert not any(name in named for name in occupied)


def test_karpenter_empties_no_node_of_an_unreleased_server(
    stage: Stage, consolidating: tuple[str, set[str]]
) -> None:
    goes, others = consolidating
    assert stage.names(SPREAD) == {goes, *others}  # it had cause for all of this file

    stage.label(goes)

    until(lambda: goes not in stage.names(SPREAD), what="the released server evicted", timeout=120)
    stage.stay(SPREAD, others, seconds=5)
    assert stage.operator.logged("error") == []
