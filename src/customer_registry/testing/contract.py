"""The contract of a storage backend, as pytest tests that ship with the package."""

from collections.abc import Callable, Iterator

from customer_registry.domain.errors import MissingExtra
from customer_registry.repository import Repository
from customer_registry.testing.promises.codes import CodePromises
from customer_registry.testing.promises.customers import CustomerPromises
from customer_registry.testing.promises.documents import DocumentPromises
from customer_registry.testing.promises.edits import EditPromises
from customer_registry.testing.promises.erasures import ErasurePromises
from customer_registry.testing.promises.inspections import InspectionPromises
from customer_registry.testing.promises.journal import JournalPromises
from customer_registry.testing.promises.numbers import NumberPromises
from customer_registry.testing.promises.portable import PortablePromises
from customer_registry.testing.promises.receipts import ReceiptPromises
from customer_registry.testing.promises.reservations import ReservationPromises
from customer_registry.testing.promises.sealing import SealingPromises
from customer_registry.testing.promises.search import SearchPromises
from customer_registry.testing.promises.traces import TracePromises
from customer_registry.testing.promises.transactions import TransactionPromises

try:
    import pytest
except ImportError as error:
    raise MissingExtra("testing") from error

__all__ = ["RepositoryContract"]


class RepositoryContract(
    CustomerPromises,
    DocumentPromises,
    SearchPromises,
    CodePromises,
    NumberPromises,
    ReservationPromises,
    JournalPromises,
    ReceiptPromises,
    ErasurePromises,
    EditPromises,
    TransactionPromises,
    InspectionPromises,
    PortablePromises,
    SealingPromises,
    TracePromises,
):
    """Everything that a repository promises; a backend's test is a subclass with one fixture.

    ::

        class TestMyRepository(RepositoryContract):
            @pytest.fixture
            def repository(self, tmp_path):
                return MyRepository(tmp_path / "customers.db")

    The fixture gives a new, empty repository for each test; the contract closes it. A test that
    fails says which promise of `customer_registry.repository` was broken. A second fixture,
    `stored_bytes`, lets it look for traces of an erased customer.
    """

    @pytest.fixture
    def repository(self) -> Repository:
        """Return a new, empty repository."""
        raise NotImplementedError("a backend's test has a fixture `repository` of its own")

    @pytest.fixture
    def stored_bytes(self) -> Callable[[], bytes] | None:
        """Return what reads all that the store has left anywhere; None where nobody can look."""
        return None

    @pytest.fixture(autouse=True)
    def _closed_behind_each_test(self, repository: Repository) -> Iterator[None]:
        yield
        repository.close()
