import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import annotator
from annotator.core.errors import DocumentReadError
from annotator.workers.child import TEST_JOBS_VARIABLE
from annotator.workers.pool import ParserPool
from annotator.workers.process import (
    ChildCrashedError,
    ChildTimeoutError,
    ParserProcess,
    ReadCancelledError,
    _environment,
)

TEXT = b"The leaders met on Monday. They agreed to help."


@pytest.fixture
def test_jobs(monkeypatch):
    monkeypatch.setenv(TEST_JOBS_VARIABLE, "1")


@pytest.fixture
def process(test_jobs):
    child = ParserProcess(time_limit=20)
    yield child
    child.close()


def test_a_child_reads_and_splits_sentences(process):
    [document] = process.read("note.md", b"# Title\n\n" + TEXT)
    assert (document.title, document.language, document.format) == ("Title", "en", "markdown")
    sentences = [document.text[start:end] for start, end in document.structure.sentences]
    assert sentences == ["Title", "The leaders met on Monday.", "They agreed to help."]


def test_a_child_is_used_again(process):
    process.read("a.txt", TEXT)
    first = process.process_id
    with pytest.raises(DocumentReadError, match=r"“b\.txt” is empty"):
        process.read("b.txt", b"")
    process.read("c.txt", TEXT)
    assert first is not None and process.process_id == first


def test_a_refusal_keeps_its_template_and_fields(process):
    with pytest.raises(DocumentReadError) as refusal:
        process.read("x.doc", b"Text")
    assert (
        refusal.value.template
        == "“{file}” is {kind}, which cannot be read: save its text as PDF, DOCX, HTML or plain text."
    )
    assert refusal.value.fields == {"file": "x.doc", "kind": "an old Word document"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals.")
def test_a_crash_names_its_signal_and_the_next_job_works(process):
    with pytest.raises(ChildCrashedError) as crash:
        process.read("a.txt", TEXT, job="abort")
    assert crash.value.fields == {"file": "a.txt", "code": -signal.SIGABRT}
    assert process.read("a.txt", TEXT)[0].text == TEXT.decode()


@pytest.mark.parametrize(
    ("job", "message"), [("memory", "needs too much memory"), ("recursion", "is nested too deeply")]
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no limit of memory.")
def test_exhaustion_is_a_refusal(process, job, message):
    with pytest.raises(DocumentReadError, match=f"“a.txt” {message}"):
        process.read("a.txt", TEXT, job=job)


def test_stray_prints_do_not_disturb(process):
    assert process.read("a.txt", TEXT, job="print")[0].text == TEXT.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no limit of files.")
def test_a_child_may_write_no_files(process):
    process.read("a.txt", TEXT)
    limits = f"/proc/{process.process_id}/limits"
    if not os.path.exists(limits):  # noqa: PTH110
        pytest.skip("This system does not show the limits of a process.")
    with open(limits) as lines:  # noqa: PTH123
        assert any(line.split()[:5] == ["Max", "file", "size", "0", "0"] for line in lines)


@pytest.mark.parametrize("job", ["open a file", "open a connection", "start a program"])
def test_a_child_reaches_nothing_outside(process, job):
    with pytest.raises(DocumentReadError, match=r"“a\.txt” made its reader reach for something outside the file"):
        process.read("a.txt", TEXT, job=job)
    assert process.read("a.txt", TEXT)[0].text == TEXT.decode()


def test_a_module_in_the_folder_at_hand_is_not_run(process, tmp_path, monkeypatch):
    (tmp_path / "markdown.py").write_text("raise SystemExit(9)", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert process.read("a.md", TEXT)[0].format == "markdown"


def test_test_jobs_need_their_variable(monkeypatch):
    monkeypatch.delenv(TEST_JOBS_VARIABLE, raising=False)
    child = ParserProcess()
    with pytest.raises(ChildCrashedError) as crash:
        child.read("a.txt", TEXT, job="abort")
    child.close()
    assert crash.value.fields["code"] == 1


def test_hostile_markdown_ends_with_a_message(test_jobs):
    child = ParserProcess(time_limit=1.5)
    with pytest.raises(ChildTimeoutError, match=r"“a\.md” was given up after 1\.5 s without progress"):
        child.read("a.md", b"[" * 20_000)
    assert child.process_id is None
    child.close()


def test_a_large_file_may_take_longer(test_jobs):
    child = ParserProcess(time_limit=1)
    with pytest.raises(ChildTimeoutError, match=r"given up after 4 s"):
        child.read("a.txt", b"x" * 1_500_000, job="sleep")
    child.close()


def test_cancelling_ends_the_child(process):
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    started = time.monotonic()
    with pytest.raises(ReadCancelledError):
        process.read("a.txt", TEXT, cancel=cancel, job="sleep")
    assert time.monotonic() - started < 10
    assert process.read("a.txt", TEXT)[0].text == TEXT.decode()


def test_one_dying_child_fails_its_own_job_only(test_jobs):
    with ParserPool(2, time_limit=20) as pool:
        jobs = ["read", "read", "abort", "read", "read", "abort", "read", "read"]
        futures = [pool.read(f"{place}.txt", TEXT, job=job) for place, job in enumerate(jobs)]
        failed = [place for place, future in enumerate(futures) if future.exception()]
        assert failed == [2, 5]
        assert all(isinstance(futures[place].exception(), ChildCrashedError) for place in failed)


def test_closing_the_pool_ends_every_child(test_jobs):
    pool = ParserPool(2, time_limit=20)
    for future in [pool.read("a.txt", TEXT) for _ in range(8)]:
        future.result()
    children = [process for process in pool._processes if process.process_id is not None]
    assert children and pool.process_ids()
    pool.close()
    assert pool.process_ids() == []


def test_closing_the_pool_gives_up_what_runs(test_jobs):
    pool = ParserPool(1, time_limit=60)
    running, waiting = pool.read("a.txt", TEXT, job="sleep"), pool.read("b.txt", TEXT)
    time.sleep(0.3)
    started = time.monotonic()
    pool.close()
    assert time.monotonic() - started < 10
    assert isinstance(running.exception(), ReadCancelledError)
    assert waiting.cancelled()


def test_a_large_file_never_reaches_a_child():
    child = ParserProcess()
    with pytest.raises(DocumentReadError, match="the limit is 64 MiB"):
        child.read("a.txt", bytes(65 * 1024 * 1024))
    assert child.process_id is None


def test_a_child_imports_neither_window_nor_database():
    script = (
        "import sys, annotator.workers.child, annotator.workers.jobs, annotator.formats.documents.markdown.reader;"
        "print([name for name in ('PySide6', 'peewee', 'sqlite3') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def reaching(code: str, folder: Path) -> str:
    """Return what a guarded process, which finds modules in a folder, says of some code: its exception, or nothing."""
    guarded = f"""
import os, sqlite3, sys
from annotator.workers.guard import guard_process
guard_process()
try:
    {code}
except Exception as error:
    print(type(error).__name__)
"""
    environment = _environment()
    environment["PYTHONPATH"] += os.pathsep + str(folder)
    done = subprocess.run([sys.executable, "-c", guarded], env=environment, capture_output=True, text=True, check=True)
    assert not done.stderr, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "code",
    [
        "open({beside!r})",
        "os.open({own!r}, os.O_RDONLY | os.O_TRUNC)",
        "open({own!r}, 'a')",
        "open('/proc/self/environ')",
        "sqlite3.connect({beside!r})",
        "os.chmod({own!r}, 0o600)",
        "os.kill(os.getpid(), 0)",
        "os.spawnv(os.P_WAIT, sys.executable, ['python'])",
    ],
)
def test_the_guard_refuses(code, tmp_path):
    own = tmp_path / "module.py"
    own.write_text("NUMBER = 1", "utf-8")
    beside = Path(annotator.__file__).parents[1] / "projects" / "x.annodb"
    assert reaching(code.format(beside=str(beside), own=str(own)), tmp_path) == "ReachedOutError"
    assert own.read_text("utf-8") == "NUMBER = 1"


def test_the_guard_lets_the_program_read_its_own_modules(tmp_path):
    (tmp_path / "module.py").write_text("NUMBER = 1", "utf-8")
    assert reaching(f"open({annotator.__file__!r}).close(); import module, xml.dom.minidom", tmp_path) == ""
