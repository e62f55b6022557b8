"""The client of judge-process.ts, the process that knows what is right."""
import json
import os
import subprocess
import threading

from . import sandbox
from .trouble import MachineTrouble, Stopped

#: Seconds that an answer may take: the solutions run there too.
PATIENCE = 300


class Judge:
    """A judge's process. Use it as a context manager, from one thread."""

    def __init__(self, seed: int):
        self.seed = seed
        self.process: subprocess.Popen | None = None
        self.stopped = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ask(self, op: str, **request) -> dict:
        """The answer to a request. Raises MachineTrouble if there is none."""
        if self.stopped:
            raise Stopped
        if self.process is None or self.process.poll() is not None:
            self._start()
        timer = threading.Timer(PATIENCE, self.process.kill)
        timer.start()
        try:
            self.process.stdin.write(json.dumps({"op": op, **request}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except OSError as error:
            raise MachineTrouble(f"the judge has ended: {error}") from error
        finally:
            timer.cancel()
        if self.stopped:
            raise Stopped
        if not line:
            raise MachineTrouble(f"the judge has ended or took longer than {PATIENCE} s")
        answer = json.loads(line)
        if "error" in answer:
            raise MachineTrouble(f"the judge failed: {answer['error'][:300]}")
        return answer

    def _start(self):
        program = sandbox.ROOT / "lib" / "course" / "assignments" / "judge-process.cjs"
        self.process = subprocess.Popen(
            [sandbox.node(), str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf8", cwd=str(sandbox.ROOT),
            env={**os.environ, "COURSE_HIDDEN_SEED": str(self.seed)},
            start_new_session=os.name != "nt",
        )  # fmt: skip

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.process = None
