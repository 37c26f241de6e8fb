"""``rasp lsp``."""

from __future__ import annotations

import argparse

from rasp.errors import RaspError


def lsp(options: argparse.Namespace) -> int:
    """Serve an editor until it leaves.

    Raises:
        RaspError: the packages that this needs are not there.
    """
    try:
        from rasp.lsp import main
    except ModuleNotFoundError as error:
        hint = 'pip install "rasp-lang[lsp]"'
        raise RaspError(f"the language server needs {error.name}, which is not installed", hint=hint) from None
    main()
    return 0
