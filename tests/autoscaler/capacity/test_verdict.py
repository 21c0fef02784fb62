"""Which samples are evidence, and that nothing else changes what is planned with."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autoscaler.capacity.calibration import calibrate
from autoscaler.capacity.measured import Figure, Figures, Measured, planned
from autoscaler.capacity.rating import rate
from autoscaler.capacity.samples import Column, Samples
from autoscaler.capacity.shape import ServerShape
from autoscaler.capacity.verdict import judge
from forecast.arrays import FloatArray

WINDOW = 300
WINDOWS = 72
NOW = 1_800_000_000
SERVER = ServerShape(
    participants=400.0, egress_mbps=2000.0, packets_per_second=1e5, hourly_cost=1.0, cores=16.0
)


def seen(*, windows: int = WINDOWS, late: int = 0, **columns: FloatArray | float) -> Samples:
    """Two servers for six hours, up to now; a participant asks 3 Mbit/s and 400 packets/s."""
    generator = np.random.default_rng(5)
    people = generator.uniform(20.0, 200.0, 2 * windows)
    told: dict[Column, FloatArray | float] = {
        Column.PARTICIPANTS: people,
        Column.ROOMS: people / 4.0,
        Column.EGRESS: 3.0 * people * generator.uniform(0.98, 1.02, 2 * windows),
        Column.PACKETS_OUT: 400.0 * people,
        **{Column(name): value for name, value in columns.items()},
    }
    return Samples(
        servers=np.repeat([0, 1], windows),
        times=np.tile(NOW - late - WINDOW * np.arange(windows), 2),
        window_seconds=WINDOW,
        columns={name: np.broadcast_to(each, (2 * windows,)) for name, each in told.items()},
    )


def test_evidence_is_planned_with_at_its_dear_end() -> None:
    found = judge(seen(), None, now=NOW)
    assert found.measured is not None
    egress = found.measured.egress
    assert egress is not None
    assert egress.value == pytest.approx(3.0, rel=0.01)
    assert egress.planned == pytest.approx(egress.value * (1.0 + egress.within), rel=1e-3)
    assert (egress.samples, egress.end - egress.start) == (2 * WINDOWS, WINDOWS * WINDOW)
    assert found.measured.since == NOW
    assert found.measured.cores is None  # nobody told any
    assert found.measured.rooms is not None
    assert found.measured.rooms.mean_size == 4.0
    assert found.refused == {}


@pytest.mark.parametrize(
    ("samples", "waiting"),
    [
        (seen(windows=0), "nothing was measured"),
        (seen(windows=11), "3300 s of samples, 3600 are needed"),
        (seen(late=1000), "the newest window ended 1000 s ago"),
        (seen(participants=0.0, rooms=0.0), "egressMbps: known within inf"),
    ],
)
def test_what_is_young_stale_or_idle_changes_nothing(samples: Samples, waiting: str) -> None:
    before = judge(seen(), None, now=NOW - 3600).measured
    found = judge(samples, before, now=NOW)
    assert found.measured == before
    assert waiting in found.waiting
    assert found.refused == {}


def test_samples_that_disagree_are_refused_and_the_last_figure_stays() -> None:
    before = judge(seen(), None, now=NOW)
    assert before.measured is not None
    noise = np.where(np.arange(2 * WINDOWS) % 36 < 4, 1.0, 0.0)
    people = seen().columns[Column.PARTICIPANTS]
    found = judge(seen(egressMbps=30.0 * people * noise), before.measured, now=NOW)
    assert found.measured is not None
    assert found.measured.egress == before.measured.egress
    assert list(found.refused) == [Column.EGRESS]
    assert "25% is needed" in found.refused[Column.EGRESS]


def test_a_figure_goes_up_by_a_factor_of_two_an_hour() -> None:
    before = judge(seen(), None, now=NOW)
    lie = seen().columns[Column.PARTICIPANTS] * 3000.0
    found = judge(seen(egressMbps=lie), before.measured, now=NOW)
    assert found.measured is not None
    assert before.measured is not None
    assert found.measured.egress is not None
    assert before.measured.egress is not None
    assert found.measured.egress.value == pytest.approx(3000.0, rel=0.01)
    assert found.measured.egress.planned == pytest.approx(2.0 * before.measured.egress.planned)
    assert found.measured.since == before.measured.since


def test_a_webinar_alone_on_its_server_is_the_largest_room() -> None:
    people = np.full(2 * WINDOWS, 40.0)
    people[:WINDOWS] = 350.0
    rooms = np.full(2 * WINDOWS, 20.0)
    rooms[:WINDOWS] = 1.0
    assert calibrate(seen(participants=people, rooms=rooms)).largest_room == 350.0


def test_what_the_sfu_tells_of_its_largest_room_is_believed() -> None:
    assert calibrate(seen(largestRoom=17.0)).largest_room == 17.0


def test_an_idle_server_s_vcpu_are_not_its_participants() -> None:
    people = seen().columns[Column.PARTICIPANTS]
    found = judge(seen(cores=0.8 + 0.02 * people), None, now=NOW).measured
    assert found is not None
    assert found.cores is not None
    assert found.cores.value == pytest.approx(0.02, rel=0.01)
    assert found.idle_cores == pytest.approx(0.8, rel=0.01)


LIES = st.lists(
    st.sampled_from([0.0, 1e12]) | st.floats(0.0, 1e12) | st.floats(1.0, 300.0),
    min_size=1,
    max_size=7,
).map(lambda few: np.resize(few, 2 * WINDOWS))
TELLS = st.dictionaries(
    st.sampled_from(["participants", "rooms", "egressMbps", "packetsPerSecond", "cores"]), LIES
)


@example({"participants": np.full(2 * WINDOWS, 4e-169)}, False, Figures.MEASURED)
@given(TELLS, st.booleans(), st.sampled_from(Figures))
def test_whatever_metrics_say_a_server_is_planned_within_bounds(
    told: dict[str, FloatArray], known: bool, figures: Figures
) -> None:
    figure = Figure(value=3.0, within=0.1, planned=3.3, start=0, end=1, samples=9)
    before = Measured(since=1, egress=figure) if known else None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        columns = {**seen().columns, **{Column(name): each for name, each in told.items()}}
        found = judge(replace(seen(), columns=columns), before, now=NOW).measured
    plan = planned(SERVER, found, figures=figures, cascades=False)
    per_server = rate(plan.server, plan.mix).per_server
    most = 800.0 if figures is Figures.MEASURED else 400.0
    assert 200.0 * (1 - 1e-9) <= per_server <= most


@given(st.sampled_from([np.nan, np.inf, 0.0]))
def test_what_is_no_measure_is_no_figure(value: float) -> None:
    samples = seen()
    told = {**samples.columns, Column.EGRESS: np.full(2 * WINDOWS, value)}
    found = judge(replace(samples, columns=told), None, now=NOW).measured
    assert found is None or found.egress is None
