"""JSON bodies, read strictly: what two parsers could read differently is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, NoReturn, get_type_hints

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from groundswell.core.errors import InputError

MAX_DEPTH = 32
MAX_INTEGER = 2**63
LONG_BODY = 32_768
JSON = "application/json"


def parse_json(body: bytes) -> Any:
    """The value of a JSON text.

    Raises
    ------
    InputError
        On anything but UTF-8, on NaN and infinities, numbers too large for 64 bits, duplicate keys, NUL, half a
        surrogate pair, and on values nested deeper than 32.

    Examples
    --------
    >>> parse_json(b'{"a": [1, 2.5]}')
    {'a': [1, 2.5]}
    >>> parse_json(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
    groundswell.core.errors.InputError: body: The key 'a' is given twice
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_integer,
        )
    except UnicodeDecodeError:
        _refuse("The body is not UTF-8")
    except RecursionError:
        _refuse(f"The body is nested deeper than {MAX_DEPTH}")
    except json.JSONDecodeError as e:
        _refuse(f"Not JSON: {e.msg} at character {e.pos}")
    _check(value)
    return value


def _refuse(what: str) -> NoReturn:
    raise InputError(what, where="body") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        _refuse(f"The key '{next(key for key in keys if keys.count(key) > 1)[:80]}' is given twice")
    return found


def _constant(name: str) -> NoReturn:
    _refuse(f"{name} is not a JSON number")


def _float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        _refuse("A number is too large")
    return number


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -MAX_INTEGER <= int(digits) < MAX_INTEGER:
        _refuse("A whole number does not fit 64 bits")
    return int(digits)


def _check(value: Any) -> None:
    """Depth and characters, level by level."""
    level = [value]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for part in level:
            if isinstance(part, str):
                _check_text(part)
            elif isinstance(part, dict):
                for key in part:
                    _check_text(key)
                below.extend(part.values())
            elif isinstance(part, list):
                below.extend(part)
        if not below:
            return
        level = below
    _refuse(f"The body is nested deeper than {MAX_DEPTH}")


def _check_text(text: str) -> None:
    if "\x00" in text:
        _refuse("A text holds a NUL")
    try:
        text.encode()
    except UnicodeEncodeError:
        _refuse("A text holds half a surrogate pair")


class _Parsed(Request):
    """A request whose JSON has been read already."""

    value: Any = None

    async def json(self) -> Any:
        return self.value


def _answering(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """``endpoint`` that returns its answer as bytes.

    The framework would check what was built from types here a second time, and turn it into JSON in a second hop to
    the thread pool: half as much again for a small answer.
    """
    hints = get_type_hints(endpoint)
    adapter = TypeAdapter[Any](hints["return"])

    @wraps(endpoint)
    def answer(*args: Any, **fields: Any) -> Response:
        return Response(adapter.dump_json(endpoint(*args, **fields)), media_type=JSON)

    return answer


class StrictRoute(APIRoute):
    """A route that reads its body strictly, a long one off the event loop, and answers in JSON."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _answering(endpoint), **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, given a request whose body has been read."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            if request.method in ("GET", "HEAD"):
                return await handle(request)
            parsed = _Parsed(request.scope, request.receive)
            body = await parsed.body()
            if len(body) > LONG_BODY:
                parsed.value = await run_in_threadpool(parse_json, body)
            else:
                parsed.value = parse_json(body)
            return await handle(parsed)

        return strictly
