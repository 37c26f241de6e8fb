"""``rasp lsp`` and ``rasp playground``."""

from __future__ import annotations

import argparse

from rasp.extras import needed_for


def lsp(options: argparse.Namespace) -> int:
    """Serve an editor until it leaves.

    Raises:
        MissingExtraError: the packages that this needs are not there.
    """
    with needed_for("the language server", "lsp"):
        from rasp.lsp import main
    main()
    return 0


def playground(options: argparse.Namespace) -> int:
    """Serve the playground until it is interrupted.

    Raises:
        MissingExtraError: the packages that this needs are not there.
        RaspError: the port can't be used.
    """
    with needed_for("the playground", "playground"):
        from rasp.playground.serve import serve
    serve(options.port, opens=options.opens)
    return 0
