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
_FARTHEST = 300
_UP = 10.0 ** np.maximum(np.arange(-_FARTHEST, _FARTHEST + 1.0), 0.0)
_DOWN = _UP[::-1].copy()


def round_significant(values: FloatArray, *, digits: int = SIGNIFICANT_DIGITS) -> FloatArray:
    """Round to `digits` significant digits; zero stays zero.

    Everything a forecast hands out is rounded, so that the last bits in which two BLAS kernels
    differ can never decide whether a ceiling asks for one more server.
    """
    some = np.isfinite(values) & (values != 0.0)
    exponent = np.abs(values)
    exponent[~some] = 1.0
    np.floor(np.log10(exponent, out=exponent), out=exponent)
    np.subtract(digits - 1, exponent, out=exponent)
    place = np.clip(exponent, -_FARTHEST, _FARTHEST, out=exponent).astype(np.int64) + _FARTHEST
    # A power of ten below one is not exact in binary: scale by its inverse instead.
    up, down = _UP.take(place), _DOWN.take(place)
    rounded: FloatArray = values * up
    rounded /= down
    np.round(rounded, out=rounded)
    rounded *= down
    rounded /= up
    return rounded
