"""What the first surge says, as a table."""

from collections.abc import Mapping

from benchmarks.report import Table, cell
from forecast.backtest.surge import first_surge
from forecast.panel import PanelSeries

_COLUMNS = ("what is known", "coverage", "under-provisioned", "over-provisioned", "said so")


def surge_table(panel: Mapping[str, PanelSeries]) -> Table:
    """Forecast the first two days of the World Cup, without and with its matches announced."""
    rows = []
    for known, announced in (("history alone", False), ("each match two days ahead", True)):
        found = first_surge(panel, announced=announced)
        rows.append(
            (
                known,
                cell(found.coverage),
                cell(found.under_provision),
                cell(found.over_provision),
                f"{found.outside_history}",
            )
        )
    return Table(
        "The first surge",
        _COLUMNS,
        [
            *rows,
            ("**goal**, history alone", "–", "<= .05", "<= .30", "–"),
            ("**goal**, announced", ">= .90", "–", "–", "–"),
        ],
        "Ours, P95 one hour ahead, 48 hourly origins from 10 June 1998 on: shares of demand. The "
        "last column counts origins at which the mode was `outside_history`.",
    )
