// The camera, microphone and speaker of this person, before and during a call.
import { inWords } from './words.js';

const { Video } = window.Twilio;
const CONSTRAINTS = { audio: {}, video: { width: 1280, height: 720, frameRate: 24 } };
const OPEN = { audio: Video.createLocalAudioTrack, video: Video.createLocalVideoTrack };
const INPUT = { audio: 'audioinput', video: 'videoinput', speaker: 'audiooutput' };
const NAME = { audio: 'microphone', video: 'camera', speaker: 'speaker' };

/** True if sound can be sent to a speaker of one's choice. */
export const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;

const tracks = { audio: null, video: null };
const replacing = new Set(); // Kinds whose device is being changed: the SDK ends the old device first.
const players = new Set(); // The elements that play the sound of the others.
let speakerId = '';
let room = null;
let known = new Map(); // by device id: the kind of each device that was there at the last look
let onChange = () => {};
let onNotice = () => {};

/** Sets who is told about changed tracks or devices, and who shows a text to the person. */
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
    .filter((device) => device.kind === INPUT[kind] && device.deviceId) // Without permission there is no id to choose by.
    .map((device, index) => ({ id: device.deviceId, name: device.label || `${NAME[kind]} ${index + 1}` }));
}

/** Opens a device, the default one unless told which; in a call it is published. Returns what went wrong in words, or "". */
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

/** The publication stays, so that the others see no interruption but the change of the picture. */
async function replace(track, kind, wanted) {
  const before = deviceIdOf(kind);
  replacing.add(kind);
  try {
    await track.restart({ ...CONSTRAINTS[kind], ...wanted });
  } catch (error) {
    // The SDK has let go of the old device by then.
    try {
      await track.restart({ ...CONSTRAINTS[kind], deviceId: { exact: before } });
    } catch {
      close(kind); // The old device is gone too; the first error says why.
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

/** A device that is unplugged ends its track; a restart and a stop of ours end it too. */
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

/** Publishes what is opened from now on. The room has got the tracks that are open already. */
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

/** Plays a remote track; its element is out of sight. */
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

/** Sends the sound of the others to a speaker; "" is the default one. Returns what went wrong in words, or "". */
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
