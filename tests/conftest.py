import gc

import pytest

from customer_registry import InMemoryRepository, PostgresRepository, SQLiteRepository


def pytest_collection_finish():
    """Look no more, at each collection of garbage, for any among some eighteen thousand tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def repository(request, tmp_path):
    """An empty store of each kind that ships with the package."""
    match request.param:
        case "memory":
            store = InMemoryRepository()
        case "sqlite":
            store = SQLiteRepository(tmp_path / "customers.db")
        case _:
            place = request.getfixturevalue("emptied_postgres")
            store = PostgresRepository(place.conninfo, schema=place.schema)
    yield store
    store.close()
