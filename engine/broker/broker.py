"""The broker: accounts, the indexes over them, and what commands and ticks do.

Quotes come in as values for one instant; events and updates go out in a `CommandResult`. Called by engine/core.py.
"""

from collections.abc import Callable, Iterator, Mapping

from engine.broker import commands, execution, margin
from engine.broker import events as ev
from engine.broker.account import Account
from engine.broker.commands import Weighed
from engine.broker.deadlines import Deadlines
from engine.broker.fill_models import due_order
from engine.broker.ledger import money_in
from engine.broker.liquidity import Liquidity
from engine.broker.matching import mark_price
from engine.broker.moment import Moment
from engine.broker.order import FINAL, REJECTED, WORKING, Order
from engine.broker.random_source import Dice
from engine.broker.transaction import Ledger, Transaction
from engine.broker.triggers import Book, Triggers
from engine.errors import Denied, Missing, Reason
from engine.models.broker.account import AccountReset, Profile
from engine.models.broker.orders import PreOrder
from engine.models.broker.positions import Brackets
from engine.models.market.instruments import Instrument

Events = Iterator[ev.Event]


class Broker:
    """All accounts.

    Args:
        instruments: The catalogue by canonical name.
        seed: Seed of the accounts' dice.
        max_accounts: How many accounts there may be.
        triggers: Makes the book of a symbol's working orders from its trigger rule.

    Attributes:
        accounts: By id, oldest first.
        seed: As given; a state that another seed made draws other numbers from now on.
    """

    def __init__(
        self,
        instruments: Mapping[str, Instrument],
        seed: int,
        max_accounts: int = 1000,
        triggers: Callable[[str], Book] = Triggers,
    ) -> None:
        self.accounts: dict[str, Account] = {}
        self.ledger = Ledger()
        self._instruments = instruments
        self.seed = seed
        self._max_accounts = max_accounts
        self._new_triggers = triggers
        self._triggers: dict[str, Book] = {}
        self._expiries = Deadlines()
        self._arrivals = Deadlines()
        self._pressed: dict[str, Account] = {}
        self._holders: dict[str, dict[str, Account]] = {}
        self._liquidity: dict[str, Liquidity] = {}
        self._simulators: dict[str, Dice] = {}

    def account(self, account_id: str) -> Account:
        """Return an account. Raises: Missing UNKNOWN_ACCOUNT."""
        account = self.accounts.get(account_id)
        if account is None:
            raise Missing(Reason.UNKNOWN_ACCOUNT, f"account {account_id} does not exist")
        return account

    def new_account(self, account_id: str) -> Account:
        """Return an empty account for an `AccountOpened` event to fill."""
        return Account(self._instruments, id=account_id)

    def index(self, account: Account, event: ev.Event) -> None:
        """Bring the indexes over accounts up to date after one evolved by a trade, or in itself."""
        if isinstance(event, ev.OrderExecuted):
            account_id, symbol = account.id, event.symbol
            self._liquidity[account_id].take(event)
            self._pressed[account_id] = account
            holders = self._holders.setdefault(symbol, {})
            if symbol in account.positions:
                holders[account_id] = account
            else:
                holders.pop(account_id, None)
        elif isinstance(event, ev.ACCOUNT_EVENTS):
            if isinstance(event, (ev.AccountOpened, ev.AccountCleared)):
                self._start(account)
            elif isinstance(event, ev.ProfileChanged):
                self._restart(account)
            if isinstance(event, (ev.LeverageSet, ev.ProfileChanged)):
                self._pressed[account.id] = account

    def file(self, order: Order) -> None:
        """Put an order where its state belongs now: among those that wait for a time, for a price, or nowhere."""
        status = order.status
        if status is REJECTED:
            return
        is_final = status in FINAL
        self._expiries.file(order, None if is_final else order.terms.expire_ms)
        if order.account_id not in self._simulators:
            triggers = self._triggers.get(order.symbol)
            (self._triggers_of(order.instrument) if triggers is None else triggers).file(order)
            self._arrivals.file(order, order.eligible_ms if order.is_late and not is_final else None)

    def _restart(self, account: Account) -> None:
        """Let another fill model take over the orders of an account."""
        self._start(account)
        for order in account.working.values():
            triggers = self._triggers_of(order.instrument)
            if account.id in self._simulators:
                triggers.take_out(order)
            else:
                triggers.file(order)
        for symbol in account.positions:
            self._holders.setdefault(symbol, {})[account.id] = account

    def replay(self, event: ev.Event) -> None:
        """Apply an event that was stored: what a transaction does with it, without deciding or telling anything."""
        account = self.accounts.get(event.account_id) or self.new_account(event.account_id)
        order = account.evolve(event)
        self.index(account, event)
        if order is not None:
            self.file(order)

    def _start(self, account: Account) -> None:
        """Give an account that begins its fill model, its dice and its place in the indexes."""
        self.accounts[account.id] = account
        self._pressed.pop(account.id, None)
        for holders in self._holders.values():
            holders.pop(account.id, None)
        dice = Dice(self.seed, account.id)
        self._liquidity[account.id] = Liquidity(account.profile, dice)
        self._simulators.pop(account.id, None)
        if account.profile.fill_model == "simulator":
            self._simulators[account.id] = dice

    def _triggers_of(self, instrument: Instrument) -> Book:
        triggers = self._triggers.get(instrument.name)
        if triggers is None:
            triggers = self._triggers[instrument.name] = self._new_triggers(instrument.trigger)
        return triggers

    def open_account(
        self, txn: Transaction, asked_id: str | None, name: str, currency: str, balance: float, profile: Profile
    ) -> Account:
        """Open an account with a deposit in its currency.

        Raises:
            Denied: ACCOUNT_LIMIT when the id is taken or there are too many, UNSUPPORTED_COMBINATION for a currency.
        """
        if len(self.accounts) >= self._max_accounts:
            raise Denied(Reason.ACCOUNT_LIMIT, f"there are {len(self.accounts)} accounts, the limit is reached")
        if currency != "USD":
            raise Denied(Reason.UNSUPPORTED_COMBINATION, f"currency {currency} is not USD")
        account_id = self._free_id() if asked_id is None else asked_id
        if account_id in self.accounts:
            raise Denied(Reason.ACCOUNT_LIMIT, f"account {account_id} exists already")
        account = self.new_account(account_id)
        event = ev.AccountOpened(account_id, txn.now_ms, name, currency, money_in(balance), profile)
        txn.run(account, iter((event,)))
        return account

    def _free_id(self) -> str:
        number = len(self.accounts) + 1
        while f"ACCOUNT-{number}" in self.accounts:
            number += 1
        return f"ACCOUNT-{number}"

    def liquidity(self, account: Account) -> Liquidity:
        """Return what an account finds on the market."""
        return self._liquidity[account.id]

    def reset_account(self, txn: Transaction, account: Account, request: AccountReset) -> None:
        """Let an account start anew: its orders are canceled, its positions closed, its history forgotten."""
        for order in list(account.working.values()):
            if order.id in account.working:
                txn.run(account, commands.end(account, order, None, "the account was reset", txn.now_ms))
        deposit = account.funds.deposits if request.balance is None else money_in(request.balance)
        profile = request.profile or account.profile
        txn.run(account, iter((ev.AccountCleared(account.id, txn.now_ms, deposit, profile),)))

    def change_profile(self, txn: Transaction, account: Account, profile: Profile) -> None:
        """Let other rules hold for an account; its orders and positions stay."""
        txn.run(account, iter((ev.ProfileChanged(account.id, txn.now_ms, profile),)))

    def set_leverage(self, txn: Transaction, account: Account, symbol: str, leverage: int) -> None:
        """Change the leverage of a symbol. Raises: Denied INSUFFICIENT_MARGIN."""
        refusal = margin.leverage_refusal(account, symbol, leverage, txn.moment)
        if refusal is not None:
            raise Denied(*refusal)
        txn.run(account, iter((ev.LeverageSet(account.id, txn.now_ms, symbol, leverage),)))

    def place_order(self, txn: Transaction, account: Account, request: PreOrder, instrument: Instrument) -> str:
        """Take an order and give it what the market gives at once; returns its id.

        The same `clientOrderId` with the same order gives the first id again, and nothing else happens.

        Raises:
            Denied: DUPLICATE_CLIENT_ORDER_ID for another order, and as in `commands.place`.
        """
        known = account.client_ids.get(request.clientOrderId) if request.clientOrderId is not None else None
        if known is not None:
            if known[0] != request:
                text = f"clientOrderId {request.clientOrderId} was used for another order, {known[1]}"
                raise Denied(Reason.DUPLICATE_CLIENT_ORDER_ID, text)
            return known[1]
        order_id = account.next_order_id()
        txn.run(account, self._placement(account, order_id, request, instrument, txn.moment))
        return order_id

    def modify_order(self, txn: Transaction, account: Account, order_id: str, request: PreOrder) -> None:
        """Change an order that is not final; one that reaches the market trades at once. Raises: Missing, Denied."""
        modified = commands.modify(account, order_id, request, txn.moment)
        txn.run(account, self._arrival(account, order_id, modified, txn.moment))

    def cancel_order(self, txn: Transaction, account: Account, order_id: str) -> None:
        """Cancel an order that is not final. Raises: Missing, Denied."""
        txn.run(account, commands.cancel(account, order_id, txn.moment))

    def close_position(self, txn: Transaction, account: Account, position_id: str, amount: float | None) -> None:
        """Close a position or part of it with a market order that cannot flip it. Raises: Missing, Denied."""
        order_id = account.next_order_id()
        closed = commands.close(account, position_id, amount, txn.moment)
        txn.run(account, self._arrival(account, order_id, closed, txn.moment))

    def reverse_position(self, txn: Transaction, account: Account, position_id: str) -> None:
        """Turn a position around with one market order. Raises: Missing, Denied."""
        order_id = account.next_order_id()
        turned = commands.reverse(account, position_id, txn.moment)
        txn.run(account, self._arrival(account, order_id, turned, txn.moment))

    def edit_brackets(self, txn: Transaction, account: Account, position_id: str, prices: Brackets) -> None:
        """Give a position other brackets. Raises: Missing, Denied."""
        txn.run(account, commands.edit_brackets(account, position_id, prices, txn.moment))

    def execute_orders(self, txn: Transaction) -> None:
        """Execute the working orders of every simulator account once, oldest first."""
        for account_id in self._simulators:
            account = self.accounts[account_id]
            for order in list(account.working.values()):
                self._simulate(txn, account, order)

    def on_tick(self, txn: Transaction, is_settled: bool = True) -> None:
        """Let a tick happen: expiries, late arrivals, matching, trailing stops, the simulator, marks and margin.

        Args:
            txn: Of the tick; its moment is the instant that is looked at.
            is_settled: Whether the accounts are those of that instant: what a command has opened since then was not
                there to be marked.
        """
        for order in self._expiries.due(txn.moment.at_ms):
            account = self.accounts[order.account_id]
            txn.run(account, execution.expire(account, order, txn.now_ms))
        for order in self._arrivals.due(txn.moment.at_ms):
            if order.is_final:
                continue
            account = self.accounts[order.account_id]
            arrived = iter((ev.OrderArrived(account.id, txn.now_ms, order.id),))
            txn.run(account, self._arrival(account, order.id, arrived, txn.moment))
        for symbol, triggers in self._triggers.items():
            # Nothing trades and no price moves while a market is closed; it may not have a price yet.
            if len(triggers) and txn.moment.is_open(symbol) and (met := txn.moment.met(symbol)) is not None:
                for order in triggers.reached(met.quote):
                    txn.run(self.accounts[order.account_id], self._match(order, txn.moment, is_arriving=False))
                    triggers.file(order)
                for order in triggers.trailing(txn.moment.quotes(symbol)):
                    # What is passed over now, or has no room for its stop yet, may follow later.
                    account = self.accounts[order.account_id]
                    if not met.is_past or met.quote.time_ms > order.arrival_ms:
                        txn.run(account, execution.follow(account, order, txn.moment))
                    triggers.file(order)
        for account_id, dice in self._simulators.items():
            account = self.accounts[account_id]
            due = due_order(account, dice, txn.moment)
            if due is not None:
                self._simulate(txn, account, due)
        if is_settled:
            self._mark(txn)

    def _arrival(self, account: Account, order_id: str, events: Events, moment: Moment) -> Events:
        """Let an order come to the market, by these events, and have what there is for it at once."""
        yield from events
        yield from self._match(account.order(order_id), moment, is_arriving=True)

    def _placement(
        self, account: Account, order_id: str, request: PreOrder, instrument: Instrument, moment: Moment
    ) -> Events:
        """Let a new order come to the market and have what there is for it at once."""
        liquidity = self._liquidity[account.id]
        weighed = yield from commands.place(account, order_id, request, instrument, liquidity, moment)
        order = account.working.get(order_id)
        if order is not None:
            yield from self._match(order, moment, True, weighed)

    def _match(self, order: Order, moment: Moment, is_arriving: bool, weighed: Weighed | None = None) -> Events:
        """Match an order by the market's rules; a margin call is over when nothing is left to carry."""
        account_id = order.account_id
        if order.status is not WORKING or account_id in self._simulators:
            return execution.NOTHING
        account = self.accounts[account_id]
        matched = execution.match(account, order, self._liquidity[account_id], moment, is_arriving, weighed)
        return self._relieved(account, matched, moment) if account.is_called else matched

    def _relieved(self, account: Account, matched: Events, moment: Moment) -> Events:
        """Let a margin call be over when these events leave nothing to carry."""
        yield from matched
        if not account.positions:
            yield ev.MarginCallChanged(account.id, moment.now_ms, False, account.funds.balance, 0)

    def _simulate(self, txn: Transaction, account: Account, order: Order) -> None:
        if order.is_working:
            txn.run(account, execution.simulate(account, order, txn.moment))

    def _mark(self, txn: Transaction) -> None:
        """Find the positions whose mark moved, and the accounts that can no longer carry theirs."""
        moved: dict[str, Account] = {}
        for symbol, holders in self._holders.items():
            if not holders:
                continue
            quote = txn.moment.quotes(symbol)
            for account in holders.values():
                position = account.positions[symbol]
                mark = mark_price(position.holding.qty, quote, account.profile.mark)
                if mark != position.mark:
                    position.mark = mark
                    txn.touched_of(account).moved[symbol] = position
                    moved[account.id] = account
        concerned = moved | self._pressed
        for account_id in sorted(concerned):
            self._hold_margin(txn, concerned[account_id])

    def _hold_margin(self, txn: Transaction, account: Account) -> None:
        """Warn an account below its maintenance margin; below the stop-out level close, one instrument a tick."""
        profile = account.profile
        self._pressed.pop(account.id, None)
        if profile.fill_model == "simulator" or (profile.margin_call is None and profile.stop_out is None):
            return
        margins = margin.assess(account, txn.moment)
        is_called = margin.is_below(margins.equity, margins.used, profile.margin_call)
        if is_called != account.is_called:
            event = ev.MarginCallChanged(account.id, txn.now_ms, is_called, margins.equity, margins.used)
            txn.run(account, iter((event,)))
        if margin.is_below(margins.equity, margins.used, profile.stop_out):
            self._pressed[account.id] = account
            self._stop_out(txn, account)

    def _stop_out(self, txn: Transaction, account: Account) -> None:
        own = [order for order in account.working.values() if order.reason != Reason.STOP_OUT]
        if own:
            for order in own:
                if order.id in account.working:
                    events = commands.end(account, order, Reason.STOP_OUT, "margin is exhausted", txn.now_ms)
                    txn.run(account, events)
        elif not any(txn.moment.is_open(order.symbol) for order in account.working.values()):
            loser = margin.largest_loser(account, txn.moment)
            if loser is None:
                return
            order_id = account.next_order_id()
            sent = commands.stop_out(account, loser, txn.now_ms)
            txn.run(account, self._arrival(account, order_id, sent, txn.moment))

    def live_symbols(self) -> Iterator[str]:
        """Yield the symbols that have working orders by market rules, or open positions."""
        yield from (symbol for symbol, triggers in self._triggers.items() if len(triggers))
        yield from (symbol for symbol, holders in self._holders.items() if holders)

    @property
    def is_idle(self) -> bool:
        """Whether no market concerns the broker: there are no live symbols."""
        return not (any(self._holders.values()) or any(map(len, self._triggers.values())))

    def has_waiting_orders(self) -> bool:
        """Whether time alone can change an order: a simulator has something to execute, or an order expires."""
        return len(self._expiries) > 0 or any(
            self.accounts[account_id].working and not self.accounts[account_id].profile.is_manual
            for account_id in self._simulators
        )
