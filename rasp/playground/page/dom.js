// Elements in few words.

const SVG = "http://www.w3.org/2000/svg";

/** The element of an id. */
export const byId = (id) => document.getElementById(id);

/** An HTML element with attributes, listeners (functions) and children (nodes or texts). */
export const html = (tag, given, ...children) => filled(document.createElement(tag), given, children);

/** The same for SVG. */
export const svg = (tag, given, ...children) => filled(document.createElementNS(SVG, tag), given, children);

function filled(element, given, children) {
  for (const [name, value] of Object.entries(given ?? {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** What to show of an error: what is wrong, where, what to do. */
export function errorText(error) {
  const file = error.file ? `${error.file}, ` : "";
  const place = error.line ? `${file}line ${error.line}: ` : "";
  return `${place}${error.message}${error.hint ? ` (${error.hint})` : ""}`;
}

/** Give the reader a text as a file. */
export function saveAs(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  html("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
