from autoscaler.planner.surge import CALM_SECONDS, SurgeWatch


def watch(looks: str, *, every: int = 15, start: SurgeWatch | None = None) -> SurgeWatch:
    """Look once per character: `^` above what history explains, `o` outside it, `.` within."""
    surge = start or SurgeWatch()
    begun = 0 if start is None else surge.last_above + every
    for tick, look in enumerate(looks):
        now = begun + tick * every
        surge = surge.looked(above=look == "^", outside_history=look == "o", now=now)
    return surge


def test_it_is_entered_at_three_of_the_last_five_looks() -> None:
    assert watch("^..^.").since is None
    assert watch("^.^.^").since == 60
    assert watch("^...^...^...^").since is None


def test_the_evidence_is_how_often_demand_was_above() -> None:
    assert watch(".^.^^").above == 3


def test_it_is_entered_at_once_when_the_forecaster_says_so() -> None:
    assert watch("o").since == 0


def test_it_is_left_after_half_an_hour_below() -> None:
    surge = watch("^^^")
    calm = CALM_SECONDS // 15
    assert watch("." * (calm - 1), start=surge).since == surge.since
    assert watch("." * calm, start=surge).since is None


def test_a_moment_above_starts_the_half_hour_anew() -> None:
    surge = watch("." * 100 + "^", start=watch("^^^"))
    assert watch("." * 100, start=surge).since is not None
