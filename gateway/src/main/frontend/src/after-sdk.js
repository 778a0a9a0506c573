// Runs right after the SDK, as the first part of the page's own script: gives back what before-sdk.js hid.
window.URL = window.rotunda.URL;
delete window.rotunda.URL;
