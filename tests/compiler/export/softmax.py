"""What the certificate assumes of a softmax, for one that is not ours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from compiler.gadgets.count import SOFTMAX_ERROR, sink_score, sink_weight


def check_softmax(softmax: Callable[[np.ndarray], np.ndarray]) -> None:
    for size in (2, 3, 7, 8, 16, 33, 500):
        for gap in (104, 128, 256, np.inf):
            scores = np.full((2, size), -gap, np.float32)
            scores[:, size // 2] = 0
            assert np.array_equal(softmax(scores), scores == 0)
    for keys in (1, 10, 100, 1000, 8000):
        score = sink_score(sink_weight(keys, 1))
        for selected in (1, keys // 2, keys):
            scores = np.full((1, keys + 1), -256, np.float32)
            scores[0, 0] = score
            scores[0, 1 : selected + 1] = 0
            exact = np.exp(scores.astype(np.float64) - score)
            exact /= exact.sum()
            assert np.abs(softmax(scores) - exact).max(where=exact > 1e-30, initial=0) <= SOFTMAX_ERROR * exact.max()
            found = softmax(scores)[0, : selected + 1].astype(np.float64)
            assert np.abs(found / exact[0, : selected + 1] - 1).max() < SOFTMAX_ERROR
