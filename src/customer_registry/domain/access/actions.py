"""The acts that a registry asks permission for, all of them."""

__all__ = ["ACTIONS", "ALL"]

ALL = "all"
"""The word of a role that stands for every act."""

ACTIONS = frozenset(
    """
    register check update change_status get find search history load changes reserve_code
    preview_code propose_codes release_code recode address_for mark_verified
    audit_numbering repair_numbering raise_numbers number_ledger
    verify health scrub head watch report review export reveal
    seal rotate backup restore
    erase export_subject restrict hold consent retention approve reject pending
    """.split()
)
"""The acts that a registry asks permission for: `get` is the right to see a customer at all."""
