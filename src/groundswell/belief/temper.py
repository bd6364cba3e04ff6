r"""Tempering: how much n votes on one item are really worth.

EM takes votes for independent given the truth. They are not: items differ in difficulty, and sources share errors.
On 38 real vote sets one law made both crowds' and language models' certainty honest: n votes are worth about
:math:`n^{0.3}`, so that an item's posterior is taken to the power :math:`n^{-e}` with e = 0.7.

Where votes *are* independent that would hide what is known. Dependence shows in the residuals: with
:math:`r_v = [y_v = k] - \theta_{s_v k k}` and :math:`\sigma_v` its standard deviation under the fit,

.. math:: \rho = \frac{\sum_i \sum_{u \ne v} r_u r_v}{\sum_i \sum_{u \ne v} \sigma_u \sigma_v}

(averaged over the posterior of the truth k) is zero for independent votes, and .02 to .2 in real sets. e grows with
it from 0 at ρ = .006 to .7 at ρ = .017 (.004 to .010 where ρ is more than four standard errors from 0). Rules and
language models share errors that no residual shows: where they cast most of the votes, e is .7.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from groundswell.belief import em
from groundswell.belief.groups import Groups
from groundswell.core.votes import Floats

Codes: TypeAlias = npt.NDArray[np.signedinteger[Any]]

UNSURE, SURE = (0.006, 0.017), (0.004, 0.010)
"""Correlations at which e leaves 0 and reaches its most; lower ones where the correlation is clearly not chance."""
CLEAR = 4.0
"""Standard errors."""
SAMPLE_VOTES = 200_000


def exponent(data: em.Prepared, fitted: em.Fitted, groups: Groups, most: float) -> tuple[float, float]:
    """The exponent e in [0, ``most``] and the residual correlation ρ behind it."""
    if data.n_votes > 2 * SAMPLE_VOTES:
        data = data.sample(SAMPLE_VOTES)
    rho, error = residual_correlation(data, fitted, groups)
    low, high = SURE if rho > CLEAR * error else UNSURE
    return most * float(np.clip((rho - low) / (high - low), 0.0, 1.0)), rho


def residual_correlation(data: em.Prepared, fitted: em.Fitted, groups: Groups) -> tuple[float, float]:
    """ρ as above and its standard error over items.

    Only pairs of different groups count; within a group sharing errors is expected and already discounted.
    """
    posterior = em.posterior(data, fitted.table, fitted.log_prior)
    rows = fitted.counts.transpose(0, 2, 1)
    right = (np.einsum("skk->sk", rows) + 0.5) / (rows.sum(2) + 1.0)
    item = np.repeat(np.arange(data.n_items), np.diff(data.starts))
    pair = item * (groups.block.max(initial=0) + 1) + groups.block[data.source]
    unit, at = np.unique(pair, return_inverse=True)
    unit_item = unit // (groups.block.max(initial=0) + 1)
    weight = groups.weight[data.source]
    top, bottom = np.zeros(data.n_items), np.zeros(data.n_items)
    for k in range(data.n_labels):
        residual = (data.label == k) - right[data.source, k]
        spread = np.sqrt(np.maximum(right[data.source, k] * (1 - right[data.source, k]), 1e-9))
        q = posterior[:, k]
        top += _off_diagonal(weight * residual, at, unit_item, q)
        bottom += _off_diagonal(weight * spread, at, unit_item, q)
    total = float(bottom.sum())
    if total <= 0:
        return 1.0, 0.0
    rho = float(top.sum()) / total
    return rho, float(np.sqrt(((top - rho * bottom) ** 2).sum())) / total


def _off_diagonal(values: Floats, at: Codes, unit_item: Codes, q: Floats) -> Floats:
    """Per item, weighted by q: (sum over units)² − sum over units of squares."""
    units = np.bincount(at, values, minlength=len(unit_item))
    sums = np.bincount(unit_item, units, minlength=len(q))
    squares = np.bincount(unit_item, units**2, minlength=len(q))
    return np.asarray(q * (sums**2 - squares))
