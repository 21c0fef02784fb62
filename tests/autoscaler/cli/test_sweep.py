"""`meetscale sweep` as people call it."""

import json
from pathlib import Path

import pandas as pd

from tests.autoscaler.cli.conftest import Command

BOOTS = "pools.eu.supply.boot.p50Seconds"


def test_every_combination_is_run_and_kept(meetscale: Command, small: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows.parquet"
    arguments = ("sweep", str(small), "--vary", f"{BOOTS}=120,300", "--seeds", "2", "--jobs", "1")
    outcome = meetscale(*arguments, "--policy", "hpa", "--out", str(out))

    assert (outcome.status, outcome.err) == (0, "")
    assert "4 runs, 8 rows" in outcome.out
    kept = pd.read_parquet(out)
    assert len(kept) == 8
    assert set(kept[BOOTS]) == {"120", "300"}

    before = out.read_bytes()
    again = meetscale(*arguments, "--policy", "hpa", "--out", str(out), "--json")
    assert f"4 of 4 runs are in {out}" in again.err
    assert len(json.loads(again.out)) == 8
    assert out.read_bytes() == before


def test_what_cannot_be_run_is_told_first(meetscale: Command, small: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "rows.parquet")
    for arguments, sentence in (
        (("--policy", "nobody"), "policy 'nobody' is unknown"),
        (("--vary", "seed"), "--vary 'seed': must be PATH=V1,V2"),
        (("--samples", "3"), "--samples 3: needs something to vary"),
        (("--vary", "sede=1,2"), "--vary sede=1: sede is 1: is no field here (did you mean seed?)"),
        (("--dask", "tcp://127.0.0.1:1"), "--dask tcp://127.0.0.1:1: no scheduler answers there"),
    ):
        outcome = meetscale("sweep", str(small), "--out", out, *arguments)
        assert outcome.status == 2
        assert sentence in outcome.err
    (tmp_path / "folder.parquet").mkdir()
    for place, sentence in (
        (tmp_path / "no" / "rows.parquet", "there is no folder"),
        (tmp_path / "rows.csv", "must end in .parquet"),
        (tmp_path / "folder.parquet", "which is a folder"),
    ):
        outcome = meetscale("sweep", str(small), "--out", str(place))
        assert outcome.status == 2
        assert sentence in outcome.err


def test_two_files_of_one_name_are_not_mixed(
    meetscale: Command, small: Path, tmp_path: Path
) -> None:
    twin = tmp_path / "twin.yaml"
    twin.write_bytes(small.read_bytes())

    outcome = meetscale("sweep", str(small), str(twin), "--out", str(tmp_path / "rows.parquet"))

    assert outcome.status == 2
    assert f"{twin}: name is 'small', which {small} is called, too" in outcome.err
