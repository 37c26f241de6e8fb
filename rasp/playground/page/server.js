// What the page asks of its server.

const HURRIED = 1000; // milliseconds after which an answer that is no longer wanted is given up

async function send(path, data, signal) {
  try {
    return await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(data),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw { message: "the playground's server does not answer", hint: "is 'rasp playground' still running?" };
  }
}

async function answerOf(response) {
  const answer = await response.json().catch(() => null);
  if (answer === null) throw { message: `the server answers with status ${response.status}`, hint: "try again in a moment" };
  if (answer.error) throw answer.error;
  return answer;
}

/** What a page needs once. */
export const begin = async () => answerOf(await fetch("api/begin"));

/** One answer. Errors are thrown as objects with message, hint, line. */
export const ask = async (path, data, signal) => answerOf(await send(path, data, signal));

/** Asks one thing at a time, always the latest: what is asked meanwhile replaces what waits; a slow answer to an old question is given up. */
export class Latest {
  /**
   * hurries: whether a slow answer to an old question is given up; else it is waited for.
   * settled: a promise of the last answer, or of its error.
   */
  constructor(path, onAnswer, onError, hurries = true) {
    Object.assign(this, { path, onAnswer, onError, hurries, next: null, busy: null, settled: Promise.resolve() });
  }

  ask(data) {
    this.next = data;
    if (this.busy === null) this.settled = this.run();
    else if (!this.hurries) return;
    else if (performance.now() - this.busy.since > HURRIED) this.busy.abort.abort();
    else setTimeout(() => this.next && this.ask(this.next), HURRIED);
  }

  async run() {
    while (this.next !== null) {
      const data = this.next;
      const abort = new AbortController();
      this.next = null;
      this.busy = { abort, since: performance.now() };
      try {
        const answer = await ask(this.path, data, abort.signal);
        if (this.hurries || this.next === null) this.onAnswer(answer, data);
      } catch (error) {
        if (!abort.signal.aborted) this.onError(error);
      }
    }
    this.busy = null;
  }
}

/** The events of a long job, as they come; an error among them is thrown. */
export async function* events(path, data, signal) {
  const response = await send(path, data, signal);
  if (!response.ok) await answerOf(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let begun = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (begun + value).split("\n");
    begun = lines.pop();
    for (const line of lines) {
      const event = JSON.parse(line);
      if (event.error) throw event.error;
      yield event;
    }
  }
}
