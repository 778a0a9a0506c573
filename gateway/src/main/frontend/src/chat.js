// The chat. Its lines of text travel over a data track, and the panel shows them.
import { byId, make, notice } from './dom.js';

const MESSAGES_MAX = 200;

let unread = 0;
let send = () => {};
let onUnread = () => {};

export const isOpen = () => !byId('panel').hidden;
export const unreadCount = () => unread;

/** Empties the chat for a new call. The chat calls `unreadChanged` when a line comes while the panel is closed. */
export function start(sendText, unreadChanged) {
  send = sendText;
  onUnread = unreadChanged;
  unread = 0;
  byId('messages').replaceChildren();
}

/** Sets the function that sends a text after the page has joined the room again. */
export function setSender(sendText) {
  send = sendText;
}

export function setOpen(open) {
  byId('panel').hidden = !open;
  byId('call').classList.toggle('with-panel', open);
  if (open) {
    unread = 0;
    byId('messages').lastChild?.scrollIntoView({ block: 'nearest' });
  }
}

function show(name, text, isMine) {
  const item = make('div', isMine ? 'line mine' : 'line');
  item.append(make('b', '', name), text);
  const list = byId('messages');
  list.append(item);
  while (list.children.length > MESSAGES_MAX) {
    list.firstChild.remove();
  }
  item.scrollIntoView({ block: 'nearest' });
}

/** Shows the line of text in a message that came over a participant's data track. */
export function receive(name, data) {
  let text;
  try {
    ({ text } = JSON.parse(data));
  } catch {
    return; // The sender is not this demo page.
  }
  if (typeof text !== 'string') {
    return;
  }
  show(name, text, false);
  if (!isOpen()) {
    unread++;
    notice(`${name}: ${text}`);
    onUnread();
  }
}

export function say(event) {
  event.preventDefault();
  const text = byId('say').value.trim();
  if (text) {
    send(JSON.stringify({ text }));
    show('You', text, true);
    byId('say').value = '';
  }
}
