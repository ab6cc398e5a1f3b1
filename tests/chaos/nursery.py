"""Run as a program: it has loaded the product once and forks processes of it, which takes a tenth of a new start.

Each line on standard input is a child to be: its words, environment, log and where its exit code goes. The answer is
its process number. A child is the product's own ``okr`` from there on, in a process group of its own; it dies with us.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Until standard input closes."""
    _load()
    libc = ctypes.CDLL(None)
    # The kernel takes away whoever has ended, children of children too.
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()  # what is loaded stays as it is, so that children share its memory
    print("ready", flush=True)
    for line in sys.stdin:
        wanted = json.loads(line)
        pid = os.fork()
        if pid == 0:
            libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
            _become(wanted["words"], wanted["environment"], Path(wanted["log"]), Path(wanted["code"]))
        os.setpgid(pid, pid)  # here, so that the group is there before anybody asks for it
        print(pid, flush=True)


def _load() -> None:
    """Everything that the commands import when they run; nothing is opened."""
    for name in ("connector.migrations", "sync.commands", "sync.worker", "web.app", "web.cli.main", "web.cli.serve"):
        import_module(name)


def _become(words: list[str], environment: dict[str, str], log: Path, code: Path) -> NoReturn:
    from web.cli.main import main as okr

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for number, source in ((0, os.open(os.devnull, os.O_RDONLY)), (1, out), (2, out)):
        os.dup2(source, number)
    sys.stdin, sys.argv = open(0, closefd=False), ["okr", *words]  # noqa: SIM115
    ended = 1
    try:
        okr()
        ended = 0
    except SystemExit as error:
        ended = error.code if isinstance(error.code, int) else int(error.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        code.write_text(str(ended))
        os._exit(ended)


if __name__ == "__main__":
    main()
