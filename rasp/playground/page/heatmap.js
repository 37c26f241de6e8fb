// Matrices as pictures: rows are queries, columns keys.

import { html, svg } from "./dom.js";

const CELL = 16, FINE = 6, LABELS = 24; // pixels of a cell with and without names of tokens; most tokens with names

/** A map with its title. onRow: told the query that is pointed at, or null. */
export class HeatMap {
  /** tokens: names of rows and columns; weight(q, k): 0 to 1. */
  constructor({ title, hint, tokens, weight, onRow }) {
    this.count = tokens.length;
    this.cell = this.count <= LABELS ? CELL : FINE;
    const widest = Math.max(...tokens.map((token) => [...token].length));
    this.left = this.count <= LABELS ? 6 + 8 * Math.min(widest, 6) : 2;
    this.top = this.count <= LABELS ? 18 : 2;
    const size = this.count * this.cell;
    const [width, height] = [this.left + size + 2, this.top + size + 2];
    this.here = svg("rect", { class: "here", x: this.left, width: size, height: this.cell, visibility: "hidden" });
    this.picture = svg(
      "svg",
      { class: "map", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": `${title}: ${hint}` },
      svg("rect", { class: "frame", x: this.left, y: this.top, width: size, height: size }),
      ...this.marks(weight),
      svg("path", { class: "lines", d: this.lines() }),
      ...(this.count <= LABELS ? this.labels(tokens) : []),
      this.here,
    );
    if (onRow) {
      this.picture.addEventListener("pointermove", (event) => onRow(this.queryAt(event)));
      this.picture.addEventListener("pointerleave", () => onRow(null));
    }
    this.figure = html("figure", {}, html("figcaption", { title: hint }, title), this.picture);
  }

  /** Marks the row of a query; none for null. */
  mark(query) {
    this.figure.classList.toggle("linked", query !== null);
    this.here.setAttribute("visibility", query === null ? "hidden" : "visible");
    if (query !== null) this.here.setAttribute("y", this.top + query * this.cell);
  }

  queryAt(event) {
    const box = this.picture.getBoundingClientRect();
    const y = ((event.clientY - box.top) * this.picture.viewBox.baseVal.height) / box.height;
    const query = Math.floor((y - this.top) / this.cell);
    return query >= 0 && query < this.count ? query : null;
  }

  /** One path for all cells of one weight, so that large maps stay light. */
  *marks(weight) {
    const paths = new Map();
    for (let q = 0; q < this.count; q++) {
      for (let k = 0; k < this.count; k++) {
        const strength = Math.round(weight(q, k) * 20) / 20;
        if (strength > 0) paths.set(strength, `${paths.get(strength) ?? ""}${this.square(q, k)}`);
      }
    }
    for (const [strength, d] of paths) yield svg("path", { class: "on", d, "fill-opacity": strength });
  }

  square(q, k) {
    const side = this.cell;
    return `M${this.left + k * side} ${this.top + q * side}h${side}v${side}h${-side}z`;
  }

  lines() {
    const size = this.count * this.cell;
    let d = "";
    for (let at = 1; at < this.count; at++) {
      d += `M${this.left + at * this.cell} ${this.top}v${size}M${this.left} ${this.top + at * this.cell}h${size}`;
    }
    return d;
  }

  *labels(tokens) {
    for (const [at, token] of tokens.entries()) {
      const short = [...token].length > 6 ? `${[...token].slice(0, 5).join("")}…` : token;
      const middle = (at + 0.5) * this.cell;
      yield svg("text", { x: this.left - 4, y: this.top + middle + 4, "text-anchor": "end", "font-size": 11 }, short);
      const narrow = [...short].length > 2 ? 7 : 11;
      yield svg("text", { x: this.left + middle, y: this.top - 5, "text-anchor": "middle", "font-size": narrow }, [...short].slice(0, 3).join(""));
    }
  }
}
