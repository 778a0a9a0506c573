// Small helpers for the document.

export const byId = (id) => document.getElementById(id);

/** Makes an element with a class and, if given, a text. */
export function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== undefined) {
    element.textContent = text;
  }
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an icon of the page's own set. If a text is given, screen readers read the text; otherwise they ignore the
 * icon.
 */
export function icon(name, text) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  if (text) {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', text);
  } else {
    svg.setAttribute('aria-hidden', 'true');
  }
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

const NOTICES_MAX = 3;
const NOTICE_MS = 6000;

/**
 * Shows a line on top of the stage for some seconds. Screen readers read the line, because its parent is a live region.
 */
export function notice(text) {
  const line = make('p', 'notice', text);
  const notices = byId('notices');
  notices.append(line);
  while (notices.children.length > NOTICES_MAX) {
    notices.firstChild.remove();
  }
  setTimeout(() => line.remove(), NOTICE_MS);
}
