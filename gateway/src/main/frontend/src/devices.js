// The dialog in which the camera, the microphone and the speaker are chosen.
import { byId, make } from './dom.js';
import * as media from './media.js';

const NONE = { video: 'No camera', audio: 'No microphone' };

function option(value, text) {
  const element = make('option', '', text);
  element.value = value;
  return element;
}

async function fill(kind) {
  const select = byId(`choose-${kind}`);
  const found = await media.devices(kind);
  const current = media.deviceIdOf(kind);
  const isOpen = kind !== 'speaker' && Boolean(media.trackOf(kind));
  // Some browsers list the default speaker too, with the id "default". The dialog leaves it out, because all browsers
  // take "" as the id of the default speaker.
  const options = found.filter(({ id }) => kind !== 'speaker' || id !== 'default').map(({ id, name }) => option(id, name));
  if (kind === 'speaker') {
    options.unshift(option('', 'Default speaker'));
  } else {
    options.unshift(option('', NONE[kind]));
    if (found.length === 0) {
      // Browsers list no devices before the first permission. The browser itself then asks the person for the device.
      options.push(option('default', isOpen ? 'In use' : 'Default device'));
    }
  }
  select.replaceChildren(...options);
  select.value = isOpen && found.length === 0 ? 'default' : current;
  if (select.selectedIndex < 0) {
    select.selectedIndex = kind === 'speaker' || !isOpen ? 0 : Math.min(1, select.options.length - 1);
  }
}

function tell(text) {
  byId('device-message').textContent = text;
  byId('device-message').hidden = !text;
}

/** Lists the present devices again if the dialog is open. */
export async function refresh() {
  if (byId('device-dialog').open) {
    await Promise.all(['video', 'audio', 'speaker'].map(fill));
  }
}

export async function show() {
  tell('');
  byId('speaker-field').hidden = !media.canChooseSpeaker;
  byId('device-dialog').showModal();
  await refresh();
}

async function choose(kind) {
  const id = byId(`choose-${kind}`).value;
  tell('');
  if (kind === 'speaker') {
    tell(await media.setSpeaker(id));
  } else if (id === '') {
    media.close(kind);
  } else {
    tell(await media.open(kind, id === 'default' ? '' : id));
  }
  await refresh();
}

export function start() {
  for (const kind of ['video', 'audio', 'speaker']) {
    byId(`choose-${kind}`).addEventListener('change', () => choose(kind));
  }
}
