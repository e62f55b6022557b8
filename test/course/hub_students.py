"""Students on a hub, all at once, as their browsers would do it: log in, wait for the server, fetch an
assignment, run it in a kernel, save it, submit it. Measures memory and processor time of each.

    python hub_students.py < PLAN

PLAN is JSON: url, password, course, assignment, notebook (the file's name), and students: for each name
the source of cells by id. Prints one JSON object. With `feedback` the students only fetch their
feedback, and it holds the page of each.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import sys
import threading
import time
import uuid

import requests
import websocket

#: Seconds: a machine with two cores starts eight servers at once.
PATIENCE = 600
TICK = os.sysconf("SC_CLK_TCK")
#: In place of a student's name: JupyterHub and its proxy.
HUB = "the hub"


class Student:
    def __init__(self, plan: dict, name: str):
        self.plan, self.name = plan, name
        self.answers = plan["students"][name]
        self.hub, self.server = plan["url"], f"{plan['url']}user/{name}/"
        self.session = requests.Session()
        self.seconds: dict[str, float] = {}
        self.printed: dict[str, str] = {}

    def timed(self, what: str, action):
        start = time.monotonic()
        result = action()
        self.seconds[what] = round(time.monotonic() - start, 2)
        return result

    def log_in(self):
        page = self.session.get(f"{self.hub}hub/login")
        token = re.search(r'name="_xsrf" value="([^"]+)"', page.text).group(1)
        form = {"username": self.name, "password": self.plan["password"], "_xsrf": token}
        self.session.post(f"{self.hub}hub/login", data=form).raise_for_status()

    def start_server(self):
        """A visit starts the server; the page then asks again until it is there."""
        self.session.get(f"{self.hub}hub/spawn/{self.name}").raise_for_status()
        for _ in range(PATIENCE * 2):
            answer = self.session.get(f"{self.server}lab/tree/my-notebooks", allow_redirects=True)
            if answer.ok and answer.url.startswith(self.server):
                self.page = answer.text
                return
            time.sleep(0.5)
        raise RuntimeError(f"{self.name} got no server")

    def ask(self, method: str, path: str, **more):
        tokens = [cookie.value for cookie in self.session.cookies
                  if cookie.name == "_xsrf" and cookie.path == f"/user/{self.name}/"]  # fmt: skip
        answer = self.session.request(method, f"{self.server}{path}", timeout=PATIENCE,
                                      headers={"X-XSRFToken": tokens[-1]}, **more)  # fmt: skip
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def assignments(self, action: str | None = None) -> list[dict]:
        """nbgrader's list of assignments, after one of its buttons was pressed."""
        what = {"course_id": self.plan["course"], "assignment_id": self.plan["assignment"]}
        answer = (self.ask("POST", f"assignments/{action}", json=what) if action
                  else self.ask("GET", "assignments", params=what))  # fmt: skip
        if not answer["success"]:
            raise RuntimeError(answer["value"])
        return answer["value"]

    def fetch(self):
        [before] = self.assignments()
        [after] = self.assignments("fetch")
        return before["status"], after["status"]

    @property
    def path(self):
        return f"{self.plan['assignment']}/{self.plan['notebook']}"

    def open_kernel(self):
        self.notebook = self.ask("GET", f"api/contents/{self.path}")["content"]
        session = self.ask("POST", "api/sessions", json={
            "path": self.path, "name": self.path, "type": "notebook", "kernel": {"name": "tslab"},
        })  # fmt: skip
        address = f"{self.server}api/kernels/{session['kernel']['id']}/channels"
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.session.cookies)
        self.socket = websocket.create_connection(
            address.replace("http", "ws", 1), cookie=cookies, timeout=PATIENCE
        )

    def run_cell(self, source: str) -> tuple[str, str]:
        """How a cell ended, and what it printed."""
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": "execute_request", "username": self.name,
                  "session": self.name, "version": "5.3"}  # fmt: skip
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False,
                   "user_expressions": {}, "stop_on_error": True}  # fmt: skip
        self.socket.send(json.dumps({"header": header, "parent_header": {}, "metadata": {},
                                     "content": content, "channel": "shell", "buffers": []}))  # fmt: skip
        status, printed, idle = "", "", False
        while not (status and idle):
            message = json.loads(self.socket.recv())
            if message["parent_header"].get("msg_id") != number:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "execute_reply":
                status = content["status"]
            elif kind == "status":
                idle = idle or content["execution_state"] == "idle"
            elif kind == "stream":
                printed += content["text"]
            elif kind in ("display_data", "execute_result"):
                printed += str(content["data"].get("text/plain", ""))
            elif kind == "error":
                printed += f"{content['ename']}: {content['evalue']}"
        return status, printed

    def run_notebook(self):
        """Run All, with the answers in their cells."""
        for cell in self.notebook["cells"]:
            if cell["cell_type"] != "code":
                continue
            cell["source"] = self.answers.get(cell["id"], cell["source"])
            status, printed = self.run_cell(cell["source"])
            if status != "ok":
                raise RuntimeError(f"{self.name}, {cell['id']}: {printed}")
            if cell["id"].startswith("check-"):
                self.printed[cell["id"]] = printed
                cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": printed}]

    def save(self):
        self.ask("PUT", f"api/contents/{self.path}",
                 json={"type": "notebook", "format": "json", "content": self.notebook})  # fmt: skip

    def submit(self):
        return [each["status"] for each in self.assignments("submit")]

    def fetch_feedback(self):
        """The page of feedback on the newest submission, as JupyterLab opens it."""
        submitted = [each for each in self.assignments("fetch_feedback") if each["status"] == "submitted"]
        time = submitted[0]["submissions"][-1]["timestamp"]
        page = self.path.replace(f"{self.plan['assignment']}/", f"{self.plan['assignment']}/feedback/{time}/")
        return self.ask("GET", f"api/contents/{page.replace('.ipynb', '.html')}?type=file")["content"]


def processes(names: list[str]) -> dict[str, list[int]]:
    """The processes of each student, and of the hub: their environment says whose they are."""
    found = {name: [] for name in names}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if HUB in found and any(entry.startswith(b"COURSE_HUB_TRIAL=") for entry in environment):
            found[HUB].append(int(folder.name))
        for entry in environment:
            name = entry.removeprefix(b"JUPYTERHUB_USER=").decode("utf8", "replace")
            if entry.startswith(b"JUPYTERHUB_USER=") and name in found:
                found[name].append(int(folder.name))
    return found


def memory(pids: list[int]) -> dict[str, float]:
    """MiB: `pss` with each student's part of what is shared, `own` without what is shared."""
    sums = {"pss": 0.0, "own": 0.0}
    for pid in pids:
        try:
            text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf8")
        except OSError:
            continue
        for line in text.splitlines()[1:]:
            key, value = line.split(":")
            if key == "Pss":
                sums["pss"] += int(value.split()[0]) / 1024
            if key in ("Private_Clean", "Private_Dirty", "Private_Hugetlb"):
                sums["own"] += int(value.split()[0]) / 1024
    return {key: round(value, 1) for key, value in sums.items()}


def processor_seconds(pids: list[int]) -> float:
    ticks = 0
    for pid in pids:
        try:
            text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf8")
        except OSError:
            continue
        ticks += sum(int(each) for each in text.rsplit(")", 1)[1].split()[11:15])
    return ticks / TICK


def measured(students: list[Student]) -> dict[str, dict[str, float]]:
    return {name: memory(pids) | {"seconds": round(processor_seconds(pids), 2), "processes": len(pids)}
            for name, pids in processes([HUB, *(each.name for each in students)]).items()}  # fmt: skip


def main():
    plan = json.load(sys.stdin)
    students = [Student(plan, name) for name in plan["students"]]
    report: dict = {"memory": {}, "wall": {}, "peak": {}, "status": {}}
    with concurrent.futures.ThreadPoolExecutor(len(students)) as pool:
        def all_at_once(what: str, action: str, watch: bool = False):
            start, stop = time.monotonic(), threading.Event()
            highest = {each.name: 0.0 for each in students}

            def look():
                while not stop.wait(2):
                    for name, pids in processes(list(highest)).items():
                        highest[name] = max(highest[name], memory(pids)["pss"])

            watcher = threading.Thread(target=look) if watch else None
            if watcher:
                watcher.start()
            run = [pool.submit(each.timed, what, getattr(each, action)) for each in students]
            results = {each.name: future.result() for each, future in zip(students, run)}
            stop.set()
            if watcher:
                watcher.join()
                report["peak"] = highest
            report["wall"][what] = round(time.monotonic() - start, 2)
            print(f"  {what}: {report['wall'][what]} s", file=sys.stderr, flush=True)
            return results

        all_at_once("log in", "log_in")
        all_at_once("start the server", "start_server")
        if plan.get("feedback"):
            json.dump(all_at_once("fetch the feedback", "fetch_feedback"), sys.stdout)
            return
        report["memory"]["server"] = measured(students)
        report["status"]["fetch"] = all_at_once("fetch", "fetch")
        all_at_once("start the kernel", "open_kernel")
        all_at_once("run the notebook", "run_notebook", watch=True)
        report["memory"]["after the run"] = measured(students)
        all_at_once("save", "save")
        report["status"]["submit"] = all_at_once("submit", "submit")
        idle = time.monotonic()
        before = measured(students)
        time.sleep(plan.get("idle", 0))
        report["idle"] = {
            name: round((now["seconds"] - before[name]["seconds"]) / (time.monotonic() - idle), 4)
            for name, now in measured(students).items()
        } if plan.get("idle") else {}
        first = students[0]
        report["probe"] = first.run_cell(plan["probe"])[1] if plan.get("probe") else ""
    report["seconds"] = {each.name: each.seconds for each in students}
    report["checks"] = {each.name: each.printed for each in students}
    report["page"] = students[0].page
    json.dump(report, sys.stdout)


main()
