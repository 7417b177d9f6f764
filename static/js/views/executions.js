// @ts-check
/** Executions of the account, newest first; each opens its explanation. */
import { sideName } from "../lib/codes.js";
import { byId } from "../lib/dom.js";
import { dateTime, money, price, qty, signed, tone } from "../lib/format.js";
import { toggleWhyExecuted } from "./explanation.js";
import { Table } from "./table.js";
import { View } from "./view.js";

/** @import {Execution} from "../types/tradingview.js" */

export class ExecutionsView extends View {
  /** @type {Table<Execution>} */
  #table = new Table(byId("executions"), {
    label: "Executions",
    empty: "No executions yet.",
    keyOf: ({ id }) => id,
    columns: [
      { title: "Symbol", text: ({ symbol }) => symbol, width: 80 },
      { title: "Side", text: ({ side }) => sideName(side), tone: ({ side }) => tone(side), width: 54 },
      { title: "Qty", text: (execution) => qty(execution.qty), value: (execution) => execution.qty, isNumber: true },
      {
        title: "Price", text: (execution) => price(execution.price, this.context.instruments.decimals(execution.symbol)),
        value: (execution) => execution.price, isNumber: true,
      },
      { title: "Commission", text: ({ commission }) => money(commission), value: ({ commission }) => commission, isNumber: true, rank: 1, width: 96 },
      { title: "Net amount", text: ({ netAmount }) => signed(netAmount), value: ({ netAmount }) => netAmount, isNumber: true, rank: 2, width: 104 },
      { title: "Time (UTC)", text: ({ time }) => dateTime(time), isNumber: true, width: 160 },
      { title: "Order", text: ({ orderId }) => orderId, rank: 3, width: 96 },
    ],
    actions: [{
      name: "Why", label: ({ id }) => `Why execution ${id} happened at this price`,
      run: (execution) => toggleWhyExecuted(this.context, this.#table, execution),
    }],
    choose: ({ symbol }) => this.context.state.symbol.setValue(symbol),
  });

  opened() {
    this.watch(this.context.state.executions, this.context.instruments);
    this.whenClosed(this.context.broker.follow("executions"));
  }

  paint() {
    const executions = this.context.state.executions.values().toReversed();
    this.#table.render(executions.sort((a, b) => b.time - a.time));
  }
}
