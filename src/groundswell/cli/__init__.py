"""The commands. Each calls :class:`groundswell.project.Project` and shows what comes back; there is no logic here."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from groundswell.cli import data as data
from groundswell.cli import framing as framing
from groundswell.cli import labels as labels
from groundswell.cli import modelling as modelling
from groundswell.cli import status as status
from groundswell.cli import walk as walk
from groundswell.cli.base import app, err
from groundswell.core.errors import BadRowsError, GroundswellError

__all__ = ["app", "main"]

_SHOWN_ROWS = 20


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. User input never meets a traceback: one line, and exit code 2."""
    import typer

    try:
        code = app(args=arguments, standalone_mode=False)
    except typer.Exit as e:
        sys.exit(e.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        err.print("Stopped.")
        sys.exit(130)
    except typer.TyperException as e:
        said = e.format_message() if hasattr(e, "format_message") else str(e)
        err.print(f"error: {said}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    except GroundswellError as e:
        err.print(f"error: {e}", markup=False, highlight=False, soft_wrap=True)
        for row, reason in e.rows[:_SHOWN_ROWS] if isinstance(e, BadRowsError) else ():
            err.print(f"  row {row}: {reason}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(e.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as e:
        where = f"{e.filename}: " if e.filename else ""
        err.print(f"error: {where}{e.strerror or e}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)
