"""From a floor in servers to the number written, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.controller.write_number import WriteNumber, write_number
from autoscaler.planner.settings import Semantics

FLOOR, SIZE, HEADROOM = Semantics.FLOOR, Semantics.SIZE, Semantics.HEADROOM


@pytest.mark.parametrize(
    ("semantics", "floor", "each", "existing", "current", "maximum", "expected"),
    [
        (FLOOR, 10, 1, 4, 2, 50, WriteNumber(number=10)),
        (FLOOR, 10, 3, 4, 2, 50, WriteNumber(number=4)),
        (FLOOR, 60, 1, 4, 2, 50, WriteNumber(number=50, needed_maximum=60)),
        (FLOOR, 8, 1, 4, 10, 50, WriteNumber(number=10, kept=True)),
        (FLOOR, 60, 1, 4, 55, 50, WriteNumber(number=55, needed_maximum=60, kept=True)),
        (FLOOR, 10, 1, 4, None, None, WriteNumber(number=10)),
        (SIZE, 10, 1, 12, 2, None, WriteNumber(number=10)),
        (SIZE, 8, 1, 12, 12, None, WriteNumber(number=12, kept=True)),
        (HEADROOM, 10, 1, 4, 0, None, WriteNumber(number=6)),
        (HEADROOM, 10, 1, 7, 6, None, WriteNumber(number=3)),
        (HEADROOM, 10, 1, 12, 3, None, WriteNumber(number=0)),
        (HEADROOM, 10, 4, 3, 3, None, WriteNumber(number=2)),
        (HEADROOM, 10, 1, 4, 0, 5, WriteNumber(number=5, needed_maximum=6)),
    ],
)
def test_the_number_is_what_its_semantics_say(
    semantics: Semantics,
    floor: int,
    each: int,
    existing: int,
    current: int | None,
    maximum: int | None,
    expected: WriteNumber,
) -> None:
    number = write_number(
        semantics=semantics,
        floor=floor,
        servers_per_replica=each,
        existing=existing,
        current=current,
        maximum=maximum,
        releasing=False,
    )

    assert number == expected


@pytest.mark.parametrize("semantics", [FLOOR, SIZE])
def test_only_a_release_lowers_a_number(semantics: Semantics) -> None:
    number = write_number(
        semantics=semantics,
        floor=8,
        servers_per_replica=1,
        existing=12,
        current=12,
        maximum=None,
        releasing=True,
    )

    assert number == WriteNumber(number=8)


@given(
    floor=st.integers(0, 10_000),
    each=st.integers(1, 100),
    existing=st.integers(0, 10_000),
    current=st.none() | st.integers(0, 10_000),
)
def test_what_is_written_and_what_exists_together_reach_the_floor_and_not_a_replica_more(
    floor: int, each: int, existing: int, current: int | None
) -> None:
    number = write_number(
        semantics=HEADROOM,
        floor=floor,
        servers_per_replica=each,
        existing=existing,
        current=current,
        maximum=None,
        releasing=False,
    ).number

    assert number * each + existing >= floor
    assert number == 0 or (number - 1) * each + existing < floor
