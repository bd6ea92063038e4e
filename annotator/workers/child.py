"""The parser child: reads jobs from stdin, answers on stdout, and holds nothing that a hostile file could want.

A job is `{"job": "read", "name": …}` with the file as payload. Answers are any number of `{"answer": "progress"}`, then
`{"answer": "document"}` with the document's JSON as payload, or `{"answer": "refused", "template": …, "fields": …}`.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any, BinaryIO

from annotator.core.errors import DocumentReadError
from annotator.workers.frames import FrameError, read_frame, write_frame
from annotator.workers.limits import limit_job, limit_process

TEST_JOBS_VARIABLE = "ANNOTATOR_WORKER_TEST_JOBS"
"""Where this variable of the environment is “1”, the child also takes the jobs of `_run_test_job`."""

_THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> None:
    """Serve jobs until stdin ends."""
    for variable in _THREAD_VARIABLES:
        os.environ.setdefault(variable, "1")
    answers = _take_stdout()
    _load_model()
    limit_process()
    requests = sys.stdin.buffer
    try:
        while (frame := read_frame(requests)) is not None:
            _serve(answers, *frame)
    except (FrameError, BrokenPipeError):
        sys.exit(1)


def _load_model() -> None:
    from annotator.formats.documents.language import load_model

    load_model()


def _take_stdout() -> BinaryIO:
    """Return stdout as a stream of our own; what else is printed goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return answers


def _serve(answers: BinaryIO, header: dict[str, Any], payload: bytes) -> None:
    limit_job()
    name = str(header.get("name", ""))
    try:
        document = _run(answers, header, name, payload)
    except DocumentReadError as error:
        _refuse(answers, error)
    except MemoryError:
        _refuse(answers, DocumentReadError("“{file}” needs too much memory: split it and import the parts.", file=name))
    except RecursionError:
        _refuse(answers, DocumentReadError("“{file}” is nested too deeply: save it as plain text.", file=name))
    else:
        write_frame(answers, {"answer": "document"}, document)


def _run(answers: BinaryIO, header: dict[str, Any], name: str, payload: bytes) -> bytes:
    if header.get("job") != "read":
        _run_test_job(str(header.get("job")))
    from annotator.formats.documents.source import encode_document
    from annotator.workers.jobs import read_source

    def report(stage: str) -> None:
        write_frame(answers, {"answer": "progress", "stage": stage})

    return encode_document(read_source(name, payload, report))


def _refuse(answers: BinaryIO, error: DocumentReadError) -> None:
    fields = {key: value if isinstance(value, int | float) else str(value) for key, value in error.fields.items()}
    write_frame(answers, {"answer": "refused", "template": error.template, "fields": fields})


def _run_test_job(job: str) -> None:
    if os.environ.get(TEST_JOBS_VARIABLE) != "1":
        raise FrameError(f"there is no job {job}")
    match job:
        case "abort":
            os.abort()
        case "sleep":
            time.sleep(60)
        case "print":
            print("not a frame", flush=True)
            os.write(1, b"not a frame")
        case "memory":
            bytearray(2 * 1024 * 1024 * 1024)
        case "recursion":
            raise RecursionError
        case _:
            raise FrameError(f"there is no job {job}")


if __name__ == "__main__":
    main()
