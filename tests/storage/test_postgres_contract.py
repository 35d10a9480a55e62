"""What every repository promises, held against a real PostgreSQL."""

import pytest
from hypothesis import settings
from postgres_fixtures import Servers

from customer_registry import Keyring
from customer_registry.testing import RepositoryContract, RepositoryMachine
from customer_registry.testing.promises.customers import CustomerPromises
from customer_registry.testing.promises.edits import EditPromises
from customer_registry.testing.promises.erasures import ErasurePromises
from customer_registry.testing.promises.receipts import ReceiptPromises
from customer_registry.testing.promises.sealing import SealingPromises


def _repository(conninfo, schema, **more):
    from customer_registry import PostgresRepository  # noqa: PLC0415  fails the tests, not the run

    return PostgresRepository(conninfo, schema=schema, **more)


class TestPostgresRepository(RepositoryContract):
    @pytest.fixture
    def repository(self, emptied_postgres):
        return _repository(emptied_postgres.conninfo, emptied_postgres.schema)


class TestSealedPostgresRepository(
    CustomerPromises, SealingPromises, EditPromises, ReceiptPromises, ErasurePromises
):
    @pytest.fixture
    def repository(self, emptied_postgres):
        place = emptied_postgres
        store = _repository(place.conninfo, place.schema, keyring=Keyring.generate())
        yield store
        store.close()


class PostgresMachine(RepositoryMachine):
    servers: Servers

    def make_repository(self):
        return _repository(self.servers.newest().conninfo(), self.servers.new_schema())


class TestPostgresRepositoryAgainstAModel(PostgresMachine.TestCase):
    settings = settings(max_examples=10, stateful_step_count=20, deadline=None)

    @pytest.fixture(autouse=True)
    def _server(self, postgres_servers):
        PostgresMachine.servers = postgres_servers
