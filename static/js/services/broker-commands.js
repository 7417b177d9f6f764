// @ts-check
/**
 * The commands of TradingView's broker on the REST adapter. broker-terminal-service.js is the broker itself.
 *
 * A promise is settled by the server's answer. The change comes over the stream, as an update of the host.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {Api} from "../adapters/api-adapter.js"
 */

export class BrokerCommands {
  /** @protected */
  api;

  /** @param {Api} api */
  constructor(api) {
    this.api = api;
  }

  /**
   * @param {TV.PreOrder} order
   * @param {string} [_confirmId] of a preview: this server needs none
   */
  placeOrder(order, _confirmId) {
    return this.api.placeOrder(order);
  }

  /** @param {TV.PreOrder} order */
  previewOrder(order) {
    return this.api.previewOrder(order);
  }

  /**
   * @param {TV.Order} order the whole order as it shall be
   * @param {string} [_confirmId]
   */
  async modifyOrder(order, _confirmId) {
    await this.api.modifyOrder(order);
  }

  /** @param {string} id */
  async cancelOrder(id) {
    await this.api.cancelOrder(id);
  }

  /**
   * @param {string} symbol
   * @param {TV.Side | undefined} side both when absent
   * @param {string[]} ids
   */
  async cancelOrders(symbol, side, ids) {
    await this.api.cancelOrders(symbol, side, ids);
  }

  /**
   * @param {string} id
   * @param {number} [amount] all of it when absent
   */
  async closePosition(id, amount) {
    await this.api.closePosition(id, amount);
  }

  /** @param {string} id */
  async reversePosition(id) {
    await this.api.reversePosition(id);
  }

  /**
   * @param {string} id
   * @param {TV.Brackets} brackets what is absent is removed
   * @param {Record<string, unknown>} [customFields]
   */
  async editPositionBrackets(id, brackets, customFields) {
    await this.api.editPositionBrackets(id, brackets, customFields);
  }

  /**
   * @param {string} id
   * @param {number} [amount] all of it when absent
   */
  async closeIndividualPosition(id, amount) {
    await this.api.closeIndividualPosition(id, amount);
  }

  /**
   * @param {string} id
   * @param {TV.Brackets} brackets what is absent is removed
   */
  async editIndividualPositionBrackets(id, brackets) {
    await this.api.editIndividualPositionBrackets(id, brackets);
  }

  /** @param {TV.LeverageInfoParams} params */
  leverageInfo(params) {
    return this.api.leverageInfo(params);
  }

  /** @param {TV.LeverageSetParams} params */
  setLeverage(params) {
    return this.api.setLeverage(params);
  }

  /** @param {TV.LeverageSetParams} params */
  previewLeverage(params) {
    return this.api.previewLeverage(params);
  }
}
