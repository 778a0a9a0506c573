// The dialog in which the view and a limit of the network are chosen, and the bandwidth profile that follows from them.
import { byId } from './dom.js';

let view = 'grid';
let limitBps = 0; // The most that all received pictures may have, in bit/s. 0 means no limit.

export const isPresentation = () => view === 'presentation';
export const isLimited = () => limitBps > 0;

/** Returns the SDK's bandwidth profile for the present choices. */
export function profile() {
  return {
    mode: view,
    dominantSpeakerPriority: isPresentation() ? 'high' : 'standard',
    ...(isLimited() ? { maxSubscriptionBitrate: limitBps } : {}),
  };
}

export function show() {
  byId('choose-view').value = view;
  byId('choose-network').value = String(limitBps);
  byId('quality-dialog').showModal();
}

/** Sets the function to call after a choice has changed. */
export function start(changed) {
  byId('choose-view').addEventListener('change', () => {
    view = byId('choose-view').value;
    changed();
  });
  byId('choose-network').addEventListener('change', () => {
    limitBps = Number(byId('choose-network').value);
    changed();
  });
}
