"""Lets a kernel's threads finish before its process ends."""

from typing import Any

CONTROL_SECONDS = 20.0


def finish_control(app: Any) -> None:  # noqa: ANN401 - ipykernel takes long to import
    """Wait until the thread of a kernel's control channel has said that the kernel ends.

    That thread hears of the shutdown, tells the main thread, and goes on to flush the outputs.
    The main thread closes their way out as its process ends: a flush that comes after that would
    wait ten seconds, or for ever.

    Parameters
    ----------
    app : IPKernelApp
        Started, and at its end.
    """
    control = app.control_thread
    if control is not None and control.is_alive():
        control.stop()
        control.join(CONTROL_SECONDS)
