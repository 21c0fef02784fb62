"""Figures as a PNG file, or as an HTML page that needs no network."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import jinja2
import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from autoscaler.cli.tables import check_place

BLACK, BLUE, ORANGE, GREEN = "#000000", "#0072b2", "#d55e00", "#009e73"
SKY, PINK = "#56b4e9", "#cc79a7"
COLOURS = (BLUE, ORANGE, GREEN, PINK, "#e69f00", SKY, BLACK)
"""Okabe and Ito's, which colour-blind eyes can tell apart."""
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (3, 1, 1, 1, 1, 1)), (0, (1, 3)))
MARKERS = "osD^vPX"
_STYLE: Any = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titlesize": "medium",
    "axes.titleweight": "bold",
    "grid.color": "#e6e6e6",
    "hatch.linewidth": 0.5,
    "text.parse_math": False,  # a dollar in a name is a dollar
    "legend.frameon": False,
    "timezone": "UTC",
    "svg.fonttype": "none",  # text stays text: to be read aloud, searched and copied
    "svg.hashsalt": "meetscale",  # the same figure is the same bytes
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{ title }} · Meetscale</title>
<style>
body { margin: 0 auto; max-width: 1120px; padding: 24px; font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 6px; font-size: 26px; }
p { margin: 0 0 4px; }
svg { display: block; width: 100%; height: auto; }
svg text { font-family: system-ui, sans-serif; }
</style>
</head>
<body>
<h1>{{ title }}</h1>
{% for line in lines %}<p>{{ line }}</p>
{% endfor %}
{{ figure }}
</body>
</html>
"""


def check_plot(path: Path, *, option: str) -> None:
    """Raise SpecError unless the name says PNG or HTML, and a file can be written there."""
    check_place(path, option=option, formats=(".png", ".html"))


@contextmanager
def styled() -> Iterator[None]:
    """Draw in one style within this context."""
    with mpl.rc_context(_STYLE):
        yield


def save(figure: Figure, path: Path, *, title: str, lines: list[str]) -> None:
    """Write the figure; on a page, beneath its title and lines of text."""
    if path.suffix.lower() == ".png":
        figure.savefig(path, dpi=150, metadata={"Software": None})
        return
    svg = StringIO()
    figure.savefig(svg, format="svg", metadata={"Date": None})
    drawn = svg.getvalue()
    page = jinja2.Environment(autoescape=True).from_string(_PAGE)
    inline = Markup(drawn[drawn.index("<svg") :])  # noqa: S704 - escaped where it was drawn
    path.write_text(page.render(title=title, lines=lines, figure=inline), encoding="utf-8")


def percent_axis(axes: Axes) -> None:
    """Spread small shares, percent, and keep zero; ticks are plain numbers."""
    axes.set_yscale("symlog", linthresh=0.01)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_ylim(bottom=0.0)


def time_axis(axes: Axes) -> None:
    """Label an axis of times in UTC."""
    locator = AutoDateLocator(minticks=5, maxticks=12)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.set_xlabel("UTC")
    axes.set_ylim(bottom=0.0)
