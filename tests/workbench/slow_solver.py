"""A solver that does what the query of a question says: the desk's counterpart in tests.

``say`` lines, one by one, with ``wait`` seconds before each, of which it leaves off when told to;
``deaf``, it does not; ``die``, the process ends in the middle; ``garbage``, it prints what is no
answer. What begins and what is stopped is noted in the file that it was started with.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs

LOCK = Lock()


def write(line: str) -> None:
    with LOCK:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def note(book: Path, words: str) -> None:
    with LOCK, book.open("a", encoding="utf-8") as file:
        file.write(words + "\n")


def work(question: dict[str, Any], gone: Event, book: Path) -> None:
    number, query = question["id"], parse_qs(question["query"])
    name = query.get("name", ["?"])[0]
    note(book, f"begin {name}")
    if "garbage" in query:
        write("not json\n[1, 2]\n7\nnull\n" + json.dumps({"id": 999_999, "say": "for nobody"}))
    for k in range(int(query.get("say", ["1"])[0])):
        seconds = float(query.get("wait", ["0"])[0])
        if "deaf" in query:
            time.sleep(seconds)
        elif gone.wait(seconds):
            note(book, f"stopped {name}")
            write(json.dumps({"id": number, "end": "stopped"}))
            return
        write(json.dumps({"id": number, "say": f"{name} {k}"}))
        if "die" in query:
            os._exit(3)
    note(book, f"end {name}")
    write(json.dumps({"id": number, "end": "done"}))


def main() -> None:
    """Answer until the input ends."""
    book, gone = Path(sys.argv[1]), dict[int, Event]()
    note(book, f"solver {os.getpid()}")
    for text in sys.stdin:
        question = json.loads(text)
        if "stop" in question:
            gone[question["stop"]].set()
            continue
        gone[question["id"]] = Event()
        Thread(target=work, args=(question, gone[question["id"]], book), daemon=True).start()


if __name__ == "__main__":
    main()
