"""Two small lessons in the real frame, so that the frame's tests do not hang on what a lesson contains."""

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

sys.path.insert(0, str(Path(__file__).parent))

from body import frame

from ui.frame import delivery

if __name__ == "__main__":
    frame.run()
else:  # imported by the server, once; as in the app the frame's scripts stand in the page
    app = st.App(__file__, middleware=[Middleware(delivery.Delivery, html=frame.PAGE_HTML)])
