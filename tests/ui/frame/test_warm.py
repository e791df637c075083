"""The process is warmed once: imported, collected, frozen."""

import subprocess
import sys

PROBE = """
import gc, sys
from streamlit.testing.v1 import AppTest
assert gc.get_freeze_count() == 0
app = AppTest.from_file("app.py", default_timeout=120).run()
assert not app.exception, app.exception
frozen = gc.get_freeze_count()
assert "plotly.graph_objects" in sys.modules
app.run()
print(frozen, gc.get_freeze_count())
"""


def test_the_first_run_of_the_frame_freezes_what_it_imported():
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    first, second = map(int, done.stdout.split()[-2:])
    assert first > 100_000
    assert 0.99 * first < second <= first, "what is frozen stays so, and a second run freezes nothing"
