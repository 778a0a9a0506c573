// The people of the call. Each person has a tile on the stage and a row in the list. Each shared screen has a tile.
//
// This module renders models and does not use the SDK. A model has the form
//   { key, name, isLocal, isScreen, isAudioOn, isVideoOn, isReconnecting, isSaving, level, video }
// where `video` is the element that plays the picture, or null; `isSaving` is true while the server sends no picture to
// save bandwidth; and `level` is the network quality from 0 to 5, or null while it is not known.
import { byId, icon, make } from './dom.js';
import { hueOf, initialsOf } from './initials.js';
import { GAP, tiles } from './layout.js';

/** The room for the scroll bar of a stage that scrolls, in pixels. */
const SCROLL_BAR = 16;

/** The width or height in pixels below which a tile is compact. A compact tile shows the initials above the name. */
const COMPACT_BELOW = 150;

const AVATAR_MAX = 128;
const LEVEL_MAX = 5;
const SAVING = 'switched off to save bandwidth';

const shown = new Map(); // The entries { model, tile, row } by key.
let speaker = null; // The key of the person who speaks.
let isPresenting = false; // True if the speaker, or another remote person, has the large place.

/** Adds a person or a shared screen, or updates their tile and row. */
export function put(model) {
  let entry = shown.get(model.key);
  if (!entry) {
    entry = { model, tile: makeTile(model), row: model.isScreen ? null : makeRow(model) };
    shown.set(model.key, entry);
    if (entry.row) {
      byId('people').append(entry.row);
    }
  }
  entry.model = model;
  showTile(entry);
  if (entry.row) {
    entry.row.querySelector('.row-state').textContent = stateOf(model);
  }
  changed();
}

/** Removes a person and the screens that the person shares. */
export function remove(key) {
  for (const [other, entry] of shown) {
    if (other === key || other.startsWith(`${key}/`)) {
      entry.tile.remove();
      entry.row?.remove();
      shown.delete(other);
    }
  }
  changed();
}

export function clear() {
  [...shown.keys()].forEach(remove);
  speaker = null;
}

/** Marks the tile of the person who speaks. With null no tile is marked. */
export function setSpeaker(key) {
  speaker = key;
  shown.forEach(({ tile }, other) => tile.classList.toggle('speaking', other === speaker));
  arrange();
}

/** Gives the large place to the person who speaks, if no screen is shared, or takes it away. */
export function setPresentation(on) {
  isPresenting = on;
  arrange();
}

/** Returns the key of the person with the large place: the speaker, or else the first remote person. */
function keyOfLarge() {
  if (!isPresenting || [...shown.values()].some(({ model }) => model.isScreen)) {
    return null;
  }
  if (shown.has(speaker)) {
    return speaker;
  }
  return [...shown.values()].find(({ model }) => !model.isLocal)?.model.key ?? null;
}

function changed() {
  byId('count').textContent = [...shown.values()].filter(({ row }) => row).length;
  arrange();
}

// --- one tile ------------------------------------------------------------------------------------------------------

function nameElement(model) {
  const name = make('span', 'name');
  name.title = model.name;
  name.append(make('bdi', '', model.name)); // A right-to-left name must not change the direction of the rest.
  return name;
}

function makeTile(model) {
  const tile = make('li', 'tile');
  tile.dataset.key = model.key;
  tile.style.setProperty('--hue', hueOf(model.name));
  tile.classList.toggle('mirrored', Boolean(model.isLocal && !model.isScreen));
  tile.classList.toggle('screen', Boolean(model.isScreen));
  tile.classList.toggle('speaking', model.key === speaker);

  const avatar = make('div', 'avatar');
  avatar.setAttribute('aria-hidden', 'true'); // Screen readers read the name from the label.
  avatar.append(make('span', '', initialsOf(model.name)));

  const label = make('div', 'label');
  label.append(make('span', 'marks'), nameElement(model));
  const addition = model.isScreen ? '– screen' : model.isLocal ? '(you)' : '';
  if (addition) {
    label.append(make('span', 'addition', addition));
  }

  label.append(makeBars());

  const away = make('div', 'away');
  away.append(make('span', 'spinner'), make('span', '', 'Reconnecting…'));
  const corner = make('div', 'corner');
  corner.append(make('span', 'saving', SAVING), make('span', 'layer'));
  tile.append(avatar, label, corner, away);
  return tile;
}

/** Makes the bars of the network quality, which screen readers read as a picture. */
function makeBars() {
  const bars = make('span', 'bars');
  bars.setAttribute('role', 'img');
  for (let i = 0; i < LEVEL_MAX; i++) {
    bars.append(make('i', ''));
  }
  return bars;
}

function showBars(bars, level) {
  const isKnown = typeof level === 'number';
  bars.hidden = !isKnown;
  if (isKnown) {
    bars.dataset.level = level;
    bars.setAttribute('aria-label', `network quality ${level} of ${LEVEL_MAX}`);
    [...bars.children].forEach((bar, i) => bar.classList.toggle('lit', i < level));
  }
}

/** Shows the height of the picture that is received, which tells its simulcast layer. */
function showLayer({ model, tile }) {
  const height = model.isLocal || !model.isVideoOn ? 0 : model.video?.videoHeight || 0;
  const layer = tile.querySelector('.layer');
  layer.textContent = height ? `${height}p` : '';
  layer.hidden = !height || Boolean(model.isSaving);
}

function showTile(entry) {
  const { model, tile } = entry;
  const old = tile.querySelector('video');
  if (old !== model.video) {
    old?.remove();
    if (model.video) {
      tile.prepend(model.video);
      model.video.onresize = () => showLayer(entry);
    }
  }
  const hasPicture = Boolean(model.video) && model.isVideoOn;
  if (model.video) {
    model.video.hidden = !hasPicture;
  }
  tile.querySelector('.avatar').hidden = hasPicture;
  tile.querySelector('.away').hidden = !model.isReconnecting;
  tile.querySelector('.saving').hidden = !(hasPicture && model.isSaving);
  tile.classList.toggle('saves', Boolean(hasPicture && model.isSaving));
  showBars(tile.querySelector('.bars'), model.level);
  showLayer(entry);
  tile.classList.toggle('reconnecting', Boolean(model.isReconnecting));
  const marks = [];
  if (!model.isScreen && !model.isAudioOn) {
    marks.push(icon('microphone-off', 'microphone off'));
  }
  if (!model.isScreen && !model.isVideoOn) {
    marks.push(icon('camera-off', 'camera off'));
  }
  tile.querySelector('.marks').replaceChildren(...marks);
}

// --- one row -------------------------------------------------------------------------------------------------------

function makeRow(model) {
  const row = make('li', '');
  row.append(nameElement(model));
  if (model.isLocal) {
    row.append(make('span', 'addition', '(you)'));
  }
  row.append(make('span', 'row-state'));
  return row;
}

function stateOf(model) {
  if (model.isReconnecting) {
    return 'reconnecting';
  }
  return [model.isAudioOn ? '' : 'muted', model.isVideoOn ? '' : 'no camera'].filter(Boolean).join(', ');
}

// --- the stage -----------------------------------------------------------------------------------------------------

function arrangeList(list) {
  const count = list.children.length;
  const { clientWidth: width, clientHeight: height } = list.parentElement;
  let layout = tiles(count, width, height);
  if (!layout.fits) {
    layout = tiles(count, width - SCROLL_BAR, height);
  }
  const usedWidth = layout.columns * (layout.width + GAP) - GAP;
  const usedHeight = layout.rows * (layout.height + GAP) - GAP;
  const available = layout.fits ? width : width - SCROLL_BAR;
  const set = (name, value) => list.style.setProperty(name, value);
  set('--gap', `${GAP}px`);
  set('--columns', layout.columns);
  set('--tile-width', `${layout.width}px`);
  set('--tile-height', `${layout.height}px`);
  set('--left', `${Math.max(0, Math.floor((available - usedWidth) / 2))}px`);
  set('--width', `${Math.max(0, usedWidth)}px`);
  set('--top', `${layout.fits ? Math.max(0, Math.floor((height - usedHeight) / 2)) : 0}px`);
  set('--avatar', `${Math.round(Math.min(AVATAR_MAX, Math.min(layout.width, layout.height) * 0.42))}px`);
  list.classList.toggle('compact', layout.height < COMPACT_BELOW || layout.width < COMPACT_BELOW);
  const area = list.parentElement;
  area.classList.toggle('scrolls', !layout.fits);
  if (layout.fits) {
    area.removeAttribute('tabindex');
  } else {
    area.tabIndex = 0; // An area that scrolls must be reachable by keyboard.
  }
}

/** Places all tiles. This is called when a tile is added or removed, and when the stage changes its size. */
export function arrange() {
  const screens = byId('screens');
  const large = keyOfLarge();
  shown.forEach(({ model, tile }, key) => {
    const place = byId(model.isScreen || key === large ? 'screens' : 'tiles');
    if (tile.parentElement !== place) {
      place.append(tile);
    }
  });
  byId('screen-area').hidden = screens.children.length === 0;
  byId('stage').classList.toggle('with-screens', screens.children.length > 0);
  arrangeList(byId('tiles'));
  arrangeList(screens);
}

export function watchSize() {
  new ResizeObserver(arrange).observe(byId('stage'));
}
