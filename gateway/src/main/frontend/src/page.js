// The demo page: joins a room with the stock SDK and shows who is there.
import { inWords } from './words.js';
import * as tiles from './tiles.js';

const { Video } = window.Twilio;
const MESSAGES_MAX = 200;
const byId = (id) => document.getElementById(id);

/** The call that is on, or null: { room, chat, camera, microphone, screen }. */
let call = null;

// --- messages to the person in front -------------------------------------------------------------------------------

function tell(where, text, isNotice = false) {
  const element = byId(where);
  element.textContent = text;
  element.classList.toggle('notice', isNotice);
  element.hidden = !text;
}

let noticeTimer;
function notice(text) {
  tell('call-message', text, true);
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => tell('call-message', ''), 6000);
}

function setState(text, isWaiting = false) {
  byId('state').textContent = text;
  byId('state').classList.toggle('waiting', isWaiting);
}

// --- joining -------------------------------------------------------------------------------------------------------

class NoTokens extends Error {}

async function tokenFor(name, room) {
  const pasted = byId('token').value.trim();
  if (pasted) {
    return pasted;
  }
  const query = new URLSearchParams({ identity: name, room });
  let response;
  try {
    response = await fetch(`/dev/token?${query}`);
  } catch {
    throw Object.assign(new Error('unreachable'), { code: 53000 });
  }
  if (response.status === 404) {
    throw new NoTokens();
  }
  const answer = await response.json();
  if (!response.ok) {
    throw Object.assign(new Error(answer.message), { code: answer.code });
  }
  return answer.token;
}

/** Opens camera and microphone as far as they are there and allowed; without them one can still watch and listen. */
async function localTracks(withMicrophone, withCamera) {
  const wanted = [
    withMicrophone && (() => Video.createLocalAudioTrack({ name: 'microphone' })),
    withCamera && (() => Video.createLocalVideoTrack({ name: 'camera', width: 1280, height: 720, frameRate: 24 })),
  ].filter(Boolean);
  const opened = await Promise.allSettled(wanted.map((open) => open()));
  const failed = opened.find((result) => result.status === 'rejected');
  return {
    tracks: opened.filter((result) => result.status === 'fulfilled').map((result) => result.value),
    problem: failed ? inWords(failed.reason) : '',
  };
}

async function join(event) {
  event.preventDefault();
  const name = byId('name').value.trim();
  const roomName = byId('room').value.trim();
  tell('lobby-message', '');
  byId('enter').disabled = true;
  byId('enter').textContent = 'Joining…';
  let tracks = [];
  try {
    const token = await tokenFor(name, roomName);
    const media = await localTracks(byId('with-microphone').checked, byId('with-camera').checked);
    const chat = new Video.LocalDataTrack({ name: 'chat' });
    tracks = media.tracks;
    const secure = window.location.protocol === 'https:';
    const room = await Video.connect(token, {
      name: roomName,
      wsServer: `${secure ? 'wss' : 'ws'}://${window.location.host}/signaling`,
      insights: false,
      tracks: [...tracks, chat],
      dominantSpeaker: true,
      bandwidthProfile: { video: { mode: 'grid' } },
      preferredVideoCodecs: 'auto',
    });
    enter(room, chat, tracks);
    if (media.problem) {
      notice(`${media.problem} You can still see and hear the others.`);
    }
  } catch (error) {
    tracks.forEach((track) => track.stop());
    if (error instanceof NoTokens) {
      byId('token-field').hidden = false;
      tell('lobby-message', 'This server does not hand out access tokens. Paste the one you were given.');
    } else {
      tell('lobby-message', inWords(error));
    }
  } finally {
    byId('enter').disabled = false;
    byId('enter').textContent = 'Join';
  }
}

function enter(room, chat, tracks) {
  call = {
    room,
    chat,
    microphone: tracks.find((track) => track.kind === 'audio') || null,
    camera: tracks.find((track) => track.kind === 'video') || null,
    screen: null,
  };
  window.rotunda = { room }; // For tests and the curious.
  byId('lobby').hidden = true;
  byId('call').hidden = false;
  byId('room-name').textContent = room.name;
  byId('messages').replaceChildren();
  tell('call-message', '');
  setState('connected');
  tiles.clear();
  tiles.addParticipant(room.localParticipant, true);
  tracks.forEach((track) => track.kind === 'video' && tiles.attach(room.localParticipant, track));
  room.participants.forEach(meet);
  room.on('participantConnected', (participant) => {
    meet(participant);
    notice(`${participant.identity} has joined.`);
  });
  room.on('participantDisconnected', part);
  room.on('participantReconnecting', (participant) => setAway(participant, true));
  room.on('participantReconnected', (participant) => setAway(participant, false));
  room.on('dominantSpeakerChanged', tiles.setSpeaking);
  room.on('reconnecting', () => setState('reconnecting…', true));
  room.on('reconnected', () => setState('connected'));
  room.on('disconnected', (ended, error) => leave(error));
  room.localParticipant.on('trackPublicationFailed', (error) => notice(inWords(error)));
  showButtons();
  showPeople();
}

// --- the others ----------------------------------------------------------------------------------------------------

function meet(participant) {
  tiles.addParticipant(participant, false);
  participant.tracks.forEach((publication) => {
    if (publication.track) {
      receive(participant, publication.track);
    }
  });
  participant.on('trackSubscribed', (track) => receive(participant, track));
  participant.on('trackUnsubscribed', (track) => {
    tiles.detach(participant, track);
    showPeople();
  });
  participant.on('trackSubscriptionFailed', (error) => notice(inWords(error)));
  showPeople();
}

function receive(participant, track) {
  if (track.kind === 'data') {
    track.on('message', (data) => showMessage(participant.identity, data));
    return;
  }
  tiles.attach(participant, track);
  const changed = (isShown) => () => {
    tiles.setPicture(participant, track, isShown);
    showPeople();
  };
  track.on('enabled', changed(true));
  track.on('disabled', changed(false));
  showPeople();
}

function part(participant) {
  tiles.removeParticipant(participant);
  showPeople();
  notice(`${participant.identity} has left.`);
}

function setAway(participant, isAway) {
  tiles.setAway(participant, isAway);
  showPeople();
}

function describe(participant) {
  if (participant.state === 'reconnecting') {
    return 'reconnecting';
  }
  const hears = [...participant.audioTracks.values()].some((publication) => publication.isTrackEnabled);
  const shows = [...participant.videoTracks.values()].some((publication) => publication.isTrackEnabled);
  return [hears ? '' : 'muted', shows ? '' : 'no camera'].filter(Boolean).join(', ');
}

function showPeople() {
  if (!call) {
    return;
  }
  const { localParticipant, participants } = call.room;
  const all = [localParticipant, ...participants.values()];
  byId('count').textContent = all.length;
  byId('people').replaceChildren(
    ...all.map((participant) => {
      const item = document.createElement('li');
      const name = document.createElement('span');
      name.textContent = participant === localParticipant ? `${participant.identity} (you)` : participant.identity;
      const state = document.createElement('span');
      state.textContent = describe(participant);
      item.append(name, state);
      return item;
    }),
  );
}

// --- chat ----------------------------------------------------------------------------------------------------------

function showMessage(name, data, isMine = false) {
  let text;
  try {
    ({ text } = JSON.parse(data));
  } catch {
    return; // Not from a page like this one.
  }
  if (typeof text !== 'string') {
    return;
  }
  const item = document.createElement('li');
  item.classList.toggle('mine', isMine);
  const who = document.createElement('b');
  who.textContent = name;
  item.append(who, text);
  const list = byId('messages');
  list.append(item);
  while (list.children.length > MESSAGES_MAX) {
    list.firstChild.remove();
  }
  item.scrollIntoView({ block: 'nearest' });
}

function say(event) {
  event.preventDefault();
  const text = byId('say').value.trim();
  if (!text || !call) {
    return;
  }
  const data = JSON.stringify({ text });
  call.chat.send(data);
  showMessage('You', data, true);
  byId('say').value = '';
}

// --- buttons -------------------------------------------------------------------------------------------------------

function showButton(id, isOn, isThere, words) {
  const button = byId(id);
  button.disabled = !isThere;
  button.setAttribute('aria-pressed', String(isOn));
  button.textContent = words[isOn ? 0 : 1];
  button.classList.toggle('off', isThere && !isOn && id !== 'share');
  button.classList.toggle('on', isOn && id === 'share');
}

function showButtons() {
  const { microphone, camera, screen } = call;
  showButton('microphone', Boolean(microphone?.isEnabled), Boolean(microphone), ['Mute', 'Unmute']);
  showButton('camera', Boolean(camera?.isEnabled), Boolean(camera), ['Camera off', 'Camera on']);
  const canShare = Boolean(navigator.mediaDevices?.getDisplayMedia);
  showButton('share', Boolean(screen), canShare, ['Stop sharing', 'Share screen']);
}

function toggle(track) {
  if (!track) {
    return;
  }
  track.enable(!track.isEnabled);
  tiles.setPicture(call.room.localParticipant, track, track.isEnabled);
  showButtons();
  showPeople();
}

async function share() {
  if (call.screen) {
    stopSharing();
    return;
  }
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 15 } });
    const screen = new Video.LocalVideoTrack(stream.getVideoTracks()[0], { name: tiles.SCREEN });
    call.screen = screen;
    screen.once('stopped', stopSharing); // Also by the browser's own button.
    await call.room.localParticipant.publishTrack(screen, { priority: 'high' });
  } catch (error) {
    stopSharing();
    if (error.name !== 'NotAllowedError') {
      notice(inWords(error)); // Closing the browser's dialogue is no error.
    }
  }
  if (call) {
    showButtons();
  }
}

function stopSharing() {
  if (!call?.screen) {
    return;
  }
  const { screen } = call;
  call.screen = null;
  call.room.localParticipant.unpublishTrack(screen);
  screen.stop();
  showButtons();
}

/** Back to the lobby; with an error there is something to say about it. */
function leave(error) {
  if (!call) {
    return;
  }
  const { room, microphone, camera, screen } = call;
  call = null;
  [microphone, camera, screen].forEach((track) => {
    track?.stop();
    track?.detach().forEach((element) => element.remove());
  });
  room.participants.forEach((participant) => {
    participant.tracks.forEach((publication) => {
      if (publication.track) {
        tiles.detach(participant, publication.track);
      }
    });
  });
  tiles.clear();
  byId('call').hidden = true;
  byId('lobby').hidden = false;
  tell('lobby-message', error ? inWords(error) : '');
}

// --- start ---------------------------------------------------------------------------------------------------------

const given = new URLSearchParams(window.location.search);
byId('name').value = given.get('name') || '';
byId('room').value = given.get('room') || '';
byId('join').addEventListener('submit', join);
byId('chat').addEventListener('submit', say);
byId('microphone').addEventListener('click', () => toggle(call.microphone));
byId('camera').addEventListener('click', () => toggle(call.camera));
byId('share').addEventListener('click', share);
byId('leave').addEventListener('click', () => call?.room.disconnect());
// Without this others would see a closed page only when its session times out.
window.addEventListener('pagehide', () => call?.room.disconnect());

if (!Video.isSupported) {
  tell('lobby-message', 'This browser cannot make video calls. Use a current Chrome, Edge, Firefox or Safari.');
  byId('enter').disabled = true;
}
