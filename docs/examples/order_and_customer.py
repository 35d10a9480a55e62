"""An ERP's order and its customer in one transaction: both are there, or neither is.

    python docs/examples/order_and_customer.py [erp.db]

The ERP has a database of its own, with orders in it. Our tables stand beside them, and what
registers a customer writes on the ERP's connection, inside the transaction that it has begun.
"""

import sqlite3
import sys
from collections.abc import Callable

from customer_registry import CustomerRegistry, Receipt, SQLiteRepository, ValidationFailed

ORDERS = """
CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY,
    customer TEXT NOT NULL,
    goods TEXT NOT NULL CHECK (goods <> '')
)
"""


class Erp:
    """The ERP: its connection, and a registry that has joined it."""

    def __init__(self, path: str, tell: Callable[[str], object] = print) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        self.connection.execute("PRAGMA secure_delete = ON")
        self.connection.execute("PRAGMA synchronous = EXTRA")
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute(ORDERS)
        self.joined = SQLiteRepository.joined(self.connection, create=True)
        self.connection.execute("COMMIT")
        self.tell = tell
        self.registry = CustomerRegistry(repository=self.joined, hooks=[self.welcome])

    def order(self, goods: str, **customer: object) -> str:
        """Keep an order with its new customer, whose code comes back."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            code = str(self.registry.register(customer).customer.code)
            self.connection.execute(
                "INSERT INTO orders (customer, goods) VALUES (?, ?)", (code, goods)
            )
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        self.joined.committed()
        return code

    def welcome(self, receipt: Receipt) -> None:
        """Tell of a new customer: called only once he is there for good."""
        self.tell(f"hook: {receipt.customer.code} {receipt.customer.name}")


def main(path: str = ":memory:") -> None:
    """Order three times: once as it should be, once without goods, once without a name."""
    erp = Erp(path)
    print("ordered for", erp.order("茶叶", kind="person", name="王芳", phone="13800138000"))
    try:
        erp.order("", kind="person", name="李雷")
    except sqlite3.IntegrityError:
        print("no order without goods, and no customer for it")
    try:
        erp.order("茶杯", kind="person", name="")
    except ValidationFailed as refusal:
        print("no customer, and no order:", *refusal.report.lines("zh"))
    print("ordered for", erp.order("茶壶", kind="person", name="韩梅梅"))


if __name__ == "__main__":
    main(*sys.argv[1:2])
