"""Who is on which server: by name, else by address, and in doubt nobody knows."""

from __future__ import annotations

import pytest

from autoscaler.controller.occupied import servers_of
from autoscaler.ports.servers import Pod, Seat

NOW = 1_795_392_000


def pod(name: str, address: str = "") -> Pod:
    return Pod(
        name=name,
        uid=f"uid-{name}",
        revision="1",
        address=address,
        created=NOW - 3600,
        placed=True,
        ready=True,
        leaving=False,
        told_at=None,
        by_hand=False,
        guardable=True,
    )


def seat(rooms: float, *, pod: str = "", namespace: str = "", address: str = "") -> Seat:
    return Seat(
        pod=pod,
        namespace=namespace,
        address=address,
        rooms=rooms,
        participants=10 * rooms,
        seen_at=NOW - 3,
    )


@pytest.mark.parametrize(
    ("pods", "seats", "rooms"),
    [
        ([pod("a"), pod("b")], [seat(2, pod="a", namespace="media")], [2, None]),
        ([pod("a")], [seat(2, pod="a")], [2]),
        # a pod of the same name elsewhere
        ([pod("a")], [seat(2, pod="a", namespace="other")], [None]),
        ([pod("a", "10.0.0.1")], [seat(3, address="10.0.0.1")], [3]),
        # two on one host's network: whose target it is cannot be told
        ([pod("a", "10.0.0.1"), pod("b", "10.0.0.1")], [seat(3, address="10.0.0.1")], [None] * 2),
        # neither of them has an address yet
        ([pod("a")], [seat(3, address="")], [None]),
        # two jobs scrape it: the one that tells most is believed
        ([pod("a")], [seat(0, pod="a"), seat(1, pod="a")], [1]),
    ],
)
def test_a_server_is_known_by_its_own_targets(
    pods: list[Pod], seats: list[Seat], rooms: list[float | None]
) -> None:
    servers = servers_of(pods, seats, namespace="media")

    assert [server.rooms for server in servers] == rooms
