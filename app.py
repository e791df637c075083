"""The frame: `streamlit run app.py`. The lessons are in pages/."""

from ui.frame import frame

frame.run()
