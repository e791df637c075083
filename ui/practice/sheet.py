"""The practice sheet: a question as the learner meets it, what was answered, the score, the print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from locales import _
from ui import escape
from ui.frame import frame, language
from ui.practice.questions import KINDS, Kind, Question
from ui.practice.questions.base import LONGEST, parse
from ui.practice.questions.words import plain
from ui.widgets.show import table

_MARKS = "practice_marks"
_REFUSED = "practice_refused"


@dataclass(frozen=True)
class Mark:
    """What the learner answered to one question; None where the solution was asked for instead."""

    value: float | None
    right: bool


def marks() -> dict[tuple[int, str], Mark]:
    """Return the answers of this session, by sheet and kind."""
    by_question: dict[tuple[int, str], Mark] = st.session_state.setdefault(_MARKS, {})
    return by_question


def forget() -> None:
    """Empty the score of this session."""
    st.session_state[_MARKS] = {}


def score(seed: int, place: int | None) -> None:
    """Show the score of this sheet and of the session; ``place`` is the question on the screen, if it is one."""
    of_session = marks()
    of_sheet = [of_session.get((seed, kind.code)) for kind in KINDS]
    dots = "".join(
        f'<span class="lab-step {_step_class(mark, i + 1 == place)}">{i + 1}</span>'
        for i, mark in enumerate(of_sheet)
    )
    answered = sum(mark is not None for mark in of_sheet)
    sheet = _("Sheet {seed}: {right} of {answered} right, {left} to go").format(
        seed=seed,
        right=sum(mark is not None and mark.right for mark in of_sheet),
        answered=answered,
        left=len(of_sheet) - answered,
    )
    total = ""
    if len(of_session) > answered:
        total = " · " + _("this session: {right} of {answered}").format(
            right=sum(mark.right for mark in of_session.values()), answered=len(of_session)
        )
    st.html(f'<div class="lab-score" role="status">{escape.html(sheet + total)}<div>{dots}</div></div>')


def _step_class(mark: Mark | None, present: bool) -> str:
    state = "" if mark is None else "right" if mark.right else "wrong"
    return f"{state} now" if present else state


def card(kind: Kind, seed: int, place: int, key_shown: bool) -> None:
    """Show one question: to be answered, or answered with its solution."""
    question = kind.question(seed)
    mark = marks().get((seed, kind.code))
    with st.container(border=True, key=f"practice_card_{kind.code}"):
        st.markdown(f"**{place}. {kind.title()}**")
        st.markdown(question.text)
        if question.table:
            table(*question.table)
        _field(kind, question, seed, mark)
        if mark is not None:
            _verdict(question, mark)
        if mark is not None or key_shown:
            _solution(kind, question)


def _field(kind: Kind, question: Question, seed: int, mark: Mark | None) -> None:
    """The place to answer, with its two buttons as long as nothing was answered."""
    name = f"practice_answer_{seed}_{kind.code}"
    done = mark is not None
    field: dict[str, Any] = {
        "label": _("Your prediction"),
        "key": name,
        "disabled": done,
        "persist_state": "session",
    }
    if question.options:
        in_a_row = max(map(len, question.options)) < 22
        every = range(len(question.options))
        st.radio(
            **field, options=every, index=None, format_func=question.options.__getitem__, horizontal=in_a_row
        )
    else:
        hint = _("a whole number") if question.whole else _("a number, three decimals are enough")
        st.text_input(**field, max_chars=LONGEST, placeholder=hint, width=320)
    if done:
        return
    refused = st.session_state.get(_REFUSED, {}).get(name)
    if refused is not None:
        st.warning(refused)
    with st.container(horizontal=True):
        of = f"{seed}_{kind.code}"
        st.button(_("Check"), key=f"practice_check_{of}", type="primary", on_click=check, args=(kind, seed))
        show = _("Show the solution")
        st.button(show, key=f"practice_show_{of}", type="tertiary", on_click=give_up, args=(kind, seed))


def check(kind: Kind, seed: int) -> None:
    """Take the answer in the field of a question, or say why it cannot be one."""
    question = kind.question(seed)
    name = f"practice_answer_{seed}_{kind.code}"
    given = st.session_state.get(name)
    refused: dict[str, str] = st.session_state.setdefault(_REFUSED, {})
    refused.pop(name, None)
    if question.options:
        value = float(given) if isinstance(given, int) and 0 <= given < len(question.options) else None
        if value is None:
            refused[name] = _("Choose an answer first.")
    else:
        value = parse(str(given or ""), question.whole)
        if value is None:
            refused[name] = _("That is no number yet. Write 0.25, 0,25, 1/4 or 25 %.")
    if value is not None:
        marks().setdefault((seed, kind.code), Mark(value, question.accepts(value)))


def give_up(kind: Kind, seed: int) -> None:
    """Open the solution of a question that was not answered; it counts as answered, but not as right."""
    marks().setdefault((seed, kind.code), Mark(None, False))


def _verdict(question: Question, mark: Mark) -> None:
    if mark.value is None:
        return
    if mark.right:
        st.success(_("Right."), icon=":material/check:")
        return
    remark = question.remark(mark.value)
    st.error(_("Not yet.") + (f" {remark}" if remark else ""), icon=":material/close:")


def _solution(kind: Kind, question: Question) -> None:
    with st.container(key=f"practice_solution_{kind.code}"):
        st.markdown(f"**{_('Answer:')}** {answer_text(question)}")
        for paragraph in question.solution:
            # Inline, so left-aligned: on a phone it breaks at its equals signs, as a centred formula does not.
            is_formula = paragraph.startswith("$$")
            st.markdown(rf"$\displaystyle {paragraph[2:-2]}$" if is_formula else paragraph)
        stem = question.link.stem
        title = next((lesson.title for lesson in frame.lessons() if lesson.stem == stem), stem)
        address = question.link.address(language.current())
        st.markdown(
            f"[:material/open_in_new: {_('See it in the lesson: {title}').format(title=title)}]({address})"
        )


def answer_text(question: Question) -> str:
    """Return the right answer as a reader sees it."""
    if question.options:
        return question.options[int(question.answer)]
    return plain(round(question.answer, 4))


def print_head(seed: int) -> None:
    """Offer to print the sheet; on paper the head has room for a name and a date."""
    label, name, date = escape.html(_("Print the sheet")), escape.html(_("Name")), escape.html(_("Date"))
    sheet = escape.html(_("Sheet {seed}").format(seed=seed))
    st.html(
        f'<div class="lab-on-paper"><span>{name}:</span><span>{date}:</span><b>{sheet}</b></div>'
        f'<button type="button" class="lab-print">{label}</button>'
        "<script>document.currentScript.parentElement.querySelector('.lab-print').onclick = () => window.print();"
        "</script>",
        unsafe_allow_javascript=True,
    )
