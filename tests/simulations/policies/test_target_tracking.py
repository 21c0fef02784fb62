"""The two alarms of a target tracking policy."""

from simulations.policies.target_tracking import TargetTracking


def test_goes_out_after_three_minutes_above_to_where_the_metric_meets_the_target() -> None:
    policy = TargetTracking(0.5)

    assert [policy.step(0.8, in_service=10, size=10) for _ in range(3)] == [10, 10, 16]


def test_instances_that_warm_up_are_not_ordered_again() -> None:
    policy = TargetTracking(0.5)
    wanted = [policy.step(0.8, in_service=10, size=16) for _ in range(10)]

    assert set(wanted) == {16}


def test_one_minute_within_the_target_ends_the_alarm() -> None:
    policy = TargetTracking(0.5)
    metrics = [0.8, 0.8, 0.5, 0.8, 0.8]

    assert {policy.step(each, in_service=10, size=10) for each in metrics} == {10}


def test_goes_in_after_fifteen_minutes_below_nine_tenths_of_it() -> None:
    policy = TargetTracking(0.5)

    assert [policy.step(0.2, in_service=10, size=10) for _ in range(15)] == [10] * 14 + [4]
    assert {TargetTracking(0.5).step(0.46, in_service=10, size=10) for _ in range(30)} == {10}


def test_without_data_neither_alarm_fires() -> None:
    policy = TargetTracking(0.5)
    metrics = [0.8, 0.8, None, 0.8]

    assert {policy.step(each, in_service=10, size=10) for each in metrics} == {10}
