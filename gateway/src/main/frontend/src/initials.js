// Initials for people without a picture.

// A character that a user perceives may have several code points. Examples are a letter with combining marks, and the
// emoji of a family.
const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : null;
// This pattern finds characters in browsers without a segmenter.
const CHARACTER = /\P{M}(?:\p{M}|\u200d\P{M})*/gu;

function charactersOf(word) {
  return segmenter ? Array.from(segmenter.segment(word), ({ segment }) => segment) : word.match(CHARACTER) || [];
}

/**
 * Returns the first letter or digit of a word, in upper case. If a word has no letter or digit, for example an emoji,
 * the result is its first character.
 */
function initialOf(word) {
  const characters = charactersOf(word);
  const first = characters.find((character) => /[\p{L}\p{N}]/u.test(character)) || characters[0] || '';
  const upper = first.toLocaleUpperCase();
  return charactersOf(upper).length > 1 ? first : upper; // The upper case of "ß" has two letters.
}

/** Returns the initials of the first and the last word of a name, or "?" for a name without words. */
export function initialsOf(name) {
  const words = String(name ?? '').normalize('NFC').split(/[\s\p{Z}\p{Cc}]+/u).filter((word) => /\P{C}/u.test(word));
  if (words.length === 0) {
    return '?';
  }
  return initialOf(words[0]) + (words.length > 1 ? initialOf(words[words.length - 1]) : '');
}

/** Returns the colour angle of a name, 0 to 359. The angle depends only on the name. */
export function hueOf(name) {
  let hash = 0;
  for (const char of name) {
    hash = (hash * 31 + char.codePointAt(0)) % 360;
  }
  return hash;
}
