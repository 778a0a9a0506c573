// This script runs before the SDK. While the SDK loads, it makes a function out of text for a plug-in that this page
// does not use. The page's Content-Security-Policy forbids such functions. In a browser without window.URL the SDK does
// not make the function, so this script hides window.URL until the SDK is loaded.
window.rotunda = { URL: window.URL };
window.URL = undefined;
