"""A crew of Dask workers, on this machine or on others that see the project's folder."""

from __future__ import annotations

import threading
import time
from concurrent.futures import CancelledError
from importlib.util import find_spec
from typing import TYPE_CHECKING

from clientlib.errors import ConfigError, RunError
from clientlib.reports import Run
from clientlib.runs.jobs import Ended, Job

if TYPE_CHECKING:  # Dask is an extra
    from distributed import Client, Future

CONNECT_SECONDS = 30
POLL_SECONDS = 0.05
WORKER_DEATHS = 3  # of one job, before it counts as failed: it may be what kills them

_ONE_AT_A_TIME = threading.Lock()


class ClusterCrew:
    """Workers of a Dask cluster. A job whose worker dies is given to another worker by Dask.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    ConfigError
        The extra ``cluster`` is not installed.
    RunError
        No scheduler answers there, or it has no workers.
    """

    def __init__(self, address: str) -> None:
        if find_spec("distributed") is None:
            raise ConfigError("Dask is not installed", hint="pip install 'clientlib[cluster]'")
        self._client = _connect(address)
        self._running: dict[Future, Job] = {}

    @property
    def free(self) -> int:
        """How many more jobs it can take now."""
        return len(self._client.nthreads()) - len(self._running)

    def start(self, job: Job) -> None:
        """Begin a job on the cluster.

        Parameters
        ----------
        job : Job
            What to run.
        """
        name = f"{job.task.target}-{job.task.key}-{job.place.batch}-{job.attempt}"
        future = self._client.submit(run_on_worker, job, key=name, pure=False)
        self._running[future] = job

    def wait(self, seconds: float | None) -> list[Ended]:
        """Wait until jobs have ended.

        Parameters
        ----------
        seconds : float or None
            At most so long; None waits for the first to end.

        Returns
        -------
        list of Ended
            May be empty.
        """
        last = None if seconds is None else time.monotonic() + seconds
        while True:
            ended = [future for future in self._running if future.done()]
            if ended or (last is not None and time.monotonic() >= last):
                return [_end(future, self._running.pop(future)) for future in ended]
            time.sleep(POLL_SECONDS)

    def close(self) -> None:
        """Cancel whatever is still running, and leave the cluster."""
        if self._running:
            self._client.cancel(list(self._running))
        self._client.close()


def run_on_worker(job: Job) -> Run | None:
    """Run a job in a worker's own process, one at a time however many threads it has.

    Parameters
    ----------
    job : Job
        What to run.

    Returns
    -------
    Run or None
        As ``run_job``.
    """
    from clientlib.runs.executing.execution import run_job  # papermill takes a second to import

    with _ONE_AT_A_TIME:
        return run_job(job)


def _connect(address: str) -> Client:
    from distributed import Client

    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise RunError(
            f"no Dask cluster with workers answers at {address}",
            example=str(error).splitlines()[0] if str(error) else type(error).__name__,
            hint="start it: dask scheduler, then dask worker on each machine",
        ) from error
    return client


def _end(future: Future, job: Job) -> Ended:
    from distributed import KilledWorker

    try:
        error = future.exception()
    except CancelledError:
        return Ended(job, None, death="was lost with the cluster's scheduler")
    if error is None:
        return Ended(job, future.result())
    if isinstance(error, KilledWorker):
        return Ended(job, None, death=f"died on {WORKER_DEATHS} workers")
    return Ended(job, None, fault=error)
