"""One thread for linear algebra on long thin arrays.

OpenBLAS splits even short vector operations over threads that wait for one another; L-BFGS on 46,000 weights took
ten times the processor time, and more on a busy machine.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

P = ParamSpec("P")
R = TypeVar("R")


def one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Decorator: BLAS uses one thread while ``function`` runs."""

    @wraps(function)
    def limited(*args: P.args, **kwargs: P.kwargs) -> R:
        with threadpool_limits(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return limited
