"""The same rows, however they were come by."""

from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas as pd
import pytest
import yaml

from autoscaler.errors import SpecError
from simulations.sweep.carry_out import Results, carry_out, ordered
from simulations.sweep.task import Row, Task, solve, tasks
from tests.simulations.small import document

BOOTS = "pools.eu.supply.boot.p50Seconds"


@pytest.fixture
def small(tmp_path: Path) -> str:
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(document()), encoding="utf-8")
    return str(path)


def four(small: str) -> list[Task]:
    settings = [((BOOTS, value),) for value in ("120", "300")]
    return list(tasks([small], settings, assignments=(), seeds=2, policies=("hpa",)))


def test_a_task_is_a_scenario_a_setting_and_a_seed(small: str) -> None:
    found = four(small)
    assert [(dict(task.settings)[BOOTS], task.seed) for task in found] == [
        ("120", 1),
        ("120", 2),
        ("300", 1),
        ("300", 2),
    ]
    assert len({task.key for task in found}) == 4


def test_a_setting_that_the_schema_refuses_is_said_before_anything_runs(small: str) -> None:
    with pytest.raises(SpecError, match=f"--vary {BOOTS}=-1"):
        list(tasks([small], [((BOOTS, "-1"),)], assignments=(), seeds=1, policies=("hpa",)))


def test_rows_tell_what_was_run_and_every_policy_s_numbers(small: str) -> None:
    rows = solve(four(small)[0])
    assert [row["policy"] for row in rows] == ["hpa", "clairvoyant"]
    assert rows[0][BOOTS] == "120"
    assert rows[1]["node_hours_vs_bound"] == 1.0
    assert isinstance(rows[0]["spec_over_pct"], float)


def test_rows_do_not_depend_on_who_ran_them(small: str) -> None:
    alone = ordered(row for task in four(small) for row in solve(task))
    processes = ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn"))
    for executor in (ThreadPoolExecutor(3), processes):
        pd.testing.assert_frame_equal(_carried_out(small, executor), alone)


def test_rows_do_not_depend_on_a_cluster(small: str) -> None:
    distributed = pytest.importorskip("distributed")
    alone = ordered(row for task in four(small) for row in solve(task))
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        pd.testing.assert_frame_equal(_carried_out(small, client.get_executor()), alone)


def _carried_out(small: str, executor: Executor) -> pd.DataFrame:
    with executor:
        return ordered(row for rows in carry_out(four(small), executor) for row in rows)


def test_a_second_run_knows_what_the_first_did(small: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    first, *rest = four(small)
    results = Results(path)
    results.add(solve(first))
    results.write()

    again = Results(path)
    assert again.keys == {first.key}
    for task in rest:
        again.add(solve(task))
    again.write()
    at_once = Results(tmp_path / "at_once.parquet")
    for task in four(small):
        at_once.add(solve(task))
    at_once.write()
    assert path.read_bytes() == (tmp_path / "at_once.parquet").read_bytes()


def test_a_run_that_ended_before_its_first_rows_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    Results(path).write()

    assert not path.exists()
    pd.DataFrame().to_parquet(path)  # as runs before left it
    assert Results(path).keys == frozenset()


def test_a_process_that_is_killed_is_told_in_one_sentence(
    small: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: Task) -> list[Row]:
        raise BrokenExecutor("A process in the process pool was terminated abruptly")

    monkeypatch.setattr("simulations.sweep.carry_out.solve", killed)
    with (
        ThreadPoolExecutor(1) as executor,
        pytest.raises(SpecError, match="perhaps for want of memory: fewer --jobs need less"),
    ):
        list(carry_out(four(small), executor))


def test_a_file_that_is_no_result_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.parquet"
    path.write_text("my notes", encoding="utf-8")
    with pytest.raises(SpecError, match="is no Parquet file"):
        Results(path)
    assert path.read_text(encoding="utf-8") == "my notes"
    other = tmp_path / "other.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(other)
    with pytest.raises(SpecError, match="is not the result of a sweep"):
        Results(other)
