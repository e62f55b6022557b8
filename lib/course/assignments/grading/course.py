"""The folders of a course, and what is kept in them between two runs."""
import dataclasses
import json
import os
import pathlib
import re
import secrets
import shutil

from . import sandbox

#: Folder of what nbgrader does not know: the seed of the hidden inputs, and the verdicts.
OWN = "verdicts"
#: The submissions as nbgrader reads them.
MENDED = "mended"

#: Files of nbgrader beside a submission of its exchange.
STAMP, SECRET = "timestamp.txt", "submission_secret.txt"

CACHE = sandbox.ROOT / ".cache" / "assignments"


class Wrong(Exception):
    """Something that the instructor can repair."""


@dataclasses.dataclass(frozen=True)
class Assignment:
    course: pathlib.Path
    name: str

    def folder(self, step: str, student: str = "") -> pathlib.Path:
        return self.course / step / (student or ".") / self.name

    def command(self, step: str) -> str:
        """The command of a step for this assignment."""
        where = "" if self.course == sandbox.ROOT / "my-course" else f" --course {self.course}"
        return f"npm run assignment -- {step} {self.name}{where}"

    def released(self) -> tuple[str, dict]:
        """File name and content of the notebook as it was handed out."""
        files = sorted(self.folder("release").glob("*.ipynb"))
        if len(files) != 1:
            raise Wrong(f"{self.folder('release')} must hold one notebook, got {len(files)}: "
                        f"run {self.command('release')}")  # fmt: skip
        notebook = json.loads(files[0].read_text(encoding="utf8"))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
        return files[0].name, notebook

    def number(self) -> str:
        """The number of the notebook, such as 16.5."""
        return re.match(r"[\d.]+(?=-)|", self.released()[0])[0]

    def students(self) -> list[str]:
        return sorted(path.parent.name for path in self.course.glob(f"submitted/*/{self.name}")
                      if path.is_dir() and not path.is_symlink())  # fmt: skip

    def seed(self) -> int:
        """The seed of the hidden inputs: made once, and known only to who can read this file."""
        file = self.course / OWN / "seed.json"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            write(file, {"seed": secrets.randbelow(2**31)}, mode=0o600)
        return json.loads(file.read_text(encoding="utf8"))["seed"]

    def verdict_file(self, student: str) -> pathlib.Path:
        return self.course / OWN / self.name / f"{student}.json"

    def verdict(self, student: str) -> dict:
        """What was found out about a submission; empty if nothing was."""
        try:
            return json.loads(self.verdict_file(student).read_text(encoding="utf8"))
        except (OSError, ValueError):
            return {}

    def save_verdict(self, student: str, verdict: dict):
        write(self.verdict_file(student), verdict)

    def recorded_file(self, student: str) -> pathlib.Path:
        """Holds the key of the verdict that nbgrader has recorded; written when it is complete."""
        return self.course / OWN / self.name / f"{student}.recorded"

    def is_recorded(self, student: str) -> bool:
        """Whether the gradebook has the scores of the present verdict."""
        try:
            key = self.recorded_file(student).read_text(encoding="utf8")
        except OSError:
            return False
        there = any(self.folder("autograded", student).glob("*.ipynb"))
        return there and key == self.verdict(student).get("key")

    def collected(self, student: str) -> dict[str, int]:
        """Canvas's number of the file that was collected last, by the file's SHA-256; collect.mjs writes
        it."""
        try:
            return json.loads((self.course / OWN / self.name / f"{student}.collected").read_text(encoding="utf8"))
        except (OSError, ValueError):
            return {}

    def forget_record(self, student: str) -> bool:
        """Removes what nbgrader would take for a graded submission and skip. Returns whether there
        was a feedback page, which would show points of before."""
        self.recorded_file(student).unlink(missing_ok=True)
        had_page = any(self.folder("feedback", student).glob("*.html"))
        for step in ("autograded", "feedback"):
            remove(self.folder(step, student))
        return had_page


def remove(folder: pathlib.Path):
    """Also one that nbgrader has made read-only."""
    if folder.is_dir():
        for path in [folder, *folder.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o700 if path.is_dir() else 0o600)
        shutil.rmtree(folder)


def write(file: pathlib.Path, content: object, mode: int = 0o644):
    """Writes JSON as a whole: a run that is killed leaves the old file or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w",
              encoding="utf8") as stream:  # fmt: skip
        json.dump(content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(unfinished, file)
