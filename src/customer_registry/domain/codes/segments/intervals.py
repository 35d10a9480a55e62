"""Numbers of one width between two bounds, as shapes: for each place the signs that may stand."""

from collections.abc import Iterator

from customer_registry.domain.codes.alphabet import Alphabet
from customer_registry.domain.codes.segments.segment import Shape

__all__ = ["shapes_between"]


def shapes_between(first: int, last: int, width: int, alphabet: Alphabet) -> Iterator[Shape]:
    """Yield shapes that together are exactly the numbers from `first` to `last`.

    >>> [len(shape) for shape in shapes_between(1000, 1999, 4, Alphabet.named("decimal"))]
    [4]
    """
    base = len(alphabet.signs)
    while first <= last:
        places = 0
        while (
            places < width
            and first % base ** (places + 1) == 0
            and first + base ** (places + 1) - 1 <= last
        ):
            places += 1
        size = base**places
        if places == width:
            yield (frozenset(alphabet.signs),) * width
            return
        blocks = min((last - first + 1) // size, base - first // size % base)
        yield _shape(first, places, blocks, width, alphabet)
        first += blocks * size


def _shape(first: int, places: int, blocks: int, width: int, alphabet: Alphabet) -> Shape:
    """Return the shape of `blocks` neighbouring blocks whose last `places` signs are free."""
    written = alphabet.write(first, width)
    head = written[: width - places - 1]
    turning = alphabet.signs.index(written[width - places - 1])
    return (
        *(frozenset(char) for char in head),
        frozenset(alphabet.signs[turning : turning + blocks]),
        *(frozenset(alphabet.signs),) * places,
    )
