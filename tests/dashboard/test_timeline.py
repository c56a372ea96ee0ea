"""Counting: by hand on the small corpus, by an independent oracle on real text, lines and counts together."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from dashboard.corpus import Corpus, name_period
from dashboard.filters import Filters
from dashboard.queries.cells import NO_PROVINCE, list_cell_lines
from dashboard.queries.change import compare_periods
from dashboard.queries.concordance import list_lines
from dashboard.queries.measures import bootstrap_rate
from dashboard.queries.rates import bound_rate
from dashboard.queries.timeline import COLUMNS, THIN, count_timeline, count_voices, cut_cells
from dashboard.queries.voices import _holds
from tests.dashboard.conftest import needs_shared


def by_cell(table: pd.DataFrame, *columns: str) -> dict[Any, list[Any]]:
    """{(period, province): values of the columns}"""
    keys = zip(table["period"], table["province"], strict=True)
    return dict(zip(keys, table[list(columns)].values.tolist(), strict=True))


def test_releases_count_once_in_a_cell_however_many_copies(small_corpus: Corpus) -> None:
    table = count_timeline(small_corpus, Filters(), ["动态清零"], by=("period", "province"))
    assert list(table.columns) == COLUMNS
    assert by_cell(table, "n_documents", "n_releases", "n_with", "hits") == {
        ("2022-03", "江苏"): [1, 1, 1, 1],  # an interval within the month
        ("2022-03", "福建"): [3, 2, 1, 1],  # pa-1 and pb-1 are one release: its first copy's hits
        ("2022-03", None): [1, 1, 1, 3],
        ("2022-04", None): [1, 1, 1, 3],  # the same release, printed again in another month
        ("2022-05", "四川"): [2, 2, 1, 1],
        ("2022-11", "山西"): [2, 2, 1, 1],
    }
    assert table.attrs["n_undated"] == 2 and table.attrs["n_selected"] == 12
    assert table["n_units"].equals(table["n_releases"])


def test_a_release_counts_if_any_copy_holds_the_phrase(small_corpus: Corpus) -> None:
    table = count_timeline(small_corpus, Filters(), ["社会面清零"], by=("period", "province"))
    assert by_cell(table, "n_releases", "n_with", "hits")["2022-03", "福建"] == [2, 2, 2]


def test_copies_and_outlets(small_corpus: Corpus) -> None:
    copies = count_timeline(small_corpus, Filters(unit="copies"), ["动态清零"], by=("period", "province"))
    assert by_cell(copies, "n_units", "n_with", "hits")["2022-03", "福建"] == [3, 2, 3]
    outlets = count_timeline(small_corpus, Filters(unit="outlets"), ["动态清零"], by=())
    # Six named outlets and three documents without one; 某站, 山西日报, 新华社, 人民网, 福建日报, 东南网 hold it, and two unnamed.
    assert outlets[["n_units", "n_with", "hits"]].values.tolist() == [[9, 8, 13]]


def test_the_denominator_keeps_every_filter_but_the_phrase(small_corpus: Corpus) -> None:
    filters = Filters(provinces=("福建",), outlets=("福建日报",), date_from=date(2022, 3, 30))
    table = count_timeline(small_corpus, filters, ["动态清零", "无此语"], by=("period",))
    assert table[["phrase", "n_documents", "n_with"]].values.tolist() == [["动态清零", 1, 0], ["无此语", 1, 0]]
    assert table["share"].tolist() == [0, 0] and table["low"].tolist() == [0, 0]


def test_a_speaker_s_denominator_is_what_the_speaker_voices(small_corpus: Corpus) -> None:
    table = count_timeline(small_corpus, Filters(speakers=("林武",), unit="copies"), ["疫情"], by=())
    text = small_corpus.text(small_corpus.number("pd-1"))
    voiced = text.split("\n")[1].split("蓝")[0]
    assert table[["n_documents", "n_with", "hits", "n_chars"]].values.tolist() == [[1, 1, 1, len(voiced)]]


def test_voices_have_each_their_own_denominator(small_corpus: Corpus) -> None:
    table = count_voices(small_corpus, Filters(), ["动态清零"])
    found = {row.voice: (row.n_documents, row.n_releases, row.n_with, row.hits) for row in table.itertuples()}
    # pe-1 and pf-1 are one release of 习近平, 林武 says it once; 会议 in pa-1 and its copy; the paper in pb-1, pg-1, pi-1.
    assert found == {"leader": (4, 3, 2, 4), "meeting": (2, 1, 1, 1), "paper": (6, 6, 3, 3)}


def test_a_deputy_is_not_the_office() -> None:
    assert _holds("福建省委副书记、福建省省长", "省长") and _holds("省长", "省长")
    assert not _holds("福建省副省长", "省长") and not _holds("福建省委副书记", "书记")
    assert _holds("福建省副省长", "副省长")


def test_intervals_are_those_of_statsmodels(small_corpus: Corpus) -> None:
    table = count_timeline(small_corpus, Filters(period="year"), ["动态清零"], by=("period",))
    low, high = proportion_confint(table["n_with"], table["n_units"], method="wilson")
    np.testing.assert_allclose(table["low"], low, atol=1e-12)
    np.testing.assert_allclose(table["high"], high, atol=1e-12)
    assert (table["thin"] == (table["n_units"] < THIN)).all()


def test_a_year_takes_in_what_a_month_cannot(small_corpus: Corpus) -> None:
    month = count_timeline(small_corpus, Filters(), ["社会面清零"])
    year = count_timeline(small_corpus, Filters(period="year"), ["社会面清零"])
    assert month["n_documents"].sum() == 10 and year["n_documents"].sum() == 11
    assert (month.attrs["n_undated"], year.attrs["n_undated"]) == (2, 1)


@pytest.mark.parametrize(
    ("period", "names"),
    [
        ("day", ["2022-03-17", "2022-03-29", "2022-03-30", "2022-04-02", "2022-05-01", "2022-05-02", "2022-11-23", "2022-11-24"]),
        ("week", ["2022-W11", "2022-W13", "2022-W17", "2022-W18", "2022-W47"]),
        ("quarter", ["2022-Q1", "2022-Q2", "2022-Q4"]),
        ("year", ["2022"]),
    ],
)  # fmt: skip
def test_periods(small_corpus: Corpus, period: str, names: list[str]) -> None:
    assert count_timeline(small_corpus, Filters(period=period), ["x"])["period"].tolist() == names


def test_weeks_are_those_of_the_calendar() -> None:
    for day in pd.date_range("2018-12-20", "2021-01-20"):
        year, week, _ = day.isocalendar()
        monday = day - pd.Timedelta(days=day.weekday())
        assert name_period(np.datetime64(monday, "D"), "week") == f"{year}-W{week:02d}"


def test_nothing_counted_is_a_table_too(empty_corpus: Corpus, small_corpus: Corpus) -> None:
    for corpus, phrases in ((empty_corpus, ["动态清零"]), (small_corpus, [])):
        for by in ((), ("period",), ("province", "period"), ("outlet",)):
            table = count_timeline(corpus, Filters(), phrases, by, rate=True)
            assert table.empty and set(COLUMNS) <= set(table.columns)
    nobody = count_timeline(small_corpus, Filters(provinces=("西藏",)), ["动态清零"])
    assert nobody.empty


def test_an_unknown_cut_is_refused(small_corpus: Corpus) -> None:
    with pytest.raises(ValueError, match="cannot be cut by colour"):
        cut_cells(small_corpus, "month", ("colour",))


# --- Rates ------------------------------------------------------------------------------


def test_rates(small_corpus: Corpus) -> None:
    table = count_timeline(small_corpus, Filters(), ["动态清零"], by=(), rate=True, seed=4)
    row = table.iloc[0]
    assert row["rate"] == pytest.approx(1e4 * row["hits"] / row["n_chars"], rel=1e-12)
    assert row["rate_low"] < row["rate"] < row["rate_high"]
    again = count_timeline(small_corpus, Filters(), ["动态清零"], by=(), rate=True, seed=4)
    assert again.equals(table)


@pytest.mark.parametrize("share", [0.004, 0.05, 0.9])
def test_the_short_cut_for_many_documents_is_the_bootstrap(share: float) -> None:
    """Few holders, many holders: the interval is that of drawing every document, to 6 % of its width."""
    rng = np.random.default_rng(7)
    chars = rng.integers(200, 3000, 1500)
    hits = np.where(rng.random(1500) < share, rng.integers(1, 6, 1500), 0)
    _, low, high = bound_rate(hits, chars, 1)
    _, true_low, true_high = bootstrap_rate(hits, chars, draws=6000, seed=2)
    width = 1e4 * (true_high - true_low)
    assert abs(low - 1e4 * true_low) < 0.06 * width and abs(high - 1e4 * true_high) < 0.06 * width


@pytest.mark.parametrize(
    ("n", "holders", "trials", "covers"),
    [
        (6, None, 4000, (91, 95)),  # a thin cell: the spread of six is little to go by
        (14, None, 4000, (94, 96)), (60, None, 1000, (94, 96)), (240, None, 500, (94, 96)), (700, None, 4000, (94, 96)),
        (3000, None, 2000, (94, 96)), (150, 40, 800, (94, 96)), (1500, 40, 1000, (94, 96)), (1500, 120, 500, (94, 96)),
        (3000, 400, 2000, (94, 96)), (300, 12, 4000, (94, 96)), (2000, 12, 2000, (94, 96)),
        (2000, 5, 2000, (93, 96)), (300, 2, 4000, (94, 99)),  # two or five events: counts jump, and so does the cover
    ],
)  # fmt: skip
def test_the_interval_of_a_rate_covers_the_truth(n: int, holders: int | None, trials: int, covers: tuple[int, int]) -> None:
    """Corpora of n documents of unlike length; hits cluster in documents, or stand in `holders` of them. Per cent of
    corpora whose interval holds the true rate, for every way of `rates` and where they meet."""
    rng = np.random.default_rng(n)
    covered = 0
    for trial in range(trials):
        chars = rng.integers(300, 2501, n)
        if holders is None:
            hits, true = rng.poisson(chars * rng.gamma(2.0, 0.5, n) / 1000), 1 / 1000
        else:
            held = rng.random(n) < holders / n * chars / 1400
            hits, true = np.where(held, 1 + rng.poisson(0.8, n), 0), holders / n / 1400 * 1.8
        _, low, high = bound_rate(hits, chars, trial)
        covered += low <= 1e4 * true <= high
    assert covers[0] <= round(100 * covered / trials) <= covers[1]


def test_a_phrase_not_found_may_still_be_rare() -> None:
    rate, low, high = bound_rate(np.zeros(100, dtype=int), np.full(100, 1000), 0)
    assert (rate, low) == (0, 0) and high == pytest.approx(1e4 * -np.log(0.025) / 1e5)


# --- Change -----------------------------------------------------------------------------


def test_change_between_periods_is_newcombe(small_corpus: Corpus) -> None:
    first, second = (date(2022, 3, 1), date(2022, 3, 31)), (date(2022, 11, 1), date(2022, 11, 30))
    table = compare_periods(small_corpus, Filters(), ["疫情", "动态清零"], first, second)
    assert table["phrase"].tolist() == ["疫情", "动态清零"]
    for row in table.itertuples():
        low, high = confint_proportions_2indep(
            row.with_second, row.n_second, row.with_first, row.n_first, method="newcomb", compare="diff"
        )
        assert (row.low, row.high) == pytest.approx((low, high), abs=1e-9)
        assert row.difference == pytest.approx(row.share_second - row.share_first)
    by_province = compare_periods(small_corpus, Filters(), ["疫情"], first, second, by=("province",))
    assert by_province.set_index("province")["n_first"].to_dict()["山西"] == 0
    assert by_province["difference"].isna().all()  # no province has documents in both months
    assert by_province["thin"].all()


# --- Lines and counts -----------------------------------------------------------------------


def recount(corpus: Corpus, filters: Filters, query: str, by: Sequence[str]) -> dict[Any, tuple[int, int]]:
    """{cell: (hits, units that hold one)} from concordance lines alone, in the plainest way there is."""
    lines = list_lines(corpus, replace(filters, unit="copies"), query, width=0)
    documents = corpus.documents
    cells: dict[Any, dict[Any, dict[int, int]]] = {}
    for d in lines["d"]:
        row = documents.iloc[d]
        first, last = (row["event_date"],) * 2 if pd.notna(row["event_date"]) else (row["date_from"], row["date_to"])
        period = None
        if "period" in by:
            if pd.isna(first) or pd.isna(last):
                continue
            ends = [name_of(day, filters.period) for day in (first, last)]
            if ends[0] != ends[1]:
                continue
            period = ends[0]
        province = row["province"] if "province" in by and pd.notna(row["province"]) else None
        unit = {"copies": d, "releases": row["release_id"], "outlets": row["outlet"]}[filters.unit]
        counts = cells.setdefault((period, province), {}).setdefault(unit, {})
        counts[d] = counts.get(d, 0) + 1
    if filters.unit == "releases":
        return {cell: (sum(units[unit][min(units[unit])] for unit in units), len(units)) for cell, units in cells.items()}
    return {cell: (sum(sum(docs.values()) for docs in units.values()), len(units)) for cell, units in cells.items()}


def name_of(day: pd.Timestamp, period: str) -> str:
    year, week, _ = day.isocalendar()
    forms = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
    if period in forms:
        return day.strftime(forms[period])
    return f"{year}-W{week:02d}" if period == "week" else f"{day.year}-Q{(day.month + 2) // 3}"


def draw_query(corpus: Corpus, draw: random.Random) -> str:
    """A lexicon phrase, a family, a string of the text, a gap, alternatives or an expression, with few enough lines."""
    kind = draw.choice(("entry", "entry", "family", "string", "string", "string", "gap", "or", "near", "re"))
    pieces = []
    for _ in range(2):
        text = corpus.text(draw.randrange(corpus.n)).replace("\n", "")
        begin = draw.randrange(max(len(text) - 8, 1))
        piece = "".join(c for c in text[begin : begin + draw.choice((2, 2, 3, 4, 6))] if c.isalnum())
        pieces.append(piece or "疫情")
    left, right = pieces
    entry = corpus.phrases["phrase"].iloc[draw.randrange(len(corpus.phrases))]
    return {"entry": entry, "family": f"family:{entry}", "string": f'"{left}"', "gap": f"{left}*{right}",
            "or": f'"{left}" OR "{right}"', "near": f'"{left[:2]}" NEAR/9 "{right[:2]}"',
            "re": f"re:{left}|{right}.{{0,4}}"}[kind]  # fmt: skip


def draw_filters(corpus: Corpus, draw: random.Random) -> Filters:
    year = draw.choice((2018, 2020, 2022, 2022, 2022))
    month = draw.randrange(1, 13)
    return Filters(
        provinces=draw.choice(((), (), ("福建",), ("北京", "上海", "新疆"))),
        levels=draw.choice(((), (), ("centre",), ("province",))),
        outlets=draw.choice(((), (), ("央视网",), ("某报", "福建省"))),
        speakers=draw.choice(((), (), ("leader",), ("meeting", "paper"), ("习近平",))),
        date_from=draw.choice((None, date(year, month, 1))),
        date_to=draw.choice((None, date(2022, 12, 20))),
        unit=draw.choice(("releases", "copies", "outlets")),
        period=draw.choice(("day", "week", "month", "quarter", "year")),
    )


@needs_shared
def test_lines_add_up_to_the_count_in_every_cell(real_corpus: Corpus) -> None:
    """200 random phrases and filters on the evening news and the work reports."""
    draw = random.Random(20)
    n_lines = n_cells = n_opened = 0
    for _ in range(200):
        filters = draw_filters(real_corpus, draw)
        by = draw.choice((("period",), ("province",), ("period", "province"), ()))
        query = draw_query(real_corpus, draw)
        whole = list_lines(real_corpus, replace(filters, unit="copies"), query, width=0, limit=1)
        while whole.attrs["n_lines"] > 1500:  # all lines are written out below
            query = draw_query(real_corpus, draw)
            whole = list_lines(real_corpus, replace(filters, unit="copies"), query, width=0, limit=1)
        table = count_timeline(real_corpus, filters, [query], by)
        counted = {cell: tuple(values) for cell, values in by_cell(table, "hits", "n_with").items()}
        assert {cell: counts for cell, counts in counted.items() if counts[0]} == recount(real_corpus, filters, query, by), (
            query, filters, by)  # fmt: skip
        assert all((hits == 0) == (n_with == 0) for hits, n_with in counted.values())
        filled = [cell for cell, (hits, _) in counted.items() if hits]
        for period, province in draw.sample(filled, min(2, len(filled))):
            place = (province or NO_PROVINCE) if "province" in by else ""
            opened = list_cell_lines(real_corpus, filters, query, place, period or "")
            assert (len(opened), opened.attrs["n_with"]) == counted[period, province], (query, filters, period, province)
            n_opened += 1
        n_lines += whole.attrs["n_lines"]
        n_cells += len(table)
    assert n_lines > 5_000 and n_cells > 2_000 and n_opened > 100  # the draw was no empty exercise


@needs_shared
def test_denominators_are_the_documents_themselves(real_corpus: Corpus) -> None:
    table = count_timeline(real_corpus, Filters(period="month"), ["动态清零"], by=("period", "province"))
    documents = real_corpus.documents
    dated = documents["event_date"].fillna(documents["date_from"])
    month = dated.dt.strftime("%Y-%m")
    groups = documents.assign(month=month, province=documents["province"].fillna("")).dropna(subset="month")
    sizes = groups.groupby(["month", "province"]).agg(n=("doc_id", "size"), releases=("release_id", "nunique"))
    mine = table.assign(province=table["province"].fillna("")).set_index(["period", "province"])
    assert mine["n_documents"].to_dict() == sizes["n"].to_dict()
    assert mine["n_releases"].to_dict() == sizes["releases"].to_dict()
    assert table.attrs["n_undated"] == int(month.isna().sum()) > 0
