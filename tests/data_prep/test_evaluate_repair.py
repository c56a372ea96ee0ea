"""The evaluation of repair runs, its counts are right, and a bounded sample stays below the bars."""

from __future__ import annotations

from data_prep.repair import repair_text
from tests.eval.evaluate_repair import count_false, find_falls, read_clean, score_damage, score_page


def test_page_is_scored_as_counted_by_hand() -> None:
    score = score_page("福建日?qǐng)?bào)記(jì)者", "福建日報記者", repair_text("福建日?qǐng)?bào)記(jì)者"))
    assert (score.n_chars, score.n_wrong, score.n_edits, score.n_right, score.n_unread) == (6, 0, 1, 1, 0)
    wrong = score_page("福建日?qǐng)?bào)記者", "福建日期記者", repair_text("福建日?qǐng)?bào)記者"))
    assert (wrong.n_wrong, wrong.n_edits, wrong.n_right) == (1, 1, 0)


def test_sample_stays_below_the_bars() -> None:
    _, texts = read_clean()
    score = score_damage(texts, "stops", n_pages=12, seed=77)
    assert score.n_damaged / score.n_chars > 0.004  # the damage is worth the name
    assert score.n_wrong / score.n_chars <= 0.002
    assert score.n_right >= 0.95 * score.n_edits > 0
    assert count_false(texts[:12]) == 0


def test_a_score_that_fell_is_named() -> None:
    pinned = {"stops": {"error": 0.001, "right": 0.98}}
    assert find_falls({"stops": {"error": 0.001, "right": 0.98}}, pinned) == []
    assert len(find_falls({"stops": {"error": 0.002, "right": 0.97}}, pinned)) == 2
