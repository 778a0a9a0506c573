// The camera, microphone and speaker of this person, before and during a call.
import { inWords } from './words.js';

const { Video } = window.Twilio;
const CONSTRAINTS = { audio: {}, video: { width: 1280, height: 720, frameRate: 24 } };
const OPEN = { audio: Video.createLocalAudioTrack, video: Video.createLocalVideoTrack };
const INPUT = { audio: 'audioinput', video: 'videoinput', speaker: 'audiooutput' };
const NAME = { audio: 'microphone', video: 'camera', speaker: 'speaker' };

/** True if the browser can send sound to a speaker that the person chooses. */
export const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;

const tracks = { audio: null, video: null };
// The kinds whose device is being changed. The SDK ends the old device before it opens the new device.
const replacing = new Set();
const players = new Set(); // The elements that play the sound of the remote participants.
let speakerId = '';
let room = null;
let known = new Map(); // The devices of the last listing, by device id.
let onChange = () => {};
let onNotice = () => {};

/** Sets the function to call after tracks or devices changed, and the function that shows a text to the person. */
export function watch(changed, notice) {
  onChange = changed;
  onNotice = notice;
  navigator.mediaDevices?.addEventListener?.('devicechange', devicesChanged);
}

export const trackOf = (kind) => tracks[kind];
export const openTracks = () => Object.values(tracks).filter(Boolean);
export const deviceIdOf = (kind) =>
  kind === 'speaker' ? speakerId : tracks[kind]?.mediaStreamTrack.getSettings().deviceId || '';

/** Returns the devices of a kind, each with an id and a name for people. */
export async function devices(kind) {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) || [];
  return all
    // Before the permission devices have no id, so the person cannot choose a device.
    .filter((device) => device.kind === INPUT[kind] && device.deviceId)
    .map((device, index) => ({ id: device.deviceId, name: device.label || `${NAME[kind]} ${index + 1}` }));
}

/**
 * Opens the device with an id, or the default device if there is no id. During a call the track is published. Returns a
 * description of the problem, or "" if there was none.
 */
export async function open(kind, deviceId) {
  const wanted = deviceId ? { deviceId: { exact: deviceId } } : {};
  try {
    const current = tracks[kind];
    if (current) {
      await replace(current, kind, wanted);
    } else {
      await add(kind, wanted);
    }
    return '';
  } catch (error) {
    return inWords(error);
  } finally {
    await remember();
    onChange();
  }
}

async function add(kind, wanted) {
  const track = await OPEN[kind]({ name: NAME[kind], ...CONSTRAINTS[kind], ...wanted });
  tracks[kind] = track;
  track.on('stopped', () => ended(kind, track));
  if (room) {
    try {
      await room.localParticipant.publishTrack(track);
    } catch (error) {
      close(kind);
      throw error;
    }
  }
}

/**
 * Changes the device of a track. The publication stays, so the other participants see no interruption, only the change
 * of the picture.
 */
async function replace(track, kind, wanted) {
  const before = deviceIdOf(kind);
  replacing.add(kind);
  try {
    await track.restart({ ...CONSTRAINTS[kind], ...wanted });
  } catch (error) {
    // The SDK has already closed the old device, so the old device is opened again.
    try {
      await track.restart({ ...CONSTRAINTS[kind], deviceId: { exact: before } });
    } catch {
      close(kind); // The old device does not open either. The first error is reported.
    }
    throw error;
  } finally {
    replacing.delete(kind);
  }
}

/** Stops a device and withdraws its track. */
export function close(kind) {
  const track = tracks[kind];
  if (!track) {
    return;
  }
  tracks[kind] = null;
  room?.localParticipant.unpublishTrack(track);
  track.stop();
  track.detach().forEach((element) => element.remove());
  onChange();
}

/**
 * Closes a track that has ended because its device was unplugged. A track also ends when this page restarts or stops
 * it; then this function does nothing.
 */
function ended(kind, track) {
  if (tracks[kind] === track && !replacing.has(kind) && track.isStopped) {
    close(kind);
    onNotice(`Your ${NAME[kind]} is no longer there.`);
  }
}

async function remember() {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) || [];
  known = new Map(all.filter((device) => device.deviceId).map((device) => [device.deviceId, device]));
}

async function devicesChanged() {
  const before = known;
  await remember();
  for (const kind of ['video', 'audio']) {
    const track = tracks[kind];
    if (track) {
      ended(kind, track);
    }
    const added = [...known.values()].find((device) => device.kind === INPUT[kind] && !before.has(device.deviceId));
    if (added && before.size > 0) {
      onNotice(`New ${NAME[kind]}: ${added.label || NAME[kind]}. Choose it under Devices.`);
    }
  }
  if (speakerId && !known.has(speakerId)) {
    await setSpeaker('');
  }
  onChange();
}

/** Sets the room in which later tracks are published. The room already has the tracks that are open now. */
export function enter(joined) {
  room = joined;
}

export function leave() {
  room = null;
  close('audio');
  close('video');
  players.clear();
}

// --- the speaker ---------------------------------------------------------------------------------------------------

/** Plays a remote audio track with an element that is hidden. */
export function play(track) {
  const element = track.attach();
  element.hidden = true;
  document.body.append(element);
  players.add(element);
  if (speakerId) {
    element.setSinkId(speakerId).catch((error) => onNotice(inWords(error)));
  }
}

export function silence(track) {
  track.detach().forEach((element) => {
    players.delete(element);
    element.remove();
  });
}

/**
 * Sends the sound of the remote participants to a speaker. The id "" means the default speaker. Returns a description
 * of the problem, or "" if there was none.
 */
export async function setSpeaker(id) {
  try {
    await Promise.all([...players].map((element) => element.setSinkId(id)));
    speakerId = id;
    return '';
  } catch (error) {
    return inWords(error);
  } finally {
    onChange();
  }
}
