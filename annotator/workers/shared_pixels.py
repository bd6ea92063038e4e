"""Memory that the program and its picture child share: a picture drawn into it need not go through a pipe.

Only Linux has it; elsewhere, and for the largest pictures, the pixels go through the pipe.
"""

from __future__ import annotations

import mmap
import os
import sys

SHARED_BYTES = 64 * 1024 * 1024
"""Bytes of address space; only what pictures have filled takes memory."""


class SharedPixels:
    """The program's side: memory without a name, which goes to the child as the open file `descriptor`.

    It is sealed at its size: a child that cut it short would end the program when that reads what is gone.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._memory = map_pixels(descriptor)

    def copy(self, count: int) -> bytes:
        """Return the first bytes; fewer than `count` where there are not so many."""
        return self._memory[:count]

    def close(self) -> None:
        """Let go of the memory."""
        self._memory.close()
        os.close(self.descriptor)


def new_pixels() -> SharedPixels | None:
    """Return new shared memory, or None where the system has none of this kind."""
    if sys.platform != "linux":
        return None
    import fcntl

    descriptor = os.memfd_create("pictures", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(descriptor, SHARED_BYTES)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    return SharedPixels(descriptor)


def map_pixels(descriptor: int) -> mmap.mmap:
    """Return the memory behind an open file, here or in the child."""
    return mmap.mmap(descriptor, SHARED_BYTES)
