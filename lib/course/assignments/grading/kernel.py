"""A student's kernel, and what is believed of its answers: nothing but their bytes.

It speaks the Jupyter protocol on two sockets only. Replies come on shell; of the outputs only
`display_data` is subscribed to, so that a flood on stdout is dropped in the kernel and costs
nothing here. Every message has a size limit, and a socket that was closed is not connected again.
"""
import collections
import dataclasses
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time
import uuid

import psutil
import zmq

from . import sandbox

#: The largest message that is read, in bytes, and how many may wait.
MESSAGE_BYTES = 4 * 1024 * 1024
WAITING = 16

#: The most that a kernel may put into its socket folder, in bytes and in files.
FOLDER_BYTES = 8 * 1024 * 1024
FOLDER_FILES = 64

#: How long a kernel may take to start, in seconds; only a machine in trouble takes that long.
START_SECONDS = 180

#: Seconds between two looks at the clock, the processor time and the folder.
LOOK = 0.1

DELIMITER = b"<IDS|MSG>"
#: What a display may carry for the grader.
OBSERVATION = "application/vnd.course.observation+json"


class MachineTrouble(Exception):
    """Not the student's doing: the submission must not be scored."""


class Stopped(Exception):
    """The grading was interrupted: nothing is known of the submission at hand."""


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
        self.folder = sandbox.socket_folder()
        self.context = zmq.Context()
        self.key = uuid.uuid4().hex
        self.session = uuid.uuid4().hex
        self.errors: collections.deque[bytes] = collections.deque(maxlen=20)
        self.process: subprocess.Popen | None = None
        try:
            self._start(cache, isolated, writable_cache)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _start(self, cache, isolated, writable_cache):
        ports = {f"{name}_port": index for index, name in
                 enumerate(("shell", "iopub", "stdin", "control", "hb"), 1)}  # fmt: skip
        inside = f"{sandbox.SOCKETS}/k" if isolated else str(self.folder / "k")
        transport = "ipc"
        if sys.platform == "win32":
            from jupyter_client.connect import LocalPortCache

            transport, inside = "tcp", "127.0.0.1"
            ports = {name: LocalPortCache().find_available_port(inside) for name in ports}
        connection = {"transport": transport, "ip": inside, "key": self.key,
                      "signature_scheme": "hmac-sha256", **ports}  # fmt: skip
        file = self.folder / "connection.json"
        file.write_text(json.dumps(connection), encoding="utf8")
        fds = []
        try:
            if isolated:
                # The compiler of the library is a process of its own: it fills the cache.
                program = None if writable_cache else sandbox.seccomp_filter()
                if program is not None:
                    read, write = os.pipe()
                    fds = [read]
                    os.write(write, program)
                    os.close(write)
                argv = sandbox.command(self.folder, cache, writable_cache=writable_cache,
                                       filter_fd=fds[0] if fds else None)  # fmt: skip
                cwd, env = None, {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}
            else:
                argv = sandbox.plain_command(file)
                cwd = str(sandbox.ROOT / "notebooks")
                # What the library keeps for a learner goes with the kernel, not among the instructor's.
                env = {**os.environ, **sandbox.KEEP_NOTHING,
                       "COURSE_MY_NOTEBOOKS": str(self.folder / "my-notebooks")}  # fmt: skip
            # A group of its own: Ctrl-C in the terminal is for the grader.
            self.process = subprocess.Popen(
                argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                cwd=cwd, env=env, pass_fds=fds, start_new_session=sys.platform != "win32",
            )  # fmt: skip
        finally:
            for fd in fds:
                os.close(fd)
        threading.Thread(target=self._keep_errors, daemon=True).start()
        if transport == "ipc":
            self._await_sockets(("1", "2"))
            address = lambda name: f"ipc://{self.folder / 'k'}-{ports[name]}"  # noqa: E731
        else:
            address = lambda name: f"tcp://{inside}:{ports[name]}"  # noqa: E731
        self.shell = self._socket(zmq.DEALER, address("shell_port"))
        self.iopub = self._socket(zmq.SUB, address("iopub_port"))
        self.iopub.setsockopt(zmq.SUBSCRIBE, b"display_data")

    def _socket(self, kind, address):
        socket = self.context.socket(kind)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.MAXMSGSIZE, MESSAGE_BYTES)
        socket.setsockopt(zmq.RCVHWM, WAITING)
        if address.startswith("ipc:"):
            socket.setsockopt(zmq.RECONNECT_IVL, -1)
        socket.connect(address)
        return socket

    def _await_sockets(self, ports):
        end = time.monotonic() + START_SECONDS
        while not all((self.folder / f"k-{port}").is_socket() for port in ports):
            if self.process.poll() is not None:
                raise MachineTrouble(f"the kernel did not start: {self.last_words()}")
            if time.monotonic() > end:
                raise MachineTrouble(f"the kernel did not start within {START_SECONDS} s")
            time.sleep(0.02)

    def _keep_errors(self):
        while chunk := self.process.stderr.read1(4096):
            self.errors.append(chunk)

    def last_words(self) -> str:
        time.sleep(0.1)
        lines = b"".join(self.errors).decode("utf8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else f"it ended with code {self.process.poll()}"

    def processor_seconds(self) -> float:
        """The processor time of all its processes so far."""
        try:
            top = psutil.Process(self.process.pid)
            total = 0.0
            for process in [top, *top.children(recursive=True)]:
                times = process.cpu_times()
                total += times.user + times.system
            return total
        except psutil.Error:
            return 0.0

    def alive(self) -> bool:
        return self.process.poll() is None

    def execute(self, code: str, *, processor: float, clock: float, nonce: str = "") -> Run:
        """Runs a cell, for at most so many seconds of processor time and of clock time. With a
        nonce, a display that carries it belongs to the answer. The kernel is still alive afterwards
        only for the states `ok` and `error`."""
        start, used = time.monotonic(), self.processor_seconds()
        request = self._send(code)
        poller = zmq.Poller()
        poller.register(self.shell, zmq.POLLIN)
        poller.register(self.iopub, zmq.POLLIN)
        observation, reply, next_look = None, None, 0.0
        while True:
            ready = dict(poller.poll(int(LOOK * 1000)))
            now = time.monotonic()
            if self.iopub in ready:
                message = self._receive(self.iopub)
                found = observation_in(message[1], nonce) if message and nonce else None
                observation = found if observation is None else observation
            if self.shell in ready and reply is None:
                message = self._receive(self.shell)
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
        return "memory" if self._folder_is_full() else None

    def _folder_is_full(self) -> bool:
        try:
            with os.scandir(self.folder) as entries:
                sizes = [entry.stat(follow_symlinks=False).st_size for entry in entries]
        except OSError:
            return True
        return len(sizes) > FOLDER_FILES or sum(sizes) > FOLDER_BYTES

    def _send(self, code: str) -> str:
        request = uuid.uuid4().hex
        header = {"msg_id": request, "msg_type": "execute_request", "session": self.session,
                  "username": "grader", "date": "2000-01-01T00:00:00Z", "version": "5.3"}  # fmt: skip
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {},
                   "allow_stdin": False, "stop_on_error": False}  # fmt: skip
        parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        self.shell.send_multipart([DELIMITER, self._sign(parts), *parts])
        return request

    def _receive(self, socket) -> tuple[dict, dict] | None:
        """The parent header and the content of a message; None if it is none."""
        try:
            frames = socket.recv_multipart(zmq.NOBLOCK)
            at = frames.index(DELIMITER)
            signature, *parts = frames[at + 1 : at + 6]
            if not hmac.compare_digest(signature, self._sign(parts)):
                return None
            parent, content = json.loads(parts[1]), json.loads(parts[3])
        except (zmq.ZMQError, ValueError, IndexError, RecursionError):
            return None
        return (parent, content) if isinstance(parent, dict) and isinstance(content, dict) else None

    def _sign(self, parts: list[bytes]) -> bytes:
        return hmac.new(self.key.encode(), b"".join(parts), hashlib.sha256).hexdigest().encode()

    def kill(self):
        """Ends the sandbox; bubblewrap's `--die-with-parent` ends what is in it."""
        if self.process is None:
            return
        try:
            children = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.Error:
            children = []
        self.process.kill()
        for child in children:
            try:
                child.kill()
            except psutil.Error:
                pass
        self.process.wait()

    def close(self):
        self.kill()
        if self.process is not None:
            self.process.stdin.close()
        self.context.destroy(linger=0)
        shutil.rmtree(self.folder, ignore_errors=True)


#: Errors whose names are told; the kernel may send any text in their place.
ERRORS = ("TypeScriptError", "SyntaxError", "TypeError", "ReferenceError", "RangeError", "Error")
#: What is told in place of a name where a file is missing or may not be used.
NO_FILE = "an error: it wants a file that is not there while it is graded"
#: How Node's messages of such an error begin.
FILE_CODES = ("ENOENT:", "EACCES:", "EPERM:", "EROFS:", "ENOTDIR:", "EISDIR:")


def error_name(reply: dict) -> str:
    name, text = reply.get("ename"), reply.get("evalue")
    if isinstance(text, str) and text.startswith(FILE_CODES):
        return NO_FILE
    return name if name in ERRORS else ""


def observation_in(content: dict, nonce: str) -> str | None:
    """The text of an observation with this nonce."""
    data = content.get("data")
    found = data.get(OBSERVATION) if isinstance(data, dict) else None
    if not isinstance(found, dict) or found.get("nonce") != nonce:
        return None
    text = found.get("text")
    return text if isinstance(text, str) else None
