"""``believe``, ``ask``, ``label``, ``certify``, ``release``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from groundswell.cli.base import (
    AsJson,
    Folder,
    Host,
    Port,
    QuestionName,
    app,
    clean,
    err,
    figure,
    opened,
    out,
    print_json,
    table,
)
from groundswell.core.abstain import ABSTAIN
from groundswell.core.errors import AnswerError, InputError

if TYPE_CHECKING:
    from groundswell.core.belief import Beliefs
    from groundswell.wiring.desk import Asked

Person = Annotated[str, typer.Option("--of", help="Who answers; else the name you are logged in with.")]


def me() -> str:
    """The name of whoever runs this, as the app would call them."""
    from groundswell.app.access import user_name

    return user_name()


@app.command()
def believe(
    votes: Annotated[
        Path | None, typer.Argument(help="A table of votes: item, source, label. Without: the project.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write beliefs here: .csv, .parquet, .jsonl, also .gz.")
    ] = None,
    sources: Annotated[Path | None, typer.Option(help="A table about the sources: source, kind, saw, group.")] = None,
    items: Annotated[
        Path | None, typer.Option(help="A table of all items, also those without a vote: item, text.")
    ] = None,
    gold: Annotated[Path | None, typer.Option(help="A table of known answers: item, label.")] = None,
    model: Annotated[str, typer.Option(help="Name of the belief model.")] = "default",
    seed: Annotated[int, typer.Option(help="For models that draw at random.")] = 0,
    folder: Folder = None,
    question: QuestionName = None,
    as_json: AsJson = False,
) -> None:
    """From votes to beliefs: the likeliest answer to every item, and how far each source can be trusted."""
    from groundswell import belief

    if votes is None:
        if sources or items or gold:
            raise InputError(
                "--sources, --items and --gold go with a table of votes", hint="groundswell believe votes.csv"
            )
        with opened(folder) as project:
            found = project.believe(question, model=model)
    else:
        found = belief.believe(votes, sources=sources, items=items, gold=gold, model=model, seed=seed)
    if output is not None:
        belief.write(found, output)
        err.print(f"{len(found):,} beliefs written to {output}", markup=False)
    if as_json:
        print_json(_summary(found))
    elif output is None or err.is_terminal:
        _show(found)


def _summary(found: Beliefs) -> dict[str, object]:
    return {
        "model": found.model,
        "items": len(found),
        "balance": {str(k): float(p) for k, p in zip(found.labels, found.prior, strict=True)},
        "sources": [
            {
                "source": r.source.name,
                "kind": r.source.kind,
                "accuracy": r.accuracy,
                "coverage": r.coverage,
                "below_chance": r.below_chance,
            }
            for r in found.reliability
        ],
        "notes": list(found.notes),
    }


def _show(found: Beliefs) -> None:
    counts = {str(label): int((found.codes == k).sum()) for k, label in enumerate(found.labels)}
    out.print(
        Text(
            f"{len(found):,} items by the model '{found.model}': "
            + ", ".join(f"{n:,} {clean(k)}" for k, n in counts.items())
        )
    )
    rows = [
        (
            r.source.name,
            r.source.kind,
            f"{r.accuracy.n:,}",
            f"{r.coverage:.1%}",
            figure(r.accuracy) + (" below chance" if r.below_chance else ""),
        )
        for r in sorted(found.reliability, key=lambda r: -r.accuracy.value)
    ]
    out.print(table("", ("source", "kind", "votes", "coverage", "accuracy"), rows[:50], right=(2, 3)))
    if not found.reliability:
        out.print("Nobody has said anything yet: these are guesses.")
    for note in found.notes:
        out.print(Text(clean(note)))


@app.command()
def ask(
    folder: Folder = None,
    question: QuestionName = None,
    n: Annotated[int, typer.Option("-n", min=1, max=1000, help="How many questions.")] = 10,
    of: Person = "",
    strategy: Annotated[
        str, typer.Option(help="How to choose: auto, margin, least-confident, entropy, typical, random.")
    ] = "auto",
    answer: Annotated[bool, typer.Option("--answer", help="Answer them here, in the terminal.")] = False,
    as_json: AsJson = False,
) -> None:
    """The most useful questions, each with the reason why. `groundswell label` asks them in the browser."""
    with opened(folder) as project:
        person = of or me()
        asked = project.ask(question, of=person, n=n, strategy=strategy)
        if as_json:
            print_json([{"assignment": a.assignment, "item": a.item} for a in asked])
            return
        if not asked:
            out.print("Nothing is left to ask.")
        if not answer:
            for a in asked:
                out.print(Text(clean(a.item.text or a.item.media or str(dict(a.item.meta)))))
                out.print(Text(f"  {a.why}", style="dim"))
            return
        labels = project.question(question).labels
        for a in asked:
            reply = _reply(a, labels)
            if reply is None:
                break
            project.vote(a, answer=reply)


def _reply(asked: Asked, labels: tuple[str, ...]) -> object | None:
    out.print()
    out.print(Text(clean(asked.item.text or asked.item.media or "")))
    out.print(Text(asked.why, style="dim"))
    out.print(Text("  ".join(f"{i} {label}" for i, label in enumerate(labels, 1)) + "  s skip  q stop"))
    while True:
        typed = str(typer.prompt("answer")).strip()
        if typed == "q":
            return None
        if typed == "s":
            return ABSTAIN
        if typed in labels:
            return typed
        if typed.isdecimal() and 1 <= int(typed) <= len(labels):
            return labels[int(typed) - 1]
        err.print(str(AnswerError(f"'{typed}' is not an answer", hint="Type a number, a label, s or q")), markup=False)


@app.command()
def vote(
    item: Annotated[str, typer.Argument(help="The item's id.")],
    answer: Annotated[str, typer.Argument(help="The label.")],
    folder: Folder = None,
    question: QuestionName = None,
    of: Person = "",
    note: Annotated[str, typer.Option(help="A comment.")] = "",
) -> None:
    """Answer one item by its id."""
    with opened(folder) as project:
        receipt = project.answer(question, item=item, person=of or me(), answer=answer, note=note)
        share = ", ".join(f"{clean(k)} {p:.0%}" for k, p in receipt.belief.items())
    out.print(Text(f"On disk. Belief now: {share}"))


@app.command()
def certify(
    folder: Folder = None,
    question: QuestionName = None,
    checks: Annotated[
        int | None, typer.Option(min=1, help="Freeze the labels and draw this many items to check.")
    ] = None,
    prices: Annotated[
        bool, typer.Option("--prices", help="Show how many checks which precision takes, and stop.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """How right the labels are: random checks by people, and an exact bound."""
    from groundswell import release

    if prices:
        rows = [(f"{p.accuracy:.0%}", f"{p.accuracy - p.margin:.0%}", f"{p.checks:,}") for p in release.prices()]
        out.print(table("", ("if the labels are", "to certify at least", "random checks"), rows, right=(2,)))
        return
    with opened(folder) as project:
        found = project.certify(question, checks=checks)
    if as_json:
        print_json(found)
    elif found is None:
        out.print(
            f"{checks:,} items are drawn; answer them with: groundswell label"
            if checks
            else "No checks yet. Draw some with --checks N"
        )
    else:
        out.print(Text(found.sentence))


@app.command()
def release(
    name: Annotated[str, typer.Argument(help="Name of the release, for example v1.")] = "v1",
    folder: Folder = None,
    question: QuestionName = None,
    as_json: AsJson = False,
) -> None:
    """Freeze a labelled dataset: hashed, split, hard and soft labels, a datasheet, the certificate."""
    with opened(folder) as project:
        made = project.release(question, name)
        where = project.path / "releases" / name
    if as_json:
        print_json({"name": name, "folder": where, "hash": made.hash, "items": made.manifest["items"]})
        return
    out.print(Text(f"{made.manifest['items']:,} items are frozen in {where}", style="bold"))
    out.print(
        Text(
            made.certificate.sentence
            if made.certificate
            else "No certificate: no random checks were made (groundswell certify)."
        )
    )


@app.command()
def label(
    folder: Folder = None,
    host: Host = "127.0.0.1",
    port: Port = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = True,
    person: Annotated[
        list[str] | None, typer.Option("--person", help="Print a link for this person too; repeat for more.")
    ] = None,
) -> None:
    """Open the app: label, and look at rules, beliefs, findings, releases and models."""
    from groundswell.cli.serving import serve_project

    with opened(folder) as project:
        serve_project(project, host=host, port=port, browser=browser, people=person or [])
