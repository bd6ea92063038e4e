"""What a parser child may not reach, whatever the document or a library in between asks for.

The limits of the system (workers/limits.py) stop a child that takes too much; this stops one that reaches out: to a
file that a document names, to the network, to another program. Python tells of each such act before it happens
(PEP 578), so refusing there holds for every library that acts through Python.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import annotator

_REFUSED = frozenset(
    {
        "socket.__new__",
        "socket.connect",
        "socket.getaddrinfo",
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.fork",
        "os.forkpty",
        "os.startfile",
        "os.spawn",
        "os.kill",
        "os.killpg",
        "os.chmod",
        "os.chown",
        "os.utime",
        "os.setxattr",
        "os.removexattr",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.mkdir",
        "os.link",
        "os.symlink",
        "os.truncate",
        "tempfile.mkstemp",
        "tempfile.mkdtemp",
        "sqlite3.connect",
        "urllib.Request",
        "webbrowser.open",
        "ftplib.connect",
        "http.client.connect",
    }
)
_DEVICES = ("/dev/null", "/dev/urandom")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_SYSTEM_FILES = ("/usr/share/zoneinfo/", "/etc/mime.types", "/etc/localtime")


class ReachedOutError(PermissionError):
    """Something in this process tried to open or reach what it may not."""


def guard_process() -> None:
    """Refuse from now on every file but the program's own, and network, programs and changes to the disk.

    It cannot be taken back. Raises ReachedOutError, a PermissionError, in whoever tries.
    """
    roots = tuple(os.path.join(folder, "") for folder in _program_folders())  # noqa: PTH118 - as the hook sees them
    allowed = (*roots, *_DEVICES, *_SYSTEM_FILES)

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            _check_open(arguments, allowed)
        elif event in _REFUSED:
            raise ReachedOutError(f"{event} is not for a parser")

    sys.dont_write_bytecode = True
    sys.addaudithook(refuse)


def _program_folders() -> set[str]:
    """Return where the modules of this process and their data come from.

    Of a checkout these are two folders and not all that lies beside them, such as projects.
    """
    package = Path(annotator.__file__).resolve().parent
    named = {*sys.path, sys.prefix, sys.base_prefix, sys.exec_prefix} - {""}
    folders = {os.path.realpath(folder) for folder in named} - {str(package.parent)}
    return folders | {str(package), str(package.with_name("resources"))}


def _check_open(arguments: tuple[Any, ...], allowed: tuple[str, ...]) -> None:
    path, flags = arguments[0], arguments[2]
    if isinstance(path, int):
        return
    name = os.path.realpath(os.fsdecode(path))
    if name == os.devnull or (name.startswith(allowed) and not flags & _WRITING):
        return
    raise ReachedOutError(f"{name} is not for a parser")
