"""The names of rules (of evidence, of repairs, of what was left out) in words.

A rule that has no words here is shown by its own name, so that a new one is never hidden.
"""

from __future__ import annotations

from dashboard.components.session import Session


def say_rule(session: Session, rule: str) -> str:
    """A rule in the reader's language."""
    t = session.t
    known = {
        # why a date or place was given
        "address": t("address in the page"), "agency": t("agency named"), "byline": t("byline"),
        "city_named": t("city named"), "county_named": t("county named"), "credit": t("credit line"),
        "dated_term_first": t("term not used before"), "dated_term_last": t("term not used after"),
        "dateline": t("dateline"), "day_word": t("day in the text"), "file_name": t("file name"),
        "folder": t("name of the folder"), "metadata": t("metadata of the page"),
        "five_years": t("five-year term of the report"), "fixed_form": t("fixed short form"),
        "full_date": t("full date"), "furniture": t("words around the article"), "headline_place": t("place in the headline"),
        "holder": t("who held the office"), "imprint": t("imprint of the page"), "item_name": t("name of the item"),
        "just_published": t("published shortly before"), "neighbour": t("article beside it"),
        "newest_plenum": t("newest plenum named"), "ordinal": t("anniversary or edition counted"),
        "ordinal_first": t("anniversary or edition to come"), "ordinal_year": t("anniversary of this year"),
        "dated_term_times": t("times of a term"), "festival_day": t("day of a festival"),
        "festival_holiday": t("festival holiday"), "festival_about": t("days about a festival"),
        "rising_count": t("count that only rises"), "sitting_counted": t("number of a sitting"),
        "relations": t("years of diplomatic relations"), "mission": t("space mission"), "congress_sits": t("sitting of the congress"),
        "congress_passed_on": t("weeks after the congress"), "plenum_passed_on": t("months after the plenum"),
        "organ": t("organ named"),
        "organ_in_lead": t("organ in the first sentence"), "outlet": t("where the outlet is"),
        "override": t("correction by a reader"), "owner": t("owner of the site"), "own_centre": t("“our country”, “the Party centre”"),
        "own_city": t("“our city”"), "own_county": t("“our county”"), "own_province": t("“our province”"),
        "page": t("whole page"), "phrase_first": t("phrase not used before"), "phrase_last": t("phrase not used after"),
        "place_named": t("place named"), "plan_heading": t("heading of next year’s plan"),
        "plenum_named": t("plenum named"), "plenums_listed": t("plenums listed"), "published": t("day of publication"),
        "report_season": t("season of the reports"), "review_heading": t("heading of last year’s review"),
        "session": t("session"), "session_held": t("session being held"), "session_named": t("session named"),
        "session_recent": t("session just held"), "source": t("source named"), "speaker": t("who speaks"),
        "stated_day": t("day stated"), "title_year": t("year in the title"), "weekday": t("weekday"),
        "copy": t("another copy of the release"),
        # what was mended
        "pinyin_annotation": t("pinyin annotation taken out"), "byte_shift": t("shifted bytes read again"),
        "from_copy": t("filled from another copy"), "unrepaired": t("left as found"),
        "utf8_as_gbk": t("UTF-8 that was read as GBK"), "utf8_as_latin": t("UTF-8 that was read as Latin-1"),
        "lost_text": t("text lost for good"), "undecodable_bytes": t("bytes that are no character"),
        "html_entity": t("HTML entity"), "zero_width": t("character without width"),
        "control_character": t("control character"), "kangxi_radical": t("radical in place of a character"),
        "compatibility_form": t("compatibility form"), "mixed_width": t("full- and half-width mixed"),
        "doubled_sign": t("doubled sign"), "lost_sign": t("lost sign put back"), "spam_line": t("line of spam"),
        # what was left out
        "banner": t("banner"), "caption": t("caption"), "contents": t("table of contents"), "copyright": t("copyright notice"),
        "counter": t("counter of the site"), "editor": t("editors named"), "headlines": t("other headlines"),
        "link": t("link"), "navigation": t("navigation"), "ornament": t("ornament"), "share": t("share buttons"),
        "stray": t("line strayed from a neighbour"),
    }  # fmt: skip
    return known.get(rule, rule.replace("_", " "))
