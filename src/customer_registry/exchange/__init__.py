"""Customer files in and out: untidy spreadsheets read, customers written so that they come back."""

from customer_registry.exchange.files import export, open_sheet, write_refused
from customer_registry.exchange.sheet import FileRow, Sheet

__all__ = ["FileRow", "Sheet", "export", "open_sheet", "write_refused"]
