"""The frame: `streamlit run app.py`. The lessons are in pages/."""

from ui import frame

frame.run()
