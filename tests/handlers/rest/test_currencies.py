"""Another currency on the wire: the default catalogue's USDJPY and SAP, whose money is dollars for the account."""

import pytest

from engine.models.broker.account import EquityData
from engine.models.broker.config import InstrumentInfo
from engine.models.broker.executions import ExecutionExplanation
from tests.conftest import StartLive


@pytest.mark.parametrize(
    ("symbol", "currency", "source", "qty"), [("USDJPY", "JPY", "USDJPY", 1_000), ("SAP", "EUR", "EURUSD", 10)]
)
async def test_an_order_is_valued_explained_and_margined_in_dollars(
    symbol: str, currency: str, source: str, qty: int, live: StartLive
) -> None:
    server = await live()
    info = InstrumentInfo.model_validate(await server.call("GET", f"/broker/symbols/{symbol}"))
    await server.place(symbol=symbol, qty=qty)
    explained = ExecutionExplanation.model_validate(await server.call("GET", "/broker/executions/EXEC-1/explain"))
    rate, execution = explained.rate, explained.execution
    assert rate is not None and (rate.symbol, rate.currency) == (source, currency)
    assert execution.netAmount == pytest.approx(-qty * execution.price * rate.value, abs=0.006)
    state = EquityData.model_validate(await server.call("GET", "/broker/account/state"))
    assert (state.currency, state.balance) == ("USD", 100_000)
    assert state.marginUsed == pytest.approx(-execution.netAmount / 10, rel=0.01)
    pip = 1_000 if symbol == "USDJPY" else 0.01
    assert info.currency == currency
    assert info.pipValue == pytest.approx(pip * rate.value, rel=0.01)
