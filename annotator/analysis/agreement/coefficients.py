"""The coefficients, from sums that add up over documents; an array of sums gives an array of values.

What is not defined is NaN here and None as soon as it leaves the package (see figures).
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def nominal_alpha(agreeing: Array, values: Array) -> Array:
    """Return Krippendorff's alpha for nominal data.

    `agreeing` is the sum of the diagonal of the coincidence matrix, `values` (…, K) its margins: how often each value
    was given in units that several gave one to.
    Source: K. Krippendorff, Content Analysis, 2nd ed. 2004, ch. 11; Computing Krippendorff's Alpha-Reliability, 2011.
    """
    total = values.sum(axis=-1)
    observed = total - agreeing
    expected = _ratio(total**2 - (values**2).sum(axis=-1), total - 1)
    return 1 - _ratio(observed, expected)


def unitising_alpha(sums: Array) -> Array:
    """Return Krippendorff's alpha for unitising, units against gaps, from (…, 4) sums of `unitising.where_sums`.

    Source: K. Krippendorff, Y. Mathet, S. Bouvry, A. Widlöcher, On the reliability of unitizing textual continua:
    Further developments, Quality & Quantity 50 (2016), the coefficient written |uα.
    """
    gaps, units, crossing, own = (sums[..., i] for i in range(4))
    total = gaps + units
    expected = _ratio(2 * gaps * units, total - _ratio(own, total))
    return 1 - _ratio(2 * crossing, expected)


def character_alpha(sums: Array) -> Array:
    """Return Krippendorff's alpha over characters, tagged or not, from the sums that `unitising_alpha` takes."""
    gaps, units, crossing = (sums[..., i] for i in range(3))
    return nominal_alpha(gaps + units - 2 * crossing, np.stack([gaps, units], axis=-1))


def cohen_kappa(agreeing: Array, one: Array, other: Array) -> Array:
    """Return Cohen's kappa; `agreeing` counts units with the same label, `one` and `other` (…, K) labels by layer.

    Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20
    (1960), 37–46.
    """
    total = one.sum(axis=-1)
    expected = _ratio((one * other).sum(axis=-1), total**2)
    return _ratio(_ratio(agreeing, total) - expected, 1 - expected)


def fleiss_kappa(agreeing: Array, units: Array, values: Array) -> Array:
    """Return Fleiss' kappa; `agreeing` sums the units' shares of agreeing pairs, `values` (…, K) counts labels.

    Source: J. L. Fleiss, Measuring nominal scale agreement among many raters, Psychological Bulletin 76 (1971),
    378–382.
    """
    shares = _ratio(values, values.sum(axis=-1, keepdims=True))
    expected = (shares**2).sum(axis=-1)
    return _ratio(_ratio(agreeing, units) - expected, 1 - expected)


def precision_recall_f1(credit: Array, found: Array, wanted: Array) -> tuple[Array, Array, Array]:
    """Return precision, recall and F1. Where both layers have nothing, none is defined; where one has, all are 0."""
    f1 = _ratio(2 * credit, found + wanted)
    nothing = np.where(np.isnan(f1), np.nan, 0.0)
    return (
        np.where(found > 0, _ratio(credit, found), nothing),
        np.where(wanted > 0, _ratio(credit, wanted), nothing),
        f1,
    )


def _ratio(above: Array, below: Array) -> Array:
    """Divide; NaN where the divisor is zero but for what rounding leaves."""
    above, below = np.asarray(above, float), np.asarray(below, float)
    above, below = np.broadcast_arrays(above, below)
    defined = np.abs(below) > 1e-12
    return np.divide(above, below, out=np.full(below.shape, np.nan), where=defined)
