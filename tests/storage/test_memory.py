import pytest
from hypothesis import settings

from customer_registry import InMemoryRepository
from customer_registry.testing import RepositoryContract, RepositoryMachine


class TestInMemoryRepository(RepositoryContract):
    @pytest.fixture
    def repository(self):
        return InMemoryRepository()


TestInMemoryRepositoryAgainstAModel = RepositoryMachine.TestCase
TestInMemoryRepositoryAgainstAModel.settings = settings(
    max_examples=30, stateful_step_count=20, deadline=None
)
