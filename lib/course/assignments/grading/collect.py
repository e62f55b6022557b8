"""nbgrader's collector of downloaded files, which takes the newest notebook of each student."""
import datetime
import hashlib
import json
import pathlib
import re

from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.utils import parse_utc

from .course import STAMP, Assignment

#: What was taken and what was not, for `npm run assignment -- collect`.
REPORT = "collected.json"

#: Seconds by which the time in a zip may be early.
ZIP_SECONDS = 2


class NewestCollector(FileNameCollectorPlugin):
    """A platform gives each attempt of a student a file of its own, with names that nbgrader takes
    for several notebooks of one submission. An attempt that is older than what lies in the student's
    folder already is left out, as it is in nbgrader's exchange."""

    #: By path of the files that are taken, what their names say.
    taken: dict | None = None

    def collect(self, submitted_file):
        if self.taken is None:
            parents = pathlib.Path(submitted_file).parents
            self.taken = self._choose(next(path for path in parents if path.name == "extracted"))
        return self.taken.get(submitted_file)

    def _choose(self, extracted: pathlib.Path) -> dict:
        where = Assignment(extracted.parents[2], extracted.parent.name)
        files = sorted(path for path in extracted.rglob("*") if path.is_file() and not is_litter(path))
        read = {file: info for file in files if (info := super(NewestCollector, self).collect(str(file)))}
        others = {file for file, info in read.items() if self._is_other(where.name, info)}
        read = {file: info for file, info in read.items() if file not in others}
        newest: dict[str, Attempt] = {}
        older = []
        for file, info in read.items():
            each = Attempt(file, info.pop("order", None), info.get("timestamp"))
            last = newest.setdefault(info["student_id"], each)
            if last is not each:
                newest[info["student_id"]] = each if last.is_older_than(each) else last
                older.append((last if last.is_older_than(each) else each).file.name)
        standing = {student: Attempt.handed_in(where, student) for student in newest}
        same = {student for student, each in newest.items() if each.is_in(standing[student])}
        outdated = {student for student, each in newest.items() if student not in same
                    and any(each.is_older_than(there, ZIP_SECONDS) for there in standing[student])}  # fmt: skip
        taken = {student: each for student, each in newest.items() if student not in same | outdated}
        report = {
            "taken": [{"student": student, **each.described()} for student, each in sorted(taken.items())],
            "same": sorted(same),
            "outdated": [{"student": student, **newest[student].described(),
                          "newer": max(standing[student], key=lambda each: each.time).described()}
                         for student in sorted(outdated)],
            "older": older,
            "others": [file.name for file in sorted(others)],
            "unknown": [file.name for file in files if file not in read and file not in others],
        }  # fmt: skip
        (extracted.parent / REPORT).write_text(json.dumps(report), encoding="utf8")
        return {str(each.file): read[each.file] for each in taken.values()}

    @staticmethod
    def _is_other(assignment: str, info: dict) -> bool:
        """Whether a file's name begins with the number of a different notebook."""
        number = re.match(r"\d+\.\d+(?=-)", info["file_id"])
        return number is not None and re.match(r"\d+\.\d+$", assignment) is not None \
            and number[0] != assignment


class Attempt:
    """A notebook that a student handed in, and when."""

    def __init__(self, file: pathlib.Path, order: str | None = None, stamp: str | None = None):
        """With its number in Canvas and the text of a time, where they are known."""
        self.file = file
        self.order = None if order is None else int(order)
        self.time = seconds_of(stamp) or file.stat().st_mtime
        self.digest = hashlib.sha256(file.read_bytes()).hexdigest()

    @classmethod
    def handed_in(cls, where: Assignment, student: str) -> list["Attempt"]:
        """The notebooks in the student's folder."""
        folder = where.folder("submitted", student)
        # nbgrader puts the time beside a submission of its exchange.
        file = folder / STAMP
        stamp = file.read_text(encoding="utf8").strip() if file.is_file() else None
        attempts = [cls(path, stamp=stamp) for path in folder.glob("*.ipynb") if path.is_file()]
        for each in attempts:
            each.order = where.collected(student).get(each.digest)
        return attempts

    def is_older_than(self, other: "Attempt", seconds: float = 0) -> bool:
        """By Canvas's numbers, otherwise by more than so many seconds."""
        if self.order is not None and other.order is not None:
            return self.order < other.order
        return self.time < other.time - seconds

    def is_in(self, others: list["Attempt"]) -> bool:
        """Whether it is one of them. The same text may be handed in once more after a different one."""
        return any(self.digest == other.digest and not other.is_older_than(self, ZIP_SECONDS)
                   for other in others)  # fmt: skip

    def described(self) -> dict:
        return {"file": self.file.name, "time": self.time, "order": self.order, "digest": self.digest}


def seconds_of(stamp: str | None) -> float | None:
    """Of a time in UTC, as nbgrader writes it; None if the text is none."""
    try:
        return stamp and parse_utc(stamp).replace(tzinfo=datetime.timezone.utc).timestamp()
    except (ValueError, OverflowError):
        return None


def is_litter(file: pathlib.Path) -> bool:
    """What macOS puts into an archive beside each file."""
    return "__MACOSX" in file.parts or file.name.startswith("._") or file.name == ".DS_Store"
