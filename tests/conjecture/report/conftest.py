"""Reports without the time that drawing takes, for tests of what they say."""

from __future__ import annotations

import pytest

from conjecture.report import curves, scatter


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are empty."""
    for module in (curves, scatter):
        monkeypatch.setattr(module, "drawn", lambda *_, **__: "<svg />")
