// The compiled model: asking for it, its progress, what is in it.

import { byId, errorText, html } from "./dom.js";
import { HeatMap } from "./heatmap.js";
import { Latest, events } from "./server.js";

const PAGE = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const STAGES = { compiling: "compiling", compiled: "compiled", verifying: "verifying" };

export class Compiling {
  /** program(): what is compiled, as the server takes it; recoloured(svg): the picture in the page's colours. */
  constructor(program, recoloured) {
    Object.assign(this, { program, recoloured, abort: null, done: false });
    this.attending = new Latest("api/attend", (found) => this.attention(found), (error) => this.attention({ attention_error: error }), false);
    addEventListener("pagehide", () => { if (this.request) navigator.sendBeacon("api/leave", new Blob([JSON.stringify({ page: PAGE })], { type: "application/json" })); });
    addEventListener("pageshow", (event) => { if (event.persisted) this.done = false; });
    byId("compile").addEventListener("submit", (event) => { event.preventDefault(); this.run(); });
    byId("cancel").addEventListener("click", () => { this.abort?.abort(); byId("go").focus(); });
  }

  async run() {
    this.abort?.abort();
    const abort = (this.abort = new AbortController());
    const request = {
      ...this.program(),
      page: PAGE,
      name: byId("compiled-sop").value,
      vocab: byId("vocab").value,
      max_length: Number.isNaN(byId("longest").valueAsNumber) ? null : byId("longest").valueAsNumber,
      causal: byId("causal").checked,
    };
    this.request = request;
    this.start();
    try {
      for await (const event of events("api/compile", request, abort.signal)) this.take(event);
      if (!this.done) throw { message: "the compilation ended without an answer", hint: "compile again" };
    } catch (error) {
      if (this.abort !== abort) return; // another one has begun
      this.failed(abort.signal.aborted ? null : error);
    }
    if (this.abort === abort) this.stop();
  }

  start() {
    this.done = false;
    this.since = performance.now();
    byId("compile-error").textContent = "";
    byId("model").hidden = true;
    byId("cancel").disabled = false;
    this.stage = "starting the compiler";
    byId("stage").textContent = "";
    byId("progress").hidden = false;
    byId("progress").removeAttribute("value");
    this.tell();
  }

  stop() {
    this.abort = null;
    byId("cancel").disabled = true;
    byId("progress").hidden = true;
    byId("elapsed").textContent = "";
  }

  failed(error) {
    byId("stage").textContent = error === null ? "Cancelled." : "";
    byId("compile-error").textContent = error === null ? "" : errorText(error);
    byId("model").hidden = true;
  }

  take(event) {
    if (event.progress) this.news(event.progress);
    else if (event.answer) this.finish(event.answer);
    else this.tell(); // a sign of life
  }

  tell() {
    if (byId("stage").textContent !== this.stage) byId("stage").textContent = this.stage;
    byId("elapsed").textContent = `${Math.round((performance.now() - this.since) / 1000)} s`;
  }

  news(news) {
    this.stage = STAGES[news.stage];
    if (news.stage === "compiled") this.show(news.model);
    if (news.stage === "verifying") {
      this.stage = `verifying: ${news.tried} inputs tried`;
      byId("progress").max = news.most;
      if (news.tried) byId("progress").value = news.tried;
    }
    this.tell();
  }

  show(model) {
    byId("model").hidden = false;
    byId("model-size").textContent = model.size;
    byId("verified").textContent = "";
    byId("verified").className = "";
    byId("report").textContent = "";
    byId("stream").innerHTML = this.recoloured(model.stream);
    byId("downloads").replaceChildren();
    this.attention(model);
  }

  finish(answer) {
    this.done = true;
    this.stage = `done in ${((performance.now() - this.since) / 1000).toFixed(1)} s`;
    this.input(this.program());
    byId("verified").textContent = answer.summary;
    byId("verified").className = answer.passed ? "good" : "bad";
    byId("report").textContent = answer.report;
    const files = { "model.safetensors": "weights (safetensors)", "report.md": "report", "stream.svg": "residual stream (SVG)", "attention.svg": "attention (SVG)" };
    const links = Object.entries(files).map(([name, what]) => html("a", { href: `api/model/${PAGE}/${name}`, download: name }, what));
    byId("downloads").replaceChildren("Download: ", ...links);
  }

  /** The input changed: the model's attention on it is asked for, if it is a model of this program. */
  input(program) {
    if (!this.done) return;
    const same = program.text === this.request.text && program.dialect === this.request.dialect;
    byId("stage").textContent = same ? this.stage : "The program was changed after it was compiled.";
    if (same) this.attending.ask({ ...program, page: PAGE });
  }

  attention(found) {
    byId("attention-error").textContent = found.attention_error ? errorText(found.attention_error) : "";
    byId("heads").replaceChildren(...(found.groups ?? []).map((group) => this.group(group, found.tokens)));
    byId("model-values").textContent = found.values ? `the model's values: ${found.values.join(" ")}` : "";
  }

  /** The selectors of the program for an s-op, and the heads that stand for them. */
  group({ name, selectors, heads }, tokens) {
    const maps = [
      ...selectors.filter((one) => one.rows).map((one) => this.map(`program: ${one.label}`, tokens, (q, k) => Number(one.rows[q][k]))),
      ...heads.map((head) => this.map(head.title, tokens, (q, k) => head.weights[q][k] / 100)),
    ];
    return html("div", { class: "group" }, html("h4", {}, name ? `for ${name}` : "other heads"), html("div", { class: "maps" }, ...maps.map((map) => map.figure)));
  }

  map(title, tokens, weight) {
    return new HeatMap({ title, hint: `weights of ${tokens.length} queries and keys`, tokens, weight });
  }
}
