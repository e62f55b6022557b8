"""Runs cells in a student's kernel, within limits of time."""
import dataclasses
import pathlib
import time

from .kernel_process import KernelProcess
from .reply import error_name, observation_in
from .wire import Wire

#: Seconds between two looks at the clock, the processor time and the folder.
LOOK = 0.1


@dataclasses.dataclass
class Run:
    """How a cell ended: `ok`, `error`, `processor` (its processor time was used up), `clock` (its
    time was), `memory` (the socket folder was filled) or `died`."""

    state: str
    #: What is told of the error, from a short list: any other text may hold anything.
    error: str = ""
    #: The text of the first display that carries the nonce.
    observation: str | None = None


class Kernel:
    """A kernel in its sandbox. Use it as a context manager."""

    def __init__(self, cache: pathlib.Path, *, isolated: bool, writable_cache: bool = False):
        self.process = KernelProcess(cache, isolated=isolated, writable_cache=writable_cache)
        try:
            self.wire = Wire(self.process.key, **self.process.addresses)
        except BaseException:
            self.process.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def processor_seconds(self) -> float:
        return self.process.processor_seconds()

    def alive(self) -> bool:
        return self.process.alive()

    def kill(self):
        self.process.kill()

    def execute(self, code: str, *, processor: float, clock: float, nonce: str = "") -> Run:
        """Runs a cell, for at most so many seconds of processor time and of clock time. With a
        nonce, a display that carries it belongs to the answer. The kernel is still alive afterwards
        only for the states `ok` and `error`."""
        start, used = time.monotonic(), self.processor_seconds()
        request = self.wire.send(code)
        poller = self.wire.poller()
        observation, reply, next_look = None, None, 0.0
        while True:
            ready = dict(poller.poll(int(LOOK * 1000)))
            now = time.monotonic()
            if self.wire.iopub in ready:
                message = self.wire.receive(self.wire.iopub)
                found = observation_in(message[1], nonce) if message and nonce else None
                observation = found if observation is None else observation
            if self.wire.shell in ready and reply is None:
                message = self.wire.receive(self.wire.shell)
                if message and message[0].get("msg_id") == request:
                    # The display may come after the reply: each socket has an order of its own.
                    reply, next_look = message[1], now + 1
            state = None
            if reply is not None and (not nonce or observation is not None or now > next_look):
                state = "ok" if reply.get("status") == "ok" else "error"
            elif reply is None and now > next_look:
                next_look = now + LOOK
                state = self._beyond(now - start > clock, used + processor)
            if state:
                if state not in ("ok", "error"):
                    self.kill()
                return Run(state, error_name(reply or {}), observation)

    def _beyond(self, is_late: bool, processor: float) -> str | None:
        if not self.alive():
            return "died"
        if self.processor_seconds() > processor:
            return "processor"
        if is_late:
            return "clock"
        return "memory" if self.process.folder_is_full() else None

    def close(self):
        self.process.kill()
        self.wire.close()
        self.process.close()
