import pytest

from autoscaler.capacity.rating import Resource, rate
from autoscaler.capacity.shape import MediaMix, ServerShape

SERVER = ServerShape(
    participants=400.0, egress_mbps=2000.0, packets_per_second=450_000.0, hourly_cost=1.7
)


@pytest.mark.parametrize(
    ("mix", "full", "binding"),
    [
        # nothing measured: what the owner said
        (MediaMix(), 400.0, Resource.PARTICIPANTS),
        # audio: 0.1 Mbit/s and 150 packets/s each: 450,000 / 150 = 3,000, above 400
        (MediaMix(egress_mbps=0.1, packets_per_second=150.0), 400.0, Resource.PARTICIPANTS),
        # cameras: 8 Mbit/s each: 2,000 / 8 = 250
        (MediaMix(egress_mbps=8.0, packets_per_second=900.0), 250.0, Resource.EGRESS),
        # small packets: 450,000 / 2,000 = 225
        (MediaMix(egress_mbps=8.0, packets_per_second=2000.0), 225.0, Resource.PACKETS),
    ],
)
def test_the_dearest_resource_rates_a_server(mix: MediaMix, full: float, binding: Resource) -> None:
    rating = rate(SERVER, mix)
    assert (rating.full, rating.per_server, rating.binding) == (full, full, binding)


@pytest.mark.parametrize(
    ("largest_room", "per_server"),
    [(0.0, 400.0), (50.0, 350.0), (200.0, 200.0), (300.0, 200.0), (-5.0, 400.0)],
)
def test_a_room_that_does_not_fit_leaves_a_tail_of_at_most_half_a_server(
    largest_room: float, per_server: float
) -> None:
    assert rate(SERVER, MediaMix(largest_room=largest_room)).per_server == per_server


def test_vcpu_bind_where_they_are_known() -> None:
    server = ServerShape(
        participants=400.0, egress_mbps=0.0, packets_per_second=0.0, hourly_cost=0.0, cores=16.0
    )
    # 16 / 0.05 = 320
    rating = rate(server, MediaMix(cores=0.05))
    assert (rating.full, rating.binding) == (320.0, Resource.CORES)


def test_an_unknown_capacity_of_the_server_never_binds() -> None:
    server = ServerShape(
        participants=400.0, egress_mbps=0.0, packets_per_second=0.0, hourly_cost=0.0
    )
    assert rate(server, MediaMix(egress_mbps=8.0)).binding is Resource.PARTICIPANTS
