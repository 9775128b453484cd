// The microphone: 16 kHz mono WAV, because every browser can play that again.
const RATE = 16000;
const SHORTEST = 2.5;         // seconds, as the server has it
const LOUD = 500;             // of 32,768: what counts as heard, as the server has it

let open = null;              // {context, node, stream}, kept from take to take: the first half second of a fresh one is lost
let listener = () => {};

export async function ready(worklet) {
  if (open && open.stream.active) { await open.context.resume(); return; }
  if (!navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) throw new DOMException("", "NotFoundError");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false } });
  const context = new AudioContext();
  await context.audioWorklet.addModule(worklet);
  const node = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 });
  node.port.onmessage = (event) => listener(event.data);
  context.createMediaStreamSource(stream).connect(node);
  open = { context, node, stream };
  await context.resume();
}

export function listen(heard) { listener = heard; }

export function close() {
  listener = () => {};
  open?.stream.getTracks().forEach((track) => track.stop());
  open?.context.close();
  open = null;
}

// How loud a tenth of a second is, 0 to 1, on a scale that a voice fills.
export function level(samples) {
  let most = 0;
  for (const s of samples) most = Math.max(most, Math.abs(s));
  return Math.min(1, Math.sqrt(most / 32768));
}

// What is wrong with a take: "tooShort", "silent" or "".
export function wrong(pieces) {
  if (seconds(pieces) < SHORTEST) return "tooShort";
  const loud = pieces.filter((p) => p.some((s) => Math.abs(s) > LOUD / 2)).length;
  return loud < 8 ? "silent" : "";
}

export function seconds(pieces) { return pieces.reduce((n, p) => n + p.length, 0) / RATE; }

export function wav(pieces) {
  const bytes = pieces.reduce((n, p) => n + p.byteLength, 0);
  const head = new DataView(new ArrayBuffer(44));
  const text = (at, word) => [...word].forEach((c, n) => head.setUint8(at + n, c.charCodeAt(0)));
  text(0, "RIFF"); head.setUint32(4, 36 + bytes, true); text(8, "WAVEfmt ");
  head.setUint32(16, 16, true); head.setUint16(20, 1, true); head.setUint16(22, 1, true); head.setUint32(24, RATE, true);
  head.setUint32(28, RATE * 2, true); head.setUint16(32, 2, true); head.setUint16(34, 16, true);
  text(36, "data"); head.setUint32(40, bytes, true);
  return new Blob([head, ...pieces], { type: "audio/wav" });
}
