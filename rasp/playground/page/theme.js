// Light and dark: that of the system, or what the reader chose; and server-made pictures in the page's colours.

import { byId } from "./dom.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

function shown() {
  return document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
}

function label() {
  byId("theme").textContent = shown() === "dark" ? "Light" : "Dark";
}

/** Makes the button work. */
export function themed() {
  dark.addEventListener("change", label);
  byId("theme").addEventListener("click", () => {
    document.documentElement.dataset.theme = shown() === "dark" ? "light" : "dark";
    label();
  });
  label();
}

/** A function that gives pictures the page's colours, from the names of the colours that they have. */
export function recolouring(colours) {
  const names = new Map(Object.entries(colours).map(([name, colour]) => [colour, `var(--${name})`]));
  return (picture) => picture.replaceAll(/ (fill|stroke)="(#[0-9a-f]{6})"/g, (all, what, colour) => (names.has(colour) ? ` ${what}="${names.get(colour)}"` : all));
}
