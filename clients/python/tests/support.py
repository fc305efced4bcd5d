"""Where things are, and the real server."""

import atexit
import json
import socket
import subprocess
import threading
from pathlib import Path
from typing import Dict, Optional

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent
CONFORMANCE = PACKAGE.parent / "conformance"

# Ten times the default deadline and more: what a test waits for comes, however busy the machine is.
PATIENCE = 30.0

TOKEN = "conformance-token"

_lock = threading.Lock()
_server: "Optional[Dict[str, str]]" = None


def server() -> Dict[str, str]:
    """The real server of the conformance cases, started once for all tests: its ``grpc``, ``http`` and ``secret``."""
    global _server
    with _lock:
        if _server is None:
            process = subprocess.Popen([str(CONFORMANCE / "server.sh")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            assert process.stdin is not None and process.stdout is not None
            atexit.register(_stop, process)
            line = process.stdout.readline()
            if not line:
                raise RuntimeError("The server did not start; it says why above.")
            _server = json.loads(line)
        return _server


def _stop(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.close()
    process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Clock:
    """Stands still unless it is moved."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds = 1_000_000.0

    def __call__(self) -> float:
        return self._milliseconds / 1000

    def advance(self, milliseconds: float) -> None:
        with self._lock:
            self._milliseconds += milliseconds


