import pytest

from autoscaler.planner.refusals import Refusals


def looked(*refused: bool, every: int = 60) -> Refusals:
    """One look after another, from midnight on."""
    spell = Refusals()
    for tick, each in enumerate(refused):
        spell = spell.looked(refused=each, now=tick * every)
    return spell


def test_where_nobody_was_refused_nobody_comes_back() -> None:
    assert looked(False, False) == Refusals()
    assert Refusals().until == 0


@pytest.mark.parametrize(
    ("looks", "since", "last", "until"),
    [
        ([True], 0, 0, 300),
        ([False, *[True] * 11, False], 60, 660, 1260),
        ([*[True] * 11, *[False] * 8, True], 0, 1140, 2280),  # they were not back yet
        ([*[True] * 11, *[False] * 9, True], 1200, 1200, 1500),  # they were
        ([True] * 120, 0, 7140, 7140 + 3600),
    ],
)
def test_people_come_back_in_the_time_that_they_were_refused(
    looks: list[bool], since: int, last: int, until: int
) -> None:
    spell = looked(*looks)
    assert (spell.since, spell.last, spell.until) == (since, last, until)
