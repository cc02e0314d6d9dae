"""How commands end: exit codes 0 done, 1 could not finish, 2 the input is wrong, 130 stopped."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from detente.cli._memory import require_memory
from detente.cli._writing import say
from detente.errors import AnalysisError, InputError
from detente.text import fit_to_print, hidden_character

DONE, UNFINISHED, WRONG_INPUT, STOPPED = 0, 1, 2, 130


class Commands(click.Group):
    """A group whose commands end with a clear line and an exit code, never a traceback."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse arguments that could not be printed as they are, file names too."""
        for argument in args:
            hidden = hidden_character(argument)
            if hidden:
                complain(f"{argument}: {hidden[1]}; take it out, or rename the file")
                ctx.exit(WRONG_INPUT)
        with _ending(ctx), _fitting():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command and turn the errors that detente raises on purpose into exit codes."""
        with _ending(ctx), _fitting():
            require_memory()
            return super().invoke(ctx)


@contextmanager
def _ending(ctx: click.Context) -> Iterator[None]:
    """End with words and an exit code where something goes wrong."""
    try:
        yield
    except InputError as error:
        complain(str(error))
        ctx.exit(WRONG_INPUT)
    except AnalysisError as error:
        complain(str(error))
        ctx.exit(UNFINISHED)
    except KeyboardInterrupt:
        complain("stopped; every file is complete or as it was before")
        ctx.exit(STOPPED)
    except FileExistsError as error:
        complain(f"{error.filename} is a file; give the name of a folder")
        ctx.exit(UNFINISHED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        ctx.exit(UNFINISHED)
    except OSError as error:
        place = error.filename or "writing"
        missing = isinstance(error, FileNotFoundError) and not Path(str(place)).parent.is_dir()
        remedy = "make its folder first" if missing else "make room or choose another place"
        complain(f"{place}: {error.strerror or error}; {remedy}")
        ctx.exit(UNFINISHED)
    except MemoryError:
        complain("out of memory; fewer levels, options or draws need less")
        ctx.exit(UNFINISHED)
    except RuntimeError as error:
        if "no locator available" not in str(error):
            raise
        complain(
            "no folder can be written in which numba could store compiled code; name one with "
            "NUMBA_CACHE_DIR"
        )
        ctx.exit(UNFINISHED)


@contextmanager
def _fitting() -> Iterator[None]:
    """Cut what click's own messages quote."""
    try:
        yield
    except click.UsageError as error:
        raise click.UsageError(fit_to_print(error.format_message()), error.ctx) from None


def complain(words: str) -> None:
    """Print words on the error stream, whatever they quote."""
    with suppress(OSError):  # the exit code says it too
        say(fit_to_print(words), err=True)
