import numpy as np
import pytest

from autoscaler.capacity.cold_start import Meetings, cold_start
from autoscaler.capacity.media import Kind, Load
from autoscaler.capacity.rating import Resource, rate
from autoscaler.capacity.sfus import COSTS, Sfu, cores_for
from autoscaler.capacity.shape import ServerShape


def load(*, packets_in: float, packets_out: float, mbps_out: float) -> Load:
    return Load(
        mbps_in=np.zeros(1),
        mbps_out=np.array([mbps_out]),
        packets_in=np.array([packets_in]),
        packets_out=np.array([packets_out]),
        streams_out=np.zeros(1),
    )


@pytest.mark.parametrize(
    ("measured", "share"),
    [
        # LiveKit's published rows on 16 vCPU: 10 speak to 3,000; 150 meet; one streams to 3,000
        (load(packets_in=500.0, packets_out=959_156.0, mbps_out=8 * 23.0), 0.80),
        (load(packets_in=51_068.0, packets_out=762_749.0, mbps_out=8 * 93.0), 0.85),
        (load(packets_in=250.0, packets_out=560_962.0, mbps_out=8 * 531.0), 0.92),
    ],
)
def test_livekits_published_benchmark_comes_out(measured: Load, share: float) -> None:
    cores = cores_for(COSTS[Sfu.LIVEKIT], measured, np.array([3000.0]))
    assert cores / 16 == pytest.approx([share], abs=0.005)


def test_a_floor_of_participants_holds_where_traffic_is_light() -> None:
    light = load(packets_in=0.0, packets_out=0.0, mbps_out=3.6)
    assert cores_for(COSTS[Sfu.JVB], light, np.array([100.0])) == pytest.approx([4.0])


def test_two_on_camera_ask_a_server_for_what_can_be_worked_out_by_hand() -> None:
    # Rooms of one on average are rooms of one: nothing goes out, and nothing is left free.
    alone = Meetings(shares={Kind.CAMERA: 1.0}, room_size=1.0, rooms=10.0)
    mix = cold_start(Sfu.LIVEKIT, alone)
    assert (mix.egress_mbps, mix.packets_per_second, mix.largest_room) == (0.0, 0.0, 1.0)
    assert mix.cores == pytest.approx((50.0 + 2.31e6 / (8 * 947)) / 21_400)
    assert mix.measured_within is None


def test_kinds_add_up_by_their_shares() -> None:
    def egress(**shares: float) -> float:
        by_kind = {Kind(name): share for name, share in shares.items()}
        meetings = Meetings(shares=by_kind, room_size=6.0, rooms=10.0)
        return cold_start(Sfu.LIVEKIT, meetings).egress_mbps

    mixed = egress(audio=0.25, camera=0.75)
    assert mixed == pytest.approx(0.25 * egress(audio=1.0) + 0.75 * egress(camera=1.0))


def test_only_rooms_that_live_on_one_node_leave_a_tail() -> None:
    meetings = Meetings(shares={Kind.AUDIO: 1.0}, room_size=10.0, rooms=100.0)
    assert cold_start(Sfu.LIVEKIT, meetings).largest_room == 72.0
    assert cold_start(Sfu.JVB, meetings).largest_room == 0.0


@pytest.mark.parametrize("sfu", Sfu)
def test_every_sfu_says_where_its_figures_are_from_and_rates_a_server(sfu: Sfu) -> None:
    assert COSTS[sfu].source
    meetings = Meetings(shares={Kind.CAMERA: 1.0}, room_size=10.0, rooms=100.0)
    server = ServerShape(
        participants=1e9, egress_mbps=0.0, packets_per_second=0.0, hourly_cost=0.0, cores=16.0
    )
    rating = rate(server, cold_start(sfu, meetings))
    assert rating.binding is Resource.CORES
    assert 50.0 < rating.full < 1500.0
