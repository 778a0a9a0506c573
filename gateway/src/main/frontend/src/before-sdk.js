// Runs before the SDK. At load the SDK makes a function out of text, for a plug-in that this page does not use, and the page's
// Content-Security-Policy forbids that. A browser without URL is a case the SDK knows: then it leaves that function out.
window.rotunda = { URL: window.URL };
window.URL = undefined;
