"""A crew of Dask workers, on this machine or on others that see the project's folder."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from clientlib import __version__
from clientlib.errors import ConfigError, RunError
from clientlib.reports import Run
from clientlib.runs.crews.machine import MEGABYTE
from clientlib.runs.jobs import Ended, Job, Place
from clientlib.runs.ledger import Ledger

if TYPE_CHECKING:  # Dask is an extra
    from distributed import Client, Future

CONNECT_SECONDS = 10
CLOSE_SECONDS = 2
POLL_SECONDS = 0.05
COUNT_SECONDS = 0.5  # how long a count of workers is believed
WORKERLESS_SECONDS = 60.0  # a nanny brings a dead worker back within a few

_ONE_AT_A_TIME = threading.Lock()


class ClusterCrew:
    """Workers of a Dask cluster. A job whose worker dies is given to another worker by Dask.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.
    place : Place
        Where runs read and write; every worker must see it.

    Raises
    ------
    ConfigError
        The extra ``cluster`` is not installed.
    RunError
        No scheduler answers there, it has no workers, or a worker does not see the project or has
        another clientlib.
    """

    def __init__(self, address: str, place: Place) -> None:
        if find_spec("distributed") is None:
            raise ConfigError("Dask is not installed", hint="pip install 'clientlib[cluster]'")
        self._address = address
        self._running: dict[Future, Job] = {}
        self._client = _connect(address)
        self._workers_count, self._counted_at = 0, 0.0
        self._last_seen = time.monotonic()
        try:
            _check_workers(self._client, address, place)
        except BaseException:
            self.close()
            raise

    @property
    def free(self) -> int:
        """How many more jobs it can take now: one a worker, those that have joined included."""
        return self._count_workers() - len(self._running)

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
        """Wait until jobs have ended, or a worker has joined.

        Parameters
        ----------
        seconds : float or None
            At most so long; None waits for the first to end.

        Returns
        -------
        list of Ended
            May be empty.

        Raises
        ------
        RunError
            The scheduler is gone, or there have been no workers for a minute.
        """
        last = None if seconds is None else time.monotonic() + seconds
        free = self.free
        while True:
            ended = [future for future in self._running if future.done()]
            is_over = last is not None and time.monotonic() >= last
            if ended or is_over or self.free > free:
                return [self._end(future) for future in ended]
            time.sleep(POLL_SECONDS)

    def close(self) -> None:
        """Leave the cluster; what a worker is at it ends, what none has begun it never begins."""
        if self._running and self._client.status == "running":
            with suppress(OSError, TimeoutError):
                self._client.cancel(list(self._running))
        self._running.clear()
        self._client.close(timeout=CLOSE_SECONDS)

    def _count_workers(self) -> int:
        """Count workers, and give up where there have been none for long."""
        now = time.monotonic()
        if now - self._counted_at >= COUNT_SECONDS:
            try:
                self._workers_count = len(self._client.nthreads())
            except (OSError, RuntimeError, AttributeError, ValueError) as error:
                raise self._gone() from error
            self._counted_at = now
        if self._workers_count:
            self._last_seen = now
        elif now - self._last_seen > WORKERLESS_SECONDS:
            raise RunError(
                f"the Dask cluster at {self._address} has lost its workers",
                rows=f"{len(self._running)} reports were running",
                example=f"none for {WORKERLESS_SECONDS:g} seconds",
                hint="start workers and run it again: what is done is kept",
            )
        return self._workers_count

    def _end(self, future: Future) -> Ended:
        from distributed import KilledWorker

        if future.cancelled():  # by Dask, which forgets what a scheduler that is gone has taken
            raise self._gone()
        job, error = self._running.pop(future), future.exception()
        if error is None:
            return Ended(job, future.result())
        if isinstance(error, KilledWorker):
            deaths = error.allowed_failures + 1
            return Ended(job, None, death=f"died with {deaths} workers, one after another")
        return Ended(job, None, fault=error)

    def _gone(self) -> RunError:
        return RunError(
            f"the Dask scheduler at {self._address} is gone",
            rows=f"{len(self._running)} reports were running",
            hint="start it and run it again: what is done is kept",
        )


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

    Raises
    ------
    RunError
        This worker does not see the project.
    """
    from clientlib.runs.executing.execution import run_job  # papermill takes a second to import

    if trouble := find_trouble(job.place, __version__):
        raise RunError(f"a Dask worker {trouble}", hint="mount the folder under the same path")
    with _ONE_AT_A_TIME:
        return run_job(_as_it_stands(job))


def find_trouble(place: Place, version: str) -> str | None:
    """Tell why this process cannot run jobs of a place.

    Parameters
    ----------
    place : Place
        Where runs read and write.
    version : str
        Of the clientlib that plans them.

    Returns
    -------
    str or None
        None where it can.
    """
    if not place.snapshot_path.is_file():
        return f"does not see {place.snapshot} of the project"
    return None if version == __version__ else f"has clientlib {__version__} instead of {version}"


def _as_it_stands(job: Job) -> Job:
    """Count a job's attempts on workers that have died, and hold it to this worker's memory."""
    from distributed import get_worker

    place, task = job.place, job.task
    ledger = Ledger(place.root / place.ledger)
    ledger.settle_drafts()
    earlier = [run for run in ledger.attempts(task.key) if run.batch == place.batch]
    limit = get_worker().memory_manager.memory_limit
    if place.limits.memory_mb is None and limit:
        place = replace(place, limits=replace(place.limits, memory_mb=limit // MEGABYTE))
    return replace(job, place=place, attempt=max(job.attempt, len(earlier) + 1))


def _connect(address: str) -> Client:
    from distributed import Client

    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise RunError(
            f"no Dask scheduler answers at {address}",
            example=str(error).splitlines()[0] if str(error) else type(error).__name__,
            hint="start it: dask scheduler, then dask worker on each machine",
        ) from error
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError as error:
        client.close(timeout=CLOSE_SECONDS)
        raise RunError(
            f"the Dask cluster at {address} has no workers",
            hint=f"dask worker {address} --nthreads 1, on each machine",
        ) from error
    return client


def _check_workers(client: Client, address: str, place: Place) -> None:
    """Find out before anything runs which workers could not run it."""
    found = client.run(find_trouble, place, __version__, on_error="return")
    troubled = {worker: said for worker, said in found.items() if said}
    for worker, said in troubled.items():
        told = f"cannot be asked: {said!r}" if isinstance(said, Exception) else said
        raise RunError(
            f"workers of the Dask cluster at {address} cannot run this project",
            rows=f"{len(troubled)} of {len(found)}",
            example=f"{worker} {told}",
            hint="the project under the same path, and the same environment, on each machine",
        )
