"""A tier that cannot run is skipped with its reason, except in CI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest

@pytest.mark.plane
def test_inside(): pytest.skip("no API server here")

@pytest.mark.live
@pytest.mark.skipif(True, reason="no Karpenter here")
def test_before(): pass

@pytest.mark.prometheus
@pytest.mark.xfail(reason="known")
def test_known(): assert False

def test_elsewhere(): pytest.skip("not of these tiers")
"""


@pytest.mark.parametrize(
    ("ci", "outcome"),
    [("", "3 skipped, 1 xfailed"), ("true", "1 failed, 1 skipped, 1 xfailed, 1 error")],
)
def test_a_skipped_tier_fails_only_in_ci(ci: str, outcome: str, tmp_path: Path) -> None:
    file = tmp_path / "test_tiers.py"
    file.write_text(TESTS)
    options = ["-c", str(ROOT / "pyproject.toml"), "-p", "tests.conftest", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(file)],
        cwd=ROOT,
        env={**os.environ, "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in run.stdout
    assert "no API server here" in run.stdout
    assert "no Karpenter here" in run.stdout
    assert (run.returncode == 0) is (ci != "true")
