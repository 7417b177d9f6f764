"""Rules of commands and of state over REST. The script in `server/conformance/script.py` checks them."""

from server.conformance.rule import CONTRACT, TRADING, TRADINGVIEW, TROUBLE_LIST, Rule

RULES = (
    Rule("command-accepted", "A valid command is accepted.", TRADINGVIEW),
    Rule("confirmed-in-time", "An update confirms an accepted command within 10 s.", TROUBLE_LIST),
    Rule("off-tick-refused", "A price off the tick grid is refused.", TROUBLE_LIST),
    Rule("off-step-refused", "A quantity off the step is refused.", TRADINGVIEW),
    Rule("unknown-order-refused", "A command for an unknown order is refused.", CONTRACT),
    Rule("final-order-refused", "A final order cannot be canceled.", CONTRACT),
    Rule("errors-are-problems", "An error is a problem body with code and detail.", CONTRACT),
    Rule("refused-changes-nothing", "A refused command sends no update of the account.", CONTRACT),
    Rule("snapshot-is-rest", "The snapshot of a subscription is the state over REST.", CONTRACT),
    Rule("told-is-rest", "The updates lead to the state over REST.", CONTRACT),
    Rule("present-after-reconnect", "Orders and positions are there after a reconnect.", TROUBLE_LIST),
    Rule("resume-without-holes", "A resumed subscription gets every missed update.", CONTRACT),
    Rule("worked-rows", "Balance, profit and position of the twelve worked rows, to the cent.", TRADING),
)
