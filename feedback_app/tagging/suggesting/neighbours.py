"""The statements most alike: what the nearest examples say, the nearer the louder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

#: So many of the nearest are asked; likeness (0 to 1) counts as e to the power of it times this.
ASKED, NEARNESS = 30, 12.0
#: So many votes of the farthest kind every code has from the start.
GROUND = 1.0
#: Rows compared at once, so that a portion needs little memory.
PORTION = 100


@dataclass(frozen=True)
class Neighbours:
    """Examples as rows of length 1, transposed, and the number of each one's code."""

    rows: Any  # csr matrix: a row for each feature, a column for each example
    labels: np.ndarray

    def score(self, features: Any, codes: int) -> np.ndarray:
        """Log shares of the votes: a row for each row of `features`, a column for each code."""
        import numpy as np

        votes = np.full((features.shape[0], codes), GROUND)
        near = _to_length_1(features)
        asked = min(ASKED, len(self.labels))
        for start in range(0, features.shape[0], PORTION):
            likeness = (near[start : start + PORTION] @ self.rows).toarray()
            nearest = np.argpartition(-likeness, asked - 1, axis=1)[:, :asked]
            for row, chosen in enumerate(nearest):
                loud = np.exp(NEARNESS * likeness[row, chosen])
                np.add.at(votes[start + row], self.labels[chosen], loud)
        return np.asarray(np.log(votes / votes.sum(axis=1, keepdims=True)))


def remember(features: Any, labels: Sequence[int]) -> Neighbours:
    """The rows of `features` with their codes, to be asked later."""
    import numpy as np

    return Neighbours(_to_length_1(features).T.tocsr(), np.asarray(labels, dtype=np.int32))


def _to_length_1(features: Any) -> Any:
    from sklearn.preprocessing import normalize

    return normalize(features)
