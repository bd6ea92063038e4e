"""Threads that own parser children: many files at once, and one dying child fails one file only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from annotator.formats.documents.source import ReadDocument
from annotator.workers.process import TIME_LIMIT, ParserProcess


class ParserPool:
    """Reads documents in `jobs` children, which are started when first needed."""

    def __init__(self, jobs: int = 2, command: Sequence[str] | None = None, time_limit: float = TIME_LIMIT) -> None:
        """Take how many children to use, the command that starts one, and the seconds without progress to allow."""
        self._command = command
        self._time_limit = time_limit
        self._executor = ThreadPoolExecutor(jobs, thread_name_prefix="parser")
        self._own = threading.local()
        self._processes: list[ParserProcess] = []
        self._closing = threading.Event()
        self._lock = threading.Lock()

    def read(
        self,
        name: str,
        data: bytes,
        *,
        password: str = "",
        cancel: threading.Event | None = None,
        staged: Callable[[str], None] | None = None,
        job: str = "read",
    ) -> Future[list[ReadDocument]]:
        """Return the documents to come, one or those of a list. Its exceptions are those of `ParserProcess.read`.

        Setting `cancel` ends the child in the middle of its work; the future's own `cancel()` only takes back what has
        not begun.
        """

        def run() -> list[ReadDocument]:
            process = self._own_process()
            return process.read(name, data, password=password, cancel=cancel, staged=staged, job=job)

        return self._executor.submit(run)

    def process_ids(self) -> list[int]:
        """Return the ids of the running children."""
        return [process.process_id for process in self._processes if process.process_id is not None]

    def close(self) -> None:
        """Give up what has not begun and what runs, and end the children."""
        self._closing.set()
        self._executor.shutdown(wait=True, cancel_futures=True)
        for process in self._processes:
            process.close()

    def __enter__(self) -> ParserPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _own_process(self) -> ParserProcess:
        process: ParserProcess | None = getattr(self._own, "process", None)
        if process is None:
            process = self._own.process = ParserProcess(self._command, self._time_limit, self._closing)
            with self._lock:
                self._processes.append(process)
        return process
