"""Array types of the market: one-dimensional, or columns of bars of shape (rows, n)."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Words = NDArray[np.uint64]
"""Random words of 64 bits."""
