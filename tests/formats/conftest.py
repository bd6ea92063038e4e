from pathlib import Path

import pytest


@pytest.fixture
def files() -> Path:
    return Path(__file__).parent.parent / "files"
