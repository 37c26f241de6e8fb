// A link that carries the program: JSON, deflated, in base64 after the number sign, where no server sees it.

const LONGEST = 400_000; // characters of what a link unfolds to

async function through(stream, bytes) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

/** The address of this page with a state in it. */
export async function linkTo(state) {
  const packed = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(JSON.stringify(state)));
  const text = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
  return `${location.origin}${location.pathname}#p=${text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** The state in this page's address, or null; throws where there is one that can't be read. */
export async function linked() {
  const text = /^#p=(.+)$/.exec(location.hash)?.[1];
  if (!text) return null;
  try {
    const packed = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    const state = JSON.parse(await unpacked(packed));
    if (typeof state.text !== "string" || typeof state.input !== "string" || !["rasp", "rasp-l"].includes(state.dialect)) throw null;
    return state;
  } catch {
    throw { message: "the link is damaged", hint: "copy it again, whole" };
  }
}

/** A small link may unfold to a text of any size: what is too long is not read on. */
async function unpacked(packed) {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
    if (text.length > LONGEST) throw null;
  }
}
