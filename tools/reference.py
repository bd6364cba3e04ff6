"""Writes docs/reference/ from the code: commands, Python names, settings, interchangeable parts, errors, HTTP routes.

Usage: python tools/reference.py [--check]     (--check writes nothing and fails if a page is out of date)
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import inspect
import pkgutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from docstrings import cell, inline, markdown, summary

import groundswell
from groundswell.core.errors import GroundswellError
from groundswell.core.registry import Registry

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Written by tools/reference.py. Change the code, then run: make reference -->\n\n"


# ---- commands -------------------------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, Any]]:
    """Every command's full name and what Typer knows of it, in the order in which they are defined."""
    import typer.main

    from groundswell.cli import app

    def walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        yield name, command
        for child, inner in getattr(command, "commands", {}).items():
            if not inner.hidden:
                yield from walk(f"{name} {child}", inner)

    yield from walk("groundswell", typer.main.get_command(app))


def parameters(command: Any) -> list[Any]:
    """The arguments and options of a command that are not hidden, without ``--help``."""
    return [p for p in command.params if not p.hidden and p.name != "help"]


def cli_page() -> str:
    """Every command with its arguments and options."""
    out = [
        "# Commands\n",
        "`groundswell COMMAND --help` says the same. Every command works on the project of the current folder, or of a",
        "folder above it, unless it names another. A mistake in the input ends with one line on standard error and",
        "exit code 2; exit code 0 means that everything was done.\n",
    ]
    for name, command in commands():
        out.append(f"## `{name}`\n\n{inline(inspect.cleandoc(command.help or ''))}\n")
        shown = parameters(command)
        arguments = [p for p in shown if p.param_type_name == "argument"]
        options = [p for p in shown if p.param_type_name == "option"]
        usage = [name, *("[OPTIONS]" for _ in options[:1]), *(_usage(p) for p in arguments)]
        out.append("```text\n" + " ".join(usage) + "\n```\n")
        if shown:
            out += ["| | default | |", "|---|---|---|"]
            out += [f"| {_spelled(p)} | {_default(p)} | {cell(inline(p.help or ''))} |" for p in [*arguments, *options]]
            out.append("")
    return "\n".join(out)


def _usage(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name).upper().replace("_", "-") + ("..." if parameter.nargs == -1 else "")
    return name if parameter.required else f"[{name}]"


def _spelled(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{_usage(parameter)}`"
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    value = "" if parameter.is_flag or parameter.is_bool_flag else f" {parameter.metavar or _kind(parameter)}"
    return f"`{names}{value}`"


def _kind(parameter: Any) -> str:
    annotation = parameter.type_descriptor.annotation
    return {int: "NUMBER", float: "NUMBER", Path: "PATH", str: "TEXT"}.get(annotation, "TEXT")


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    if parameter.default in (None, (), []) or callable(parameter.default):
        return ""
    shown = parameter.default
    return "" if shown is False or shown == "" else "yes" if shown is True else f"`{shown}`"


# ---- Python ---------------------------------------------------------------------------------------------------------


def python_page() -> str:
    """Every public name of ``import groundswell``, methods included."""
    out = [
        "# Python\n",
        "```python\nimport groundswell as gs\n```\n",
        "What stands here is everything that `gs` offers. Verbs carry the names of the commands.\n",
    ]
    for name in groundswell.__all__:
        thing = getattr(groundswell, name)
        out.append(f"## `gs.{name}`\n")
        if inspect.isclass(thing):
            out += [f"```py\ngs.{name}{_signature(thing)}\n```\n", markdown(thing) + "\n", *_methods(name, thing)]
        elif inspect.ismodule(thing):
            out += [markdown(thing) + "\n", *_functions(name, thing)]
        elif callable(thing):
            out += [f"```py\ngs.{name}{_signature(thing)}\n```\n", markdown(thing) + "\n"]
        else:
            out.append(markdown(type(thing)) + "\n")
    return "\n".join(out)


def _signature(thing: Any) -> str:
    try:
        signature = inspect.signature(thing)
    except (TypeError, ValueError):
        return "(…)"
    plain = [p.replace(annotation=p.empty) for p in signature.parameters.values() if p.name != "self"]
    return str(signature.replace(parameters=plain, return_annotation=signature.empty)).replace("<factory>", "…")


def _methods(name: str, thing: type) -> Iterator[str]:
    for key, member in vars(thing).items():
        if key.startswith("_"):
            continue
        inner = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if isinstance(member, property):
            yield f"### `{name}.{key}`\n\n{markdown(inner)}\n"
        elif inspect.isfunction(inner):
            bound = getattr(thing, key) if isinstance(member, classmethod) else inner
            yield f"### `{name}.{key}{_signature(bound)}`\n\n{markdown(inner)}\n"


def _functions(name: str, module: Any) -> Iterator[str]:
    for key in getattr(module, "__all__", sorted(vars(module))):
        inner = getattr(module, key)
        if not key.startswith("_") and inspect.isfunction(inner) and inner.__module__.startswith(module.__name__):
            yield f"### `gs.{name}.{key}{_signature(inner)}`\n\n{markdown(inner)}\n"


# ---- interchangeable parts ------------------------------------------------------------------------------------------


def registries() -> list[tuple[str, Registry[Any]]]:
    """Every registry of the package under its address, sorted by what its parts are."""
    found: dict[int, tuple[str, Registry[Any]]] = {}
    folders = [m.name for m in pkgutil.iter_modules(groundswell.__path__, "groundswell.") if m.ispkg]
    for address in [*folders, "groundswell.core.answers"]:
        module = importlib.import_module(address)
        for name, value in vars(module).items():
            if isinstance(value, Registry):
                found.setdefault(id(value), (f"{address}.{name}", value))
    return sorted(found.values(), key=lambda pair: pair[1].kind)


def plugins_page() -> str:
    """Every registry with its parts."""
    out = [
        "# Interchangeable parts\n",
        "Parts of one kind stand in a registry by name; a command or function that takes a name takes any of these.\n",
    ]
    for address, registry in registries():
        out += [f"## {registry.kind[0].upper()}{registry.kind[1:]}\n", f"Registry `{address}`.\n"]
        parts = [(name, _documented(part)) for name, part in registry.items()]
        homes = Counter(part.__module__ for _, part in parts)
        out += ["| name | |", "|---|---|"]
        out += [f"| `{name}` | {cell(_in_a_word(part, homes))} |" for name, part in parts]
        out.append("")
        for name, part in parts:
            body = markdown(part)
            if body and " ".join(body.split()) != _in_a_word(part, homes):
                out.append(f"### `{name}`\n\n{body}\n")
    return "\n".join([*out, *_templates()])


def _templates() -> Iterator[str]:
    from groundswell import frame

    yield "## Template\n\nWhat `groundswell new NAME --template TEMPLATE` begins from.\n"
    yield "| name | kind of task | for |\n|---|---|---|"
    for name in frame.TEMPLATES:
        framed = frame.template(name).frame
        yield f"| `{name}` | {framed.task} | {cell(framed.purpose)} |"
    yield ""


def _documented(part: Any) -> Any:
    """What says what a part does: itself, or the function that it carries."""
    if inspect.isclass(part) or inspect.isfunction(part):
        return part
    held = [getattr(part, field.name) for field in dataclasses.fields(part)] if dataclasses.is_dataclass(part) else []
    return next((value for value in held if inspect.isfunction(value)), type(part))


def _in_a_word(part: Any, homes: Counter[str]) -> str:
    """The first sentence about a part; of a function that has a file to itself, the file's."""
    alone = inspect.isfunction(part) and homes[part.__module__] == 1
    return summary(sys.modules[part.__module__] if alone else part)


# ---- errors ---------------------------------------------------------------------------------------------------------


def errors() -> list[type[GroundswellError]]:
    """Every class of the exception tree, a parent before its children."""

    def walk(kind: type[GroundswellError]) -> Iterator[type[GroundswellError]]:
        yield kind
        for child in sorted(kind.__subclasses__(), key=lambda c: c.__name__):
            yield from walk(child)

    return [kind for kind in walk(GroundswellError) if kind.__module__.startswith("groundswell.")]


def errors_page() -> str:
    """The exception tree."""
    out = [
        "# Errors\n",
        "Whatever a user can cause or mend is raised as one of these, from `groundswell.core.errors`. Each says what",
        "is wrong (`what`), where (`where`) and how to mend it (`hint`). A command shows them as one line and ends",
        "with the exit code; the app answers with a status of the 400s and the same three fields.\n",
        "| class | is a | exit code | |\n|---|---|---|---|",
    ]
    for kind in errors():
        parent = kind.__mro__[1].__name__
        out.append(f"| `{kind.__name__}` | `{parent}` | {kind.exit_code} | {cell(summary(kind))} |")
    return "\n".join([*out, ""])


# ---- all ------------------------------------------------------------------------------------------------------------


def pages() -> dict[str, str]:
    """Every page of the reference by its file name."""
    from http_pages import http_page
    from settings_page import settings_page

    made = {
        "cli.md": cli_page(),
        "python.md": python_page(),
        "settings.md": settings_page(),
        "parts.md": plugins_page(),
        "errors.md": errors_page(),
        "http.md": http_page(),
    }
    return {name: NOTE + text.rstrip() + "\n" for name, text in made.items()}


def main() -> int:
    """Write the pages, or say which are out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = []
    for name, text in pages().items():
        path = FOLDER / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    print(f"{'out of date' if check else 'written'}: {', '.join(stale) or 'nothing'}")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
