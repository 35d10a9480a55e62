"""Names cut into pairs of characters, so that FTS5 finds a part of a Chinese name."""

__all__ = ["grams"]


def grams(*texts: str) -> str:
    """Return the pairs of every text, each as one word."""
    return " ".join(text[at : at + 2] for text in texts for at in range(max(1, len(text) - 1)))
