"""The statistics themselves: pure functions over arrays, each with its formula and its source.

Why a module of its own: a number that a researcher cites must be the same on every page,
in every export and in the tests, where each function below meets an independent
implementation. Nothing here knows what a document or a phrase is.

Names are those of the field (Evert 2004, Gries 2008, Rayson and Garside 2000):

    O11  how often node and collocate stand together        a    hits in the target
    R1   how often the node stands (row total)              b    hits in the reference
    C1   how often the collocate stands (column total)      n_a  size of the target
    N    size of the sample                                 n_b  size of the reference

Every function takes scalars or arrays that broadcast together and returns float64
(an array, or a NumPy scalar for scalars). What is not defined is nan; what is without
bound is inf: neither is ever hidden behind an invented number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainccinv, betaincinv, erfc, gammaincinv, ndtri

#: The two-sided 95 % point of the normal distribution, written out so that it never drifts.
Z_95 = 1.959963984540054

#: Added to a count of nought where a ratio would otherwise have no value (Hardie 2014).
ABSENT = 0.5

#: With fewer documents that hold a hit, a bootstrap cannot estimate its own standard error.
FEW_HOLDERS = 20

Array = NDArray[np.float64]


def _real(*values: ArrayLike) -> list[Array]:
    return [np.asarray(value, dtype=np.float64) for value in values]


# --- Intervals ----------------------------------------------------------------------


def wilson_interval(k: ArrayLike, n: ArrayLike, z: float = Z_95) -> tuple[Array, Array]:
    """Interval of a share: k of n (Wilson 1927, the score interval). Returns (low, high), each 0 to 1.

    Shapes: k and n broadcast. nan where n is 0. z is the normal quantile (1.96 for 95 %).
    low, high = (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n) with p = k/n

    >>> low, high = wilson_interval(15, 148)        # Newcombe 1998, table I: 0.0624 to 0.1605
    >>> print(round(float(low), 4), round(float(high), 4))
    0.0624 0.1605
    >>> low, high = wilson_interval([0, 20], [20, 20])
    >>> print([round(float(x), 4) for x in low], [round(float(x), 4) for x in high])
    [0.0, 0.8389] [0.1611, 1.0]
    """
    k, n = _real(k, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = k / n
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        reach = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        # At 0 and 1 the bound is exact; rounding would leave it a hair outside or inside.
        low = np.where(k == 0, np.where(n > 0, 0.0, np.nan), middle - reach)
        high = np.where(k == n, np.where(n > 0, 1.0, np.nan), middle + reach)
    return low, high


def newcombe_interval(
    k_a: ArrayLike, n_a: ArrayLike, k_b: ArrayLike, n_b: ArrayLike, z: float = Z_95
) -> tuple[Array, Array]:
    """Interval of the difference of two shares, k_a/n_a - k_b/n_b (Newcombe 1998, method 10).

    Two Wilson intervals squared and added; each bound lies within -1 to 1, nan where a group is empty.

    >>> low, high = newcombe_interval(56, 70, 48, 80)    # Newcombe 1998, table II (a): 0.0524 to 0.3339
    >>> print(round(float(low), 4), round(float(high), 4))
    0.0524 0.3339
    """
    k_a, n_a, k_b, n_b = _real(k_a, n_a, k_b, n_b)
    low_a, high_a = wilson_interval(k_a, n_a, z)
    low_b, high_b = wilson_interval(k_b, n_b, z)
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = k_a / n_a, k_b / n_b
    difference = a - b
    low = difference - np.sqrt((a - low_a) ** 2 + (high_b - b) ** 2)
    high = difference + np.sqrt((high_a - a) ** 2 + (b - low_b) ** 2)
    return low, high


def exact_interval(k: ArrayLike, n: ArrayLike, alpha: float = 0.05) -> tuple[Array, Array]:
    """Exact two-sided interval of a share (Clopper and Pearson 1934), from the beta distribution.

    low = B(alpha/2; k, n-k+1), high = B(1-alpha/2; k+1, n-k). nan where n is 0.

    >>> low, high = exact_interval(15, 148)          # Newcombe 1998, table I: 0.0578 to 0.1617
    >>> print(round(float(low), 4), round(float(high), 4))
    0.0578 0.1617
    """
    k, n = np.broadcast_arrays(*_real(k, n))
    with np.errstate(invalid="ignore"):
        low = np.where(k == 0, 0.0, betaincinv(np.maximum(k, 1e-300), n - k + 1, alpha / 2))
        # The upper tail itself: 1 - alpha/2 would lose the digits of a small alpha.
        high = np.where(k == n, 1.0, betainccinv(k + 1, np.maximum(n - k, 1e-300), alpha / 2))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def gamma_interval(hits: ArrayLike, sizes: ArrayLike, level: float = 0.95) -> tuple[float, float, float]:
    """A rate over documents, sum(hits) / sum(sizes), where few documents hold a hit: (rate, low, high).

    The gamma interval of a weighted sum of rare events (Fay and Feuer 1997): an event is a document that holds hits,
    its weight how many. With y hits, their variance v = n/(n-1) Σ(h - r c)² over documents and the weight of one
    event more, w = Σh²/Σh (1 where there is none): low and high are the quantiles of gamma distributions with mean y
    and variance v, and with mean y + w and variance v + w², divided by Σc. For one hit a document and small shares
    that is the exact interval of a Poisson count (Garwood 1936). nan where there is one document or none.

    >>> rate, low, high = gamma_interval([1, 0, 1, 0, 0, 1] + [0] * 9994, [1] * 10_000)     # Poisson, 3: 0.619 to 8.767
    >>> round(1e4 * rate, 3), round(1e4 * low, 2), round(1e4 * high, 2)
    (3.0, 0.62, 8.77)
    >>> [round(1e4 * x, 3) for x in gamma_interval([0] * 10_000, [1] * 10_000)]             # none: at most 3.689
    [0.0, 0.0, 3.689]
    """
    hits, sizes = _real(hits, sizes)
    n, y, total = len(hits), float(hits.sum()), float(sizes.sum())
    if n == 0 or total == 0:
        return float("nan"), float("nan"), float("nan")
    rate = y / total
    if n == 1:
        return rate, float("nan"), float("nan")
    v = float(((hits - rate * sizes) ** 2).sum()) * n / (n - 1)
    w = float((hits * hits).sum()) / y if y else 1.0
    if y and v <= 1e-20 * y * y:  # all documents alike: nothing says how others would differ
        return rate, rate, rate
    tails = (1 - level) / 2, (1 + level) / 2
    low = v / y * float(gammaincinv(y * y / v, tails[0])) if y else 0.0
    high = (v + w * w) / (y + w) * float(gammaincinv((y + w) ** 2 / (v + w * w), tails[1]))
    return rate, low / total, high / total


def bootstrap_rate(
    hits: ArrayLike, sizes: ArrayLike, *, draws: int = 2000, seed: int = 0, level: float = 0.95
) -> tuple[float, float, float]:
    """A rate over documents, sum(hits) / sum(sizes), with its interval from a document bootstrap.

    Documents, not characters, are drawn again: hits cluster in documents, and an interval that took
    each character for an independent trial would be far too narrow. hits, sizes: one entry a document.
    Studentised interval (bootstrap-t, Efron and Tibshirani 1993, ch. 12.5) with the linearised standard error of a
    ratio, s = sqrt(n/(n-1) Σ(h - r c)²) / Σc: it allows for the skew of counts, which percentiles do not. Where
    fewer than `FEW_HOLDERS` documents hold a hit, samples of them know too little: see `gamma_interval`.
    The same seed gives the same interval. Returns (rate, low, high) in hits per unit of size, low at least 0; nan
    without documents, and low = high = nan for a single document, which says nothing about others.

    >>> bootstrap_rate([2, 2, 2], [100, 100, 100])
    (0.02, 0.02, 0.02)
    """
    hits, sizes = _real(hits, sizes)
    n = len(hits)
    if np.count_nonzero(hits) < FEW_HOLDERS:
        return gamma_interval(hits, sizes, level)
    generator = np.random.default_rng(seed)
    parts = np.stack([hits, sizes, hits * hits, hits * sizes, sizes * sizes])
    sums = np.empty((5, draws))
    chunk = max(1, min(draws, 2_000_000 // n))  # 16 MB of draws at a time
    for begin in range(0, draws, chunk):
        drawn = generator.integers(0, n, size=(min(chunk, draws - begin), n))
        for row, part in zip(sums, parts, strict=True):
            row[begin : begin + len(drawn)] = part[drawn].sum(axis=1)
    return studentise_rate(hits, sizes, sums, level)


def studentise_rate(hits: Array, sizes: Array, sums: Array, level: float = 0.95) -> tuple[float, float, float]:
    """(rate, low, high) of a bootstrap-t from the sums of each draw: sums[5, draws] of h, c, h², h c, c²."""
    n, total = len(hits), float(sizes.sum())
    rate = float(hits.sum()) / total
    own = np.sqrt(float(((hits - rate * sizes) ** 2).sum()) * n / (n - 1)) / total
    if own <= 1e-12 * rate:  # all documents alike
        return rate, rate, rate
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = sums[0] / sums[1]
        spread = np.sqrt(np.maximum(sums[2] - 2 * rates * sums[3] + rates**2 * sums[4], 0) * n / (n - 1)) / sums[1]
        studentised = (rates - rate) / np.where(spread > 1e-12 * rate, spread, np.nan)
    above, below = np.nanquantile(studentised, [(1 - level) / 2, (1 + level) / 2])
    return rate, max(float(rate - below * own), 0.0), float(rate - above * own)


def expand_rate(hits: ArrayLike, sizes: ArrayLike, level: float = 0.95) -> tuple[float, float, float]:
    """(rate, low, high): what the bootstrap-t of a rate comes to with hundreds of holders, without drawing.

    The quantiles of the studentised rate to second order (Hall 1992, ch. 2.6): with e = h - r c of skewness g and
    standard deviation s, and k = cov(e, c) / (s mean(c)), they are z - ((2z² + 1) g / 6 - z² k) / sqrt(n).
    """
    hits, sizes = _real(hits, sizes)
    n, total = len(hits), float(sizes.sum())
    rate = float(hits.sum()) / total
    apart = hits - rate * sizes
    s = float(np.sqrt((apart**2).mean()))
    if s * n <= 1e-12 * rate * total:
        return rate, rate, rate
    z = float(ndtri((1 + level) / 2))
    skew = float((apart**3).mean()) / s**3
    k = float((apart * (sizes - sizes.mean())).mean()) / (s * float(sizes.mean()))
    shift = ((2 * z * z + 1) * skew / 6 - z * z * k) / np.sqrt(n)
    error = s * np.sqrt(n / (n - 1)) * np.sqrt(n) / total
    return rate, max(float(rate + error * (shift - z)), 0.0), float(rate + error * (shift + z))


# --- Keyness: one thing counted in two selections -------------------------------------


def log_likelihood(a: ArrayLike, b: ArrayLike, n_a: ArrayLike, n_b: ArrayLike) -> Array:
    """Log-likelihood of a against b, over two cells (Rayson and Garside 2000): what most keyword tools print.

    G² = 2 (a ln(a/E_a) + b ln(b/E_b)) with E_a = n_a (a+b)/(n_a+n_b), E_b likewise.
    Positive; compare with chi-square of one degree of freedom (3.84, 6.63, 10.83, 15.13).

    >>> round(float(log_likelihood(100, 50, 10_000, 20_000)), 4)
    69.3147
    """
    a, b, n_a, n_b = _real(a, b, n_a, n_b)
    n = n_a + n_b
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = _cross_difference(a, n_b, b, n_a) / n  # a - E_a = E_b - b, without a difference of large numbers
        value = 2 * (_deviance(a, n_a * (a + b) / n, apart) + _deviance(b, n_b * (a + b) / n, -apart))
    return np.where(a + b == 0, 0.0, value)


def log_likelihood_table(o11: ArrayLike, r1: ArrayLike, c1: ArrayLike, n: ArrayLike) -> Array:
    """Log-likelihood of a whole 2 × 2 table (Dunning 1993): G² = 2 Σ O ln(O/E) over the four cells.

    For keyness: o11 = a, r1 = n_a, c1 = a + b, n = n_a + n_b. For collocations: see `mi`.

    >>> round(float(log_likelihood_table(110, 2552, 221, 31777)), 2)   # Dunning 1993, table 2: "the swiss" 270.72
    270.72
    """
    o11, r1, c1, n = _real(o11, r1, c1, n)
    r2, c2 = n - r1, n - c1
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = _cross_difference(o11, n, r1, c1) / n  # O11 - E11; in the other cells the same, up to its sign
        value = 2 * (
            _deviance(o11, r1 * c1 / n, apart)
            + _deviance(r1 - o11, r1 * c2 / n, -apart)
            + _deviance(c1 - o11, r2 * c1 / n, -apart)
            + _deviance(r2 - (c1 - o11), r2 * c2 / n, apart)
        )
    return np.where(n == 0, 0.0, value)


def _deviance(observed: Array, expected: Array, apart: Array) -> Array:
    """O ln(O/E) - (O - E), with O - E given as `apart`: what a cell adds to half the log-likelihood, never below 0.

    Summed over cells O - E is nought, so that these parts sum to Σ O ln(O/E); but none is a small difference of
    large numbers where O is near E. There it is a series in v = (O - E)/(O + E) (Loader 2000, bd0).
    """
    v = apart / (observed + expected)
    near = np.abs(v) < 0.1
    square = np.where(near, v * v, 0.0)
    # O ln((1+v)/(1-v)) - (O - E) = (O - E) v + 2 O (v³/3 + v⁵/5 + ...); at 0.1 the ninth term is below 1e-17.
    series = sum((square**power / (2 * power + 1) for power in range(8, 0, -1)), np.zeros_like(square))
    direct = np.where(observed > 0, observed, 1.0) * np.log(np.where(observed > 0, observed, 1.0) / expected) - apart
    far = np.where(observed > 0, direct, expected)
    return np.where(observed == expected, 0.0, np.where(near, apart * v + 2 * observed * v * series, far))


def _cross_difference(a: Array, b: Array, c: Array, d: Array) -> Array:
    """a b - c d, of whole numbers to the last digit, whatever cancels (products in two parts: Dekker 1971)."""
    (high, low), (other_high, other_low) = _multiply(a, b), _multiply(c, d)
    return (high - other_high) + (low - other_low)


def _multiply(a: Array, b: Array) -> tuple[Array, Array]:
    """a b as a rounded product and what rounding took away."""
    high_a, high_b = (np.round(x / 67_108_864) * 67_108_864 for x in (a, b))  # 2²⁶: the parts multiply exactly
    low_a, low_b = a - high_a, b - high_b
    product = a * b
    return product, ((high_a * high_b - product) + high_a * low_b + low_a * high_b) + low_a * low_b


def chance_of(statistic: ArrayLike) -> Array:
    """p-value of a log-likelihood: the upper tail of chi-square with one degree of freedom.

    >>> round(float(chance_of(10.827566170662733)), 6)
    0.001
    """
    return erfc(np.sqrt(_real(statistic)[0] / 2))  # 1 - 2 (1 - Φ(√x)), much faster than the gamma function


def adjust_holm(p: ArrayLike) -> Array:
    """p-values corrected for having tested all of them (Holm 1979, step-down Bonferroni).

    >>> [round(float(x), 3) for x in adjust_holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]
    """
    p = np.atleast_1d(_real(p)[0])
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted


def log_ratio(a: ArrayLike, b: ArrayLike, n_a: ArrayLike, n_b: ArrayLike, absent: float = ABSENT) -> Array:
    """Binary logarithm of the ratio of two relative frequencies (Hardie 2014): +1 is twice as frequent.

    A count of 0, and only that, is taken as `absent` (0.5), as in Hardie's own tables: what is not
    found once in a selection has no ratio otherwise. nan where both are 0.

    >>> float(log_ratio(128, 64, 4096, 8192))
    2.0
    >>> float(log_ratio(8, 0, 1000, 1000))
    4.0
    """
    a, b, n_a, n_b = _real(a, b, n_a, n_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log2(np.where(a > 0, a, absent) / n_a) - np.log2(np.where(b > 0, b, absent) / n_b)
    return np.where((a == 0) & (b == 0), np.nan, value)


def log_ratio_interval(
    a: ArrayLike, b: ArrayLike, n_a: ArrayLike, n_b: ArrayLike, *, alpha: float = 0.001, tests: int = 1
) -> tuple[Array, Array]:
    """Interval of the log ratio, exact, corrected for `tests` comparisons (Evert 2022; R package corpora).

    Given a + b, the count a is binomial with share t = n_a r / (n_a r + n_b), r being the ratio of the
    two frequencies; the exact interval of t (Clopper-Pearson, alpha/tests, two sides) gives that of
    log2 r = log2(n_b/n_a) + log2(t/(1-t)). -inf or inf where one count is 0.

    >>> low, high = log_ratio_interval(100, 50, 10_000, 20_000, alpha=0.05)
    >>> print(round(float(low), 4), round(float(high), 4))
    1.4963 2.5199
    """
    a, b, n_a, n_b = _real(a, b, n_a, n_b)
    a, b = np.broadcast_arrays(a, b)
    half = alpha / max(tests, 1) / 2
    # Each bound of t as t/(1-t); where t is near 1, 1-t comes from its own inverse and not from a difference.
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.log2(n_b / n_a)
        low, high = _invert_beta(a, b + 1, half), _invert_beta(b, a + 1, half)
        return np.where(a + b > 0, scale + np.log2(low), np.nan), np.where(a + b > 0, scale - np.log2(high), np.nan)


def _invert_beta(p: Array, q: Array, tail: float) -> Array:
    """x/(1-x) for the x at which the beta distribution (p, q) has `tail` below; 0 where p is 0."""
    share = np.where(p > 0, betaincinv(np.maximum(p, 1e-300), q, tail), 0.0)
    rest = np.array(1 - share)
    near = share > 0.99
    if near.any():
        rest[near] = betainccinv(q[near], p[near], tail)
    return share / rest


def conservative_log_ratio(
    a: ArrayLike, b: ArrayLike, n_a: ArrayLike, n_b: ArrayLike, *, alpha: float = 0.001, tests: int = 1
) -> Array:
    """The bound of the log ratio's interval that is nearer to 0; 0 where the interval holds 0 (Evert 2022, LRC).

    A rare word with a huge but unsure ratio thus ranks below a sure one. `tests` is the number of
    things compared (Bonferroni). nan where both counts are 0.

    >>> print(round(float(conservative_log_ratio(100, 50, 10_000, 20_000, alpha=0.05)), 4))
    1.4963
    >>> float(conservative_log_ratio(3, 2, 1000, 1000))
    0.0
    """
    a, b, n_a, n_b = np.broadcast_arrays(*_real(a, b, n_a, n_b))
    low, high = log_ratio_interval(a, b, n_a, n_b, alpha=alpha, tests=tests)
    value = np.where(a * n_b >= b * n_a, np.maximum(low, 0.0), np.minimum(high, 0.0))
    return np.where(a + b > 0, value, np.nan)


def percent_difference(a: ArrayLike, b: ArrayLike, n_a: ArrayLike, n_b: ArrayLike) -> Array:
    """%DIFF (Gabrielatos and Marchi 2011): how many per cent more frequent in the target; inf where b is 0.

    >>> float(percent_difference(100, 50, 10_000, 20_000))
    300.0
    """
    a, b, n_a, n_b = _real(a, b, n_a, n_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * (a * n_b / (b * n_a) - 1)


def simple_maths(
    a: ArrayLike, b: ArrayLike, n_a: ArrayLike, n_b: ArrayLike, constant: float = 1.0, per: float = 1e6
) -> Array:
    """Keyness score of Kilgarriff (2009), as Sketch Engine prints it: (f_a + c) / (f_b + c), f per million.

    >>> round(float(simple_maths(35, 263, 112_289_776, 1_559_716_979)), 4)   # Sketch Engine's own example
    1.1224
    """
    a, b, n_a, n_b = _real(a, b, n_a, n_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (a * per / n_a + constant) / (b * per / n_b + constant)


# --- Collocation: two things counted together ------------------------------------------


def mi(o11: ArrayLike, r1: ArrayLike, c1: ArrayLike, n: ArrayLike) -> Array:
    """Pointwise mutual information (Church and Hanks 1990): log2(O11 / E11), E11 = R1 C1 / N.

    >>> float(mi(8, 16, 32, 1024))
    4.0
    """
    o11, r1, c1, n = _real(o11, r1, c1, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log2(o11 * n / (r1 * c1))


def mi3(o11: ArrayLike, r1: ArrayLike, c1: ArrayLike, n: ArrayLike) -> Array:
    """MI with the observed count cubed (Daille 1994): log2(O11³ / E11), kinder to frequent pairs.

    >>> float(mi3(8, 16, 32, 1024))
    10.0
    """
    o11, r1, c1, n = _real(o11, r1, c1, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log2(o11**3 * n / (r1 * c1))


def t_score(o11: ArrayLike, r1: ArrayLike, c1: ArrayLike, n: ArrayLike) -> Array:
    """t-score (Church et al. 1991): (O11 - E11) / sqrt(O11).

    >>> float(t_score(16, 16, 32, 1024))
    3.875
    """
    o11, r1, c1, n = _real(o11, r1, c1, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (o11 - r1 * c1 / n) / np.sqrt(o11)


def z_score(o11: ArrayLike, r1: ArrayLike, c1: ArrayLike, n: ArrayLike) -> Array:
    """z-score (Dennis 1965): (O11 - E11) / sqrt(E11).

    >>> float(z_score(8, 64, 64, 1024))
    2.0
    """
    o11, r1, c1, n = _real(o11, r1, c1, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = r1 * c1 / n
        return (o11 - expected) / np.sqrt(expected)


def dice(o11: ArrayLike, r1: ArrayLike, c1: ArrayLike) -> Array:
    """Dice coefficient: 2 O11 / (R1 + C1).

    >>> float(dice(8, 16, 16))
    0.5
    """
    o11, r1, c1 = _real(o11, r1, c1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 2 * o11 / (r1 + c1)


def log_dice(o11: ArrayLike, r1: ArrayLike, c1: ArrayLike) -> Array:
    """logDice (Rychlý 2008): 14 + log2 of the Dice coefficient; at most 14, independent of the corpus size.

    >>> float(log_dice(8, 16, 16))
    13.0
    """
    with np.errstate(divide="ignore"):
        return 14 + np.log2(dice(o11, r1, c1))


# --- Dispersion: one thing over the parts of a corpus ------------------------------------


def deviation_of_proportions(counts: ArrayLike, sizes: ArrayLike) -> float:
    """DP (Gries 2008): half the summed difference between the parts' shares of hits and of size.

    counts, sizes: one entry a part. 0 is perfectly even, near 1 is all in one small part. nan without hits.

    >>> round(deviation_of_proportions([1, 2, 3, 4, 5], [9, 10, 10, 10, 11]), 12)   # Gries 2020, ch. 5: 0.18
    0.18
    """
    counts, sizes = _real(counts, sizes)
    if counts.sum() == 0 or sizes.sum() == 0:
        return float("nan")
    return float(np.abs(counts / counts.sum() - sizes / sizes.sum()).sum() / 2)


def deviation_of_proportions_norm(counts: ArrayLike, sizes: ArrayLike) -> float:
    """DPnorm (Lijffijt and Gries 2012): DP / (1 - smallest part's share), so that 1 can be reached.

    Parts of size 0 are no parts. nan without hits, and with fewer than two parts.

    >>> round(deviation_of_proportions_norm([0, 0, 9], [1, 1, 1]), 12)
    1.0
    """
    counts, sizes = _real(counts, sizes)
    counts, sizes = counts[sizes > 0], sizes[sizes > 0]
    if len(sizes) < 2 or counts.sum() == 0:
        return float("nan")
    return deviation_of_proportions(counts, sizes) / (1 - float(sizes.min() / sizes.sum()))


def juilland_d(counts: ArrayLike, sizes: ArrayLike) -> float:
    """Juilland's D (Juilland et al. 1970), for parts of unlike size on relative frequencies.

    D = 1 - (sd / mean) / sqrt(n - 1), with the population standard deviation of the parts' rates.
    1 is even, 0 is all in one part. nan without hits or with fewer than two parts.

    >>> round(juilland_d([1, 2, 3, 4, 5], [9, 10, 10, 10, 11]), 3)   # Gries 2020, ch. 5: 0.785
    0.785
    """
    counts, sizes = _real(counts, sizes)
    counts, sizes = counts[sizes > 0], sizes[sizes > 0]
    if len(sizes) < 2 or counts.sum() == 0:
        return float("nan")
    rates = counts / sizes
    return max(float(1 - rates.std() / rates.mean() / np.sqrt(len(rates) - 1)), 0.0)  # below 0 only by rounding


# --- Agreement ------------------------------------------------------------------------


class Kappa(NamedTuple):
    """Cohen's kappa with its interval: agreement beyond chance, from -1 to 1."""

    kappa: float
    low: float
    high: float
    agreement: float
    n: int


def cohen_kappa(table: ArrayLike, level: float = 0.95) -> Kappa:
    """Cohen's kappa of two coders (Cohen 1960) with the large-sample interval of Fleiss, Cohen and Everitt (1969), cut to -1..1.

    table[i][j] counts the lines the first coder gave code i and the second code j (square).
    kappa = (p_o - p_e) / (1 - p_e). nan where chance alone agrees fully (one code only) or nothing was coded.
    ValueError when the table is not square.

    >>> found = cohen_kappa([[20, 5], [10, 15]])
    >>> print(round(found.kappa, 4), round(found.low, 4), round(found.high, 4), found.agreement)
    0.4 0.1511 0.6489 0.7
    """
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError("the table of two coders must be square: the same codes for both")
    total = float(counts.sum())
    nan = float("nan")
    if total == 0:
        return Kappa(nan, nan, nan, nan, 0)
    p = counts / total
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, chance = float(np.trace(p)), float(rows @ columns)
    if np.isclose(chance, 1.0, rtol=0, atol=1e-15):
        return Kappa(nan, nan, nan, observed, int(total))
    kappa = (observed - chance) / (1 - chance)
    # The variance of the slopes of kappa in each cell: what Fleiss, Cohen and Everitt write as three sums, but no
    # difference of large numbers (theirs leaves 1e-8 where two coders agree in all).
    slopes = np.eye(len(p)) - (1 - kappa) * (columns[:, None] + rows[None, :])
    slopes -= float((p * slopes).sum())
    variance = float((p * slopes**2).sum()) / ((1 - chance) ** 2 * total)
    reach = float(ndtri((1 + level) / 2)) * variance**0.5
    return Kappa(float(kappa), max(-1.0, float(kappa - reach)), min(1.0, float(kappa + reach)), observed, int(total))
