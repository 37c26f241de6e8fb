// The editor: a text area, with the same text in colours behind it.

import { byId, html } from "./dom.js";
import { coloured, painted } from "./highlight.js";

const LINE = 20, PADDING = 8; // pixels, as in style.css
const PLAIN = 30_000; // characters from which on a text has no colours

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

  /** Another program; what was there can be had back by undoing. */
  set(text, dialect) {
    this.dialect = dialect;
    this.show([]);
    this.replace(text);
    this.area.setSelectionRange(0, 0);
    this.area.scrollTop = 0;
    this.paint();
  }

  /** Another text for the same program. */
  replace(text) {
    if (text === this.text) return;
    const [focused, at, top] = [document.activeElement, this.area.selectionStart, this.area.scrollTop];
    this.area.focus({ preventScroll: true });
    this.area.select();
    if (!document.execCommand("insertText", false, text) || this.text !== text) this.area.value = text;
    this.area.setSelectionRange(at, at);
    this.area.scrollTop = top;
    if (focused === document.body) this.area.blur();
    else focused.focus({ preventScroll: true });
  }

  /** What is wrong with the text as it stands. */
  show(remarks, leftOut = 0) {
    if (JSON.stringify([remarks, leftOut]) === this.shown && remarks.length === this.remarks.length) return;
    this.shown = JSON.stringify([remarks, leftOut]);
    this.remarks = remarks;
    this.paint();
    const more = leftOut ? [html("li", { class: "faint" }, `and ${leftOut} more`)] : [];
    byId("remarks").replaceChildren(...remarks.map((remark) => this.line(remark)), ...more);
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
    const colours = this.text.length > PLAIN ? [] : coloured(this.text, this.dialect, this.kinds[this.dialect]);
    byId("paint").replaceChildren(painted(this.text, colours, faults));
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
    const below = PADDING + line * LINE - this.area.scrollTop + 2;
    const above = below - LINE - 4 - note.offsetHeight;
    note.style.top = `${below + note.offsetHeight > this.area.clientHeight && above > 0 ? above : below}px`;
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
