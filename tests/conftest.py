import pytest

from customer_registry import InMemoryRepository, SQLiteRepository


@pytest.fixture(params=["memory", "sqlite"])
def repository(request, tmp_path):
    """An empty store of each kind that ships with the package."""
    if request.param == "memory":
        yield InMemoryRepository()
    else:
        store = SQLiteRepository(tmp_path / "customers.db")
        yield store
        store.close()
