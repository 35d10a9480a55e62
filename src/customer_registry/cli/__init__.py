"""The command line: a thin layer over the front door, for clerks and for scripts."""

from customer_registry.cli.app import run

__all__ = ["run"]
