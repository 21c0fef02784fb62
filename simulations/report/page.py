"""The page: one file, no network, readable without scripts and in print."""

from pathlib import Path

import jinja2

from simulations.report.axes import duration_text, moment_text
from simulations.report.frontier import frontier_chart
from simulations.report.regions import regions
from simulations.report.table import groups, rows
from simulations.result import ScenarioResult


def render(result: ScenarioResult) -> str:
    """Return the HTML of a result. Same result, same page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"allow_nan": False, "separators": (",", ":")}
    drawn = regions(result)
    return environment.get_template("page.html").render(
        result=result,
        simulated=duration_text(result.simulated_seconds),
        began=moment_text(result.start),
        rows=rows(result),
        groups=groups(result),
        frontier=frontier_chart(result),
        regions=drawn,
        hover=[section.hover for region in drawn for section in region.sections],
    )
