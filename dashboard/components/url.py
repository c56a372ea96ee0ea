"""The address bar is the state: what is shown is what the link says, and the link says all of it.

Why not Streamlit's own binding of widgets to the URL: it writes labels, which change with
the language, and leaves out values equal to their default, so that a link would show
something else once a default changes. Here every parameter in use is written, as stable codes.

How it goes: `read_address` at the start of a run takes what the address says if a person
changed it (a link, the back button), else what the session held. Widgets get their value
from there and put it back; `write_address` writes all of it at the end of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

#: Parameters that hold on every page; all others belong to the page they were set on.
SHARED = ("lang", "province", "level", "outlet", "speaker", "from", "to", "unit", "period")
#: In an address that a link of ours leads to, until the page has written it out in full: Back is not to stop there.
UNFINISHED = "go"
#: A link is written by anybody: no longer value than this is read.
LONGEST_VALUE = 20_000

T = TypeVar("T")


def read_address(page: str) -> None:
    """Begin a run of `page` (its url path): decide which parameters hold."""
    state = st.session_state
    given = st.query_params.to_dict()
    asked = {name: value[:LONGEST_VALUE] for name, value in given.items() if name != UNFINISHED}
    view: dict[str, str] = state.get("view", {})
    turned = page != state.get("view_page")
    # A click in the bar turns the page with a bare address: then the shared parameters go along.
    if "view" not in state or (asked and (turned or asked != state.get("view_written"))):
        view = ({"lang": view["lang"]} if "lang" in view else {}) | asked
        state["view_turn"] = state.get("view_turn", 0) + 1
    elif turned:
        state.setdefault("view_kept", {})[state["view_page"]] = {k: v for k, v in view.items() if k not in SHARED}
        view = {k: v for k, v in view.items() if k in SHARED} | state["view_kept"].get(page, {})
        state["view_turn"] += 1
    state["view"], state["view_page"] = dict(view), page


def foresee_parameter(name: str) -> str:
    """What a parameter will be once `read_address` has run (which needs the page, which needs the language)."""
    asked = st.query_params.to_dict()
    if name in asked and asked != st.session_state.get("view_written"):
        return asked[name][:LONGEST_VALUE]
    return get_parameter(name)


def write_address() -> None:
    """End a run: write every parameter in use into the address bar."""
    view = {name: value for name, value in sorted(st.session_state["view"].items()) if value}
    if view != st.query_params.to_dict():
        st.query_params.from_dict(view)
    st.session_state["view_written"] = view


def get_parameter(name: str, default: str = "") -> str:
    """The value of a parameter, or the default where there is none."""
    return st.session_state.get("view", {}).get(name, "") or default


def put_parameter(name: str, value: str) -> None:
    """Set a parameter; an empty value takes it out of the address."""
    st.session_state.setdefault("view", {})[name] = value


def build_params(**changes: str) -> dict[str, str]:
    """The shared parameters with these changes: what a link to another page carries."""
    view = st.session_state.get("view", {})
    params = {name: view[name] for name in SHARED if view.get(name)}
    return {name: value for name, value in (params | changes | {UNFINISHED: "1"}).items() if value}


def reset_widgets() -> None:
    """Let the widgets take their values from the parameters again at the next run."""
    st.session_state["view_turn"] += 1


def key_of(name: str) -> str:
    """The key of the widget that holds a parameter; a new one whenever the address was changed from outside."""
    return f"{name}:{st.session_state.get('view_turn', 0)}"


def hold_first(name: str, value: T) -> T:
    """The value a widget is to be made with: the one of now when it appears, and that one as long as it lives.

    A widget made anew with another default is another widget to Streamlit, and forgets what was just chosen.
    """
    key = key_of(name)
    held = st.session_state.setdefault("view_held", {})
    if key not in st.session_state or key not in held:
        held[key] = value
    return held[key]


# --- Widgets that hold a parameter -----------------------------------------------------


def choose_one(
    name: str, label: str, options: Sequence[str], show: Callable[[str], str] = str, default: str | None = None,
    style: str = "segments", **settings: Any,
) -> str:
    """One of the options (stable codes), as segments, pills or a select box. A code unknown becomes the default.

    `show` gives the label of a code; it must be escaped for style "segments" (Markdown), and need not for "box".
    """
    first = default if default is not None else options[0]
    value = get_parameter(name, first)
    value = value if value in options else first
    if style == "box":
        chosen = st.selectbox(
            label, options, index=list(options).index(_known(name, value, options)), format_func=show, key=key_of(name), **settings
        )
    else:
        chosen = st.segmented_control(
            label, options, default=_known(name, value, options), required=True, format_func=show, key=key_of(name), **settings
        )
    chosen = chosen if chosen in options else first
    put_parameter(name, chosen)
    return chosen


def choose_many(
    name: str, label: str, options: Sequence[str], show: Callable[[str], str] = str, default: Sequence[str] = (),
    **settings: Any,
) -> list[str]:
    """Several of the options, comma separated in the address; with accept_new_options also what is not among them."""
    given = [read_value(item) for item in get_parameter(name).split(",") if item] or list(default)
    free = bool(settings.get("accept_new_options"))
    values = [value for value in dict.fromkeys(given) if free or value in options]
    most = settings.get("max_selections")
    if isinstance(most, int):
        values = values[:most]
    first = [value for value in hold_first(name, values) if free or value in options]
    known = list(options) + [value for value in dict.fromkeys([*first, *values]) if value not in options]
    chosen = st.multiselect(label, known, default=first, format_func=show, key=key_of(name), **settings)
    put_parameter(name, ",".join(write_value(value) for value in chosen))
    return list(chosen)


def choose_several(
    name: str, label: str, options: Sequence[str], show: Callable[[str], str] = str, default: Sequence[str] = (),
    **settings: Any,
) -> list[str]:
    """Several of a few options as pills; none chosen is written as 0, so that a link says so."""
    given = get_parameter(name)
    values = [value for value in given.split(",") if value in options] if given else list(default)
    chosen = st.pills(
        label, options, selection_mode="multi", default=hold_first(name, values), format_func=show, key=key_of(name),
        label_visibility="collapsed", **settings,
    )  # fmt: skip
    put_parameter(name, ",".join(chosen) or "0")
    return list(chosen)


def open_tabs(name: str, labels: Mapping[str, str]) -> tuple[str, DeltaGenerator]:
    """Tabs by code; returns the code of the one that is open and its container. Only that one need be filled.

    Labels must be escaped (they are Markdown).
    """
    codes = list(labels)
    value = get_parameter(name, codes[0])
    value = value if value in labels else codes[0]
    tabs = st.tabs([labels[code] for code in codes], default=labels[_known(name, value, codes)], key=key_of(name), on_change="rerun")
    opened = next((code for code, tab in zip(codes, tabs, strict=True) if tab.open), value)
    put_parameter(name, opened)
    return opened, tabs[codes.index(opened)]


def type_text(name: str, label: str, default: str = "", most: int = 200, **settings: Any) -> str:
    """A line of text."""
    value = get_parameter(name, default)[:most]
    typed = st.text_input(label, hold_first(name, value), max_chars=most, key=key_of(name), **settings) or ""
    put_parameter(name, typed)
    return typed


def choose_number(name: str, label: str, default: int, least: int, most: int, **settings: Any) -> int:
    """A whole number between `least` and `most`."""
    given = get_parameter(name)
    value = int(given) if given.isascii() and given.lstrip("-").isdigit() else default
    value = min(max(hold_first(name, value), least), most)
    chosen = st.number_input(label, min_value=least, max_value=most, value=value, step=1, key=key_of(name), **settings)
    put_parameter(name, str(int(chosen)))
    return int(chosen)


def switch(name: str, label: str, default: bool = False, **settings: Any) -> bool:
    """A switch, 1 or 0 in the address."""
    value = get_parameter(name, "1" if default else "0") == "1"
    chosen = st.toggle(label, hold_first(name, value), key=key_of(name), **settings)
    put_parameter(name, "1" if chosen else "0")
    return bool(chosen)


def choose_day(name: str, label: str, least: date, most: date, default: date | None = None) -> date | None:
    """A day, or none."""
    try:
        given: date | None = date.fromisoformat(get_parameter(name))
    except ValueError:
        given = default
    value = hold_first(name, given)
    if value is not None:
        least, most = min(least, value), max(most, value)
    chosen = st.date_input(label, value, min_value=least, max_value=most, format="YYYY-MM-DD", key=key_of(name))
    put_parameter(name, chosen.isoformat() if isinstance(chosen, date) else "")
    return chosen if isinstance(chosen, date) else None


def _known(name: str, value: str, options: Sequence[str]) -> str:
    """As hold_first, but never an option there is no more."""
    first = hold_first(name, value)
    return first if first in options else value


def write_value(value: str) -> str:
    """A value that may hold the comma that stands between values.

    >>> write_value("外防输入,内防反弹")
    '外防输入%2C内防反弹'
    """
    return value.replace("%", "%25").replace(",", "%2C")


def read_value(value: str) -> str:
    """The inverse of write_value."""
    return value.strip().replace("%2C", ",").replace("%25", "%")
