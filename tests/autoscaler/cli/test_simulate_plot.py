"""The picture: that it draws everything, not how it looks."""

from pathlib import Path

import pytest
from matplotlib.axes import Axes
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


POLICIES = ("meetscale", "hpa", "hpa-cpu", "clairvoyant")


def panel(drawn: Figure, title: str) -> Axes:
    return next(axes for axes in drawn.axes[2:] if axes.get_title(loc="left") == title)


def test_every_pool_and_link_has_a_panel_for_every_policy_and_pools_one_of_their_demand(
    drawn: Figure,
) -> None:
    titles = [axes.get_title(loc="left") for axes in drawn.axes[2:]]

    assert titles == [
        *(
            f"Pool {name}, {what}"
            for name in ("eu-west", "us-east")
            for what in ("demand", *POLICIES)
        ),
        *(f"Link {name}, {policy}" for name in ("own", "shared") for policy in POLICIES),
    ]


def test_no_policy_is_cut_off_at_the_top(drawn: Figure) -> None:
    for axes in drawn.axes[2:]:
        assert axes.get_ylim()[1] >= axes.dataLim.y1


def test_panels_of_one_pool_share_their_scale(drawn: Figure) -> None:
    assert len({panel(drawn, f"Pool us-east, {policy}").get_ylim() for policy in POLICIES}) == 1


def test_it_says_what_was_run_and_in_which_time_zone(drawn: Figure) -> None:
    texts = " ".join(text.get_text() for text in drawn.texts)

    assert "overnight-10x, seed 7: 2 h from Mon 23 Mar 00:00" in texts
    assert "Assertions: all 2 hold" in texts
    assert "All times are UTC" in texts


def test_the_frontier_names_every_policy(drawn: Figure) -> None:
    assert {*POLICIES, "joins blocked"} <= {text.get_text() for text in drawn.axes[1].texts}


def test_the_table_tells_the_numbers(drawn: Figure) -> None:
    texts = {text.get_text() for text in drawn.axes[0].texts}

    assert {"Blocked joins", "7.3 %", "of it links", "12 USD"} <= texts


def test_the_legend_names_what_is_drawn(drawn: Figure) -> None:
    (legend,) = drawn.legends

    names = {text.get_text() for text in legend.get_texts()}
    assert {"needed", "ready or delivered", "shortage", "port", "approval waited for"} <= names
    assert {"wanted", "forecast of meetscale", "no metrics", "blind"} <= names
