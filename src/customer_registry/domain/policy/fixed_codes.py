"""The codes that can only be errors: append a code that a value raises."""

__all__ = ["FIXED_CODES"]

FIXED_CODES = frozenset(
    """
    bank_account.format bic.format cnaps.length code.field_missing code.field_unmapped
    code.format code.immutable code.required code.reserved code.retired code.sequence_overflow
    code.too_many_reserved conflict.unseen consent.basis country.unknown credit.days_range
    currency.unknown custom.bool custom.date custom.name custom.number duplicate.unseen
    email.format email.multiple email.too_long entry.id entry.too_many entry.twice entry.unknown
    field.not_permitted field.twice field.type field.unknown hk_br.format hkid.check_digit
    hkid.format iban.check_digit id.birth_date id.charset id.check_digit id.length
    import.date_in_text import.precision_loss import.scientific kind.unknown lei.check_digit
    lei.format masked mo.format money.format name.required org_code.check_digit org_code.format
    payment_term.range phone.extension phone.invalid phone.letters phone.mobile_length
    phone.mobile_prefix phone.multiple phone.scientific phone.too_long phone.too_short
    postal.format postal.invalid postal.too_long raw.type read_only required status.unknown
    tax_id.check_digit tax_id.format tax_id.placeholder tax_id.scheme tax_id.too_short
    text.forbidden too_long tw_ubn.check_digit tw_ubn.length uscc.charset uscc.check_digit
    uscc.length uscc.placeholder uscc.region_digits
    """.split()
)
"""The codes after which nothing sound is left to store: they can only be errors."""
