"""nbgrader's collector of downloaded files, which takes the newest notebook of each student."""
import json
import pathlib
import re

from nbgrader.plugins import FileNameCollectorPlugin

#: What was taken and what was not, for `npm run assignment -- collect`.
REPORT = "collected.json"


class NewestCollector(FileNameCollectorPlugin):
    """A platform gives each attempt of a student a file of its own, with names that nbgrader takes
    for several notebooks of one submission."""

    #: By path of the files that are taken, what their names say.
    taken: dict | None = None

    def collect(self, submitted_file):
        if self.taken is None:
            parents = pathlib.Path(submitted_file).parents
            self.taken = self._choose(next(path for path in parents if path.name == "extracted"))
        return self.taken.get(submitted_file)

    def _choose(self, extracted: pathlib.Path) -> dict:
        files = sorted(path for path in extracted.rglob("*") if path.is_file() and not is_litter(path))
        read = {file: info for file in files if (info := super(NewestCollector, self).collect(str(file)))}
        others = {file for file, info in read.items() if self._is_other(extracted.parent.name, info)}
        read = {file: info for file, info in read.items() if file not in others}
        newest: dict[str, tuple[float, pathlib.Path]] = {}
        for file, info in read.items():
            # Canvas numbers the files.
            order = info.pop("order", None) or file.stat().st_mtime
            each = (float(order), file)
            newest[info["student_id"]] = max(each, newest.get(info["student_id"], each))
        taken = {file for _, file in newest.values()}
        report = {"students": sorted(newest), "older": [file.name for file in read if file not in taken],
                  "others": [file.name for file in sorted(others)],
                  "unknown": [file.name for file in files if file not in read and file not in others]}  # fmt: skip
        (extracted.parent / REPORT).write_text(json.dumps(report), encoding="utf8")
        return {str(file): read[file] for file in taken}

    @staticmethod
    def _is_other(assignment: str, info: dict) -> bool:
        """Whether a file's name begins with the number of a different notebook."""
        number = re.match(r"\d+\.\d+(?=-)", info["file_id"])
        return number is not None and re.match(r"\d+\.\d+$", assignment) is not None \
            and number[0] != assignment


def is_litter(file: pathlib.Path) -> bool:
    """What macOS puts into an archive beside each file."""
    return "__MACOSX" in file.parts or file.name.startswith("._") or file.name == ".DS_Store"
