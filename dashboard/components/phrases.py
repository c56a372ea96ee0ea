"""Several phrases for a page: chosen from the lexicon, by family, or typed."""

from __future__ import annotations

from dashboard.components import url
from dashboard.components.query import explain_query
from dashboard.components.session import Session
from dashboard.queries.cells import suggest_phrases

#: More lines than colours that can be told apart are no chart.
MOST_PHRASES = 7
FAMILY = "family:"


def choose_phrases(session: Session) -> list[str]:
    """The phrases of the page, at most MOST_PHRASES: from the address, else those worth looking at first."""
    t = session.t
    lexicon = session.corpus.phrases
    heads = lexicon.loc[lexicon["family"].duplicated(keep=False) & (lexicon["family"] == lexicon["phrase_id"]), "phrase"]
    options = [*lexicon["phrase"].drop_duplicates(), *(FAMILY + head for head in heads)]
    return url.choose_many(
        "q", t("Phrases (choose, or type any words)"), options, lambda code: label_phrase(session, code, gloss=True),
        default=suggest_phrases(session.corpus, session.filters), max_selections=MOST_PHRASES,
        accept_new_options=True, placeholder=t("for instance 动态清零"),
        help=explain_query(session),
    )  # fmt: skip


def label_phrase(session: Session, code: str, *, gloss: bool = False) -> str:
    """A phrase as it is shown: with its English gloss in the English list, families marked as such."""
    head = code.removeprefix(FAMILY)
    name = session.t("{phrase} (family)").format(phrase=head) if code.startswith(FAMILY) else code
    if gloss and session.language == "en" and head == code:
        lexicon = session.corpus.phrases
        found = lexicon.loc[lexicon["phrase"] == code, "gloss_en"]
        if len(found) and found.iloc[0]:
            return f"{name} · {found.iloc[0]}"
    return name
