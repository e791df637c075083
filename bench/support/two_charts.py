"""What a rerun costs in Streamlit itself: an app with two small charts and nothing else."""

import plotly.graph_objects as go
import streamlit as st

for name in ("left", "right"):
    st.plotly_chart(go.Figure(go.Scatter(x=[1, 2, 3], y=[2, 1, 3])), key=name)
