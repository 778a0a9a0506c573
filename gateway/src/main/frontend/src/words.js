// Texts for errors, for people who do not write software.

const BY_CODE = {
  20101: 'The access token is not valid.',
  20102: 'The access token is not valid.',
  20103: 'The access token was made with a key this server does not know.',
  20104: 'The access token has expired. Reload the page to get a new one.',
  20105: 'The access token is not valid yet. Is the clock of this computer right?',
  20106: 'The access token does not allow video.',
  20107: 'The access token was signed with the wrong secret.',
  53000: 'The server cannot be reached. Check the network and try again.',
  53001: 'The connection to the server was lost and did not come back.',
  53002: 'The server did not answer in time.',
  53004: 'The server did not understand this browser. Reload the page and try again.',
  53006: 'The server is busy right now. Try again in a moment.',
  53100: 'Please give the room a name.',
  53101: 'The name of the room is too long: 128 characters are the most.',
  53102: 'The name of the room has characters that cannot be used.',
  53103: 'The room could not be opened.',
  53104: 'You may not enter this room.',
  53105: 'The room is full.',
  53106: 'This room does not exist.',
  53118: 'The meeting is over.',
  53200: 'Please enter your name.',
  53201: 'Your name is too long: 128 characters are the most.',
  53202: 'Your name has characters that cannot be used.',
  53204: 'You were away for too long and have left the room.',
  53205: 'You have joined this room in another window, so this one has left.',
  53216: 'You have been in the room for as long as is allowed.',
  53400: 'Audio and video could not be set up in this browser.',
  53402: 'Audio and video could not be set up in this browser.',
  53404: 'This browser and the room have no video format in common.',
  53405: 'Audio and video cannot reach the server. A firewall may be in the way.',
  53407: 'The secure connection for audio and video could not be set up.',
};

const BY_NAME = {
  NotAllowedError: 'The browser was not allowed to do that. Allow it next to the address of this page.',
  NotFoundError: 'No camera or microphone was found.',
  NotReadableError: 'The camera or microphone is in use by another program.',
  OverconstrainedError: 'The camera does not offer what is needed.',
};

export function inWords(error) {
  if (error && BY_CODE[error.code]) {
    return BY_CODE[error.code];
  }
  if (error && BY_NAME[error.name]) {
    return BY_NAME[error.name];
  }
  const detail = error && error.message ? ` (${error.message})` : '';
  return `Something went wrong${detail}. Try again.`;
}
