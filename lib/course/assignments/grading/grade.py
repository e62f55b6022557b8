"""Grades one submission: runs its answers in a student's kernel, and asks the judge."""
import pathlib
import secrets
import time

from .failure import ENDINGS, Failure, ending, named
from .judge import Judge
from .kernel import Kernel, Run
from .trouble import MachineTrouble, Stopped
from .verdict import lost_answer

#: Seconds of processor time that a start takes on a machine of usual speed. Limits of time grow
#: with what the start of this very kernel has taken, so that a slow machine costs no points.
USUAL_START = 3.0

#: Seconds of processor time for a cell, and for the observation of an answer.
CELL_SECONDS, OBSERVE_SECONDS = 20.0, 40.0
#: How much longer the clock may run: for a machine that does other things too.
CLOCK = 4

#: What every kernel loads, so that the cache of the sandbox has it.
WARM_UP = """import { GPT } from '../lib/index';
const warm = await GPT.create({ nLayer: 1, nHead: 1, nEmbd: 4, nPositions: 4, vocabSize: 5 }, 1);
warm.forward([[1, 2]]).dispose();
warm.dispose();
"""
#: By itself: the cache of type checks is by what a cell imports.
OBSERVER = "import { sendObservation } from '../lib/course/assignments/send-observation';"
#: Seconds that a cell may take while the cache is filled.
WARM_UP_SECONDS = 600


class Grader:
    """Grades submissions one after the other. Use it as a context manager, from one thread."""

    def __init__(self, seed: int, cache: pathlib.Path, *, isolated: bool):
        self.judge = Judge(seed)
        self.cache = cache
        self.isolated = isolated
        self.kernel: Kernel | None = None
        #: Which cells have run in the present kernel, and whether they succeeded.
        self.ran: dict[int, Run] = {}
        self.slowness = 1.0
        #: Seconds of processor time that the kernels of the last submission took.
        self.processor = 0.0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._drop_kernel()
        self.judge.close()

    def stop(self):
        """Ends, from a different thread, what is being graded: it raises Stopped."""
        self.judge.stopped = True
        if self.kernel is not None:
            self.kernel.kill()
        if self.judge.process is not None:
            self.judge.process.kill()

    def grade(self, notebook: str, cells: list[dict]) -> list[dict]:
        """The verdict on each exercise of a notebook, such as `16.5`; see `cells_of`.

        Raises MachineTrouble if the machine, not the submission, is in the way.
        """
        self._drop_kernel()
        self.processor = 0.0
        try:
            plan = self.judge.ask("plan", notebook=notebook, cells=cells)
            for cell, names in zip(cells, plan["declared"]):
                cell["declared"] = names
            return [{"id": each["id"], "check": each["check"], **place_of(each, cells),
                     **self._verdict(each, cells)} for each in plan["exercises"]]  # fmt: skip
        finally:
            self._drop_kernel()

    def try_release(self, notebook: str, released: dict):
        """Fills the cache with what the answers of a notebook need, and makes sure that its cells
        run here. Raises MachineTrouble if they do not."""
        cells = cells_of(released, released)
        plan = self.judge.ask("plan", notebook=notebook, cells=cells)
        if not plan["exercises"]:
            raise MachineTrouble("the released notebook has no exercises")
        for folder in ("typescript", "typecheck"):
            (self.cache / folder).mkdir(parents=True, exist_ok=True)
        with Kernel(self.cache, isolated=self.isolated, writable_cache=True) as kernel:
            needed = sorted({at for each in plan["exercises"] for at in each["before"]})
            released = [cells[at]["source"] for at in needed]
            for source in [WARM_UP, OBSERVER, *released]:
                run = kernel.execute(source, processor=WARM_UP_SECONDS, clock=WARM_UP_SECONDS)
                if run.state != "ok":
                    first = source.strip().splitlines()[0]
                    raise MachineTrouble(f"a cell of the release fails ({run.state} {run.error}): {first}")

    def _verdict(self, exercise: dict, cells: list[dict]) -> dict:
        own = cells[exercise["own"]]
        if own.get("lost"):
            return lost_answer(exercise, own["lost"])
        if exercise["isOpen"]:
            return self.judge.ask("fail", id=exercise["id"], isOpen=True,
                                  reason=own.get("missing", "not attempted"))  # fmt: skip
        if self.kernel is not None and not self.kernel.alive():  # an earlier answer ended it
            self._drop_kernel()
        failure = None
        # A kernel may have been spoiled by an earlier answer, or ended for reasons of the machine:
        # what goes wrong counts once it goes wrong in a kernel of its own.
        for _ in range(2):
            alone = self.kernel is None
            failure, observation = self._attempt(exercise, cells)
            if not failure:
                return self.judge.ask("judge", id=exercise["id"], observation=observation,
                                      slowness=self.slowness)  # fmt: skip
            if failure.is_certain or (alone and not failure.is_doubtful):
                break
            self._drop_kernel()
        if failure.is_doubtful:
            self._try_machine(exercise, cells)
        return self.judge.ask("fail", id=exercise["id"], reason=failure.text)

    def _try_machine(self, exercise: dict, cells: list[dict]):
        """Runs all but the student's cells. Raises MachineTrouble if that fails too: then an answer
        that did not come to an end proves nothing."""
        self._start_kernel()
        released = [cells[at]["source"] for at in exercise["before"]
                    if cells[at]["kind"] == "released"]  # fmt: skip
        for source in [OBSERVER, *released]:
            run = self.kernel.execute(source, **self._limits(CELL_SECONDS))
            if run.state != "ok":
                raise MachineTrouble(f"a kernel without the student's cells fails: {run.state} {run.error}")
        self._drop_kernel()

    def _attempt(self, exercise: dict, cells: list[dict]) -> tuple[Failure | None, str]:
        """Why the answer could not be observed, or what was observed."""
        if self.kernel is None:
            self._start_kernel()
        failed = ""  # of the cells that the answer needs, the student's first that fails
        for group in joined([*exercise["before"], exercise["answer"]], cells, self.ran):
            is_answer = group == [exercise["answer"]]
            run = self._run_cells(group, "\n".join(cells[at]["source"] for at in group))
            if run.state in ("error", "processor") and cells[group[0]]["kind"] == "released":
                if all(cells[at]["kind"] == "released" for at in self.ran):
                    raise MachineTrouble("a cell of the released notebook fails "
                                         f"({run.error or run.state})")  # fmt: skip
                return Failure("a cell of the notebook fails after cells of yours"), ""
            if run.state in ENDINGS:
                what = "its cell" if is_answer else f"it needs {named(cells[group[0]])}, which"
                return ending(run, what, **self._limits(CELL_SECONDS)), ""
            if run.state == "error" and is_answer:
                # Its types are the same in every kernel.
                text = failed or f"its cell fails with {run.error or 'an error'}"
                return Failure(text, is_certain=not failed and run.error == "TypeScriptError"), ""
            if run.state == "error" and not failed:
                failed = f"it needs {named(cells[group[0]])}, which fails with {run.error or 'an error'}"
        if not exercise["isDeclared"]:
            return Failure(f"its cell declares no {exercise['name']}", is_certain=True), ""
        nonce = secrets.token_hex(16)
        code = self.judge.ask("observe", id=exercise["id"], nonce=nonce,
                              slowness=self.slowness)["code"]  # fmt: skip
        run = self.kernel.execute(code, nonce=nonce, **self._limits(OBSERVE_SECONDS))
        if run.state in ENDINGS:
            return ending(run, "it", **self._limits(OBSERVE_SECONDS)), ""
        if run.observation is None:
            return Failure("no result of it reached the grader", is_doubtful=True), ""
        return None, run.observation

    def _limits(self, seconds: float) -> dict[str, float]:
        """The time for what takes at most so many seconds of processor time on a usual machine."""
        return {"processor": seconds * self.slowness, "clock": seconds * self.slowness * CLOCK}

    def _run_cells(self, group: list[int], source: str) -> Run:
        if group[0] not in self.ran:
            run = self.kernel.execute(source, **self._limits(CELL_SECONDS))
            self.ran.update(dict.fromkeys(group, run))
        return self.ran[group[0]]

    def _start_kernel(self):
        self._drop_kernel()
        if self.judge.stopped:
            raise Stopped
        start = time.monotonic()
        try:
            self.kernel = Kernel(self.cache, isolated=self.isolated)
        except MachineTrouble:  # no code of a student's has run in it: it may be a passing trouble
            start = time.monotonic()
            self.kernel = Kernel(self.cache, isolated=self.isolated)
        self.ran = {}
        taken = max(self.kernel.processor_seconds(), (time.monotonic() - start) / 2)
        self.slowness = round(max(1.0, taken / USUAL_START), 2)

    def _drop_kernel(self):
        if self.kernel is not None:
            self.processor += self.kernel.processor_seconds()
            self.kernel.close()
            self.kernel = None


def place_of(exercise: dict, cells: list[dict]) -> dict:
    """What is unusual about the place of an answer: it is in a different cell, or has none."""
    if exercise["answer"] != exercise["own"]:
        return {"place": "different"}
    return {"place": "none"} if cells[exercise["own"]].get("missing") else {}


def joined(order: list[int], cells: list[dict], ran: dict[int, Run]) -> list[list[int]]:
    """The cells to run, in groups of which each is run as one cell: released ones that have not run
    and declare no name twice. To compile one long cell takes less time than many short ones."""
    groups: list[list[int]] = []
    names: set[str] = set()
    for at in order:
        own = set(cells[at]["declared"])
        fits = groups and not names & own and at not in ran and groups[-1][0] not in ran
        both = fits and cells[at]["kind"] == cells[groups[-1][0]]["kind"] == "released"
        if both:
            groups[-1].append(at)
            names |= own
        else:
            groups.append([at])
            names = own
    return groups


def cells_of(notebook: dict, released: dict) -> list[dict]:
    """The code cells of a mended notebook, as the judge plans with them: a released cell that the
    student changed is there twice, as it was and as their own. The cell of an answer that could not be
    read says why (merge.py)."""
    sources = {cell["id"]: cell["source"] for cell in released["cells"]}
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        nbgrader = cell["metadata"].get("nbgrader", {})
        here = {"id": cell["id"], "source": cell["source"]}
        if nbgrader.get("grade"):
            continue
        if nbgrader.get("solution"):
            course = cell["metadata"].get("course", {})
            why = {key: course[key] for key in ("lost", "missing") if key in course}
            cells.append({**here, "kind": "answer", **why})
            continue
        known = sources.get(cell["id"])
        if known is not None:
            cells.append({**here, "source": known, "kind": "released"})
        if here["source"].rstrip() != (known or "").rstrip():
            cells.append({**here, "kind": "own"})
    return cells
