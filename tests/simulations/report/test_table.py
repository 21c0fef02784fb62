from dataclasses import replace

import pytest

from simulations.report.columns import COLUMNS, count, percent
from simulations.report.table import rows
from tests.simulations.report.results import numbers, scenario_result


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0, "0 %"), (0.004, "< 0.01 %"), (0.0409, "0.04 %"), (7.31, "7.3 %"), (100.0, "100.0 %")],
)
def test_percent_keeps_what_a_small_number_says(value: float, expected: str) -> None:
    assert expected == percent(value)


def test_every_row_fills_every_column() -> None:
    assert {len(row.cells) for row in rows(scenario_result())} == {len(COLUMNS)}


def test_own_policy_and_bound_stand_out() -> None:
    assert [row.kind for row in rows(scenario_result())] == ["own", "other", "other", "bound"]


def cell_of(head: str, **changes: object) -> str:
    result = scenario_result()
    result.policies["hpa"] = replace(result.policies["hpa"], **changes)  # type: ignore[arg-type]
    return rows(result)[1].cells[[column.head for column in COLUMNS].index(head)].text


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(1146.0, "+19 min"), (-60.0, "-1 min"), (0.0, "0 s"), (-14400.0, "-4 h or more"), (None, "–")],
)
def test_a_margin_is_a_duration_and_says_where_it_was_cut_off(
    seconds: float | None, expected: str
) -> None:
    assert cell_of("Lead margin", lead_margin_p5_seconds=seconds) == expected


def test_a_shortage_is_in_node_minutes_and_so_are_its_parts() -> None:
    parts = ("Shortage", "Avoidable", "Unavoidable")
    units = {column.head: column.unit for column in COLUMNS}

    assert [cell_of(part) for part in parts] == ["840", "830", "10"]
    assert {units[part] for part in parts} == {"node-min"}


@pytest.mark.parametrize(
    ("value", "expected"), [(0.4, "0"), (123_689.0, "123,689"), (7_962_899.0, "7.96 M")]
)
def test_large_numbers_are_rounded_to_what_people_take_in(value: float, expected: str) -> None:
    assert count(value) == expected


def test_a_ratio_to_a_bound_of_nothing_is_a_dash() -> None:
    result = scenario_result()
    result.policies["hpa"] = numbers(blocked=0.0, shortage=0.0, ratio=None)

    to_the_bound = [column.head for column in COLUMNS].index("To the bound")
    assert rows(result)[1].cells[to_the_bound].text == "–"
