// Builds the demo page into the folder given as the only argument.
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
if (!out) {
  throw new Error('usage: node build.mjs FOLDER');
}

await mkdir(out, { recursive: true });
await build({
  entryPoints: [join(here, 'src/page.js'), join(here, 'src/page.css'), join(here, 'src/before-sdk.js')],
  outdir: out,
  bundle: true,
  minify: true,
  format: 'iife',
  // In these versions 'self' in a Content-Security-Policy covers the WebSocket of the same host.
  target: ['chrome100', 'firefox100', 'safari15.4'],
  logLevel: 'warning',
});
for (const file of ['index.html', 'icon.svg']) {
  await copyFile(join(here, 'src', file), join(out, file));
}
// The SDK as its makers publish it: the page uses it, and so do browser tests.
await copyFile(join(here, 'node_modules/twilio-video/dist/twilio-video.min.js'), join(out, 'twilio-video.min.js'));
