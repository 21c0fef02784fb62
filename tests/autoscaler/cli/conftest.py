"""The command line as a user drives it, in this process."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from autoscaler.cli.main import main
from tests.simulations.small import document


@dataclass(frozen=True)
class Outcome:
    """What the shell gets back."""

    status: int
    out: str
    err: str


Command = Callable[..., Outcome]


@pytest.fixture
def meetscale(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run `meetscale ARGS...`."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["meetscale", *arguments])
        with pytest.raises(SystemExit) as exited:
            main()
        output = capsys.readouterr()
        code = exited.value.code
        return Outcome(code if isinstance(code, int) else 0, output.out, output.err)

    return run


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A scenario of four hours that asserts one true and one false thing of the HPA."""
    file = tmp_path / "small.yaml"
    assertions = [
        {"text": "Something was paid", "that": "hpa.node_hours > 0"},
        {"text": "Nothing was paid", "that": "hpa.node_hours <= 0"},
    ]
    file.write_text(yaml.safe_dump(document(assertions=assertions)), encoding="utf-8")
    return file
