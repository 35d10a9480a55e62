"""Whether a text is written as the company wants it."""

from customer_registry.domain.values.name import PartyName
from customer_registry.validation.scene import Scene

__all__ = ["tell_writing"]


def tell_writing(field: str, value: object, scene: Scene) -> None:
    """Say where a text is longer than the company allows, or not of its format."""
    text = value.text if isinstance(value, PartyName) else value
    if not isinstance(text, str):
        return
    longest = scene.policy.max_lengths.get(field)
    if longest is not None and len(text) > longest:
        scene.say("too_long", params={"max": longest, "len": len(text)})
    wanted = scene.policy.formats.get(field)
    if wanted is not None and not wanted.fits(text):
        scene.say("format", params={"example": wanted.example or wanted.pattern})
