"""The loop of a template process: hears launchers, forks kernels, tells how they ended."""

import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clientlib.kernels.birth import DESCRIPTORS, Own, Request
from clientlib.kernels.preload import Preload, count_threads, import_modules, keep_preload
from clientlib.kernels.spec.protocol import is_peer_confined, measure, receive, send
from clientlib.kernels.watching import sift

HEARING_SECONDS = 2.0
TRIAL_SECONDS = 90
TRIALS = 6
LEARNED_FROM = 4  # kernels whose imports are looked at


@dataclass
class Child:
    """A forked process: a kernel, or a trial of modules.

    Attributes
    ----------
    number, ended : int
        Process id, and a descriptor that is ready when the process has ended.
    memory : int
        Descriptor of the file in memory that it reports in.
    connection : socket or None
        To the kernel's launcher; None for a trial.
    """

    number: int
    ended: int
    memory: int
    connection: socket.socket | None = None


@dataclass
class Service:
    """A template process that serves.

    Attributes
    ----------
    listener : socket
        Where launchers connect.
    circumstances : dict
        Its own, as ``read_circumstances`` gives them; launchers in others are refused.
    threads_count : int
        Threads after the imports; with more of them no kernel is forked.
    preload : Preload
        What is known of modules.
    own : Own
        What a kernel has of itself.
    owner : int or None
        Descriptor that is ready when the batch has ended which the process belongs to.
    lock : int or None
        Descriptor of the lock on the place of a shared process.
    idle_seconds : float
        How long it stays without a kernel; for one without an owner.
    is_stale : callable
        Tells whether the environment has changed since the imports.
    """

    listener: socket.socket
    circumstances: dict[str, Any]
    threads_count: int
    preload: Preload
    own: Own
    owner: int | None
    lock: int | None
    idle_seconds: float
    is_stale: Callable[[], bool]
    children: dict[int, Child] = field(default_factory=dict)
    learned_from: int = 0
    trials_count: int = 0
    is_open: bool = True

    def serve(self) -> Request | None:
        """Fork kernels until the process is no longer needed.

        Returns
        -------
        Request or None
            In a forked process what it is to be a kernel for; None where serving has ended.
        """
        while self.is_open or self.children:
            ready = self._wait()
            if self.owner in ready:
                self._leave_place()
                return None
            for number in ready & self.children.keys():
                self._end(self.children.pop(number))
            if self.is_open and self.listener.fileno() in ready:
                request = self._hear(self.listener.accept()[0])
                if request:
                    return request
            if not ready:
                self._leave_place()
        return None

    def _wait(self) -> set[int]:
        """Wait for launchers, ended children and the owner; nothing comes when idle too long."""
        poll = select.poll()
        for number in self.children:
            poll.register(number, select.POLLIN)
        if self.is_open:
            poll.register(self.listener, select.POLLIN)
        if self.owner is not None:
            poll.register(self.owner, select.POLLIN)
        is_needed = self.children or self.owner is not None
        return {number for number, _ in poll.poll(None if is_needed else self.idle_seconds * 1000)}

    def _leave_place(self) -> None:
        """Make room for another shared process; kernels that run are still looked after."""
        self.is_open = False
        place = Path(self.listener.getsockname())
        place.unlink(missing_ok=True)
        self.listener.close()
        if self.owner is not None:
            with suppress(OSError):  # the batch has removed it, or keeps something in it
                place.parent.rmdir()
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None

    def _hear(self, connection: socket.socket) -> Request | None:
        connection.settimeout(HEARING_SECONDS)
        descriptors: list[int] = []
        try:
            told, descriptors = receive(connection, DESCRIPTORS)
            standard, (folder, lifeline) = tuple(descriptors[:3]), descriptors[3:]
        except (OSError, ValueError, EOFError):  # a launcher that died, or none at all
            connection.close()
            for number in descriptors:
                os.close(number)
            return None
        memory = os.memfd_create("clientlib-kernel")
        request = Request(
            told, standard, folder, lifeline, memory, frozenset(sys.modules), self.own
        )
        return self._answer(connection, request)

    def _answer(self, connection: socket.socket, request: Request) -> Request | None:
        again = self.owner is None and self.is_stale()
        reason = "the environment has changed" if again else self._refusal(connection, request)
        if not reason:
            return self._fork(connection, request)
        if again:
            self._leave_place()
        _tell(connection, {"refused": reason, "again": again})
        connection.close()
        request.close()
        os.close(request.memory)
        return None

    def _refusal(self, connection: socket.socket, request: Request) -> str | None:
        theirs = request.told.get("circumstances", {})
        for name, mine in self.circumstances.items():
            if theirs.get(name) != mine:
                return f"the template process runs in other circumstances: {name}"
        count = count_threads()
        if count != self.threads_count:
            return f"the template process has {count} threads instead of {self.threads_count}"
        if is_peer_confined(connection):
            return "the launcher runs in a confined process"
        return None

    def _fork(self, connection: socket.socket, request: Request) -> Request | None:
        number = os.fork()
        if number == 0:
            connection.close()
            self._let_go()
            return request
        child = Child(number, os.pidfd_open(number), request.memory, connection)
        request.close()
        self.children[child.ended] = child
        _tell(connection, {"pid": number}, [child.ended])
        return None

    def _let_go(self) -> None:
        """Close, in a forked process, what belongs to the template process."""
        self.listener.close()
        if self.lock is not None:
            os.close(self.lock)
        for child in self.children.values():
            os.close(child.ended)
            os.close(child.memory)
            if child.connection:
                child.connection.close()

    def _end(self, child: Child) -> None:
        _, status, used = os.wait4(child.number, 0)
        os.close(child.ended)
        told = _read_memory(child.memory)
        if child.connection:
            _tell(child.connection, {"status": status, **measure(used)})
            child.connection.close()
            self._learn_from(told or [])
        elif told:
            self._heed(Preload(**told))

    def _learn_from(self, imported: list[str]) -> None:
        names = [name for name in self.preload.allowed(imported) if name not in sys.modules]
        is_trying = any(child.connection is None for child in self.children.values())
        if names and not is_trying and self.learned_from < LEARNED_FROM:
            self.learned_from += 1
            self.trials_count = 0
            self._try(names)

    def _try(self, names: list[str]) -> None:
        """Import modules in a forked process that is thrown away."""
        self.trials_count += 1
        memory = os.memfd_create("clientlib-trial")
        number = os.fork()
        if number == 0:
            self._let_go()
            signal.alarm(TRIAL_SECONDS)
            _run_trial(self.preload, names, memory)
        child = Child(number, os.pidfd_open(number), memory)
        self.children[child.ended] = child

    def _heed(self, found: Preload) -> None:
        """Import what behaved in a trial, or try again without what did not."""
        is_clean = found.refused == self.preload.refused
        self.preload.refused = found.refused
        if is_clean:
            import_modules(found.learned)
            self.preload.learned += found.learned
            settle_memory()
        elif found.learned and self.trials_count < TRIALS:
            self._try(found.learned)
        keep_preload(self.preload)


def settle_memory() -> None:
    """Spare the pages of all objects that there are from the collector in forked processes."""
    gc.collect()
    gc.freeze()


def _run_trial(preload: Preload, names: list[str], memory: int) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    os.setsid()
    try:
        found = sift(preload, names)
        os.pwrite(memory, json.dumps(vars(found)).encode(), 0)
    finally:
        os._exit(0)


def _tell(
    connection: socket.socket,
    message: dict[str, Any],
    descriptors: tuple[int, ...] | list[int] = (),
) -> None:
    try:
        send(connection, message, descriptors)
    except OSError:  # the launcher is gone, and its kernel goes with it
        return


def _read_memory(memory: int) -> Any:  # noqa: ANN401 - as it was said in JSON
    text = os.pread(memory, os.fstat(memory).st_size, 0)
    os.close(memory)
    try:
        return json.loads(text)
    except ValueError:  # the process was killed before it could report
        return None
