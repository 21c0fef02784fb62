"""From samples of servers to what a participant asks."""

import math

import numpy as np
import pytest

from autoscaler.capacity.calibration import LEAST_BLOCKS, calibrate
from autoscaler.capacity.samples import BLOCK_WINDOWS, Column, Samples
from autoscaler.capacity.shape import MediaMix
from forecast.arrays import FloatArray

COLD = MediaMix(egress_mbps=4.0, packets_per_second=600.0, cores=0.01, largest_room=72.0)
WINDOW = 120


def seen(
    *, windows: int, servers: int = 1, noise: float = 0.0, **columns: FloatArray | float
) -> Samples:
    """Servers whose participants, streams and rooms vary on their own."""
    count = windows * servers
    generator = np.random.default_rng(8)
    people = generator.uniform(20.0, 200.0, count)
    audio = people * generator.uniform(0.5, 3.0, count)
    video = people * generator.uniform(0.0, 4.0, count)
    egress = 0.002 * people + 0.04 * audio + 0.3 * video
    told = {
        Column.PARTICIPANTS: people,
        Column.ROOMS: people / 4.0,
        Column.AUDIO: audio,
        Column.VIDEO: video,
        Column.EGRESS: egress * (1.0 + noise * generator.standard_normal(count)),
        **{Column(name): np.broadcast_to(v, (count,)) for name, v in columns.items()},
    }
    return Samples(
        servers=np.repeat(np.arange(servers), windows),
        times=np.tile(np.arange(windows) * WINDOW, servers),
        window_seconds=WINDOW,
        columns=told,
    )


def test_another_mix_is_predicted_from_what_each_stream_asks() -> None:
    found = calibrate(seen(windows=80, noise=0.02))
    asked = found.asks(Column.EGRESS, {Column.AUDIO: 3.0, Column.VIDEO: 1.0})
    assert asked.value == pytest.approx(0.002 + 3.0 * 0.04 + 0.3, rel=0.05)
    assert asked.error < 0.1 * asked.value


def test_the_fit_replaces_the_cold_start_and_tells_its_uncertainty() -> None:
    found = calibrate(seen(windows=80, noise=0.02))
    mix = found.mix(COLD)
    per = found.per_participant
    assert mix.egress_mbps == pytest.approx(per[Column.EGRESS], rel=0.01)
    assert mix.measured_within is not None
    assert 0.0 < mix.measured_within < 0.05
    # nobody told packets and vCPU
    assert (mix.packets_per_second, mix.cores) == (600.0, 0.01)
    assert found.doubt(Column.CORES) == "nothing tells it"


@pytest.mark.parametrize(
    ("windows", "noise", "doubt"),
    [
        (BLOCK_WINDOWS * (LEAST_BLOCKS - 1), 0.02, "7 blocks of samples, 8 are needed"),
        (BLOCK_WINDOWS * LEAST_BLOCKS, 0.02, ""),
        (BLOCK_WINDOWS * LEAST_BLOCKS, 3.0, "known within"),
    ],
)
def test_too_little_or_too_noisy_is_no_evidence(windows: int, noise: float, doubt: str) -> None:
    found = calibrate(seen(windows=windows, noise=noise))
    assert doubt in found.doubt(Column.EGRESS)
    replaced = found.mix(COLD).measured_within is not None
    assert replaced is (found.doubt(Column.EGRESS) == "")


def test_a_server_that_runs_idle_does_not_charge_its_participants() -> None:
    samples = seen(windows=80)
    packets = samples.columns[Column.EGRESS] * np.linspace(80.0, 200.0, 80)
    cores = 0.66 + packets / 77_000.0
    told = {**samples.columns, Column.PACKETS_OUT: packets, Column.CORES: cores}
    found = calibrate(
        Samples(servers=samples.servers, times=samples.times, window_seconds=WINDOW, columns=told)
    )
    base = dict(zip(found.fits[Column.CORES].names, found.fits[Column.CORES].each(), strict=True))
    assert base[Column.SERVER].value == pytest.approx(0.66, rel=1e-3)
    per = found.per_participant[Column.PACKETS_OUT]
    assert found.asks(Column.CORES).value == pytest.approx(per / 77_000.0, rel=1e-3)


def test_the_largest_room_is_the_one_seen_or_the_one_expected() -> None:
    assert calibrate(seen(windows=10, largestRoom=140.0)).largest_room == 140.0
    guessed = calibrate(seen(windows=10, servers=2))
    assert guessed.largest_room > 4.0
    assert guessed.rooms > 20.0  # both servers together


def test_no_samples_say_nothing() -> None:
    nothing = Samples(
        servers=np.zeros(0, dtype=np.int64),
        times=np.zeros(0, dtype=np.int64),
        window_seconds=WINDOW,
        columns={},
    )
    found = calibrate(nothing)
    assert found.asks(Column.EGRESS).error == math.inf
    assert found.mix(COLD) == COLD


def test_rooms_that_cascade_leave_no_tail_however_large() -> None:
    found = calibrate(seen(windows=10, largestRoom=140.0))
    assert found.mix(MediaMix(egress_mbps=4.0)).largest_room == 0.0
