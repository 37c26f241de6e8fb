"""The names that every program starts with: base s-ops, constants and the standard library, which is written in RASP."""

from __future__ import annotations

import functools
import pkgutil
from typing import get_args

from rasp.elaborate.functions import LIBRARY_SOURCE
from rasp.elaborate.kinds import Value
from rasp.elaborate.outcomes import errors_of
from rasp.elaborate.run import Run
from rasp.elaborate.scope import Scope
from rasp.elaborate.statements import execute_all
from rasp.errors import Source, raise_all
from rasp.graph.nodes import Input, InputName
from rasp.syntax.parser import read
from rasp.values import SOp


@functools.cache
def base_scope() -> Scope:
    """The scope around the console and around every file; made once for the process and never changed."""
    constants: dict[str, Value] = {name: SOp(Input(name), name, name) for name in get_args(InputName)}
    scope = Scope("library", variables=constants | {"True": True, "False": False})
    text = (pkgutil.get_data("rasp.library", "rasp.rasp") or b"").decode()
    raise_all(errors_of(execute_all(read(Source(LIBRARY_SOURCE, text)), scope, Run())))
    scope.variables["tokens"] = SOp(Input("tokens_str"), "tokens", "tokens")
    return scope


@functools.cache
def library_names() -> frozenset[str]:
    """The names of the standard library, which a program can't redefine at its top level."""
    return frozenset(base_scope().variables) - {"tokens", "out"}
