// The editor: a text area, with the same text in colours behind it.

import { byId, html } from "./dom.js";
import { coloured, painted } from "./highlight.js";

const LINE = 20, PADDING = 8; // pixels, as in style.css

export class Editor {
  /** kinds: the words of each language by kind; onChange: called when the text changed. */
  constructor(kinds, onChange) {
    this.area = byId("program");
    this.kinds = kinds;
    this.remarks = [];
    this.dialect = "rasp";
    this.area.addEventListener("input", () => { this.remarks = []; this.paint(); onChange(); });
    this.area.addEventListener("scroll", () => this.scroll());
    this.area.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("selectionchange", () => document.activeElement === this.area && this.tell());
    this.area.addEventListener("blur", () => { byId("note").hidden = true; });
  }

  get text() { return this.area.value; }

  set(text, dialect) {
    this.area.value = text;
    this.dialect = dialect;
    this.remarks = [];
    this.paint();
  }

  /** What is wrong with the text as it stands. */
  show(remarks) {
    this.remarks = remarks;
    this.paint();
    byId("remarks").replaceChildren(...remarks.map((remark) => this.line(remark)));
    this.tell();
  }

  line(remark) {
    const place = remark.line ? `${remark.line}:${remark.column}: ` : "";
    const hint = remark.hint ? ` (${remark.hint})` : "";
    const go = () => {
      this.area.focus();
      if (remark.start !== undefined) this.area.setSelectionRange(remark.start, remark.end);
    };
    return html("li", { class: remark.severity }, html("button", { type: "button", click: go }, `${place}${remark.severity}: ${remark.message}${hint}`));
  }

  paint() {
    const faults = this.remarks.filter((one) => one.start !== undefined).map((one) => [one.start, Math.max(one.end, one.start + 1), `r-${one.severity}`]);
    byId("paint").replaceChildren(painted(this.text, coloured(this.text, this.dialect, this.kinds[this.dialect]), faults));
    const lines = this.text.split("\n").length;
    if (lines !== this.lines) byId("gutter").textContent = Array.from({ length: lines }, (_, at) => at + 1).join("\n");
    this.lines = lines;
    this.scroll();
  }

  scroll() {
    for (const id of ["paint", "gutter"]) byId(id).scrollTop = this.area.scrollTop;
    byId("paint").scrollLeft = this.area.scrollLeft;
    this.tell();
  }

  /** A fault under the caret is told below its line. */
  tell() {
    const note = byId("note");
    const at = this.area.selectionStart;
    const found = this.remarks.find((one) => one.start !== undefined && one.start <= at && at <= Math.max(one.end, one.start + 1));
    note.hidden = found === undefined || document.activeElement !== this.area;
    if (note.hidden) return;
    note.textContent = found.message + (found.hint ? `: ${found.hint}` : "");
    const line = this.text.slice(0, at).split("\n").length;
    note.style.top = `${PADDING + line * LINE - this.area.scrollTop + 2}px`;
    note.style.left = `${PADDING}px`;
  }

  /** Enter keeps the indentation, and adds to it after a colon. */
  key(event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
    const before = this.text.slice(0, this.area.selectionStart);
    const line = before.slice(before.lastIndexOf("\n") + 1);
    const indent = /^[ \t]*/.exec(line)[0] + (this.dialect === "rasp-l" && /:\s*$/.test(line) ? "    " : "");
    if (!indent) return;
    event.preventDefault();
    document.execCommand("insertText", false, `\n${indent}`); // keeps what can be undone
  }
}
