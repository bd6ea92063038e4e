"""The program's entry: a parser child, the window, or a command."""

import sys

COMMANDS = frozenset(
    (
        *("demo", "new", "import", "load", "export", "formats", "list", "show", "tag", "relate", "status"),
        *("correct", "search", "agreement", "adjudicate", "lint", "undo", "redo", "history", "backup", "screenshot"),
        *("report", "about", "releases"),
        *("package", "handin", "merge"),
        *("assign", "round", "people"),
    )
)
"""The commands of `annotator.cli`; any other first word is a project for the window."""


def main() -> int:
    """Run what the arguments ask for and return the exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--worker"]:
        from annotator.workers.child import main as worker

        return worker() or 0
    if arguments[:1] == ["--probe-display"]:
        from annotator.display import probe

        return probe()
    if not arguments or (len(arguments) == 1 and not arguments[0].startswith("-") and arguments[0] not in COMMANDS):
        from annotator.window import open_window

        return open_window(arguments[0] if arguments else None)
    from annotator.cli import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
