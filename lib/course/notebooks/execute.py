"""Runs notebooks, each in a new kernel, as many at once as it is asked to: `execute.py KERNEL`.

Reads one line of JSON for each from its standard input: `id`, `notebook` and `copy` (two paths) and
`env` (what the kernel's environment has besides this one's). Prints lines of JSON with that `id`:
`cell`, `done` and `cells` after every cell; `error` and `cell` if a cell fails, takes too long or
kills the kernel, which ends the notebook; at last `ended`, when the executed copy with all outputs so
far is written, or `stopped` with the reason why there is none.
Ends when its standard input is closed, and with it the kernels: they notice it within seconds, also
in an endless loop.
"""
import asyncio
import json
import os
import signal
import sys
import threading

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


async def execute(task: dict, kernel: str, report) -> None:
    notebook = nbformat.read(task["notebook"], as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code:
        cell.outputs, cell.execution_count = [], None
    done, running = 0, None

    def before_cell(cell, **_):
        nonlocal running
        running = cell.id

    def after_cell(cell, **_):
        nonlocal done
        done += 1
        report(cell=cell.id, done=done, cells=len(code))

    client = NotebookClient(
        notebook,
        kernel_name=kernel,
        timeout=600,
        record_timing=False,
        coalesce_streams=True,
        on_cell_execute=before_cell,
        on_cell_executed=after_cell,
        resources={"metadata": {"path": os.path.dirname(task["notebook"])}},
    )
    try:
        await client.async_execute(env={**os.environ, **task["env"]})
    except CellExecutionError as error:
        report(cell=running, error=f"{error.ename}: {error.evalue}")
    except (CellTimeoutError, DeadKernelError) as error:
        report(cell=running, error=str(error).splitlines()[0])
    nbformat.validate(notebook)
    nbformat.write(notebook, task["copy"])


async def answer(task: dict, kernel: str) -> None:
    def report(**event):
        print(json.dumps({"id": task["id"], **event}), file=events, flush=True)

    try:
        await execute(task, kernel, report)
        report(ended=True)
    except Exception as error:  # of this task alone: the others go on
        report(stopped=f"{type(error).__name__}: {error}")


events = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # kernels and what they start inherit it: what they write is not among the events
signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that started this one
loop = asyncio.new_event_loop()
# not in the main thread: there nbclient would handle signals, for one notebook at a time
threading.Thread(target=loop.run_forever, daemon=True).start()
for line in sys.stdin:
    asyncio.run_coroutine_threadsafe(answer(json.loads(line), sys.argv[1]), loop)
os._exit(0)
