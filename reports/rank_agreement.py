"""How alike two orders of the same causes are."""

import math

import numpy as np
from scipy.stats import kendalltau

from reports.current_schema import RankAgreement
from reports.shares import NORMAL_975

FEWEST_CAUSES = 6
#: Variance of Fisher's z of Kendall's tau: this over the number of causes less four.
#: Fieller, Hartley and Pearson, Biometrika 44 (1957) 470-481.
FIELLER = 0.437
#: What rounding may take from a full agreement.
SLACK = 1e-12


def rank_agreement(first: list[float], second: list[float]) -> RankAgreement:
    """Kendall's tau-b of two lists of numbers about the same causes, ties allowed for."""
    causes = len(first)
    if causes < FEWEST_CAUSES or len(set(first)) == 1 or len(set(second)) == 1:
        return RankAgreement(causes, FEWEST_CAUSES, None, None, None, "few")
    tau = float(kendalltau(np.array(first), np.array(second)).statistic)
    if abs(tau) > 1 - SLACK:
        verdict = "alike" if tau > 0 else "opposite"
        return RankAgreement(causes, FEWEST_CAUSES, math.copysign(1, tau), None, None, verdict)
    half = NORMAL_975 * math.sqrt(FIELLER / (causes - 4))
    low, high = math.tanh(math.atanh(tau) - half), math.tanh(math.atanh(tau) + half)
    verdict = "unclear"
    if low > 0:
        verdict = "alike"
    elif high < 0:
        verdict = "opposite"
    return RankAgreement(causes, FEWEST_CAUSES, tau, low, high, verdict)
