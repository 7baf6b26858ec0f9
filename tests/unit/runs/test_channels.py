"""Messages of a kernel are read, whatever is sent to it meanwhile."""

import asyncio
import time
from contextlib import contextmanager
from queue import Empty

import pytest
import zmq
import zmq.asyncio
from jupyter_client.session import Session

from clientlib.runs.executing.channels import ShellChannel

KEY = b"of both sides"


@contextmanager
def both_sides():
    """Give a channel and the kernel's socket at its other end."""
    with (
        zmq.asyncio.Context() as context,
        context.socket(zmq.DEALER) as ours,
        zmq.Context.shadow(context).socket(zmq.ROUTER) as theirs,
    ):
        ours.setsockopt(zmq.IDENTITY, b"client")
        port = theirs.bind_to_random_port("tcp://127.0.0.1")
        ours.connect(f"tcp://127.0.0.1:{port}")
        yield ShellChannel(ours, Session(key=KEY), asyncio.get_running_loop()), theirs


async def receive_while_sending(channel, kernel, timeout):
    speaker = Session(key=KEY)
    channel.send(speaker.msg("execute_request"))
    kernel.recv_multipart()
    waiting = asyncio.ensure_future(channel.get_msg(timeout))
    await asyncio.sleep(0.05)
    speaker.send(kernel, speaker.msg("execute_reply"), ident=b"client")
    time.sleep(0.2)  # the reply has come, and nobody has looked
    channel.send(speaker.msg("comm_msg"))
    return await asyncio.wait_for(waiting, 10)


@pytest.mark.parametrize("timeout", [None, 60])
def test_reply_that_came_while_something_was_sent_is_read_at_once(timeout):
    async def receive():
        with both_sides() as (channel, kernel):
            return await receive_while_sending(channel, kernel, timeout)

    assert asyncio.run(receive())["msg_type"] == "execute_reply"


def test_channel_without_a_message_is_empty_when_the_time_is_over():
    async def receive():
        with both_sides() as (channel, _):
            begun = time.monotonic()
            with pytest.raises(Empty):
                await channel.get_msg(0.25)
            return time.monotonic() - begun

    assert asyncio.run(receive()) >= 0.25
