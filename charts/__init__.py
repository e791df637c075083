"""Pure functions from results to Plotly figures. No Streamlit; only softmax_core below."""
