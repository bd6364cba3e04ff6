"""Seven classic projects to begin from: each a ``groundswell.toml`` with its comments."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

from groundswell.core.errors import NotFoundError, did_you_mean
from groundswell.frame.config import ProjectConfig

TEMPLATES: tuple[str, ...] = ("photo-tags", "spam", "spam-offensive", "music", "card-fraud", "ad-clicks", "cookies")


def template_text(name: str) -> str:
    """The file of a template, with its comments. Raises :class:`NotFoundError`."""
    if name not in TEMPLATES:
        raise NotFoundError(f"No template '{name}'", hint=did_you_mean(name, TEMPLATES))
    return files(__name__).joinpath(f"{name}.toml").read_text("utf-8")


def template(name: str) -> ProjectConfig:
    """The settings of a template.

    Examples
    --------
    >>> template("spam").frame.task, [question.name for question in template("cookies").questions]
    ('binary', ['cookies', 'whole'])
    """
    from groundswell.frame.reading import parse

    config = parse(template_text(name), f"template {name}")
    return replace(config, frame=replace(config.frame, template=name))
