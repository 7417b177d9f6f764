// @ts-check
/**
 * TradingView's storage of layouts and templates (IExternalSaveLoadAdapter) on the server's `/charts_storage/1.1`. They belong
 * to the current account, and requests carry the page's token. The library's own `charts_storage_url` sends no token.
 *
 * Chart templates have no address of their own: they are study templates of another owner.
 *
 * @import * as TV from "../types/tradingview.js"
 * @import {ApiAdapter} from "../adapters/api-adapter.js"
 */

const CHART_TEMPLATES = { client: "chart-templates" };

/** @implements {TV.SaveLoadAdapter} */
export class LayoutsService {
  #api;

  /** @param {Pick<ApiAdapter, "chartsStorage">} api */
  constructor(api) {
    this.#api = api;
  }

  /** @returns {Promise<TV.ChartMetaInfo[]>} */
  async getAllCharts() {
    return (await this.#api.chartsStorage("GET", "charts", {})).data;
  }

  /**
   * @param {string | number} chart
   * @returns {Promise<string>}
   */
  async getChartContent(chart) {
    return (await this.#api.chartsStorage("GET", "charts", { query: { chart } })).data.content;
  }

  /**
   * Save a new layout, or replace the one of `id`.
   * @param {TV.ChartData} layout
   * @returns {Promise<string | number>} its id
   */
  async saveChart({ id, name, content, symbol, resolution }) {
    const query = { chart: id || undefined };
    return (await this.#api.chartsStorage("POST", "charts", { query, body: { name, content, symbol, resolution } })).id;
  }

  /** @param {string | number} chart */
  async removeChart(chart) {
    await this.#api.chartsStorage("DELETE", "charts", { query: { chart } });
  }

  /** @returns {Promise<{name: string}[]>} */
  async getAllStudyTemplates() {
    return (await this.#api.chartsStorage("GET", "study_templates", {})).data;
  }

  /**
   * @param {{name: string}} template
   * @returns {Promise<string>}
   */
  async getStudyTemplateContent({ name }) {
    return (await this.#api.chartsStorage("GET", "study_templates", { query: { template: name } })).data.content;
  }

  /** @param {TV.StudyTemplate} template */
  async saveStudyTemplate({ name, content }) {
    await this.#api.chartsStorage("POST", "study_templates", { body: { name, content } });
  }

  /** @param {{name: string}} template */
  async removeStudyTemplate({ name }) {
    await this.#api.chartsStorage("DELETE", "study_templates", { query: { template: name } });
  }

  /**
   * @param {string} tool
   * @returns {Promise<string[]>} names
   */
  async getDrawingTemplates(tool) {
    return (await this.#api.chartsStorage("GET", "drawing_templates", { query: { tool } })).data;
  }

  /**
   * @param {string} tool
   * @param {string} name
   * @returns {Promise<string>}
   */
  async loadDrawingTemplate(tool, name) {
    return (await this.#api.chartsStorage("GET", "drawing_templates", { query: { tool, name } })).data.content;
  }

  /**
   * @param {string} tool
   * @param {string} name
   * @param {string} content
   */
  async saveDrawingTemplate(tool, name, content) {
    await this.#api.chartsStorage("POST", "drawing_templates", { query: { tool, name }, body: { content } });
  }

  /**
   * @param {string} tool
   * @param {string} name
   */
  async removeDrawingTemplate(tool, name) {
    await this.#api.chartsStorage("DELETE", "drawing_templates", { query: { tool, name } });
  }

  /** @returns {Promise<string[]>} names */
  async getAllChartTemplates() {
    /** @type {{name: string}[]} */
    const templates = (await this.#api.chartsStorage("GET", "study_templates", { query: CHART_TEMPLATES })).data;
    return templates.map(({ name }) => name);
  }

  /**
   * @param {string} name
   * @returns {Promise<{content?: unknown}>}
   */
  async getChartTemplateContent(name) {
    const reply = await this.#api.chartsStorage("GET", "study_templates", { query: { ...CHART_TEMPLATES, template: name } });
    return { content: JSON.parse(reply.data.content) };
  }

  /**
   * @param {string} name
   * @param {unknown} content
   */
  async saveChartTemplate(name, content) {
    await this.#api.chartsStorage("POST", "study_templates", { query: CHART_TEMPLATES, body: { name, content: JSON.stringify(content) } });
  }

  /** @param {string} name */
  async removeChartTemplate(name) {
    await this.#api.chartsStorage("DELETE", "study_templates", { query: { ...CHART_TEMPLATES, template: name } });
  }
}
