"""Logging in and servers for a trial on one machine: one password for all, on loopback only, and each
server in bubblewrap, with the account of who started the hub.
"""
import ipaddress
import os
import pathlib
import shutil
import sys
from urllib.parse import urlsplit

from grading.sandbox import isolation, node, system_folders
from jupyterhub.authenticators.shared import SharedPasswordAuthenticator
from jupyterhub.spawner import SimpleLocalProcessSpawner

ROOT = pathlib.Path(__file__).resolve().parents[4]

#: What a student sees of the course, all of it read-only. No `my-course`, no copies of others.
SHARED = [".venv", "data", "lib", "node_modules", "notebooks", "package-lock.json", "package.json",
          "README.md", "tsconfig.json", ".cache/typescript"]  # fmt: skip
#: Of /etc: names, certificates, the linker's cache, the time zone. No password file.
SETTINGS = ["alternatives", "bash.bashrc", "ca-certificates", "fonts", "host.conf", "hosts",
            "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "mime.types", "nsswitch.conf",
            "pki", "resolv.conf", "ssl", "terminfo"]  # fmt: skip
#: The number of the account inside; outside it is that of the hub.
USER = 1000


class TrialAuthenticator(SharedPasswordAuthenticator):
    """One password for all names. Whoever has it can be anyone, so it stays on this machine."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        hub = self.parent
        for url in (getattr(hub, "bind_url", ""), getattr(hub, "hub_bind_url", "")):
            if url and not is_loopback(url):
                raise ValueError(
                    f"one password for all is for a trial on 127.0.0.1 only, and not for {url}: "
                    "set another JupyterHub.authenticator_class (lib/course/hub/README.md)"
                )


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class TrialSpawner(SimpleLocalProcessSpawner):
    """A server as a process of this machine, which sees its own folder, the exchange, and the course."""

    async def start(self):
        home = pathlib.Path(self.home_dir)
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        exchange = pathlib.Path(self.environment["COURSE_EXCHANGE"]) / self.environment["COURSE_ID"]
        command = self.config.Spawner.cmd
        reason = isolation()
        if reason:
            self.log.warning("%s: the server of %s is not isolated", reason, self.user.name)
            self.cmd = command
        else:
            self.cmd = [*sandbox(self.user.name, home, exchange), *command]
        return await super().start()

    def user_env(self, env):
        env = super().user_env(env)
        path = [str(ROOT / ".venv" / "bin"), os.path.dirname(node()), "/usr/bin", "/bin"]
        return env | {"PATH": os.pathsep.join(path), "LANG": "C.UTF-8"}


def sandbox(name: str, home: pathlib.Path, exchange: pathlib.Path) -> list[str]:
    """The command line of bubblewrap, to be followed by that of the server.

    Namespaces of its own for processes, mounts, IPC and accounts; the network is shared, because the
    proxy and the hub have to reach it. `exchange` is nbgrader's folder of this course.
    """
    accounts = home.parent.parent / "accounts"
    accounts.mkdir(exist_ok=True, mode=0o700)
    (accounts / name).write_text(f"{name}:x:{USER}:{USER}::{home}:/bin/bash\n", encoding="utf8")
    see = system_folders()
    for file in SETTINGS:
        see += ["--ro-bind-try", f"/etc/{file}", f"/etc/{file}"]
    see += ["--ro-bind", str(accounts / name), "/etc/passwd"]
    for program in (sys.base_prefix, os.path.realpath(node())):
        if not f"{program}/".startswith("/usr/"):
            see += ["--ro-bind-try", program, program]
    for shared in SHARED:
        see += ["--ro-bind", str(ROOT / shared), str(ROOT / shared)]
    # nbgrader wants the exchange's folder itself to be writable; nothing is ever put there.
    see += ["--tmpfs", str(exchange.parent), "--ro-bind", str(exchange), str(exchange)]
    see += ["--bind", str(exchange / "inbound"), str(exchange / "inbound")]
    return [
        shutil.which("bwrap") or "bwrap",
        "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "hub",
        "--uid", str(USER), "--gid", str(USER), "--die-with-parent",
        # Before the rest: the folder of the course may be in /tmp.
        "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",
        *see,
        "--bind", str(home), str(home), "--remount-ro", "/", "--chdir", str(home),
    ]  # fmt: skip
