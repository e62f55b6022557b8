"""nbgrader's extractor of downloaded archives, which one damaged archive does not stop."""
import contextlib
import datetime
import os
import pathlib
import shutil
import tarfile
import zipfile
import zlib

from nbgrader.plugins import ExtractorPlugin
from nbgrader.utils import unzip
from setuptools.archive_util import UnrecognizedFormat

#: What the libraries raise for a file that is damaged or encrypted, or no archive.
DAMAGED = (UnrecognizedFormat, zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError,
           RuntimeError, ValueError)  # fmt: skip

#: An archive of a class may hold archives of students, which may hold a folder that was packed. One
#: that holds itself would never end.
DEPTH = 3


class Unpacker(ExtractorPlugin):
    """Keeps the times of the files, too: the newest of a student counts."""

    def extract(self, archive_path: str, extracted_path: str):
        shutil.copytree(archive_path, extracted_path, dirs_exist_ok=True)
        extracted = pathlib.Path(extracted_path)
        for _ in range(DEPTH):
            files = [path for path in extracted.rglob("*")
                     if path.suffix in self.zip_ext and path.is_file()]  # fmt: skip
            for file in files:
                try:
                    unzip(str(file), str(file.parent), zip_ext=self.zip_ext, create_own_folder=True)
                    keep_times(file)
                except DAMAGED:
                    self.log.warning("%s cannot be unpacked: it is damaged, encrypted or no archive",
                                     file.name)  # fmt: skip
                file.unlink()


def keep_times(file: pathlib.Path):
    """Gives unpacked files the times that they have in a zip; a tar's are those of the unpacking."""
    if not zipfile.is_zipfile(file):
        return
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            path = file.with_suffix("") / member.filename
            # The local time of the machine that made it, unless it is no time at all.
            with contextlib.suppress(ValueError):
                time = datetime.datetime(*member.date_time).timestamp()
                if path.is_file():
                    os.utime(path, (time, time))
