"""The picture: that it draws everything, not how it looks."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from autoscaler.cli.simulate_plot import plot_result
from tests.simulations.report.results import scenario_result, with_links


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Figure:
    """The figure of two pools, each with a link of its own or shared, without its pixels."""
    saved: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda self, *_, **__: saved.append(self))
    result = with_links(scenario_result(ticks=120, pools=("eu-west", "us-east")))
    plot_result(result, path=tmp_path / "report.png")
    return saved[0]


def test_every_pool_and_link_has_a_panel_for_every_policy(drawn: Figure) -> None:
    titles = [axes.get_title(loc="left") for axes in drawn.axes[2:]]

    assert titles == [
        f"{what}, {policy}"
        for what in ("Pool eu-west", "Pool us-east", "Link own", "Link shared")
        for policy in ("meetscale", "hpa", "hpa-cpu", "clairvoyant")
    ]


def test_the_table_tells_the_numbers(drawn: Figure) -> None:
    texts = {text.get_text() for text in drawn.axes[0].texts}

    assert {"Blocked joins", "7.3 %", "of it links", "12 USD"} <= texts


def test_the_legend_names_what_is_drawn(drawn: Figure) -> None:
    (legend,) = drawn.legends

    names = {text.get_text() for text in legend.get_texts()}
    assert {"needed", "ready or delivered", "shortage", "port", "approval waited for"} <= names
