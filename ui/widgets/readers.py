"""Who reads the page: for work that is to end when its reader has left."""

from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.widgets.jobs import NOBODY, Reader


def reader() -> Reader:
    """Return who reads the page that is being run; outside of a server nobody in particular."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not Runtime.exists():
        return NOBODY
    runtime, session = Runtime.instance(), context.session_id
    return Reader(session, lambda: runtime.is_active_session(session))
