"""The broker: all accounts, the indexes over them, and the commands and ticks that change them.

Each command or tick reads a `MarketView` of one instant; its events and updates become a `CommandResult`. Called by
engine/core.py. commands.py and execution.py have the rules.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from engine.broker import commands, execution, margin
from engine.broker import events as ev
from engine.broker.account import Account
from engine.broker.conversion import check_rates
from engine.broker.fill_models import due_order
from engine.broker.invariants import LedgerAudit
from engine.broker.ledger import money_in
from engine.broker.market_view import MarketView
from engine.broker.matching import mark_price
from engine.broker.order import FINAL, REJECTED, WORKING, Order, OrderRequest
from engine.broker.order_heap import OrderHeap
from engine.broker.transaction import Transaction
from engine.broker.triggers import Triggers
from engine.errors import Denied, Missing, Reason
from engine.faults import FaultTable
from engine.models.broker.account import AccountCreate, AccountReset, Profile
from engine.models.broker.orders import OrderChange
from engine.models.broker.positions import Brackets
from engine.models.market.instruments import Instrument

MAX_DOCUMENTS = 64


class Broker:
    """All accounts.

    Args:
        instruments: The catalogue by canonical name.
        seed: Seed of the accounts' random numbers.
        max_accounts: Limit of the number of accounts.

    Attributes:
        accounts: By id, oldest first.
        ledger: Counts of the ledger checks.
        seed: A recovered state continues with this seed, also when it was recorded with another one.
        triggers, expiries, arrivals, margin_checks, holders, simulators: Indexes of the broker; outlook.py reads them.
    """

    def __init__(self, instruments: Mapping[str, Instrument], seed: int, max_accounts: int = 1000) -> None:
        self.accounts: dict[str, Account] = {}
        self.ledger = LedgerAudit()
        self.seed = seed
        self._instruments = instruments
        self._max_accounts = max_accounts
        self.triggers: dict[str, Triggers] = {}
        self.expiries = OrderHeap()
        self.arrivals = OrderHeap()
        self.margin_checks: dict[str, Account] = {}
        self.holders: dict[str, dict[str, Account]] = {}
        self.simulators: dict[str, Account] = {}

    def account(self, account_id: str) -> Account:
        """Return an account. Raises: Missing UNKNOWN_ACCOUNT."""
        account = self.accounts.get(account_id)
        if account is None:
            raise Missing(Reason.UNKNOWN_ACCOUNT, f"account {account_id} does not exist")
        return account

    def new_account(self, account_id: str) -> Account:
        """Return an empty account; an `AccountOpened` event fills it."""
        return Account(self._instruments, account_id, self.seed)

    # Indexes

    def index_account(self, account: Account, event: ev.Event) -> None:
        """Update the indexes over accounts after a trade, or after an event of the account itself."""
        if isinstance(event, ev.OrderExecuted):
            account_id, symbol = account.id, event.symbol
            self.margin_checks[account_id] = account
            holders = self.holders.setdefault(symbol, {})
            if symbol in account.positions:
                holders[account_id] = account
            else:
                holders.pop(account_id, None)
        elif isinstance(event, (ev.AccountOpened, ev.AccountCleared, ev.ProfileChanged)):
            self._index_profile(account)
        if isinstance(event, (ev.LeverageSet, ev.ProfileChanged)):
            self.margin_checks[account.id] = account

    def index_order(self, order: Order) -> None:
        """Update the indexes over orders after an order changed: expiry, arrival, and trigger or limit price."""
        status = order.status
        if status is REJECTED:
            return
        is_final = status in FINAL
        is_late = order.is_late and not is_final
        is_simulated = order.account_id in self.simulators
        self.expiries.update(order, None if is_final else order.terms.expire_ms)
        if not is_simulated:
            self._triggers_of(order.instrument).update(order)
        if not (is_simulated and is_late):
            self.arrivals.update(order, order.eligible_ms if is_late else None)

    def replay(self, event: ev.Event) -> None:
        """Apply a stored event and index its changes; no rule runs, and no update is made."""
        account = self.accounts.get(event.account_id) or self.new_account(event.account_id)
        order = account.evolve(event)
        self.index_account(account, event)
        if order is not None:
            self.index_order(order)

    def _index_profile(self, account: Account) -> None:
        """Index an account by its fill model after it was opened or reset, or after its profile changed."""
        account_id = account.id
        self.accounts[account_id] = account
        for index in (self.margin_checks, self.simulators, *self.holders.values()):
            index.pop(account_id, None)
        if account.is_simulated:
            self.simulators[account_id] = account
        for order in account.working.values():
            triggers = self._triggers_of(order.instrument)
            if account.is_simulated:
                triggers.remove(order)
            else:
                triggers.update(order)
        for symbol in account.positions:
            self.holders.setdefault(symbol, {})[account_id] = account

    def _triggers_of(self, instrument: Instrument) -> Triggers:
        triggers = self.triggers.get(instrument.name)
        if triggers is None:
            triggers = self.triggers[instrument.name] = Triggers(instrument.trigger)
        return triggers

    # Accounts

    def open_account(self, txn: Transaction, request: AccountCreate, profile: Profile) -> Account:
        """Open an account with a deposit in its currency. Its rules are `profile`; those of the request are ignored.

        Raises:
            Denied: ACCOUNT_LIMIT for an existing id or too many accounts, UNSUPPORTED_COMBINATION for a currency
                that an instrument has no rate to.
        """
        if len(self.accounts) >= self._max_accounts:
            raise Denied(Reason.ACCOUNT_LIMIT, f"there are {len(self.accounts)} accounts, the limit is reached")
        try:
            check_rates(self._instruments, request.currency)
        except Denied as denied:
            text = f"an account in {request.currency} is not possible: {denied.message}"
            raise Denied(denied.reason, text) from None
        account_id = request.id
        if account_id is None:
            numbers = count(len(self.accounts) + 1)
            account_id = next(name for name in map("ACCOUNT-{}".format, numbers) if name not in self.accounts)
        if account_id in self.accounts:
            raise Denied(Reason.ACCOUNT_LIMIT, f"account {account_id} exists already")
        account, deposit = self.new_account(account_id), money_in(request.balance)
        event = ev.AccountOpened(account_id, txn.market.now_ms, request.name, request.currency, deposit, profile)
        txn.apply(account, iter((event,)))
        return account

    def reset_account(self, txn: Transaction, account: Account, request: AccountReset) -> None:
        """Reset an account: cancel its orders, drop its positions and history, and deposit a new balance."""
        orders = list(account.working.values())
        txn.apply(account, commands.end_all(account, orders, None, "the account was reset", txn.market.now_ms))
        deposit = account.funds.deposits if request.balance is None else money_in(request.balance)
        profile = request.profile or account.profile
        txn.apply(account, iter((ev.AccountCleared(account.id, txn.market.now_ms, deposit, profile),)))

    def change_profile(self, txn: Transaction, account: Account, profile: Profile) -> None:
        """Change the rules of an account; its orders and positions stay."""
        txn.apply(account, iter((ev.ProfileChanged(account.id, txn.market.now_ms, profile),)))

    def store_document(self, txn: Transaction, account: Account, name: str, value: ev.Document | None) -> None:
        """Keep a document with an account, or delete it. Raises: Denied ACCOUNT_LIMIT for too many documents."""
        if value is not None and name not in account.documents and len(account.documents) >= MAX_DOCUMENTS:
            raise Denied(Reason.ACCOUNT_LIMIT, f"an account keeps at most {MAX_DOCUMENTS} documents")
        txn.apply(account, iter((ev.DocumentStored(account.id, txn.market.now_ms, name, value),)))

    def set_leverage(self, txn: Transaction, account: Account, symbol: str, leverage: int) -> None:
        """Change the leverage of a symbol. Raises: Denied INSUFFICIENT_MARGIN."""
        refusal = margin.leverage_refusal(account, symbol, leverage, txn.market)
        if refusal is not None:
            raise Denied(*refusal)
        txn.apply(account, iter((ev.LeverageSet(account.id, txn.market.now_ms, symbol, leverage),)))

    # Orders and positions

    def place_order(
        self, txn: Transaction, account: Account, request: OrderRequest, faults: FaultTable | None = None
    ) -> str:
        """Place an order and match it at once; returns its id.

        A repeated `clientOrderId` with the same order returns the first id, and nothing else happens.

        Raises:
            Denied: DUPLICATE_CLIENT_ORDER_ID for another order, and as in `commands.place`.
        """
        known_id = self._known_id(account, request)
        if known_id is not None:
            return known_id
        order_id = account.next_order_id()
        events = commands.place(account, order_id, request, txn.market, faults)
        txn.apply(account, self._and_match(account, order_id, events, txn.market))
        return order_id

    def place_linked(self, txn: Transaction, account: Account, requests: Sequence[OrderRequest]) -> list[str]:
        """Place two orders of which one cancels the other, and match them at once; returns their ids.

        Repeated `clientOrderId`s with the same orders return the first ids, and nothing else happens.

        Raises:
            Denied: as in `place_order` and `commands.place_linked`.
        """
        known_ids = [one for request in requests if (one := self._known_id(account, request)) is not None]
        if len(known_ids) == len(requests):
            return known_ids
        if known_ids:
            raise Denied(Reason.DUPLICATE_CLIENT_ORDER_ID, f"one of the orders was placed before, {known_ids[0]}")
        txn.apply(account, commands.place_linked(account, requests, txn.market))
        order_ids = [f"ORDER-{account.order_count - 1}", f"ORDER-{account.order_count}"]
        for order_id in order_ids:
            order = account.working.get(order_id)
            if order is not None:
                txn.apply(account, self._match(account, order, txn.market, is_arriving=True))
        return order_ids

    def _known_id(self, account: Account, request: OrderRequest) -> str | None:
        """Return the id of an order that was placed before with the same `clientOrderId`, else None. Raises: Denied."""
        client_id = request.sent.clientOrderId
        known = None if client_id is None else account.client_ids.get(client_id)
        if known is None:
            return None
        if known.sent != request.sent:
            text = f"clientOrderId {client_id} was used for another order, {known.order_id}"
            raise Denied(Reason.DUPLICATE_CLIENT_ORDER_ID, text)
        return known.order_id

    def modify_order(
        self, txn: Transaction, account: Account, order_id: str, change: OrderChange, client_id: str | None = None
    ) -> None:
        """Change an order that is not final; match it at once if its terms are new.

        Raises:
            Missing, Denied: as in `commands.modify`; DUPLICATE_CLIENT_ORDER_ID for a `client_id` of another order.
        """
        order = account.working_order(order_id)
        terms = order.terms
        if client_id is not None and client_id in account.client_ids:
            raise Denied(Reason.DUPLICATE_CLIENT_ORDER_ID, f"clientOrderId {client_id} was used for another order")
        txn.apply(account, commands.modify(account, order_id, change, txn.market, client_id))
        if order.terms != terms:
            txn.apply(account, self._match(account, order, txn.market, is_arriving=True))

    def cancel_order(self, txn: Transaction, account: Account, order_id: str) -> None:
        """Cancel an order that is not final. Raises: Missing, Denied."""
        txn.apply(account, commands.cancel(account, order_id, txn.market))

    def close_position(self, txn: Transaction, account: Account, position_id: str, amount: float | None) -> None:
        """Close a position or part of it with a reduce-only market order. Raises: Missing, Denied."""
        events = commands.close(account, position_id, amount, txn.market)
        txn.apply(account, self._and_match(account, account.next_order_id(), events, txn.market))

    def reverse_position(self, txn: Transaction, account: Account, position_id: str) -> None:
        """Turn a position into the opposite one of the same quantity. Raises: Missing, Denied."""
        events = commands.reverse(account, position_id, txn.market)
        txn.apply(account, self._and_match(account, account.next_order_id(), events, txn.market))

    def edit_brackets(self, txn: Transaction, account: Account, position_id: str, prices: Brackets) -> None:
        """Change the brackets of a position; its update confirms it, also without a change. Raises: Missing, Denied."""
        txn.apply(account, commands.edit_brackets(account, position_id, prices, txn.market))
        txn.changes_of(account).positions.setdefault(position_id, account.position(position_id))

    def execute_orders(self, txn: Transaction) -> None:
        """Execute the working orders of every simulator account once, oldest first."""
        for account in self.simulators.values():
            for order in list(account.working.values()):
                if order.is_working:
                    txn.apply(account, execution.simulate(account, order, txn.market))

    def _and_match(self, account: Account, order_id: str, events: ev.Events, market: MarketView) -> ev.Events:
        """Yield `events`, with which an order arrives at the market, then the events of its first match."""
        yield from events
        order = account.working.get(order_id)
        if order is not None:
            yield from self._match(account, order, market, is_arriving=True)

    def _match(self, account: Account, order: Order, market: MarketView, is_arriving: bool) -> ev.Events:
        """Return the events of matching an order; a margin call ends when no position is left."""
        if order.status is not WORKING or account.is_simulated:
            return iter(())
        events = execution.match(account, order, market, is_arriving)
        return self._and_end_margin_call(account, events, market) if account.is_called else events

    def _and_end_margin_call(self, account: Account, events: ev.Events, market: MarketView) -> ev.Events:
        yield from events
        if not account.positions:
            yield ev.MarginCallChanged(account.id, market.now_ms, False, account.funds.balance, 0)

    # Ticks

    def on_tick(self, txn: Transaction) -> None:
        """Process one instant: expiries, arrivals, matching, trailing stops, the simulator, marks and margin."""
        market = txn.market
        for order in self.expiries.through(market.now_ms):
            account = self.accounts[order.account_id]
            text = "its time is over" if order.request.time_in_force == "GTD" else "the session ended"
            txn.apply(account, commands.end(account, order, Reason.EXPIRED, f"expired: {text}", market.now_ms))
        for order in self.arrivals.through(market.now_ms):
            if not order.is_final:
                account = self.accounts[order.account_id]
                arrived = iter((ev.OrderArrived(account.id, txn.market.now_ms, order.id),))
                txn.apply(account, self._and_match(account, order.id, arrived, market))
        for symbol, triggers in self.triggers.items():
            # A closed market is skipped: it may not have a price yet.
            if len(triggers) and market.is_open(symbol):
                self._match_resting(txn, symbol, triggers)
        for account in self.simulators.values():
            due = due_order(account, market)
            if due is not None:
                txn.apply(account, execution.simulate(account, due, market))
        self._mark(txn)

    def _match_resting(self, txn: Transaction, symbol: str, triggers: Triggers) -> None:
        """Match the orders of a symbol that its new print reaches, and move its trailing stops."""
        market = txn.market
        new_print = market.new_print(symbol)
        if new_print is None:
            return
        for order in triggers.reached(new_print.quote):
            account = self.accounts[order.account_id]
            txn.apply(account, self._match(account, order, market, is_arriving=False))
        for order in triggers.improved(market.trail_quote(symbol)):
            # A print before the order's arrival is ignored. A stop that would be below zero may move at a later print.
            if not new_print.is_past or new_print.quote.time_ms > order.arrival_ms:
                account = self.accounts[order.account_id]
                txn.apply(account, execution.follow(account, order, market))

    def _mark(self, txn: Transaction) -> None:
        """Record the positions whose mark moved, and check the margin of their accounts."""
        marked: dict[str, Account] = {}
        for symbol, holders in self.holders.items():
            if not holders:
                continue
            quote = txn.market.quote(symbol)
            for account in holders.values():
                position = account.positions[symbol]
                price, conversion = mark_price(position.holding.qty, quote, account.profile.mark), position.conversion
                mark = price if conversion is None else (price, *conversion.prices(txn.market))
                if mark != position.mark:
                    position.mark = mark
                    txn.changes_of(account).marked[symbol] = position
                    marked[account.id] = account
        to_check = marked | self.margin_checks
        for account_id in sorted(to_check):
            self._check_margin(txn, to_check[account_id])

    def _check_margin(self, txn: Transaction, account: Account) -> None:
        """Start or end a margin call; below the stop-out level, cancel orders or close one position per tick."""
        profile = account.profile
        self.margin_checks.pop(account.id, None)
        if account.is_simulated or (profile.margin_call is None and profile.stop_out is None):
            return
        margins = margin.assess(account, txn.market)
        is_called = margin.is_below(margins.equity, margins.used, profile.margin_call)
        if is_called != account.is_called:
            event = ev.MarginCallChanged(account.id, txn.market.now_ms, is_called, margins.equity, margins.used)
            txn.apply(account, iter((event,)))
        if margin.is_below(margins.equity, margins.used, profile.stop_out):
            self.margin_checks[account.id] = account
            self._stop_out(txn, account)

    def _stop_out(self, txn: Transaction, account: Account) -> None:
        """Cancel the account's own orders first; when there are none, close its largest loser."""
        own = [order for order in account.working.values() if order.reason != Reason.STOP_OUT]
        txn.apply(account, commands.end_all(account, own, Reason.STOP_OUT, "margin is exhausted", txn.market.now_ms))
        if own or any(txn.market.is_open(order.symbol) for order in account.working.values()):
            return
        loser = margin.largest_loser(account, txn.market)
        if loser is not None:
            qty, now_ms = abs(loser.holding.qty), txn.market.now_ms
            events = commands.close_at_market(account, loser, qty, now_ms, Reason.STOP_OUT)
            txn.apply(account, self._and_match(account, account.next_order_id(), events, txn.market))

    def live_symbols(self) -> Iterator[str]:
        """Yield the symbols of open positions, and of working orders that the simulator does not execute."""
        yield from (symbol for symbol, triggers in self.triggers.items() if len(triggers))
        yield from (symbol for symbol, holders in self.holders.items() if holders)

    @property
    def is_idle(self) -> bool:
        """Whether there are no live symbols."""
        return not (any(self.holders.values()) or any(map(len, self.triggers.values())))

    def has_waiting_orders(self) -> bool:
        """Whether time alone can change an order: the simulator has orders to execute, or an order can expire."""
        return len(self.expiries) > 0 or any(
            account.working and not account.profile.is_manual for account in self.simulators.values()
        )
