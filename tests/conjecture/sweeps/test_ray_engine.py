"""The same sweep on a local Ray cluster of two workers."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from pathlib import Path

import pytest

from conjecture.errors import LabError
from conjecture.sweeps.ray_engine import RayEngine
from conjecture.sweeps.results import read
from conjecture.sweeps.sweep import sweep
from rasp.errors import MissingExtraError
from tests.conjecture.sweeps.small_suite import small_suite

needs_ray = pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed")


@pytest.mark.slow
@needs_ray
@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_two_workers_do_what_one_process_does(undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")  # as in the tests of this folder
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcome = sweep(small_suite(), tmp_path, engine=RayEngine(workers=2))
    assert (outcome.done, outcome.left) == (3, 0)
    found, wanted = (read(folder).runs.sort("run").drop("seconds") for folder in (tmp_path, undisturbed))
    assert found.equals(wanted)


@pytest.mark.slow
@needs_ray
@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_no_time_and_no_such_devices(tmp_path: Path) -> None:
    import ray

    ray.init(num_cpus=1, num_gpus=2, include_dashboard=False, log_to_driver=False)
    try:
        outcome = sweep(small_suite(), tmp_path, engine=RayEngine(), minutes=0)
        assert (outcome.done, outcome.left) == (0, 3)
        for gpus in (3, -1):
            with pytest.raises(LabError, match=f"a job can't have {gpus} GPUs: the cluster has 2"):
                sweep(small_suite(), tmp_path, engine=RayEngine(gpus=gpus))
    finally:
        ray.shutdown()


def test_without_ray_its_installation_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r'a sweep on a cluster needs ray, .*\n  hint: pip install "rasp-lang\[ray\]"'):
        sweep(small_suite(), tmp_path, engine=RayEngine())
