// The page: a program and an input, and what follows from them.

import { Compiling } from "./compile.js";
import { byId, errorText, html, saveAs } from "./dom.js";
import { Editor } from "./editor.js";
import { vocabulary } from "./highlight.js";
import { linkTo, linked } from "./link.js";
import { Latest, ask, begin } from "./server.js";
import { recolouring, themed } from "./theme.js";
import { Values } from "./values.js";

themed();
const known = await begin().catch((error) => {
  byId("said").textContent = errorText(error);
  throw error;
});
const recoloured = recolouring(known.colours);
const kinds = Object.fromEntries(Object.entries(known.words).map(([dialect, words]) => [dialect, vocabulary(words)]));
const editor = new Editor(kinds, changed);
const values = new Values(choose);
const looking = new Latest("api/look", show, (error) => { byId("input-error").textContent = errorText(error); stale(true); });
const compiling = new Compiling(program, recoloured);
let flow = null;
let vocabWritten = false;

/** What the server is told of the program and the input. */
function program() {
  return { text: editor.text, dialect: byId("dialect").value, input: byId("input").value, tokens: byId("tokens").value || null };
}

function changed() {
  looking.ask({ ...program(), name: byId("subject").value || null });
  compiling.input(program());
}

function choose(name) {
  byId("subject").value = name;
  changed();
}

function stale(is) {
  for (const id of ["values", "maps", "flow"]) byId(id).classList.toggle("stale", is);
}

function show(view, request) {
  if (request.text === editor.text) editor.show(view.remarks);
  byId("input-error").textContent = view.input_error ? errorText(view.input_error) : "";
  const keeps = view.input_error || (!view.rows.length && view.remarks.some((one) => one.severity === "error"));
  stale(Boolean(keeps));
  if (keeps) return;
  values.show(view);
  const names = view.rows.map((row) => row.name);
  const asked = byId("compiled-sop").value;
  options("subject", names, view.name);
  options("compiled-sop", names, names.includes(asked) ? asked : view.name);
  if (!vocabWritten) byId("vocab").value = vocabularyOf(view.tokens, request);
  flow = view.flow ?? null;
  byId("size").textContent = view.size ? `${count(view.size.layers, "layer")}, ${count(view.size.heads, "head")}` : "";
  byId("save-flow").disabled = flow === null;
  if (flow !== null) byId("flow").innerHTML = recoloured(flow);
  else byId("flow").textContent = view.flow_error ? errorText(view.flow_error) : "The program has no s-op.";
}

/** The tokens of the input, written as an input is. */
function vocabularyOf(tokens, request) {
  const distinct = [...new Set(tokens)];
  const style = request.tokens ?? (request.input.trim().startsWith("[") ? "json" : request.dialect === "rasp" ? "chars" : "ints");
  return style === "json" ? request.input : distinct.join(style === "chars" ? "" : " ");
}

function options(id, names, chosen) {
  byId(id).replaceChildren(...names.map((name) => html("option", { value: name, selected: name === chosen }, name)));
}

const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

function load(state) {
  byId("dialect").value = state.dialect;
  byId("input").value = state.input;
  byId("tokens").value = state.tokens ?? "";
  byId("causal").checked = state.dialect === "rasp-l";
  vocabWritten = false;
  options("subject", [], "");
  options("compiled-sop", [], "");
  editor.set(state.text, state.dialect);
  changed();
}

function say(text) {
  byId("said").textContent = text;
  setTimeout(() => { if (byId("said").textContent === text) byId("said").textContent = ""; }, 4000);
}

byId("programs").append(...known.programs.map((one, at) => html("option", { value: at }, `${one.title} (${one.dialect === "rasp" ? "RASP" : "RASP-L"})`)));
byId("programs").addEventListener("change", (event) => event.target.value && load(known.programs[Number(event.target.value)]));
for (const id of ["input", "tokens"]) byId(id).addEventListener("input", changed);
byId("dialect").addEventListener("change", () => { editor.set(editor.text, byId("dialect").value); changed(); });
byId("subject").addEventListener("change", changed);
byId("vocab").addEventListener("input", () => { vocabWritten = true; });
byId("save-flow").addEventListener("click", () => saveAs(`${byId("subject").value}.svg`, flow, "image/svg+xml"));
byId("save").addEventListener("click", () => saveAs(`program.${byId("dialect").value === "rasp" ? "rasp" : "raspl"}`, editor.text, "text/plain"));
byId("format").addEventListener("click", async () => {
  try {
    const { text } = await ask("api/format", program());
    editor.set(text, byId("dialect").value);
    changed();
    say("Formatted.");
  } catch (error) {
    say(errorText(error));
  }
});
byId("link").addEventListener("click", async () => {
  const address = await linkTo(program());
  history.replaceState(null, "", address);
  try {
    await navigator.clipboard.writeText(address);
    say("Link copied.");
  } catch {
    say("The link is in the address bar.");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    byId("compile").requestSubmit();
  }
});
addEventListener("hashchange", () => linked().then((state) => state && load(state), (error) => say(errorText(error))));

const state = await linked().catch((error) => { say(errorText(error)); return null; });
load(state ?? known.programs[0] ?? { text: "", dialect: "rasp", input: "hello" });
document.body.dataset.ready = "";
