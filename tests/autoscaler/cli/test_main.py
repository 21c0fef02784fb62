"""What every command shares: help, version, and one sentence for what is wrong."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from autoscaler.cli.lazy import LazyCommand
from autoscaler.cli.main import COMMANDS
from tests.autoscaler.cli.conftest import Command


def shell(*arguments: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Run the command line in a process of its own."""
    program = "from autoscaler.cli.main import main; main()"
    root = str(Path(__file__).parents[3])
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": root, "COLUMNS": "80"},
    )


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        pytest.param(["simulate", "nowhere-10x"], "nowhere-10x", id="unknown scenario"),
        pytest.param(["simulate", "missing.yaml"], "missing.yaml", id="missing file"),
        pytest.param(["simulate", "malformed.yaml"], "malformed.yaml", id="malformed file"),
        pytest.param(["simulate", "list.yaml"], "list.yaml", id="no mapping"),
        pytest.param(["simulate", "binary.yaml"], "binary.yaml", id="no text"),
        pytest.param(
            ["simulate", "overnight-10x", "--set", "pools.0.demand.peakParticipants=-5"],
            "peakParticipants is -5",
            id="negative number",
        ),
        pytest.param(
            ["simulate", "overnight-10x", "--set", "nothing"], "path=value", id="no assignment"
        ),
        pytest.param(
            ["simulate", "overnight-10x", "--seed", "-1"],
            "--seed is '-1', must be greater than or equal to 0",
            id="negative seed",
        ),
        pytest.param(
            ["simulate", "overnight-10x", "--seed", "x"],
            "--seed is 'x', must be a valid integer",
            id="no seed",
        ),
        pytest.param(
            ["simulate", "overnight-10x", "--policy", "magic"], "magic", id="unknown policy"
        ),
        pytest.param(["backtest", "missing.csv"], "missing.csv", id="missing panel"),
        pytest.param(["simulate"], "NAME_OR_FILE", id="missing argument"),
        pytest.param(["simulate", "overnight-10x", "--colour"], "--colour", id="unknown option"),
        pytest.param(["stimulate"], "stimulate", id="unknown command"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_status_2(
    meetscale: Command,
    arguments: list[str],
    named: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("malformed.yaml").write_text("name: x\npools: [\n")
    Path("list.yaml").write_text("- 1\n")
    Path("binary.yaml").write_bytes(b"\xff\xfe\x00")

    outcome = meetscale(*arguments)

    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.err.startswith("meetscale: ")
    assert outcome.err.count("\n") == 1
    assert named in outcome.err


def test_a_process_ends_with_a_sentence_and_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("name: [")

    ended = shell("simulate", "bad.yaml", cwd=tmp_path)

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("meetscale: bad.yaml")
    assert ended.stderr.count("\n") == 1


def test_help_lists_the_commands_without_loading_what_they_need() -> None:
    program = (
        "import sys\n"
        "from autoscaler.cli.main import command_line\n"
        "command_line().main(['--help'], standalone_mode=False)\n"
        "heavy = {'numpy', 'pandas', 'kubernetes', 'simulations', 'yaml'} & sys.modules.keys()\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=Path(__file__).parents[3],
    )

    assert ended.stderr == ""
    assert ended.returncode == 0
    assert "simulate" in ended.stdout


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_help_of_all_says_what_the_help_of_each_begins_with(command: LazyCommand) -> None:
    assert command.load().help.split("\n")[0] == command.help


def test_without_a_command_the_help_is_shown_and_nothing_succeeds(meetscale: Command) -> None:
    outcome = meetscale()

    assert outcome.status == 2
    assert "scenarios" in outcome.out


def test_tells_its_version(meetscale: Command) -> None:
    assert meetscale("--version").out == f"meetscale {version('meetscale')}\n"
