from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.servers.errors import ServerError
from tests.servers.process import Process, until

ROOT = Path(__file__).parents[2]
SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]

RUN = """
import sys, time
from pathlib import Path
from tests.servers.process import Process
child = Process(sys.argv[2:], name="child", log=Path(sys.argv[1]))
child.start()
child.await_ready(lambda: "up" in child.log_tail())
print(child.pid, flush=True)
time.sleep(600)
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of such a death")
def test_a_child_does_not_outlive_its_parent_however_that_dies(
    how: signal.Signals, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path / "log"), *SLEEP],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.send_signal(how)
    until(lambda: not alive(child), what="the child gone", timeout=5)


def test_a_process_can_be_stopped_and_started_again(tmp_path: Path) -> None:
    process = Process(SLEEP, name="sleep", log=tmp_path / "log")
    for _ in range(2):
        process.start()
        assert process.running
        process.stop()
        assert not process.running


def test_a_paused_process_can_still_be_stopped(tmp_path: Path) -> None:
    process = Process(SLEEP, name="sleep", log=tmp_path / "log")
    process.start()
    process.pause()
    process.stop(grace=2)
    assert not process.running


def test_a_server_that_ends_at_once_shows_the_end_of_its_log(tmp_path: Path) -> None:
    dying = [sys.executable, "-c", "raise SystemExit('no such flag: --frobnicate')"]
    process = Process(dying, name="server", log=tmp_path / "log")
    process.start()
    with pytest.raises(ServerError, match=r"(?s)server ended at once.*--frobnicate"):
        process.await_ready(lambda: False)


def test_a_late_server_shows_the_end_of_its_log(tmp_path: Path) -> None:
    process = Process(SLEEP, name="server", log=tmp_path / "log")
    process.start()
    until(lambda: "up" in process.log_tail(), what="its first line", timeout=5)
    with pytest.raises(ServerError, match=r"(?s)server ready: not within 0.1 s.*up"):
        process.await_ready(lambda: False, timeout=0.1)
    process.kill()


def test_only_the_main_thread_may_start_a_process(tmp_path: Path) -> None:
    refusals: list[ServerError] = []

    def start() -> None:
        try:
            Process(SLEEP, name="server", log=tmp_path / "log").start()
        except ServerError as refusal:
            refusals.append(refusal)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(refusals[0])
