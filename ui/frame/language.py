"""Which language this reader sees: `?lang=`, else what they chose, else their browser, else English."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import locales
from locales import _
from ui.frame import sharing
from ui.frame.run_cache import cached_in_run, drop_cached

KEY = "lang"
_CHOSEN = "_lang_chosen"
_SWITCH = "lab_language"
_HTML_LANG = {"en": "en", "zh": "zh-CN"}


def current() -> str:
    """Code of the language of the session that is running; English outside any session."""
    return cached_in_run(KEY, _look_up)


def _look_up() -> str:
    if get_script_run_ctx(suppress_warning=True) is None:
        return locales.SOURCE_LANGUAGE
    code = st.session_state.get(KEY)
    return code if code in locales.languages else _from_browser()


def html_lang() -> str:
    """The value for `<html lang>`: hyphenation, quotes and screen readers depend on it."""
    return _HTML_LANG[current()]


def settle() -> None:
    """Decide the language, once per session, before the first message is translated."""
    drop_cached(KEY)  # it can only have changed at the start of a run
    if KEY in st.session_state:
        return
    asked = st.query_params.get(KEY)
    st.session_state[_CHOSEN] = asked in locales.languages
    st.session_state[KEY] = asked if asked in locales.languages else _from_browser()
    drop_cached(KEY)
    if asked is not None and not st.session_state[_CHOSEN]:
        shown = locales.languages[current()]
        sharing.report(KEY, asked, lambda: (_("language"), shown))


def publish() -> None:
    """Keep a chosen language in the URL; one that the browser asked for stays out of it."""
    sharing.publish(KEY, current() if st.session_state.get(_CHOSEN) else None)


def switch() -> None:
    """The control that changes the language and nothing else.

    Its value is set in every run: left to Streamlit, it is sent to the browser only when it changes, and the control of
    a page that is opened later shows no language at all.
    """
    st.session_state[_SWITCH] = current()
    st.segmented_control(
        _("Language"),
        list(locales.languages),
        key=_SWITCH,
        format_func=locales.languages.__getitem__,
        required=True,
        label_visibility="collapsed",
        on_change=_choose,
    )


def _choose() -> None:
    st.session_state[KEY] = st.session_state[_SWITCH]
    st.session_state[_CHOSEN] = True


def _from_browser() -> str:
    tag = st.context.locale or ""
    code = tag.replace("_", "-").split("-")[0].lower()
    return code if code in locales.languages else locales.SOURCE_LANGUAGE


locales.use(current)
