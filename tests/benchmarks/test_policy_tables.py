"""Which goals are met, from points whose arithmetic is easy."""

from benchmarks.policy_tables import goals_table, settings_to_report
from simulations.sweep.frontier import Point


def point(policy: str, dial: float | None, blocked: float, cost: float) -> Point:
    return Point(
        scenario="ordinary-week",
        policy=policy,
        dial=dial,
        blocked_joins_pct=blocked,
        blocked_interval=(blocked, blocked),
        cost_vs_bound=cost,
        cost_interval=(cost, cost),
        seeds=1,
    )


TUNED = [
    point("meetscale", 0.8, 0.05, 1.08),
    point("meetscale", 0.95, 0.0, 1.2),
    point("hpa", 0.5, 0.05, 1.6),
    point("hpa", 0.7, 0.3, 1.3),
    point("sre-max", 1.2, 0.2, 1.1),
    point("crane-dsp", 0.9, 4.0, 1.05),
    point("phpa", 0.9, 4.0, 1.5),
    point("seasonal-naive", 1.0, 0.2, 1.0),
    point("aws-predictive", 0.8, 0.05, 1.07),
]


def test_what_tuning_chose_is_reported() -> None:
    assert settings_to_report(TUNED) == {
        "ordinary-week": {
            "meetscale@0.8",
            "hpa@0.5",
            "crane-dsp@0.9",
            "seasonal-naive@1",
            "aws-predictive@0.8",
        }
    }


def test_goals_are_judged_on_the_other_seeds() -> None:
    shown = [
        point("meetscale", 0.8, 0.05, 1.12),
        point("hpa", 0.5, 0.05, 1.6),
        point("crane-dsp", 0.9, 5.0, 1.05),
        point("seasonal-naive", 1.0, 0.1, 1.0),
        point("aws-predictive", 0.8, 0.0, 1.07),
    ]
    table = goals_table(TUNED, shown)
    assert [(row[1], row[4], row[5]) for row in table.rows] == [
        ("meetscale", "0.05 %, 1.12 (<= 1.10)", "no"),
        ("hpa", "30% fewer node-hours (> 25%)", "yes"),
        ("sre-max", "no setting within 0.1 %", "yes"),
        ("crane-dsp", "99% fewer blocked joins (>= 80%)", "yes"),
        ("phpa", "no setting as cheap", "yes"),
        ("seasonal-naive", "50% fewer blocked joins (>= 80%)", "no"),
        ("aws-predictive", "it blocks none", "no"),
    ]
