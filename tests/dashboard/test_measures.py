"""Every measure against something that is not this project: published numbers, SciPy, statsmodels, plain sums."""

from __future__ import annotations

import json
import math
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import brentq
from scipy.special import expit
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from dashboard.queries import measures as m

GOLD = json.loads((Path(__file__).parents[1] / "gold" / "measures.json").read_text(encoding="utf-8"))
EXACT = {"rel": 1e-9, "abs": 1e-9}
counts = st.integers(min_value=0, max_value=10_000)


# --- Published numbers -----------------------------------------------------------------


@pytest.mark.parametrize("row", GOLD["association"]["rows"], ids=lambda row: row[0])
def test_association_matches_ucs(row):
    _, o11, r1, c1, n, dice, mi_10, mi3_10, likelihood, t, z = row
    assert float(m.dice(o11, r1, c1)) == pytest.approx(dice, **EXACT)
    assert float(m.mi(o11, r1, c1, n)) * math.log10(2) == pytest.approx(mi_10, **EXACT)
    assert float(m.mi3(o11, r1, c1, n)) * math.log10(2) == pytest.approx(mi3_10, **EXACT)
    assert float(m.log_likelihood_table(o11, r1, c1, n)) == pytest.approx(abs(likelihood), **EXACT)
    assert float(m.t_score(o11, r1, c1, n)) == pytest.approx(t, **EXACT)
    assert float(m.z_score(o11, r1, c1, n)) == pytest.approx(z, **EXACT)
    assert float(m.log_dice(o11, r1, c1)) == pytest.approx(14 + math.log2(dice), **EXACT)


@pytest.mark.parametrize("row", GOLD["log_ratio"]["rows"], ids=lambda row: row[0])
def test_log_ratio_matches_evert(row):
    _, o11, r1, c1, n, ratio, conservative = row
    table = (o11, c1 - o11, r1, n - r1)
    assert float(m.log_ratio(*table)) == pytest.approx(ratio, **EXACT)
    found = m.conservative_log_ratio(*table, alpha=GOLD["log_ratio"]["alpha"], tests=GOLD["log_ratio"]["tests"])
    assert float(found) == pytest.approx(conservative, **EXACT)


@pytest.mark.parametrize("case", GOLD["dispersion"], ids=lambda case: case["source"][:12])
def test_dispersion_matches_published(case):
    given_parts = case["counts"], case["sizes"]
    assert m.juilland_d(*given_parts) == pytest.approx(case["juilland_d"], abs=0.5001 * 10 ** -case["digits"])
    assert m.deviation_of_proportions(*given_parts) == pytest.approx(case["dp"], abs=0.5001 * 10 ** -case["digits"])
    if "dp_norm" in case:
        within = 0.5001 * 10 ** -case["dp_norm_digits"]
        assert m.deviation_of_proportions_norm(*given_parts) == pytest.approx(case["dp_norm"], abs=within)


@pytest.mark.parametrize("row", GOLD["wilson"]["rows"], ids=lambda row: f"{row['k']}/{row['n']}")
def test_intervals_of_a_share_match_newcombe(row):
    low, high = m.wilson_interval(row["k"], row["n"])
    assert (round(float(low), 4), round(float(high), 4)) == (row["low"], row["high"])
    low, high = m.exact_interval(row["k"], row["n"])
    assert (round(float(low), 4), round(float(high), 4)) == (row["exact_low"], row["exact_high"])


@pytest.mark.parametrize("row", GOLD["newcombe"]["rows"], ids=lambda row: f"{row['k_a']}/{row['n_a']}")
def test_intervals_of_a_difference_match_newcombe(row):
    low, high = m.newcombe_interval(row["k_a"], row["n_a"], row["k_b"], row["n_b"])
    assert (round(float(low), 4), round(float(high), 4)) == (row["low"], row["high"])


def test_log_likelihood_matches_dunning_and_simple_maths_sketch_engine():
    for row in GOLD["dunning"]["rows"]:
        found = m.log_likelihood_table(row["o11"], row["r1"], row["c1"], row["n"])
        assert round(float(found), row["digits"]) == row["log_likelihood"]
    for row in GOLD["simple_maths"]["rows"]:
        found = m.simple_maths(row["a"], row["b"], row["n_a"], row["n_b"])
        assert round(float(found), row["digits"]) == row["score"]


# --- Independent implementations --------------------------------------------------------


def sum_cells(cells: list[tuple[int, Fraction]]) -> float:
    """2 Σ O ln(O/E) in 60 digits, from whole numbers and fractions: nothing is rounded before the last step."""
    with localcontext() as context:
        context.prec = 60
        logs = [o * (Decimal(o) * e.denominator / Decimal(e.numerator)).ln() for o, e in cells if o]
        return float(2 * sum(logs, Decimal(0)))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000), st.integers(1, 10**9))
@example(1000, 2001, 2000, 4001)  # all but independent: the parts are thousands, the sum is 1e-8
@example(5000, 4999, 5000, 4998)
@example(0, 0, 7, 9)
def test_whole_table_matches_sixty_digits_and_scipy(o11, o12, o21, o22):
    n = o11 + o12 + o21 + o22
    rows, columns = (o11 + o12, o21 + o22), (o11 + o21, o12 + o22)
    cells = [(o, Fraction(rows[i] * columns[j], n)) for o, (i, j) in zip((o11, o12, o21, o22), np.ndindex(2, 2), strict=True)]
    found = float(m.log_likelihood_table(o11, rows[0], columns[0], n))
    assert found == pytest.approx(sum_cells(cells), rel=1e-9, abs=1e-30)
    if min(o11, o12, o21, o22) > 0 and found > 1:  # below, SciPy's own sum is a small difference of large numbers
        expected = stats.chi2_contingency([[o11, o12], [o21, o22]], correction=False, lambda_="log-likelihood")
        assert found == pytest.approx(expected.statistic, rel=1e-9, abs=0 if o22 < 10**6 else 1e-6)
        assert float(m.chance_of(expected.statistic)) == pytest.approx(expected.pvalue, rel=1e-9, abs=1e-300)


@settings(max_examples=300, deadline=None)
@given(counts, counts, st.integers(10_001, 10**12), st.integers(10_001, 10**12))
@example(1000, 1000, 50_000_000, 50_000_001)
@example(9999, 3, 10**12, 3 * 10**8)
def test_two_cells_match_sixty_digits(a, b, n_a, n_b):
    cells = [(k, Fraction(n * (a + b), n_a + n_b)) for k, n in ((a, n_a), (b, n_b))]
    assert float(m.log_likelihood(a, b, n_a, n_b)) == pytest.approx(sum_cells(cells), rel=1e-9, abs=1e-30)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 3000), st.integers(1, 3000), st.sampled_from([0.05, 0.001, 1e-9]))
def test_intervals_match_statsmodels_and_the_binomial_tail(k, n, alpha):
    k = min(k, n)
    expected = proportion_confint(k, n, alpha=0.05, method="wilson")
    assert [float(x) for x in m.wilson_interval(k, n)] == pytest.approx(list(expected), **EXACT)
    low, high = (float(x) for x in m.exact_interval(k, n, alpha))

    def solve(tail) -> float:  # the share, by its logit, at which the tail has half of alpha
        return float(expit(brentq(lambda logit: math.log(max(tail(expit(logit)), 1e-300)) - math.log(alpha / 2), -33, 33, xtol=1e-13)))

    assert low == (pytest.approx(solve(lambda p: stats.binom.sf(k - 1, n, p)), rel=1e-9) if k else 0)
    assert high == (pytest.approx(solve(lambda p: stats.binom.cdf(k, n, p)), rel=1e-9) if k < n else 1)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 500), st.integers(1, 500))
def test_difference_matches_statsmodels(k_a, n_a, k_b, n_b):
    k_a, k_b = min(k_a, n_a), min(k_b, n_b)
    expected = confint_proportions_2indep(k_a, n_a, k_b, n_b, compare="diff", method="newcomb")
    assert [float(x) for x in m.newcombe_interval(k_a, n_a, k_b, n_b)] == pytest.approx(list(expected), **EXACT)


@pytest.mark.parametrize(("a", "b"), [(30, 5), (5, 30), (400, 390), (12, 0), (0, 12), (2000, 150)])
def test_log_ratio_interval_inverts_the_binomial_test(a, b):
    """The bounds are the ratios at which the binomial tail has just half of alpha: found here by bisection."""
    n_a, n_b, alpha, tests = 100_000, 250_000, 0.01, 50
    half = alpha / tests / 2

    def share(ratio: float) -> float:
        return n_a * 2**ratio / (n_a * 2**ratio + n_b)

    low, high = (float(x) for x in m.log_ratio_interval(a, b, n_a, n_b, alpha=alpha, tests=tests))
    if a:
        expected = brentq(lambda r: stats.binom.sf(a - 1, a + b, share(r)) - half, -40, 40, xtol=1e-13)
        assert low == pytest.approx(expected, rel=1e-9, abs=1e-9)
    else:
        assert low == -math.inf
    if b:
        expected = brentq(lambda r: stats.binom.cdf(a, a + b, share(r)) - half, -40, 40, xtol=1e-13)
        assert high == pytest.approx(expected, rel=1e-9, abs=1e-9)
    else:
        assert high == math.inf


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_holm_matches_statsmodels(p):
    assert m.adjust_holm(p) == pytest.approx(multipletests(p, method="holm")[1], **EXACT)


@settings(max_examples=80, deadline=None)
@given(st.integers(2, 5).flatmap(lambda k: st.lists(st.lists(st.integers(0, 40), min_size=k, max_size=k), min_size=k, max_size=k)))
def test_kappa_matches_statsmodels(table):
    counted = np.array(table)
    found = m.cohen_kappa(counted)
    total = counted.sum()
    if total == 0 or np.isclose((counted.sum(0) @ counted.sum(1)) / max(total, 1) ** 2, 1):
        assert math.isnan(found.kappa)
        return
    oracle = cohens_kappa(counted)
    assert found.kappa == pytest.approx(oracle.kappa, **EXACT)
    # Fleiss, Cohen and Everitt (1969), formula 12, in fractions.
    size = len(counted)
    p = [[Fraction(int(x), int(total)) for x in line] for line in counted]
    rows, columns = [sum(line) for line in p], [sum(line[j] for line in p) for j in range(size)]
    seen, chance = sum(p[i][i] for i in range(size)), sum(rows[i] * columns[i] for i in range(size))
    agreed = sum(p[i][i] * ((1 - chance) - (rows[i] + columns[i]) * (1 - seen)) ** 2 for i in range(size))
    apart = sum(p[i][j] * (columns[i] + rows[j]) ** 2 for i in range(size) for j in range(size) if i != j)
    above = agreed + (1 - seen) ** 2 * apart - (seen * chance - 2 * chance + seen) ** 2
    error = math.sqrt(above / (int(total) * (1 - chance) ** 4))
    reach = stats.norm.ppf(0.975) * error
    assert found.low == pytest.approx(max(-1.0, oracle.kappa - reach), **EXACT), "no kappa lies below -1"
    assert found.high == pytest.approx(min(1.0, oracle.kappa + reach), **EXACT), "nor above 1"
    if error > 1e-3:  # below, statsmodels takes the root of a rounded difference, which may be less than nought
        assert error == pytest.approx(oracle.std_kappa, rel=1e-9)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10_000)), min_size=2, max_size=30))
def test_dispersion_matches_plain_sums(parts):
    hits, sizes = [h for h, _ in parts], [s for _, s in parts]
    found = m.deviation_of_proportions(hits, sizes), m.deviation_of_proportions_norm(hits, sizes), m.juilland_d(hits, sizes)
    if sum(hits) == 0:
        assert all(map(math.isnan, found))
        return
    shares = [(h / sum(hits), s / sum(sizes)) for h, s in parts]
    dp = sum(abs(v - s) for v, s in shares) / 2
    rates = [h / s for h, s in parts]
    spread = math.sqrt(sum((r - sum(rates) / len(rates)) ** 2 for r in rates) / len(rates))
    d = 1 - spread / (sum(rates) / len(rates)) / math.sqrt(len(rates) - 1)
    assert found == pytest.approx((dp, dp / (1 - min(s for _, s in shares)), d), **EXACT)


# --- Bounds, symmetries, nothing to measure -----------------------------------------------


@given(counts, counts)
def test_log_ratio_turns_round_with_the_selections(a, b):
    one, other = m.log_ratio(a, b, 5000, 9000), m.log_ratio(b, a, 9000, 5000)
    assert (math.isnan(one) and math.isnan(other)) or float(one) == pytest.approx(-float(other), **EXACT)
    low, high = m.log_ratio_interval(a, b, 5000, 9000)
    other_low, other_high = m.log_ratio_interval(b, a, 9000, 5000)
    if a + b:
        assert float(low) == pytest.approx(-float(other_high), **EXACT)
        assert float(high) == pytest.approx(-float(other_low), **EXACT)


def test_conservative_log_ratio_shrinks_and_never_changes_sign():
    a, b = np.array([500, 60, 6, 1, 0, 40]), np.array([50, 40, 0, 1, 30, 400])
    ratio = m.log_ratio(a, b, 10_000, 10_000)
    for tests in (1, 10, 10_000):
        found = m.conservative_log_ratio(a, b, 10_000, 10_000, tests=tests)
        assert np.all(found * ratio >= 0)
        assert np.all(np.abs(found) <= np.abs(ratio) + 1e-12)
    assert m.conservative_log_ratio(0, 0, 10, 10) != m.conservative_log_ratio(0, 0, 10, 10)  # nan: nothing was seen


def test_nothing_to_measure_is_nan_and_never_a_number():
    assert np.isnan(m.wilson_interval(0, 0)[0]) and np.isnan(m.wilson_interval(0, 0)[1])
    assert np.isnan(m.exact_interval([0], [0])[0]).all()
    assert math.isnan(m.deviation_of_proportions([0, 0], [1, 1]))
    assert math.isnan(m.deviation_of_proportions_norm([3], [10]))
    assert math.isnan(m.juilland_d([3], [10]))
    assert all(math.isnan(x) for x in m.bootstrap_rate([], []))
    rate, low, high = m.bootstrap_rate([3], [100])
    assert rate == 0.03 and math.isnan(low) and math.isnan(high)
    assert math.isnan(m.cohen_kappa([[9, 0], [0, 0]]).kappa)
    with pytest.raises(ValueError, match="square"):
        m.cohen_kappa([[1, 2, 3], [4, 5, 6]])


def test_perfect_agreement_is_one_and_none_beyond_chance_nought():
    assert m.cohen_kappa(np.diag([5, 7, 9])).kappa == pytest.approx(1)
    assert m.cohen_kappa(np.outer([2, 3], [4, 6])).kappa == pytest.approx(0, abs=1e-12)


# --- Do the intervals hold what they promise ------------------------------------------------


def test_wilson_interval_covers_as_often_as_it_says():
    """Shares drawn evenly over 0.02 to 0.98, samples of 30 to 500: 95 % within one point, over all of them."""
    generator = np.random.default_rng(20220329)
    share, n = generator.uniform(0.02, 0.98, 40_000), generator.integers(30, 500, 40_000)
    low, high = m.wilson_interval(generator.binomial(n, share), n)
    assert 0.94 <= float(((low <= share) & (share <= high)).mean()) <= 0.96


def test_newcombe_interval_covers_as_often_as_it_says():
    generator = np.random.default_rng(11)
    a, b = generator.uniform(0.05, 0.95, (2, 40_000))
    n_a, n_b = generator.integers(30, 400, (2, 40_000))
    low, high = m.newcombe_interval(generator.binomial(n_a, a), n_a, generator.binomial(n_b, b), n_b)
    assert 0.94 <= float(((low <= a - b) & (a - b <= high)).mean()) <= 0.96


@pytest.mark.parametrize(("n", "true"), [(300, 0.004), (300, 0.0002), (40, 0.004)])
def test_bootstrap_of_a_rate_covers_as_often_as_it_says(n, true):
    """Hits that cluster in documents (negative binomial), documents of unlike length, 1,000 corpora of n documents."""
    generator = np.random.default_rng(9)
    covered = 0
    for _ in range(1000):
        sizes = generator.integers(300, 3000, n)
        hits = generator.poisson(sizes * true * generator.gamma(2.0, 0.5, n))
        _, low, high = m.bootstrap_rate(hits, sizes, draws=400, seed=int(generator.integers(1 << 30)))
        covered += low <= true <= high
    assert 0.94 <= covered / 1000 <= 0.96


def test_bootstrap_of_few_hits_stays_a_rate():
    hits = np.zeros(50)
    hits[:3] = 1
    rate, low, high = m.bootstrap_rate(hits, np.full(50, 1000.0))
    assert 0 <= low < rate < high < 1
    assert m.bootstrap_rate(hits, np.full(50, 1000.0)) == (rate, low, high)  # the seed decides


def test_log_ratio_interval_covers_at_least_what_it_says():
    """Exact intervals may cover more, never less; with equal rates the true log ratio is 0."""
    generator = np.random.default_rng(5)
    a, b = generator.poisson(40, 20_000), generator.poisson(80, 20_000)
    low, high = m.log_ratio_interval(a, b, 1_000_000, 2_000_000, alpha=0.05)
    assert 0.95 <= float(((low <= 0) & (high >= 0)).mean()) <= 0.975


def test_kappa_interval_covers_as_often_as_it_says():
    generator = np.random.default_rng(3)
    chances = np.array([[0.30, 0.05, 0.02], [0.06, 0.25, 0.04], [0.03, 0.05, 0.20]])
    true = m.cohen_kappa(chances * 1e9).kappa
    drawn = generator.multinomial(300, chances.ravel(), 4000).reshape(-1, 3, 3)
    found = [m.cohen_kappa(table) for table in drawn]
    assert 0.94 <= np.mean([one.low <= true <= one.high for one in found]) <= 0.96
