"""What every run over many draws shares: seeds, workers, failures and files of chunks."""

from detente.engine._abreast import share_out, side_by_side
from detente.engine._backend import Backend, Run
from detente.engine._beside import names_beside
from detente.engine._chunk_file import (
    Chunk,
    ChunkFile,
    create_file,
    go_on,
    is_of,
    open_file,
)
from detente.engine._failures import FAILURES, reason_of
from detente.engine._file_kind import FileKind, Heading, VisibleText
from detente.engine._run import Progress, cut_pieces, map_tasks, run_tasks, start_workers
from detente.engine._salvage import salvage_file
from detente.engine._seed import Seed, generator_of, seed_of
from detente.engine._stopping import do_apart, poll, stop_all, stop_flag, stop_when

__all__ = [
    "FAILURES",
    "Backend",
    "Chunk",
    "ChunkFile",
    "FileKind",
    "Heading",
    "Progress",
    "Run",
    "Seed",
    "VisibleText",
    "create_file",
    "cut_pieces",
    "do_apart",
    "generator_of",
    "go_on",
    "is_of",
    "map_tasks",
    "names_beside",
    "open_file",
    "poll",
    "reason_of",
    "run_tasks",
    "salvage_file",
    "seed_of",
    "share_out",
    "side_by_side",
    "start_workers",
    "stop_all",
    "stop_flag",
    "stop_when",
]
