"""Packages whose public names are imported when they are first used."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from types import ModuleType
from typing import Any


def import_when_used(package: str, homes: Mapping[str, str], *, part: str | None = None, extra: str | None = None) -> None:
    """Give a package its public names without importing what they are.

    Args:
        package: its name; it is being imported.
        homes: for each public name the place of what it stands for, as "module:attribute", or a module.
        part: what of the project this is, for the message if a package that it needs is not installed.
        extra: with which that package would be.
    """
    module = sys.modules[package]
    module.__dict__.update(_homes=homes, _needs=(part, extra))
    module.__class__ = _Lazy


class _Lazy(ModuleType):
    """A package that ``import_when_used`` has made.

    The import system sets a package's attribute whenever one of its modules is imported. Where a module has the name of a
    function that it holds, as ``rasp.measure`` has, the name stays the function's.
    """

    _homes: Mapping[str, str]
    _needs: tuple[str | None, str | None]

    def __getattr__(self, name: str) -> Any:
        if name not in self._homes:
            raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'", name=name, obj=self)
        home, _, attribute = self._homes[name].partition(":")
        with self._told():
            value = importlib.import_module(home)
            value = getattr(value, attribute) if attribute else value
        setattr(self, name, value)
        return value

    def _told(self) -> Any:
        part, extra = self._needs
        if part is None or extra is None:
            return nullcontext()
        from rasp.extras import needed_for

        return needed_for(part, extra)

    def __setattr__(self, name: str, value: Any) -> None:
        if not (isinstance(value, ModuleType) and ":" in self._homes.get(name, "")):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*self._homes, *({"__version__"} & self.__dict__.keys())})
