"""What is looked up once in a run."""

CODE = """
import streamlit as st
from ui.frame.run_cache import drop_cached, cached_in_run

st.text(cached_in_run("answer", lambda: 1))
st.text(cached_in_run("answer", lambda: 2))
drop_cached("answer")
st.text(cached_in_run("answer", lambda: 3))
"""


def test_a_value_stays_within_a_run_until_it_is_to_be_looked_up_again(lesson):
    app = lesson(CODE)
    assert [text.value for text in app.text] == ["1", "1", "3"]
    app.run()
    assert [text.value for text in app.text] == ["1", "1", "3"]
