"""The process of a student's kernel: started in its sandbox, watched, and ended."""
import collections
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

from . import sandbox
from .trouble import MachineTrouble

#: The most that a kernel may put into its socket folder, in bytes and in files.
FOLDER_BYTES = 8 * 1024 * 1024
FOLDER_FILES = 64

#: How long a kernel may take to start, in seconds; only a machine in trouble takes that long.
START_SECONDS = 180


class KernelProcess:
    """A kernel in its sandbox, with the folder of its sockets."""

    def __init__(self, cache: pathlib.Path, *, isolated: bool, writable_cache: bool):
        self.folder = sandbox.socket_folder()
        self.key = uuid.uuid4().hex
        self.errors: collections.deque[bytes] = collections.deque(maxlen=20)
        self.process: subprocess.Popen | None = None
        try:
            self._start(cache, isolated, writable_cache)
        except BaseException:
            self.close()
            raise

    def _start(self, cache: pathlib.Path, isolated: bool, writable_cache: bool):
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
        #: The addresses of its sockets by their names.
        self.addresses = {name: address(f"{name}_port") for name in ("shell", "iopub")}

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

    def folder_is_full(self) -> bool:
        try:
            with os.scandir(self.folder) as entries:
                sizes = [entry.stat(follow_symlinks=False).st_size for entry in entries]
        except OSError:
            return True
        return len(sizes) > FOLDER_FILES or sum(sizes) > FOLDER_BYTES

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
        shutil.rmtree(self.folder, ignore_errors=True)
