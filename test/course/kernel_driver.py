"""Drives a kernel over its real sockets with jupyter_client, for the tests beside it.

Reads one JSON command a line from stdin and answers each with one JSON line on stdout:
  {"op": "start", "cwd": folder}
      -> {"seconds", "info", "pid"}
  {"op": "run", "cells": [{"code", "stop_on_error", "silent"}],
   "interrupts": [seconds, ...], "after_output", "path", "limit"}
      -> {"cells": [{"reply", "outputs", "input", "idle", "seconds"}]}
      sends all cells at once, as Run All does, and interrupts at the given times after the first one
      has begun, or, with "after_output", after it has printed something; "seconds" are those from the
      first interrupt to the reply; with "path", makes that file once the kernel has read all cells;
      gives up after "limit" seconds, by default 20, or once the kernel's process has ended
  {"op": "ask", "type": message type, "content": {}}
      -> {"reply"}; "reply" is null after 5 s
  {"op": "revive"}
      -> {"died": whether the kernel's process has ended, "pid"}
      starts the kernel again if its process has ended, as Jupyter's servers do
  {"op": "stop"}
      -> {"alive": whether a process of the kernel is left}
"""
import json
import os
import subprocess
import sys
import threading
import time
from queue import Empty

from jupyter_client.manager import KernelManager

manager = client = None
LIMIT = 20
START_LIMIT = 50  # a start takes 4 s of computing, and a machine may be busy


def start(cwd):
    global manager, client
    begun = time.time()
    manager = KernelManager(kernel_name="tslab")
    # not a pipe that both share: Node would make it non-blocking
    manager.start_kernel(cwd=cwd, stdout=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=START_LIMIT)
    pid = manager.provisioner.process.pid
    client.kernel_info()
    info = client.get_shell_msg(timeout=LIMIT)["content"]
    return {"seconds": time.time() - begun, "info": info, "pid": pid}


def send(cell):
    content = dict(code=cell["code"], silent=cell.get("silent", False), store_history=True,
                   user_expressions={}, allow_stdin=False,
                   stop_on_error=cell.get("stop_on_error", True))
    message = client.session.msg("execute_request", content)
    client.shell_channel.send(message)
    return message["header"]["msg_id"]


def run(cells, interrupts=(), after_output=False, path=None, limit=LIMIT):
    begun = time.time()
    results = {send(cell): {"reply": None, "outputs": [], "input": None, "idle": False}
               for cell in cells}
    first = next(iter(results.values()))
    marker = client.kernel_info() if path else None  # answered at once, and read after all cells
    timers = []
    while not all(r["reply"] and r["idle"] for r in results.values()):
        if time.time() - begun > limit or not manager.is_alive():
            break
        for receive in (client.get_iopub_msg, client.get_shell_msg):
            try:
                while True:
                    message = receive(timeout=0.01)
                    to_marker = message["parent_header"].get("msg_id") == marker
                    if to_marker and message["msg_type"] == "kernel_info_reply":
                        open(path, "w").close()
                    take(results, message, timers[0].at if timers else begun)
            except Empty:
                pass
        if not timers and (first["outputs"] if after_output else first["input"]):
            timers = [threading.Timer(seconds, manager.interrupt_kernel) for seconds in interrupts]
            for timer, seconds in zip(timers, interrupts):
                timer.at = time.time() + seconds
                timer.start()
    for timer in timers:
        timer.join()
    return {"cells": list(results.values())}


def take(results, message, since):
    result = results.get(message["parent_header"].get("msg_id"))
    if result is None:
        return
    kind, content = message["msg_type"], message["content"]
    if kind == "execute_reply":
        result.update(reply=content, seconds=time.time() - since)
    elif kind == "status":
        result["idle"] = content["execution_state"] == "idle"
    elif kind == "execute_input":
        result["input"] = content["execution_count"]
    else:
        last = result["outputs"][-1] if result["outputs"] else None
        if kind == "stream" and last and last["type"] == kind and last["name"] == content["name"]:
            last["text"] += content["text"]
        else:
            result["outputs"].append({"type": kind, **content})


def ask(type, content):
    message = client.session.msg(type, content)
    client.shell_channel.send(message)
    try:
        while True:
            reply = client.get_shell_msg(timeout=5)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                return {"reply": {"type": reply["msg_type"], **reply["content"]}}
    except Empty:
        return {"reply": None}


def revive():
    died = not manager.is_alive()
    if died:
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=START_LIMIT)
    return {"died": died, "pid": manager.provisioner.process.pid}


def stop():
    pid = manager.provisioner.process.pid
    client.stop_channels()
    manager.shutdown_kernel()
    time.sleep(0.3)
    try:
        os.killpg(pid, 0)
        return {"alive": True}
    except (ProcessLookupError, PermissionError):
        return {"alive": False}


for line in sys.stdin:
    command = json.loads(line)
    operation = {"start": start, "run": run, "ask": ask, "revive": revive,
                 "stop": stop}[command.pop("op")]
    try:
        answer = operation(**command)
    except Exception as error:  # a test sees it as the answer
        answer = {"failed": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer, default=str), flush=True)
