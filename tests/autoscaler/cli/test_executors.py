"""Processes that run scenarios, and what becomes of them."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = """
import os, time
from autoscaler.cli.executors import executor
if __name__ == "__main__":
    with executor(1, None) as processes:
        print(processes.submit(os.getpid).result(), flush=True)
        time.sleep(60)
"""


def running(pid: int) -> bool:
    """Whether a process is there, and not only its entry in the table."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc, as Linux has it")
def test_they_end_with_whoever_started_them_even_if_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    root = str(Path(__file__).parents[3])
    started = subprocess.Popen(
        [sys.executable, str(program)], stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": root}
    )
    assert started.stdout is not None
    with started.stdout:
        worker = int(started.stdout.readline())
        assert running(worker)
        started.kill()
        started.wait()

    deadline = time.monotonic() + 30.0
    while running(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not running(worker)
