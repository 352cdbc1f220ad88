"""Scores and means of many distributions at once, with their 95 % intervals.

Every function takes counts as an array whose last axis are the bands or values.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from reports.scales import Band, Scale
from reports.shares import NORMAL_975

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

#: What the adjusted Wald interval of an NPS adds: three imaginary respondents.
ADDED_TO_ENDS, ADDED_IN_ALL = 0.75, 3.0
PERCENT = 100.0


def in_bands(counts: npt.NDArray[Any], scale: Scale, bands: tuple[Band, ...]) -> IntArray:
    """Counts by value, summed to bands."""
    columns = [
        counts[..., low - scale.lowest : high - scale.lowest + 1].sum(axis=-1)
        for low, high in bands
    ]
    return np.stack(columns, axis=-1).astype(np.int64)


def score(bands: IntArray, kind: str) -> FloatArray:
    """Score, low and high, stacked on the last axis; counts by band in.

    NPS in points from -100 to 100, every other score as a share. NaN where nobody answered.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return nps(bands) if kind == "nps" else top_share(bands)


def nps(bands: IntArray) -> FloatArray:
    """Net Promoter Score with its adjusted Wald interval.

    Rocks, The American Statistician 70 (2016) 365-372: add 3/4 to detractors and to
    promoters and 3 to all, then take the variance of a difference of two shares of one
    sample. The score itself is the plain one.
    """
    detractors, promoters = bands[..., 0], bands[..., -1]
    total = bands.sum(axis=-1)
    plain = (promoters - detractors) / total
    low_share = (detractors + ADDED_TO_ENDS) / (total + ADDED_IN_ALL)
    high_share = (promoters + ADDED_TO_ENDS) / (total + ADDED_IN_ALL)
    centre = high_share - low_share
    variance = (high_share + low_share - centre**2) / (total + ADDED_IN_ALL)
    half = NORMAL_975 * np.sqrt(variance)
    # The interval is drawn towards 0; a score at an end must not fall out of it.
    low = np.minimum(plain, np.maximum(centre - half, -1.0))
    high = np.maximum(plain, np.minimum(centre + half, 1.0))
    return np.stack([plain, low, high], axis=-1) * PERCENT + 0.0


def top_share(bands: IntArray) -> FloatArray:
    """Share of the last band with its Wilson interval (see shares.wilson_interval)."""
    top, total = bands[..., -1], bands.sum(axis=-1)
    z2 = NORMAL_975**2
    share = top / total
    centre = share + z2 / (2 * total)
    half = NORMAL_975 * np.sqrt(share * (1 - share) / total + z2 / (4.0 * total**2))
    scale = 1 + z2 / total
    low = np.where(top == 0, 0.0, np.minimum(share, np.maximum(0.0, (centre - half) / scale)))
    high = np.where(top == total, 1.0, np.maximum(share, np.minimum(1.0, (centre + half) / scale)))
    return np.stack([share, low, high], axis=-1)


def mean(counts: IntArray, scale: Scale) -> FloatArray:
    """Mean with its t interval, cut to the scale; the interval is NaN for one answer."""
    values = np.arange(scale.lowest, scale.highest + 1)
    total = counts.sum(axis=-1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (counts @ values) / total
        squares = np.maximum(counts @ values**2 - total * middle**2, 0.0)
        freedom = np.where(total > 1, total - 1, np.nan)
        half = stdtrit(freedom, 0.975) * np.sqrt(squares / freedom / total)
    low = np.maximum(middle - half, float(scale.lowest))
    high = np.minimum(middle + half, float(scale.highest))
    return np.stack([middle, low, high], axis=-1)
