"""The page as a reader without scripts, without network, and with a parser finds it."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from simulations.report.page import render
from simulations.report.table import groups
from simulations.result import Mark
from tests.simulations.report.results import START, scenario_result, with_links

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """Collects tags and text; fails on tags that are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def charts(self) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if attrs.get("class") == "chart"]


def hover_of(html: str) -> Any:
    found = re.search(r'id="hover">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_needs_no_network() -> None:
    html = render(scenario_result())

    assert "http:" not in html
    assert "https:" not in html
    assert not re.search(r"""(src|href)=|@import|url\((?!#)""", html)
    assert "default-src 'none'" in html


def test_shows_every_policy_in_the_table_and_as_a_chart_of_every_pool() -> None:
    result = scenario_result(pools=("eu-west", "us-east"))

    html = render(result)

    for policy in result.policies:
        assert re.search(rf'<th scope="col" class="\w+">{policy}[ <]', html)
    drawn = [(attrs["data-pool"], attrs["data-policy"]) for attrs in Page(html).charts()]
    assert drawn == [(pool, name) for pool in "01" for name in ("", *result.policies)]


def test_many_policies_stand_below_each_other_in_a_table_for_every_group() -> None:
    result = scenario_result()
    for index in range(4):
        result.policies[f"other-{index}"] = result.policies["hpa"]
        result.timelines[f"other-{index}"] = result.timelines["hpa"]

    html = render(result)

    assert html.count('<table class="policies tall">') == len(groups(result))
    for policy in result.policies:
        rows = re.findall(rf'<tr><th scope="row" class="\w+">{policy}[ <]', html)
        assert len(rows) == len(groups(result))


def test_says_which_assertion_failed_and_says_it_first() -> None:
    html = render(scenario_result(passed=False))

    assert "✗ 1 of 2 assertions failed" in html
    assert html.index("blocked joins at most") < html.index("no server is released")


def test_links_are_drawn_in_the_region_of_the_pools_that_use_them() -> None:
    html = render(with_links(scenario_result(pools=("eu-west", "us-east"))))

    headings = re.findall(r"<summary>(.*?) <small>|<h3>(.*?)</h3>", html)
    assert [name or section for name, section in headings] == [
        "Region eu-west",
        "Pool eu-west",
        "Link own",
        "Region us-east",
        "Pool us-east",
        "Links of several regions",
        "Link shared",
    ]


def test_a_link_says_what_was_missing_of_it_and_who_was_waited_for() -> None:
    html = render(with_links(scenario_result()))

    assert "full for 4 h, at worst 1 Gbit/s of 3 Gbit/s missing; approval asked for once" in html
    assert "waited for 30 min; port 5 Gbit/s" in html
    titles = re.findall(r"<title>(.*?)</title>", html)
    assert "2.5 Gbit/s asked for Mon 23 Mar 00:10, approved after 30 min" in titles
    assert "short of up to 1 Gbit/s from Mon 23 Mar 08:00 for 4 h" in titles
    numbers = hover_of(html)[1]
    assert numbers["unit"] == " Gbit/s"
    assert max(numbers["figures"]["hpa"]["needed"]) == 3.0


def test_a_link_says_why_it_was_ordered_in_the_units_of_links() -> None:
    html = render(with_links(scenario_result()))

    figures = hover_of(html)[1]["figures"]
    assert figures["meetscale"]["why"]["texts"] == ["LinkStep 2 Gbit/s to 2.5 Gbit/s"]
    assert "why" not in figures["hpa"]
    assert "Why: LinkStep 100 % of the time" in html


def test_axes_say_their_units_and_the_time_zone() -> None:
    html = render(with_links(scenario_result()))

    charts = re.findall(r"<svg class=\"chart\".*?</svg>", html, re.DOTALL)
    assert all(">UTC</text>" in chart for chart in charts)
    assert [unit for unit in ("servers", "Gbit/s") if f">{unit}</text>" not in html] == []


def test_names_that_would_touch_stand_above_each_other_outside_the_plot() -> None:
    later = Mark(kind="fault", label="boots fail", start=START + 22_000, end=START + 25_000)
    crowded = scenario_result()
    crowded = replace(crowded, marks=(*crowded.marks, later))

    found = re.findall(r'class="event" x="[\d.]+" y="(-?\d+)"', render(crowded))

    assert [int(y) for y in found] == [10, -5]
    assert 'viewBox="0 -15 ' in render(crowded)


def test_what_concerns_links_and_approvals_is_told_only_where_there_are_any() -> None:
    words = ("of it links", "Waited for", "Less video")

    assert not [each for each in words if each in render(scenario_result())]
    assert [each for each in words if each in render(with_links(scenario_result()))] == list(words)


def test_every_chart_can_be_reached_and_says_what_it_shows() -> None:
    charts = Page(render(with_links(scenario_result()))).charts()

    assert all(each["tabindex"] == "0" and each["aria-label"] for each in charts)


def test_marks_what_was_invented() -> None:
    html = render(scenario_result())

    assert re.search(r"demand\.growth\.factor</code> <span class=\"derived\">derived</span>", html)


def test_draws_shortage_blindness_surges_and_faults_with_words_to_each() -> None:
    html = render(scenario_result())

    titles = " ".join(re.findall(r"<title>(.*?)</title>", html))
    for words in (
        "short of up to",
        "no metrics from",
        "blind from",
        "surge from",
        "surge schools close",
    ):
        assert words in titles
    assert "joins refused" in html


def test_a_hover_tells_the_numbers_of_one_tick_and_why() -> None:
    result = scenario_result()

    figures = hover_of(render(result))[0]["figures"]

    assert list(figures) == ["", *result.policies]
    why = figures["meetscale"]["why"]
    assert why["texts"][why["at"][0]] == "ForecastNeed 10 to 14"
    assert "why" not in figures["hpa"]
    assert max(figures["hpa"]["required"]) == result.timelines["hpa"][0].required.max()


def test_is_small_even_for_a_week_of_minutes() -> None:
    result = scenario_result(ticks=10_080)

    assert len(render(result)) < 500_000


def test_is_small_even_for_many_regions_with_links() -> None:
    result = with_links(scenario_result(ticks=10_080, pools=("a", "b", "c", "d")))

    assert len(render(result)) < 1_500_000


def test_the_same_result_gives_the_same_page() -> None:
    assert render(scenario_result()) == render(scenario_result())


def test_text_from_a_scenario_is_never_markup() -> None:
    hostile = "<script>alert(1)</script>"
    mark = Mark(kind="fault", label=hostile, start=START, end=START + 600)
    result = replace(
        scenario_result(), title=hostile, provenance=(hostile,), derived=(hostile,), marks=(mark,)
    )

    assert hostile not in render(result)


@pytest.mark.parametrize("silent", ["forecasts", "joins", "marks", "assertions"])
def test_a_run_in_which_nothing_happened_still_makes_a_page(silent: str) -> None:
    result = scenario_result(ticks=60)
    if silent == "marks":
        result = replace(result, marks=())
    if silent == "assertions":
        result = replace(result, assertions=(), provenance=(), derived=())
    if silent in ("forecasts", "joins"):
        nothing = np.zeros(60)
        quiet = {
            "forecasts": {"forecast": nothing * np.nan},
            "joins": {"joins": nothing, "blocked": nothing, "demand": nothing},
        }[silent]
        timelines = {
            name: tuple(replace(each, **quiet) for each in pools)  # type: ignore[arg-type]
            for name, pools in result.timelines.items()
        }
        result = replace(result, timelines=timelines)

    Page(render(result))
