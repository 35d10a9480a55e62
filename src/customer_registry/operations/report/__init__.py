"""The periodic audit of a registry: counted from its journal, told as text, JSON or a page."""

from customer_registry.operations.report.audit_report import AuditReport, report

__all__ = ["AuditReport", "report"]
