// Runs editors/vscode/extension.js against stubs of what VS Code gives it, and prints what it did as one line of JSON.
// Usage: node extension_host.js EXTENSION SCENARIO COMMAND [OTHER COMMAND]
"use strict";

const Module = require("node:module");

const [extension, scenario, command, other] = process.argv.slice(2);
const did = [];
let setting = command;
let changed;

const vscode = {
  commands: {
    registerCommand: (name) => did.push(["command", name]),
    executeCommand: (...call) => did.push(["execute", ...call]),
  },
  workspace: {
    getConfiguration: (section) => ({ get: (name) => (section === "rasp" && name === "command" ? setting : undefined) }),
    onDidChangeConfiguration: (listener) => (changed = listener),
  },
  window: {
    showErrorMessage: (message, ...buttons) => {
      did.push(["error", message]);
      return Promise.resolve(buttons[0]);
    },
  },
};

class LanguageClient {
  constructor(id, name, server, options) {
    this.server = server;
    did.push(["client", server, options]);
  }
  start() {
    did.push(["start", this.server.command]);
    return scenario === "broken" ? Promise.reject(new Error("the server ended")) : Promise.resolve();
  }
  stop() {
    did.push(["stop", this.server.command]);
    return Promise.resolve();
  }
}

const load = Module._load;
Module._load = (name, ...rest) => {
  if (name === "vscode") return vscode;
  if (name === "vscode-languageclient/node") return { LanguageClient };
  return load(name, ...rest);
};

async function main() {
  const { activate, deactivate } = require(extension);
  await activate({ subscriptions: [] });
  if (scenario === "changed") {
    setting = other;
    changed({ affectsConfiguration: (name) => name === "editor.tabSize" });
    changed({ affectsConfiguration: (name) => name === "rasp.command" });
    while (!did.some(([what, which]) => what === "start" && which === other)) await new Promise((done) => setTimeout(done, 5));
  }
  await deactivate();
  console.log(JSON.stringify(did));
}

main();
