"""What a parser child may use. On Windows the system sets no such limits, and only the time limit holds."""

from __future__ import annotations

import sys
from contextlib import suppress

ADDRESS_SPACE = 1024 * 1024 * 1024
"""Bytes of address space."""

CPU_SECONDS = 120
"""Processor time of one job, a backstop for a parent that has died."""


def limit_process() -> None:
    """Take from this process its large memory, its writing of files and its core dumps; POSIX only."""
    if sys.platform == "win32":
        return
    import resource

    _set_limit(resource.RLIMIT_AS, ADDRESS_SPACE)
    _set_limit(resource.RLIMIT_FSIZE, 0)
    _set_limit(resource.RLIMIT_CORE, 0)


def limit_job() -> None:
    """Give the job that begins now its processor time; POSIX only."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _set_limit(kind: int, value: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, value))
