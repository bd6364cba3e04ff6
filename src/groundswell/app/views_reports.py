"""From the project's nouns to the shapes that go over the wire: what is read rather than answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundswell.app import facade_reports as facade
from groundswell.app import schema_reports as schema
from groundswell.app.views import START, Sight, figure
from groundswell.core.finding import Finding


def is_hidden(finding: Finding, sight: Sight) -> bool:
    """Whether a finding would tell about an item that this person is still to answer."""
    return any(sight.hides(item) for item in (finding.item, *finding.others) if item is not None)


def finding_out(finding: Finding, texts: Mapping[str, str]) -> schema.FindingOut:
    """A finding with the beginning of its item's text."""
    return schema.FindingOut(
        check=finding.check,
        severity=finding.severity,
        why=finding.why,
        action=finding.action,
        item=finding.item,
        others=list(finding.others),
        evidence=dict(finding.evidence),
        text=texts.get(finding.item or "", ""),
    )


def release_out(release: facade.Release) -> schema.ReleaseOut:
    """A release; its certificate if it has one."""
    given = release.certificate
    correct = None if given is None else figure(given.correct)
    certificate = None
    if given is not None and correct is not None:
        certificate = schema.CertificateOut(
            sentence=given.sentence, correct=correct, bound=given.bound, n=given.n, method=given.method
        )
    return schema.ReleaseOut(
        name=release.name,
        at=release.at,
        n=release.n,
        certificate=certificate,
        splits=dict(release.splits),
        hash=release.hash,
    )


def model_out(model: facade.ModelReport) -> schema.ModelOut:
    """A trained model."""
    return schema.ModelOut(
        name=model.name,
        release=model.release,
        ladder=[
            schema.RungOut(
                model=rung.model,
                accuracy=figure(rung.accuracy),
                f1=figure(rung.f1),
                against_previous=figure(rung.against_previous),
            )
            for rung in model.ladder
        ],
        weights=[schema.WeightOut(feature=f, label=label, weight=w) for f, label, w in model.weights],
        groups=[
            schema.GroupsOut(
                column=column,
                rows=[schema.GroupRowOut(group=row.group, n=row.n, error=figure(row.error)) for row in rows],
            )
            for column, rows in model.groups.items()
        ],
        card=dict(model.card),
    )


def watch_out(report: facade.WatchReport) -> schema.WatchOut:
    """A model in use."""
    return schema.WatchOut(
        model=report.model,
        n_predictions=report.n_predictions,
        drift=[
            schema.DriftOut(
                what=d.what, test=d.test, statistic=d.statistic, p_value=d.p_value, level=d.level, why=d.why
            )
            for d in report.drift
        ],
        doubtful=[
            schema.DoubtfulOut(text_start=_start(d.input), label=d.label, confidence=d.confidence, at=d.at)
            for d in report.doubtful
        ],
    )


def _start(fields: Mapping[str, Any]) -> str:
    text = fields.get("text")
    shown = text if isinstance(text, str) else ", ".join(f"{name}: {value}" for name, value in fields.items())
    return shown if len(shown) <= START else shown[: START - 1] + "…"


def prediction_out(predicted: facade.Predicted) -> schema.PredictionOut:
    """One prediction."""
    return schema.PredictionOut(
        label=predicted.label,
        confidence=predicted.confidence,
        p=dict(predicted.p),
        because=[schema.Because(feature=feature, weight=weight) for feature, weight in predicted.because],
    )
