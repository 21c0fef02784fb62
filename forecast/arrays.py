"""Names for the array types that cross this package, and the one rounding it uses."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
Float32Array: TypeAlias = npt.NDArray[np.float32]
AnyFloatArray: TypeAlias = npt.NDArray[np.float64 | np.float32]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
UInt8Array: TypeAlias = npt.NDArray[np.uint8]
UInt64Array: TypeAlias = npt.NDArray[np.uint64]

SIGNIFICANT_DIGITS = 4
_POWERS = 10.0 ** np.arange(301.0)


def round_significant(values: FloatArray, *, digits: int = SIGNIFICANT_DIGITS) -> FloatArray:
    """Round to `digits` significant digits; zero stays zero.

    Everything a forecast hands out is rounded, so that the last bits in which two BLAS kernels
    differ can never decide whether a ceiling asks for one more server.
    """
    some = np.isfinite(values) & (values != 0.0)
    magnitude = np.floor(np.log10(np.abs(values), out=np.zeros_like(values), where=some))
    # A power of ten below one is not exact in binary: scale by its inverse instead.
    exponent = (np.clip(digits - 1 - magnitude, -300.0, 300.0)).astype(np.int64)
    up = _POWERS.take(np.maximum(exponent, 0))
    down = _POWERS.take(np.maximum(-exponent, 0))
    rounded: FloatArray = np.round(values * up / down) * down / up
    return rounded
