"""Jobs on a Ray cluster; each writes its own shards, so the folder must be one that all workers see."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conjecture.errors import LabError
from conjecture.sweeps.jobs import Job
from conjecture.sweeps.mappings import make_room
from conjecture.sweeps.sweep import Watch, while_time_is_left
from rasp.extras import needed_for


@dataclass(frozen=True)
class RayEngine:
    """Does jobs on a cluster.

    Attributes:
        address: of the cluster; a local one is started if it is None.
        workers: of a local one; one for each core if it is None.
        gpus: for each job; less than one lets jobs share a GPU.
    """

    address: str | None = None
    workers: int | None = None
    gpus: float = 0

    def __call__(self, jobs: list[Job], folder: Path, watch: Watch, minutes: float | None) -> None:
        """Do the jobs, as many at once as the cluster has cores and GPUs for. All are tried, though one may fail.

        Raises:
            LabError: Ray is not installed; the cluster has not the GPUs for one job; or a job failed: the others are done.
        """
        ray = _ray()
        started = not ray.is_initialized()
        if started:
            own = {"num_cpus": self.workers} if self.address is None else {}
            ray.init(address=self.address, include_dashboard=False, log_to_driver=False, **own)
        try:
            self._do(ray, while_time_is_left(jobs, minutes), folder.absolute(), watch)
        finally:
            if started:
                ray.shutdown()

    def _do(self, ray: Any, jobs: Iterator[Job], folder: Path, watch: Watch) -> None:
        at_once = self._at_once(ray.cluster_resources())
        remote = ray.remote(num_cpus=1, num_gpus=self.gpus, max_retries=1)(_done)
        pending = {remote.remote(job, folder): job for job in itertools.islice(jobs, at_once)}
        failed: list[str] = []
        while pending:
            (ready,), _ = ray.wait(list(pending), num_returns=1)
            job = pending.pop(ready)
            pending |= {remote.remote(job, folder): job for job in itertools.islice(jobs, 1)}
            try:
                ray.get(ready)
            except ray.exceptions.RayError as error:
                failed.append(f"{job.name}: {error}")
            else:
                watch.finished(job)
        if failed:
            raise LabError(f"{len(failed)} jobs failed, the first with {failed[0]}", hint="the same command tries again")

    def _at_once(self, resources: Mapping[str, float]) -> int:
        cores, devices = int(resources.get("CPU", 1)), resources.get("GPU", 0.0)
        if not 0 <= self.gpus <= devices:  # Ray would wait for them forever
            raise LabError(f"a job can't have {self.gpus:g} GPUs: the cluster has {devices:g}", hint="ask for fewer, or for none")
        return max(1, min(cores, int(devices / self.gpus)) if self.gpus else cores)


def _done(job: Job, folder: Path) -> None:
    job.do(folder)
    make_room()


def _ray() -> Any:
    with needed_for("a sweep on a cluster", "ray"):
        import ray
    return ray
