// Encodes the clip that bots publish: one moving picture as three VP8 streams with three temporal layers each, and two seconds of a
// voice-like sound as Opus. Returns base64 strings, which ClipMaker writes to files.
'use strict';

async ({ frames, framesPerSecond, layers, soundPackets }) => {
  const WIDTH = 1280, HEIGHT = 720;
  let seed = 1;
  const random = () => { // The fixed seed gives the same picture in every run.
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };

  // Scrolling grain, softened by scaling, has enough detail and movement to use the bit rate like a camera's picture.
  const grain = new OffscreenCanvas(480, 270);
  const pixels = new ImageData(480, 270);
  for (let i = 0; i < pixels.data.length; i += 4) {
    const value = 60 + 120 * random();
    pixels.data.set([value, value * (0.8 + 0.2 * random()), value * 0.7, 255], i);
  }
  grain.getContext('2d').putImageData(pixels, 0, 0);

  const scene = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = scene.getContext('2d');
  const draw = frame => {
    const turn = 2 * Math.PI * frame / frames; // The movement is periodic, so the loop has no jump.
    const x = -320 + 300 * Math.sin(turn), y = -180 + 160 * Math.cos(turn);
    context.drawImage(grain, x, y, 1920, 1080);
    for (let i = 0; i < 6; i++) {
      context.fillStyle = `hsl(${i * 60},70%,55%)`;
      const angle = turn * (1 + i % 2) + i;
      context.fillRect(560 + 420 * Math.cos(angle), 300 + 240 * Math.sin(angle), 120 + 20 * i, 90);
    }
    context.fillStyle = '#fff';
    context.font = '96px monospace';
    context.fillText(String(frame).padStart(3, '0'), 60, 120);
  };

  const base64 = bytes => {
    let text = '';
    for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(text);
  };
  const bytesOf = chunk => { const bytes = new Uint8Array(chunk.byteLength); chunk.copyTo(bytes); return bytes; };

  const video = [];
  for (const { width, height, bitrate } of layers) {
    const encoded = [];
    const encoder = new VideoEncoder({
      output: (chunk, metadata) => encoded.push({
        data: base64(bytesOf(chunk)), key: chunk.type === 'key', at: chunk.timestamp,
        temporalId: metadata && metadata.svc ? metadata.svc.temporalLayerId : 0,
      }),
      error: error => { throw error; },
    });
    encoder.configure({ codec: 'vp8', width, height, bitrate, framerate: framesPerSecond, scalabilityMode: 'L1T3',
      latencyMode: 'realtime', bitrateMode: 'constant' });
    const scaled = new OffscreenCanvas(width, height);
    for (let frame = 0; frame < frames; frame++) {
      draw(frame);
      scaled.getContext('2d').drawImage(scene, 0, 0, width, height);
      const input = new VideoFrame(scaled, { timestamp: Math.round(frame * 1e6 / framesPerSecond) });
      encoder.encode(input, { keyFrame: frame === 0 });
      input.close();
      while (encoder.encodeQueueSize > 2) await new Promise(resolve => setTimeout(resolve, 5));
    }
    await encoder.flush();
    encoder.close();
    video.push({ width, height, frames: encoded });
  }

  const sound = [];
  const RATE = 48000, SAMPLES = 960;
  const voice = new AudioEncoder({ output: chunk => sound.push(base64(bytesOf(chunk))), error: error => { throw error; } });
  voice.configure({ codec: 'opus', sampleRate: RATE, numberOfChannels: 1, bitrate: 32000,
    opus: { frameDuration: 20000, application: 'voip' } });
  for (let packet = 0; packet < soundPackets; packet++) {
    const data = new Float32Array(SAMPLES);
    for (let i = 0; i < SAMPLES; i++) {
      const at = (packet * SAMPLES + i) / RATE;
      const syllable = 0.55 + 0.45 * Math.sin(2 * Math.PI * 4 * at); // Four syllables a second, as in speech.
      const pitch = 130; // A whole number of periods fits into the loop.
      let value = 0;
      for (let harmonic = 1; harmonic <= 12; harmonic++) value += Math.sin(2 * Math.PI * pitch * harmonic * at) / harmonic;
      data[i] = 0.2 * syllable * value;
    }
    const input = new AudioData({ format: 'f32', sampleRate: RATE, numberOfFrames: SAMPLES, numberOfChannels: 1,
      timestamp: packet * 20000, data });
    voice.encode(input);
    input.close();
  }
  await voice.flush();
  voice.close();
  return { video, sound };
}
