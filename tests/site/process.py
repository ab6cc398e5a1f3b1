"""The stand-in site as a process: started until it answers, ended."""

import subprocess
import time
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_START_SECONDS = 60.0


def start_process(command: list[str], log: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The process and its address, once it is ready. What it prints goes to the end of the log.

    RuntimeError with what it printed if it does not start.
    """
    with log.open("ab") as output:
        before = output.tell()
        process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=output, stderr=output)
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        printed = log.read_bytes()[before:].decode()
        if printed.startswith("ready ") and printed.endswith("\n"):
            return process, printed.split()[1]
        if ended:
            break
        time.sleep(0.02)
    process.kill()
    wait_for_end(process)
    raise RuntimeError(f"the stand-in site did not start: {printed}")


def wait_for_end(process: subprocess.Popen[bytes]) -> None:
    """Until the process has ended; TimeoutExpired after ten seconds."""
    process.wait(timeout=10)
    if process.stdin:
        process.stdin.close()
