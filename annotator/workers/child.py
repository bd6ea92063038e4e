"""The child: reads jobs from stdin, answers on stdout, and holds nothing that a hostile file could want.

The jobs, and their answers before the last one:

- `{"job": "read", "name": …, "password": …}` with a file as payload: any number of `{"answer": "progress", "stage": …}`
  and `{"answer": "document"}` with the document's JSON as payload;
- `{"job": "hold", "document": hash, "password": …}` with a PDF as payload: none;
- `{"job": "picture", "document": hash, "page": from 1, "scale": pixels per point}`: none. Its last answer is
  `{"answer": "picture", "width": …, "height": …, "stride": …, "shared": whether the pixels are in the shared memory}`
  with the pixels (blue, green, red, unused) as payload if they are not, or `{"answer": "unknown"}` where another PDF
  or none is held.

Else it is `{"answer": "end"}`, or `{"answer": "refused", "error": …, "template": …, "fields": …}` where the
file is to blame. Started with the word `pictures`, the child is ready for the last two jobs; else for the first. The
number of the open file that is the shared memory may follow the word.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from mmap import mmap
from typing import Any, BinaryIO

from annotator.core.errors import DocumentReadError, PasswordNeededError
from annotator.workers.drawing import Drawer
from annotator.workers.frames import FrameError, read_frame, write_frame
from annotator.workers.guard import ReachedOutError, guard_process
from annotator.workers.limits import limit_job, limit_process
from annotator.workers.shared_pixels import map_pixels

TEST_JOBS_VARIABLE = "ANNOTATOR_WORKER_TEST_JOBS"
"""Where this variable of the environment is “1”, the child also takes the jobs of `_run_test_job`."""

PICTURES = "pictures"

_THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> None:
    """Serve jobs until stdin ends."""
    for variable in _THREAD_VARIABLES:
        os.environ.setdefault(variable, "1")
    answers = _take_stdout()
    shared = _make_ready()
    limit_process()
    guard_process()
    requests = sys.stdin.buffer
    drawer = Drawer(shared)
    try:
        while (frame := read_frame(requests)) is not None:
            _serve(answers, drawer, *frame)
    except (FrameError, BrokenPipeError):
        sys.exit(1)


def _make_ready() -> mmap | None:
    """Load what the jobs need, while files may still be opened; return the shared memory if there is any."""
    if PICTURES not in sys.argv:
        from annotator.formats.documents.language import load_model

        load_model()
        return None
    import pypdfium2  # noqa: F401

    numbers = sys.argv[sys.argv.index(PICTURES) + 1 :]
    return map_pixels(int(numbers[0])) if numbers else None


def _take_stdout() -> BinaryIO:
    """Return stdout as a stream of our own; what else is printed goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return answers


def _serve(answers: BinaryIO, drawer: Drawer, header: dict[str, Any], payload: bytes) -> None:
    limit_job()
    name = str(header.get("name", ""))
    try:
        match header.get("job"):
            case "read":
                _read(answers, header, name, payload)
            case "hold":
                drawer.hold(str(header["document"]), payload, str(header.get("password", "")))
            case "picture" if not drawer.holds(str(header["document"])):
                write_frame(answers, {"answer": "unknown"})
                return
            case "picture":
                picture, pixels = drawer.draw(int(header["page"]), float(header["scale"]))
                write_frame(answers, {"answer": "picture", **picture}, pixels)
                return
            case job:
                _run_test_job(str(job))
                _read(answers, header, name, payload)
    except DocumentReadError as error:
        _refuse(answers, error)
    except ReachedOutError:
        template = "“{file}” made its reader reach for something outside the file, which was refused: do not trust it."
        _refuse(answers, DocumentReadError(template, file=name))
    except MemoryError:
        _refuse(answers, DocumentReadError("“{file}” needs too much memory: split it and import the parts.", file=name))
    except RecursionError:
        _refuse(answers, DocumentReadError("“{file}” is nested too deeply: save it as plain text.", file=name))
    else:
        write_frame(answers, {"answer": "end"})


def _read(answers: BinaryIO, header: dict[str, Any], name: str, payload: bytes) -> None:
    from annotator.formats.documents.source import SourceFile, encode_document
    from annotator.workers.jobs import read_source

    def report(stage: str) -> None:
        limit_job()
        write_frame(answers, {"answer": "progress", "stage": stage})

    source = SourceFile(name, payload, str(header.get("password", "")), report)
    for document in read_source(source):
        write_frame(answers, {"answer": "document"}, encode_document(document))


def _refuse(answers: BinaryIO, error: DocumentReadError) -> None:
    fields = {key: value if isinstance(value, int | float) else str(value) for key, value in error.fields.items()}
    kind = "password" if isinstance(error, PasswordNeededError) else "refused"
    write_frame(answers, {"answer": "refused", "error": kind, "template": error.template, "fields": fields})


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
        case "open a file":
            open("/etc/hostname").close()  # noqa: PTH123
        case "open a connection":
            socket.create_connection(("127.0.0.1", 9), 1).close()
        case "start a program":
            subprocess.run(["true"], check=False)  # noqa: S607
        case _:
            raise FrameError(f"there is no job {job}")


if __name__ == "__main__":
    main()
