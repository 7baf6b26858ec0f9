"""The channel on which cells are asked for and answered: no answer may lie there unread."""

import time
from queue import Empty
from typing import Any

from jupyter_client.channels import AsyncZMQSocketChannel

LOOK_SECONDS = 0.1


class ShellChannel(AsyncZMQSocketChannel):
    """Looks for messages by itself, since nothing may tell it of one that has come.

    A message that is sent while another arrives takes the sign of the arrival with it. That
    happens where a widget captures output: its state is sent back to the kernel while the reply
    to its cell is waited for.
    """

    async def get_msg(  # type: ignore[override]  # as the base class has it
        self, timeout: float | None = None
    ) -> dict[str, Any]:
        """Wait for a message.

        Parameters
        ----------
        timeout : float, optional
            How many seconds; without it as long as it takes.

        Returns
        -------
        dict
            The message.

        Raises
        ------
        Empty
            None came in time.
        """
        last = None if timeout is None else time.monotonic() + timeout
        while True:
            left = LOOK_SECONDS if last is None else last - time.monotonic()
            try:
                return await super().get_msg(max(0.0, min(left, LOOK_SECONDS)))
            except Empty:
                if last is not None and time.monotonic() >= last:
                    raise
