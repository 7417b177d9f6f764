"""Money of instruments in another currency than the account's: rates, margin, fees, limits, texts, and their laws."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.broker.conversion import check_rates, converted, converted_up
from engine.broker.events import OrderExecuted, Rate
from engine.broker.ledger import money_out
from engine.broker.margin import assess
from engine.broker.queries import explain, instrument_info
from engine.broker.serializers import equity_payload, execution_payload, position_payload
from engine.errors import Denied, Reason
from engine.models.broker.account import AccountCreate, Commission, Limits, Profile
from engine.models.market.instruments import MONEY_SCALE, Instrument
from engine.models.market.quotes import Quote
from tests.engine.broker.harness import BUY, INSTRUMENTS, LIMIT, SELL, STOP, BrokerHarness

YEN_STOCK = INSTRUMENTS["SAP"].model_copy(update={"name": "7203", "currency": "JPY"})
CATALOGUE = INSTRUMENTS | {"7203": YEN_STOCK}
EUR_BID, EUR_ASK = 1.0800, 1.0802
JPY_BID, JPY_ASK = 150.000, 150.004


def harness_with_pairs(profile: Profile | None = None, instruments: dict[str, Instrument] = CATALOGUE) -> BrokerHarness:
    harness = BrokerHarness(profile, instruments=instruments)
    harness.quote("EURUSD", EUR_BID, EUR_ASK)
    harness.quote("USDJPY", JPY_BID, JPY_ASK)
    return harness


def set_price(harness: BrokerHarness, symbol: str, price: float) -> None:
    """Set bid, ask and last of a symbol to one price, of unlimited size."""
    units = round(price * CATALOGUE[symbol].pricescale)
    harness.now_ms += 200
    harness.quotes[symbol] = Quote(symbol, harness.now_ms, units, units, units, None, None)


def trade(harness: BrokerHarness, symbol: str, side: int, qty: float, price: float, **fields: Any) -> None:
    set_price(harness, symbol, price)
    harness.place(side, qty, symbol=symbol, **fields)


def balance(harness: BrokerHarness) -> float:
    return money_out(harness.account.funds.balance)


@pytest.mark.parametrize(
    ("symbol", "side", "qty", "opened", "closed", "profit"),
    [
        ("USDJPY", BUY, 1_000, 150.000, 151.000, 6.62),  # 1,000 JPY at the price of the trade
        ("USDJPY", BUY, 1_000, 150.000, 149.000, -6.71),
        ("USDJPY", SELL, 1_000, 150.000, 149.000, 6.71),
        ("USDJPY", SELL, 1_000_000, 150.000, 151.000, -6622.52),
        ("SAP", BUY, 10, 180.00, 190.00, 108.00),  # 100 EUR are sold at the bid of EURUSD
        ("SAP", BUY, 10, 180.00, 170.00, -108.02),  # and bought at its ask
        ("SAP", SELL, 10, 180.00, 170.00, 108.00),
        ("SAP", SELL, 1_000, 180.00, 190.00, -10_802.00),
        ("7203", BUY, 1_000, 2_000.00, 2_150.00, 999.97),  # 150,000 JPY are sold at the ask of USDJPY
        ("7203", BUY, 1_000, 2_000.00, 1_850.00, -1_000.00),  # and bought at its bid
    ],
)
def test_a_profit_is_converted_at_the_rate_of_its_posting(
    symbol: str, side: int, qty: float, opened: float, closed: float, profit: float
) -> None:
    harness = harness_with_pairs()
    trade(harness, symbol, side, qty, opened)
    set_price(harness, symbol, closed)
    marked = position_payload(harness.account, harness.account.position(symbol), harness.view())
    harness.close(symbol)
    assert balance(harness) == round(100_000 + profit, 2)
    assert marked["pl"] == harness.told("positions")[-1]["realizedPL"] == profit
    assert harness.told("equity")[-1]["realizedPL"] == profit


@pytest.mark.parametrize("is_resting", [False, True])
@pytest.mark.parametrize(
    ("symbol", "qty", "price", "margin"),
    [("USDJPY", 1_000, 150.000, 100.00), ("SAP", 10, 180.00, 194.436), ("7203", 100, 1_500.00, 100.00)],
)
def test_margin_is_that_of_the_value_in_the_accounts_currency(
    symbol: str, qty: float, price: float, margin: float, is_resting: bool
) -> None:
    harness = harness_with_pairs()
    set_price(harness, symbol, price + 1 if is_resting else price)
    harness.place(BUY, qty, LIMIT, symbol=symbol, limitPrice=price)
    margins = assess(harness.account, harness.view())
    held = margins.reserved if is_resting else margins.used
    assert held / MONEY_SCALE == pytest.approx(margin, abs=1e-9)
    assert margins.used + margins.reserved == held
    assert margins.equity == harness.account.funds.balance


def test_an_order_is_refused_for_the_margin_in_the_accounts_currency() -> None:
    harness = harness_with_pairs()
    set_price(harness, "USDJPY", 150.000)
    accepted = harness.place(BUY, 1_000_000, symbol="USDJPY")
    assert harness.order(accepted)["status"] == 2
    refused = harness.place(BUY, 1, symbol="USDJPY")
    assert harness.order(refused)["reason"] == "INSUFFICIENT_MARGIN"


@pytest.mark.parametrize(
    ("model", "cost"),
    [
        ({"rate": 0.001}, 1.95),  # of 1,800 EUR at 1.0802
        ({"per_trade": 1.0, "per_unit": 0.01}, 1.10),  # fixed amounts are US dollars
        ({"rate": 0.001, "minimum": 3.0}, 3.00),
    ],
)
def test_commission_of_the_notional_is_converted(model: dict[str, float], cost: float) -> None:
    harness = harness_with_pairs(Profile(commission=Commission(**model)))
    trade(harness, "SAP", BUY, 10, 180.00)
    (execution,) = harness.told("executions")
    commission = harness.account.funds.commissions
    assert -(-commission * 100 // MONEY_SCALE) / 100 == cost
    assert execution["netAmount"] == pytest.approx(-1944.36 - commission / MONEY_SCALE, abs=0.005)


def test_the_premium_of_a_guaranteed_stop_is_converted() -> None:
    harness = harness_with_pairs(Profile(guaranteed_stop_premium=0.01))
    trade(harness, "USDJPY", BUY, 1_000, 150.000)
    harness.place(SELL, 1_000, STOP, symbol="USDJPY", stopPrice=149.0, stopType=2)
    set_price(harness, "USDJPY", 148.000)
    harness.tick()
    assert harness.told("executions")[0]["commission"] == 10.00
    assert money_out(harness.account.funds.realised) == -6.71  # 1,000 JPY at 149.000


@pytest.mark.parametrize(
    ("symbol", "qty", "price", "is_refused"),
    [
        ("USDJPY", 10_000_000, 150.000, False),  # 1.5 billion yen are 10 million dollars
        ("7203", 1_000_000, 50_000.00, False),
        ("7203", 1_000_000, 80_000.00, True),
        ("SAP", 1_000_000, 480.00, True),  # 480 million euros are 518.5 million dollars
    ],
)
def test_the_value_of_an_order_is_limited_in_the_accounts_currency(
    symbol: str, qty: float, price: float, is_refused: bool
) -> None:
    harness = harness_with_pairs()
    set_price(harness, symbol, price)
    if is_refused:
        with pytest.raises(Denied) as denied:
            harness.place(BUY, qty, LIMIT, symbol=symbol, limitPrice=price)
        assert denied.value.reason is Reason.NOTIONAL_RANGE
    else:
        order_id = harness.place(BUY, qty, LIMIT, symbol=symbol, limitPrice=price)
        assert harness.order(order_id)["reason"] == "INSUFFICIENT_MARGIN"


@pytest.mark.parametrize(("symbol", "pip"), [("USDJPY", 1000 / 150), ("SAP", 0.010802), ("EURUSD", 10.0)])
def test_the_value_of_a_pip_is_in_the_accounts_currency(symbol: str, pip: float) -> None:
    harness = harness_with_pairs()
    set_price(harness, "SAP", 180.00)
    info = instrument_info(harness.account, CATALOGUE[symbol], harness.view())
    assert info["pipValue"] == pytest.approx(pip, rel=1e-12)


def test_a_preview_shows_every_amount_in_the_accounts_currency() -> None:
    harness = harness_with_pairs(Profile(commission=Commission(rate=0.001)))
    set_price(harness, "USDJPY", 150.000)
    told = harness.preview(BUY, 1_000, symbol="USDJPY", takeProfit=151.0, stopLoss=149.0)
    rows = {row["title"]: row["value"] for section in told["sections"][1:] for row in section["rows"]}
    assert rows == {
        "Estimated Price": "150.000",
        "Order Value": "1000.00 USD",
        "Commission": "1.00 USD",
        "Margin Required": "100.00 USD",
        "Total Cost": "101.00 USD",
        "Take Profit": "151.000",
        "Potential Profit": "6.62 USD",
        "Stop Loss": "149.000",
        "Potential Loss": "6.71 USD",
    }


def test_the_daily_loss_limit_counts_the_accounts_currency() -> None:
    harness = harness_with_pairs(Profile(limits=Limits(daily_loss=100)))
    trade(harness, "USDJPY", BUY, 10_000, 150.000)
    set_price(harness, "USDJPY", 149.000)  # 10,000 JPY are 67.11 USD
    assert harness.order(harness.place(BUY, 1, symbol="USDJPY"))["status"] == 2
    set_price(harness, "USDJPY", 148.000)
    assert harness.order(harness.place(BUY, 1, symbol="USDJPY"))["reason"] == "DAILY_LOSS_LIMIT"


def test_a_moved_rate_tells_profit_and_equity_though_no_price_moves() -> None:
    harness = harness_with_pairs()
    trade(harness, "SAP", BUY, 10, 180.00)
    harness.tick("EURUSD", EUR_BID, EUR_ASK)
    set_price(harness, "SAP", 190.00)
    harness.tick()
    assert harness.told("pl")[0]["positions"][0]["pl"] == 108.00
    harness.tick("EURUSD", 1.09, 1.0902)
    assert harness.told("pl")[0]["positions"][0]["pl"] == 109.00
    assert harness.told("equity")[0]["equity"] == 100_109.00
    harness.tick()
    assert harness.told("pl") == []


def test_an_execution_explains_its_rate() -> None:
    harness = harness_with_pairs()
    trade(harness, "SAP", BUY, 10, 180.00)
    assert explain(harness.account, "EXEC-1")["rate"] == {"symbol": "EURUSD", "currency": "EUR", "value": 1.0802}
    trade(harness, "USDJPY", SELL, 1_000, 160.000)
    assert explain(harness.account, "EXEC-2")["rate"] == {"symbol": "USDJPY", "currency": "JPY", "value": 1 / 160}
    harness.place(BUY, 1)
    assert explain(harness.account, "EXEC-3")["rate"] is None
    events = [event for event in harness.events if isinstance(event, OrderExecuted)]
    assert [event.rate for event in events] == [
        Rate(108_020, 100_000, "EURUSD"),
        Rate(1_000, 160_000, "USDJPY"),
        None,
    ]


@pytest.mark.parametrize(
    ("currency", "names", "missing"),
    [
        ("USD", ("AAPL", "USDJPY", "SAP", "EURUSD"), None),
        ("EUR", ("AAPL", "SAP", "EURUSD"), None),
        ("JPY", ("AAPL", "USDJPY"), None),
        ("USD", ("AAPL", "SAP"), "SAP: currency: no instrument gives a rate from EUR to USD"),
        ("EUR", ("SAP", "EURUSD", "USDJPY"), "USDJPY: currency: no instrument gives a rate from JPY to EUR"),
        ("GBP", ("AAPL",), "AAPL: currency: no instrument gives a rate from USD to GBP"),
    ],
)
def test_every_instrument_needs_a_rate(currency: str, names: tuple[str, ...], missing: str | None) -> None:
    chosen = {name: INSTRUMENTS[name] for name in names}
    harness = BrokerHarness()
    request = AccountCreate(id="OTHER", currency=currency)
    if missing is None:
        check_rates(chosen, currency)
        return
    with pytest.raises(Denied) as denied:
        check_rates(chosen, currency)
    assert str(denied.value) == missing
    if currency != "USD":
        with pytest.raises(Denied) as refused:
            harness.run(lambda txn: harness.broker.open_account(txn, request, Profile()))
        assert refused.value.reason is Reason.UNSUPPORTED_COMBINATION
        assert f"an account in {currency} is not possible" in str(refused.value)


def test_an_account_can_have_another_currency_than_dollars() -> None:
    names = ("AAPL", "EURUSD", "SAP")
    harness = BrokerHarness(instruments={name: INSTRUMENTS[name] for name in names}, currency="EUR")
    harness.quote("EURUSD", 1.25, 1.25)
    trade(harness, "AAPL", BUY, 10, 100.00)
    assert equity_payload(harness.account, harness.view())["marginUsed"] == 80.00  # 1,000 USD at 1.25, a tenth
    trade(harness, "AAPL", SELL, 10, 110.00)
    trade(harness, "SAP", BUY, 10, 180.00)
    trade(harness, "SAP", SELL, 10, 181.00)
    trade(harness, "EURUSD", BUY, 1_000, 1.20)
    trade(harness, "EURUSD", SELL, 1_000, 1.30)
    state = equity_payload(harness.account, harness.view())
    # 100 USD at 1.25, 10 EUR, 100 USD at 1.30
    assert (state["currency"], state["balance"]) == ("EUR", 100_166.92)


def test_an_order_waits_while_its_rate_has_no_price() -> None:
    harness = harness_with_pairs()
    set_price(harness, "SAP", 180.00)
    order_id = harness.place(BUY, 10, LIMIT, symbol="SAP", limitPrice=170.0)
    del harness.quotes["EURUSD"]
    set_price(harness, "SAP", 170.00)
    harness.tick()
    assert harness.order(order_id)["filledQty"] == 0
    harness.tick("EURUSD", EUR_BID, EUR_ASK)
    assert harness.order(order_id)["filledQty"] == 10


def test_a_position_keeps_its_last_rate_until_the_pair_has_a_price() -> None:
    harness = harness_with_pairs()
    trade(harness, "SAP", BUY, 10, 180.00)
    del harness.quotes["EURUSD"]
    set_price(harness, "SAP", 190.00)
    harness.tick()
    assert harness.told("equity")[0]["unrealizedPL"] == 108.02


def test_trades_of_an_older_program_keep_the_amounts_that_were_booked() -> None:
    harness = harness_with_pairs()
    trade(harness, "USDJPY", BUY, 1_000, 150.000)
    trade(harness, "USDJPY", SELL, 400, 151.000)
    harness.events = [
        event._replace(rate=None) if isinstance(event, OrderExecuted) else event for event in harness.events
    ]
    harness.restart()
    assert balance(harness) == 100_400.00  # 400 yen were booked as dollars
    (_, closing) = harness.account.executions
    assert execution_payload(closing, INSTRUMENTS["USDJPY"])["netAmount"] == 60_400.00
    trade(harness, "USDJPY", SELL, 600, 151.000)
    assert balance(harness) == 100_403.97  # 600 yen at 151.000


amounts = st.integers(-(10**20), 10**20)
rates = st.builds(Rate, st.integers(1, 10**12), st.integers(1, 10**12), st.just("EURUSD"))


@given(amounts, rates)
def test_a_posting_is_rounded_once_half_to_even(amount: int, rate: Rate) -> None:
    exact = Fraction(amount) * rate.numerator / rate.denominator
    assert converted(amount, rate) == round(exact)
    assert 0 <= converted_up(abs(amount), rate) - abs(exact) < 1


steps = st.lists(
    st.tuples(
        st.sampled_from(("SAP", "USDJPY", "7203", "AAPL")),
        st.sampled_from((BUY, SELL)),
        st.integers(1, 50),
        st.integers(9_000, 11_000),
        st.integers(105_000, 112_000),
    ),
    min_size=1,
    max_size=25,
)


@given(steps)
def test_no_money_is_lost_between_currencies(script: list[tuple[str, int, int, int, int]]) -> None:
    harness = harness_with_pairs(Profile(commission=Commission(rate=0.0001)))
    profit, costs = Fraction(0), Fraction(0)
    held: dict[str, tuple[int, Fraction]] = {}
    for symbol, side, qty, cents, rate in script:
        harness.quote("EURUSD", rate / 100_000, (rate + 2) / 100_000)
        trade(harness, symbol, side, qty, cents / 100)
        event = harness.account.executions[-1]
        factor = Fraction(1) if event.rate is None else Fraction(event.rate.numerator, event.rate.denominator)
        price, (open_qty, average) = Fraction(cents, 100), held.get(symbol, (0, Fraction(0)))
        closed = min(qty, abs(open_qty)) if open_qty * side < 0 else 0
        profit += closed * (average - price) * side * factor
        costs += Fraction(1, 10_000) * qty * price * factor
        after = open_qty + side * qty
        if not closed:
            average = (abs(open_qty) * average + qty * price) / abs(after)
        elif closed < qty:
            average = price
        held[symbol] = after, average
    funds = harness.account.funds
    assert abs(funds.realised - profit * MONEY_SCALE) <= 2 * len(script)
    assert 0 <= funds.commissions - costs * MONEY_SCALE <= len(script)
    assert funds.balance == funds.deposits + funds.realised - funds.commissions
    for symbol, (qty, average) in held.items():
        if qty:
            told = position_payload(harness.account, harness.account.position(symbol))
            assert (told["side"] * told["qty"], told["avgPrice"]) == (qty, pytest.approx(float(average), abs=1e-6))
