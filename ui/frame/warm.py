"""Work done once per process, before the first reader has to wait for it."""

import gc

import streamlit as st


@st.cache_resource(show_spinner=False)
def up() -> int:
    """Import what is heavy, then take it out of the garbage collector's sight.

    Streamlit runs a full collection after every script run, and with pandas and Plotly loaded the collector
    walks half a million objects that never die: 85 % of the server's time. Returns how many were frozen.
    """
    import numpy  # noqa: F401 - imported for its side effect: being loaded
    import pandas  # noqa: F401 - Streamlit's tables pull it in at first use
    import plotly.graph_objects  # noqa: F401
    from threadpoolctl import threadpool_limits

    # For the whole process: a second thread gains little on products this small, and where several visitors
    # train at once their threads wait for each other and for the processors.
    threadpool_limits(1, user_api="blas")

    gc.collect()
    gc.freeze()
    return gc.get_freeze_count()
