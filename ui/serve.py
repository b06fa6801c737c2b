"""Starts the dashboard: python -m ui.serve [options of `streamlit run`].

Streamlit takes any folder named pages/ for its old way of finding pages until st.navigation has run
once, so the first visitor to open a link to a page other than the home page would be told "Page not
found" (streamlit issue 8860). It is told beforehand that this project does not use the old way.

Starlette would write what is uploaded into a temporary file from 1 MB on; here it stays in memory.
"""

import sys
from pathlib import Path

from starlette.formparsers import MultiPartParser
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

if __name__ == "__main__":
    PagesManager.uses_pages_directory = False
    MultiPartParser.spool_max_size = 2**24  # more than .streamlit/config.toml lets in
    dashboard = Path(__file__).parents[1] / "dashboard.py"
    cli.main(["run", str(dashboard), *sys.argv[1:]], prog_name="streamlit")
