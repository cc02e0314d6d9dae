"""The child process in which the bytes of a PDF, a Word file or a page of HTML are taken apart.

`detente.reading._bounded` starts this file as a script, gives it a kind and a limit on memory, and
the bytes on standard input; the answer is JSON on standard output. The packages that know the
formats are large and were not written for files made to harm, so they run here: with limited
memory, and with no way to a network or to another program. Nothing of detente is imported, as that
would take longer than most documents.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

_REFUSED_EVENTS = (
    *("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"),
    *("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn"),
)
_DAMAGED = "it is damaged or cut short"
_REMEDY = "open it, save it anew, or give its text as a .txt file"


def _refuse_to_reach_out(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _REFUSED_EVENTS:
        raise PermissionError(f"{event}: a document may reach nothing outside itself")


def _limit_memory(most: int) -> None:
    if sys.platform != "win32":  # which has no such limits
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def take_apart(kind: str, raw: bytes) -> dict[str, Any]:
    """Return the lines of a document and what it says of itself, or why it is refused.

    Parameters
    ----------
    kind : str
        ``pdf``, ``word`` or ``html``: the module of this folder that knows it.
    raw : bytes
        The file.

    Returns
    -------
    dict
        ``lines``, a list of ``[role, text]``, ``known`` and ``notes``; or ``refused``, a message
        with its remedy.
    """
    try:
        answer: dict[str, Any] = import_module(
            f"{__package__ or ''}._{kind}".lstrip(".")
        ).take_apart(raw)
    except ImportError as error:
        return {
            "refused": f"reading it needs a package ({error}); install detente with the extra "
            "`reading`"
        }
    except MemoryError:
        return {"refused": f"it takes more memory than a document may; {_REMEDY}"}
    except RecursionError:
        return {"refused": f"its parts are nested too deep; {_REMEDY}"}
    except Exception as error:  # whatever a package makes of bytes that no program should write
        return {"refused": f"{_DAMAGED} ({type(error).__name__}); {_REMEDY}"}
    return answer


def main() -> None:
    """Answer once."""
    kind, most = sys.argv[1:3]
    _limit_memory(int(most))
    sys.addaudithook(_refuse_to_reach_out)
    answers, sys.stdout = sys.stdout, sys.stderr  # what a package prints is no answer
    json.dump(take_apart(kind, sys.stdin.buffer.read()), answers)
    answers.flush()


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parent)
    main()
