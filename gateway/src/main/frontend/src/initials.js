// Initials for people without a picture.

// A user-perceived character may be several code points: a letter with combining marks, an emoji of a family.
const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : null;
const CHARACTER = /\P{M}(?:\p{M}|\u200d\P{M})*/gu; // For browsers without a segmenter.

function charactersOf(word) {
  return segmenter ? Array.from(segmenter.segment(word), ({ segment }) => segment) : word.match(CHARACTER) || [];
}

/** Returns the first letter or digit of a word in upper case; a word without any, like an emoji, gives its first character. */
function initialOf(word) {
  const characters = charactersOf(word);
  const first = characters.find((character) => /[\p{L}\p{N}]/u.test(character)) || characters[0] || '';
  const upper = first.toLocaleUpperCase();
  return charactersOf(upper).length > 1 ? first : upper; // "ß" would become two letters.
}

/** Returns the initials of the first and the last word of a name. A name without words gives "?". */
export function initialsOf(name) {
  const words = String(name ?? '').normalize('NFC').split(/[\s\p{Z}\p{Cc}]+/u).filter((word) => /\P{C}/u.test(word));
  if (words.length === 0) {
    return '?';
  }
  return initialOf(words[0]) + (words.length > 1 ? initialOf(words[words.length - 1]) : '');
}

/** Returns the colour angle of a name, 0 to 359: the same name always gets the same one. */
export function hueOf(name) {
  let hash = 0;
  for (const char of name) {
    hash = (hash * 31 + char.codePointAt(0)) % 360;
  }
  return hash;
}
