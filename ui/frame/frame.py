"""The frame around every lesson: menu, title, language switch, notes, style, and what a lesson ends with."""

from collections.abc import Mapping
from contextlib import ExitStack
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page
from streamlit.runtime.scriptrunner import get_script_run_ctx

from locales import _, once
from ui.frame import kept, language, network, paper, present, share, sharing, words

ROOT = Path(__file__).parents[2]
_TAB_ICON = f"data:image/svg+xml,{quote(Path(__file__).with_name('icon.svg').read_text(encoding='utf-8'))}"
_HERE = Path(__file__).parent
_ALL_LESSONS = _HERE.parent / "widgets" / "show.css"
_ONE_LESSON = sorted({*_HERE.parent.glob("*/*.css")} - {*_HERE.glob("*.css"), _ALL_LESSONS})
_CSS = "".join(
    file.read_text(encoding="utf-8")
    for file in (_HERE / "frame.css", _ALL_LESSONS, *_ONE_LESSON, _HERE / "embed.css")
)
_SCRIPT = "".join(
    Path(__file__).with_name(name).read_text(encoding="utf-8")
    for name in ("address.js", "show.js", "menu.js", "embed.js", "words.js", "connection.js")
)
_SCRIPT += paper.SCRIPT + present.SCRIPT
# Our style comes after Streamlit's own and before what a page brings. `app.py` puts both into the HTML of every page.
PAGE_HTML = (f"<style>{_CSS}</style>{paper.style()}", f"<script>{_SCRIPT}</script>")
"""What stands in the body of every page, before everything else and after it."""


@dataclass(frozen=True)
class Lesson:
    """One entry of the menu. `stem` names the file, the URL and the prefix of the page's parameters."""

    stem: str
    title: str
    icon: str
    question: str = ""


@dataclass
class _Run:
    """The state of the frame in one script run."""

    inside: bool = False
    page: str = ""
    notes: DeltaGenerator | None = None
    leave: ExitStack = field(default_factory=ExitStack)


_run: ContextVar[_Run] = ContextVar("_run")
_aside: ContextVar[DeltaGenerator | None] = ContextVar(
    "_aside", default=None
)  # of the lesson that is laid out


@once
def lessons() -> tuple[Lesson, ...]:
    """The lessons in the order of the menu, titles in the reader's language. The first is the home page.

    Those with a question are steps of the path, in this order everywhere; the others are references.
    """
    return (
        Lesson("home", _("Home"), ":material/home:"),
        Lesson("softmax", _("Softmax"), ":material/bar_chart:", _("How do scores become probabilities?")),
        Lesson(
            "loss",
            _("Loss"),
            ":material/trending_down:",
            _("How wrong is the model, and which way is better?"),
        ),
        Lesson(
            "linear_layer", _("Linear layer"), ":material/grid_view:", _("Where do the scores come from?")
        ),
        Lesson("training", _("Training"), ":material/play_circle:", _("How does a classifier learn?")),
        Lesson("hidden_layer", _("Hidden layer"), ":material/hub:", _("What can a straight border not do?")),
        Lesson(
            "images", _("Images"), ":material/image:", _("What does a linear classifier see in a picture?")
        ),
        Lesson("text", _("Text"), ":material/notes:", _("How does a model read?")),
        Lesson(
            "information", _("Information"), ":material/compress:", _("How many bits does a surprise carry?")
        ),
        Lesson("practice", _("Practice"), ":material/quiz:", _("Can you predict it?")),
        Lesson("slips", _("Common textbook errors"), ":material/rule:"),
        Lesson("glossary", _("Glossary"), ":material/menu_book:"),
    )


def path() -> list[Lesson]:
    """The lessons that follow one another, from Softmax to Practice."""
    return [lesson for lesson in lessons() if lesson.question]


def path_of(stem: str) -> Path:
    """The file of a lesson."""
    return ROOT / "pages" / f"{stem}.py"


def run() -> None:
    """The body of app.py: the menu, and the page that the reader is on."""
    language.settle()
    _run.set(_Run(inside=True))
    page = _navigation()
    st.set_page_config(page_title=f"{page.title} · Softmax Lab")
    page.run()
    close_page()  # in case the page did not call it


def open_page(stem: str, title: str | None = None) -> None:
    """First call of every page: its title (of the menu, if no other is given), the language switch and a place for notes.

    A fresh server runs the first page that is asked for without app.py, because Streamlit finds a folder
    named pages/. Then the menu is declared here and the run starts again, this time through app.py.
    """
    run = _run.get(None)
    if run is None or not run.inside:
        language.settle()
        if not _runs_alone():
            _navigation()
            st.rerun()
        _configure()
        st.html(f'<span class="lab-style"></span>{PAGE_HTML[0]}')
    sharing.begin(stem)
    if kept.waits():
        kept.mount("first")
        st.stop()  # the page runs when the browser has answered, and is not seen until then
    language.publish()
    present.begin()
    page = _page()
    shown = title or title_of(stem)
    with st.container(key="lab_head", horizontal=True, vertical_alignment="center"):
        st.title(shown, anchor=False)
        present.button()
        share.button()
        language.switch()
    _aside.set(None)
    _run.set(_Run(page=stem, notes=st.container(key="lab_notes"), leave=page))


def style(css: str) -> None:
    """Put a style on the page at once, so that nothing jumps.

    With an element beside it: Streamlit moves a style alone to the end of the page, where it comes after everything else.
    """
    st.html(f'<span class="lab-style"></span><style>{css}</style>')


def close_page() -> None:
    """Last call of every page: show the notes and bring the URL up to date. A second call does nothing."""
    run = _run.get(None)
    if run is None or run.notes is None:
        return
    box, run.notes = run.notes, None
    share.whole_page()
    paper.foot(network.server_host().name)
    shown = f"window.labShow?.(); window.labTranslate?.({words.as_script()}); window.labConnection?.({words.lost()});"
    notes = sharing.finish(language.html_lang(), _SCRIPT if _runs_alone() else "", shown)
    if notes:
        with box, st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.html(sharing.as_html(notes))
            st.button(_("Dismiss"), key="lab_dismiss", type="tertiary", on_click=sharing.dismiss_notes)
    run.leave.close()


def went_wrong(_error: Exception) -> bool:
    """Say that a page has failed, where it failed, in the reader's language; Streamlit, which would say it in English, need not.

    The address stays as it is: what the page had still to write into it is not known. The whole error is in the server's log.
    """
    run = _run.get(None)
    anew = "./" if run is None or run.page == "home" else f"./{run.page}"
    st.error(
        _(
            "Something went wrong here, and it is not your fault. Load the page again: your settings are in its address. If that does not help, [open it with the standard settings]({link})."
        ).format(link=anew)
    )
    # It may have failed before it was seen at all.
    st.html(
        '<span class="lab-style"></span><script>window.labShow?.();</script>', unsafe_allow_javascript=True
    )
    return True


def title_of(stem: str) -> str:
    """Return the title of a page in the menu; its name for one that is in none."""
    return next((lesson.title for lesson in lessons() if lesson.stem == stem), stem)


def link_to(stem: str, text: str, icon: str | None = None, query: Mapping[str, str] | None = None) -> None:
    """A link to a lesson, in the state that ``query`` describes; plain text where the page runs alone."""
    menu = lessons()
    place = [lesson.stem for lesson in menu].index(stem)
    lesson = menu[place]
    if _runs_alone():
        st.markdown(text)
    else:
        page = _pages(language.current())[place]
        st.page_link(page, label=text, icon=icon or lesson.icon, query_params=dict(query or {}))


def go_to(stem: str, query: Mapping[str, str]) -> None:
    """Go on with a lesson in the same session, in the state that ``query`` describes; nothing where the page runs alone."""
    if not _runs_alone():
        st.switch_page(path_of(stem), query_params=dict(query))


@dataclass(frozen=True)
class Places:
    """Where the parts of a lesson stand: the instrument, the card of challenges beside it, and the panel below.

    ``aside`` is the place beside the panel, below the card.
    """

    instrument: DeltaGenerator
    card: DeltaGenerator
    panel: DeltaGenerator
    aside: DeltaGenerator

    def reserve(self, height: int, narrow: int | None = None) -> None:
        """Keep ``height`` pixels, or ``narrow`` on a narrow screen, for the instrument until it has painted."""
        at_least = ".st-key-lab_instrument {{ min-height: {}px; }}"
        with self.instrument:
            style(
                f"{at_least.format(height)} @container (max-width: 48rem) {{ {at_least.format(narrow or height)} }}"
            )

    def panel_first(self, *, card_sticks: bool) -> None:
        """On a narrow screen the panel comes before the card, which keeps to the lower edge only if it ``card_sticks``."""
        first = ".st-key-lab_lesson > :has(> .st-key-lab_panel), .st-key-lab_lesson > .st-key-lab_panel { order: 0; }"
        stays = ".st-key-lab_side > :has(> .st-key-lab_card), .st-key-lab_side > .st-key-lab_card { position: static; }"
        with self.instrument:
            style(f"@container (max-width: 62.5rem) {{ {first} {'' if card_sticks else stays} }}")


def places(instrument_height: int = 0) -> Places:
    """Lay out a lesson so that instrument, challenges and panel are on one screen.

    On a phone they follow one another: instrument, card, panel, aside (before the card where it
    holds controls); the card keeps to the lower edge of the screen until its place has come. ``instrument_height`` in
    pixels is reserved until the instrument has painted, so that nothing jumps.
    """
    with st.container(key="lab_lesson"):
        instrument = st.container(key="lab_instrument")
        panel = st.container(key="lab_panel")
        with st.container(key="lab_side"):
            card, beside = st.container(key="lab_card"), st.container(key="lab_aside")
    parts = Places(instrument, card, panel, beside)
    _aside.set(beside)
    if instrument_height:
        parts.reserve(instrument_height)
    return parts


def put_aside(place: DeltaGenerator) -> None:
    """Let :func:`aside` lead to ``place``, on a page that is no lesson."""
    _aside.set(place)


def aside() -> DeltaGenerator:
    """Return the place for the words of a panel: beside it, below the card. Where there is none, the place of the call."""
    return _aside.get() or st.container()


def takeaway(sentence: str) -> None:
    """Keep the one thing to remember, closed because it answers challenges, and link to the lesson that follows."""
    with st.expander(_("In one sentence"), icon=":material/lightbulb:"):
        st.markdown(sentence)
    steps = path()
    stems = [lesson.stem for lesson in steps]
    page = _run.get(_Run()).page
    if page in stems[:-1]:
        following = steps[stems.index(page) + 1]
        link_to(
            following.stem,
            _("Next: {lesson}").format(lesson=following.title),
            icon=":material/arrow_forward:",
        )


def _page() -> ExitStack:
    """Enter the container of everything that a page draws.

    Streamlit draws elements as their code arrives, the style sheet among them. Without it the container is one pixel
    high, so that nothing of the page is seen in the wrong place; with it the page stays hidden until show.js finds
    that its parts stand.
    """
    leave = ExitStack()
    leave.enter_context(st.container(key="lab_page", height=1, border=False))
    return leave


def _configure() -> None:
    # The narrow layout is the one that Streamlit begins with: the style sheet alone widens it, so it changes once.
    st.set_page_config(page_title="Softmax Lab", page_icon=_TAB_ICON, layout="centered")


def _navigation() -> Page:
    # The tab's icon comes first: without one, the browser fetches the page's icon from fonts.gstatic.com.
    _configure()
    pages = list(map(copy, _pages(language.current())))  # `st.navigation` marks the one that runs
    return st.navigation(pages, position="hidden" if st.context.is_embedded else "top")


@cache
def _pages(_language: str) -> list[Page]:
    """Return the pages of the menu; to make one, Streamlit asks the disk for each part of its path."""
    return [
        st.Page(
            path_of(lesson.stem),
            title=lesson.title,
            icon=lesson.icon,
            url_path=lesson.stem,
            default=index == 0,
        )
        for index, lesson in enumerate(lessons())
    ]


def _runs_alone() -> bool:
    """Whether something other than app.py was started, as in `python -m streamlit run pages/softmax.py`."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is None or not _is_app(context.main_script_path)


@cache
def _is_app(script: str) -> bool:
    return Path(script).resolve() == ROOT / "app.py"
