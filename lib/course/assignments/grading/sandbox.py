"""The sandbox of a student's kernel: what it sees, and what it may use.

Bubblewrap gives it mount, process, network, IPC and user namespaces of its own. It sees Node, the
library without `lib/exercises/tasks`, a cache of compiled library files, and a folder for its
sockets: no home, no submission, no gradebook, no other process, no network. A seccomp filter
refuses new processes, so that the limits of `ulimit`, which count for one process, count for all.

Node's permission model is no substitute: a worker thread started with an empty `execArgv` leaves
it.
"""
import json
import os
import pathlib
import platform
import shutil
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[4]
KERNEL = "lib/course/kernel/main.cjs"

#: The solutions, and what a kernel sees in their place.
TASKS = "lib/exercises/tasks"
NO_TASKS = "lib/course/assignments/no-exercises"

#: Where the repository is inside the sandbox, and the sockets.
COURSE = "/course"
SOCKETS = "/sockets"

#: Private writable memory of the kernel, in KiB: what `ulimit -d` counts. A GPT of the notebooks
#: needs about 0.5 GiB.
DATA_KIB = 3 * 1024 * 1024
#: The size of one file, in the 512-byte blocks of `ulimit -f`, and of all files in /tmp, in bytes.
FILE_BLOCKS = 64 * 1024 * 2
SCRATCH_BYTES = 64 * 1024 * 1024

#: Nothing is kept of compiled cells, predictions and compared runs.
KEEP_NOTHING = {"COURSE_CELLS": "off", "COURSE_COMPARE": "off"}

LIMITS = " && ".join([
    "ulimit -c 0",
    f"ulimit -d {DATA_KIB}",
    f"ulimit -f {FILE_BLOCKS}",
    "ulimit -n 512",
    'exec "$@"',
])


def node() -> str:
    """The Node that the kernel spec of this environment names."""
    spec = pathlib.Path(sys.prefix, "share", "jupyter", "kernels", "tslab", "kernel.json")
    try:
        return json.loads(spec.read_text(encoding="utf8"))["argv"][0]
    except (OSError, ValueError, LookupError):
        return shutil.which("node") or "node"


def isolation() -> str:
    """An empty string if bubblewrap works here, otherwise why it does not."""
    bwrap = shutil.which("bwrap")
    if not bwrap:
        return "bubblewrap (the program bwrap) is not installed"
    trial = [bwrap, "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev",
             "--size", "4096", "--tmpfs", "/tmp", "true"]
    answer = subprocess.run(trial, capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        return ""
    return f"bubblewrap does not work here ({answer.stderr.strip() or answer.returncode})"


def system_folders() -> list[str]:
    """Bubblewrap's options for the programs and libraries of this system, read-only."""
    see = []
    for folder in ("usr", "lib", "lib32", "lib64", "bin", "sbin"):
        path = f"/{folder}"
        if os.path.islink(path):
            see += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            see += ["--ro-bind", path, path]
    return see


def command(sockets: pathlib.Path, cache: pathlib.Path, *, writable_cache: bool = False,
            filter_fd: int | None = None) -> list[str]:
    """The command line that starts a kernel in the sandbox.

    `sockets` is the folder of its sockets and its connection file, `cache` that of the compiled
    library; `filter_fd` is open on the bytes of `seccomp_filter`.
    """
    real_node = os.path.realpath(node())
    bind = "--bind" if writable_cache else "--ro-bind"
    see = system_folders()
    for file in ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d"):
        if os.path.exists(file):
            see += ["--ro-bind", file, file]
    see += ["--ro-bind", real_node, "/run/node"]
    for name in ("package.json", "package-lock.json", "tsconfig.json", "node_modules", "lib", "data"):
        see += ["--ro-bind", os.path.realpath(ROOT / name), f"{COURSE}/{name}"]
    see += ["--ro-bind", str(ROOT / NO_TASKS), f"{COURSE}/{TASKS}"]
    for hidden in hidden_folders():
        see += ["--tmpfs", f"{COURSE}/{hidden}", "--remount-ro", f"{COURSE}/{hidden}"]
    for name in ("typescript", "typecheck"):
        see += [bind, str(cache / name), f"{COURSE}/.cache/{name}"]
    seccomp = [] if filter_fd is None else ["--seccomp", str(filter_fd)]
    return [
        "/bin/sh", "-c", LIMITS, "sh", shutil.which("bwrap") or "bwrap",
        "--unshare-all", "--die-with-parent", "--new-session", "--hostname", "course", *seccomp,
        *see,
        "--dir", f"{COURSE}/notebooks", "--proc", "/proc", "--dev", "/dev",
        "--size", str(SCRATCH_BYTES), "--tmpfs", "/dev/shm", "--remount-ro", "/dev",
        "--size", str(SCRATCH_BYTES), "--tmpfs", "/tmp",
        "--bind", str(sockets), SOCKETS, "--remount-ro", "/",
        "--chdir", f"{COURSE}/notebooks", "--clearenv", "--setenv", "HOME", "/tmp",
        "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "LANG", "C.UTF-8",
        *[word for name, value in KEEP_NOTHING.items() for word in ("--setenv", name, value)],
        "/run/node", f"{COURSE}/{KERNEL}", f"{SOCKETS}/connection.json",
    ]  # fmt: skip


def hidden_folders() -> list[str]:
    """Folders in which test runners keep what they made of the repository's files."""
    return [f"node_modules/{path.name}" for path in (ROOT / "node_modules").iterdir()
            if path.name.startswith(".") and path.is_dir() and path.name != ".bin"]  # fmt: skip


# Instructions of the classic BPF, and what a filter may answer.
LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, EAGAIN, ENOSYS = 1, 11, 38
CLONE_THREAD = 0x00010000

#: By machine: the audit number of its ABI, clone, and the calls that are refused with EAGAIN or
#: EPERM. clone3 has the number 435 on both.
ABIS = {
    "x86_64": (0xC000003E, 56, {57: EAGAIN, 58: EAGAIN, 101: EPERM, 319: EPERM, 425: EPERM}),
    "aarch64": (0xC00000B7, 220, {117: EPERM, 279: EPERM, 425: EPERM}),
}


def seccomp_filter() -> bytes | None:
    """A filter that lets clone make threads only, so that there is one process for good; None on a
    machine whose numbers are not listed.

    It refuses fork, vfork, ptrace, memfd_create (memory that no limit counts) and io_uring.
    clone3 hides its flags from a filter; told that it does not exist, the C library uses clone.
    """
    abi = ABIS.get(platform.machine())
    if not abi:
        return None
    audit, clone, refused = abi
    program = [
        (LOAD, 0, 0, 4),  # the ABI
        (EQUAL, 1, 0, audit),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, 0),  # the call's number
        (EQUAL, 0, 1, 435),
        (RETURN, 0, 0, ERRNO | ENOSYS),
    ]
    if platform.machine() == "x86_64":
        program += [(ANY_BIT, 0, 1, 0x40000000), (RETURN, 0, 0, ERRNO | ENOSYS)]  # x32
    for number, error in refused.items():
        program += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERRNO | error)]
    program += [
        (EQUAL, 0, 3, clone),
        (LOAD, 0, 0, 16),  # its first argument, the flags
        (ANY_BIT, 1, 0, CLONE_THREAD),
        (RETURN, 0, 0, ERRNO | EAGAIN),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def plain_command(connection_file: pathlib.Path) -> list[str]:
    """The command line without a sandbox, where bubblewrap does not work."""
    kernel = [node(), str(ROOT / KERNEL), str(connection_file)]
    if sys.platform == "win32":
        return kernel
    return ["/bin/sh", "-c", f"ulimit -c 0; ulimit -f {FILE_BLOCKS}; exec \"$@\"", "sh", *kernel]


def socket_folder() -> pathlib.Path:
    """A new folder with a short path: the name of a socket has at most 107 bytes."""
    return pathlib.Path(tempfile.mkdtemp(prefix="course-"))
