"""The commands: what each asks of the front door, and with which status it ends."""

import getpass
import json
import re
import shlex
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Protocol, TypeAlias, cast

import attrs
from cyclopts import Parameter, validators
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from customer_registry.cli.errors import DONE, REFUSED, NotThere, Unusable
from customer_registry.cli.results import Result, show_result
from customer_registry.cli.screen import Screen
from customer_registry.cli.sheets import registered, tried
from customer_registry.cli.showing import show_customer, show_customers, show_history
from customer_registry.cli.workbook import write_refused_rows
from customer_registry.domain.access import SYSTEM, Actor
from customer_registry.domain.codes.pattern import CodePattern
from customer_registry.domain.codes.policy import CodeMode
from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import CustomerNotFound
from customer_registry.domain.policy import CompanyPolicy
from customer_registry.exchange import open_sheet
from customer_registry.operations import export
from customer_registry.registry import CustomerRegistry
from customer_registry.storage.opening import MEMORY, is_address, shown
from customer_registry.validation.rules import STANDARD

if TYPE_CHECKING:
    from customer_registry.domain.customer import RawCustomer
    from customer_registry.sealing.keyring import Keyring

__all__ = ["CODES", "Commands", "Flag", "In", "Json", "Tick", "actor"]

CODES = "C{number:06}"
_VARIABLE = "CUSTOMER_REGISTRY_DB"
_POLICY_VARIABLE = "CUSTOMER_REGISTRY_POLICY"
_KEYRING_VARIABLE = "CUSTOMER_REGISTRY_KEYRING"
_MANY = 1000

Into: TypeAlias = Annotated[str | None, Parameter(name=["--into", "--in"])]
In: TypeAlias = Annotated[str | None, Parameter(name=["--in"])]
Json: TypeAlias = Annotated[str | None, Parameter(name=["--json"], allow_leading_hyphen=True)]
Kind: TypeAlias = Literal["organization", "person"] | None
Limit: TypeAlias = Annotated[int, Parameter(validator=validators.Number(gte=1))]
Workers: TypeAlias = Annotated[int | None, Parameter(validator=validators.Number(gte=0))]
Flag: TypeAlias = Annotated[bool, Parameter(negative="")]
Several: TypeAlias = Annotated[list[str] | None, Parameter(negative="")]


class Tick(Protocol):
    """Is told how much is done, and of how much where that was not known before."""

    def __call__(self, done: int, total: int | None = None) -> object:
        """Show how far it is."""
        ...


@attrs.define
class Commands:
    """The commands of one call, and how far it came."""

    screen: Screen
    environment: Mapping[str, str]
    keyring_file: str | None = None
    database: str | None = None
    address: str | None = None
    done: int = 0
    total: int = 0

    def by_name(self) -> dict[str, Callable[..., int]]:
        """Return the commands by the names that people type."""
        return {
            "import": self.import_file,
            "check": self.check_file,
            "register": self.register,
            "find": self.find,
            "show": self.show,
            "history": self.history,
            "export": self.export,
            "rules": self.rules,
            "migrate": self.migrate,
        }

    def stopped(self) -> str:
        """Return what to say after Ctrl-C."""
        if not self.total:
            return self.screen.say("stopped.plainly")
        return self.screen.say("stopped", done=self.done, total=self.total)

    def import_file(
        self,
        file: Path,
        /,
        *,
        into: Into = None,
        kind: Kind = None,
        policy: Path | None = None,
        strict: Flag = False,
        workers: Workers = None,
    ) -> int:
        """Register the rows of a file."""
        database = self.named(into, "--into")
        sheet = open_sheet(file)
        decided = self.policy_in(policy)
        self.total = len(sheet.rows)
        with (
            self.opened(database, decided, create=True) as registry,
            self.progress("registering") as tick,
        ):
            rows = registered(registry, sheet, kind, tick, workers=self._workers(workers))
        result = Result(sheet, rows)
        self.screen.tell(self.screen.say("into", file=file, db=self.database), style="bold")
        show_result(self.screen, result)
        self._keep_refused(file, result, shown(database))
        return REFUSED if strict and result.refused else DONE

    def check_file(
        self,
        file: Path,
        /,
        *,
        in_: In = None,
        kind: Kind = None,
        policy: Path | None = None,
        strict: Flag = False,
    ) -> int:
        """Say what an import would do."""
        database = in_ and self.named(in_, "--in", existing=True)
        sheet = open_sheet(file)
        decided = self.policy_in(policy)
        say = self.screen.say
        self.total = len(sheet.rows)
        with (
            self.opened(database, decided) if database else nullcontext() as against,
            self.opened(MEMORY, decided) as trial,
            self.progress("checking") as tick,
        ):
            named = partial(say, "row.named")
            rows = tried(trial, sheet, kind, tick, against=against, row_named=named)
        result = Result(sheet, rows, only_tried=True)
        title = say("checked.against" if database else "checked", file=file, db=self.database)
        self.screen.tell(title, style="bold")
        show_result(self.screen, result)
        return REFUSED if strict and result.refused else DONE

    def register(
        self,
        *,
        in_: In = None,
        json_: Json = None,
        policy: Path | None = None,
        kind: str | None = None,
        code: str | None = None,
        name: str | None = None,
        phone: str | None = None,
        email: str | None = None,
        contact: str | None = None,
        address: str | None = None,
        postal_code: str | None = None,
        tax_identifier: Several = None,
        grade: str | None = None,
        category: str | None = None,
        owner: str | None = None,
        credit_limit: str | None = None,
        payment_terms: str | None = None,
        website: str | None = None,
        tags: Several = None,
        notes: str | None = None,
    ) -> int:
        """Register one customer from options, from JSON, or from both."""
        options = {
            "kind": kind,
            "code": code,
            "name": name,
            "phone": phone,
            "email": email,
            "contact": contact,
            "address": address,
            "postal_code": postal_code,
            "tax_identifiers": tax_identifier,
            "grade": grade,
            "category": category,
            "owner": owner,
            "credit_limit": credit_limit,
            "payment_terms": payment_terms,
            "website": website,
            "tags": tags,
            "notes": notes,
        }
        typed = {field: value for field, value in options.items() if value is not None}
        given = cast("RawCustomer", typed)
        raw = self.json_in(json_) if json_ is not None else {}
        database = self.named(in_, "--in")
        with self.opened(database, self.policy_in(policy), create=True) as registry:
            receipt = registry.register(raw, **given)
        say = self.screen.say
        self.screen.line(receipt.message(say.language))
        warned = attrs.evolve(receipt.report, issues=receipt.report.warnings)
        for line in warned.lines(say.language):
            self.screen.line(f"· {line}")
        return DONE

    def find(self, *text: str, in_: In = None, limit: Limit = 20) -> int:
        """Show the customers that a text finds."""
        say = self.screen.say
        asked = " ".join(text)
        with self.existing(in_) as registry:
            customers, more = _found(registry, asked, limit)
        if not customers:
            self.screen.complain(say("nobody.found", text=asked) if asked else say("nobody.yet"))
            return REFUSED
        show_customers(self.screen, customers)
        if more:
            self.screen.complain(say("more.follow", n=len(customers)))
        return DONE

    def show(self, code: str, /, *, in_: In = None) -> int:
        """Show one customer."""
        with self.existing(in_) as registry, self._looking_for(code):
            customer = registry.get(code)
        show_customer(self.screen, customer)
        return DONE

    def history(self, code: str, /, *, in_: In = None) -> int:
        """Show what happened to a customer."""
        with self.existing(in_) as registry, self._looking_for(code):
            customer = registry.get(code)
            entries = registry.history(customer)
        show_history(self.screen, entries, customer)
        return DONE

    def export(
        self,
        file: Path,
        /,
        *,
        in_: In = None,
        force: Flag = False,
        policy: Path | None = None,
    ) -> int:
        """Write all customers to a file, oldest first."""
        say = self.screen.say
        if file.exists() and not force:
            raise Unusable(say("exists", file=file))
        named, decided = self.named(in_, "--in", existing=True), self.policy_in(policy)
        with self.opened(named, decided) as registry:
            written = export(registry, file, language=say.language)
        self.screen.line(say("exported", n=written, file=file))
        return DONE

    def rules(self, *, policy: Path | None = None) -> int:
        """Show every rule in words that a company can sign."""
        decided = self.policy_in(policy)
        self.screen.facts(STANDARD.explain(self.screen.say.language, decided).rows())
        return DONE

    def migrate(self, *, in_: In = None) -> int:
        """Bring a database of an earlier version to today's."""
        database = self.named(in_, "--in", existing=True)
        with CustomerRegistry.open(database, create=False, migrate=True):
            pass
        self.screen.line(self.screen.say("migrated", db=self.database))
        return DONE

    def _workers(self, given: int | None) -> int | None:
        """Return how many processes help; a file that is done in a second needs none."""
        return 0 if given is None and self.total < _MANY else given

    def policy_in(self, given: Path | None) -> CompanyPolicy | None:
        """Return the company's policy: the file named, else the one the environment names."""
        path = given or self.environment.get(_POLICY_VARIABLE)
        return CompanyPolicy.load(path) if path else None

    @property
    def keyring(self) -> "Keyring | None":
        """The keys of the file named, or of the one that the environment names; None without."""
        path = self.keyring_file or self.environment.get(_KEYRING_VARIABLE)
        if not path:
            return None
        from customer_registry.sealing.keyring import Keyring  # noqa: PLC0415  only who has keys

        return Keyring.load(path)

    def named(self, given: str | None, option: str, *, existing: bool = False) -> str:
        """Return the database meant; one that has to exist is never made by asking for it.

        What is said of it afterwards names it as people may read it, without a password.
        """
        say = self.screen.say
        database = given or self.environment.get(_VARIABLE, "")
        if not database:
            raise Unusable(say("no.database.named", option=option))
        self.database, self.address = shown(database), database
        if existing and not is_address(database) and not Path(database).exists():
            raise Unusable(say("no.database", db=_quoted(database)))
        return database

    @contextmanager
    def opened(
        self, database: str, policy: CompanyPolicy | None, *, create: bool = False
    ) -> Generator[CustomerRegistry, None, None]:
        """Return the registry in a database, where codes that a file brings are kept.

        Only a command that says so makes one where there is none.
        """
        codes = None if policy and policy.codes else CodePattern(CODES, mode=CodeMode.EDITABLE)
        with CustomerRegistry.open(
            database,
            policy=policy,
            codes=codes,
            actor=actor(),
            create=create,
            keyring=self.keyring,
        ) as opened:
            yield opened

    @contextmanager
    def existing(self, given: str | None) -> Generator[CustomerRegistry, None, None]:
        """Return the registry in a database that is there, without a policy."""
        with self.opened(self.named(given, "--in", existing=True), None) as registry:
            yield registry

    @contextmanager
    def _looking_for(self, code: str) -> Generator[None, None, None]:
        try:
            yield
        except CustomerNotFound as error:
            sentence = self.screen.say.catalogue.sentence("customer.not_found", {"value": code})
            raise NotThere(sentence) from error

    @contextmanager
    def progress(self, key: str) -> Generator[Tick, None, None]:
        """Return a function that is told how much is done, and of how much; a terminal shows it."""
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=self.screen.err,
            transient=True,
            disable=not self.screen.err.is_terminal,
        )
        with bar:
            task = bar.add_task(self.screen.say(key), total=self.total or None)

            def tick(done: int, total: int | None = None) -> None:
                self.done = done
                bar.update(task, completed=done, total=total)

            yield tick

    def json_in(self, where: str) -> Mapping[str, object]:
        """Return the JSON object in a file, or on standard input for `-`."""
        say = self.screen.say
        try:
            text = sys.stdin.read() if where == "-" else Path(where).read_text("utf-8-sig")
            given: object = json.loads(text)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise Unusable(say("json.missing", file=where, reason=reason)) from error
        except (ValueError, RecursionError) as error:
            raise Unusable(say("json.unreadable", file=where, reason=error)) from error
        if not isinstance(given, dict):
            raise Unusable(say("json.shape", file=where))
        return cast("dict[str, object]", given)

    def _keep_refused(self, file: Path, result: Result, database: str) -> None:
        """Write the refused rows where they can be corrected, and say how to go on."""
        if not result.refused:
            return
        say, language = self.screen.say, self.screen.say.language
        refused = [(row.source.cells, row.reasons(language)) for row in result.refused]
        target, new = write_refused_rows(file, result.sheet.headers, refused, language)
        key = "refused.written" if new else "refused.repeatedly"
        self.screen.tell()
        self.screen.tell(say(key, n=len(refused), file=target))
        self.screen.line(
            f"  customer-registry import {_quoted(str(target))} --into {_quoted(database)}"
        )


def _found(registry: CustomerRegistry, text: str, limit: int) -> tuple[list[Customer], bool]:
    """Return up to `limit` customers, page by page, and whether more follow."""
    page = registry.search(text, limit=limit)
    customers = list(page)
    while page.next and len(customers) < limit:
        page = registry.search(after=page.next)
        customers += page
    return customers[:limit], page.next is not None or len(customers) > limit


def actor() -> Actor:
    """Return whom the journal names: the one who is logged in."""
    try:
        return Actor(getpass.getuser())
    except (OSError, KeyError, ImportError):
        return SYSTEM


def _quoted(word: str) -> str:
    """Return a word as a shell takes it; one of letters in any script needs no quotes."""
    return word if re.fullmatch(r"[\w./@%+=:,-]+", word) else shlex.quote(word)
