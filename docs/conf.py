"""How Sphinx makes a site of these pages; ``make docs`` asks it to, and takes every warning for an error."""

import re

from sphinx.application import Sphinx

from rasp import __version__

project = "rasp-lang"
release = __version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
myst_heading_anchors = 4  # links to headings, as they work in the repository

nb_execution_mode = "force"  # the tour is kept without outputs
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_ipywidgets_js = {}  # else pages would ask a server for scripts

autodoc_default_options = {"members": True, "member-order": "bysource", "special-members": "__call__"}
autodoc_typehints_format = "short"
napoleon_use_ivar = True
python_maximum_signature_line_length = 100

html_theme = "furo"
html_title = "rasp-lang"
html_show_copyright = False
html_show_sphinx = False


def setup(app: Sphinx) -> None:
    """Pages pass through ``with_captions`` before they are read."""
    app.connect("source-read", with_captions)


def with_captions(app: Sphinx, page: str, source: list[str]) -> None:
    """A code block that the tests write to a file, with the file's name after its language, shows the name above itself."""
    source[0] = re.sub(r"^```(\w+) ([\w-]+\.\w+)$", r"```{code-block} \1\n:caption: \2\n", source[0], flags=re.MULTILINE)
