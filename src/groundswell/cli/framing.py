"""``new``: frame the problem."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from groundswell.cli.base import app, clean, err, out, table
from groundswell.core.errors import InputError

if TYPE_CHECKING:
    from groundswell.frame import PlainQuestion, ProjectConfig


@app.command()
def new(
    name: Annotated[Path | None, typer.Argument(help="The folder to make.")] = None,
    template: Annotated[str | None, typer.Option("--template", "-t", help="Start from a template; see --list.")] = None,
    override: Annotated[
        str, typer.Option(help="Why to go on although the frame asks for what labels cannot support; recorded.")
    ] = "",
    list_templates: Annotated[bool, typer.Option("--list", help="List the templates and stop.")] = False,
) -> None:
    """Frame a problem: the question, the labels, what counts as success, who could be harmed.

    In a terminal it asks plain questions; otherwise name a template.
    """
    from groundswell import frame, project

    if list_templates:
        rows = [(key, clean(frame.template(key).frame.purpose)) for key in frame.TEMPLATES]
        out.print(table("", ("template", "for"), rows))
        return
    if name is None:
        raise InputError("The project needs a name", hint="groundswell new NAME --template TEMPLATE; see --list")
    config = None
    if template is None:
        if not sys.stdin.isatty():
            raise InputError("There is no terminal to ask in", hint="Name a template with --template; see --list")
        config = _interview(name)
    with project.new(name, template=template, config=config, override=override) as made:
        out.print(Text(f"{made.name} is framed in {name}/groundswell.toml", style="bold"))
        _explain(made.frame.task, made.frame.task_why, made.frame.metrics)
        for warning in made.frame.warnings:
            out.print(Text(f"Going on against a warning: {warning}"))
        out.print(Text(f"\nNext: groundswell collect FILES -C {name}"))


def _interview(name: Path) -> ProjectConfig:
    from groundswell import frame

    answers: dict[str, str] = {}
    for question in frame.questions_to_ask():
        if question.applies(answers):
            answers[question.key] = _asked(question)
            out.print()
    return frame.from_answers(name.name, answers)


def _asked(question: PlainQuestion) -> str:
    out.print(Text(question.text, style="bold"))
    if question.help:
        out.print(Text(question.help, style="dim"))
    for i, option in enumerate(question.choices, start=1):
        out.print(Text(f"  {i}  {option.text}"))
    while True:
        typed = str(typer.prompt("", default=question.default, prompt_suffix="> ", show_default=bool(question.default)))
        try:
            return question.check(typed)
        except InputError as e:
            err.print(str(e), markup=False)


def _explain(task: str, why: str, metrics: tuple[str, ...]) -> None:
    if task:
        out.print(Text(f"Kind of task: {task}. {why}"))
    if metrics:
        out.print(Text(f"Measured by: {', '.join(metrics)}"))
