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
const looking = new Latest("api/look", show, (error) => {
  editor.show([]);
  byId("input-error").textContent = errorText(error);
  stale(true);
});
const compiling = new Compiling(program, recoloured);
let flow = null;
let vocabWritten = false;
let waiting = 0;
let loading = false;
const SLOW = 400; // milliseconds after which what is shown is marked as old

/** What the server is told of the program and the input. */
function program() {
  return { text: editor.text, dialect: byId("dialect").value, input: byId("input").value, tokens: byId("tokens").value || null };
}

function changed() {
  sessionStorage.setItem("program", JSON.stringify(program()));
  if (location.hash && !loading) history.replaceState(null, "", location.pathname); // the link is of another program now
  clearTimeout(waiting);
  waiting = setTimeout(() => stale(true), SLOW);
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
  if (request.text === editor.text) {
    clearTimeout(waiting);
    editor.show(view.remarks, view.remarks_left_out);
  }
  byId("input-error").textContent = view.input_error ? errorText(view.input_error) : "";
  const keeps = view.input_error || (!view.rows.length && view.remarks.some((one) => one.severity === "error"));
  stale(Boolean(keeps));
  if (keeps) return;
  values.show(view);
  const asked = byId("compiled-sop").value;
  options("subject", view.names, view.name);
  options("compiled-sop", view.names, view.names.includes(asked) ? asked : view.name);
  if (!vocabWritten) byId("vocab").value = view.vocabulary;
  flow = view.flow ?? null;
  byId("size").textContent = view.size ? `${count(view.size.layers, "layer")}, ${count(view.size.heads, "head")}` : "";
  byId("save-flow").disabled = flow === null;
  if (flow !== null) byId("flow").innerHTML = recoloured(flow);
  else byId("flow").textContent = view.flow_error ? errorText(view.flow_error) : "The program has no s-op.";
}

function options(id, names, chosen) {
  byId(id).replaceChildren(...names.map((name) => html("option", { value: name, selected: name === chosen }, name)));
}

const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

function load(state) {
  loading = true;
  byId("dialect").value = state.dialect;
  byId("input").value = state.input;
  byId("tokens").value = state.tokens ?? "";
  byId("causal").checked = state.dialect === "rasp-l";
  vocabWritten = false;
  options("subject", [], "");
  options("compiled-sop", [], "");
  editor.set(state.text, state.dialect);
  changed();
  loading = false;
}

/** What this tab had before it was loaded again. */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem("program"));
  } catch {
    return null;
  }
}

function say(text) {
  byId("said").textContent = text;
  setTimeout(() => { if (byId("said").textContent === text) byId("said").textContent = ""; }, 4000);
}

byId("programs").append(...known.programs.map((one, at) => html("option", { value: at }, `${one.title} (${one.dialect === "rasp" ? "RASP" : "RASP-L"})`)));
byId("programs").addEventListener("change", (event) => event.target.value && load(known.programs[Number(event.target.value)]));
for (const id of ["input", "tokens"]) byId(id).addEventListener("input", changed);
byId("dialect").addEventListener("change", () => { editor.dialect = byId("dialect").value; editor.show([]); editor.paint(); changed(); });
byId("subject").addEventListener("change", changed);
byId("vocab").addEventListener("input", () => { vocabWritten = true; });
byId("save-flow").addEventListener("click", async () => {
  await looking.settled; // the picture is of what is written, not of what was
  if (flow !== null) saveAs(`${byId("subject").value}.svg`, flow, "image/svg+xml");
});
byId("save").addEventListener("click", () => saveAs(`program.${byId("dialect").value === "rasp" ? "rasp" : "raspl"}`, editor.text, "text/plain"));
byId("format").addEventListener("click", async () => {
  const given = editor.text;
  try {
    const { text } = await ask("api/format", program());
    if (editor.text !== given) return; // it was written on meanwhile
    editor.replace(text);
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
    if (!event.repeat) byId("compile").requestSubmit();
  }
});
addEventListener("hashchange", () => linked().then((state) => state && load(state), (error) => say(errorText(error))));

const state = await linked().catch((error) => { say(errorText(error)); return null; });
load(state ?? kept() ?? known.programs[0] ?? { text: "", dialect: "rasp", input: "hello" });
document.body.dataset.ready = "";
