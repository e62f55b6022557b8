"""Why an answer could not be observed, as its feedback says it."""
import dataclasses

from .kernel import Run

#: How a kernel ends that an answer has used up.
ENDINGS = {
    "processor": "does not end within {processor} s of processor time",
    "clock": "does not end within {clock} s",
    "memory": "writes too much",
    "died": "ends the kernel, or takes too much memory",
}


@dataclasses.dataclass(frozen=True)
class Failure:
    text: str
    #: No kernel of its own would change this.
    is_certain: bool = False
    #: The machine may have done it: it counts when it happens twice.
    is_doubtful: bool = False


def ending(run: Run, what: str, *, processor: float, clock: float) -> Failure:
    """Of a kernel that ended while `what` ran, which might take so many seconds."""
    text = ENDINGS[run.state].format(processor=round(processor), clock=round(clock))
    return Failure(f"{what} {text}", is_certain=run.state in ("processor", "memory"),
                   is_doubtful=run.state in ("clock", "died"))  # fmt: skip


def named(cell: dict) -> str:
    """A cell that an answer needs, in words: by its first line that is more than an import."""
    lines = [line.strip() for line in cell["source"].splitlines() if line.strip()]
    first = next((line for line in lines if not line.startswith("import ")), "".join(lines[:1]))
    short = first if len(first) <= 60 else f"{first[:59]}…"
    whose = {"answer": "the answer", "own": "a cell of yours", "released": "a cell of the notebook"}
    return f"{whose[cell['kind']]}, “{short}”"
