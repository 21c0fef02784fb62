import numpy as np
import pytest

from autoscaler.capacity.media import Kind, relayed, room_load


@pytest.mark.parametrize(
    ("kind", "size", "mbps_in", "mbps_out"),
    [
        # nobody is sent anything in a room alone
        (Kind.CAMERA, 1.0, 2.31 + 0.024, 0.0),
        # two see each other at 720p: 2 x (1.7 + 0.024)
        (Kind.CAMERA, 2.0, 2 * 2.31 + 2 * 0.024, 3.448),
        # a gallery of 360p: 10 x 9 x 0.45 + 10 x 3 x 0.024
        (Kind.CAMERA, 10.0, 23.1 + 0.072, 41.22),
        # a gallery of 180p: 25 x 24 x 0.16 + 25 x 3 x 0.024
        (Kind.CAMERA, 25.0, 57.75 + 0.072, 97.8),
        # at most 25 tiles: 100 x 25 x 0.16 + 100 x 3 x 0.024
        (Kind.CAMERA, 100.0, 231.0 + 0.072, 407.2),
        # 4 hear the 3 others
        (Kind.AUDIO, 4.0, 0.072, 0.288),
        # 4 others x 1.5, and 5 x 3 voices
        (Kind.SCREEN, 5.0, 1.5 + 0.072, 6.36),
        # 50,000 x (1.7 + 0.024): 86 Gbit/s
        (Kind.WEBINAR, 50_001.0, 2.31 + 0.024, 86_200.0),
    ],
)
def test_a_room_asks_what_can_be_worked_out_by_hand(
    kind: Kind, size: float, mbps_in: float, mbps_out: float
) -> None:
    load = room_load(kind, np.array([size]))
    assert load.mbps_in == pytest.approx([mbps_in])
    assert load.mbps_out == pytest.approx([mbps_out])


def test_packets_are_fifty_a_voice_and_947_bytes_of_video() -> None:
    talk = room_load(Kind.AUDIO, np.array([4.0]))
    assert talk.packets_out == pytest.approx([12 * 50.0])
    share = room_load(Kind.SCREEN, np.array([2.0]))
    assert share.packets_out == pytest.approx([2 * 50.0 + 1.5e6 / (8 * 947)])
    assert share.streams_out == pytest.approx([3.0])


def test_rooms_are_asked_about_together() -> None:
    sizes = np.array([2.0, 10.0, 25.0])
    together = room_load(Kind.CAMERA, sizes).mbps_out
    alone = [room_load(Kind.CAMERA, np.array([size])).mbps_out[0] for size in sizes]
    assert together.tolist() == alone


def test_a_room_on_three_servers_sends_its_streams_twice_more() -> None:
    sizes = np.array([80.0, 200.0])
    load = room_load(Kind.WEBINAR, sizes)
    cascaded = relayed(load, sizes, per_bridge=80.0)
    assert cascaded.mbps_out == pytest.approx(load.mbps_out + np.array([0.0, 2 * 2.334]))
    assert cascaded.mbps_in == pytest.approx(load.mbps_in * [1.0, 3.0])
