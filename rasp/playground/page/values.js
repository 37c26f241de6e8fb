// The values of every s-op, the selectors, and how they hang together: a value attends to the keys that its selectors select.

import { byId, errorText, html } from "./dom.js";
import { HeatMap } from "./heatmap.js";

export class Values {
  /** onSubject: told the s-op whose name was chosen. */
  constructor(onSubject) {
    this.onSubject = onSubject;
    this.cells = [];
    const table = byId("rows");
    table.addEventListener("pointerover", (event) => this.point(event.target.closest("td")));
    table.addEventListener("pointerleave", () => this.point(null));
    table.addEventListener("focusin", (event) => this.point(event.target.closest("td")));
    table.addEventListener("keydown", (event) => this.move(event));
  }

  show(view) {
    const focus = this.focused();
    this.view = view;
    this.maps = view.selectors.map((selector) => this.map(selector));
    byId("maps").replaceChildren(...this.maps.map((map) => map.figure));
    if (!this.maps.length) byId("maps").append(html("p", { class: "faint" }, "The program has no selectors."));
    const tokens = this.line("tokens", view.tokens, null);
    const positions = html("tr", { class: "positions" }, html("th", { scope: "row" }, "position"), ...view.tokens.map((_, at) => html("td", {}, String(at))));
    this.cells = [];
    byId("rows").replaceChildren(html("tbody", {}, positions, tokens, ...view.rows.map((row, at) => this.row(row, at))));
    this.tokens = [...tokens.querySelectorAll("td")];
    if (this.cells.length) this.cells[0][0].tabIndex = 0;
    const more = [view.left_out && `${view.left_out} more s-ops`, view.selectors_left_out && `${view.selectors_left_out} more selectors`].filter(Boolean);
    byId("left-out").textContent = more.length ? `Not shown: ${more.join(", ")}.` : "";
    focus();
  }

  /** What brings the focus back to the same place of the table after it was made anew. */
  focused() {
    const element = document.activeElement;
    if (!byId("rows").contains(element)) return () => {};
    const [name, row, at] = [element.textContent, element.dataset.row, element.dataset.at];
    return () => {
      const buttons = [...byId("rows").querySelectorAll("button")];
      (row === undefined ? buttons.find((button) => button.textContent === name) : this.cells[Number(row)]?.[Number(at)])?.focus();
    };
  }

  map(selector) {
    if (!selector.rows) {
      const figure = html("figure", {}, html("figcaption", {}, selector.label), html("p", { class: "wrong" }, errorText(selector.error)));
      return { figure, mark() {} };
    }
    return new HeatMap({
      title: selector.label === selector.formula ? selector.label : `${selector.label} = ${selector.formula}`,
      hint: `a matrix of ${this.view.tokens.length} queries and keys`,
      tokens: this.view.tokens,
      weight: (q, k) => Number(selector.rows[q][k]),
      onRow: (query) => this.light(query === null ? null : { query, selectors: [selector] }),
    });
  }

  row(row, at) {
    const tr = this.line(row.name, row.cells ?? [], at, row.formula);
    if (row.error) tr.append(html("td", { class: "wrong", colspan: Math.max(1, this.view.tokens.length) }, errorText(row.error)));
    return tr;
  }

  line(name, cells, at, formula) {
    const choose = at === null ? [name] : [html("button", { type: "button", title: `${name} = ${formula}`, click: () => this.onSubject(name) }, name)];
    const tds = cells.map((text, position) => html("td", at === null ? {} : { tabindex: -1, "data-row": at, "data-at": position }, text));
    if (at !== null && tds.length) this.cells.push(tds);
    return html("tr", {}, html("th", { scope: "row" }, ...choose), ...tds);
  }

  /** Shows what a cell of the table attends to. */
  point(cell) {
    if (!cell || cell.dataset.row === undefined) return this.light(null);
    const row = this.view.rows[Number(cell.dataset.row)];
    this.light({ query: Number(cell.dataset.at), row, cell, selectors: row.attends.map((at) => this.view.selectors[at]).filter(Boolean) });
  }

  light(what) {
    this.maps.forEach((map, at) => map.mark(what && what.selectors.includes(this.view.selectors[at]) ? what.query : null));
    const keys = new Set();
    for (const selector of what?.selectors ?? []) {
      if (selector.rows) [...selector.rows[what.query]].forEach((mark, key) => mark === "1" && keys.add(key));
    }
    this.tokens.forEach((token, key) => {
      token.classList.toggle("attended", keys.has(key));
      token.classList.toggle("at", what?.query === key);
    });
    if (what) byId("told").textContent = this.told(what, [...keys]);
  }

  told({ query, row, selectors }, keys) {
    const name = row ? `${row.name} at position ${query}` : `${selectors[0].label}, query ${query}`;
    if (row && !row.attends.length) return `${name}: computed there, without attention`;
    if (row && !selectors.length) return `${name} attends by a selector that is not shown`;
    const where = keys.length ? `position${keys.length > 1 ? "s" : ""} ${keys.join(", ")}` : "nothing";
    return `${name} attends to ${where}`;
  }

  /** Arrow keys, Home and End move among the values. */
  move(event) {
    const cell = event.target.closest("td[data-row]");
    if (!cell) return;
    const row = this.cells.findIndex((tds) => tds.includes(cell));
    const at = this.cells[row].indexOf(cell);
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -at], End: [0, this.cells[row].length - 1 - at] };
    const step = steps[event.key];
    const next = step && this.cells[row + step[0]]?.[at + step[1]];
    if (!step) return;
    event.preventDefault();
    if (!next) return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
