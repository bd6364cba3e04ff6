"""The default: one model for every mix of sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from groundswell.belief import em, kernel
from groundswell.belief.base import MODELS, BeliefModel, require_votes
from groundswell.belief.calibrate import calibrated
from groundswell.belief.derived import Blend, blend, softmax
from groundswell.belief.explain import Part, parts_of, pushes
from groundswell.belief.groups import discount
from groundswell.belief.models.wawa import Wawa
from groundswell.belief.pooling import Pooling, Treatment, identity_like, pooled_update, treatment
from groundswell.belief.reliability import reliabilities
from groundswell.belief.temper import exponent
from groundswell.core.belief import Beliefs, Push
from groundswell.core.votes import Floats, VoteTable

GOLD_WEIGHT = 4.0
"""How often the votes on an item with a known answer count in learning who is reliable."""
MOST_DRIFT = 0.4
KEPT_BALANCE = 0.5
"""Share of the class balance that tempering leaves alone where the votes call for it in full."""
CALLS_FOR_BALANCE = 3e-3
"""Log-likelihood per vote by which a fit with the full class balance must be better than one with half of it."""
LEAST_GAIN = 20.0
"""The same in all, so that few votes do not decide it by chance."""
MACE_SHARE = 0.3
"""Share of MACE, which has few parameters and does not go astray on few votes."""
PURE = 1e6
"""Pseudo-votes that leave nothing but the simple row."""


@dataclass(frozen=True)
class Member:
    """One of the fits that the default weighs, by ``share``."""

    share: float
    plan: Treatment
    settings: Pooling
    fitted: em.Fitted


@MODELS.register("default")
class Default(BeliefModel):
    r"""Groundswell's own model: people, rules, language models and trained models in one posterior.

    *Sources* are treated by what they are (:mod:`groundswell.belief.pooling`): answering sources by confusion
    matrices drawn to their own accuracy and to their kind; rules by precision; vouched-for sources by their trust.

    *Class balance* enters at half weight, :math:`\pi^{1/2}`, since sources share a lean to the commonest label; in
    full where that makes the votes likelier (by 0.003 nats a vote and 20 in all: classes are truly rare).

    *Few parameters steady many*: the log-evidence is seven parts this and three parts MACE's. If at half weight the
    classes drift away from the votes (Kullback–Leibler divergence of the mean posterior from the vote shares above
    0.4 nats), EM is filling an empty class: confusion, one-coin and precision are averaged then.

    *Groups*: sources that may share errors count for less, by what they agree beyond their skills
    (:mod:`groundswell.belief.groups`).

    *Tempering*: n votes on one item are worth less than n independent ones, so its posterior is taken to the power
    :math:`n^{-e}`, e up to 0.7 by how dependent the votes look (:mod:`groundswell.belief.temper`).

    *Known answers* are clamped, count four times in learning who is reliable, and from 50 on set how certain to be
    (:mod:`groundswell.belief.calibrate`).

    *Derived sources* (models trained on these very beliefs) take no part in the fit and join at the end
    (:mod:`groundswell.belief.derived`).

    Parameters
    ----------
    temper
        Largest exponent e of the tempering :math:`n^{-e}`, 0 (none) to 1.

    Examples
    --------
    >>> from groundswell.belief.simulate import crowd
    >>> votes, truth = crowd(n_items=500, accuracies=[0.9, 0.8, 0.6, 0.6, 0.6], n_labels=2, seed=0)
    >>> beliefs = Default().fit(votes).beliefs()
    >>> print(f"Accuracy: {(beliefs.codes == truth).mean():.1%}")
    Accuracy: 89.8%
    """

    name = "default"

    def __init__(self, temper: float = 0.7, max_iter: int = 50, tol: float = 1e-6, seed: int = 0) -> None:
        self.temper = temper
        self.max_iter = max_iter
        self.tol = tol
        self.seed = seed
        self._calibrates = True
        self._simple: Wawa | None = None

    def fit(self, votes: VoteTable) -> Self:
        """Learn sources and class balance, then temper and join derived sources."""
        self._simple = None
        require_votes(votes)
        self.votes_ = votes
        self.notes_: list[str] = []
        if em.table_size(votes) > em.MAX_TABLE:
            return self._fit_simple(votes)
        self.treatment_ = treatment(votes)
        independent = _without_derived(votes, self.treatment_)
        data = replace(em.prepare(independent), gold_weight=GOLD_WEIGHT)
        self.groups_ = discount(independent)
        self.notes_.extend(self.groups_.notes)
        self.settings_, self.fitted_ = self._fit_chosen(data, self.treatment_)
        self._finish(votes, data)
        return self

    def _fit_simple(self, votes: VoteTable) -> Self:
        """Weighted voting, where confusion matrices would not fit in memory."""
        self._simple = Wawa().fit(votes)
        self.notes_.append(
            f"{votes.n_labels:,} labels and {votes.n_sources:,} sources are too many for confusion matrices: "
            "votes are weighed by their source's agreement with the majority."
        )
        self.probabilities_ = self._simple.predict_proba()
        return self

    def _fit_chosen(self, data: em.Prepared, plan: Treatment) -> tuple[Pooling, em.Fitted]:
        """Choose the members on (a sample of) the votes, fit them on all, and average if there are several."""
        large = data.n_votes > em.LARGE
        small = data.sample(em.SAMPLE_VOTES) if large else data
        members = self._choose(small, plan)
        if large:
            scale = data.n_votes / max(small.n_votes, 1)
            for at, m in enumerate(members):
                start = (m.fitted.counts * scale, m.fitted.balance * scale)
                members[at] = replace(m, fitted=self._run(data, m.plan, m.settings, start))
        first = members[0]
        if len(members) == 1:
            return first.settings, first.fitted
        shares = [member.share for member in members]
        table = np.average([member.fitted.table for member in members], axis=0, weights=shares)
        log_prior = np.average([member.fitted.log_prior for member in members], axis=0, weights=shares)
        counts, balance, log_likelihood = em.one_pass(data, table, log_prior)
        return first.settings, em.Fitted(table, log_prior, counts, balance, first.fitted.n_iter, log_likelihood)

    def _choose(self, data: em.Prepared, plan: Treatment) -> list[Member]:
        """Half weight for the class balance, full where the votes call for it, a committee if the classes drift."""

        def member(share: float, settings: Pooling, plan: Treatment = plan) -> Member:
            return Member(share, plan, settings, self._run(data, plan, settings))

        half, full = Pooling(), Pooling(weight=1.0)
        plain = member(1 - MACE_SHARE, half)
        if data.n_votes and plan.one_sided[data.source].mean() > 0.5:  # a precision is no likelihood to compare by
            return [plain]
        weighed = member(1 - MACE_SHARE, full)
        gain = likelihood(data, weighed.fitted) - likelihood(data, plain.fitted)
        if gain > max(CALLS_FOR_BALANCE * data.n_votes, LEAST_GAIN):
            return [weighed, member(MACE_SHARE, replace(full, own=PURE, kind=0.0))]
        if drift(plain.fitted.balance, em.start_counts(data)[1]) <= MOST_DRIFT:
            return [plain, member(MACE_SHARE, replace(half, weight=0.0, own=PURE, kind=0.0))]
        self.notes_.append("A class is hardly ever voted for: three models are averaged.")
        rules = replace(plan, one_sided=np.ones_like(plan.one_sided))
        return [weighed, member(0.7, replace(full, own=PURE, habits=False)), member(0.7, half, rules)]

    def _run(
        self, data: em.Prepared, plan: Treatment, settings: Pooling, start: tuple[Floats, Floats] | None = None
    ) -> em.Fitted:
        update = pooled_update(plan, settings, data.n_labels)
        tol = self.tol if start is None else max(self.tol, em.LOOSE)
        if not self.groups_.any:
            return em.run(data, update, max_iter=self.max_iter, tol=tol, start=start)
        weight = self.groups_.weight[:, None, None]

        def discounted(counts: Floats, balance: Floats) -> tuple[Floats, Floats]:
            table, log_prior = update(counts, balance)
            return table * weight, log_prior

        if start is None:
            first = np.log(identity_like(data.n_labels, 0.7)) * weight
            start = em.one_pass(data, first, np.zeros(data.n_labels))[:2]
        return em.run(data, discounted, max_iter=self.max_iter, tol=tol, start=start)

    def _finish(self, votes: VoteTable, data: em.Prepared) -> None:
        """Temper what is not vouched for, then add what is, and derived sources."""
        fitted, plan = self.fitted_, self.treatment_
        known = plan.known
        table = fitted.table
        if known.any():
            table = table.copy()
            table[known] = 0.0
        probabilities = em.posterior(replace(data, gold=data.gold[:0]), table, fitted.log_prior)
        balance = fitted.balance + 0.5
        self.prior_ = balance / balance.sum()
        self.power_ = self._powers(votes, data)
        evidence = np.maximum(probabilities, 1e-300, out=probabilities)  # in place: this is the largest array
        np.log(evidence, out=evidence)
        evidence *= self.power_[:, None]
        if self.settings_.weight == 1.0:
            evidence += KEPT_BALANCE * (1.0 - self.power_[:, None]) * np.log(self.prior_)
        self.blend_: Blend = blend(votes, plan, evidence, fitted.table, self.power_, self.prior_)
        self.notes_.extend(self.blend_.notes)
        self.probabilities_ = self.blend_.probabilities
        self.scale_ = calibrated(votes, self._refit, self.seed) if self._calibrates else None
        if self.scale_ is not None:
            self.probabilities_ = softmax(self.scale_.apply(np.log(np.maximum(self.probabilities_, 1e-12))))
        if votes.gold is not None:
            rows = np.flatnonzero(votes.gold >= 0)
            self.probabilities_[rows] = np.eye(votes.n_labels)[votes.gold[rows]]

    def _refit(self, votes: VoteTable) -> Floats:
        """The posterior of ``votes`` without calibration."""
        other = Default(**self.get_params())
        other._calibrates = False
        return other.fit(votes).predict_proba()

    def _powers(self, votes: VoteTable, data: em.Prepared) -> Floats:
        """``(n_items,)``: the power of each item's posterior, by how many votes it has and how dependent they are."""
        e, self.residual_correlation_ = exponent(data, self.fitted_, self.groups_, self.temper)
        counted = np.where(self.treatment_.known | self.treatment_.derived, 0.0, self.groups_.weight)
        spoken = counted * np.bincount(votes.source, minlength=votes.n_sources)
        machines = self.treatment_.one_sided | np.array([info.kind == "llm" for info in votes.sources], bool)
        if spoken[machines].sum() > 0.5 * spoken.sum():
            e = self.temper  # rules and language models share errors that no residual shows
        n = np.empty(votes.n_items)
        kernel.weigh(votes.starts(), votes.source, counted, n)
        return np.asarray(np.maximum(n, 1.0) ** -e)

    def predict_proba(self) -> Floats:
        """``(n_items, n_labels)``, rows sum to 1."""
        return self.probabilities_

    def beliefs(self) -> Beliefs:
        """The posterior with its reasons."""
        if self._simple is not None:
            return replace(
                self._simple.beliefs(), model=self.name, notes=tuple(self.notes_), settings=self.get_params()
            )
        return Beliefs(
            items=self.votes_.items,
            labels=self.votes_.labels,
            probabilities=self.probabilities_,
            prior=self.prior_,
            reliability=reliabilities(self.votes_, self.probabilities_),
            model=self.name,
            notes=tuple(self.notes_),
            settings=self.get_params() | {"balance_weight": self.settings_.weight},
            explainer=self._explain,
        )

    def _explain(self, row: int) -> list[Push]:
        votes, plan, power = self.votes_, self.treatment_, float(self.power_[row])
        first = int(np.searchsorted(votes.item, row))
        found = []
        for v, part in enumerate(parts_of(votes, row, self.fitted_.table), start=first):
            s = int(votes.source[v])
            if plan.derived[s]:
                evidence = self.blend_.evidence(votes, v)
            else:
                evidence = part.evidence * (1.0 if plan.known[s] else power)
            found.append(Part(part.source, part.vote, evidence))
        prior = self.fitted_.log_prior * power
        if self.scale_ is not None:
            found = [part._replace(evidence=part.evidence * self.scale_.t) for part in found]
            prior = prior * self.scale_.t + self.scale_.b
        return pushes(votes.labels, found, prior)


def drift(balance: Floats, votes: Floats) -> float:
    """Kullback–Leibler divergence of the mean posterior from the vote shares, in nats.

    Examples
    --------
    >>> round(drift(np.array([50.0, 50.0]), np.array([90.0, 10.0])), 2)
    0.51
    """
    p = (balance + 1e-12) / (balance + 1e-12).sum()
    q = votes / max(votes.sum(), 1e-12) + 1e-3
    return float((p * np.log(p / (q / q.sum()))).sum())


def likelihood(data: em.Prepared, fitted: em.Fitted) -> float:
    """Log-likelihood of the votes with the class balance in full, whatever weight it had in the fit."""
    log_prior = np.log((fitted.balance + 1.0) / (fitted.balance + 1.0).sum())
    return em.one_pass(data, fitted.table, log_prior)[2]


def _without_derived(votes: VoteTable, plan: Treatment) -> VoteTable:
    """The votes of independent sources."""
    if not plan.derived.any():
        return votes
    keep = ~plan.derived[votes.source]
    return replace(
        votes,
        item=votes.item[keep],
        source=votes.source[keep],
        label=votes.label[keep],
        soft=None if votes.soft is None else votes.soft[keep],
    )
