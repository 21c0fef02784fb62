"""The table at a terminal."""

from dataclasses import replace
from io import StringIO

from rich.console import Console

from autoscaler.cli.results import print_result
from tests.simulations.report.results import scenario_result


def test_a_name_may_break_where_it_is_narrow_but_no_number_is_cut() -> None:
    result = scenario_result()
    large = replace(
        result.policies["hpa"],
        shortage_node_minutes=44.77e6,
        node_hours=7_962_899.0,
        peak_nodes=123_689,
        cost=32_674_267.0,
    )
    told = replace(result, policies={"the-longest-policy-name-of-all": large})

    written = StringIO()
    print_result(told, Console(file=written, width=80))

    assert "…" not in written.getvalue()
    for number in ("44.77 M", "7.96 M", "123,689", "32.67 M USD"):
        assert number in written.getvalue()
