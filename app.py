"""`streamlit run app.py`: the server, and the script that it runs for every visitor. The lessons are in pages/."""

import os

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route

from charts.script import scripts
from instruments.shared import bundle
from ui.frame import delivery, frame, headers, present, share, start

if __name__ == "__main__":
    frame.run()
else:  # imported by the server, once
    app = st.App(
        __file__, lifespan=start.begin, on_script_error=frame.went_wrong,
        routes=[Route("/qr.svg", share.code_for_paper), Route("/present.html", present.playlist_page)],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=os.environ.get("SOFTMAX_LAB_HOSTS", "*").split(","), www_redirect=False),
            Middleware(headers.SafeHeaders),
            Middleware(delivery.Delivery, pages=[lesson.stem for lesson in frame.lessons()], html=frame.PAGE_HTML, scripts=bundle.served() | dict(scripts())),
        ],
    )  # fmt: skip
