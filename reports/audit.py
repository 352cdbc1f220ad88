"""What share of all statements names a cause, corrected by a random audit.

The tagger's word is known for all statements, a person's for a simple random sample of them
(the audit). The tagger alone is biased, the sample alone is small. The *difference estimator*
joins both: the tagger's share plus the mean difference between person and tagger in the sample,

    share = w * mean of f over all + mean of (y - w * f) over the sample,

with f = 1 where the tagger names the cause, y = 1 where the person does. It is unbiased for
any fixed w, however bad the tagger: Särndal, Swensson and Wretman, Model Assisted Survey
Sampling (1992), 6.3; as "prediction-powered inference" Angelopoulos et al., Science 382 (2023)
669-674. w is the regression coefficient of y on f, kept in 0..1, as Angelopoulos, Duchi and
Zrnic (2023, arXiv 2311.01453) tune it; where the sample is small w = 0, the plain sample.

The variance is that of y - w * f in the sample, with the finite population correction and one
difference more than was seen (no errors among n read does not mean none). The interval is the
one of Korn and Graubard (Survey Methodology 24, 1998, 193-201): Clopper-Pearson at the
effective sample size share * (1 - share) / variance, which holds for small shares as well.
"""

from dataclasses import dataclass

from scipy.stats import beta

CONFIDENCE = 0.95
#: With fewer read, or fewer suggestions among them, the tagger's word is not used.
FEWEST_FOR_WEIGHT, FEWEST_SUGGESTED = 40, 5


@dataclass(frozen=True)
class AuditCells:
    """Counts for one cause: of ``statements`` the tagger ``suggested`` it for so many; among the
    ``read`` of the audit both named it, only the person, or only the tagger."""

    statements: int
    suggested: int
    read: int
    both: int
    person: int
    tagger: int


@dataclass(frozen=True)
class Corrected:
    """The corrected share with its 95 % interval, and the tagger's uncorrected one."""

    share: float
    low: float
    high: float
    uncorrected: float


def correct(cells: AuditCells) -> Corrected | None:
    """The corrected share, ``None`` where nothing of the audit is read."""
    if not cells.read or not cells.statements:
        return None
    uncorrected = cells.suggested / cells.statements
    weight = _weight(cells)
    neither = cells.read - cells.both - cells.person - cells.tagger
    differences = (
        (cells.both, 1.0 - weight),
        (cells.person, 1.0),
        (cells.tagger, -weight),
        (neither, 0.0),
    )
    mean = sum(number * value for number, value in differences) / cells.read
    spread = sum(number * (value - mean) ** 2 for number, value in differences)
    share = min(1.0, max(0.0, weight * uncorrected + mean))
    left = 1 - cells.read / cells.statements
    variance = (spread + 1.0) / max(cells.read - 1, 1) / cells.read * left
    low, high = _interval(share, variance, cells)
    return Corrected(share, low, high, uncorrected)


def _weight(cells: AuditCells) -> float:
    """The regression coefficient of the person's word on the tagger's."""
    suggested = cells.both + cells.tagger
    if cells.read < FEWEST_FOR_WEIGHT or suggested < FEWEST_SUGGESTED or suggested == cells.read:
        return 0.0
    named = (cells.both + cells.person) / cells.read
    share = suggested / cells.read
    covariance = cells.both / cells.read - named * share
    return min(1.0, max(0.0, covariance / (share * (1 - share))))


def _interval(share: float, variance: float, cells: AuditCells) -> tuple[float, float]:
    if variance <= 0:
        return share, share  # everything is read
    # A share of 0 or 1 has no variance of its own: the plain size of the sample.
    size = share * (1 - share) / variance if 0 < share < 1 else float(cells.read)
    size = max(1.0, min(size, float(cells.statements)))
    count = share * size
    tail = (1 - CONFIDENCE) / 2
    low = float(beta.ppf(tail, count, size - count + 1)) if count > 0 else 0.0
    high = float(beta.ppf(1 - tail, count + 1, size - count)) if count < size else 1.0
    return min(low, share), max(high, share)
