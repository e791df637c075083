"""The stage's pages go on without a run that takes longer than they wait: a test that reads the run waits for it."""

from streamlit.testing.v1 import AppTest


def settled(app: AppTest, page: str = "training") -> AppTest:
    """Run the page, and again whenever a run that it asked for has ended, as the browser does.

    A page that waits for what the browser keeps has asked for none yet.
    """
    app.run()
    assert not app.exception, app.exception
    waited = None
    while page in app.session_state and (job := app.session_state[page].job) not in (None, waited):
        assert job.finished(60)
        waited = job
        app.run()
        assert not app.exception, app.exception
    return app
