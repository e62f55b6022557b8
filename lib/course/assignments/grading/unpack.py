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

#: A time before this one, in seconds, is none: an archive without times has the first day of a zip's
#: calendar, or of a tar's.
FIRST_DAYS = datetime.datetime(1980, 1, 3).timestamp()


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
    """Gives unpacked files the times that they have in a zip; those of a tar have them already. Without
    one a file has the present time."""
    folder = file.with_suffix("")
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                # The local time of the machine that made it.
                with contextlib.suppress(ValueError):
                    time = datetime.datetime(*member.date_time).timestamp()
                    if (folder / member.filename).is_file():
                        os.utime(folder / member.filename, (time, time))
    elif folder.suffix == ".tar":
        folder = folder.with_suffix("")
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_mtime < FIRST_DAYS:
            os.utime(path)
