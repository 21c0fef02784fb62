from autoscaler.planner.reasons import Reason, ReasonCode
from simulations.report.why import top_reasons, usual_reasons

NEED = Reason(ReasonCode.FORECAST_NEED, 10, 40)
RESERVE = Reason(ReasonCode.RESERVE, 40, 42)
RATE = Reason(ReasonCode.LAUNCH_RATE, 42, 20)
HOLD = Reason(ReasonCode.RELEASE_NEVER, 20, 20)


def test_the_largest_moves_are_told_in_the_order_applied() -> None:
    assert top_reasons((NEED, HOLD, RESERVE, RATE)) == (
        "ForecastNeed 10 to 40, Reserve 40 to 42, LaunchRate 42 to 20"
    )


def test_a_reason_that_held_the_number_names_it() -> None:
    assert top_reasons((HOLD,)) == "ReleaseNever at 20"


def test_usual_reasons_are_shares_of_the_time() -> None:
    ticks = [(NEED,), (NEED, RATE), (NEED, NEED), ()]

    assert usual_reasons(ticks) == "ForecastNeed 75 % of the time, LaunchRate 25 %"


def test_rare_reasons_are_left_out() -> None:
    assert usual_reasons([(NEED,)] * 200 + [(RATE,)]) == "ForecastNeed 100 % of the time"


def test_a_policy_without_reasons_has_no_why() -> None:
    assert usual_reasons(()) == ""
