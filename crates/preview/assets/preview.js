// Loads the page anew when a report has changed. What is told is a stamp of the site, so that nothing is lost while the
// connection is down, and a server that was started again is no change.
"use strict";
const seen = document.querySelector('meta[name="stamp"]').content;
new EventSource("/changes").addEventListener("message", (event) => {
  if (event.data !== seen) location.reload();
});
