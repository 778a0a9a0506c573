// The demo page: joins a room with the stock SDK and shows who is there.
import './after-sdk.js';
import * as chat from './chat.js';
import * as devices from './devices.js';
import { byId, icon, make, notice } from './dom.js';
import { initialsOf } from './initials.js';
import { tiles } from './layout.js';
import * as media from './media.js';
import * as people from './people.js';
import * as quality from './quality.js';
import { inWords } from './words.js';

const { Video } = window.Twilio;
const TITLE = 'Rotunda';
const SCREEN = 'screen'; // The name of the track of a shared screen.

/**
 * The current call { room, token, screen, away }, or null. `away` has the SIDs of the participants who are reconnecting.
 */
let call = null;
let isJoining = false;
let hasNewChoice = false; // True if the profile was changed while the page was joining.

// Tests use these modules, which need no call, and the SDK's room, which is null while there is no call.
Object.assign(window.rotunda, { people, tiles, initialsOf, room: null });

function tell(text) {
  byId('lobby-message').textContent = text;
  byId('lobby-message').hidden = !text;
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

/**
 * Opens the chosen devices that are present and allowed. Returns a description of the problems, or "" if there were
 * none.
 */
async function openDevices() {
  const chosen = [
    byId('with-microphone').checked && 'audio',
    byId('with-camera').checked && 'video',
  ].filter(Boolean);
  const problems = await Promise.all(chosen.map((kind) => media.open(kind)));
  return problems.find(Boolean) || '';
}

async function join(event) {
  event.preventDefault();
  if (isJoining) {
    return;
  }
  isJoining = true;
  const name = byId('name').value.trim();
  const roomName = byId('room').value.trim();
  tell('');
  byId('enter').textContent = 'Joining…';
  try {
    const token = await tokenFor(name, roomName);
    const problem = await openDevices();
    const chatTrack = newChatTrack();
    enter(await joinRoom(token, roomName, chatTrack), token);
    chat.start((data) => chatTrack.send(data), showControls);
    chat.setOpen(false);
    showControls();
    byId('title').focus(); // Screen readers begin with the name of the room.
    if (problem) {
      notice(`${problem} You can still see and hear the others.`);
    }
  } catch (error) {
    media.leave();
    if (error instanceof NoTokens) {
      byId('token-field').hidden = false;
      tell('This server does not hand out access tokens. Paste the one you were given.');
      byId('token').focus();
    } else {
      tell(inWords(error));
    }
  } finally {
    isJoining = false;
    byId('enter').textContent = 'Join';
  }
}

const newChatTrack = () => new Video.LocalDataTrack({ name: 'chat' });

/** Connects to a room with the open devices and the chosen profile. */
function joinRoom(token, roomName, chatTrack) {
  const secure = window.location.protocol === 'https:';
  return Video.connect(token, {
    name: roomName,
    wsServer: `${secure ? 'wss' : 'ws'}://${window.location.host}/signaling`,
    insights: false, // Otherwise the SDK sends the access token to its vendor's host.
    tracks: [...media.openTracks(), chatTrack],
    dominantSpeaker: true,
    networkQuality: { local: 1, remote: 1 },
    bandwidthProfile: { video: quality.profile() },
    preferredVideoCodecs: 'auto',
  });
}

/**
 * Joins the room again with the profile that was chosen meanwhile, because a profile lasts as long as its session. The
 * devices, the chat and the shared screen stay.
 */
async function rejoin() {
  hasNewChoice = isJoining;
  if (!call || isJoining) {
    return;
  }
  const { room, token, screen } = call;
  isJoining = true;
  setState('changing…', true);
  drop();
  room.disconnect();
  try {
    const chatTrack = newChatTrack();
    enter(await joinRoom(token, room.name, chatTrack), token);
    chat.setSender((data) => chatTrack.send(data));
    if (screen) {
      call.screen = screen;
      await call.room.localParticipant.publishTrack(screen, { priority: 'high' });
    }
  } catch (error) {
    screen?.stop();
    showLobby(error);
  } finally {
    isJoining = false;
  }
  showControls();
  if (hasNewChoice) {
    await rejoin();
  }
}

function enter(room, token) {
  call = { room, token, screen: null, away: new Set() };
  window.rotunda.room = room;
  media.enter(room);
  byId('lobby').hidden = true;
  byId('call').hidden = false;
  byId('invite').hidden = false;
  byId('title').textContent = room.name;
  byId('title').title = room.name;
  document.title = `${room.name} – ${TITLE}`;
  setState('connected');
  people.setPresentation(quality.isPresentation());
  showLocal();
  room.localParticipant.on('networkQualityLevelChanged', showLocal);
  room.participants.forEach(meet);
  room.on('participantConnected', (participant) => {
    meet(participant);
    notice(`${participant.identity} has joined.`);
  });
  room.on('participantDisconnected', part);
  room.on('participantReconnecting', (participant) => setAway(participant, true));
  room.on('participantReconnected', (participant) => setAway(participant, false));
  room.on('dominantSpeakerChanged', (participant) => people.setSpeaker(participant && participant.sid));
  room.on('reconnecting', () => {
    setState('reconnecting…', true);
    setAway(room.localParticipant, true);
  });
  room.on('reconnected', () => {
    setState('connected');
    setAway(room.localParticipant, false);
  });
  room.on('disconnected', (ended, error) => call?.room === ended && leave(error));
  room.localParticipant.on('trackPublicationFailed', (error) => notice(inWords(error)));
}

// --- people --------------------------------------------------------------------------------------------------------

const elements = new WeakMap(); // The element that plays a track, by track.

function elementOf(track) {
  if (!track) {
    return null;
  }
  if (!elements.has(track)) {
    const element = track.attach();
    element.playsInline = true;
    element.disablePictureInPicture = true; // In some browsers the button for it would cover the name.
    elements.set(track, element);
  }
  return elements.get(track);
}

function forget(track) {
  elements.delete(track);
  track.detach().forEach((element) => element.remove());
}

function showLocal() {
  if (!call) {
    return;
  }
  const { localParticipant } = call.room;
  const camera = media.trackOf('video');
  people.put({
    key: localParticipant.sid,
    name: localParticipant.identity,
    isLocal: true,
    isAudioOn: Boolean(media.trackOf('audio')?.isEnabled),
    isVideoOn: Boolean(camera?.isEnabled),
    isReconnecting: call.away.has(localParticipant.sid),
    level: localParticipant.networkQualityLevel,
    video: elementOf(camera),
  });
}

function meet(participant) {
  participant.on('trackSubscribed', (track) => receive(participant, track));
  participant.on('trackUnsubscribed', (track) => {
    if (track.kind === 'audio') {
      media.silence(track);
    } else if (track.kind === 'video') {
      forget(track);
    }
    show(participant);
  });
  participant.on('trackSubscriptionFailed', (error) => notice(inWords(error)));
  for (const event of [
    'trackPublished', 'trackUnpublished', 'trackEnabled', 'trackDisabled', 'trackSwitchedOff', 'trackSwitchedOn', 'networkQualityLevelChanged',
  ]) {
    participant.on(event, () => show(participant));
  }
  participant.tracks.forEach(({ track }) => track && receive(participant, track));
  show(participant);
}

function receive(participant, track) {
  if (track.kind === 'data') {
    track.on('message', (data) => chat.receive(participant.identity, data));
  } else if (track.kind === 'audio') {
    media.play(track);
  }
  show(participant);
}

/** Updates the tiles of a remote participant to the participant's present tracks. */
function show(participant) {
  if (!call?.room.participants.has(participant.sid)) {
    return; // The SDK unsubscribes the tracks of a participant after the participant has left.
  }
  const videos = [...participant.videoTracks.values()];
  const camera = videos.find((publication) => publication.trackName !== SCREEN);
  const screen = videos.find((publication) => publication.trackName === SCREEN && publication.track);
  const { sid: key, identity: name } = participant;
  people.put({
    key,
    name,
    isAudioOn: [...participant.audioTracks.values()].some((publication) => publication.isTrackEnabled),
    isVideoOn: Boolean(camera?.isTrackEnabled),
    isReconnecting: call.away.has(key),
    isSaving: Boolean(camera?.track?.isSwitchedOff),
    level: participant.networkQualityLevel,
    video: elementOf(camera?.track),
  });
  if (screen) {
    people.put({
      key: `${key}/${SCREEN}`,
      name,
      isScreen: true,
      isVideoOn: true,
      isSaving: screen.track.isSwitchedOff,
      video: elementOf(screen.track),
    });
  } else {
    people.remove(`${key}/${SCREEN}`);
  }
}

function part(participant) {
  call?.away.delete(participant.sid);
  people.remove(participant.sid);
  notice(`${participant.identity} has left.`);
}

function setAway(participant, isAway) {
  if (!call) {
    return;
  }
  call.away[isAway ? 'add' : 'delete'](participant.sid);
  if (participant === call.room.localParticipant) {
    showLocal();
  } else {
    show(participant);
  }
}

// --- controls ------------------------------------------------------------------------------------------------------

function showControl(id, picture, text, classes = []) {
  const button = byId(id);
  button.className = ['control', ...classes].join(' ');
  button.replaceChildren(icon(picture), make('span', 'text', text));
  button.title = text;
}

function showControls() {
  if (!call) {
    return;
  }
  const microphone = media.trackOf('audio');
  const camera = media.trackOf('video');
  const isHeard = Boolean(microphone?.isEnabled);
  const isSeen = Boolean(camera?.isEnabled);
  showControl(
    'microphone',
    isHeard ? 'microphone' : 'microphone-off',
    microphone ? (isHeard ? 'Mute' : 'Unmute') : 'Add microphone',
    isHeard ? [] : ['off'],
  );
  showControl(
    'camera',
    isSeen ? 'camera' : 'camera-off',
    camera ? (isSeen ? 'Stop camera' : 'Start camera') : 'Add camera',
    isSeen ? [] : ['off'],
  );
  byId('share').hidden = !navigator.mediaDevices?.getDisplayMedia;
  showControl('share', 'screen', call.screen ? 'Stop sharing' : 'Share screen', call.screen ? ['on'] : []);
  showControl('devices', 'devices', 'Devices');
  showControl('quality', 'quality', 'View and network', quality.isLimited() ? ['on'] : []);
  const unread = chat.unreadCount();
  showControl('toggle-panel', 'chat', unread ? `People and chat, ${unread} unread` : 'People and chat', chat.isOpen() ? ['on'] : []);
  byId('toggle-panel').classList.toggle('unread', unread > 0);
  byId('toggle-panel').setAttribute('aria-expanded', String(chat.isOpen()));
  showControl('leave', 'leave', 'Leave', ['danger']);
}

/** Switches a device off or on. Opens the default device if no device is open. */
async function toggle(kind) {
  const track = media.trackOf(kind);
  if (track) {
    track.enable(!track.isEnabled);
  } else {
    const problem = await media.open(kind);
    if (problem) {
      notice(problem);
    }
  }
  mediaChanged();
}

function mediaChanged() {
  showLocal();
  showControls();
  devices.refresh();
}

async function share() {
  if (call.screen) {
    stopSharing();
    return;
  }
  const { room } = call;
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 15 } });
    const screen = new Video.LocalVideoTrack(stream.getVideoTracks()[0], { name: SCREEN });
    if (call?.room !== room) {
      screen.stop(); // The person has left while the browser's dialogue was open.
      return;
    }
    call.screen = screen;
    screen.once('stopped', stopSharing); // The browser has its own button to stop the sharing.
    await room.localParticipant.publishTrack(screen, { priority: 'high' });
  } catch (error) {
    stopSharing();
    if (error.name !== 'NotAllowedError') {
      notice(inWords(error)); // It is no error that the person closes the browser's dialogue.
    }
  }
  showControls();
}

function stopSharing() {
  if (!call?.screen) {
    return;
  }
  const { screen } = call;
  call.screen = null;
  call.room.localParticipant.unpublishTrack(screen);
  screen.stop();
  showControls();
}

function setPanel(isOpen) {
  chat.setOpen(isOpen);
  showControls();
  if (isOpen) {
    byId('say').focus();
  } else {
    byId('toggle-panel').focus();
  }
}

async function invite() {
  const link = new URL('/', window.location.href);
  link.searchParams.set('room', call.room.name);
  try {
    await navigator.clipboard.writeText(link.href);
    notice('The invite link is copied.');
  } catch {
    // Without TLS only pages on localhost may write to the clipboard.
    byId('invite-link').value = link.href;
    byId('invite-dialog').showModal();
    byId('invite-link').select();
  }
}

/** Goes back to the lobby, which shows the error if there is one. */
function leave(error) {
  if (!call) {
    return;
  }
  call.screen?.stop();
  drop();
  showLobby(error);
}

/** Ends the call on the page: all that came from the room goes, and the devices stay. */
function drop() {
  const { room } = call;
  call = null;
  window.rotunda.room = null;
  room.participants.forEach((participant) => {
    participant.tracks.forEach(({ track }) => {
      if (track?.kind === 'audio') {
        media.silence(track);
      } else if (track?.kind === 'video') {
        forget(track);
      }
    });
  });
  people.clear();
}

function showLobby(error) {
  media.leave();
  document.querySelectorAll('dialog').forEach((dialog) => dialog.close());
  byId('notices').replaceChildren();
  byId('call').hidden = true;
  byId('invite').hidden = true;
  byId('lobby').hidden = false;
  byId('title').textContent = TITLE;
  byId('title').title = '';
  document.title = TITLE;
  setState('');
  tell(error ? inWords(error) : '');
  byId('enter').focus();
}

// --- start ---------------------------------------------------------------------------------------------------------

const given = new URLSearchParams(window.location.search);
byId('name').value = given.get('name') || '';
byId('room').value = given.get('room') || '';
byId('join').addEventListener('submit', join);
byId('chat').addEventListener('submit', chat.say);
byId('microphone').addEventListener('click', () => toggle('audio'));
byId('camera').addEventListener('click', () => toggle('video'));
byId('share').addEventListener('click', share);
byId('devices').addEventListener('click', devices.show);
byId('quality').addEventListener('click', quality.show);
byId('toggle-panel').addEventListener('click', () => setPanel(!chat.isOpen()));
byId('close-panel').addEventListener('click', () => setPanel(false));
byId('panel').addEventListener('keydown', (event) => event.key === 'Escape' && setPanel(false));
byId('invite').addEventListener('click', invite);
byId('leave').addEventListener('click', () => call?.room.disconnect());
// Without this listener the other participants would notice a closed page only after its session timed out.
window.addEventListener('pagehide', () => call?.room.disconnect());
devices.start();
quality.start(rejoin);
media.watch(mediaChanged, notice);
people.watchSize();

if (!Video.isSupported) {
  tell('This browser cannot make video calls. Use a current Chrome, Edge, Firefox or Safari.');
  byId('enter').disabled = true;
}
