// This first part of the page's own script runs right after the SDK. It restores window.URL, which before-sdk.js hid.
window.URL = window.rotunda.URL;
delete window.rotunda.URL;
