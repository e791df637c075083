"""The Training page goes on without a run that takes longer than it waits: a test that reads the run waits for it."""

from streamlit.testing.v1 import AppTest


def settled(app: AppTest) -> AppTest:
    """Run the page, and again whenever a run that it asked for has ended, as the browser does."""
    app.run()
    assert not app.exception, app.exception
    waited = None
    while (job := app.session_state["training"].job) not in (None, waited):
        assert job.finished(60)
        waited = job
        app.run()
        assert not app.exception, app.exception
    return app
