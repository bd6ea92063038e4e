"""One parser child and the thread that owns it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from annotator.core.errors import DocumentReadError
from annotator.formats.documents.encoding import check_size
from annotator.formats.documents.source import ReadDocument, decode_document
from annotator.workers.frames import FrameError, read_frame, write_frame

TIME_LIMIT = 10.0
"""Seconds without progress after which a child is ended."""

SECONDS_PER_MEGABYTE = 3.0
"""What a large file may take besides; an honest one needs about a third of it."""

_POLL = 0.05
_GRACE = 2.0


class ChildCrashedError(DocumentReadError):
    """The child died; `fields["code"]` is its exit code, minus the signal's number where a signal ended it."""


class ChildTimeoutError(DocumentReadError):
    """The child made no progress within the time limit."""


class ReadCancelledError(Exception):
    """Whoever asked for the document does not want it any more."""


def child_command() -> list[str]:
    """Return the command that starts a parser child, from source and in a frozen program."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker"]
    return [sys.executable, "-m", "annotator.workers.child"]


class ParserProcess:
    """A child that is started when needed and again after it died. One thread at a time may call `read`."""

    def __init__(
        self,
        command: Sequence[str] | None = None,
        time_limit: float = TIME_LIMIT,
        closing: threading.Event | None = None,
    ) -> None:
        """Take what starts the child, the seconds without progress to allow, and the event that gives up every job."""
        self._command = list(command or child_command())
        self._time_limit = time_limit
        self._closing = closing or threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process_id(self) -> int | None:
        """The running child's id, or None."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def read(self, name: str, data: bytes, cancel: threading.Event | None = None, job: str = "read") -> ReadDocument:
        """Return the document that the child makes of the file.

        Raises:
            DocumentReadError: The file cannot become a document.
            ChildCrashedError: The child died of it.
            ChildTimeoutError: The child made no progress within the time limit.
            ReadCancelledError: `cancel` or `closing` was set.
        """
        check_size(name, len(data))
        stops = (self._closing, cancel) if cancel else (self._closing,)
        if any(stop.is_set() for stop in stops):
            raise ReadCancelledError
        process = self._running()
        seconds = self._time_limit + SECONDS_PER_MEGABYTE * (len(data) // 1_000_000)
        with _Watch(process, seconds, stops) as watch:
            answer = _converse(process, {"job": job, "name": name}, data, watch)
        if answer is None:
            code = self._end()
            raise watch.reason(name, seconds) or _crashed(name, code)
        header, payload = answer
        if header.get("answer") == "refused":
            raise DocumentReadError(header["template"], **header["fields"])
        return decode_document(payload)

    def close(self) -> None:
        """End the child."""
        self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
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


class _Watch:
    """Kills a child that makes no progress or is not wanted any more; one thread for the time of one job."""

    def __init__(self, process: subprocess.Popen[bytes], time_limit: float, stops: Sequence[threading.Event]) -> None:
        self._process = process
        self._time_limit = time_limit
        self._stops = stops
        self._done = threading.Event()
        self._progressed = time.monotonic()
        self._cancelled = self._late = False
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

    def reason(self, name: str, time_limit: float) -> Exception | None:
        """Return why the child was killed, or None where it was not."""
        if self._cancelled:
            return ReadCancelledError()
        if self._late:
            template = "“{file}” was given up after {seconds} s without progress: split it, or save it as plain text."
            return ChildTimeoutError(template, file=name, seconds=f"{time_limit:g}")
        return None

    def _run(self) -> None:
        while not self._done.wait(_POLL):
            self._cancelled = any(stop.is_set() for stop in self._stops)
            self._late = time.monotonic() - self._progressed > self._time_limit
            if self._cancelled or self._late:
                self._process.kill()
                return


def _converse(
    process: subprocess.Popen[bytes], header: dict[str, Any], data: bytes, watch: _Watch
) -> tuple[dict[str, Any], bytes] | None:
    """Send the job and return the last answer, or None where the child ended without one."""
    try:
        write_frame(_pipe(process.stdin), header, data)
        while (frame := read_frame(_pipe(process.stdout))) is not None:
            watch.progressed()
            if frame[0].get("answer") != "progress":
                return frame
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


def _crashed(name: str, code: int) -> ChildCrashedError:
    template = "Reading “{file}” broke the reader (code {code}): save it again as plain UTF-8 text and import that."
    return ChildCrashedError(template, file=name, code=code)


def _pipe(stream: Any) -> BinaryIO:
    assert stream is not None
    return stream
