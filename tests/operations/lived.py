"""A registry in which a seed decides what people did, with something of every kind."""

from random import Random

from customer_registry import Actor, CompanyPolicy, CustomerRegistry, RegistryError
from customer_registry.operations import erase, hold, recode
from customer_registry.repository import Repository
from customer_registry.testing import make_raw

__all__ = ["CLERKS", "POLICY", "answers", "live", "over", "parts"]

POLICY = CompanyPolicy.loads(
    """
    [codes]
    pattern = "KH{number:05}"
    mode = "editable"
    [reservations]
    per_actor = 10
    [approval]
    fields = ["bank_accounts"]
    """
)
CLERKS = ("han.meimei", "李雷")
_ACCOUNT = {"bank": "中国银行", "number": "6217000010001234567"}


def over(repository: Repository) -> CustomerRegistry:
    """Return a registry over a repository, as all of these tests use it."""
    return CustomerRegistry(repository=repository, policy=POLICY)


def live(registry: CustomerRegistry, seed: int, acts: int = 30) -> None:
    """Do what people do, by chance: what is refused is a part of it."""
    rng = Random(seed)  # noqa: S311  a seeded history
    for turn in range(acts):
        clerk = registry.acting_as(Actor(rng.choice(CLERKS)))
        act = rng.choices(_ACTS, _WEIGHTS)[0] if turn else _register
        try:
            act(clerk, rng, turn)
        except RegistryError:
            continue


def answers(registry: CustomerRegistry) -> dict[str, object]:
    """Return what a registry answers to whoever asks it, about everybody."""
    with registry.unit("verify") as work:
        everyone = [customer for _, customer in work.customers.iterate()]
        codes = list(work.customers.codes())
        about = {
            "ranges": work.numbers.ranges(),
            "reserved": work.numbers.reservations(),
            "waiting": work.edits.of(),
            "acts": work.journal.of(None),
            "head": work.journal.head(),
            "receipts": [work.receipts.of(each.id) for each in everyone],
            "retired": [work.customers.is_retired(code) for each in everyone for code in _of(each)],
        }
    words = {str(each.name)[:2] for each in everyone} | {"公司", "王", "8", "K"}
    phones = [str(number) for each in everyone for number in each.phones]
    return {
        **about,
        "codes": {code: registry.get(code) for code in codes},
        "history": [registry.history(each) for each in everyone],
        "found": {word: _paged(registry, word) for word in sorted(words)},
        "called": {phone: registry.find(phone=phone) for phone in phones},
    }


def parts(repository: Repository) -> list[object]:
    """Return everything that a repository keeps."""
    with repository.snapshot() as work:
        return list(work.parts())


def _of(customer):
    return (customer.code, *customer.former_codes)


def _paged(registry, word):
    """Return the pages of a search."""
    page = registry.search(word, limit=3, count=True)
    pages = [(page.total, page.customers)]
    while page.next:
        page = registry.search(after=page.next)
        pages.append(page.customers)
    return pages


def _somebody(registry, rng):
    return rng.choice(registry.search(limit=100).customers)


def _register(registry, rng, turn):
    raw = make_raw(rng.choice(("person", "organization")), seed=rng.randrange(1000))
    registry.register(raw, idempotency_key=rng.choice((None, f"form-{turn}")))


def _register_by_hand(registry, rng, turn):
    registry.register(kind="person", name="王芳", code=f"OLD-{turn}", phone=f"1380013{turn:04}")


def _edit(registry, rng, turn):
    fields = {"short_name": f"简称{turn}", "grade": rng.choice("AB"), "tags": ["重点"]}
    registry.update(_somebody(registry, rng), fields, idempotency_key=f"edit-{turn}")


def _submit(registry, rng, turn):
    registry.update(_somebody(registry, rng), bank_accounts=[_ACCOUNT])


def _block(registry, rng, turn):
    registry.change_status(_somebody(registry, rng), "blocked", reason="欠款")


def _recode(registry, rng, turn):
    recode(registry, _somebody(registry, rng), f"NEW-{turn}", "并购")


def _reserve(registry, rng, turn):
    code = registry.reserve_code(kind="person")
    if rng.random() < 0.5:
        with code:
            pass


def _erase(registry, rng, turn):
    erase(registry, _somebody(registry, rng), "本人申请", keep_code=rng.random() < 0.5)


def _hold(registry, rng, turn):
    hold(registry, _somebody(registry, rng), "诉讼")


def _load(registry, rng, turn):
    registry.load([make_raw(seed=2000 + turn), {"kind": "organization"}])


_ACTS = (
    _register,
    _register_by_hand,
    _edit,
    _submit,
    _block,
    _recode,
    _reserve,
    _erase,
    _hold,
    _load,
)
_WEIGHTS = (30, 10, 20, 10, 5, 10, 10, 6, 3, 3)
