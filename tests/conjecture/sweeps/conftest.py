"""What the tests of sweeps share."""

from __future__ import annotations

from pathlib import Path

import pytest

from conjecture.sweeps.sweep import sweep
from tests.conjecture.sweeps.small_suite import small_suite


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, quick_compilation: None) -> Path:
    """A folder with the results of the small suite."""
    folder = tmp_path_factory.mktemp("undisturbed")
    assert sweep(small_suite(), folder).done == 3
    return folder
