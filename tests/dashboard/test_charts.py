"""The figures say what the tables say: values, intervals, gaps, thin cells, labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.charts.barcode import draw_barcodes
from dashboard.charts.change import draw_change
from dashboard.charts.comparison import draw_comparison
from dashboard.charts.geofacet import draw_geofacet
from dashboard.charts.keyness import draw_keyness
from dashboard.charts.network import draw_network, lay_out
from dashboard.charts.order import draw_career, draw_order
from dashboard.charts.overlay import add_overlays
from dashboard.charts.palette import measure_contrast, read_palette, spread_labels
from dashboard.charts.timeline import draw_timeline, fill_periods, find_main_span, place_period
from dashboard.filters import Filters
from dashboard.names import PROVINCE_NAMES
from dashboard.queries.timeline import count_timeline
from data_prep.schema import PROVINCES

PALETTE = read_palette("light")


def say(message: str) -> str:
    return message


def make_table(periods: list[str], units: list[int], shares: list[float], phrase: str = "甲") -> pd.DataFrame:
    share = np.array(shares)
    return pd.DataFrame({
        "period": periods, "phrase": phrase, "share": share, "low": share / 2, "high": np.minimum(1, share * 1.5),
        "n_with": (share * units).astype(int), "n_units": units, "hits": 3, "thin": np.array(units) < 5,
        "n_documents": units,
    })  # fmt: skip


def months(n: int, begin: str = "2020-01") -> list[str]:
    return [str(period) for period in pd.period_range(begin, periods=n, freq="M")]


def test_a_line_breaks_where_no_document_is() -> None:
    periods = [month for month in months(16) if month != "2020-05"]
    figure = draw_timeline(make_table(periods, [10] * 15, [0.3] * 15), ["甲"], {"甲": "甲"}, PALETTE, say)
    line = next(trace for trace in figure.data if trace.name == "甲")
    assert len(line.x) == 16
    assert line.y[4] is None or np.isnan(line.y[4])
    assert line.connectgaps is False
    assert line.y[0] == pytest.approx(30)


def test_thin_cells_are_hollow() -> None:
    figure = draw_timeline(make_table(months(12), [3, *[10] * 11], [0.3] * 12), ["甲"], {"甲": "甲"}, PALETTE, say)
    colours = next(trace for trace in figure.data if trace.name == "甲").marker.color
    assert colours[0] == PALETTE.background
    assert colours[1] != PALETTE.background


def test_few_periods_are_points_beside_one_another() -> None:
    table = pd.concat([make_table(["2020-02", "2022-03"], [4, 9], [0.5, 0.2], phrase) for phrase in "甲乙"])
    figure = draw_timeline(table, ["甲", "乙"], {"甲": "甲", "乙": "乙"}, PALETTE, say)
    first, second = figure.data
    assert first.mode == "markers"
    assert set(first.x).isdisjoint(second.x), "points of two phrases must not hide one another"
    assert first.error_y.array == pytest.approx((25, 10))
    assert figure.layout.xaxis.ticktext == ("2020-02", "2022-03")


def test_stray_years_do_not_press_the_rest_into_a_corner() -> None:
    table = make_table(["1921-05", *months(24, "2021-01")], [1, *[50] * 24], [0.1] * 25)
    assert find_main_span(table) == ("2021-01", "2022-12")
    figure = draw_timeline(table, ["甲"], {"甲": "甲"}, PALETTE, say)
    assert min(day for trace in figure.data for day in trace.x if day) == "2021-01-01"
    assert find_main_span(make_table(months(24), [50] * 24, [0.1] * 24)) is None


def test_provinces_are_drawn_over_the_same_stretch() -> None:
    whole = make_table(["2000-01", *months(24), "2030-01"], [1, *[9] * 24, 1], [0.5] * 26)
    parts = pd.concat([whole.assign(province=name, n_units=whole["n_units"].map({1: n == 0, 9: 3}).astype(int))
                       for n, name in enumerate(("福建", "江苏", "山西"))])  # fmt: skip
    assert parts.groupby("period")["n_units"].sum().tolist() == whole["n_units"].tolist()
    assert find_main_span(parts) == find_main_span(whole) == ("2020-01", "2021-12")


@pytest.mark.parametrize(
    ("given", "filled"),
    [
        (["2021", "2023"], ["2021", "2022", "2023"]),
        (["2021-Q4", "2022-Q2"], ["2021-Q4", "2022-Q1", "2022-Q2"]),
        (["2022-W01", "2022-W05"], ["2022-W01", "2022-W05"]),
        ([], []),
    ],
)
def test_periods_are_filled(given: list[str], filled: list[str]) -> None:
    assert fill_periods(given) == filled


@pytest.mark.parametrize(
    ("period", "day"),
    [("2022", "2022-01-01"), ("2022-03", "2022-03-01"), ("2022-03-29", "2022-03-29"), ("2020-W53", "2020-12-28")],
)
def test_a_period_begins_on_its_first_day(period: str, day: str) -> None:
    assert place_period(period) == day


@pytest.mark.parametrize("seed", range(5))
def test_labels_keep_apart_and_in_order(seed: int) -> None:
    values = np.random.default_rng(seed).random(7)
    places = spread_labels(values.tolist(), 0.1)
    order = np.argsort(values)
    assert (np.diff(np.array(places)[order]) >= 0.1 - 1e-6).all()


def test_bars_carry_their_interval_and_n() -> None:
    table = make_table(["x", "y"], [3, 40], [0.5, 0.25]).assign(key=["福建", "山西"], label=["福建", "山西"])
    figure = draw_comparison(table, PALETTE, say)
    bar = figure.data[0]
    assert list(bar.y) == ["山西", "福建"], "the largest stands on top"
    assert bar.x == pytest.approx((25, 50))
    assert bar.marker.pattern.shape == ("", "/"), "a thin cell is hatched"
    assert {annotation.text for annotation in figure.layout.annotations} >= {"1/3", "10/40"}


def test_every_chart_of_real_counts(small_corpus) -> None:
    """The figures are drawn from what the queries give, in both themes, and are valid JSON."""
    filters = Filters()
    phrases = ["动态清零", "社会面清零"]
    for theme in ("light", "dark"):
        palette = read_palette(theme)
        over_time = count_timeline(small_corpus, filters, phrases)
        labels = {phrase: phrase for phrase in phrases}
        assert draw_timeline(over_time, phrases, labels, palette, say, source="x").to_json()
        both = count_timeline(small_corpus, filters, phrases[:1], ("period", "province"))
        places = {name: (name, PROVINCE_NAMES[name].row, PROVINCE_NAMES[name].column) for name in PROVINCES}
        assert draw_geofacet(both, places, palette, say, source="x").to_json()


def test_an_overlay_gets_its_own_panel() -> None:
    figure = draw_timeline(make_table(months(12), [10] * 12, [0.3] * 12), ["甲"], {"甲": "甲"}, PALETTE, say)
    series = pd.DataFrame({"period": ["2019-01", "2020-02"], "value": [1.0, 44.0]})
    outside = pd.DataFrame({"period": ["1999-01"], "value": [1.0]})
    cases = pd.DataFrame({"period": ["2020-03"], "value": [9000.0]})
    assert add_overlays(figure, [(series, "指数"), (outside, "无"), (cases, "病例")], PALETTE) == [1, 0, 1]
    first, second = figure.data[-2:]
    assert (first.yaxis, second.yaxis) == ("y2", "y3"), "an axis each, none for a series with nothing to draw"
    assert list(first.x) == ["2020-02-01"], "what lies outside the timeline is not drawn"
    domains = [figure.layout[name].domain for name in ("yaxis", "yaxis2", "yaxis3")]
    assert domains[0][0] > domains[1][1] > domains[1][0] > domains[2][1], "panels below one another, never two scales in one"


def test_an_overlay_stands_below_few_periods_too() -> None:
    table = make_table(["2020-02", "2022-03"], [9, 9], [0.1, 0.2])
    figure = draw_timeline(table, ["甲"], {"甲": "甲"}, PALETTE, say)
    series = pd.DataFrame({"period": ["2022-03", "2022-04"], "value": [7.0, 8.0]})
    assert add_overlays(figure, [(series, "指数")], PALETTE) == [1]
    assert (list(figure.data[-1].x), list(figure.data[-1].y)) == ([1], [7.0])


def test_names_at_the_ends_stay_apart_at_the_top() -> None:
    tables = [make_table(months(12), [10] * 12, [1.0] * 12, phrase) for phrase in "甲乙丙"]
    figure = draw_timeline(pd.concat(tables), list("甲乙丙"), {p: p for p in "甲乙丙"}, PALETTE, say)
    places = sorted(note.y for note in figure.layout.annotations if note.yref == "y domain")
    assert len(places) == 3 and places[-1] <= 1
    assert min(np.diff(places)) >= 0.079


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("level", [0, 0.05, 0.33, 0.5, 0.55, 0.66, 0.71, 0.95, 1.0])
def test_words_on_every_step_of_the_scale_can_be_read(theme: str, level: float) -> None:
    paper, ink = read_palette(theme).shade(level)
    assert measure_contrast(ink, paper) >= 4.5


def test_a_small_timeline_breaks_where_no_document_is() -> None:
    both = pd.DataFrame({"province": "福建", "period": ["2020-01", "2020-02", "2020-05"], "share": [1.0, 0.5, 0.2],
                         "n_with": [9, 5, 2], "n_units": 10})  # fmt: skip
    figure = draw_geofacet(both, {"福建": ("福建", 0, 0)}, PALETTE, say)
    line = figure.data[-1]
    assert [value is None or np.isnan(value) for value in line.y] == [False, False, True, True, False]
    assert figure.layout.yaxis.range[1] < 105, "no share is above 100 %"


def test_order_puts_the_first_on_top_and_marks_few_meetings() -> None:
    table = pd.DataFrame({
        "period": ["2022-01", "2022-01", "2022-03"], "person_id": ["a", "b", "a"], "label": ["甲", "乙", "甲"],
        "mean_place": [1.2, 1.8, 1.0], "n_meetings": [6, 6, 2],
    })  # fmt: skip
    figure = draw_order(table, PALETTE, say)
    low, high = figure.layout.yaxis.range
    assert low > high, "1 is on top"
    line = next(trace for trace in figure.data if trace.name == "甲")
    assert line.y[0] == 1.2 and np.isnan(line.y[1]) and line.y[2] == 1.0
    assert line.marker.color[0] != PALETTE.background == line.marker.color[2]
    assert list(figure.layout.xaxis.ticktext) == ["2022-01", "2022-02", "2022-03"], "each period once"
    assert len({round(x - place, 6) for trace in figure.data for place, x in enumerate(trace.x)}) == 2, "persons beside one another"


def test_no_two_of_ten_persons_look_alike() -> None:
    """Single points have no line that could tell them apart: colour and mark must."""
    people = [f"p{number}" for number in range(10)]
    table = pd.DataFrame({"period": "2022-03", "person_id": people, "label": people, "mean_place": 1.0, "n_meetings": 6})
    figure = draw_order(table, PALETTE, say)
    assert len({(trace.line.color, trace.marker.symbol) for trace in figure.data}) == len(people)


def test_order_over_a_long_time_stands_on_an_axis_of_days() -> None:
    table = pd.DataFrame({
        "period": months(12), "person_id": "a", "label": "甲", "mean_place": 1.0, "n_meetings": 6,
    })  # fmt: skip
    figure = draw_order(table, PALETTE, say)
    assert figure.layout.xaxis.type == "date" and figure.data[0].x[0] == "2020-01-01"


@pytest.mark.parametrize("lines", [0, 2, 3, 5])
def test_a_career_of_one_office_has_room_for_its_bar(lines: int) -> None:
    """The source below takes as much as it needs; a bar with its name above needs 35 pixels all the same."""
    table = pd.DataFrame({
        "label": ["省长"], "first_date": pd.to_datetime(["2020-01-01"]), "last_date": pd.to_datetime(["2020-01-03"]), "n_releases": [3],
    })  # fmt: skip
    layout = draw_career(table, PALETTE, say, source="<br>".join(["来源"] * lines)).layout
    assert layout.height - layout.margin.t - layout.margin.b >= 35


def test_a_career_has_a_bar_an_office() -> None:
    table = pd.DataFrame({
        "label": ["省长", "书记", "某职"], "first_date": pd.to_datetime(["2020-01-01", "2021-05-01", None]),
        "last_date": pd.to_datetime(["2021-04-01", "2022-05-01", None]), "n_releases": [3, 9, 1],
    })  # fmt: skip
    figure = draw_career(table, PALETTE, say)
    assert list(figure.data[0].x) == ["2020-01-01", "2021-04-01", None, "2021-05-01", "2022-05-01", None]
    labels = [note for note in figure.layout.annotations if "(" in note.text]
    assert len(labels) == 2, "an office of no known day has no bar"
    assert [(note.x, note.xanchor) for note in labels] == [("2020-01-01", "left"), ("2022-05-01", "right")], "each beside its bar, within"
    assert figure.layout.xaxis.range[0] < "2020-01-01" and figure.layout.xaxis.range[1] > "2022-05-01"
    bounded = table.assign(earliest=pd.to_datetime([None, None, "2020-06-01"]), latest=pd.to_datetime([None, None, "2020-06-20"]))
    figure = draw_career(bounded, PALETTE, say)
    dotted = next(trace for trace in figure.data if trace.mode == "lines" and trace.line.dash == "dot")
    assert list(dotted.x) == ["2020-06-01", "2020-06-20", None] and dotted.y[0] == 1, "in the order of time"
    hollow = [trace for trace in figure.data if trace.mode == "markers" and trace.marker.color == PALETTE.background]
    assert [list(trace.x) for trace in hollow] == [["2020-06-01"], ["2020-06-20"]]
    assert draw_career(table.iloc[2:], PALETTE, say).to_json()


def test_change_is_hollow_where_the_interval_holds_nought() -> None:
    table = pd.DataFrame({
        "label": ["a", "b"], "difference": [0.2, 0.05], "low": [0.1, -0.1], "high": [0.3, 0.2], "with_first": 1,
        "n_first": 9, "with_second": 3, "n_second": 9, "thin": [False, True],
    })  # fmt: skip
    points = draw_change(table, PALETTE, say).data[0]
    assert list(points.y) == ["b", "a"]
    assert points.marker.color[0] == PALETTE.background
    assert points.marker.color[1] == PALETTE.contrast
    assert points.marker.symbol == ("square", "circle")


def test_keyness_names_the_surest() -> None:
    table = pd.DataFrame({
        "item": ["福建", "山西", "的"], "label": ["福建", "山西", "的"], "log_ratio": [3.0, -3.0, 0.1],
        "log_likelihood": [90.0, 80.0, 0.5], "conservative_log_ratio": [1.0, -1.0, 0.0], "n_target": 5, "n_reference": 5,
    })  # fmt: skip
    figure = draw_keyness(table, PALETTE, say)
    assert {annotation.text for annotation in figure.layout.annotations} == {"福建", "山西"}
    assert [len(trace.x) for trace in figure.data] == [1, 1, 1]


def test_a_network_is_laid_out_alike_every_time() -> None:
    ids, edges = list("abcdef"), [("a", "b", 3.0), ("c", "d", 1.0), ("a", "c", 1.0)]
    place = lay_out(ids, edges)
    assert place == lay_out(ids, edges)
    near = np.hypot(*np.subtract(place["a"], place["b"]))
    far = np.hypot(*np.subtract(place["b"], place["f"]))
    assert near < far, "what is joined stands closer than what is not"
    nodes = pd.DataFrame({"id": ids, "label": ids, "group": ["x", "x", "y", "y", "y", "z"], "size": range(1, 7)})
    figure = draw_network(nodes, pd.DataFrame(edges, columns=["a", "b", "weight"]), PALETTE, say)
    assert [trace.name for trace in figure.data if trace.showlegend is not False] == ["y", "z", "x"], "groups alone have names"


def test_names_in_a_network_do_not_lie_on_one_another() -> None:
    ids = [f"n{number}" for number in range(24)]
    edges = [(a, b, 5.0) for a in ids[:12] for b in ids[:12] if a < b]
    place = np.array(list(lay_out(ids, edges).values()))
    assert place.min() >= 0 and place.max() <= 1
    apart = np.abs(place[:, None] - place[None])
    on_another = (apart[..., 0] < 0.045) & (apart[..., 1] < 0.06)  # two characters of 13 pixels beside a point, a line above one
    assert not on_another[~np.eye(len(ids), dtype=bool)].any()


def test_a_barcode_strokes_every_hit() -> None:
    table = pd.DataFrame({"doc_id": ["p1-1", "p2-1"], "label": ["甲", "乙"], "hits": [2, 1], "shares": [[0.1, 0.9], [0.5]]})
    strokes = draw_barcodes(table, PALETTE, say).data[0]
    assert strokes.x == pytest.approx((10, 90, 50))
    assert list(strokes.y) == [0, 0, 1]
    axis = draw_barcodes(table, PALETTE, say).layout.xaxis
    assert (axis.ticktext[0], axis.ticktext[-1]) == ("0%", "100%"), "both ends are named"
