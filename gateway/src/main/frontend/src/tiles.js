// The stage: one tile for each participant, and one for each shared screen.

export const SCREEN = 'screen';

const stage = document.getElementById('stage');
const tiles = new Map();

function hueOf(name) {
  let hash = 0;
  for (const char of name) {
    hash = (hash * 31 + char.codePointAt(0)) % 360;
  }
  return hash;
}

function initialsOf(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join('') || '?';
}

function makeTile(key, name, classes) {
  const tile = document.createElement('div');
  tile.className = ['tile', ...classes].join(' ');
  tile.dataset.key = key;
  const initials = document.createElement('div');
  initials.className = 'initials';
  initials.style.setProperty('--hue', hueOf(name));
  initials.textContent = initialsOf(name);
  const label = document.createElement('div');
  label.className = 'label';
  label.textContent = name;
  tile.append(initials, label);
  stage.append(tile);
  tiles.set(key, tile);
  return tile;
}

export function addParticipant(participant, isLocal) {
  const name = isLocal ? `${participant.identity} (you)` : participant.identity;
  makeTile(participant.sid, name, isLocal ? ['mirrored'] : []);
}

export function removeParticipant(participant) {
  for (const [key, tile] of tiles) {
    if (key === participant.sid || key.startsWith(`${participant.sid}/`)) {
      tile.remove();
      tiles.delete(key);
    }
  }
}

/** Shows a track. Sound has no place on the stage: it is attached out of sight. */
export function attach(participant, track) {
  if (track.kind === 'data') {
    return;
  }
  const element = track.attach();
  if (track.kind === 'audio') {
    element.hidden = true;
    document.body.append(element);
    return;
  }
  element.playsInline = true;
  let tile = tiles.get(participant.sid);
  if (track.name === SCREEN) {
    tile = makeTile(`${participant.sid}/${SCREEN}`, `${participant.identity}'s screen`, ['screen']);
    stage.prepend(tile);
  }
  if (tile) {
    tile.prepend(element);
    setPicture(participant, track, track.isEnabled);
  }
}

export function detach(participant, track) {
  if (track.kind === 'data') {
    return;
  }
  track.detach().forEach((element) => element.remove());
  if (track.name === SCREEN) {
    const key = `${participant.sid}/${SCREEN}`;
    tiles.get(key)?.remove();
    tiles.delete(key);
  } else if (track.kind === 'video') {
    setPicture(participant, track, false);
  }
}

/** Whether the picture is shown, or the initials instead. */
export function setPicture(participant, track, isShown) {
  const key = track.name === SCREEN ? `${participant.sid}/${SCREEN}` : participant.sid;
  const tile = tiles.get(key);
  if (tile && track.kind === 'video') {
    tile.querySelector('.initials').hidden = isShown;
  }
}

export function setSpeaking(participant) {
  for (const [key, tile] of tiles) {
    tile.classList.toggle('speaking', participant !== null && key === participant.sid);
  }
}

export function setAway(participant, isAway) {
  tiles.get(participant.sid)?.classList.toggle('away', isAway);
}

export function clear() {
  tiles.clear();
  stage.replaceChildren();
}
