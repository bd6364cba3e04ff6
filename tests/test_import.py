"""`import groundswell` is quick: what is heavy is imported where it is used."""

from __future__ import annotations

import subprocess
import sys
import time

RUNS = 5
ALLOWED = 0.3
HEAVY = ("numpy", "polars", "scipy", "sklearn", "numba", "sqlalchemy", "fastapi", "pydantic", "rich", "typer", "PIL")


def seconds(code: str) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begin


def test_import_takes_less_than_three_tenths_of_a_second() -> None:
    """The least of several fresh processes, less what Python itself needs to start: noise only adds."""
    bare = min(seconds("pass") for _ in range(RUNS))
    took = min(seconds("import groundswell") for _ in range(RUNS)) - bare
    assert took < ALLOWED, f"import groundswell took {took:.2f} s"


def test_import_brings_nothing_heavy() -> None:
    code = f"import sys, groundswell; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


def test_every_public_name_can_be_had() -> None:
    code = (
        "import groundswell as gs; [getattr(gs, name) for name in gs.__all__]; assert set(gs.__all__) <= set(dir(gs))"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
