// Samples of the microphone, as 16 kHz mono. Whatever rate the device has: each sample is the mean of those that fall into its time,
// which also keeps out what is too high for 16 kHz.
const RATE = 16000;

class Recorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / RATE;
    this.sum = 0; this.count = 0; this.next = this.step; this.seen = 0;
    this.out = new Int16Array(1600); this.filled = 0;       // a tenth of a second
  }

  process([input]) {
    const channel = input[0];
    if (!channel) return true;
    for (const sample of channel) {
      this.sum += sample; this.count += 1; this.seen += 1;
      if (this.seen < this.next) continue;
      this.next += this.step;
      const mean = Math.max(-1, Math.min(1, this.sum / this.count));
      this.out[this.filled++] = mean * 32767;
      this.sum = 0; this.count = 0;
      if (this.filled === this.out.length) { this.port.postMessage(this.out.slice()); this.filled = 0; }
    }
    return true;
  }
}

registerProcessor("recorder", Recorder);
