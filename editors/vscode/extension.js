// Starts the language server, `rasp lsp`, for programs of both languages.
"use strict";

const { execFile } = require("node:child_process");
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const INSTALL = 'pip install "rasp-lang[lsp]"';

let client;
let starting = Promise.resolve();

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("rasp.restartServer", restart),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("rasp.command")) restart();
    }),
  );
  await restart();
}

/** Stop the server if it runs, and start it; one call waits for the other. */
function restart() {
  starting = starting.then(stop).then(start);
  return starting;
}

async function start() {
  const command = vscode.workspace.getConfiguration("rasp").get("command", "rasp");
  const fault = await faultOf(command);
  if (fault) return complain(command, fault);
  const server = { command, args: ["lsp"] };
  const documents = { documentSelector: [{ language: "rasp" }, { language: "raspl" }] };
  client = new LanguageClient("rasp", "RASP", server, documents);
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    complain(command, String(error.message ?? error));
  }
}

async function stop() {
  const running = client;
  client = undefined;
  try {
    await running?.stop();
  } catch {
    // it has ended by itself
  }
}

/** Why a command can't be used, or nothing. */
function faultOf(command) {
  return new Promise((resolve) => {
    execFile(command, ["lsp", "--help"], (error) => {
      if (!error) resolve(undefined);
      else resolve(error.code === "ENOENT" ? "there is no such command" : error.message.trim());
    });
  });
}

/** Say what to do; not awaited, since the message stays until it is read. */
function complain(command, fault) {
  const remedy = `Install it with ${INSTALL}, or say in the setting rasp.command where it is.`;
  vscode.window.showErrorMessage(`The RASP language server can't be started with '${command}': ${fault}. ${remedy}`, "Open settings").then((chosen) => {
    if (chosen) vscode.commands.executeCommand("workbench.action.openSettings", "rasp.command");
  });
}

module.exports = { activate, deactivate: stop };
