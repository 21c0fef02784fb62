"""Same seed, same bytes: in another interpreter, with other hashes."""

import os
import subprocess
import sys

import pytest

RUN = """
from simulations.run import run
from tests.simulations.small import link, scenario, surge, through_link
plan = scenario(durationSeconds=7200, pools=[through_link(demand=surge(3.0))], links=[link()])
result = run(plan, clock=lambda: 0.0, names=["meetscale", "hpa"])
print(result.to_json())
for name in sorted(result.timelines):
    for line in result.timelines[name]:
        print(name, line.present.tobytes().hex()[-4000:], line.floor.tolist(), line.reasons[::60])
"""


@pytest.fixture(scope="module")
def told() -> list[bytes]:
    return [
        subprocess.run(
            [sys.executable, "-c", RUN],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]


def test_the_hash_seed_of_the_interpreter_changes_no_byte(told: list[bytes]) -> None:
    one, other = told

    assert len(one) > 10_000
    assert one == other
