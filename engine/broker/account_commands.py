"""Commands on whole accounts: open, reset, rules, documents and leverage. Rules that yield events, like commands.py."""

from collections.abc import Collection, Mapping
from itertools import count

from engine.broker import commands, margin
from engine.broker import events as ev
from engine.broker.account import Account
from engine.broker.conversion import check_rates
from engine.broker.ledger import money_in
from engine.broker.market_view import MarketView
from engine.broker.validation import unsupported
from engine.errors import Denied, Reason, deny_if
from engine.models.broker.account import AccountCreate, AccountReset, Profile
from engine.models.market.instruments import Instrument

MAX_DOCUMENTS = 64
"""Documents of one kind in an account; the kind is the first word of the name."""

MAX_DOCUMENT_CHARACTERS = 4 * 1024 * 1024
"""Texts of all documents of an account together."""


def new_account_id(request: AccountCreate, used: Collection[str], instruments: Mapping[str, Instrument]) -> str:
    """Return the id of a new account.

    Raises:
        Denied: ACCOUNT_LIMIT for an existing id, UNSUPPORTED_COMBINATION for a currency that an instrument has no rate
            to.
    """
    try:
        check_rates(instruments, request.currency)
    except Denied as denied:
        text = f"an account in {request.currency} is not possible: {denied.message}"
        raise Denied(denied.reason, text) from None
    if request.id is None:
        return next(name for name in map("ACCOUNT-{}".format, count(len(used) + 1)) if name not in used)
    if request.id in used:
        raise Denied(Reason.ACCOUNT_LIMIT, f"account {request.id} exists already")
    return request.id


def open_account(account: Account, request: AccountCreate, profile: Profile, now_ms: int) -> ev.Events:
    """Open an account with a deposit in its currency."""
    deposit = money_in(request.balance)
    yield ev.AccountOpened(account.id, now_ms, request.name, request.currency, deposit, profile)


def reset(account: Account, request: AccountReset, now_ms: int) -> ev.Events:
    """Cancel an account's orders, drop its positions and history, and deposit a new balance."""
    yield from commands.end_all(account, list(account.working.values()), None, "the account was reset", now_ms)
    deposit = account.funds.deposits if request.balance is None else money_in(request.balance)
    yield ev.AccountCleared(account.id, now_ms, deposit, request.profile or account.profile)


def change_profile(account: Account, profile: Profile, now_ms: int) -> ev.Events:
    """Change the rules of an account; its orders and positions stay.

    Raises:
        Denied: UNSUPPORTED_COMBINATION for another `hedging` while positions are open.
    """
    if profile.hedging is not account.is_hedging and account.positions:
        raise unsupported("hedging cannot be switched while positions are open")
    yield ev.ProfileChanged(account.id, now_ms, profile)


def store_document(account: Account, name: str, value: ev.Document | None, now_ms: int) -> ev.Events:
    """Keep a document with an account, or delete it. Raises: Denied ACCOUNT_LIMIT for too many or too large ones."""
    if value is not None:
        kind, others = name.partition(" ")[0], {one: kept for one, kept in account.documents.items() if one != name}
        if sum(one.partition(" ")[0] == kind for one in others) >= MAX_DOCUMENTS:
            raise Denied(Reason.ACCOUNT_LIMIT, f"an account keeps at most {MAX_DOCUMENTS} documents of one kind")
        if sum(map(_characters, others.values())) + _characters(value) > MAX_DOCUMENT_CHARACTERS:
            text = f"the documents of an account have at most {MAX_DOCUMENT_CHARACTERS} characters together"
            raise Denied(Reason.ACCOUNT_LIMIT, text)
    yield ev.DocumentStored(account.id, now_ms, name, value)


def _characters(document: ev.Document) -> int:
    return sum(len(value) for value in document.values() if isinstance(value, str))


def set_leverage(account: Account, symbol: str, leverage: int, market: MarketView) -> ev.Events:
    """Change the leverage of a symbol. Raises: Denied INSUFFICIENT_MARGIN."""
    deny_if(margin.leverage_refusal(account, symbol, leverage, market))
    yield ev.LeverageSet(account.id, market.now_ms, symbol, leverage)


def check_profile(profile: Profile | None) -> None:
    """Deny rules that contradict each other. Raises: Denied UNSUPPORTED_COMBINATION."""
    if profile is not None and profile.hedging and profile.long_only:
        raise Denied(Reason.UNSUPPORTED_COMBINATION, "longOnly cannot be combined with hedging")
