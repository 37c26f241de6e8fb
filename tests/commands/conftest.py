"""A folder that looks like a checkout: with the examples and the published results."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What commands write stays for those that come later."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("examples", "docs"):
        (folder / name).symlink_to(ROOT / name)
    return folder
