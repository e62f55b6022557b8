"""Runs notebooks, each in a new kernel: `execute.py --kernel NAME --save-into FOLDER NOTEBOOK ...`.

Writes the executed copy of each into FOLDER and prints one line of JSON after every cell.
A cell that fails, takes too long or kills the kernel ends its notebook; the copy then holds the
outputs so far. Ends, and with it the kernel, when the other end of its standard input is closed:
the program that started it has been killed.
"""
import argparse
import json
import os
import pathlib
import sys
import threading

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


def report(**event):
    print(json.dumps(event), flush=True)


def execute(source: pathlib.Path, target: pathlib.Path, kernel: str) -> None:
    notebook = nbformat.read(source, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code:
        cell.outputs, cell.execution_count = [], None
    done = 0

    def after_cell(cell, **_):
        nonlocal done
        done += 1
        report(notebook=source.name, cell=cell.id, done=done, cells=len(code))

    client = NotebookClient(
        notebook,
        kernel_name=kernel,
        timeout=600,
        record_timing=False,
        coalesce_streams=True,
        on_cell_executed=after_cell,
        resources={"metadata": {"path": str(source.parent)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        report(notebook=source.name, error=f"{error.ename}: {error.evalue}")
    except (CellTimeoutError, DeadKernelError) as error:
        report(notebook=source.name, error=str(error).splitlines()[0])
    nbformat.validate(notebook)
    nbformat.write(notebook, target)


def end_with_parent() -> None:
    try:
        while os.read(sys.stdin.fileno(), 1024):
            pass
    finally:
        os._exit(1)  # the kernel notices this within seconds, also in an endless loop


threading.Thread(target=end_with_parent, daemon=True).start()
parser = argparse.ArgumentParser()
parser.add_argument("--kernel", required=True)
parser.add_argument("--save-into", type=pathlib.Path, required=True)
parser.add_argument("notebooks", type=pathlib.Path, nargs="+")
options = parser.parse_args()
for path in options.notebooks:
    execute(path.resolve(), options.save_into / path.name, options.kernel)
