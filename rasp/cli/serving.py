"""``rasp lsp`` and ``rasp playground``."""

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
        raise _missing("the language server", error.name, "lsp") from None
    main()
    return 0


def playground(options: argparse.Namespace) -> int:
    """Serve the playground until it is interrupted.

    Raises:
        RaspError: the packages that this needs are not there, or the port can't be used.
    """
    try:
        from rasp.playground.serve import serve
    except ModuleNotFoundError as error:
        raise _missing("the playground", error.name, "playground") from None
    serve(options.port, opens=options.opens)
    return 0


def _missing(what: str, module: str | None, extra: str) -> RaspError:
    return RaspError(f"{what} needs {module}, which is not installed", hint=f'pip install "rasp-lang[{extra}]"')
