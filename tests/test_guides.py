"""What guides show works as it stands there."""

import re
from pathlib import Path

from simulations.run import run
from simulations.scenario.load import load

GUIDES = Path(__file__).parents[1] / "docs" / "guides"


def test_the_scenario_of_the_guide_is_a_whole_one_and_its_assertions_hold(tmp_path: Path) -> None:
    guide = (GUIDES / "scenarios.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(.*?)```", guide, re.DOTALL)
    assert found is not None
    path = tmp_path / "mine.yaml"
    path.write_text(found[1], encoding="utf-8")

    result = run(load(str(path)), names=["meetscale", "hpa"], clock=lambda: 0.0)

    assert [each.passed for each in result.assertions] == [True, True]
