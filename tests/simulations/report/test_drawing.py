from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from simulations.marks import ANNOUNCED
from simulations.report.drawing import spread
from simulations.report.frame import RIGHT, Frame
from simulations.result import Mark


@given(st.lists(st.floats(0, 148), min_size=1, max_size=6))
def test_names_never_overlap_nor_leave_the_plot(wanted: list[float]) -> None:
    placed = sorted(spread(wanted, gap=13.0, lowest=148.0))

    assert placed[-1] <= 148.0
    assert all(low + 12.8 <= high for low, high in pairwise(placed))


def test_a_name_with_room_stands_beside_its_curve() -> None:
    assert spread([40.0, 90.0], gap=13.0, lowest=148.0) == [40.0, 90.0]


def frame(*marks: Mark) -> Frame:
    return Frame(start=0, tick_seconds=60, ticks=100, marks=marks)


def fault(start: int, end: int, label: str = "zone lost") -> Mark:
    return Mark(kind="fault", label=label, start=start, end=end)


def test_a_fault_is_cut_to_the_run_and_never_too_thin_to_see() -> None:
    whole, thin = frame(fault(-600, 99_999), fault(60, 60)).mark_spans()

    assert (whole.x, whole.width) == (64.0, 822.0)
    assert thin.width == 1.5


def test_names_of_faults_at_one_time_stand_in_rows() -> None:
    labels = frame(fault(600, 900), fault(660, 900), fault(4000, 4200)).mark_labels()

    assert [label.row for label in labels] == [0, 1, 0]


def test_a_name_that_would_run_off_the_page_ends_at_its_fault() -> None:
    (label,) = frame(fault(5900, 6000, "the eastern region fails over")).mark_labels()

    assert label.anchor == "end"
    assert label.x <= RIGHT


def test_what_recurs_in_the_calendar_is_named_once() -> None:
    stand_ups = [
        Mark(kind=ANNOUNCED, label="announced: all-hands", start=at, end=at + 60)
        for at in (600, 4000)
    ]

    assert len(frame(*stand_ups).mark_labels()) == 1
    assert len(frame(*stand_ups).mark_spans()) == 2
