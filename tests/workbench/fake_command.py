"""A command that counts slowly, saves what it has when it is stopped, and goes on from there."""

from __future__ import annotations

import sys
import time
from pathlib import Path


def run(store: Path, total: int, pause: float) -> int:
    done = int(store.read_text()) if store.exists() else 0
    try:
        while done < total:
            time.sleep(pause)
            done += 1
            print(f"counting: {done} of {total}, 0 failed", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        store.write_text(str(done))
        print(f"stopped after {done}", file=sys.stderr)
        return 130
    print(f"counted {done}")
    return 0


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
