"""One child and the thread that owns it: what every child needs, and the one that reads documents."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import annotator
from annotator.core.errors import DocumentReadError
from annotator.formats.documents.encoding import check_size
from annotator.formats.documents.source import ReadDocument
from annotator.workers.answers import document_in, refusal_in
from annotator.workers.frames import FrameError, read_frame, write_frame

TIME_LIMIT = 10.0
"""Seconds without progress after which a child is ended."""

SECONDS_PER_MEGABYTE = 3.0
"""What a large file may take besides; an honest one needs about a third of it."""

_POLL = 0.05
_GRACE = 2.0
_PIPE_SIZE = 1024 * 1024
"""Bytes that a pipe holds where the system lets it be chosen: a picture of a page takes megabytes."""


class ChildCrashedError(DocumentReadError):
    """The child died; `fields["code"]` is its exit code, minus the signal's number where a signal ended it."""


class ChildTimeoutError(DocumentReadError):
    """The child made no progress within the time limit."""


class ReadCancelledError(Exception):
    """Whoever asked for the document does not want it any more."""


class ChildEndedError(Exception):
    """The child gave no last answer: it died with `code`, or it was ended because it was `late`."""

    def __init__(self, code: int, *, late: bool) -> None:
        super().__init__(code, late)
        self.code = code
        self.late = late


def child_command() -> list[str]:
    """Return the command that starts a child, from source and in a frozen program."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker"]
    return [sys.executable, "-P", "-m", "annotator.workers.child"]


def _environment() -> dict[str, str]:
    """Return the child's environment: it finds this package, and no module in the folder at hand (`-P`)."""
    folder = str(Path(annotator.__file__).parents[1])
    paths = [folder, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return os.environ | {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}


Take = Callable[[dict[str, Any], bytes], bool]
"""Takes one answer with its payload; returns whether it was the last. Raises FrameError for one without sense."""


class ChildProcess:
    """A child that is started when needed and again after it died. One thread at a time may call `ask`."""

    def __init__(
        self, command: Sequence[str], closing: threading.Event | None = None, pass_fds: Sequence[int] = ()
    ) -> None:
        """Take what starts the child, the event that gives up every job, and open files that the child gets."""
        self._command = list(command)
        self._pass_fds = tuple(pass_fds)
        self._closing = closing or threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process_id(self) -> int | None:
        """The running child's id, or None."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def ask(
        self,
        job: dict[str, Any],
        data: bytes,
        take: Take,
        *,
        seconds: float,
        cancel: threading.Event | None = None,
    ) -> dict[str, Any]:
        """Send a job and return its last answer; `seconds` may pass between two answers.

        Raises:
            DocumentReadError: The last answer is a refusal (PasswordNeededError where the file is locked).
            ChildEndedError: The child died, was late, or answered something without sense.
            ReadCancelledError: `cancel` or `closing` was set.
            Whatever `take` raises; the child is ended then, since the rest of its answers would be taken for others.
        """
        stops = (self._closing, cancel) if cancel else (self._closing,)
        if any(stop.is_set() for stop in stops):
            raise ReadCancelledError
        process = self._running()
        try:
            with _Watch(process, seconds, stops) as watch:
                last = _talk(process, watch, job, data, take)
        except BaseException:
            self.kill()
            raise
        if last is None:
            code = self._end()
            if watch.cancelled:
                raise ReadCancelledError
            raise ChildEndedError(code, late=watch.late)
        if isinstance(last, DocumentReadError):
            raise last
        return last

    def close(self) -> None:
        """End the child when it has finished what it does."""
        self._end()

    def kill(self) -> None:
        """End the child at once."""
        if self._process is not None:
            self._process.kill()
        self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                pass_fds=self._pass_fds,
                pipesize=_PIPE_SIZE,
            )
        return self._process

    def _end(self) -> int:
        """End the child if it runs, and return its exit code (0 where there was none)."""
        process, self._process = self._process, None
        if process is None:
            return 0
        with suppress(OSError):
            _pipe(process.stdin).close()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _pipe(process.stdout).close()
        return process.returncode


class ParserProcess(ChildProcess):
    """A child that reads documents. One thread at a time may call `read`."""

    def __init__(
        self,
        command: Sequence[str] | None = None,
        time_limit: float = TIME_LIMIT,
        closing: threading.Event | None = None,
    ) -> None:
        """Take what starts the child, the seconds without progress to allow, and the event that gives up every job."""
        super().__init__(command or child_command(), closing)
        self._time_limit = time_limit

    def read(
        self,
        name: str,
        data: bytes,
        *,
        password: str = "",
        cancel: threading.Event | None = None,
        staged: Callable[[str], None] | None = None,
        job: str = "read",
    ) -> list[ReadDocument]:
        """Return the documents that the child makes of the file; `staged` is told the stages, on this thread.

        Raises:
            DocumentReadError: The file cannot become a document.
            PasswordNeededError: The file is locked.
            ChildCrashedError: The child died of it.
            ChildTimeoutError: The child made no progress within the time limit.
            ReadCancelledError: `cancel` or `closing` was set.
        """
        check_size(name, len(data))
        documents: list[ReadDocument] = []

        def take(header: dict[str, Any], payload: bytes) -> bool:
            match header.get("answer"):
                case "progress":
                    if staged:
                        staged(str(header.get("stage", "")))
                case "document":
                    documents.append(document_in(payload))
                case "end" | "refused":
                    return True
                case _:
                    raise FrameError("the answer is none to a reading")
            return False

        seconds = self._time_limit + SECONDS_PER_MEGABYTE * (len(data) // 1_000_000)
        try:
            request = {"job": job, "name": name, "password": password}
            self.ask(request, data, take, seconds=seconds, cancel=cancel)
        except ChildEndedError as end:
            raise _late(name, seconds) if end.late else _crashed(name, end.code) from end
        return documents


class _Watch:
    """Kills a child that makes no progress or is not wanted any more; one thread for the time of one job."""

    def __init__(self, process: subprocess.Popen[bytes], time_limit: float, stops: Sequence[threading.Event]) -> None:
        self._process = process
        self._time_limit = time_limit
        self._stops = stops
        self._done = threading.Event()
        self._progressed = time.monotonic()
        self.cancelled = self.late = False
        self._thread = threading.Thread(target=self._run, name="parser watch", daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._done.set()
        self._thread.join()

    def progressed(self) -> None:
        """Start the time limit anew."""
        self._progressed = time.monotonic()

    def _run(self) -> None:
        while not self._done.wait(_POLL):
            self.cancelled = any(stop.is_set() for stop in self._stops)
            self.late = time.monotonic() - self._progressed > self._time_limit
            if self.cancelled or self.late:
                self._process.kill()
                return


def _talk(
    process: subprocess.Popen[bytes], watch: _Watch, job: dict[str, Any], data: bytes, take: Take
) -> dict[str, Any] | DocumentReadError | None:
    """Send a job and return the last answer or the refusal that it is; None where the child ended without one."""
    try:
        write_frame(_pipe(process.stdin), job, data)
        while (frame := read_frame(_pipe(process.stdout))) is not None:
            watch.progressed()
            if take(*frame):
                return refusal_in(frame[0]) or frame[0]
    except (OSError, FrameError):
        if not _ends_soon(process):
            process.kill()
    return None


def _ends_soon(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        return False
    return True


def _late(name: str, seconds: float) -> ChildTimeoutError:
    template = "“{file}” was given up after {seconds} s without progress: split it, or save it as plain text."
    return ChildTimeoutError(template, file=name, seconds=f"{seconds:g}")


def _crashed(name: str, code: int) -> ChildCrashedError:
    template = "Reading “{file}” broke the reader (code {code}): save it again as plain UTF-8 text and import that."
    return ChildCrashedError(template, file=name, code=code)


def _pipe(stream: Any) -> BinaryIO:
    assert stream is not None
    return stream
