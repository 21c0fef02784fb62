"""What is planned with of what was measured, and that no measure costs more than it may."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.capacity.measured import (
    LEAST_SHARE,
    MOST_SHARE,
    Figure,
    Figures,
    Measured,
    Rooms,
    moved,
    planned,
)
from autoscaler.capacity.rating import Resource, rate
from autoscaler.capacity.shape import MediaMix, ServerShape

SERVER = ServerShape(
    participants=400.0, egress_mbps=2000.0, packets_per_second=450_000.0, hourly_cost=1.7, cores=16
)


def figure(value: float) -> Figure:
    return Figure(value=value, within=0.1, planned=value, start=0, end=3600, samples=40)


def rooms(largest: float) -> Rooms:
    return Rooms(mean_size=5.0, largest=largest, at_once=80.0, end=3600)


def measured(**changes: object) -> Measured:
    return replace(Measured(since=3600), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "figures", "per_server", "binding"),
    [
        # nothing measured, or the owner wants none of it: as declared
        (None, Figures.CAUTIOUS, 400.0, "participants"),
        (measured(egress=figure(8.0)), Figures.DECLARED, 400.0, "participants"),
        # 2000 / 8 Mbit/s each
        (measured(egress=figure(8.0)), Figures.CAUTIOUS, 250.0, "egressMbps"),
        # 450,000 / 1,500 packets/s each
        (measured(packets=figure(1500.0)), Figures.CAUTIOUS, 300.0, "packetsPerSecond"),
        # 0.8 x 16 vCPU, less 0.8 idle, / 0.04 each
        (measured(cores=figure(0.04), idle_cores=0.8), Figures.CAUTIOUS, 300.0, "cores"),
        # 2000 / 4 would be 500: never more than declared unless asked for
        (measured(egress=figure(4.0), fullest=900.0), Figures.CAUTIOUS, 400.0, "participants"),
        # asked for, but packets and vCPU are declared and were not measured
        (measured(egress=figure(4.0), fullest=900.0), Figures.MEASURED, 400.0, "participants"),
        # a room of 60 leaves a tail
        (measured(rooms=rooms(60.0)), Figures.CAUTIOUS, 340.0, "participants"),
        # 2000 / 8 = 250, and no room leaves less than half of 400
        (measured(egress=figure(8.0), rooms=rooms(60.0)), Figures.CAUTIOUS, 200.0, "egressMbps"),
        # however dear: half of what was declared
        (measured(egress=figure(8000.0)), Figures.CAUTIOUS, 200.0, "egressMbps"),
    ],
)
def test_what_one_server_is_planned_for(
    told: Measured | None, figures: Figures, per_server: float, binding: str
) -> None:
    plan = planned(SERVER, told, figures=figures, cascades=False)
    rating = rate(plan.server, plan.mix)
    assert rating.per_server == pytest.approx(per_server)
    assert rating.binding == Resource(binding)


@pytest.mark.parametrize(
    ("fullest", "per_server"), [(300.0, 400.0), (460.0, 460.0), (700.0, 500.0)]
)
def test_more_than_declared_takes_every_resource_and_a_server_that_carried_it(
    fullest: float, per_server: float
) -> None:
    told = measured(egress=figure(4.0), packets=figure(500.0), cores=figure(0.02), fullest=fullest)
    plan = planned(SERVER, told, figures=Figures.MEASURED, cascades=False)
    assert rate(plan.server, plan.mix).per_server == per_server  # 2000 / 4 is 500


def test_rooms_that_cascade_leave_no_tail() -> None:
    plan = planned(SERVER, measured(rooms=rooms(60.0)), figures=Figures.CAUTIOUS, cascades=True)
    assert plan.mix.largest_room == 0.0


def test_a_link_is_not_told_of_more_than_a_server_is_planned_for() -> None:
    told = measured(egress=figure(8000.0))
    plan = planned(SERVER, told, figures=Figures.CAUTIOUS, cascades=False)
    assert plan.mix.egress_mbps == 10.0  # 2000 Mbit/s for 200 participants


def test_a_figure_of_nothing_declared_is_not_planned_with() -> None:
    bare = ServerShape(participants=400, egress_mbps=0, packets_per_second=0, hourly_cost=0)
    plan = planned(bare, measured(egress=figure(9.0)), figures=Figures.MEASURED, cascades=False)
    assert (plan.server, plan.mix) == (bare, MediaMix())


@pytest.mark.parametrize(("value", "taken"), [(1.0, 2.0), (3.0, 3.0), (1000.0, 8.0)])
def test_one_fit_moves_a_figure_by_a_factor_of_two_at_most(value: float, taken: float) -> None:
    assert moved(value, figure(4.0)) == taken
    assert moved(value, None) == value


NUMBERS = st.floats(allow_nan=True, allow_infinity=True) | st.floats(0.0, 1e6)
FIGURES = st.none() | st.builds(
    Figure,
    value=NUMBERS,
    within=st.floats(0.0, 0.25),
    planned=NUMBERS,
    start=st.just(0),
    end=st.just(3600),
    samples=st.just(40),
)
ANYTHING = st.builds(
    Measured,
    since=st.just(0),
    egress=FIGURES,
    packets=FIGURES,
    cores=FIGURES,
    idle_cores=NUMBERS,
    fullest=NUMBERS,
    rooms=st.none()
    | st.builds(Rooms, mean_size=NUMBERS, largest=NUMBERS, at_once=NUMBERS, end=st.just(0)),
)


@given(
    ANYTHING,
    st.sampled_from(Figures),
    st.sampled_from([0.0, 1.0, 2000.0]),
    st.sampled_from([0.0, 4.0]),
    st.booleans(),
)
def test_whatever_was_measured_a_server_is_planned_within_bounds(
    told: Measured, figures: Figures, egress: float, cores: float, cascades: bool
) -> None:
    server = replace(SERVER, egress_mbps=egress, cores=cores)
    plan = planned(server, told, figures=figures, cascades=cascades)
    per_server = rate(plan.server, plan.mix).per_server
    most = MOST_SHARE if figures is Figures.MEASURED else 1.0
    assert LEAST_SHARE * 400.0 * (1 - 1e-9) <= per_server <= most * 400.0
