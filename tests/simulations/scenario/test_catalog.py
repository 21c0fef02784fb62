from simulations.scenario.catalog import catalog
from simulations.scenario.load import load


def test_every_shipped_scenario_says_where_it_is_from_and_what_is_derived() -> None:
    for entry in catalog():
        assert entry.provenance, entry.name
        assert entry.derived, entry.name
        assert load(entry.name).assertions, entry.name


def test_shipped_scenarios_are_called_like_their_files() -> None:
    assert all(load(entry.name).name == entry.name for entry in catalog())


def test_the_first_three_are_there() -> None:
    names = {entry.name for entry in catalog()}

    assert names >= {"overnight-10x", "ordinary-week", "prometheus-outage", "tencent-2020"}
